"""`territory compare A B …`: any stored scenarios on the same axes, as a table, or as a script or a ticket takes it."""

from __future__ import annotations

import argparse
import hashlib
import json
import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from command import shelf, study
from command.parser import Parser
from command.play import KEPT, PLAYED
from command.settings import Settings
from command.terminal import DONE, NOT_HELD, complain, say
from scenarios.problems import InputError

if TYPE_CHECKING:
    from analysis.compare import Comparison
    from analysis.played import Played
    from command.condition import Found, Term

EXAMPLES = (
    ("", "the newest comparison again"),
    ("balanced nearest+quota_potential", "stored plans, by design, name or start of a key"),
    ("balanced --fail-unless 'better>=18/20, roi>=2'", "for scripts: exit code 4 where it does not hold"),
    ("--md > ticket.md", "a Markdown table; --json for programs"),
)
CONDITIONS = (
    "CONDITION is a measure, a sign and a value, several with commas or 'and': better>=18/20, typical>0, roi>=2, "
    "moved_accounts<=10%, sure>=.95, any column that a pipe gets. It is held for the plan named, where one is named "
    "beside the status quo, else for the best. With few years a chance is known only so well: 18 of 20 years may be "
    "anything from 14 to 19 of 20, and what is said tells that range. --json, --md and --fail-unless draw no page."
)


class _Group(NamedTuple):
    """Plans that are held against one status quo."""

    comparison: Comparison
    plans: list[Played]


class _Held(NamedTuple):
    """A condition, held for one plan of a comparison."""

    key: str
    label: str
    chosen: str  # why this plan: 'named' or 'best'
    terms: list[Found]


def _parser() -> Parser:
    made = Parser(
        "compare",
        "Compares stored plans on the same luck: what each brings against today's territories, how surely, at what "
        "cost. Without any PLAN the newest comparison is shown again.",
        EXAMPLES,
        "docs/howto/terminal.md",
        epilog=CONDITIONS,
    )
    made.add_argument("plans", nargs="*", metavar="PLAN", help="a label (balanced+activity_priority), a key, a design")
    made.add_argument("--fail-unless", default="", metavar="CONDITION", help="exit code 4 where it does not hold")
    form = made.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="everything with full digits, for programs")
    form.add_argument("--md", action="store_true", help="a Markdown table, for a ticket")
    made.add_argument("--results", type=Path, default=Path(Settings().results), help="where results are stored")
    return made


def main(arguments: Sequence[str]) -> int:
    """Compares the scenarios named, or those of the newest study; returns the exit code."""
    asked = _parser().parse_intermixed_args(list(arguments))
    again = shlex.join(["territory", "compare", *arguments])
    try:
        if asked.json or asked.md or asked.fail_unless:
            return _for_scripts(asked, again)
        return _named(asked.results, asked.plans, again) if asked.plans else _newest(asked.results)
    except InputError as error:
        return complain(error.problems)


def _keys(results: Path, words: Sequence[str]) -> tuple[list[str], str]:
    """The plans named, with the status quo of the first where it is stored; and that status quo."""
    from analysis.store import stored

    infos = shelf.find(results, words)
    against = str(infos[0]["against"])
    first = [against] if stored(results, against) else []
    return list(dict.fromkeys([*first, *(str(info["key"]) for info in infos)])), against


def _named(results: Path, words: Sequence[str], again: str) -> int:
    if not shelf.stored_scenarios(results):
        return study.nothing_stored(results)
    keys, against = _keys(results, words)
    name = hashlib.sha256("".join(sorted(keys)).encode()).hexdigest()[:6]
    plans = [study.load_for_comparison(results, key) for key in keys]
    study.compare_plans(plans, against, results, results / study.STUDIES / f"compare-{name}", study.Asked(again))
    return DONE


def _newest(results: Path) -> int:
    newest = study.latest(results)
    found = study.reached(newest) if newest else study.Reached([], None)
    there = [outcome for outcome in found.outcomes if outcome.state in (PLAYED, KEPT)]
    if newest is None or not there:
        return study.nothing_stored(results)
    study.compare_and_write(results, study.Reached(there, found.limit), newest, study.asked_of(newest))
    return DONE


def _for_scripts(asked: argparse.Namespace, again: str) -> int:
    """The comparison in the form asked for, and whether the condition holds in it; no page is drawn."""
    from analysis.table import COLUMNS, print_comparison
    from command.condition import read_condition
    from command.console import results_console

    terms = read_condition(asked.fail_unless, COLUMNS) if asked.fail_unless else ()
    groups = list(_groups(asked.results, asked.plans))
    if not groups:
        return study.nothing_stored(asked.results)
    helds = [_held(group.comparison, terms, bool(asked.plans)) for group in groups]
    if asked.json:
        print(json.dumps(_as_json(groups, helds, asked.fail_unless, again), ensure_ascii=False, indent=1))
    else:
        from analysis.table import markdown

        for group in groups:
            if len(groups) > 1:
                say(study.market_line(group.plans[0].info, int((~group.plans[0].reps["planned"]).sum())))
            if asked.md:
                print(markdown(group.comparison))
            else:
                print_comparison(group.comparison, results_console())
        sys.stdout.flush()
        study.say_apart(len(groups))
    if terms:
        for group, held in zip(groups, helds, strict=True):
            _tell(held, group.comparison)
    return DONE if all(found.holds for held in helds for found in held.terms) else NOT_HELD


def _groups(results: Path, words: Sequence[str]) -> Iterator[_Group]:
    """The comparison of the plans named, or those of the newest study: one for each status quo."""
    if words:
        if shelf.stored_scenarios(results):
            keys, against = _keys(results, words)
            plans, comparison = study.compared([study.load_for_comparison(results, key) for key in keys], against)
            yield _Group(comparison, plans)
        return
    newest = study.latest(results)
    if newest is None:
        return
    found = study.reached(newest)
    there = [one for one in found.outcomes if one.state in (PLAYED, KEPT)]
    for against, members in study.by_status_quo(results, there).items():
        plans, comparison = study.compared(members, against, found.limit)
        yield _Group(comparison, plans)


def _held(comparison: Comparison, terms: Sequence[Term], named: bool) -> _Held:
    """The condition, held for the plan named where there is one beside the baseline, else for the best."""
    from command.condition import held

    others = [str(key) for key in comparison.table["key"] if key != comparison.baseline]
    only = named and len(others) == 1
    row = comparison.row(others[0] if only else comparison.focus)
    return _Held(str(row["key"]), str(row["label"]), "named" if only else "best", held(terms, row))


def _tell(held: _Held, comparison: Comparison) -> None:
    """Every term: whether it holds, what it was and what was asked."""
    from command.condition import told

    for found in held.terms:
        which = f"{held.label} ({'the plan named' if held.chosen == 'named' else 'the best'})"
        say(f"{'holds' if found.holds else 'fails'}    {which}: {told(found, comparison.years)}")


def _as_json(groups: Sequence[_Group], helds: Sequence[_Held], asked: str, again: str) -> dict[str, Any]:
    """What docs/howto/terminal.md describes key by key."""
    return {
        "command": again,
        "comparisons": [_one(group, held, asked) for group, held in zip(groups, helds, strict=True)],
    }


def _one(group: _Group, held: _Held, asked: str) -> dict[str, Any]:
    from analysis.table import as_plans

    comparison, info = group.comparison, group.plans[0].info
    commands = {played.key: str(played.info["command"]) for played in group.plans}
    condition = None
    if asked:
        terms = [
            {"measure": one.term.measure, "sign": one.term.sign, "asked": one.term.value, "found": one.value,
             "holds": one.holds}
            for one in held.terms
        ]  # fmt: skip
        holds = all(one.holds for one in held.terms)
        condition = {"written": asked, "plan": held.key, "chosen": held.chosen, "holds": holds, "terms": terms}
    return {
        "baseline": comparison.baseline,
        "best": comparison.focus,
        "years": comparison.years,
        "in_a_row": comparison.in_a_row,
        "seed": int(info["seed"]),
        "source": str(info["source"]),
        "data_digest": str(info["market_digest"]),
        "code": str(info["code"]),
        "currency": comparison.currency,
        "matters": float(comparison.matters),
        "notes": list(comparison.notes),
        "condition": condition,
        "plans": [{**plan, "command": commands[plan["key"]]} for plan in as_plans(comparison)],
    }
