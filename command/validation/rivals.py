"""Rival models: the same program without one mechanism. Each must fail what tells that mechanism from chance.

A rival that passes a pattern named for the mechanism it lacks shows that the pattern does not prove the mechanism.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from command.validation.lab import Lab
from command.validation.patterns import PATTERNS
from command.validation.verdict import WORST, bands, judge
from sim.behaviour import Behaviour

Must = dict[int, str]  # pattern -> the statistic that tells; "": the pattern as a whole, by whatever it does worst in

# What tells a mechanism. Numbers that are not played yet are passed over.
EFFORT: Must = {
    12: "best over easiest, points",
    14: "gain of revenue, per cent",
    17: "output, per cent",
    18: "part of effort in the rise of the last four weeks",
}
# Where effort is constant, output may rise by what a quota in reach no longer spoils; hours can not.
CONSTANT = EFFORT | {17: "time left for what is not paid, hours a week"}
RESPONSE: Must = {
    2: "gain of weeks 1 to 26, per cent",
    3: "long run",
    4: "deficit of demand 4.33 weeks later over that at the end of the stop",
    7: "loss over theory at a workload CV of 0.5",
}
RELATIONSHIP: Must = {9: "change of sales, per cent", 10: "", 11: ""}
SANITY = (13, 19, 20, 21, 23, 24)  # nearly every model passes them: no evidence for any mechanism


class Rival(NamedTuple):
    """A model that lacks a mechanism, and the patterns, with the statistic, that must tell."""

    name: str
    lacks: str
    behaviour: Behaviour
    must_fail: Must
    besides: Mapping[int, str] = MappingProxyType({})  # sanity pattern that it does not pass -> why


BASE = Behaviour()
STEADY = "effort is 1 whatever the quota"
NO_ANSWER = "the quota asks for 6 % more than was sold, and nothing is sold for its sake"
NO_EFFECT = BASE._replace(
    carry_over=1.0,  # a call adds (1 - L) * 52 / need: nothing, and what goodwill there is stays
    relationship_gain=0.0, relationship_fade=0.0,  # relationships, too, are what they are
    win_recent_call=0.0, win_effort=0.0, closing_effort=0.0,
)  # fmt: skip


def _impersonal(behaviour: Behaviour) -> Behaviour:
    """Who the rep is, and since when, is nothing to the customer."""
    return behaviour._replace(
        relationship_kept=1.0, similarity_bonus=0.0, order_loyalty=0.0, win_relationship=0.0, revival=0.0
    )


RIVALS = (
    Rival(
        "no effect of effort", "calls and effort do nothing to goodwill, relationships, odds or closing",
        NO_EFFECT, EFFORT | RESPONSE, {24: NO_ANSWER},
    ),
    Rival(
        "ability only", "nothing but potential, ability and fit makes sales; effort is constant",
        _impersonal(NO_EFFECT)._replace(effort_response=0.0), CONSTANT | RESPONSE | RELATIONSHIP,
        {13: STEADY, 24: NO_ANSWER},
    ),
    Rival(
        "fully rational", "calls go where they are believed to bring most, comfort counts nothing",
        BASE._replace(comfort_pull=0.0),
        {1: "rank correlation", 27: "rank correlation with last year's sales, potential given"},
    ),
    Rival(
        "no carry-over", "goodwill is gone after a week", BASE._replace(carry_over=0.0),
        {3: "first four weeks, recurring orders", 4: RESPONSE[4]},
    ),
    Rival(
        "constant effort", "effort does not answer to pay and goals", BASE._replace(effort_response=0.0), CONSTANT,
        {13: STEADY, 24: NO_ANSWER},
    ),
    Rival(
        "no relationship", "a new rep inherits everything, and no order, win or opportunity hangs on who it is",
        _impersonal(BASE), RELATIONSHIP,
    ),
    Rival(
        "random calls", "whom a rep calls is the mood of the week", BASE._replace(taste=1e6),
        {27: "rank correlation with last year's calls"},
    ),
    Rival(
        "success unheeded", "reps do not notice where they have sold", BASE._replace(success_memory=1.0),
        {27: "rank correlation with last year's sales, potential given"},
    ),
    Rival(
        "no revival", "a fresh rep wins no new business where the one before was a stranger",
        BASE._replace(revival=0.0), {11: "change of new business, per cent"},
    ),
)  # fmt: skip


class Cell(NamedTuple):
    """How a rival does in a pattern: the verdict and the statistic that decides it, with its mean on each market."""

    word: str
    statistic: str
    means: list[float]
    must_fail: bool


def face(rival: Rival, number: int, labs: Sequence[Lab]) -> Cell:
    """Plays a pattern with a rival, whose ``labs`` these are, one a market.

    Where it must fail, the statistic named decides, and the verdict is that on the market that suits it *best*;
    elsewhere the statistic that it does worst in. Nothing divides by zero unseen: what is 0 / 0 is no reading, and
    fails.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        judged = judge([PATTERNS[number](lab) for lab in labs], bands()[number]["statistics"])
    must = number in rival.must_fail
    name = rival.must_fail.get(number) or min(judged, key=lambda name: WORST.index(judged[name].worst))
    told = judged[name]
    word = max(told.words, key=WORST.index) if must else told.worst
    return Cell(word, name, [mean for mean, _ in told.read], must)


def lab_of(rival: Rival, seed: int, accounts: int, reps: int, replications: int) -> Lab:
    """A market as this rival has it."""
    return Lab(seed, accounts, reps, replications, rival.behaviour)


def conclusion(cells: Mapping[int, Cell], ours: Mapping[int, str]) -> tuple[str, bool]:
    """What a rival's cells prove, in words, and whether it fails everything it must.

    ``ours`` holds the verdicts on the whole model: what that fails, too, tells the two from nothing.

    >>> cells = {9: Cell("pass", "change", [-15.0], True), 11: Cell("fail", "repeat", [0.0], True)}
    >>> conclusion(cells, {9: "pass", 11: "fail"})
    ('PASSES 9: mechanism unproven; ours fails 11, too', False)
    """
    must = {number: cell for number, cell in cells.items() if cell.must_fail}
    if not must:
        return "nothing that it must fail was played", True
    said = []
    for word, spoken in (("pass", "PASSES"), ("weak", "weak in")):
        numbers = [number for number, cell in must.items() if cell.word == word]
        said += [f"{spoken} {_listed(numbers)}"] if numbers else []
    words = f"{', '.join(said)}: mechanism unproven" if said else f"fails {_listed(list(must))}, as it must"
    both = [number for number, cell in must.items() if cell.word == ours.get(number) == "fail"]
    return words + (f"; ours fails {_listed(both)}, too" if both else ""), not said


def sanity(rival: Rival, cells: Mapping[int, Cell], ours: Mapping[int, str]) -> str:
    """Which sanity patterns a rival does not pass, and why; ``ours`` holds the verdicts on the whole model.

    >>> idle = Rival("idle", "effort", BASE, {}, {13: "never gives up"})
    >>> sanity(idle, {13: Cell("fail", "effort", [1.0], False), 24: Cell("weak", "spread", [0.2], False)}, {24: "weak"})
    '13 fail: never gives up; 24 weak: as ours'
    """
    said = []
    for number in SANITY:
        if number in cells and cells[number].word != "pass":
            word = cells[number].word
            why = rival.besides.get(number, "as ours" if ours.get(number) == word else "unexplained")
            said.append(f"{number} {word}: {why}")
    return "; ".join(said) or ("passes all" if set(SANITY) & set(cells) else "none was played")


def _listed(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers))
