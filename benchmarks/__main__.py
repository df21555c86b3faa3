"""`make bench`: how fast the years are played, beside plain Mesa and the floor; writes `docs/performance.md`.

Read the ratios: machines differ and are noisy. Every figure is the median of runs that take turns.
"""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks.floor import touch_weeks
from benchmarks.plain_mesa import PlainYear, year
from scenarios.build import Built, build
from scenarios.schema import GoalsOptions, MarketOptions, Scenario, TeamOptions, TerritoryOptions
from sim import run as engine
from sim.world import WEEKS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
SIZES = ((200, 2), (2_000, 20), (20_000, 200))
TURNS = 5


class Row(NamedTuple):
    """Nanoseconds an account-week of one market."""

    accounts: int
    reps: int
    plain: float
    mesa: float
    compiled: float
    floor: float


def main() -> None:
    """Measures, prints and writes the page."""
    rows = [measure(*size) for size in SIZES]
    two = two_threads()
    luck = common_seeds()
    same = same_means()
    page = "\n".join(lines(rows, two, luck, same)) + "\n"
    print(page)
    PAGE.write_text(page, encoding="utf-8")


def measure(accounts: int, reps: int) -> Row:
    """All four in turn on one market; where a year would take long, agents play some weeks of it."""
    built = made(accounts, reps)
    start = engine.burn_in(built.world, 0)
    weeks = max(2, min(WEEKS, 60_000 // accounts))
    plain = PlainYear(built.world, 1)
    plain.step()

    def plain_weeks() -> None:
        for _ in range(weeks):
            plain.step()

    times: dict[str, list[float]] = {"plain": [], "mesa": [], "compiled": [], "floor": []}
    for turn in range(TURNS + 1):
        short = engine.prepare(built.world, built.plan, 0, start, weeks=weeks)
        full = engine.prepare(built.world, built.plan, 0, start)
        touched = engine.prepare(built.world, built.plan, 0, start)
        turns: dict[str, tuple[Callable[[], object], int]] = {
            "plain": (plain_weeks, weeks),
            "mesa": (lambda short=short: engine.play(*short, "mesa"), weeks),  # type: ignore[misc]
            "compiled": (lambda full=full: engine.play(*full, "compiled"), WEEKS),  # type: ignore[misc]
            "floor": (lambda touched=touched: touch_weeks(*touched), WEEKS),  # type: ignore[misc]
        }
        for name, (play, played) in turns.items():
            spent = seconds(play)
            if turn:  # the first turn compiles and warms up
                times[name].append(1e9 * spent / (played * accounts))
    return Row(accounts, reps, *(median(times[name]) for name in ("plain", "mesa", "compiled", "floor")))


def two_threads() -> float:
    """How many times faster two threads play 40 years of 2,000 accounts than one."""
    built = made(2_000, 20)
    starts = [engine.burn_in(built.world, number) for number in range(40)]

    def play(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda n: engine.play_year(built.world, built.plan, n, starts[n]), range(40)))

    play(2)
    return median(seconds(lambda: play(1)) / seconds(lambda: play(2)) for _ in range(TURNS))


def common_seeds() -> dict[str, tuple[float, float]]:
    """Variance of a difference in margin on independent luck over that on common luck, and the correlation."""
    base = made(2_000, 20)
    others = {
        "quota_potential against no goals": made(2_000, 20, goals="quota_potential"),
        "balanced against current": made(2_000, 20, territory="balanced"),
    }
    numbers = range(100)
    one = margins(base, numbers)
    found = {}
    for name, other in others.items():
        two = margins(other, numbers)
        independent = one.var(ddof=1) + two.var(ddof=1)
        found[name] = (float(independent / (two - one).var(ddof=1)), float(np.corrcoef(one, two)[0, 1]))
    return found


def same_means() -> dict[str, float]:
    """Plain Mesa less the engine, in standard errors of the difference, over 24 years of 400 accounts."""
    built = made(400, 4)
    plain = [year(built.world, 1000 + seed) for seed in range(24)]
    record = engine.run(built.world, built.plan, range(96))
    weeks = record.rep_week
    engines = {
        "sales": (weeks["order_revenue"] + weeks["won_revenue"]).sum(axis=(1, 2)) / 100.0,
        "calls": weeks["calls"].sum(axis=(1, 2)),
        "wins": weeks["won"].sum(axis=(1, 2)),
    }
    found = {}
    for name, values in engines.items():
        other = np.array([one[name] for one in plain])
        error = np.hypot(values.std(ddof=1) / np.sqrt(values.size), other.std(ddof=1) / np.sqrt(other.size))
        found[name] = float((other.mean() - values.mean()) / error)
    return found


def margins(built: Built, numbers: range) -> np.ndarray:
    """Gross margin of each replication, money."""
    record = engine.run(built.world, built.plan, numbers)
    totals: np.ndarray = record.rep_week["margin"].sum(axis=(1, 2)) / 100.0
    return totals


def made(accounts: int, reps: int, goals: str = "none", territory: str = "current") -> Built:
    """A generated market with a plan."""
    return build(
        Scenario(
            market=MarketOptions(accounts=accounts),
            team=TeamOptions(reps=reps),
            goals=GoalsOptions(name=goals),
            territory=TerritoryOptions(name=territory),
        )
    )


def seconds(play: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    play()
    return time.perf_counter() - started


def lines(rows: list[Row], two: float, luck: dict[str, tuple[float, float]], same: dict[str, float]) -> list[str]:
    """The page."""
    page = [
        "# How fast",
        "",
        f"Made by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}. Nanoseconds an",
        f"account-week, medians of {TURNS} runs that take turns; one thread; the base model. Read the ratios.",
        "",
        (
            "| accounts × reps | plain Mesa | Mesa engine | compiled | floor "
            "| plain / compiled | plain / Mesa | to floor |"
        ),
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    page += [
        f"| {r.accounts:,} × {r.reps} | {r.plain:,.0f} | {r.mesa:,.0f} | {r.compiled:.0f} | {r.floor:.0f} | "
        f"{r.plain / r.compiled:.0f} × | {r.plain / r.mesa:.2f} × | {r.compiled / r.floor:.1f} |"
        for r in rows
    ]
    page += [
        "",
        "Plain Mesa (`benchmarks/plain_mesa.py`) is the same model as a modeller would write it. Its means differ from",
        "the engine's by " + ", ".join(f"{z:+.1f} ({name})" for name, z in same.items()) + " standard errors.",
        "The floor (`benchmarks/floor.py`) only makes the draws, logarithms and exponentials and touches the columns.",
        "",
        f"Two threads play {two:.2f} × as many years as one.",
        "",
        "| difference in margin | variance on independent luck over common luck | correlation |",
        "| --- | --- | --- |",
    ]
    page += [f"| {name} | {ratio:.1f} × | {correlation:.3f} |" for name, (ratio, correlation) in luck.items()]
    return page


if __name__ == "__main__":
    main()
