"""`territory inspect rep|account ID`: one agent's year, replayed with Mesa and told as a story."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import shelf
from command.parser import Parser
from command.settings import Settings
from command.terminal import DONE, NOTHING_TO_COMPARE, broken, columns, complain, say
from scenarios.problems import InputError, nearest

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.build import Built
    from sim.mesa_engine import SalesYear
    from sim.story import Event
WEEKS_TABLE = re.compile(r"week  effort|\s*\d+  +\d")  # the lines that stand under each other
EXAMPLES = (
    ("rep R01 balanced", "one rep, week by week"),
    ("account A00012 balanced --replication 3", "one account in another simulated year"),
)


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "inspect",
        "Replays one agent's year with Mesa agents and tells it as a story.",
        EXAMPLES,
        "docs/howto/inspect.md",
    )
    made.add_argument("kind", choices=("rep", "account"), help="whose year")
    made.add_argument("id", help="id or name, as in the results")
    made.add_argument("plan", nargs="?", help="which stored plan, by name or key (default: the newest)")
    made.add_argument("--replication", type=int, default=0, help="which simulated year (default 0)")
    made.add_argument("--year", type=int, default=1, help="of a plan with several years, which one (default 1)")
    made.add_argument("--results", type=Path, default=Path(Settings().results), help="where results are stored")
    return made


def main(arguments: Sequence[str]) -> int:
    """Tells the story on stdout; returns the exit code."""
    options = parser().parse_args(list(arguments))
    try:
        info = _scenario(options)
        if info is None:
            say(f"nothing is stored in {options.results}.  play something first:  territory simulate experiment=demo")
            return NOTHING_TO_COMPARE
        return _tell(options, info)
    except InputError as error:
        return complain(error.problems)


def _scenario(options: argparse.Namespace) -> dict[str, Any] | None:
    stored = shelf.stored_scenarios(options.results)
    if not stored:
        return None
    return shelf.find(options.results, [options.plan])[-1] if options.plan else stored[-1]


def _tell(options: argparse.Namespace, info: dict[str, Any]) -> int:
    from command.job import scenario_of
    from scenarios.build import build
    from sim.look import open_year
    from sim.story import TellingCustomer, TellingRep

    if options.replication not in info["replications"]:
        last = max(info["replications"])
        return complain([f"--replication {options.replication}: this plan was played for 0 to {last}"])
    years = int(info["scenario"].get("years", 1))
    if not 1 <= options.year <= years:
        return complain([f"--year {options.year}: this plan has {'1 year' if years == 1 else f'years 1 to {years}'}"])
    built = build(scenario_of(info["scenario"])[0])
    table = built.team.reps if options.kind == "rep" else built.market.accounts
    row = _row(table, options.id, options.kind)
    everybody = dict.fromkeys(range(len(built.team.reps)), TellingRep)
    year = open_year(
        built.world,
        built.plan,
        options.replication,
        rep_types=everybody,
        customer_types={row: TellingCustomer} if options.kind == "account" else None,
        number=options.year - 1,
    )
    which = f"{options.replication}, its year {options.year}" if years > 1 else options.replication
    head = f"{info['label']} · simulated year {which} · seed {info['seed']}"
    lines = (_account if options.kind == "account" else _rep)(built, year, row, str(info["currency"]))
    wide = columns(sys.stdout) if sys.stdout.isatty() else None
    print("\n".join(line if wide is None else _as_wide(line, wide) for line in (head, *lines)))
    say(f"compare  territory compare {shelf.plain_label(info['label'])}   (look closer: docs/howto/inspect.md)")
    return DONE


def _as_wide(line: str, wide: int) -> str:
    """A line of the story as the terminal is wide: weeks in a table end where it ends, sentences go on below."""
    if len(line) > wide and WEEKS_TABLE.match(line):
        return f"{line[: wide - 1]}…"
    return broken(line, wide)


def _row(table: pd.DataFrame, word: str, kind: str) -> int:
    for column in ("id", "name"):
        rows = table.index[table[column].astype(str).str.casefold() == word.casefold()]
        if len(rows) == 1:
            return int(rows[0])
    words = list(dict.fromkeys([*table["id"].astype(str), *table["name"].astype(str)]))  # units are named by their id
    some = words if len(words) <= 40 else [one for one in words if one[:1].casefold() == word[:1].casefold()][:2000]
    raise InputError([f"no {kind} '{word}'.  {nearest(word, some) if some else 'see the accounts of the page'}"])


def _account(built: Built, year: SalesYear, row: int, currency: str) -> list[str]:
    from sim.story import TellingCustomer

    account, reps = built.market.accounts.iloc[row], built.team.reps
    customer = year.customer(row)
    now = reps["name"].iloc[customer.rep.row]
    today = str(reps.loc[reps["id"] == account["current_rep"], "name"].iloc[0])
    handed = f"goes from {today} to {now}" if today != now else f"stays with {now}"
    place = f", {account['city']}" if account["city"] else ""
    lines = [
        f"{account['name']} ({account['id']}){place} · {account['industry']} · {account['product']}",
        (
            f"potential {currency}{account['potential']:,.0f} a year, as planners see it {currency}"
            f"{account['estimated_potential']:,.0f} · needs {account['need']:.0f} calls a year"
        ),
        (
            f"before week 1: {customer.status}, {handed}; relationship {customer.relationship:.2f}, goodwill "
            f"{customer.goodwill:.2f} of well covered, {len(customer.opportunities)} opportunities open"
        ),
        "",
    ]
    year.play()
    assert isinstance(customer, TellingCustomer)
    lines += [f"week {event.week:>2}  {_account_event(event, currency)}" for event in customer.story]
    out, i = year.out.account, customer.row
    lines += [
        "",
        (
            f"the year: {out.calls[i]} calls in {out.hours[i]:.0f} hours, {out.orders[i]} orders of {currency}"
            f"{out.order_revenue[i] / 100:,.0f}, {out.won[i]} won of {currency}{out.won_revenue[i] / 100:,.0f}, "
            f"{out.lost[i]} lost; ends as {customer.status} with goodwill {customer.goodwill:.2f} and relationship "
            f"{customer.relationship:.2f}"
        ),
    ]
    return lines


def _account_event(event: Event, currency: str) -> str:
    n = event.numbers
    money = f"{currency}{n.get('cents', 0.0) / 100:,.0f}"
    if event.what == "called":
        weeks = n["weeks_since"]
        since = "last called the week before" if weeks <= 1 else f"after {weeks:.0f} weeks without a call"
        return (
            f"called, {since}: the rep saw {currency}{n['value'] / 100:,.0f} a year in it, comfort {n['comfort']:.2f}; "
            f"goodwill was {n['goodwill']:.2f}"
        )
    if event.what == "ordered":
        return f"{n['orders']:.0f} order{'s' if n['orders'] > 1 else ''} of {money}"
    if event.what == "opened":
        return f"an opportunity of {money} opens"
    if event.what == "moved on":
        return f"the opportunity of {money} moves on to stage {n['stage']:.0f}"
    if event.what == "won":
        return f"WON {money} after {n['weeks']:.0f} weeks (the chance was {n['chance']:.0%})"
    if event.what.startswith("lapsed"):
        left = f"goodwill {n['goodwill']:.2f}, relationship {n['relationship']:.2f}"
        return f"{event.what.upper().replace('_', ' ')}: {left}"
    return f"{event.what.replace('_', ' ')}: {money} after {n['weeks']:.0f} weeks"


def _rep(built: Built, year: SalesYear, row: int, currency: str) -> list[str]:
    from sim.story import TellingRep

    rep, names = built.team.reps.iloc[row], built.market.accounts["name"]
    agent = year.reps_by_row[row]
    assert isinstance(agent, TellingRep)
    quota, activity = float(year.setting.quota[row]), float(year.setting.activity[row])
    which = "calls" if year.setting.counts_any else "calls on priority accounts"
    goals = [f"quota {currency}{quota:,.0f} a year"] if quota else []
    goals += [f"goal {activity:.1f} {which} a week"] if activity else []
    lines = [
        (
            f"{rep['name']} ({rep['id']}) · {len(agent.customers)} accounts · ability {rep['ability']:.2f} · "
            f"{rep['hours']:.0f} selling hours a week · {' and '.join(goals) or 'no goals'}"
        ),
        "",
        "week  effort  because                                            calls  sold so far  called",
    ]
    while year.week < year.weeks:
        week = year.week
        year.step()
        told = agent.story[-1].numbers
        sold = (year.out.rep.order_revenue[: week + 1, row] + year.out.rep.won_revenue[: week + 1, row]).sum() / 100
        called = ", ".join(str(names.iloc[customer.account]) for customer in agent.calls[:3])
        more = f" and {len(agent.calls) - 3} more" if len(agent.calls) > 3 else ""
        lines.append(
            f"{week + 1:>4}  {told['effort']:>6.2f}  {_because(told):<49}  {len(agent.calls):>5}  "
            f"{currency}{sold:>10,.0f}  {called}{more}"
        )
    pay = year.out.rep.pay[:, row].sum() / 100
    lines += ["", f"the year: {year.out.rep.calls[:, row].sum()} calls, pay {currency}{pay:,.0f}"]
    return lines


def _because(told: dict[str, float]) -> str:
    """What a week of effort brings, in weeks of pay, part by part."""
    parts = [f"drive {told['drive']:.2f}", f"commission {told['commission']:.2f}"]
    if told.get("bonus"):
        parts.append(f"bonus {told['bonus']:.2f}")
    if told["activity"]:
        parts.append(f"activity {told['activity']:.2f}")
    if "attainment" in told:
        parts.append(f"{told['attainment']:.0%} of quota, chance {told['chance']:.0%}")
    return ", ".join(parts)
