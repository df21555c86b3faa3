"""Which design keeps which of a planner's rules: the one place that says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from scenarios.problems import InputError
from scenarios.schema import TerritoryOptions

UNDER_RULES = ("balanced", "least_change", "optimised")  # drawn by the engine of `scenarios.design`
KEPT_BY = {
    "balance": UNDER_RULES,
    "minimum": UNDER_RULES,
    "maximum": UNDER_RULES,
    "capacity": UNDER_RULES,
    "contiguous": UNDER_RULES,
    "adjacency": UNDER_RULES,
    "longest_km": UNDER_RULES,
    "longest_minutes": UNDER_RULES,
    "must_match": UNDER_RULES,
    "should_match": UNDER_RULES[:2],  # the other climbs on what a year earns, in which fit has its price already
    "most_moved": UNDER_RULES,
    "most_moved_per_rep": UNDER_RULES,
}  # locked, keep_together and edits hold in every design; the others ask nothing of one that does not use them
HARD = tuple(rule for rule in KEPT_BY if rule not in ("balance", "adjacency", "should_match"))  # no wishes
OF_ONE_REP = (
    "capacity", "longest_km", "longest_minutes", "must_match", "should_match", "most_moved", "most_moved_per_rep"
)  # fmt: skip  # rules about who has what


def stated(options: TerritoryOptions, rule: str) -> bool:
    """Whether a planner asks for the rule."""
    usual = {one.name: one.default for one in fields(TerritoryOptions)}
    return getattr(options, rule) not in (usual[rule], "no")


def refuse_unkept(options: TerritoryOptions, known: Iterable[str]) -> None:
    """Raises InputError with every rule that is stated and that the design would not keep.

    ``known`` are the designs that there are. Where named accounts have reps of their own, rules hold for the rest,
    but for the largest share that changes rep: this is of all accounts.
    """
    of_rest = options.name == "named_accounts"
    drawing = options.rest if of_rest else options.name
    there = set(known)
    if drawing not in there:  # a misspelt design is answered elsewhere
        return
    which = f"territory.rest={drawing}" if of_rest else f"territory={drawing}"
    problems = []
    for rule, designs in KEPT_BY.items():
        if stated(options, rule) and drawing not in designs:
            keep = ", ".join(one for one in designs if one in there)
            problems.append(
                f"territory.{rule}: {which} does not keep such a rule; choose {keep}, or leave the rule out"
            )
    problems += [
        f"territory.{rule}: territory.people=best hands whole territories over and does not ask for it; keep one"
        for rule in OF_ONE_REP
        if options.people and stated(options, rule)
    ]
    if of_rest and stated(options, "most_moved_per_rep"):
        why = "territory=named_accounts takes named accounts from whoever has them, however many"
        problems.append(f"territory.most_moved_per_rep: {why}; say most_moved, or leave the rule out")
    if problems:
        raise InputError(problems)
