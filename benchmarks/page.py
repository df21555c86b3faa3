"""The page that `make bench` writes, from what it measured."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import NamedTuple

WIDEST = {"avx512f": "AVX-512", "avx2": "AVX2"}


class Row(NamedTuple):
    """Nanoseconds an account-week of one market."""

    accounts: int
    reps: int
    plain: float
    mesa: float
    compiled: float
    floor: float


class Command(NamedTuple):
    """Seconds of whole processes."""

    cold: float  # one plan, nothing compiled yet
    table: float  # one plan, until its table stands there
    warm: float  # and until its page does
    sweep: float  # 24 plans of 200 years each
    play: float  # of these the years


class Reviewed(NamedTuple):
    """A year with quarterly reviews beside one without."""

    accounts: int
    reps: int
    without: float  # nanoseconds an account-week
    reviewed: float
    over: float  # what the reviews cost, as a part of the year without them: median over the turns
    moved: int  # accounts


def heading(turns: int) -> list[str]:
    """Where and how it was measured."""
    return [
        "# How fast",
        "",
        f"Made by `make bench` on {os.cpu_count()} cores ({processor()}), Python {platform.python_version()}. Medians",
        f"of {turns} runs that take turns; the base model; one thread where nothing else is said. Read the ratios.",
        "",
    ]


def processor() -> str:
    """What the system says of the processor: its name, and the widest instructions that it has."""
    try:
        said = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    about = dict(map(str.strip, line.split(":", 1)) for line in said.split("\n\n")[0].splitlines() if ":" in line)
    flags = about.get("flags", "").split()
    widest = next((word for flag, word in WIDEST.items() if flag in flags), "")
    return ", ".join(filter(None, [about.get("model name", platform.machine()), widest]))


def speeds(rows: list[Row]) -> list[str]:
    """An account-week in each way of playing it."""
    return [
        "| accounts × reps | plain Mesa | Mesa engine | compiled | floor | to compiled | to Mesa engine | to floor |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {r.accounts:,} × {r.reps} | {r.plain:,.0f} | {r.mesa:,.0f} | {r.compiled:.0f} | {r.floor:.1f} | "
            f"{r.plain / r.compiled:.0f} × | {r.plain / r.mesa:.2f} × | {r.compiled / r.floor:.1f} |"
            for r in rows
        ),
        "",
        f"Nanoseconds an account-week. In account-weeks a second, with {rows[1].accounts:,} accounts: plain Mesa",
        f"{1e9 / rows[1].plain:,.0f}, Mesa engine {1e9 / rows[1].mesa:,.0f}, compiled {1e9 / rows[1].compiled:,.0f}.",
        "Compiled are whole years as a sweep plays them, some in a row, laying out and end value included.",
        "",
    ]


def agreement(same: dict[str, float]) -> list[str]:
    """That the yardsticks measure the same thing."""
    return [
        "Plain Mesa (`benchmarks/plain_mesa.py`) is the same model as a modeller would write it. Its means differ from",
        "the engine's by " + ", ".join(f"{z:+.1f} ({name})" for name, z in same.items()) + " standard errors.",
        "The floor (`benchmarks/floor.py`) makes the same number of draws, logarithms and exponentials and reads and",
        "writes the same columns, nothing else.",
        "",
    ]


def mechanisms(found: list[tuple[int, int, float, float]]) -> list[str]:
    """What every mechanism costs together."""
    return [
        "| accounts × reps | base model | every mechanism on | over the base |",
        "| --- | --- | --- | --- |",
        *(
            f"| {accounts:,} × {reps:,} | {base:.0f} | {on:.0f} | {on / base:.2f} × |"
            for accounts, reps, base, on in found
        ),
        "",
        "Nanoseconds an account-week, in turns. On are three stages, impatience, timed closes, discounts, a ratchet,",
        "quits and empty places, referrals and reviews, a quick lane, months of a quarter, dated events, two channels,",
        "a CRM, a process lever and goals of both kinds in balanced territories (`everything` in",
        "`benchmarks/measure.py`).",
        "",
    ]


def reviews(found: list[Reviewed]) -> list[str]:
    """What looking at the plan again costs."""
    return [
        "| accounts × reps | no review | quarterly reviews | cost of these over the year (aim: .20) | accounts moved |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {one.accounts:,} × {one.reps:,} | {one.without:.0f} | {one.reviewed:.0f} | {one.over:.2f} | "
            f"{one.moved:,} |"
            for one in found
        ),
        "",
        "Nanoseconds an account-week, in turns: proactive reviews, in a year in which a region grows and a rep leaves",
        "(`reviewed` in `benchmarks/measure.py`).",
        "",
    ]


def sizes(found: list[dict[str, float]]) -> list[str]:
    """Large markets beside a small one."""
    return [
        "| accounts × reps | ns an account-week | beside 2,000 × 20 in turns | peak memory |",
        "| --- | --- | --- | --- |",
        *(
            f"| {one['accounts']:,} × {one['reps']:,} | {one['large']:.0f} | {one['large'] / one['small']:.2f} × | "
            f"{one['gib']:.2f} GiB |"
            for one in found
        ),
        "",
    ]


def threads(two: float) -> list[str]:
    """What a second core brings."""
    return [f"Two threads play {two:.2f} × as many years as one.", ""]


def commands(took: Command, plans: int, years: int) -> list[str]:
    """What a user waits for."""
    aim, rest = 5.0 + 0.0003 * plans * years, took.sweep - took.play
    return [
        "| whole process, two threads (24 plans: median of 3, fresh environment: once) | seconds |",
        "| --- | --- |",
        f"| `territory simulate territory=balanced`, two plans × 20 years, to the table | {took.table:.1f} |",
        f"| the same to the page | {took.warm:.1f} |",
        f"| the same in a fresh environment, compiling first | {took.cold:.0f} |",
        f"| {plans} plans × {years} years × 2,000 accounts, composed, played, stored, charted | {took.sweep:.1f} |",
        f"| of these everything but the play (aim: 5 s + 0.3 ms a year = {aim:.1f}) | {rest:.1f} |",
        "",
    ]


def luck(found: dict[str, tuple[float, float]]) -> list[str]:
    """What common seeds bring."""
    return [
        "| difference in margin | variance on independent luck over common luck | correlation |",
        "| --- | --- | --- |",
        *(f"| {name} | {ratio:.1f} × | {correlation:.3f} |" for name, (ratio, correlation) in found.items()),
    ]
