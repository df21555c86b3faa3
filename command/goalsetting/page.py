"""The goals in words and tables: a page, and a CSV file each for what is proposed, seen, converted and judged."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from analysis.goals import MATTER_OF_COURSE, OUT_OF_REACH, verdict
from analysis.on_record import ALIKE, AS_ASKED, AS_GOOD, FAR, MAY_BE_LUCK, OFF, beside
from command.goalsetting.plays import LEVELS, MOST_HOURS
from command.goalsetting.smart import LETTERS, Checked
from command.goalsetting.work import Work
from scenarios.crm.unsold import NOTE
from scenarios.goal_file import TEAM
from scenarios.insight.facts import each
from scenarios.intake.markup import cell, table
from scenarios.intake.writing import publish

PAGE = "goals.md"
PROPOSED, BACK, FUNNEL, SMART = "goals.csv", "look_back.csv", "funnel.csv", "smart.csv"


def write(done: Work, folder: Path, again: str) -> list[str]:
    """Writes the page and its tables, all or nothing; returns the files' names, the page first, proposed goals next.

    Where goals of the planner's own are judged, no proposed ones are written: they might be written over those.
    ``again`` is the line that makes the same page. Raises InputError where nothing can be written.
    """
    tables = {} if done.own_file else {PROPOSED: proposed(done)}
    tables |= {FUNNEL: done.quotas, SMART: judged(done)}
    if done.back is not None:
        tables[BACK] = done.back
    return publish(folder, PAGE, page(done, again), tables, "%.12g")


def proposed(done: Work) -> pd.DataFrame:
    """The proposed goals as `goals=from_file` reads them."""
    rows = [(goal.rep, goal.measure, goal.target, goal.every) for goal in done.goals]
    return pd.DataFrame(rows, columns=["rep", "measure", "target", "every"])


def judged(done: Work) -> pd.DataFrame:
    """One row a goal: what it is, its chance, how far it is in the rep's hands, and a sentence a letter of SMART."""
    rows = [
        {
            "rep": one.name, "measure": one.goal.measure, "target": one.goal.target, "every": one.goal.every,
            "since": one.goal.since or "", "until": one.goal.until or "", "chance": one.chance, "years": one.years,
            "verdict": one.verdict, "own_hands": one.own_hands, "part": one.part,
            **dict(zip((letter.replace("-", "_") for letter in LETTERS), one.says, strict=True)),
        }
        for one in done.checked
    ]  # fmt: skip
    return pd.DataFrame(rows)


def page(done: Work, again: str) -> list[str]:
    """The page as Markdown."""
    lines = ["# Goals", "", *assumed(done)]
    lines += ["", f"Data `{done.digest[:12]}`, seed {done.built.world.seed}; again: `{again}`."]
    lines += _back(done)
    lines += _proposals(done) if not done.own_file else []
    lines += _funnel(done)
    lines += _judged(done)
    return lines


def assumed(done: Work) -> list[str]:
    """What a reader has to know first: where the numbers come from, and what they don't hold."""
    counted = (
        f"Chances are counted in {done.years} simulated years of next year's market under these goals; with as many, a "
        f"chance of one half is known to {_error(done.years):.0f} points (8 in 10). They hold luck, not how wrong the "
        "simulated business may be about the real one."
    )
    said = [counted]
    if done.back is None:
        said.append(f"There is no year to look back on. {NOTE}")
    else:
        said.append(
            f"{_beside_record(done)} A rep's simulated sales may differ from last year's: who did very well or badly "
            "is taken to have had luck in it."
        )
    if done.apart:
        said.append(f"These goals can't be worked for at once, so they are judged as if nobody did: {done.apart[0]}.")
    if not done.quotas["counted"].all():
        few = "The data holds no calls" if not done.quotas["counted"].any() else "Some reps have no calls in the data"
        said.append(f"{few}: how many they make now is what the simulated reps make, in hours that are assumed.")
    return said


def _beside_record(done: Work) -> str:
    """What was sold by the data, and whether the years without goals sell as much."""
    assert done.back is not None
    market, seen, record = done.built.market, float(done.back["revenue"].iloc[0]), done.record
    money = market.currency
    far = abs(seen / market.sold - 1.0) > ALIKE if market.sold else False
    rest = f" ({money}{seen:,.0f} with orders that no account in play can be given)" if far else ""
    sold = f"{money}{market.sold:,.0f} a year sold by the data{rest}"
    if record is None:
        return (
            f"On record are the {sold}. The years played are not meant to be that year again, with another plan or in "
            "another market, and are not held against it."
        )
    much = "as good as" if abs(record.off) < FAR else beside(record.off)
    said = f"Played as it is, today's plan sells {money}{record.sold_in_play:,.0f} in the mean year, {much} the {sold}"
    stand = "the quotas and chances stand on the business in play"
    why = {
        AS_GOOD: "",
        AS_ASKED: f", as market.level={record.asked:g} asks: {stand}",
        MAY_BE_LUCK: f", which may be the luck of the {done.years} years played",
        OFF: f": {stand}; market.level={record.level:g} would bring it about to the record",
    }
    return f"{said}{why[record.verdict]}."


def _error(years: int) -> float:
    return 100.0 * 1.28 * math.sqrt(0.25 / years)


def _back(done: Work) -> list[str]:
    if done.back is None:
        return []
    money, word = done.built.market.currency, done.back["period"].iloc[0]
    names = dict(zip(done.built.team.reps["id"], done.built.team.reps["name"], strict=True))
    head = (
        "", f"revenue {money}", "sales", f"average {money}", "customers", f"a customer {money}", "win rate",
        "new customers", "growth", f"worst {word} × {_times(word)}", f"best {word} × {_times(word)}",
    )  # fmt: skip
    body = [
        (
            names.get(row.rep, row.rep), _whole(row.revenue), _whole(row.sales), _whole(row.average),
            _whole(row.customers), _whole(row.average_customer), _percent(row.win_rate), _whole(row.new_customers),
            _signed(row.growth), _whole(row.worst), _whole(row.best),
        )
        for row in each(done.back)
    ]  # fmt: skip
    return ["", "## A look back", "", "Amounts are of a year.", "", *table(head, body)]


def _times(word: str) -> int:
    return 4 if word == "quarter" else 12


def _proposals(done: Work) -> list[str]:
    money = done.built.market.currency
    total = sum(goal.target for goal in done.goals if goal.measure == "revenue")
    how = (
        f"The firm's goal is {money}{done.firm:,.0f}. Shared so that every rep has the same chance to reach its part, "
        f"it makes quotas of {money}{total:,.0f} together, and that chance is {done.chance:.0%}. Calls are those on "
        "priority accounts that the rep makes now, or up to a quarter more where its quota asks for more; *all* is who "
        "calls nearly all of them every week already: there is nothing to ask for."
    )
    calls = {goal.rep: goal.target for goal in done.goals if goal.measure != "revenue"}
    sold = {} if done.back is None else dict(zip(done.back["rep"], done.back["revenue"], strict=True))
    head = (
        "rep", f"last year {money}", f"quota {money}", "chance", "without goals", "8 in 10 without goals",
        "priority calls a week",
    )  # fmt: skip
    body = [
        (
            row.name, _whole(sold.get(row.rep, math.nan)), _whole(row.quota), _percent(row.chance),
            _percent(row.chance_now), f"{_whole(row.low)} to {_whole(row.high)}",
            _whole(calls[row.rep]) if row.rep in calls else "all" if row.all_called else "",
        )
        for row in each(done.quotas)
    ]  # fmt: skip
    return ["", "## Proposed", "", how, "", *table(head, body)]


def _funnel(done: Work) -> list[str]:
    money = done.built.market.currency
    how = (
        "What each quota asks for through the rep's own funnel: wins at its mean sale, opportunities at its win rate, "
        "and the calls that bring them. More calls bring ever less, so the last tenth of a quota may take half as "
        "many calls again, or no number of calls brings it. The chance is that of the quota in years in which those "
        f"calls are made (at most {MOST_HOURS:g} times those of now) and nothing else is aimed at. The way back, what "
        "the calls of now bring, stands beside it."
    )
    if (done.quotas["wins_needed"] * done.quotas["sale"] < 0.99 * done.quotas["quota"]).any():
        how += " Where wins at that sale make less than the quota, recurring orders, grown alike, bring the rest."
    if done.own_file and done.proposed_too:
        how += f" The file has no quota for {', '.join(done.proposed_too)}: theirs are the proposed ones."
    head = (
        "rep", f"quota {money}", "wins", "opportunities", "calls a week", "chance with them",
        "calls a week now", f"bring {money}, 8 in 10",
    )  # fmt: skip
    body = [
        (
            row.name, _whole(row.quota), f"{_whole(row.wins_needed)} at {_whole(row.sale)}",
            f"{_whole(row.opportunities_needed)} at {_percent(row.win_rate)}", _calls(row.calls_needed, row.calls),
            _percent(row.chance_with_calls), _calls(row.calls), f"{_whole(row.low)} to {_whole(row.high)}",
        )
        for row in each(done.quotas)
    ]  # fmt: skip
    return ["", "## A quota in calls, and back", "", how, "", *table(head, body)]


def _judged(done: Work) -> list[str]:
    whose = f"those of `{cell(Path(done.own_file).name)}`" if done.own_file else "the proposed ones"
    how = (
        f"SMART for {whose}. Below {OUT_OF_REACH:.0%} a goal is called out of reach, above {MATTER_OF_COURSE:.0%} a "
        "matter of course. *Own hands* is the share of the variance of what is counted that effort explains, where it "
        f"is {', '.join(f'{level:g}' for level in LEVELS)} times the usual; the rest is luck and the market. *More "
        "effort* is the last of these against the first."
    )
    head = ("rep", "goal", "chance", "own hands", *LETTERS)
    body = [(one.name, said(one), _percent(one.chance), _percent(one.own_hands), *one.says) for one in done.checked]
    return ["", "## Are they SMART?", "", how, "", *table(head, body)]


def said(one: Checked) -> str:
    """A goal in words."""
    goal = one.goal
    when = f"a {goal.every}" if goal.every else f"by {goal.until}" if goal.until else ""
    return f"{goal.measure or '?'} {_whole(goal.target)} {when}".strip()


def sentences(done: Work) -> list[str]:
    """What the terminal says below the table."""
    reached = f"reached in {done.firm_chance:.0%} of {done.years} years"
    told = [f"the firm's {done.built.market.currency}{done.firm:,.0f}: {verdict(done.firm_chance)}, {reached}"]
    hands: dict[str, list[float]] = {}
    for one in done.checked:
        if one.name != TEAM and not math.isnan(one.own_hands):
            hands.setdefault(one.goal.measure, []).append(one.own_hands)
    for measure, shares in sorted(hands.items()):
        told.append(f"{measure}: effort explains {sum(shares) / len(shares):.0%} of its variance")
    return [*told, *assumed(done)]


def _whole(value: float) -> str:
    return "" if math.isnan(value) else f"{value:,.0f}"


def _percent(value: float) -> str:
    return "" if math.isnan(value) else f"{100 * value:.0f} %"


def _signed(value: float) -> str:
    return "" if math.isnan(value) else f"{100 * value:+.0f} %"


def _calls(value: float, now: float = math.inf) -> str:
    """Calls a week; more than are played anywhere are not counted out."""
    return f"{value:.0f}" if value <= MOST_HOURS * now else f"over {MOST_HOURS * now:.0f}"
