"""The planner: holds the plan's reviews while its year goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.layout import Layout
from sim.review import realigned, seen
from sim.world import Floats, Plan, World

if TYPE_CHECKING:
    from sim.mesa_engine import SalesYear


class Planner(mesa.Agent):  # type: ignore[misc]
    """Looks at the year on the dates of the plan's reviews, and changes whose accounts are whose, and quotas.

    ``sales`` are what was sold in the year before and in the one before the plan began, money, (n,), by row of the
    world.
    """

    model: SalesYear

    def __init__(
        self, model: SalesYear, world: World, plan: Plan, layout: Layout, sales: tuple[Floats, Floats]
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.world, self.review, self.layout, self.sales = world, plan.review, layout, sales
        self.changed = 0  # week in which something was

    def hold_review(self, doublings: int = 0) -> None:
        """Holds a review, where one is due before this week."""
        model, week = self.model, self.model.week
        if self.review is None or week not in self.review.weeks:
            return
        model.close_deals()
        parts = model.setting, model.state, model.out
        changes = self.review.policy(seen(*parts, self.layout, *self.sales, week, week - self.changed))
        if changes is None:
            return
        model.out.rep.reviewed[week] = changes.held * model.state.seat
        old = self.layout
        s, state, out, new = realigned(self.world, *parts, old, changes, week, self.review.holdover, doublings)
        if new is not old:
            self.changed, self.layout = week, new
        model.rearrange(s, state, out, old.place[new.rows])
