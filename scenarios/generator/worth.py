"""What accounts are worth: calls needed, orders and opportunities, solved so that today's team about covers them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.behaviour import Behaviour
from sim.rules.response import reach, share
from sim.world import WEEKS, Floats


class Openings(NamedTuple):
    """Opportunities of each account (n,): how many a week at full share, and the mean size of one, money."""

    rate: Floats
    size: Floats


def need(potential: Floats, exponent: float, calls_a_week: float, reps: int) -> Floats:
    """Calls a year that cover each account well: ``c * (P / mean P)**a``, shape (n,).

    c is solved so that all accounts together need ``calls_a_week`` calls of every rep, 52 weeks long. Worked:
    potentials 1, 4 and 9 (mean 14/3), a = 1/2, one rep, 6 calls a week: 312 calls in proportion 1 : 2 : 3.

    >>> need(np.array([1.0, 4.0, 9.0]), 0.5, 6.0, 1).round(6).tolist()
    [52.0, 104.0, 156.0]
    """
    shape = np.power(potential / potential.mean(), exponent)
    calls: Floats = shape * (calls_a_week * WEEKS * reps / shape.sum())
    return calls


def order_size(potential: Floats, behaviour: Behaviour) -> Floats:
    """Mean of one recurring order, money: ``recurring share * P / orders a year``, shape (n,).

    >>> order_size(np.array([12_000.0]), Behaviour()).tolist()
    [500.0]
    """
    return behaviour.recurring_share * potential / behaviour.orders_a_year


def covered_share(behaviour: Behaviour) -> float:
    """Share of what is winnable at an account that gets just the calls it needs: ``s1 = b + (1 - b) / (1 + g)``.

    >>> round(covered_share(Behaviour()), 6)
    0.7
    """
    return share(reach(1.0, behaviour.response_half, behaviour.response_shape, 0.0), behaviour.share_floor)


def openings(potential: Floats, wins_a_year: float, behaviour: Behaviour) -> Openings:
    """``rate = w * (P / mean P)**0.5`` a week, ``size = k * P**0.5`` money; w and k are solved.

    With every account just covered (x = 1), ability, effort and fit 1 and relationship 1/2, all accounts together
    bring ``wins_a_year`` wins in 52 weeks, worth ``(1 - recurring share) * s1 * sum(P)``:
    ``w = wins / (52 * s1 * p * sum((P / mean P)**0.5))``,
    ``k = (1 - recurring share) * (mean P)**0.5 / (52 * w * p)``, where p is the chance that an opportunity is won: one
    that walks the stages has to go on from each, one that walks none need not.

    Worked: two accounts of potential 100, 14 wins a year, the defaults (s1 = 0.7, p = 0.25): w = 14 / (52 * 0.7 *
    0.25 * 2) = 0.769231 openings a week; a win is worth 70 / 14 = 5.

    >>> made = openings(np.array([100.0, 100.0]), 14.0, Behaviour())
    >>> made.rate.round(6).tolist(), made.size.round(6).tolist()
    ([0.769231, 0.769231], [5.0, 5.0])
    """
    quick = behaviour.quick_share
    won = behaviour.win_odds * (quick + (1.0 - quick) * behaviour.stage_advance ** (behaviour.stages - 1))
    mean = potential.mean()
    shape = np.sqrt(potential / mean)
    w = wins_a_year / (WEEKS * covered_share(behaviour) * won * shape.sum())
    k = (1.0 - behaviour.recurring_share) * np.sqrt(mean) / (WEEKS * w * won)
    return Openings(w * shape, k * np.sqrt(potential))
