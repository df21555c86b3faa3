"""How much work accounts are: the hours a year that covering them well takes their rep, travel included."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.behaviour import Behaviour
from sim.rule import loop
from sim.rules.calling import call_hours, distance
from sim.world import Floats, Ints

PLACE = ["x_km", "y_km"]


def places(table: pd.DataFrame) -> Floats:
    """Where accounts or reps are: shape (n, 2), km east and north of the centre."""
    return np.ascontiguousarray(table[PLACE].to_numpy(dtype=np.float64))


@loop
def _kilometres(where: Floats, homes: Floats, owner: Ints, out: Floats) -> None:
    for i in range(owner.size):
        j = owner[i]
        out[i] = distance(where[i, 0], where[i, 1], homes[j, 0], homes[j, 1])


@loop
def _hours(
    km: Floats, need: Floats, talk: float, road_factor: float, road_speed: float, stops: float, out: Floats
) -> None:
    for i in range(km.size):
        out[i] = need[i] * call_hours(km[i], talk, road_factor, road_speed, stops)


def kilometres(accounts: pd.DataFrame, reps: pd.DataFrame, owner: Ints) -> Floats:
    """Straight-line distance of each account from its rep's home, km: shape (n,)."""
    out = np.empty(len(owner), dtype=np.float64)
    _kilometres(places(accounts), places(reps), np.ascontiguousarray(owner, dtype=np.int64), out)
    return out


def hours_at(km: Floats, need: Floats, behaviour: Behaviour) -> Floats:
    """Hours a year of ``need`` calls, each ``km`` from home; arrays of one shape, which is the answer's."""
    out = np.empty(np.size(km), dtype=np.float64)
    flat = np.ascontiguousarray(km, dtype=np.float64).ravel()
    calls = np.ascontiguousarray(need, dtype=np.float64).ravel()
    b = behaviour
    _hours(flat, calls, b.call_hours, b.road_factor, b.road_speed, b.stops_a_trip, out)
    return out.reshape(np.shape(km))


def hours_needed(accounts: pd.DataFrame, reps: pd.DataFrame, owner: Ints, behaviour: Behaviour, travel: bool) -> Floats:
    """Hours a year that each account takes its rep: calls needed times hours a call, shape (n,).

    ``owner`` (n,) is the row of ``reps`` for each account; without ``travel`` a call takes only its own hours.
    An account that needs 10 calls of one hour a year, 60 km from home, takes 16.5 hours; without travel 10.
    """
    km = kilometres(accounts, reps, owner) if travel else np.zeros(len(owner))
    return hours_at(km, accounts["need"].to_numpy(dtype=np.float64), behaviour)


def workloads(accounts: pd.DataFrame, reps: pd.DataFrame, owner: Ints, behaviour: Behaviour, travel: bool) -> Floats:
    """Hours a year that each rep's territory takes: shape (m,)."""
    hours = hours_needed(accounts, reps, owner, behaviour, travel)
    return np.bincount(owner, weights=hours, minlength=len(reps)).astype(np.float64)
