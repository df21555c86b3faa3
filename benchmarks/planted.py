"""What is planted in a business is found by `territory swot` and `market`, and what is not is not told: how often.

Each business is played twice: as it is, all accounts alike in what is looked for, and with four things planted: a rep
who wins more in one industry (log-odds PAIR at its accounts there), a region that one rep has to serve alone, a slow
stage (PACE of its weekly chance), and a competitor's lead on price in one industry.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.known import Known, business, played
from command.records import stage_name
from scenarios.build import Built
from scenarios.insight.effort import APART, MORE, effort
from scenarios.insight.facts import CUTS, Facts, each, facts
from scenarios.insight.pairs import pairs
from scenarios.insight.reasons import reasons_by_segment
from scenarios.insight.swot import swot
from scenarios.intake.data import Data, read_data
from scenarios.schema import ProcessOptions, Scenario
from sim.world import CRITERIA, Ints

PAIR, PACE, LEAD, USUAL_LEAD = 1.0, 0.4, 1.2, 0.25
NOTHING = 0.1  # log-odds below which a pair is as rep and segment are elsewhere
STAGES, HAZARD = 3, 0.3
RIVALS = ("Price", "Positioning", "Reviews", "Use case", "Quality")  # reasons to say no that rivals' leads make
STILL = {
    "stages": STAGES, "stage_hazard": HAZARD, "closing_hazard": HAZARD, "quick_share": 0.0, "first_month_pace": 1.0,
    "last_month_pace": 1.0, "first_month_odds": 0.0, "last_month_odds": 0.0,
}  # fmt: skip


def report(seeds: Sequence[int], place: Path) -> list[str]:
    """Plays all businesses; the lines to print."""
    found: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    for seed in seeds:
        found.update(planted(seed, place / f"planted {seed}"))
        alarms.update(untouched(seed, place / f"untouched {seed}"))
    n = len(seeds)
    lines = ["", f"planted, found in {n} worlds:"]
    lines += [f"  {what}: {found[what]}" for what in ("rep in industry", "slow stage", "lead on price")]
    lines += [f"  underserved region: {found['region found']} of {found['region']} that are by what is known"]
    lines += [f"not planted, told in {n} worlds:"]
    lines += [f"  {what}: {alarms[what]} worlds" for what in ("slow stage", "leads of rivals", "end of quarter")]
    lines += [f"  underserved region: {alarms['region told']} of {alarms['region']} that are not by what is known"]
    both = found + alarms
    lines += [f"pairs told in both: {both['pairs']}, of which nothing is behind {both['pairs of nothing']}"]
    return lines


def calm(seed: int, slow: int = 0) -> Scenario:
    """A business whose stages are alike and whose quarter has no calendar; ``slow`` is the slow stage, from 1."""
    made = business(seed)
    advance = max(made.behaviour.stage_advance, 0.6)
    behaviour = made.behaviour._replace(**STILL, stage_advance=min(advance, 0.95))  # type: ignore[arg-type]
    process = ProcessOptions(name="slow", stage=slow, pace=PACE) if slow else ProcessOptions()
    return replace(made, behaviour=behaviour, process=process)


def alike(built: Built) -> Built:
    """Rivals lead alike at all accounts."""
    accounts = built.world.accounts
    world = replace(built.world, accounts=accounts._replace(lead=np.full_like(accounts.lead, USUAL_LEAD)))
    return replace(built, world=world)


def planted(seed: int, folder: Path) -> Counter[str]:
    """What is found of what was planted in one business."""
    slow = 1 + seed % STAGES
    told: dict[str, str] = {}
    known = played(calm(seed, slow), folder, lambda built: _with_all(alike(built), told))
    data = read_data(folder)
    seen = facts(data)
    lines = swot(data, seen)
    reasons = reasons_by_segment(seen)
    priced = (reasons["segment"] == told["priced"]) & (reasons["reason"].str.casefold() == "price")
    stage = stage_name((slow - 1), STAGES)
    here, right, _ = _regions(seen, known.built)
    return Counter(
        {
            "rep in industry": any(
                line.scope == told["rep"] and f"wins more in {told['industry']}" in line.what for line in lines
            ),
            "slow stage": any(line.what == f"opportunities get stuck in {stage}" for line in lines),
            "lead on price": bool(priced.any()),
            "region": here,
            "region found": right,
            **_pairs(seen, known),
        }
    )


def untouched(seed: int, folder: Path) -> Counter[str]:
    """What is told of a business in which nothing was planted."""
    known = played(calm(seed), folder, alike)
    data: Data = read_data(folder)
    seen = facts(data)
    words = [line.what for line in swot(data, seen)]
    here, _, wrong = _regions(seen, known.built)
    reasons = reasons_by_segment(seen)
    return Counter(
        {
            **_pairs(seen, known),
            "slow stage": any("get stuck" in word for word in words),
            "leads of rivals": bool(reasons["reason"].isin(RIVALS).any()),
            "end of quarter": any("end of the quarter" in word for word in words),
            "region": seen.accounts["region"].nunique() - here,
            "region told": wrong,
        }
    )


def _with_all(built: Built, told: dict[str, str]) -> Built:
    """Plants all but the slow stage; ``told`` takes what was planted where."""
    accounts, world = built.market.accounts, built.world
    owner = _one_serves(built)
    opens = world.accounts.opening_rate
    pair = pd.DataFrame({"rep": owner, "industry": accounts["industry"], "opens": opens}).groupby(["rep", "industry"])
    rep, industry = pair["opens"].sum().idxmax()  # type: ignore[misc]
    others = accounts.assign(opens=opens)[accounts["industry"] != industry].groupby("industry")["opens"].sum()
    told["rep"], told["industry"], told["priced"] = str(built.team.reps["id"][rep]), str(industry), str(others.idxmax())
    strong = (owner == rep) & (accounts["industry"] == industry).to_numpy()
    lead = world.accounts.lead.copy()
    lead[(accounts["industry"] == told["priced"]).to_numpy(), CRITERIA.index("price")] = LEAD
    columns = world.accounts._replace(win_logit=world.accounts.win_logit + PAIR * strong, lead=lead)
    plan = replace(built.plan, owner=owner)
    return replace(built, world=replace(world, accounts=columns, current=owner), plan=plan)


def _one_serves(built: Built) -> Ints:
    """Owners with which one rep has all of the region with most potential, beside what it has elsewhere."""
    accounts = built.market.accounts
    region = str(accounts.groupby("region")["potential"].sum().idxmax())
    there = (accounts["region"] == region).to_numpy()
    owner = built.plan.owner.copy()
    owner[there] = np.bincount(owner[there]).argmax()
    return owner


def _pairs(seen: Facts, known: Known) -> dict[str, int]:
    """How many pairs of rep and segment are told, and how many of these are no different by what is known.

    A pair's own log-odds, the mean of its opportunities', are laid beside those that its rep and its segment have
    without it (least squares); told of nothing is one that is not NOTHING beyond these, to the side that was told.
    """
    year = known.ledger.year
    assert year is not None
    standing = pd.Series(year.state.standing[np.argsort(year.setting.rows)], known.built.market.accounts["id"])
    decided = seen.decided.assign(odds=seen.decided["account"].map(standing))
    beyond = {cut: _beyond(decided, cut) for cut in CUTS}
    table = pairs(seen)
    told = table[table["says"] != ""]
    right = [beyond[row.cut][row.rep, row.segment] * (1 if row.says == "better" else -1) for row in each(told)]
    return {"pairs": len(right), "pairs of nothing": sum(value < NOTHING for value in right)}


def _beyond(decided: pd.DataFrame, cut: str) -> dict[tuple[str, str], float]:
    """Log-odds of each pair of rep and segment beyond what both have without it."""
    cells = decided.groupby(["rep", cut], as_index=False).agg(odds=("odds", "mean"), number=("odds", "size"))
    rows = pd.get_dummies(cells[["rep", cut]], dtype=float).to_numpy()
    made = {}
    for place, cell in enumerate(each(cells.set_axis(["rep", "segment", "odds", "number"], axis=1))):
        weight = cells["number"].to_numpy(np.float64) * (np.arange(len(cells)) != place)
        left = (rows.T * weight) @ rows + 1e-3 * np.eye(rows.shape[1])
        middle = float(np.average(cells["odds"], weights=weight))
        at = np.linalg.solve(left, (rows.T * weight) @ (cells["odds"].to_numpy() - middle))
        made[str(cell.rep), str(cell.segment)] = float(cell.odds - middle - rows[place] @ at)
    return made


def _regions(seen: Facts, built: Built) -> tuple[int, int, int]:
    """Regions that get too little effort by their true potential; how many are told, and how many of the others."""
    table, _ = effort(seen)
    table = table[table["cut"] == "region"].set_index("segment")
    accounts = built.market.accounts
    could = accounts.groupby("region")["potential"].sum()
    share = (could / could.sum()).reindex(table.index)
    under = share >= APART * table["effort_share"]
    told = table["says"] == MORE
    return int(under.sum()), int((under & told).sum()), int((~under & told).sum())
