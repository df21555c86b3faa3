"""Why customers buy, by segment: reasons of wins and losses, and the needs that planners state."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from scenarios.insight.facts import CUTS, Facts
from scenarios.insight.segments import FEW
from scenarios.insight.stated import stated_list
from scenarios.problems import nearest

EVERYBODY = "all"


class Need(NamedTuple):
    """What a segment needs, as people say: a cut and its segment (both ``all`` for everybody), the need, its weight."""

    cut: str
    segment: str
    need: str
    weight: float
    by: str


def stated_needs(path: Path) -> tuple[Need, ...]:
    """Needs from a YAML file: a list, as in ``- {industry: Retail, need: price, weight: 3, by: survey}``.

    Raises InputError with everything that is wrong with it.
    """
    needs = []
    for one in stated_list(path, "need", "{industry: Retail, need: price}", _wrong):
        cut = next((name for name in CUTS if name in one), EVERYBODY)
        segment, by = str(one.get(cut, EVERYBODY)), str(one.get("by", "the planner"))
        needs.append(Need(cut, segment, str(one["need"]), float(one.get("weight", 1.0)), by))
    return tuple(needs)


def _wrong(one: Any) -> list[str]:
    known = (*CUTS, "need", "weight", "by")
    if not isinstance(one, dict):
        return ["it names no need"]
    found = [f"no key '{key}'; {nearest(str(key), known)}" for key in one if key not in known]
    if sum(cut in one for cut in CUTS) > 1:
        found.append("it names more than one kind of segment; give one need each")
    if not str(one.get("need", "") or "").strip():
        found.append("need: it says nothing")
    weight = one.get("weight", 1.0)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0.0 < float(weight) < 1e6:
        found.append(f"weight: '{weight}' is no number above 0")
    return found


def reasons_to_buy(facts: Facts, needs: tuple[Need, ...] = ()) -> pd.DataFrame:
    """Why each segment buys, most telling first: one row a segment and reason.

    Columns: cut, segment, reason, won and lost (opportunities of the segment that give it), stated (weight of the needs
    that people state of it), score. The score is the mean of up to three parts, each a share within the segment: of
    wins that give a reason, of losses that give one, and of what is stated; a part that is not there is left out. A
    segment counts with FEW reasons on record, or with a stated need.
    """
    said = facts.decided[facts.decided["reason"] != ""]
    tables = [_of(EVERYBODY, EVERYBODY, said, needs)]
    for cut in CUTS:
        stated = {need.segment for need in needs if need.cut == cut}
        for segment in sorted({*said.loc[said[cut] != "", cut], *stated}):
            rows = said[said[cut] == segment]
            if len(rows) >= FEW or segment in stated:
                tables.append(_of(cut, segment, rows, needs))
    return pd.concat(tables, ignore_index=True)


def _of(cut: str, segment: str, rows: pd.DataFrame, needs: tuple[Need, ...]) -> pd.DataFrame:
    won = rows.loc[rows["won"], "reason"].value_counts()
    lost = rows.loc[~rows["won"], "reason"].value_counts()
    told: dict[str, float] = {}
    for need in needs:
        if (need.cut, need.segment) == (cut, segment):
            told[need.need] = told.get(need.need, 0.0) + need.weight
    stated = pd.Series(told, dtype=float)
    names = sorted({*won.index, *lost.index, *stated.index})
    table = pd.DataFrame({"cut": cut, "segment": segment, "reason": pd.Series(names, dtype="str")})
    parts = []
    for name, counts in (("won", won), ("lost", lost), ("stated", stated)):
        table[name] = counts.reindex(names).fillna(0.0).to_numpy(float)
        if counts.sum() > 0:
            parts.append(table[name] / counts.sum())
    table["score"] = sum(parts) / len(parts) if parts else 0.0
    return table.sort_values(["score", "reason"], ascending=[False, True])
