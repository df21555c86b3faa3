"""What has to be said with a comparison: few years, different events or versions, plans under which nobody calls."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.played import Played

FEWEST_YEARS = 5  # fewer years say nothing about how often


def notes(played: Sequence[Played], years: int) -> tuple[str, ...]:
    """A sentence each, of plans that have so many years in common."""
    said = []
    most = max(len(p.info["replications"]) for p in played)
    if years < most:
        said.append(f"Only the {years} years that all plans have are compared, of up to {most} played.")
    if years < FEWEST_YEARS:
        said.append(
            f"Only {years} {'year was' if years == 1 else 'years were'} played: "
            "too few to say how often a plan is better."
        )
    if len({repr(sorted(p.info["scenario"]["events"].items())) for p in played}) > 1:
        said.append("The plans did not meet the same events: differences are those of plans and events together.")
    if len({p.info["code"] for p in played}) > 1:
        said.append("The scenarios were played by different versions of the program.")
    if len({repr(sorted(p.info["behaviour"].items())) for p in played}) > 1:
        said.append("The scenarios were played with different assumptions about how customers and reps behave.")
    return (*said, *_without_calls(played))


def _without_calls(played: Sequence[Played]) -> list[str]:
    """Which plans nobody makes a call under, and why where no call fits into anybody's week."""
    idle = [p for p in played if not p.account_years("calls").any()]
    if not idle:
        return []
    under = "" if len(idle) == len(played) else f" under {'; '.join(str(p.info['label']) for p in idle)}"
    shortest = min(float(p.accounts["hours_a_call"].min()) for p in idle)
    longest_week = max(float(p.reps["hours"].max()) for p in idle)
    why = ""
    if shortest > longest_week:
        why = (
            f": nobody has time for one (the shortest, with its way, takes {shortest:.3g} h, and no rep has more than "
            f"{longest_week:.3g} selling hours a week)"
        )
    return [f"Not one call is made{under}{why}. All that is sold there comes without calls."]
