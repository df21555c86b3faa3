"""What comes before a week: dated events, news from neighbours, reps who leave and those who come.

The events of one account or rep stand here once, for both engines; who goes through them is the engine's matter.
"""

from __future__ import annotations

from sim.draws import QUIT, four, normal
from sim.elementary import exp
from sim.handover import meet_rep
from sim.outlook import refresh, take_in
from sim.rule import loop, step
from sim.rules.people import pay_gap, quit_chance, ramp
from sim.rules.relationship import handed_over
from sim.rules.word import root, told
from sim.setting import Out, Setting
from sim.state import State
from sim.world import CUSTOMER, DEMAND, LAPSED, LAUNCH, LEAD, LEAVES, NOBODY


@step
def befall(s: Setting, state: State, e: int, i: int) -> None:
    """Event e happens to account i: demand, the competitor's lead or the products on offer change from now on."""
    amount = s.events.amount[e]
    if s.events.what[e] == DEMAND:
        state.shock[i] *= 1.0 + amount
        state.growth[i] *= 1.0 + amount
        state.root_shock[i] = root(state.shock[i])
    elif s.events.what[e] == LEAD:
        criterion = s.events.criterion[e]
        state.lead[i, criterion] = min(1.0, max(-1.0, state.lead[i, criterion] + amount))
    elif s.events.what[e] == LAUNCH:
        state.launched[i] *= 1.0 + amount
    refresh(s, state, i)


@step
def speak(state: State, i: int) -> None:
    """What account i says of us, as it was at last week's end."""
    state.said[i] = told(state.status[i] == CUSTOMER, state.status[i] == LAPSED, state.relationship[i])


@step
def hear(s: Setting, state: State, i: int) -> None:
    """Account i hears what its neighbours said of us, and takes it in."""
    said = 0.0
    for place in range(s.neighbours.shape[1]):
        said += state.said[s.neighbours[i, place]]
    state.word[i] = said / s.neighbours.shape[1]
    take_in(s, state, i)


@step
def vacate(s: Setting, state: State, j: int) -> None:
    """Rep j is gone: its accounts lose most of the relationship; colleagues of average ability call on them."""
    b = s.behaviour
    state.vacancy[j] = int(b.vacancy_weeks)
    state.hired[j] = 1
    state.ability[j] = 1.0
    state.ramp[j] = 1.0
    state.gone[j] += 1
    for i in range(s.starts[j], s.ends[j]):
        state.before[i] = state.relationship[i]
        state.relationship[i] = handed_over(state.relationship[i], b.relationship_kept, b.similarity_bonus, 0.0)
        meet_rep(s, state, j, i)


@step
def arrive(s: Setting, state: State, j: int, ability: float) -> None:
    """Somebody new takes rep j's place: a fresh face for every account, with everything to learn."""
    state.ability[j] = ability
    state.seat[j] = state.hired[j] = 1
    state.tenure[j] = 0.0
    state.missed[j] = 0
    state.paid[j] = 0
    for i in range(s.starts[j], s.ends[j]):
        state.fresh[i] = 1.0
        meet_rep(s, state, j, i)


@loop
def stay_or_go(s: Setting, state: State, out: Out, week: int, j: int, gone: float) -> None:
    """Rep j leaves or stays, or its empty place is filled; ``gone`` is the part of the team that left this year."""
    b = s.behaviour
    if state.vacancy[j] >= NOBODY:
        return
    leaves, ability, _, _ = four(s.seed, s.replication, QUIT, s.reps.key[j], s.first_week + week, 0)
    there = state.vacancy[j] == 0
    if there:
        weeks = min(state.tenure[j], float(week)) if state.hired[j] else float(week)
        gap = pay_gap(state.paid[j] / 100.0, s.pay.ote / 52.0 * weeks)
        chance = quit_chance(
            b.quit_a_year, state.missed[j], gap, gone, b.quit_missed, b.quit_gap, b.quit_peers
        )  # fmt: skip
        told_to = False
        for e in range(s.events.week.size):
            told_to = told_to or (s.events.what[e] == LEAVES and s.events.week[e] == week and s.events.seat[e] == j)
        if told_to or leaves < chance:
            vacate(s, state, j)
            out.rep.left[week, j] = 1
            there = False
    else:
        state.vacancy[j] -= 1
    if not there and state.vacancy[j] == 0:
        spread = b.hire_spread
        out.rep.hired[week, j] = 1 - state.seat[j]
        arrive(s, state, j, exp(spread * normal(ability) - 0.5 * spread * spread))
    if state.hired[j] and state.vacancy[j] == 0:
        state.ramp[j] = ramp(state.tenure[j], b.ramp_lost, b.ramp_weeks)
        state.tenure[j] += 1.0
    out.rep.vacant[week, j] = state.seat[j] * (state.vacancy[j] > 0)


@loop
def lend_hours(s: Setting, state: State) -> None:
    """Hours of this week: an empty place has what the colleagues nearby give, and they have that much less."""
    for j in range(s.reps.key.size):
        state.time[j] = s.reps.hours[j] if state.vacancy[j] == 0 else 0.0
    for j in range(s.reps.key.size):
        if state.vacancy[j] > 0 and state.seat[j]:
            for place in range(s.colleagues.shape[1]):
                other = s.colleagues[j, place]
                given = s.behaviour.cover_share * s.reps.hours[j] / s.colleagues.shape[1]
                given = min(given, state.time[other])
                if state.vacancy[other] == 0 and other != j:
                    state.time[j] += given
                    state.time[other] -= given


@loop
def next_meeting(s: Setting, week: int) -> int:
    """The next week after ``week`` before which something may come: the very next where reps may leave or news go
    round, else that of the next dated event, or the end.
    """
    if s.colleagues.shape[0] or s.neighbours.shape[0]:
        return week + 1
    coming = s.weeks
    for e in range(s.events.week.size):
        if week < s.events.week[e] < coming:
            coming = s.events.week[e]
    return coming


@loop
def meet(s: Setting, state: State, out: Out, week: int) -> None:
    """What comes before a week: people first, then what accounts say, then dated events in the order given.

    Each account hears its neighbours when its territory's week begins: what it hears and what befalls it both stand
    in its columns then, so that their order changes nothing.
    """
    if s.colleagues.shape[0]:
        gone = places = 0
        for j in range(s.reps.key.size):
            gone += state.gone[j]
            places += state.seat[j]
        share = gone / places
        for j in range(s.reps.key.size):
            stay_or_go(s, state, out, week, j, share)
        lend_hours(s, state)
    if s.neighbours.shape[0]:
        for j in range(s.reps.key.size):
            for i in range(s.starts[j], s.ends[j]):
                speak(state, i)
    for e in range(s.events.week.size):
        if s.events.week[e] == week and s.events.what[e] != LEAVES:
            for j in range(s.reps.key.size):
                for i in range(s.starts[j], s.ends[j]):
                    if s.events.concerns[e, i]:
                        befall(s, state, e, i)
