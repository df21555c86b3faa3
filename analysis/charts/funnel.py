"""The funnel: what opens, is decided and won, where a point more brings most, and what the rest is lost for."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.charts.style import BAD, GOOD, INK, NEUTRAL, QUIET, Title, cell, strips
from analysis.compare import UNCLEAR, Comparison
from analysis.cuts import each
from analysis.played import Played
from analysis.words import digits_for, money_unit, number, percent, twentieths
from sim.world import REASONS

POINT = 0.01
SHARES = (("low", 0.1), ("p25", 0.25), ("typical", 0.5), ("p75", 0.75), ("high", 0.9))
CALLED = {"use_case": "missing use case", "fit": "poor fit", "timing": "timing (nobody's fault)"}
BOTTLENECK = {"decided": "Deciding is the bottleneck", "won": "Winning is the bottleneck"}
STEPS = ("opened", "decided", "won")
COLUMNS = {
    "step": ("of the step\nbefore", "a point more\nbrings {}"), "reason": ("of losses", "had they gone\nas others {}"),
}  # fmt: skip
PLACES = (66, 138)  # where the columns end, in points right of the bars

Years = NDArray[np.float64]


def data(played: Played) -> pd.DataFrame:
    """One row a step of the funnel and one a reason of loss, most frequent first.

    kind (step, reason), name, opportunities (typical, low and high: P10, P90, p25, p75), rate (of the step before, or
    of all that is lost; all years together), brings and clear.

    Of a step ``brings`` is the won value that one percentage point more of its rate would bring a year, the other rates
    as they are: of 1,000 opened, 600 decided and 200 won for 2 million, a point more decided brings 10 × 1/3 × 10,000 =
    33,000, a point more won 6 × 10,000 = 60,000. Of a reason it is what the opportunities lost for it would have
    brought, had they been won as often as others are. ``clear``: it is the largest of its kind in at least 14 of 20
    years; the step that is, is the bottleneck. Stages between opening and decision are not stored.
    """
    lost = {name: _count(played, f"lost_{name}") for name in REASONS}
    opened, won = _count(played, "opened"), _count(played, "won")
    decided = won + _count(played, "lost")
    value = played.account_years("won_revenue").sum(axis=1) / 100
    with np.errstate(invalid="ignore", divide="ignore"):
        each_win = np.where(won > 0, value / won, 0.0)
        odds = np.where(decided > 0, won / decided, 0.0)
    brings = {"decided": POINT * opened * odds * each_win, "won": POINT * decided * each_win}
    counts = {"opened": opened, "decided": decided, "won": won}
    rates = {"opened": np.nan, "decided": _share(decided, opened), "won": _share(won, decided)}
    frame = pd.DataFrame([_row("step", name, counts[name], rates[name], brings.get(name)) for name in STEPS])
    whole = np.sum(list(lost.values()), axis=0)
    lost = {name: count for name, count in lost.items() if count.any()}
    if lost:
        at_stake = odds * each_win
        reasons = [_row("reason", name, years, _share(years, whole), years * at_stake) for name, years in lost.items()]
        ordered = pd.DataFrame(reasons).sort_values(["rate", "name"], ascending=[False, True])
        frame = pd.concat([frame, ordered], ignore_index=True)
    frame["clear"] = False
    for kind, years in (("step", brings), ("reason", lost)):
        first = _clearly_first(years)
        frame.loc[(frame["kind"] == kind) & (frame["name"] == first), "clear"] = True
    return frame


def _count(played: Played, column: str) -> Years:
    return np.asarray(played.account_years(column).sum(axis=1), dtype=np.float64)


def _share(part: Years, whole: Years) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() else float("nan")


def _row(kind: str, name: str, years: Years, rate: float, brings: Years | None) -> dict[str, object]:
    spread = {column: float(np.quantile(years, share)) for column, share in SHARES}
    return {
        "kind": kind, "name": name, **spread, "rate": rate,
        "brings": float("nan") if brings is None else float(np.median(brings)),
    }  # fmt: skip


def _clearly_first(years: dict[str, Years]) -> str | None:
    """The name that has the most in at least 14 of 20 years, ties counted for nobody."""
    for name, own in years.items():
        others = [other for key, other in years.items() if key != name]
        ahead = (own > np.max(others, axis=0)).mean() if others else float((own > 0).mean())
        if own.size and twentieths(float(ahead)) > UNCLEAR[1]:
            return name
    return None


def title(frame: pd.DataFrame, played: Played, comparison: Comparison) -> Title:
    """The bottleneck, and what loses most; neither where it is not clear."""
    subtitle = f"Opportunities {comparison.span} under {played.info['label']}, {comparison.played} played"
    clear = frame[frame["clear"]].groupby("kind")["name"].first()
    step, reason = clear.get("step"), clear.get("reason")
    if not frame.loc[frame["kind"] == "step", "typical"].any():
        return Title("No opportunity typically opens", subtitle)
    first = BOTTLENECK.get(str(step), "No clear bottleneck")
    return Title(f"{first}; {_called(reason) + ' loses most' if reason else 'no one reason loses most'}", subtitle)


def _called(reason: str) -> str:
    return CALLED.get(reason, reason).split(" (")[0]


def height(frame: pd.DataFrame) -> float:
    """Inches."""
    return 1.85 + 0.3 * (len(frame) + 2)


def chart(frame: pd.DataFrame, ax: Axes, currency: str) -> None:
    """Bars that end in the grades of the years: all years reach the dark part, fewer and fewer the light ones."""
    scale, unit = money_unit(float(np.nanmax([*frame["brings"].abs(), 0.0])), currency)
    y, at = 0.0, []
    for kind, part in frame.groupby("kind", sort=False):
        for head, place in zip(COLUMNS[str(kind)], PLACES, strict=True):
            cell(ax, y, head.format(unit), place, QUIET, 8.5, head=True)
        ax.annotate("from opening to win" if kind == "step" else "lost for", (0, y), xycoords=("axes fraction", "data"),
                    xytext=(4, 0), textcoords="offset points", va="center", color=QUIET, fontsize=9)  # fmt: skip
        for row in each(part):
            y -= 1
            at.append(y)
            brings = row.brings / scale
            weight = "bold" if row.clear else "normal"
            cell(ax, y, percent(row.rate) if row.rate == row.rate else "", PLACES[0])
            cell(ax, y, number(brings, digits_for(brings)) if brings == brings else "", PLACES[1], weight=weight)
        y -= 1.4
    colors = [BAD if row.clear else GOOD if row.kind == "step" else NEUTRAL for row in each(frame)]
    strips(ax, at, [(0 * frame["high"], frame[end]) for end in ("high", "p75", "p25", "low")], colors, 0.66)
    ax.plot(frame["typical"], at, linestyle="none", marker="|", markersize=11, color=INK, zorder=3)
    ax.set_yticks(at, [CALLED.get(row.name, row.name) + (" ◂" if row.clear else "") for row in each(frame)])
    ax.set_ylim(y + 1.0, 0.9)
    ax.set_xlim(0, max(float(frame["high"].max()), 1.0) * 1.03)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda value, _: number(value))
    earlier = "\nabove 100 %: some were opened before the year began" if (frame["rate"] > 1).any() else ""
    ax.set_xlabel(
        "opportunities; bars fade where years end: 9 in 10 reach the first grade, 1 in 10 the last; stroke: median.\n"
        "◂ most at stake in at least 14 of 20 years: of steps by what one point more of its rate would win" + earlier
    )
