"""Plans against each other, year by year on the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv, parquet
from scipy.special import stdtr

from analysis.metrics import METRICS, measures
from analysis.notes import FEWEST_YEARS, notes
from analysis.on_record import OnRecord, on_record
from analysis.origin import Row, fact
from analysis.played import Played
from analysis.precision import MATTERS, Precision, precision, standard_error
from analysis.words import number, twentieths

HEADLINE = "contribution"
COST_CHANGES = 0.01  # below this relative change of cost a return on it means nothing
UNCLEAR = (7, 13)  # better in so many of 20 years is no difference

ROUNDING = 1e-6  # a sum over one place more may end in another last digit
LEVERS = ("channels", "crm", "process", "review", "hiring")  # of a plan, beside territories, goals and pay
FRONT = {"contribution": 1.0, "workload_cv": -1.0, "travel_cost": -1.0, "moved_accounts": -1.0}  # 1: more is better

SAME, BETTER, WORSE, CANT_TELL = "same", "better", "worse", "can't be told apart"


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    ``table`` has one row a plan, best first (by typical change of contribution). Beside key, label, territory, goals
    and pay: ``is_baseline``; every metric's median, and its median paired change as ``<metric>_change``; then on
    contribution ``typical`` (median paired difference), ``low`` and ``high`` (P10 and P90 of the years), ``better``
    (share of years), ``sure`` (probability that the mean difference is positive), ``mean`` (mean paired difference),
    ``known_to`` (half of its 95 % interval), ``wanted`` (what that is to be), ``correlation``
    (with the baseline, year by year), ``best`` (share of years in which no plan does better), ``regret`` and
    ``regret_bad_year`` (median and P95), ``return_on_change``,
    ``outdone`` (another plan is as good on `FRONT`: typical contribution, balance, travel and accounts moved, and
    better on one of them), ``verdict`` against the baseline, ``near_best`` (best, or can't be told apart from it),
    ``group`` (1, 2, …: plans that can't be told apart from the first of their group).

    ``differences`` and ``values``: plan, replication, metric, and the paired difference or the value.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    values: pd.DataFrame
    baseline: str
    leader: str
    matters: float
    years: int
    currency: str
    notes: tuple[str, ...]
    known: tuple[Precision, ...]  # how well each plan's mean difference is known, in the order of ``table``
    limit: int | None  # of years, where it was asked for as many as it takes
    in_a_row: int = 1  # years that a plan is played one after the other; what is called a year here is all of them
    accounts: int = 0  # of the market
    record: OnRecord | None = None  # where the market was imported, and today's plan is played as it is

    @property
    def played(self) -> str:
        """How often each plan was played: '20 years', '20 runs of 3 years'; it and the next three are for `Said`."""
        return f"{number(fact(self.years, 'years'))} {self.unit if self.years == 1 else self.units}"

    @property
    def unit(self) -> str:
        """What one of them is."""
        return "year" if self.in_a_row == 1 else f"run of {self._in_a_row} years"

    @property
    def units(self) -> str:
        """What several are."""
        return "years" if self.in_a_row == 1 else f"runs of {self._in_a_row} years"

    @property
    def span(self) -> str:
        """What an amount is of."""
        return "a year" if self.in_a_row == 1 else f"in {self._in_a_row} years"

    @property
    def _in_a_row(self) -> str:
        return number(fact(self.in_a_row, "in_a_row"))

    @property
    def facts(self) -> pd.DataFrame:
        """What is true of all plans together: fact, value."""
        named = {"years": self.years, "in_a_row": self.in_a_row, "matters": self.matters, "accounts": self.accounts}
        if self.record:
            named |= self.record.facts()
        return pd.DataFrame({"fact": list(named), "value": [float(value) for value in named.values()]})

    def row(self, key: str) -> Row:
        """The row of one plan in ``table``, its numbers as figures that know it."""
        return Row(self.table.iloc[list(self.table["key"]).index(key)], f"compare.csv#{key}")

    @property
    def focus(self) -> str:
        """The plan that the answer names and that is looked at closely: of the others the best that beats the baseline.

        Else the best that can't be told apart from it, else the best; one that is the same only where all are.
        """
        others = self.table[~self.table["is_baseline"]]
        ranked = [key for said in (BETTER, CANT_TELL, WORSE, SAME) for key in others["key"][others["verdict"] == said]]
        return str([*ranked, self.baseline][0])

    def paired(self, metric: str = HEADLINE) -> pd.DataFrame:
        """Paired differences of one metric: one row a replication, one column a plan, in the order of ``table``."""
        rows = self.differences[self.differences["metric"] == metric]
        return rows.pivot(index="replication", columns="plan", values="difference")[list(self.table["key"])]

    def save(self, folder: Path) -> list[Path]:
        """Writes compare, differences, values and facts, each as Parquet and CSV; returns the paths."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        frames = {"compare": self.table, "differences": self.differences, "values": self.values, "facts": self.facts}
        for name, frame in frames.items():
            rows = pa.Table.from_pandas(frame, preserve_index=False)
            parquet.write_table(rows, folder / f"{name}.parquet")
            csv.write_csv(rows, folder / f"{name}.csv")
            paths += [folder / f"{name}.parquet", folder / f"{name}.csv"]
        return paths


def verdict(differences: NDArray[np.float64], matters: float) -> str:
    """What paired differences (one a year) say: same, better, worse, or can't be told apart.

    Can't be told apart: fewer than 5 years; better in 7 to 13 of 20; or 8 in 10 years inside ± ``matters``.
    """
    if not differences.any():
        return SAME
    low, high = np.quantile(differences, (0.1, 0.9))
    k = twentieths(float((differences > 0).mean()))
    inside = -matters <= low and high <= matters
    if differences.size < FEWEST_YEARS or UNCLEAR[0] <= k <= UNCLEAR[1] or inside:
        return CANT_TELL
    return BETTER if k > UNCLEAR[1] else WORSE


def outdone(good: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether another plan is at least as good in all columns of ``good`` (plans, measures), better in one: (plans,).

    >>> outdone(np.array([[3.0, 1.0], [2.0, 2.0], [2.0, 1.0]])).tolist()
    [False, False, True]
    """
    as_good = (good[None] >= good[:, None]).all(axis=2)
    better = (good[None] > good[:, None]).any(axis=2)
    found: NDArray[np.bool_] = np.any(as_good & better, axis=1)
    return found


def sure(differences: NDArray[np.float64]) -> float:
    """Probability that the mean paired difference is positive (paired t); missing with fewer than two years."""
    if differences.size < 2:
        return float("nan")
    error, mean = standard_error(differences), float(differences.mean())
    if error == 0:
        return 0.5 if mean == 0 else float(mean > 0)
    return float(stdtr(differences.size - 1, mean / error))


def _team(played: Played) -> tuple[tuple[object, ...], ...]:
    """Today's: whom a plan hires is part of the plan."""
    reps = played.reps[~played.reps["planned"]]
    return tuple(sorted(reps[["id", "ability", "hours"]].itertuples(index=False, name=None)))


def _check(played: Sequence[Played], baseline_key: str | None) -> list[int]:
    """The replications that all plans have. Raises ValueError with every reason why they can't be compared."""
    if not played:
        raise ValueError("there is nothing to compare: no scenario was given")
    problems: list[str] = []
    first = played[0]
    for other in played[1:]:
        two = f"'{first.info['label']}' ({first.key}) and '{other.info['label']}' ({other.key})"
        if other.info["market_digest"] != first.info["market_digest"]:
            problems.append(f"{two} were played in different markets; play them in the same one to compare them")
        elif other.info["seed"] != first.info["seed"]:
            problems.append(
                f"{two} were played on different luck (seed {first.info['seed']} and {other.info['seed']}); "
                "play them with the same seed to compare them"
            )
        if other.years != first.years:
            problems.append(f"{two} were played for {first.years} and {other.years} years; play them for as many")
        if _team(other) != _team(first):
            problems.append(f"{two} were played by different teams; play them with the same team to compare them")
    keys = [p.key for p in played]
    doubled = sorted({key for key in keys if keys.count(key) > 1})
    if doubled:
        problems.append(f"scenario {', '.join(doubled)} was given more than once; name it once")
    if baseline_key is not None and baseline_key not in keys:
        problems.append(f"'{baseline_key}' is not among the scenarios; choose the baseline from: {', '.join(keys)}")
    common = sorted(set.intersection(*(set(p.info["replications"]) for p in played)))
    if not common:
        problems.append("the scenarios have no replication in common; play them with the same replications")
    if problems:
        raise ValueError("\n".join(problems))
    return common


def compare(played: Sequence[Played], baseline_key: str | None = None, limit: int | None = None) -> Comparison:
    """Compares plans on the replications that all of them have; 100,000 on 100,000 differs by exactly 0.

    The baseline is ``baseline_key``, else the status quo if it is among them, else the first. ``limit`` is how many
    years at most were asked for, where it was asked for as many as it takes. Raises ValueError with
    one sentence a line where the plans can't be compared (different market, luck or team; nothing in common).
    """
    years = _check(played, baseline_key)
    quo_at, quo = next(((at, p) for at, p in enumerate(played) if p.info["status_quo"]), (0, None))
    baseline = baseline_key or (quo or played[0]).key
    each = {p.key: measures(p).loc[years] for p in played}
    values = np.stack([each[p.key].to_numpy() for p in played])  # plans, years, metrics
    differences = values - values[[p.key for p in played].index(baseline)]
    headline = list(METRICS).index(HEADLINE)
    matters = MATTERS * abs(float(np.median(each[baseline][HEADLINE])))
    table = pd.DataFrame([_row(p, values[i], differences[i]) for i, p in enumerate(played)])
    _against_all(table, values[:, :, headline], differences, headline, matters, baseline)
    known = _known(played, values[:, :, headline], baseline)
    for column in ("mean", "known_to", "wanted", "correlation"):
        table[column] = [getattr(known[key], column) for key in table["key"]]
    table["is_baseline"] = table["key"] == baseline
    table["outdone"] = outdone(table[list(FRONT)].to_numpy(np.float64) * np.array(list(FRONT.values())))
    table = table.sort_values(["typical", "is_baseline", "label", "key"], ascending=[False, False, True, True])
    money = {p.key: values[i, :, headline] for i, p in enumerate(played)}
    table = _groups(table.reset_index(drop=True), money, each, matters)
    return Comparison(
        table=table,
        differences=_tidy(played, years, differences, "difference"),
        values=_tidy(played, years, values, "value"),
        baseline=baseline,
        leader=str(table["key"].iloc[0]),
        matters=matters,
        years=len(years),
        currency=str(played[0].info["currency"]),
        notes=notes(played, len(years)),
        known=tuple(known[key] for key in table["key"] if key != baseline),
        limit=limit,
        in_a_row=played[0].years,
        accounts=len(played[0].accounts),
        record=on_record(quo, values[quo_at, :, list(METRICS).index("revenue")]) if quo else None,
    )


def _known(played: Sequence[Played], money: NDArray[np.float64], baseline: str) -> dict[str, Precision]:
    """How well each plan's mean difference on contribution is known, by key."""
    today = money[[p.key for p in played].index(baseline)]
    return {p.key: precision(str(p.info["label"]), row, today) for p, row in zip(played, money, strict=True)}


def _row(played: Played, values: NDArray[np.float64], differences: NDArray[np.float64]) -> dict[str, object]:
    """One plan's own columns: who it is, each metric's median and its median paired change."""
    names = ("key", "label", "territory", "goals", "pay")
    row: dict[str, object] = {name: played.info[name] for name in names}
    row["levers"] = repr([played.info["scenario"].get(group) for group in LEVERS])
    for column, metric in enumerate(METRICS):
        row[metric] = float(np.median(values[:, column]))
        row[f"{metric}_change"] = float(np.median(differences[:, column]))
    return row


def _against_all(
    table: pd.DataFrame,
    money: NDArray[np.float64],
    differences: NDArray[np.float64],
    headline: int,
    matters: float,
    baseline: str,
) -> None:
    """Adds the columns on contribution, against the baseline and against the best plan of each year."""
    change = differences[:, :, headline]
    low, high = np.quantile(change, (0.1, 0.9), axis=1)
    lost = money.max(axis=0) - money
    cost = differences[:, :, list(METRICS).index("selling_cost")].mean(axis=1)
    level = float(table.loc[table["key"] == baseline, "selling_cost"].iloc[0])
    table["typical"], table["low"], table["high"] = np.median(change, axis=1), low, high
    table["better"] = (change > 0).mean(axis=1)
    table["sure"] = [sure(row) for row in change]
    table["best"] = (lost == 0).mean(axis=1)
    table["regret"], table["regret_bad_year"] = np.median(lost, axis=1), np.quantile(lost, 0.95, axis=1)
    dear = np.abs(cost) >= COST_CHANGES * abs(level)
    table["return_on_change"] = np.where(dear, change.mean(axis=1) / np.where(dear, cost, 1.0), np.nan)
    # A plan is the same only where nothing that is measured differs, not just its money.
    same = [not (np.abs(plan) > ROUNDING).any() for plan in np.nan_to_num(differences)]
    table["verdict"] = [
        SAME if s else (v if (v := verdict(row, matters)) != SAME else CANT_TELL)
        for row, s in zip(change, same, strict=True)
    ]


def _groups(
    table: pd.DataFrame, money: dict[str, NDArray[np.float64]], each: dict[str, pd.DataFrame], matters: float
) -> pd.DataFrame:
    """Adds ``near_best`` and ``group``: neighbours in rank that can't be told apart from the first of their group."""

    def apart(one: str, other: str) -> bool:
        return verdict(money[one] - money[other], matters) in (BETTER, WORSE)

    keys = [str(key) for key in table["key"]]
    table["near_best"] = [not apart(keys[0], key) for key in keys]
    head = keys[0]
    groups: list[int] = []
    for key in keys:
        if apart(head, key):
            head = key
            groups.append(groups[-1] + 1)
        else:
            groups.append(groups[-1] if groups else 1)
    table["group"] = groups
    return table


def _tidy(played: Sequence[Played], years: list[int], cube: NDArray[np.float64], name: str) -> pd.DataFrame:
    plans, count, metrics = cube.shape
    return pd.DataFrame(
        {
            "plan": np.repeat([p.key for p in played], count * metrics),
            "replication": np.tile(np.repeat(years, metrics), plans),
            "metric": np.tile(list(METRICS), plans * count),
            name: cube.ravel(),
        }
    )
