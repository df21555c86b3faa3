"""One battery for every design and every edit: what a planner counts on is kept, or refused in words.

A design that is added to the table runs through all of it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from scenarios.design.borders import neighbours, pieces
from scenarios.generator import generate
from scenarios.market import Market
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, TeamOptions, TerritoryOptions
from scenarios.team import Team
from scenarios.territory import DESIGNS, assign
from scenarios.territory.rules import KEPT_BY, UNDER_RULES
from scenarios.territory.together import families
from scenarios.workload import kilometres, places
from sim.behaviour import Behaviour

ACCOUNTS, REPS = 120, 4
TOLERANCE = 0.5  # a wide band is drawn at once; how narrow one can be is held in test_territory.py
LOCKED = ("A00003", "A00010", "A00050", "R02")
FARTHEST = 120.0  # km; the nearest rep of the loneliest account is 117 km away


class Rule(NamedTuple):
    """Something a planner may ask of any design: how he says it, the word a refusal must have, and when it is kept."""

    said: dict[str, object]
    word: str
    kept: Callable[[Market, Team, pd.DataFrame], bool]  # the table: accounts with the column ``rep``


def in_one_piece(market: Market, team: Team, table: pd.DataFrame) -> bool:
    owner = pd.Index(team.reps["id"]).get_indexer(table["rep"])
    return pieces(owner, neighbours(places(market.accounts)))[1] == len(set(owner))


def within_reach(market: Market, team: Team, table: pd.DataFrame) -> bool:
    owner = pd.Index(team.reps["id"]).get_indexer(table["rep"])
    return bool(kilometres(market.accounts, team.reps, owner).max() <= FARTHEST)


def stays(market: Market, team: Team, table: pd.DataFrame) -> bool:
    locked = table["id"].isin(LOCKED) | table["current_rep"].isin(LOCKED)
    return bool((table["rep"] == table["current_rep"])[locked].all())


def counts(table: pd.DataFrame) -> pd.Series:
    """Accounts of each rep who has any; even shares are 30."""
    return table["rep"].value_counts()


def whole(column: str) -> Callable[[Market, Team, pd.DataFrame], bool]:
    def kept(market: Market, team: Team, table: pd.DataFrame) -> bool:
        group = families(market.accounts) if column == "parent" else market.accounts[column]
        return bool(table.groupby(np.asarray(group))["rep"].nunique().max() == 1)

    return kept


RULES = {
    "locked": Rule({"locked": ", ".join(LOCKED)}, "locked", stays),
    "families": Rule({"keep_together": "parent"}, "together|tear apart", whole("parent")),
    "cities": Rule({"keep_together": "city"}, "together|tear apart", whole("city")),
    "maximum": Rule({"maximum": "accounts:34"}, "maximum", lambda _, __, table: counts(table).max() <= 34),
    "minimum": Rule({"minimum": "accounts:26"}, "minimum", lambda _, __, table: counts(table).min() >= 26),
    "contiguous": Rule({"contiguous": "yes"}, "contiguous|one piece", in_one_piece),
    "longest_km": Rule({"longest_km": FARTHEST}, "longest_km", within_reach),
    "band": Rule(
        {"balance": "accounts", "tolerance": 0.1}, "band|balance|tolerance",
        lambda _, __, table: np.abs(counts(table) / counts(table).mean() - 1).max() <= 0.1 + 1e-9,
    ),
    "most_moved": Rule(
        {"most_moved": "accounts:0.2", "tolerance": 1.0}, "most_moved",
        lambda _, __, table: (table["rep"] != table["current_rep"]).mean() <= 0.2,
    ),
}  # fmt: skip

OF_REST = ("maximum", "minimum", "contiguous", "longest_km", "band")  # where accounts are named, of the others' reps

IMPOSSIBLE: dict[str, tuple[dict[str, object], str]] = {
    "a design that is not there": ({"name": "balancd"}, "no design is called 'balancd'"),
    "groups that are not there": ({"keep_together": "cty"}, "no 'cty'; did you mean 'city'"),
    "fewer groups than reps": ({"keep_together": "size"}, "3 groups for 4 reps"),
    "edits of what is not there": (
        {"edits": "mov R01 to R02; merge R01 R9; move account=A99999 to R01"},
        "(?s)no 'mov'; did you mean 'move'.*no rep has the id 'R9'.*no account has the id 'A99999'",
    ),
    "a lock that is not there": ({"locked": "A0003"}, "no account or rep has the id 'A0003'; did you mean 'A00"),
    "a column that is not there": ({"maximum": "acounts:34"}, "no 'acounts'; did you mean 'accounts'"),
    "a number that is none": ({"maximum": "accounts:many"}, "not a number"),
    "a word for yes": ({"contiguous": "maybe"}, "neither yes nor no|contiguous"),
    "more than there is": ({"minimum": "accounts:40"}, "minimum"),
    "less than there is": ({"maximum": "accounts:20"}, "maximum"),
    "nobody within reach": ({"longest_km": 0.1}, "longest_km"),
    "a file that is not there": ({"contiguous": "yes", "adjacency": "gone.csv"}, r"adjacency|gone\.csv|contiguous"),
}
EDITS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "move account=A00001, A00003 to R04": lambda t: t["rep"].mask(t["id"].isin(["A00001", "A00003"]), "R04"),
    "move city=Dayton to R03": lambda t: t["rep"].mask(t["city"] == "Dayton, OH", "R03"),
    "move city=Columbus from R03 to R02": lambda t: t["rep"].mask(
        (t["city"] == "Columbus, OH") & (t["rep"] == "R03"), "R02"
    ),
    "move R02 to R01": lambda t: t["rep"].replace("R02", "R01"),
    "merge R03 R04": lambda t: t["rep"].replace("R04", "R03"),
}
SPLIT = "split R01 with R02"


@pytest.fixture(scope="module")
def made() -> tuple[Market, Team]:
    """120 accounts, some of them children of others far away, two thirds of them prospects."""
    market, team = generate(MarketOptions(accounts=ACCOUNTS), TeamOptions(reps=REPS), Behaviour())
    key = market.accounts["key"].to_numpy()
    heads = "A" + pd.Series(np.maximum(key - 20 - key % 7, 1)).astype(str).str.zfill(5)
    parent = pd.Series(np.where((key % 7 < 2) & (key > 20), heads, ""), dtype="str")
    stage = pd.Series(np.where(key % 3 == 0, "customer", "prospect"), dtype="str")
    return dataclasses.replace(market, accounts=market.accounts.assign(parent=parent, stage=stage)), team


@pytest.fixture(scope="module")
def asked(made, tmp_path_factory):
    """What a design answers: accounts by key with their ``rep``; the same question is asked once."""
    file = tmp_path_factory.mktemp("plan") / "plan.csv"
    file.write_text("account,rep\nA00001,R02\nA00003,R01\n")

    def ask(name: str, world: tuple[Market, Team] = made, **said: object) -> pd.DataFrame:
        market, team = world
        options = TerritoryOptions(**{"name": name, "file": str(file), "tolerance": TOLERANCE, **said})
        owner = assign(market, team, options, Behaviour(), 1)
        rep = pd.Series(team.reps["id"].to_numpy(dtype=object)[owner], dtype="str")
        return market.accounts.assign(rep=rep).sort_values("key", ignore_index=True)

    once = cache(lambda name, said: ask(name, **dict(said)))
    ask.once = lambda name, **said: once(name, tuple(said.items())).copy()
    return ask


def shuffled(world: tuple[Market, Team]) -> tuple[Market, Team]:
    market, team = world
    order = np.random.default_rng(1)
    reps = team.reps.iloc[order.permutation(len(team.reps))].reset_index(drop=True)
    fits = {name: getattr(team, name).iloc[::-1, ::-1] for name in ("fit_industry", "fit_region", "fit_product")}
    accounts = market.accounts.iloc[order.permutation(len(market.accounts))].reset_index(drop=True)
    return dataclasses.replace(market, accounts=accounts), dataclasses.replace(team, reps=reps, **fits)


def answered(ask: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame | None, str]:
    """The answer, or what is said instead."""
    try:
        return ask(), ""
    except InputError as refused:
        return None, str(refused)


def rest_of(table: pd.DataFrame) -> pd.DataFrame:
    """The accounts of all reps who have none of the 20 largest."""
    largest = table["estimated_potential"].rank(ascending=False) <= 20
    return table[~table["rep"].isin(table["rep"][largest])].reset_index(drop=True)


def kept_or_refused(rule: Rule, world: tuple[Market, Team], ask: Callable[[], pd.DataFrame]) -> None:
    """An edit that finds nothing to change on this plan may say that instead."""
    table, refusal = answered(ask)
    kept = table is not None and rule.kept(dataclasses.replace(world[0], accounts=table), world[1], table)
    assert kept or re.search(f"{rule.word}|moves nothing|nothing to split", refusal), refusal or "broken in silence"


@pytest.mark.parametrize("name", DESIGNS)
def test_every_account_once_every_rep_some_and_the_same_from_shuffled_rows(made, asked, name):
    table = asked.once(name)
    assert table["id"].tolist() == made[0].accounts["id"].tolist()
    assert set(table["rep"]) == set(made[1].reps["id"])
    assert (asked(name, shuffled(made))["rep"] == table["rep"]).all()


@pytest.mark.parametrize("name", DESIGNS)
def test_a_market_without_places_is_shared_out_or_refused(made, asked, name):
    market, team = made
    nowhere = market.accounts.assign(x_km=0.0, y_km=0.0, latitude=np.nan, longitude=np.nan)
    nowhere_at_all = dataclasses.replace(market, accounts=nowhere, has_places=False), team
    table, refusal = answered(lambda: asked(name, nowhere_at_all))
    if table is not None:
        assert set(table["rep"]) == set(team.reps["id"])
    else:
        assert f"territory={name} needs coordinates; this market has none to go by" in refusal
        assert "choose" in refusal


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("name", DESIGNS)
def test_a_rule_is_kept_or_refused_by_name(made, asked, name, rule):
    part = rest_of if name == "named_accounts" and rule in OF_REST else lambda table: table
    kept_or_refused(RULES[rule], made, lambda: part(asked.once(name, **RULES[rule].said)))


@pytest.mark.parametrize("name", DESIGNS)
def test_families_are_the_same_from_shuffled_rows(made, asked, name):
    table, refusal = answered(lambda: asked.once(name, keep_together="parent"))
    again, said = answered(lambda: asked(name, shuffled(made), keep_together="parent"))
    assert refusal == said
    assert table is None or (table["rep"] == again["rep"]).all()


@pytest.mark.parametrize("impossible", IMPOSSIBLE)
@pytest.mark.parametrize("name", DESIGNS)
def test_what_is_impossible_is_refused_with_the_reason(asked, name, impossible):
    said, answer = IMPOSSIBLE[impossible]
    if name not in (*UNDER_RULES, "named_accounts") and KEPT_BY.keys() & said.keys():
        answer = f"territory={name} does not keep such a rule; choose balanced, least_change, optimised"
    with pytest.raises(InputError, match=answer):
        asked(**{"name": name, **said})


@pytest.mark.parametrize(
    ("name", "rule", "said"),
    [
        ("balanced", "minimum", {"minimum": "accounts:40"}),
        ("balanced", "minimum", {"minimum": "potential:9000000"}),
        ("optimised", "minimum", {"minimum": "potential:9000000"}),
        ("balanced", "maximum", {"maximum": "accounts:20"}),
        ("balanced", "maximum", {"maximum": "potential:1000"}),
        ("least_change", "maximum", {"maximum": "accounts:20"}),
        ("least_change", "maximum", {"maximum": "accounts:34", "locked": "R02"}),
        ("balanced", "longest_km", {"longest_km": 0.1}),
        ("optimised", "longest_km", {"longest_km": 1.0, "locked": "R02"}),
        ("balanced", "least_fit", {"must_match": "region, industry"}),
        ("balanced", "most_moved", {"most_moved": "accounts:0.01", "maximum": "accounts:31", "tolerance": 1.0}),
        ("named_accounts", "most_moved", {"most_moved": "accounts:0.01", "tolerance": 1.0}),
    ],
)
def test_the_amount_that_a_refusal_names_will_do(asked, name, rule, said):
    with pytest.raises(InputError) as refused:
        asked(name, **said)
    amount = re.search(rf"{rule}[= ]([a-z]+:)?([0-9.]+)(?= (at least|would|can)|$|;)", str(refused.value))
    assert amount, refused.value
    number = (amount[1] or "") + amount[2]
    assert set(asked(name, **{**said, rule: number if amount[1] else float(number)})["rep"])


@pytest.mark.parametrize("name", DESIGNS)
def test_edits_change_what_they_say_and_nothing_else(made, asked, name):
    drawn = asked.once(name)
    table = drawn
    for changed in EDITS.values():
        table = table.assign(rep=changed(table))
    after = asked(name, edits="; ".join([*EDITS, SPLIT]))
    went = after["rep"] != table["rep"]
    book = table["need"][table["rep"] == "R01"]
    assert set(table["rep"][went]) == {"R01"}
    assert set(after["rep"][went]) == {"R02"}
    assert abs(book[went].sum() - book.sum() / 2) <= book.max() / 2
    assert (asked(name, shuffled(made), edits="; ".join([*EDITS, SPLIT]))["rep"] == after["rep"]).all()


@pytest.mark.parametrize("rule", [one for one in RULES if one != "band"])
@pytest.mark.parametrize("edit", [*EDITS, SPLIT])
def test_an_edit_keeps_a_rule_or_is_refused_by_its_name(made, asked, edit, rule):
    """On a plan that keeps the rule: what is asked of the design is asked of its edits."""
    name = "balanced" if rule in KEPT_BY else "nearest"
    kept_or_refused(RULES[rule], made, lambda: asked(name, edits=edit, **RULES[rule].said))


def test_an_edit_may_leave_the_band_and_a_rep_without_territory(made, asked):
    plan = asked.once("balanced", **RULES["band"].said)
    merged = asked("balanced", edits="merge R03 R04", **RULES["band"].said)
    assert (merged["rep"] == plan["rep"].replace("R04", "R03")).all()
    minimum = RULES["minimum"].said
    assert "R04" not in set(asked("balanced", edits="merge R03 R04", **minimum)["rep"])


def test_what_an_edit_breaks_is_named_with_the_edit_the_territory_and_the_amount(asked):
    _, refusal = answered(
        lambda: asked("balanced", edits="merge R03 R04; move city=Dayton to R03", maximum="accounts:34")
    )
    assert re.fullmatch(
        r"territory.edits: 'merge R03 R04': it breaks maximum accounts:34: R03 has (\d+); maximum=accounts:\1 would "
        "allow it",
        refusal,
    )
    lock = f"move account={LOCKED[0]} to "
    _, refusal = answered(lambda: asked("current", edits=f"{lock}R01; move R01 to R02; {lock}R03", locked=LOCKED[0]))
    assert re.search(
        rf"'(move R01 to R02|{lock}R0\d)': it moves account {LOCKED[0]}, which is locked with R0\d; unlock it, or",
        refusal,
    )
    there_and_back = "merge R03 R04; split R03 with R04"  # in between R03 is too full
    assert set(asked("balanced", edits=there_and_back, maximum="accounts:40")["rep"]) == {"R01", "R02", "R03", "R04"}


def test_a_family_goes_with_its_locked_account_or_two_locks_are_refused(made, asked):
    family = families(made[0].accounts)
    reps = made[0].accounts.groupby(family)["current_rep"]
    mixed = np.flatnonzero(reps.transform("nunique") > 1)
    here = mixed[family[mixed] == family[mixed[0]]]
    today = made[0].accounts["current_rep"].to_numpy()
    ids = made[0].accounts["id"].to_numpy()
    one = here[0]
    other = next(row for row in here if today[row] != today[one])
    for row in (one, other):
        table = asked("balanced", keep_together="parent", locked=ids[row], tolerance=1.0)
        assert set(table["rep"][here]) == {today[row]}
    _, refusal = answered(lambda: asked("round_robin", keep_together="parent", locked=f"{ids[one]}, {ids[other]}"))
    assert f"{ids[one]} with {today[one]} and {ids[other]} with {today[other]} stay together" in refusal


@pytest.mark.parametrize("name", DESIGNS)
def test_the_best_rep_for_each_territory_gets_all_of_it(made, asked, name):
    drawn, best = asked.once(name), asked(name, people="best")
    assert best.groupby("rep")["id"].count().size == drawn.groupby("rep")["id"].count().size
    assert len(set(zip(drawn["rep"], best["rep"], strict=True))) == REPS  # whole territories, each to one rep
    if name in ("current", "by_region"):
        assert (asked(name, shuffled(made), people="best")["rep"] == best["rep"]).all()
        assert stays(*made, asked(name, people="best", locked=", ".join(LOCKED)))
        _, refusal = answered(lambda: asked(name, people="best", longest_km=FARTHEST))
        assert "territory.longest_km" in refusal
