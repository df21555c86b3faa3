"""Which accounts a rep calls, and how long a call takes."""

from __future__ import annotations

import math

from sim.draws import gumbel
from sim.elementary import exp, log
from sim.rule import rule


@rule
def distance(x: float, y: float, home_x: float, home_y: float) -> float:
    """Kilometres in a straight line: ``sqrt(dx**2 + dy**2)``.

    >>> distance(3.0, 4.0, 0.0, 0.0)
    5.0
    """
    dx = x - home_x
    dy = y - home_y
    return math.sqrt(dx * dx + dy * dy)


@rule
def call_hours(km: float, talk: float, road_factor: float, road_speed: float, stops_a_trip: float) -> float:
    """Hours that one call takes, travel included.

    ``talk + 2 * road_factor * km / (road_speed * stops_a_trip)``: there and back, a trip shared by several calls.

    >>> call_hours(60.0, 1.0, 1.3, 60.0, 4.0)
    1.65
    """
    return talk + 2.0 * road_factor * km / (road_speed * stops_a_trip)


@rule
def drive_minutes(km: float, road_factor: float, road_speed: float) -> float:
    """Minutes of driving one way: half of what a call without any talk takes, alone on its trip, ``60 * hours / 2``.

    >>> drive_minutes(60.0, 1.3, 60.0)
    78.0
    """
    return 30.0 * call_hours(km, 0.0, road_factor, road_speed, 1.0)


@rule
def call_value(belief: float, share_floor: float, gained: float) -> float:
    """What a rep believes one call adds: ``belief * (1 - b) * (f_after - f_before)``, money a year.

    ``belief`` is the potential as the rep sees it; ``gained`` is what the call adds to `response.reach`.

    >>> round(call_value(10_000.0, 0.4, 0.02), 6)
    120.0
    """
    return belief * (1.0 - share_floor) * gained


@rule
def comfort(base: float, relationship: float, success: float) -> float:
    """How glad a rep is to call there: ``base + relationship * success``.

    >>> comfort(0.25, 0.5, 0.5)
    0.5
    """
    return base + relationship * success


@rule
def felt(booked: float, potential: float, memory: float) -> float:
    """What a sale adds to a rep's feeling of success at an account: ``(1 - memory) * booked * 52 / potential``.

    That feeling fades by ``memory`` each week; a year of weekly sales that make up the potential feels like 1.

    >>> round(felt(10_000.0 / 52.0, 10_000.0, 0.97), 6)
    0.03
    """
    return (1.0 - memory) * booked * 52.0 / potential


@rule
def believed(potential: float, error: float) -> float:
    """An account's potential as its rep sees it: ``P * exp(u)``, money a year.

    >>> believed(10_000.0, 0.0)
    10000.0
    """
    return potential * exp(error)


@rule
def log_weight(
    value: float, hours: float, comfort_there: float, km: float, weeks_since: float,
    comfort_pull: float, distance_pull: float, turn_pull: float,
) -> float:  # fmt: skip
    """How strongly an account draws the next call, as a logarithm.

    ``weight = (value / hours)**(1 - theta) * comfort**theta * exp(-k_d * km) * (1 + weeks since last call)**k_w``:
    theta = 0 is a rep who thinks of money only, theta = 1 one who goes where it is pleasant.

    >>> round(math.exp(log_weight(200.0, 2.0, 0.25, 0.0, 0.0, 0.5, 0.004, 0.3)), 6)
    5.0
    """
    return (
        (1.0 - comfort_pull) * log(max(value / hours, 1e-300))
        + comfort_pull * log(max(comfort_there, 1e-300))
        - distance_pull * km
        + turn_pull * log(1.0 + weeks_since)
    )


@rule
def goal_bend(
    hours: float, priority: int, any_call: int, priority_only: int, cheap_pull: float, priority_pull: float
) -> float:
    """How an activity goal bends that draw, as a logarithm.

    A goal that any call fills favours short calls, ``hours**-cheap_pull``; a goal on priority accounts multiplies
    theirs by ``priority_pull``; no goal: 1.

    >>> [round(math.exp(goal_bend(4.0, 1, any_call, only, 0.5, 2.0)), 6) for any_call, only in ((1, 0), (0, 1), (0, 0))]
    [0.5, 2.0, 1.0]
    """
    if any_call:
        return -cheap_pull * log(hours)
    if priority_only and priority:
        return log(priority_pull)
    return 0.0


@rule
def call_key(draw: float, taste: float, u: float) -> float:
    """The number by which a rep's accounts are ranked this week: ``ln(weight) + taste * Gumbel(u)``, highest first.

    So each next call is a logit choice among the accounts not yet called, with weights to the power of 1 / taste.
    """
    return draw + taste * gumbel(u)
