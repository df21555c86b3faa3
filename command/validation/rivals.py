"""Rival models: the same program without one mechanism. Each must fail the pattern that tells it from ours."""

from __future__ import annotations

from typing import NamedTuple

from sim.behaviour import Behaviour


class Rival(NamedTuple):
    """A model that lacks a mechanism, and the pattern (with the statistic) that must tell."""

    name: str
    lacks: str
    behaviour: Behaviour
    pattern: int
    statistic: str


BASE = Behaviour()
RIVALS = (
    Rival(
        "no carry-over", "goodwill is gone after a week", BASE._replace(carry_over=0.0),
        3, "first four weeks, recurring orders",
    ),
    Rival(
        "relationship kept", "a new rep inherits the whole relationship", BASE._replace(relationship_kept=1.0),
        9, "change of sales, per cent",
    ),
    Rival(
        "constant effort", "effort does not answer to pay and goals", BASE._replace(effort_response=0.0),
        12, "best over easiest, points",
    ),
    Rival(
        "fully rational", "calls go where they bring most, comfort counts nothing", BASE._replace(comfort_pull=0.0),
        1, "rank correlation",
    ),
)  # fmt: skip
