"""What a plan changes in how the firm works: the parts of a CRM system, and one stage of the funnel.

Each part is one plain function ``part(levers, options) -> Levers`` that changes what the parts before it left; adding
one is a function here, a line in `PARTS`, its numbers in `CrmOptions` and a file in `configs/crm/`.
"""

from __future__ import annotations

from collections.abc import Callable

from scenarios.problems import InputError
from scenarios.schema import CrmOptions, ProcessOptions
from sim.behaviour import Behaviour
from sim.world import Levers

Part = Callable[[Levers, CrmOptions], Levers]


def information(levers: Levers, options: CrmOptions) -> Levers:
    """Accounts' history at hand: reps are less wrong about potential from week 1, and learn more from each call."""
    b = _behaviour(levers)
    return levers._replace(
        behaviour=b._replace(belief_left=b.belief_left * options.information_learning),
        belief=levers.belief * options.information_error,
    )


def templates(levers: Levers, options: CrmOptions) -> Levers:
    """Offers and letters ready to send: calls are shorter."""
    b = _behaviour(levers)
    return levers._replace(behaviour=b._replace(call_hours=b.call_hours * options.templates_call))


def pipeline_view(levers: Levers, options: CrmOptions) -> Levers:
    """All open opportunities in sight: none sticks in its stage, so each is decided sooner."""
    b, pace = _behaviour(levers), options.pipeline_view_pace
    return levers._replace(
        behaviour=b._replace(closing_hazard=_chance(b.closing_hazard * pace)),
        leaves=tuple(_chance(leaves * pace) for leaves in levers.leaves),
    )


def follow_up(levers: Levers, options: CrmOptions) -> Levers:
    """Reminders plug leaks: a call is fresh in mind for longer, fewer customers lapse, less is dropped on the way."""
    b = _behaviour(levers)
    return levers._replace(
        behaviour=b._replace(
            recent_weeks=b.recent_weeks * options.follow_up_fresh,
            churn_a_year=b.churn_a_year * options.follow_up_churn,
        ),
        goes_on=tuple(part + (1.0 - part) * options.follow_up_kept for part in levers.goes_on),
    )


PARTS: dict[str, Part] = {
    "information": information,
    "templates": templates,
    "pipeline_view": pipeline_view,
    "follow_up": follow_up,
}


def parts(options: CrmOptions) -> tuple[str, ...]:
    """Which parts of a CRM the options name.

    >>> parts(CrmOptions("all"))
    ('information', 'templates', 'pipeline_view', 'follow_up')
    """
    return {"none": (), "all": tuple(PARTS)}.get(options.name, (options.name,))


def levers(crm: CrmOptions, process: ProcessOptions, behaviour: Behaviour) -> Levers:
    """Both together, on how the firm works today; `Levers()` where nothing is changed.

    Raises InputError for a stage that the funnel does not have, or a factor that can do nothing there.
    """
    changed = today(behaviour)
    for name in parts(crm):
        changed = PARTS[name](changed, crm)
    changed = stage(changed, process)
    taken = sum(getattr(crm, f"{name}_hours") for name in parts(crm))
    return Levers() if changed == today(behaviour) and not taken else changed._replace(hours=-float(taken))


def call_length(options: CrmOptions) -> float:
    """The factor that the CRM brings on the length of every call, in person or not."""
    return options.templates_call if "templates" in parts(options) else 1.0


def today(behaviour: Behaviour) -> Levers:
    """Levers that leave everything as it is, written out."""
    before = max(behaviour.stages - 1, 1)
    return Levers(behaviour, leaves=(behaviour.stage_hazard,) * before, goes_on=(behaviour.stage_advance,) * before)


def stage(levers: Levers, options: ProcessOptions) -> Levers:
    """One stage of the funnel is left sooner or later, and more or less of it goes on or is won.

    In the last stage ``success`` is a factor on the odds: 0.25 is 1 to 3, times 1.5 it is 1 to 2, so 0.333.
    """
    b = _behaviour(levers)
    if options.pace == 1.0 and options.success == 1.0:
        return levers
    if options.stage > b.stages:
        said = f"process.stage: there is no stage {options.stage}; the funnel has {b.stages}, 0 stands for the last"
        raise InputError([said])
    if options.stage in (0, b.stages):
        odds = options.success * b.win_odds / (1.0 - b.win_odds)
        closing = _chance(b.closing_hazard * options.pace)
        return levers._replace(behaviour=b._replace(closing_hazard=closing, win_odds=odds / (1.0 + odds)))
    here = options.stage - 1
    if options.success > 1.0 and levers.goes_on[here] >= 1.0:
        said = f"process.success: {options.success:g} can do nothing in stage {options.stage}, from which all goes on"
        raise InputError([f"{said} already (behaviour.stage_advance is 1)"])
    return levers._replace(
        leaves=_with(levers.leaves, here, options.pace), goes_on=_with(levers.goes_on, here, options.success)
    )


def price(crm: CrmOptions, process: ProcessOptions) -> float:
    """What they cost, money a rep and year.

    >>> price(CrmOptions("all"), ProcessOptions(price=50.0))
    1850.0
    """
    return float(sum(getattr(crm, f"{name}_price") for name in parts(crm))) + process.price


def _behaviour(levers: Levers) -> Behaviour:
    assert levers.behaviour is not None
    return levers.behaviour


def _chance(value: float) -> float:
    return min(1.0, value)


def _with(values: tuple[float, ...], place: int, factor: float) -> tuple[float, ...]:
    return tuple(_chance(value * factor) if i == place else value for i, value in enumerate(values))
