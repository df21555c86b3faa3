"""Years in a row: each goes on from what the one before left."""

from __future__ import annotations

from collections.abc import Sequence

from sim.layout import Layout
from sim.review import seek, seen
from sim.state import State
from sim.world import WEEKS, Ints, Plan, World
from sim.year import Played, Prepared, Start, closed, known_sales, play_year, played_through


def _gone_on(year: Prepared, layout: Layout, start: Start, inspected: bool, reviewed: bool) -> tuple[Played, Start]:
    """A played year closed, and where the next one begins: accounts, people, open opportunities as it leaves them."""
    # What no event touched stays the market's own column: a copy would count as changed.
    left = {name: column if name == "lead" else column.copy() for name, column in year.state._asdict().items()}
    played = closed(year, layout, inspected)
    account = played.out.account
    return played, Start(
        State(**left),
        account.order_revenue + account.won_revenue,
        account.fluid_orders + account.fluid_won,
        account.calls,
        start.year + 1,
        layout,
        played.quota,
        reviewed,
        start.sales if start.before is None else start.before,
    )


def years_in_a_row(
    world: World, plans: Sequence[Plan], replication: int, start: Start, engine: str = "compiled"
) -> list[Played]:
    """One year after the other in one replication, each under its own plan; the first goes on from ``start``.

    Accounts, people and open opportunities are what the year before left; goals are set on what it brought.
    """
    years = []
    for plan in plans:
        year, layout, _ = played_through(world, plan, replication, start, engine, WEEKS, False, 0)
        played, start = _gone_on(year, layout, start, False, False)
        years.append(played)
    return years


def year_of_plan(
    world: World, plan: Plan, number: int, owner: Ints, replication: int, start: Start, engine: str, inspected: bool
) -> tuple[Played, Ints, Start]:
    """One of a plan's years, from 0, in which ``owner`` (n,) has the accounts; who has them in the next one, and
    where that begins. A review between the two may move accounts.
    """
    now = plan.in_year(number, owner)
    year, layout, changed = played_through(world, now, replication, start, engine, WEEKS, inspected, 0)
    owner, held = layout.owner[layout.place], None
    if plan.review is not None and WEEKS in plan.review.weeks:
        held = plan.review.policy(seen(*year, layout, *known_sales(start), WEEKS, WEEKS - changed))
    if held is not None:
        owner = held.owner
        seek(year.state, held)
    played, start = _gone_on(year, layout, start, inspected, held is not None and held.held)
    return played, owner, start


def play_plan(
    world: World, plan: Plan, replication: int, start: Start, engine: str = "compiled", inspected: bool = False
) -> list[Played]:
    """All years of a plan in one replication, one after the other; accounts stay with whom reviews gave them."""
    years, owner = [], plan.owner
    for number in range(plan.years - 1):
        played, owner, start = year_of_plan(world, plan, number, owner, replication, start, engine, inspected)
        years.append(played)
    last = plan.in_year(plan.years - 1, owner)
    return [*years, play_year(world, last, replication, start, engine, inspected=inspected)]
