"""`make bench`: how fast the years are played, beside plain Mesa and the floor; writes `docs/performance.md`.

Read the ratios: machines differ and are noisy. Every figure is the median of runs that take turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.floor import touch_weeks
from benchmarks.measure import everything, made, reviewed, seconds
from benchmarks.page import (
    Command,
    Reviewed,
    Row,
    agreement,
    commands,
    heading,
    luck,
    mechanisms,
    reviews,
    sizes,
    speeds,
    threads,
)
from benchmarks.plain_mesa import PlainYear, year
from benchmarks.sweep import PLANS
from scenarios.build import Built
from sim import year as a_year
from sim.run import run
from sim.setting import Scratch, scratch
from sim.world import WEEKS
from sim.year import Prepared

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
SIZES = ((200, 2), (2_000, 20), (20_000, 200))
LARGE = ((200_000, 1_000), (1_000_000, 5_000))
TURNS = 5
SWEEP_YEARS = 200


def main() -> None:
    """Measures, prints and writes the page."""
    page = [*heading(TURNS), *speeds([measure(*size) for size in SIZES]), *agreement(same_means())]
    page += mechanisms([(*size, *all_on(*size)) for size in SIZES])
    page += reviews([reviewing(*size) for size in SIZES[1:]])
    page += [
        *sizes([large(*size) for size in LARGE]),
        *threads(two_threads()),
        *commands(command(), PLANS, SWEEP_YEARS),
    ]
    page += luck(common_seeds())
    print("\n".join(page))
    PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")


def measure(accounts: int, reps: int) -> Row:
    """All four in turn on one market; where a year would take long, agents play some weeks of it.

    The compiled engine's are whole years as a sweep plays them, one after the other: laying out, handing over, and what
    they leave behind. The first one after a second of agents takes a fifth longer, and so does the floor's.
    """
    built = made(accounts, reps)
    start = a_year.burn_in(built.world, 0)
    weeks = max(2, min(WEEKS, 60_000 // accounts))
    in_a_row = max(1, min(20, 40_000 // accounts))
    plain = PlainYear(built.world, 1)
    plain.step()

    def plain_weeks() -> None:
        for _ in range(weeks):
            plain.step()

    def years() -> None:
        for _ in range(in_a_row):
            a_year.play_year(built.world, built.plan, 0, start)

    times: dict[str, list[float]] = {"plain": [], "mesa": [], "compiled": [], "floor": []}
    for turn in range(TURNS + 1):
        short = a_year.prepare(built.world, built.plan, 0, start, weeks=weeks)
        touched = [a_year.prepare(built.world, built.plan, 0, start) for _ in range(in_a_row)]
        room = scratch(accounts, touched[0].state.deal_row.size, reps)
        turns: dict[str, tuple[Callable[[], object], int]] = {
            "plain": (plain_weeks, weeks),
            "mesa": (lambda short=short: a_year.play(*short, "mesa"), weeks),  # type: ignore[misc]
            "compiled": (years, in_a_row * WEEKS),
            "floor": (lambda touched=touched, room=room: floors(touched, room), in_a_row * WEEKS),  # type: ignore[misc]
        }
        for name, (play, played) in turns.items():
            spent = seconds(play)
            if turn:  # the first turn compiles and warms up
                times[name].append(1e9 * spent / (played * accounts))
    return Row(accounts, reps, *(median(times[name]) for name in ("plain", "mesa", "compiled", "floor")))


def floors(years: Sequence[Prepared], room: Scratch) -> None:
    """So many years of the floor in a row, each in columns of its own."""
    for one in years:
        touch_weeks(*one, room)


def all_on(accounts: int, reps: int) -> tuple[float, float]:
    """A year of the base model and one with every mechanism on, in turns: nanoseconds an account-week."""
    times = []
    years = [(built, a_year.burn_in(built.world, 0)) for built in (made(accounts, reps), everything(accounts, reps))]
    for turn in range(3 * TURNS + 1):
        spent = [
            seconds(lambda built=built, start=start: a_year.play_year(built.world, built.plan, 0, start))  # type: ignore[misc]
            for built, start in years
        ]
        if turn:
            times.append([1e9 * one / (WEEKS * accounts) for one in spent])
    base, everything_on = np.median(times, axis=0)
    return float(base), float(everything_on)


def reviewing(accounts: int, reps: int) -> Reviewed:
    """A year with three reviews that move accounts, and the same without them, in turns."""
    built = reviewed(accounts, reps)
    plans = replace(built.plan, review=None), built.plan
    start = a_year.burn_in(built.world, 0)
    moved = a_year.play_year(built.world, built.plan, 0, start).out.account.moves.sum()
    times = np.array(
        [
            [seconds(lambda plan=plan: a_year.play_year(built.world, plan, 0, start)) for plan in plans]  # type: ignore[misc]
            for _ in range(max(3 * TURNS, 200_000 // accounts) + 1)
        ][1:]
    )
    without, with_reviews = 1e9 * np.median(times, axis=0) / (WEEKS * accounts)
    over = float(np.median(times[:, 1] / times[:, 0])) - 1.0
    return Reviewed(accounts, reps, float(without), float(with_reviews), over, int(moved))


def large(accounts: int, reps: int) -> dict[str, float]:
    """A large market beside the small one, in a process of its own so that its memory is known."""
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.large", str(accounts), str(reps)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(said.stdout)
    return {"accounts": accounts, "reps": reps, **found}


def command() -> Command:
    """Whole processes: one plan to its table, with and without compiling first, and a sweep to its page."""

    def one_plan(cache: str | None = None) -> tuple[float, float]:
        """Until the table stands there, and until the page does."""
        with tempfile.TemporaryDirectory() as results:
            line = [sys.executable, "-m", "command", "simulate", "territory=balanced", f"results={results}"]
            environment = {**os.environ, **({"XDG_CACHE_HOME": cache} if cache else {})}
            started = time.perf_counter()
            with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as process:
                assert process.stdout is not None
                process.stdout.readline()
                table = time.perf_counter() - started
                process.stdout.read()
            if process.returncode:
                raise RuntimeError(f"territory simulate ended with {process.returncode}")
            return table, time.perf_counter() - started

    with tempfile.TemporaryDirectory() as empty:
        cold = one_plan(empty)[1]
    warm = [one_plan() for _ in range(TURNS)]
    sweeps = []
    for _ in range(3):
        said: list[str] = []
        with tempfile.TemporaryDirectory() as results:
            line = [sys.executable, "-m", "benchmarks.sweep", str(SWEEP_YEARS), results]
            whole = seconds(
                lambda line=line, said=said: said.append(  # type: ignore[misc]
                    subprocess.run(
                        line, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
                    ).stdout
                )
            )
        sweeps.append((whole - float(said[0]), whole, float(said[0])))
    _, sweep, play = sorted(sweeps)[1]
    return Command(cold, *(median(times) for times in zip(*warm, strict=True)), sweep, play)


def two_threads() -> float:
    """How many times faster two threads play 40 years of 2,000 accounts than one."""
    built = made(2_000, 20)
    starts = [a_year.burn_in(built.world, number) for number in range(40)]

    def play(threads: int) -> None:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda n: a_year.play_year(built.world, built.plan, n, starts[n]), range(40)))

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
    record = run(built.world, built.plan, range(96))
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
    record = run(built.world, built.plan, numbers)
    totals: np.ndarray = record.rep_week["margin"].sum(axis=(1, 2)) / 100.0
    return totals


if __name__ == "__main__":
    main()
