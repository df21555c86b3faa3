"""Patterns of response: what selling more brings, and how long a call is felt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from command.validation.lab import Lab, Readings, fluid, no_goals
from sim.agents import Customer, Rep
from sim.draws import column
from sim.mesa_engine import SalesYear
from sim.world import WEEKS, Floats, Ints, Plan
from sim.year import Played, Prepared, Start, play_year, prepare

STOP = 4  # weeks without a call
LATER = STOP + WEEKS / 12  # a month after them
SEEN = 9  # weeks played, the first that reach so far
QUARTER = 13
STOPPED = 1000  # a stream of luck of its own, see `sim.draws`: account, index = replication: 0 is it in the tenth


def selling_elasticity(lab: Lab) -> Readings:
    """Pattern 3: per cent of sales for one per cent of selling hours, at once and in the long run."""
    more, less = lab.with_hours(1.1), lab.with_hours(0.9)
    at_once = [lab.year(world, begun_in=lab.base, weeks=4) for world in (more, less)]
    return {
        "long run": long_run_elasticity(lab),
        "first four weeks": elasticity(*(fluid(played) for played in at_once)),
        "first four weeks, recurring orders": elasticity(*(_orders(played) for played in at_once)),
    }


def elasticity(more: Floats, less: Floats) -> Floats:
    """Per cent of sales for one per cent of hours, from sales with hours 10 % up and 10 % down."""
    per_cent: Floats = np.log(more / less) / np.log(1.1 / 0.9)
    return per_cent


def long_run_elasticity(lab: Lab) -> Floats:
    """The same once hours have always been so: each side has a burn-in of its own."""
    return elasticity(*(fluid(lab.year(lab.with_hours(factor))) for factor in (1.1, 0.9)))


def _orders(played: list[Played]) -> Floats:
    return np.array([float(p.out.account.fluid_orders.sum()) for p in played])


def carry_over(lab: Lab) -> Readings:
    """Pattern 4: what calls did is felt for months (Mizik & Jacobson 2004).

    A tenth of the accounts, drawn anew for each replication, gets no calls for four weeks. Every other call is made as
    in the undisturbed year: nobody profits from the hours, and nobody makes up for the stop. Their *demand* of a
    week is the recurring orders to be expected and the worth, at the usual chance to win, of the opportunities that are
    expected to open: what answers to goodwill and relationship in the same week, as prescriptions do in the source.
    Sales would not tell: an opportunity is decided a median of ten weeks after it opened, and then a call within three
    weeks raises its chance, which the stop takes from every account and the first call after it gives back. They are
    shown.

    Worked for goodwill alone: calls that would have held it at 1 leave 0.96**4 = 0.85 of it after four weeks without.
    From then on they are made as before, so what is lacking fades as all goodwill does: 0.96**4.33 = 0.84 of the
    0.15 is lacking still 4.33 weeks later.

    The second statistic is pattern 3's long run over the elasticity of the first 13 weeks from today's state.
    """
    plan = Plan(np.array(lab.base.current), no_goals, lab.pay)
    left = [month_after_stop(lab, plan, number, start) for number, start in enumerate(lab.starts(lab.base))]
    quarter = elasticity(
        *(fluid(lab.year(lab.with_hours(factor), begun_in=lab.base, weeks=QUARTER)) for factor in (1.1, 0.9))
    )
    return {
        "deficit of demand 4.33 weeks later over that at the end of the stop": np.array([demand for demand, _ in left]),
        "the same of expected sales, pipeline and odds": np.array([sales for _, sales in left]),
        "long-run elasticity over that of the first 13 weeks": long_run_elasticity(lab) / quarter,
    }


def month_after_stop(lab: Lab, plan: Plan, replication: int, start: Start) -> tuple[float, float]:
    """What is left a month after the stop of the deficit at its end: of demand, and of expected sales."""
    uniforms = column(lab.base.seed, STOPPED, 0, lab.base.accounts.key, replication)
    tenth = np.argsort(uniforms, kind="stable")[: uniforms.size // 10]
    undisturbed = play_year(lab.base, plan, replication, start, weeks=SEEN, inspected=True)
    calls = undisturbed.out.account_week.called.astype(bool)
    stopped = calls.copy()
    stopped[:STOP, tenth] = False

    def replayed(made: NDArray[np.bool_]) -> Replay:
        year = Replay(prepare(lab.base, plan, replication, start, weeks=SEEN), made, tenth)
        year.play()
        year.remove_all_agents()
        return year

    whole, less = replayed(calls), replayed(stopped)
    return left_of_deficit(whole.demand, less.demand), left_of_deficit(whole.sales, less.sales)


def left_of_deficit(whole: Floats, less: Floats) -> float:
    """What a month leaves of the deficit at the stop's end, as a share of it; both (weeks, n), summed over accounts.

    The deficit of a week is ``1 - less / whole``: the season falls out. A month ends between two weeks.
    """
    deficit = 1.0 - less.sum(axis=1) / whole.sum(axis=1)
    return float(np.interp(LATER, np.arange(1, SEEN + 1), deficit) / deficit[STOP - 1])


class Replay(SalesYear):
    """A year in which all calls are given, (weeks, n) by row of the world, and some accounts, by row, are looked at.

    ``demand`` and ``sales`` (weeks, n) are theirs, money: what they are expected to ask for in a week, and to buy;
    0 for all others.
    """

    def __init__(self, year: Prepared, calls: NDArray[np.bool_], seen: Ints) -> None:
        customers = dict.fromkeys(range(calls.shape[1]), Unseen) | dict.fromkeys(seen.tolist(), Seen)
        super().__init__(*year, dict.fromkeys(range(year.setting.reps.key.size), Bidden), customers)
        self.calls, self.demand, self.sales = calls, np.zeros(calls.shape), np.zeros(calls.shape)


class Bidden(Rep):
    """A rep who makes the calls that are given."""

    model: Replay

    def choose_calls(self) -> list[Customer]:
        """This week's calls of the list, whatever their hours."""
        return [customer for customer in self.customers if self.model.calls[self.model.week, customer.account]]


class Seen(Customer):
    """A customer whose expected demand and sales are written down when it responds."""

    model: Replay

    def expect(self, from_recurring: float) -> None:
        """Writes down the week: orders and openings at the usual chance to win, and what the fluid shadow books."""
        year, bought, i = self.model, self.model.out.account, self.row
        before = bought.fluid_orders[i] + bought.fluid_won[i]
        super().expect(from_recurring)
        opened = self.openings * self.deal_size
        year.demand[year.week, self.account] = from_recurring + opened * year.setting.behaviour.win_odds
        year.sales[year.week, self.account] = (bought.fluid_orders[i] + bought.fluid_won[i] - before) / 100.0


class Unseen(Customer):
    """A customer that does nothing: calls are given, so that what it does would touch nobody who is looked at."""

    def order(self) -> None:
        """Nothing."""

    def decide(self) -> None:
        """Nothing."""

    def leave(self) -> None:
        """Nothing."""

    def forget(self) -> None:
        """Nothing."""
