"""What an account's columns let one expect: its openings, its pipeline, the chance to win it, why it would say no."""

from __future__ import annotations

from sim.rule import step
from sim.rules.fluid import flow
from sim.rules.pipeline import loss_reason, opening_rate, win_chance
from sim.setting import Setting
from sim.state import State
from sim.world import Floats


@step
def recent(state: State, i: int) -> int:
    """1 where the account was called within three weeks, this one included."""
    return 1 if state.since_call[i] < 3.0 else 0


@step
def chance_to_win(s: Setting, state: State, j: int, i: int) -> float:
    """`win_chance` of an opportunity of account i, which is rep j's, that is decided now."""
    b = s.behaviour
    return win_chance(
        state.standing[i], state.effort_odds[j], state.relationship[i], recent(state, i),
        state.pressure[i], b.win_relationship, b.win_recent_call,
    )  # fmt: skip


@step
def openings(s: Setting, state: State, i: int, share: float, demand: float) -> float:
    """`opening_rate` of account i, with half of the year's shock in the number and half in the size."""
    b = s.behaviour
    return opening_rate(
        s.accounts.opening_rate[i] * state.root_shock[i], share, demand,
        b.revival, state.before[i], state.fresh[i], b.repeat_share, state.relationship[i], b.order_loyalty,
    )  # fmt: skip


@step
def why(s: Setting, state: State, j: int, i: int, u: float) -> int:
    """`loss_reason` of account i, which is rep j's, as it stands now."""
    b, lead = s.behaviour, s.accounts.lead
    return loss_reason(
        u, state.relationship[i], recent(state, i), state.effort[j], s.reps.ability[j], state.fit[i],
        lead[i, 0], lead[i, 1], lead[i, 2], lead[i, 3],
        b.win_ability, b.win_fit, b.win_relationship, b.win_recent_call, b.win_effort,
    )  # fmt: skip


@step
def move_on(s: Setting, state: State, j: int, closing: float, opened: Floats) -> None:
    """A week of rep j's expected pipeline: `flow` through all stages; ``opened`` (n,) is the money that opens."""
    b = s.behaviour
    last = b.stages - 1
    arrives = b.stage_hazard * b.stage_advance
    for stage in range(last, 0, -1):
        leaving = closing if stage == last else b.stage_hazard
        for i in range(s.starts[j], s.starts[j + 1]):
            entering = state.open_money[stage - 1, i] * arrives
            state.open_money[stage, i] = flow(state.open_money[stage, i], leaving, entering)
    leaving = closing if last == 0 else b.stage_hazard
    for i in range(s.starts[j], s.starts[j + 1]):
        state.open_money[0, i] = flow(state.open_money[0, i], leaving, opened[i])
