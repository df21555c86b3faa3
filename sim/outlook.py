"""What an account's columns let one expect: its openings, its pipeline, the chance to win it, why it would say no."""

from __future__ import annotations

from sim.rule import step, year_loop
from sim.rules.fluid import flow
from sim.rules.pipeline import loss_reason, opening_rate, win_chance
from sim.rules.response import ahead, pressure, share_won
from sim.rules.rhythm import in_month, month_of_quarter, ready_share
from sim.rules.word import base_rate, referred
from sim.setting import Setting
from sim.state import State
from sim.world import Floats


@step
def refresh(s: Setting, state: State, i: int) -> None:
    """What account i asks for and what speaks against us there, in a new year or after an event."""
    state.mean_order[i] = s.accounts.order_size[i] * state.shock[i]
    state.mean_deal[i] = s.accounts.deal_size[i] * state.root_shock[i]
    now, before = state.lead, s.accounts.lead
    launched = state.launched[i] if state.launched.size else 1.0
    state.base[i] = base_rate(s.accounts.opening_rate[i], state.root_shock[i], launched)
    state.farther[i] = ahead(now[i, 0], now[i, 1], now[i, 2], now[i, 3], now[i, 4]) - ahead(
        before[i, 0], before[i, 1], before[i, 2], before[i, 3], before[i, 4]
    )
    take_in(s, state, i)


@step
def take_in(s: Setting, state: State, i: int) -> None:
    """Of that, what news from the neighbours changes: how often account i asks, and what speaks against us."""
    b, word = s.behaviour, state.word[i] if state.word.size else 0.0
    state.opens[i] = referred(state.base[i], word, b.referral)
    state.pressure[i] = pressure(state.farther[i], b.rival_weight, word, b.review)


@year_loop
def refresh_all(s: Setting, state: State) -> None:
    """`refresh` for every account."""
    for j in range(s.reps.key.size):
        for i in range(s.starts[j], s.ends[j]):
            refresh(s, state, i)


@step
def recent(s: Setting, state: State, i: int) -> int:
    """1 where the account was called lately, this week included: a call is fresh in mind for three weeks."""
    return 1 if state.since_call[i] < s.behaviour.recent_weeks else 0


@step
def chance_to_win(s: Setting, state: State, j: int, i: int) -> float:
    """`win_chance` of an opportunity of account i, which is rep j's, that is decided now."""
    b = s.behaviour
    return win_chance(
        state.standing[i], state.effort_odds[j], state.relationship[i], recent(s, state, i),
        state.pressure[i], b.win_relationship, b.win_recent_call,
    )  # fmt: skip


@step
def win_shares(s: Setting, state: State, j: int) -> None:
    """`share_won` of rep j's accounts.

    The usual shape of 1 is written out: as a value it would have the power of every account computed, and thrown away.
    """
    b = s.behaviour
    if b.response_shape == 1.0:
        for i in range(s.starts[j], s.ends[j]):
            state.share[i] = share_won(state.goodwill[i], b.share_floor, b.response_half, 1.0, state.pressure[i])
    else:
        for i in range(s.starts[j], s.ends[j]):
            state.share[i] = share_won(
                state.goodwill[i], b.share_floor, b.response_half, b.response_shape, state.pressure[i]
            )  # fmt: skip


@step
def openings(s: Setting, state: State, i: int, share: float, demand: float) -> float:
    """`opening_rate` of account i."""
    b = s.behaviour
    return opening_rate(
        state.opens[i], share, demand,
        b.revival, state.before[i], state.fresh[i], b.repeat_share, state.relationship[i], b.order_loyalty,
    )  # fmt: skip


@step
def why(s: Setting, state: State, j: int, i: int, u: float) -> int:
    """`loss_reason` of account i, which is rep j's, as it stands now."""
    b, lead = s.behaviour, state.lead
    return loss_reason(
        u, state.relationship[i], recent(s, state, i), state.effort[j], state.ability[j], state.fit[i],
        lead[i, 0], lead[i, 1], lead[i, 2], lead[i, 3], lead[i, 4],
        b.win_ability, b.win_fit, b.win_relationship, b.win_recent_call, b.win_effort,
    )  # fmt: skip


@step
def pace_of(s: Setting, week: int) -> float:
    """What a week of the year makes of the chance that an opportunity in the last stage is decided."""
    return in_month(month_of_quarter(week), s.behaviour.first_month_pace, 1.0, s.behaviour.last_month_pace)


@step
def ready_of(s: Setting, week: int) -> float:
    """Part of what opens in a week of the year that the buyer is ready to decide."""
    return ready_share(s.behaviour.quick_share, s.behaviour.first_month_quick, month_of_quarter(week))


@step
def odds_of(s: Setting, week: int) -> float:
    """What a week of the year adds to the log-odds of winning."""
    return in_month(month_of_quarter(week), s.behaviour.first_month_odds, 0.0, s.behaviour.last_month_odds)


@step
def quick_lane(s: Setting, state: State) -> tuple[int, float]:
    """Where the expected money of opportunities that walk no stages stands, and their chance a week to be decided.

    The last stage and 0 where there are none: what is added for them is nothing.
    """
    last = s.behaviour.stages - 1
    there = state.open_money.shape[0] > s.behaviour.stages
    return (last + 1, s.behaviour.quick_hazard) if there else (last, 0.0)


@step
def move_on(s: Setting, state: State, j: int, closing: float, ready: float, opening_rate: Floats) -> None:
    """A week of rep j's expected pipeline: `flow` through all stages.

    ``opening_rate`` of its accounts open, the part ``ready`` of them in the quick lane.
    """
    b, first = s.behaviour, s.starts[j]
    last = b.stages - 1
    for stage in range(last, 0, -1):
        leaving = closing if stage == last else s.leaves[stage]
        arrives = s.leaves[stage - 1] * s.goes_on[stage - 1]
        for i in range(s.starts[j], s.ends[j]):
            entering = state.open_money[stage - 1, i] * arrives
            state.open_money[stage, i] = flow(state.open_money[stage, i], leaving, entering)
    leaving = closing if last == 0 else s.leaves[0]
    walks = 1.0 - ready
    for i in range(s.starts[j], s.ends[j]):
        opened = opening_rate[i - first] * state.mean_deal[i]
        state.open_money[0, i] = flow(state.open_money[0, i], leaving, opened * walks)
    if state.open_money.shape[0] > b.stages:
        for i in range(s.starts[j], s.ends[j]):
            opened = opening_rate[i - first] * state.mean_deal[i]
            state.open_money[b.stages, i] = flow(state.open_money[b.stages, i], b.quick_hazard, opened * ready)
