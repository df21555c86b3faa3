"""What an account's columns let one expect: its openings, the chance to win it, and why it would say no."""

from __future__ import annotations

from sim.rule import step
from sim.rules.pipeline import loss_reason, opening_rate, win_chance
from sim.setting import Setting
from sim.state import State


@step
def recent(state: State, i: int) -> int:
    """1 where the account was called within three weeks, this one included."""
    return 1 if state.since_call[i] < 3.0 else 0


@step
def chance_to_win(s: Setting, state: State, i: int) -> float:
    """`win_chance` of an opportunity of account i that is decided now."""
    b = s.behaviour
    return win_chance(
        state.standing[i], state.effort_odds[state.owner[i]], state.relationship[i], recent(state, i),
        state.pressure[i], b.win_relationship, b.win_recent_call,
    )  # fmt: skip


@step
def openings(s: Setting, state: State, i: int, demand: float) -> float:
    """`opening_rate` of account i, with half of the year's shock in the number and half in the size."""
    b = s.behaviour
    return opening_rate(
        s.accounts.opening_rate[i] * state.root_shock[i], state.share[i], demand,
        b.revival, state.before[i], state.fresh[i], b.repeat_share, state.relationship[i], b.order_loyalty,
    )  # fmt: skip


@step
def why(s: Setting, state: State, i: int, u: float) -> int:
    """`loss_reason` of account i as it stands now."""
    b, lead = s.behaviour, s.accounts.lead
    j = state.owner[i]
    return loss_reason(
        u, state.relationship[i], recent(state, i), state.effort[j], s.reps.ability[j], state.fit[i],
        lead[i, 0], lead[i, 1], lead[i, 2], lead[i, 3],
        b.win_ability, b.win_fit, b.win_relationship, b.win_recent_call, b.win_effort,
    )  # fmt: skip
