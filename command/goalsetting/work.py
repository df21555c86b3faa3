"""From data to goals: look back, quotas, the funnel both ways, and every goal judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.on_record import OnRecord, held
from command.goalsetting.plays import LEVELS, MOST_HOURS, ROUNDS, Years, always, mean_a_week, proposed
from command.goalsetting.smart import Checked, check
from command.play import like_last_year
from scenarios.build import Built, build
from scenarios.goal_file import TEAM, Goal, read_goals, whose
from scenarios.goals import as_goals, by_rep
from scenarios.identity import status_quo
from scenarios.insight.conversion import Funnel, converted, own_funnel
from scenarios.insight.facts import Facts, facts
from scenarios.insight.lookback import look_back
from scenarios.intake.data import read_data
from scenarios.intake.schema import OPEN
from scenarios.problems import InputError
from scenarios.schema import GoalsOptions, Scenario
from sim.record import Record
from sim.world import WEEKS, Floats, Goals

MORE_CALLS = 1.25  # times the calls of now, above which no activity goal is proposed
ROOM = 0.9  # of the priority accounts, called in a week, above which there is nothing to ask for

Owned = list[tuple[Goal, int]]  # goals, each with the row of its rep; -1: the team


@dataclass(frozen=True)
class Work:
    """What was found.

    ``back`` is the look back, None without history; ``quotas`` has one row a rep: quota, its chances, and the funnel
    both ways; ``goals`` are those that the quotas and calls make; ``checked`` those, or the planner's own, judged.
    ``firm`` is the firm's goal, money a year, and ``firm_chance`` how often the team reaches it under the goals judged;
    ``chance`` is what all reps have alike to reach the proposed quotas; ``record`` holds the years without goals
    against what was sold, None where they are of another plan than today's or are not meant to be like last year;
    ``proposed_too`` are the reps whose quota the planner's own file does not say; ``apart`` is why its goals are judged
    without being worked for, where that is so.
    ``begun`` is how many decided opportunities have the day they began, which a fit goes by.
    """

    built: Built
    back: pd.DataFrame | None
    quotas: pd.DataFrame
    goals: tuple[Goal, ...]
    checked: list[Checked]
    own_file: str
    firm: float
    firm_chance: float
    chance: float
    record: OnRecord | None
    proposed_too: tuple[str, ...]
    apart: tuple[str, ...]
    years: int
    digest: str
    begun: int


def expected_years(years: int) -> int:
    """How many years `work` plays."""
    return years * (4 + ROUNDS + len(LEVELS) - 1)


def work(scenario: Scenario, firm: float, growth: float, years: int, file: str, tell: Callable[[], None]) -> Work:
    """All of it. Raises InputError for data that can't be read, a plan that can't be built, goals of nobody."""
    data = read_data(scenario.market.folder)
    deals = data.table("opportunities")
    seen = facts(data) if len(deals) and (deals["outcome"] != OPEN).any() else None
    back = look_back(seen) if seen else None
    scenario = replace(scenario, goals=GoalsOptions())
    built = build(scenario)
    own = _own(file, built) if file else []
    playing = Years(built, years, tell)
    today = playing.play()
    last = built.market.sold or float(playing.sales(today).sum(axis=1).mean())
    firm = firm or _asked_of_all(own) or (1.0 + growth) * last
    link = _Link(built, seen, today)
    made, chance = proposed(playing, today, firm, link.activity)
    made = made._replace(quota=np.array([_round(one) for one in made.quota]))
    played, apart = _played(own, made, file)
    under = playing.play(always(played))
    goals = _rows(built, made)
    checked = check(
        own or [*goals, (Goal(0, TEAM, "revenue", firm, "year"), -1)],
        list(built.team.reps["name"]),
        under,
        [playing.play(always(played), effort=effort) for effort in LEVELS],
        firm,
    )
    quota = np.where(played.quota > 0.0, played.quota, made.quota)
    quotas = link.table(quota, playing, today, under)
    found = tuple(goal for goal, _ in goals)
    reached = float((playing.sales(under).sum(axis=1) >= firm).mean())
    names = built.team.reps["name"]
    without = tuple(name for name, quota in zip(names, played.quota, strict=True) if not quota)
    record = _record(scenario, built, playing.sales(today).sum(axis=1))
    begun = int(((deals["outcome"] != OPEN) & (deals["created"] >= 0)).sum()) if len(deals) else 0
    return Work(
        built,
        back,
        quotas,
        found,
        checked,
        file,
        firm,
        reached,
        chance,
        record,
        without,
        apart,
        years,
        data.digest,
        begun,
    )


def _record(scenario: Scenario, built: Built, revenue: Floats) -> OnRecord | None:
    """Sales of the years without goals, (R,), beside what was sold, by the rule of a comparison."""
    if scenario != status_quo(scenario) or not like_last_year(scenario):
        return None
    return held(built.market.sold, scenario.market.level, revenue)


def _played(own: Owned, made: Goals, file: str) -> tuple[Goals, tuple[str, ...]]:
    """What the simulated reps work for; and why it is nothing where the goals can't be at once in one team."""
    if not own:
        return made, ()
    try:
        return as_goals(own, len(made.quota), GoalsOptions(file=file)), ()
    except InputError as error:
        nothing = np.zeros(len(made.quota))
        return Goals(nothing, nothing, False, 1), error.problems


def _own(file: str, built: Built) -> Owned:
    """The planner's goals. Raises InputError where one is for nobody of the team."""
    goals, reps = read_goals(file), built.team.reps
    return list(zip(goals, whose(goals, list(reps["id"]), list(reps["name"]), file), strict=True))


def _asked_of_all(own: Owned) -> float:
    """The team's revenue for a year, where the planner's own goals have one."""
    asked = [goal.a_year for goal, rep in own if rep < 0 and goal.rep and goal.measure == "revenue" and not goal.lacks]
    return asked[0] if asked else 0.0


def _rows(built: Built, made: Goals) -> Owned:
    """Quotas and calls a week as goals, rep by rep, the largest quota first; none of 0."""
    rows: Owned = []
    ids = list(built.team.reps["id"])
    for row in sorted(range(len(ids)), key=lambda one: (-made.quota[one], ids[one])):
        rep = ids[row]
        if made.quota[row] > 0.0:  # who has nothing to sell gets none
            rows.append((Goal(0, str(rep), "revenue", float(made.quota[row]), "year"), row))
        if made.activity[row] >= 1.0:
            rows.append((Goal(0, str(rep), "priority_calls", float(made.activity[row]), "week"), row))
    return rows


def _round(amount: float) -> float:
    """To three figures, as goals are said."""
    return float(f"{amount:.3g}")


class _Link:
    """From each rep's quota to calls, and back."""

    def __init__(self, built: Built, seen: Facts | None, today: Record) -> None:
        self.built = built
        self.need = by_rep(built.world.accounts.need, built.plan.owner, len(built.team.reps)) / WEEKS
        self.priority = mean_a_week(today, "priority_calls")
        self.to_call = by_rep(built.world.accounts.priority, built.plan.owner, len(built.team.reps))
        calls = mean_a_week(today, "calls")
        self.measured = np.zeros(len(calls), dtype=bool)
        if seen is None:
            won, opened = (WEEKS * mean_a_week(today, measure) for measure in ("won", "opened"))
            money = WEEKS * np.asarray(today.rep_week["won_revenue"].mean(axis=(0, 1))) / 100.0
            orders = WEEKS * np.asarray(today.rep_week["order_revenue"].mean(axis=(0, 1))) / 100.0
            self.funnel = Funnel(calls, opened, won / np.maximum(opened, 1e-9), money / np.maximum(won, 1e-9), orders)
        else:
            self.funnel, self.measured = own_funnel(seen, list(built.team.reps["id"]), calls)

    def activity(self, quota: Floats) -> Floats:
        """Calls on priority accounts a week that go with quotas, whole ones: those of now, or up to a quarter more.

        An account is called once a week at most; who calls nearly all of them every week anyway gets no such goal.
        """
        table = converted(self.funnel, quota, self.need, self.built.behaviour)
        more = (table["calls_needed"] / table["calls"].clip(lower=1e-9)).clip(1.0, MORE_CALLS)
        asked = np.minimum(np.round(self.priority * more.to_numpy(np.float64)), ROOM * self.to_call)
        return np.where(self.priority < ROOM * self.to_call, np.floor(asked), 0.0)

    def table(self, quota: Floats, playing: Years, today: Record, under: Record) -> pd.DataFrame:
        """`converted`, with the rep before it and after it what the played years say.

        Columns: rep, name; those of `converted`; counted (the calls of now are in the data); all_called (nearly all
        priority accounts are called every week now); chance (with these goals),
        chance_now (without goals), chance_with_calls (without goals, the calls that are needed made, at most MOST_HOURS
        times those of now); low and high (8 in 10 of the years' sales at the calls of now).
        """
        table = converted(self.funnel, quota, self.need, self.built.behaviour)
        more = (table["calls_needed"] / table["calls"].clip(lower=1e-9)).clip(0.2, MOST_HOURS).to_numpy(np.float64)
        with_calls = playing.sales(playing.play(effort=1.0, hours=more))
        now, then = playing.sales(today), playing.sales(under)
        low, high = np.quantile(now, (0.1, 0.9), axis=0)
        table.insert(0, "rep", self.built.team.reps["id"].to_numpy())
        table.insert(1, "name", self.built.team.reps["name"].to_numpy())
        return table.assign(
            counted=self.measured,
            all_called=(self.to_call > 0.0) & (self.priority >= ROOM * self.to_call),
            chance=(then >= quota).mean(axis=0),
            chance_now=(now >= quota).mean(axis=0),
            chance_with_calls=(with_calls >= quota).mean(axis=0),
            low=low,
            high=high,
        ).sort_values(["quota", "rep"], ascending=[False, True], ignore_index=True)
