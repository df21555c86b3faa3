"""What a plan is watched for while its years go on: its reviews, and whether people are needed."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.growth import entered
from scenarios.hiring.need import LOOKED_AT, Staffing
from scenarios.market import Market
from scenarios.review import WEEKS as REVIEWED
from scenarios.review import Held, held
from scenarios.review.known import known
from scenarios.schema import Scenario
from scenarios.team import Team
from scenarios.territory import staying
from sim.behaviour import Behaviour
from sim.world import WEEKS, Changes, Ints, Review, ReviewPolicy, Seen


@dataclass(frozen=True)
class Watch:
    """What is done on the dates of a plan: its reviews, and whether people are needed. Either may be None."""

    held: Held | None
    weeks: tuple[int, ...]  # of the reviews
    staffing: ReviewPolicy | None
    looked_at: tuple[int, ...]  # weeks in which people are looked at

    def __call__(self, seen: Seen) -> Changes | None:
        """Accounts first go where the review wants them, then to who comes."""
        changes = self.held(seen) if self.held is not None and seen.week in self.weeks else None
        if self.staffing is None or seen.week not in self.looked_at:
            return changes
        if changes is None:
            return self.staffing(seen)
        people = self.staffing(seen._replace(owner=changes.owner, quota=changes.quota))
        return changes if people is None else people._replace(held=True)


def watched(scenario: Scenario, market: Market, team: Team, owner: Ints, behaviour: Behaviour) -> Review | None:
    """When a plan is looked at again, and what is done then; None where it never is.

    Raises InputError for a word of ``review`` or ``hiring`` that says nothing.
    """
    options, hiring = scenario.review, scenario.hiring
    weeks, looked_at = REVIEWED.get(options.name, (1,)), LOOKED_AT if hiring.most > hiring.first else ()
    last = WEEKS if scenario.years > 1 else WEEKS - 1  # 52: between two years
    dates = tuple(week for week in sorted({*weeks, *looked_at}) if week <= last)
    if not dates:
        return None
    cost = scenario.team.ote + scenario.team.overhead
    new = entered(scenario.market.entry, market) > 0 if scenario.market.entry else None
    going_by = known(market, team, owner, behaviour, staying(market, team, scenario.territory), cost, new)
    staffing = Staffing(going_by, hiring) if looked_at else None
    return Review(dates, Watch(held(options, going_by), weeks, staffing, looked_at), options.holdover)
