"""`python -m benchmarks.tracking`: whether `territory track` finds a known change, how soon, and how often it errs.

Markets of 600 accounts and 8 reps, balanced territories, quotas and activity goals. In each the detector is fitted, and
its limits are set, on years 0 to 399 of the plan, as `territory track` does it; then further years are played that had
no part in this, once as planned and once with each change of `CHANGES` from week 14 on, and are looked at week by week.
"Attainment alone" is the same machinery, limits and all, on nothing but sales so far.

Years are read as the engine leaves them; that an export of a year, read back, is the same to the last call and cent, is
held by `tests/test_track.py`.

What was chosen by looking was chosen on other markets: blocks of four weeks, the kinds of drift and how far
correlations are shrunk on that of seed 1; that orders are counted in each account's usual size after a first run on 101
to 105, tried on 1 and 2. `--seed` is the first of the markets that are reported.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.tracking.drift import BLOCK, KINDS, SALES_ALONE, WATCHED, Detector, columns_of, fit
from analysis.tracking.limits import FALSE_ALARMS, limits
from analysis.tracking.measures import FIRM, TERRITORY, Group, Values, groups, sales, watched
from analysis.tracking.outlook import ends, known
from command.play import tables_of
from command.tracking.plays import watch
from command.tracking.year import RECORDED
from scenarios.build import Built, build
from scenarios.schema import EventOptions, GoalsOptions, MarketOptions, Scenario, TeamOptions, TerritoryOptions
from sim.layout import by_row, lay_out
from sim.record import ACCOUNT_WEEK
from sim.run import digest, start_of
from sim.world import WEEKS
from sim.year import play, prepare

YEARS = 400  # of the plan, as territory track plays them
FRESH = 10_000  # the first year that played no part
SINCE = 13  # weeks before the change
CHANGES = {
    "a rep works half the hours": "",
    "a rep leaves": "week 14: rep 1 leaves",
    "a rival in one region": "week 14: competitor price +0.4 in region=largest; "
    "week 14: competitor reviews +0.2 in region=largest",
    "demand -30 % in one region": "week 14: demand -30% in region=largest",
}
LOOKS = (13, 26, 39)  # weeks after which chances are judged
NEVER = 99


class Found(NamedTuple):
    """When each year is first flagged, (R,), NEVER where it is not, and whether in the right place."""

    week: NDArray[np.int64]
    right: NDArray[np.bool_]


def main() -> None:
    """Plays and prints the figures."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks.tracking")
    asked.add_argument("--markets", type=int, default=5)
    asked.add_argument("--years", type=int, default=40, help="fresh years in each market")
    asked.add_argument("--seed", type=int, default=201)
    said = asked.parse_args()
    begun, found, judged = time.monotonic(), [], []
    for seed in range(said.seed, said.seed + said.markets):
        one, chances = _market(seed, range(FRESH, FRESH + said.years))
        found.append(one)
        judged.append(chances)
        print(f"market {seed}: {time.monotonic() - begun:.0f} s", flush=True)
    _print_found(found)
    _print_chances(judged)
    print(f"{time.monotonic() - begun:.0f} s")


def scenario(seed: int, happens: str = "") -> Scenario:
    """The plan that is tracked, in a year in which something happens."""
    return Scenario(
        market=MarketOptions(seed=seed, accounts=600),
        team=TeamOptions(reps=8),
        territory=TerritoryOptions("balanced"),
        goals=GoalsOptions("hybrid"),
        events=EventOptions("known", happens) if happens else EventOptions(),
    )


def _market(seed: int, fresh: range) -> tuple[dict[tuple[str, str], Found], dict[int, NDArray[np.float64]]]:
    """What either detector finds in a market, by detector and change ('' for none), and the chances of its goals."""
    asked = scenario(seed)
    built = build(asked)
    named, members = groups(*tables_of(asked, built))
    counts, usual = np.ones(len(built.plan.owner)), built.world.accounts.order_size
    plan = watch(asked, built, range(YEARS), counts, usual, members, WEEKS)
    years = {"": watch(asked, built, fresh, counts, usual, members, WEEKS).values}
    for change, happens in CHANGES.items():
        if happens:
            other = scenario(seed, happens)
            years[change] = watch(other, build(other), fresh, counts, usual, members, WEEKS).values
        else:
            years[change] = np.stack([_works_less(built, year, counts, usual, members) for year in fresh])
    found = {}
    for name, columns, kinds in (("track", WATCHED, KINDS), ("attainment alone", ("sales",), SALES_ALONE)):
        wide = np.array([group.kind != TERRITORY for group in named])
        looks = tuple(range(BLOCK, WEEKS + 1))
        make = partial(fit, columns=columns, kinds=kinds, wide=wide, first=0, looks=looks)
        held = columns_of(plan.values, columns)
        detector, limit = make(held), limits(held, make)
        for change, values in years.items():
            right = _right(change, named, built)
            found[name, change] = _found(detector, limit, columns_of(values, columns), right)
    return found, _chances(plan.values, plan.quota, years[""], len(built.team.reps))


def _works_less(
    built: Built, number: int, counts: Values, usual: Values, members: Values, share: float = 0.5
) -> Values:
    """A year in which the first rep works so much of its hours from the week after SINCE on: (weeks, g, K)."""
    world, plan = built.world.of(number), built.plan.of(number)
    start = start_of(world, number, "compiled", digest(world))
    year = prepare(world, plan, number, start, inspected=True)
    play(year.setting._replace(begin=0, weeks=SINCE), year.state, year.out, "compiled")
    year.state.time[0] *= share
    play(year.setting._replace(begin=SINCE), year.state, year.out, "compiled")
    weeks = by_row(year.out.account_week, ACCOUNT_WEEK, lay_out(world, plan))
    return watched(weeks._asdict(), counts, usual, members)


def _right(change: str, named: list[Group], built: Built) -> NDArray[np.bool_]:
    """The groups that a change is in: the rep's territory, or the region, the firm and territories half in it."""
    if "rep" in change:
        return np.arange(len(named)) == 0
    region = built.market.accounts["region"].astype(str)
    largest = str(region.mode().iloc[0])
    inside = (region == largest).to_numpy()
    share = [inside[built.plan.owner == row].mean() for row in range(len(built.team.reps))]
    return np.array(
        [share[at] >= 0.5 if group.kind == TERRITORY else group.kind == FIRM or group.name == largest
         for at, group in enumerate(named)]
    )  # fmt: skip


def _found(detector: Detector, limit: Values, values: Values, right: NDArray[np.bool_]) -> Found:
    """When each year is first flagged, and whether that first flag is in the right place."""
    passed = (detector.highest(values) >= limit[detector.wide.astype(int)]).any(axis=3)  # (R, looks, g)
    any_group = passed.any(axis=2)
    looks = np.array(list(detector.looks))
    at = any_group.argmax(axis=1)
    week = np.where(any_group.any(axis=1), looks[at], NEVER)
    return Found(week, (passed[np.arange(len(values)), at] & right).any(axis=1))


def _print_found(found: list[dict[tuple[str, str], Found]]) -> None:
    """False alarms, then a row a change: found by the year's end, median week, earlier than attainment alone."""
    print(f"\nas planned: years with any flag (aimed at {FALSE_ALARMS:.0%})")
    for name in ("track", "attainment alone"):
        weeks = _weeks(found, name, "")
        told = int((weeks != NEVER).sum())
        low, high = _interval(told, len(weeks))
        print(f"  {name:17} {told} of {len(weeks)}  {told / len(weeks):.1%}  (95 %: {low:.1%} to {high:.1%})")
    print(f"\nfrom week {SINCE + 1} on              found    median week   right place   earlier than the other")
    for change in CHANGES:
        weeks = {name: _weeks(found, name, change) for name in ("track", "attainment alone")}
        # A flag before the change is luck's: it neither counts as found nor as earlier.
        real = {name: np.where(own > SINCE, own, NEVER) for name, own in weeks.items()}
        for name, other in (("track", "attainment alone"), ("attainment alone", "track")):
            mine = real[name]
            there = mine != NEVER
            place = np.concatenate([one[name, change].right for one in found])[there]
            median = f"{np.median(mine):.0f}" if np.median(mine) != NEVER else "not in half"
            earlier = int((mine < real[other]).sum())
            print(
                f"  {change if name == 'track' else '':27} {name:17} {there.mean():5.0%}   {median:>11}   "
                f"{place.mean() if len(place) else 0:5.0%}   {earlier} of {len(mine)}"
            )


def _weeks(found: list[dict[tuple[str, str], Found]], name: str, change: str) -> NDArray[np.int64]:
    return np.concatenate([one[name, change].week for one in found])


def _interval(count: int, of: int) -> tuple[float, float]:
    """Wilson's interval of a share, 95 %."""
    z, p = 1.96, count / of
    middle, half = p + z * z / (2 * of), z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return float((middle - half) / (1 + z * z / of)), float((middle + half) / (1 + z * z / of))


def _chances(plan: Values, quota: Values, fresh: Values, reps: int) -> dict[int, NDArray[np.float64]]:
    """By week: rows of each fresh year and territory: place of its end among the possible ones, chance, reached, and
    the chance by the plan's years alone."""
    recorded = tuple(name for of in RECORDED.values() for name in of)
    goals, whole = quota.mean(axis=0), sales(plan, 0, WEEKS)
    made = {}
    for week in LOOKS:
        before, after = known(plan, 0, week, recorded), sales(plan, week, WEEKS)
        mine, now, end = known(fresh, 0, week, recorded), sales(fresh, 0, week), sales(fresh, 0, WEEKS)
        rows = []
        for g in range(reps):
            for year in range(len(fresh)):
                possible = ends(before[:, g], after[:, g], mine[year, g], float(now[year, g]))
                place = float((possible < end[year, g]).mean())
                chances = float((possible >= goals[g]).mean()), float((whole[:, g] >= goals[g]).mean())
                rows.append((place, chances[0], float(end[year, g] >= goals[g]), chances[1]))
        made[week] = np.array(rows)
    return made


def _print_chances(judged: Iterable[dict[int, NDArray[np.float64]]]) -> None:
    """How honest the chances of quotas are, in years as planned."""
    every = list(judged)
    print("\nafter week   8 in 10 hold   ends in each fifth, %        Brier   by the plan's years alone")
    for week in LOOKS:
        place, told, reached, alone = np.concatenate([one[week] for one in every]).T
        fifths = np.histogram(place, bins=np.linspace(0.0, 1.0, 6))[0] / len(place)
        print(
            f"  {week:8} {((place > 0.1) & (place < 0.9)).mean():10.1%}       "
            f"{' '.join(f'{100 * part:4.0f}' for part in fifths)}       {((told - reached) ** 2).mean():.3f}   "
            f"{((alone - reached) ** 2).mean():.3f}"
        )


if __name__ == "__main__":
    main()
