"""What each unit could buy: its own sales, drawn towards what its company's size, sector and product suggest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import gammaincinv

from scenarios.crm.export import Export
from scenarios.crm.odds import left_uncertain, shrunk
from scenarios.crm.timing import Span
from scenarios.crm.unit import UNITS, history
from scenarios.intake.schema import WON
from sim import draws
from sim.world import Floats, Ints

RIDGE = 1.0  # prior precision of each standardised effect on the log of wins
STEPS = 50
MOST_ERROR = 1.0  # sd of log of a mean value


class Sales(NamedTuple):
    """Fitted sales of each unit (n,), in the units' order."""

    wins: Floats  # opportunities won a year
    size: Floats  # mean value of one, money
    deal_cv: float  # CV of values around their unit's mean; 0 where no unit has two
    spread: float  # sd of the part of wins that is the unit's own: neither size, sector, product nor luck
    counts: Floats  # wins on record
    orders: Floats  # recurring orders, money a year
    orders_a_year: float  # how many a unit places that places any; 0 where the export has none
    size_error: Floats  # how far off the mean value may be (sd), as a part of it

    def drawn(self, keys: Ints, seed: int, number: int) -> Sales:
        """Wins and sizes as they may as well be: draw ``number`` of what is known of each unit, by its key.

        Wins: the gamma law that `own_and_suggested` takes the mean of, of shape ``a + n``. Sizes: normal in logs.
        """
        wins = self.wins
        if self.spread > 0.0:
            shape = self.spread**-2.0 + self.counts
            luck = np.clip(draws.column(seed, draws.UNSURE, 0, keys, number), 1e-9, 1.0 - 1e-9)
            wins = wins * gammaincinv(shape, luck) / shape
        off = self.size_error * draws.normals(draws.column(seed, draws.UNSURE, 1, keys, number))
        return self._replace(wins=wins, size=self.size * np.exp(off - 0.5 * self.size_error**2))


def fitted_sales(export: Export, table: pd.DataFrame, unit: str, covered: Span) -> Sales:
    """Wins and deal size of each unit of ``table`` (`unit.units`), a year of the covered span.

    All units together win as often, and as much, as the export says they did in that span.
    """
    deals = history(export)
    won = deals[(deals["outcome"] == WON) & covered.holds(deals["closed"])]
    place = pd.MultiIndex.from_frame(table[["account", UNITS[unit]]]).get_indexer(
        pd.MultiIndex.from_frame(won[["account", UNITS[unit]]])
    )
    counts = np.bincount(place, minlength=len(table)).astype(np.float64)
    suggested = poisson_mean(_traits(export, table, unit), counts)
    wins, spread = own_and_suggested(counts, suggested)
    size, deal_cv, size_error = _sizes(won, place, table, counts, unit)
    wins *= counts.sum() / wins.sum()
    size *= won["amount"].sum() / (wins * size).sum()
    orders, a_year = _orders(export, table, unit, covered)
    return Sales(wins / covered.years, size, deal_cv, spread, counts, orders, a_year, size_error)


def _orders(export: Export, table: pd.DataFrame, unit: str, covered: Span) -> tuple[Floats, float]:
    """Recurring orders of each unit, money a year (n,), and how many a year a unit places that places any.

    An order that names no product or office, or one that the account never bought as an opportunity, counts to the
    account's first unit.
    """
    rows = export.data.table("orders")
    if not len(rows) or not covered.holds(rows["date"]).any():
        return np.zeros(len(table)), 0.0
    rows = rows[covered.holds(rows["date"])]
    office = rows["rep"].map(export.reps.set_index("id")["region"]).fillna("")
    rows = rows.assign(office=office.astype("str"))
    place = pd.MultiIndex.from_frame(table[["account", UNITS[unit]]]).get_indexer(
        pd.MultiIndex.from_frame(rows[["account", UNITS[unit]]])
    )
    first = table.reset_index().drop_duplicates("account").set_index("account")["index"]
    place = np.where(place >= 0, place, rows["account"].map(first).fillna(-1).to_numpy(np.int64))
    known = place >= 0
    money = np.bincount(place[known], rows["amount"].to_numpy(np.float64)[known], minlength=len(table))
    number = np.bincount(place[known], minlength=len(table))
    return money / covered.years, float(number[number > 0].mean() / covered.years)


def own_and_suggested(counts: Floats, suggested: Floats) -> tuple[Floats, float]:
    """Expected wins from a unit's own count n and the suggested mean m: ``m (a + n) / (a + m)``; and ``a**-0.5``.

    A unit's true mean is m times a gamma factor of mean 1 and shape a; ``1/a = max(0, sum((n - m)² - n) / sum m²)``:
    what counts vary beyond luck. Where nothing is left beyond luck, the suggestion stands. Worked: a = 5, m = 5,
    n = 10: 5 · 15 / 10 = 7.5.

    >>> wins, spread = own_and_suggested(np.array([1.0, 9.0]), np.array([5.0, 5.0]))
    >>> wins.round(3).tolist(), round(spread, 3)
    ([2.25, 7.75], 0.663)
    """
    excess = float((((counts - suggested) ** 2 - counts).sum()) / (suggested**2).sum())
    if excess <= 0.0:
        return suggested.copy(), 0.0
    shape = 1.0 / excess
    return suggested * (shape + counts) / (shape + suggested), float(np.sqrt(excess))


def poisson_mean(traits: Floats, counts: Floats, told: np.ndarray | None = None) -> Floats:
    """Means (n,) of a log-linear Poisson law fitted to counts (n,) by traits (n, k), with a normal prior on effects.

    ``told`` (n,) are the rows whose counts it may know; all where nothing is said.

    Newton's steps on ``sum(n eta - exp eta) - RIDGE / 2 · sum effect²``, halved where they overshoot; a level without
    prior stands before the traits, so that the means add up to the counts.
    """
    every = np.column_stack([np.ones(len(counts)), traits])
    design, counts = (every, counts) if told is None else (every[told], counts[told])
    penalty = np.full(design.shape[1], RIDGE)
    penalty[0] = 0.0

    def score(effects: Floats) -> float:
        eta = design @ effects
        return float((counts * eta - np.exp(np.minimum(eta, 50.0))).sum() - 0.5 * (penalty * effects**2).sum())

    effects = np.zeros(design.shape[1])
    effects[0] = np.log(counts.mean())
    best = score(effects)
    for _ in range(STEPS):
        mean = np.exp(design @ effects)
        slope = design.T @ (counts - mean) - penalty * effects
        step = np.linalg.solve(design.T @ (design * mean[:, None]) + np.diag(penalty), slope)
        while score(effects + step) < best and np.abs(step).max() > 1e-12:
            step = step / 2.0
        if np.abs(step).max() <= 1e-12:
            break
        effects = effects + step
        best = score(effects)
    return np.asarray(np.exp(every @ effects))


def from_others(export: Export, table: pd.DataFrame, unit: str, sales: Sales) -> pd.DataFrame:
    """What each rep's units are expected to win, by what other reps' units with the same traits won: held out by rep.

    One row a rep: won (wins on record), expected (without knowing any of them), guess (the mean unit of all others, as
    many times as it has units).
    """
    traits, counts = _traits(export, table, unit), sales.counts
    rows = []
    for rep in sorted(set(table["current_rep"])):
        mine = (table["current_rep"] == rep).to_numpy()
        if mine.all():
            continue
        expected = poisson_mean(traits, counts, ~mine)[mine].sum()
        guess = counts[~mine].mean() * mine.sum()
        rows.append({"rep": rep, "won": float(counts[mine].sum()), "expected": float(expected), "guess": float(guess)})
    return pd.DataFrame(rows, columns=["rep", "won", "expected", "guess"])


def _traits(export: Export, table: pd.DataFrame, unit: str) -> Floats:
    """Standardised logs of revenue and employees (blank: industry's median); marks of industry, office or product."""
    accounts = export.accounts.set_index("id")
    columns = []
    for column in ("revenue", "employees"):
        logs = np.log(accounts[column])
        usual = logs.groupby(accounts["industry"]).transform("median")
        filled = logs.fillna(usual).fillna(logs.median()).fillna(0.0)
        value = table["account"].map(filled).to_numpy(np.float64)
        spread = value.std()
        columns.append((value - value.mean()) / spread if spread > 0 else value * 0.0)
    for words in (table["industry"], table[UNITS[unit]]):
        columns += [(words == word).to_numpy(np.float64) for word in sorted(set(words))]
    return np.column_stack(columns)


def _sizes(
    won: pd.DataFrame, place: np.ndarray, table: pd.DataFrame, counts: Floats, unit: str
) -> tuple[Floats, float, Floats]:
    """Mean deal size of each unit, drawn towards its product's (or all deals') mean, the CV around it, and its error.

    The error is what is left uncertain of the unit's own part; of a unit without a sale, all that units differ by.
    """
    value = won["amount"].to_numpy(np.float64)
    if unit == "account_product":
        means = won.groupby("product")["amount"].mean()
        usual = table["product"].map(means).fillna(value.mean()).to_numpy(np.float64)
    else:
        usual = np.full(len(table), value.mean())
    sold = counts > 0
    mean = np.bincount(place, value, minlength=len(table))[sold] / counts[sold]
    own = np.ones(len(table))
    own[sold] = mean / usual[sold]
    scatter = (((value / usual[place]) - own[place]) ** 2).sum()
    freedom = len(value) - sold.sum()
    cv2 = float(scatter / freedom) if freedom > 0 else 0.0
    factor, error = np.ones(len(table)), np.zeros(len(table))
    if cv2 > 0.0:
        found = shrunk(own[sold], cv2 / counts[sold])
        level = float((counts * own).sum() / counts.sum())
        factor[:] = level
        factor[sold] += found.value
        error[:] = found.spread
        error[sold] = left_uncertain(found.spread, cv2 / counts[sold])
    factor = np.maximum(factor, 0.05)
    return usual * factor, float(np.sqrt(cv2)), np.minimum(error / factor, MOST_ERROR)
