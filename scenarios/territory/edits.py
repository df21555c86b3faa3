"""A planner's changes to whatever a design drew: accounts moved, territories merged and split, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from scenarios.design.breaches import Held, since_when
from scenarios.market import Market
from scenarios.problems import SHOWN, InputError, nearest
from scenarios.team import Team
from scenarios.workload import kilometres
from sim.world import Floats, Ints

T = TypeVar("T")
VERBS = ("move", "merge", "split")
FORMS = (
    "move COLUMN=VALUE to REP, move COLUMN=VALUE from REP to REP, move REP to REP, merge REP REP, split REP with REP"
)
NO_SEGMENT = ("id", "current_rep")
MOST_SEARCHED = 20_000  # of a longer list only examples are named


@dataclass
class _Plan:
    """The territories while they are changed, and what is needed to understand a sentence."""

    market: Market
    team: Team
    group: Ints  # (n,) accounts of one number stay together
    owner: Ints  # (n,) row of the rep

    def rep(self, said: str) -> int:
        """Row of the rep with this id, or name. Raises ValueError with the nearest."""
        ids, names = list(self.team.reps["id"]), list(self.team.reps["name"])
        word = _bare(said)
        if word in ids:
            return ids.index(word)
        if names.count(word) == 1:
            return names.index(word)
        if not word:
            raise ValueError("a rep is missing")
        raise ValueError(f"no rep has the id '{word}'; {nearest(word, ids)}")

    def theirs(self, row: int) -> NDArray[np.bool_]:
        """True for each account of a rep, (n,). Raises ValueError where he has none."""
        found: NDArray[np.bool_] = self.owner == row
        if not found.any():
            raise ValueError(f"{self.team.reps['id'].iloc[row]} has no accounts then")
        return found


def sentences(said: str) -> list[str]:
    """The changes, apart at semicolons or lines; brackets around all of them may be left out.

    >>> sentences("[merge R01 R02; move R04 to R09]")
    ['merge R01 R02', 'move R04 to R09']
    """
    text = said.strip()
    text = text[1:-1] if text[:1] + text[-1:] == "[]" else text
    parts = (" ".join(_bare(part).split()) for part in re.split(r"[;\n]", text))
    return [part for part in parts if part]


def edited(
    owner: Ints,
    market: Market,
    team: Team,
    said: str,
    group: Ints | None = None,
    locked: NDArray[np.bool_] | None = None,
    held: Held | None = None,
) -> Ints:
    """Row of the rep for each account after all changes, (n,); each sees what the ones before it did.

    ``group`` (n,) numbers accounts that stay together, ``locked`` (n,) are those that no change may move, ``held`` says
    which hard rules a plan breaks that this one kept: they are asked of the plan after the last change. Raises
    InputError with every change that can't be made; a rep may be left without accounts.
    """
    alone = np.arange(len(owner), dtype=np.int64) if group is None else group
    plan = _Plan(market, team, alone, owner.copy())
    problems: list[str] = []
    made: list[tuple[str, Ints]] = []
    for sentence in sentences(said):
        verb, _, rest = sentence.partition(" ")
        before = plan.owner.copy()
        try:
            if verb.casefold() not in VERBS:
                raise ValueError(f"there is no '{verb}'; {nearest(verb, VERBS)} It goes: {FORMS}")
            {"move": _move, "merge": _merge, "split": _split}[verb.casefold()](plan, rest)
            if group is not None:
                _stay_whole(plan)
            if locked is not None:
                _stay_locked(plan, before, locked)
            made.append((sentence, plan.owner.copy()))
        except ValueError as problem:
            plan.owner = before
            problems.extend(f"territory.edits: '{sentence}': {one}" for one in str(problem).splitlines())
    if held is not None and not problems:
        problems = [f"territory.edits: {one}" for one in since_when(made, held)]
    if problems:
        raise InputError(problems)
    return plan.owner


def _move(plan: _Plan, said: str) -> None:
    """``COLUMN=VALUES [from REP] to REP``, or ``REP to REP``: a whole book."""
    what, to, target = said.rpartition(" to ")
    if not to:
        raise ValueError("it does not say to whom; write move ... to REP")
    column, equals, values = what.partition("=")
    wrong: list[str] = []
    row = _tried(wrong, lambda: plan.rep(target))
    if not equals:
        book = _tried(wrong, lambda: plan.theirs(plan.rep(what)))
    else:
        kept, with_from, source = values.rpartition(" from ")
        book = _tried(wrong, lambda: segment(plan.market.accounts, _bare(column), kept if with_from else values))
        if with_from:
            his = _tried(wrong, lambda: plan.owner == plan.rep(source))
            if book is not None and his is not None:
                book = book & his
                if not book.any():
                    wrong.append(f"moves nothing: {_bare(source)} has no account with {column}={kept.strip()}")
    if wrong or book is None or row is None:
        raise ValueError("\n".join(wrong))
    plan.owner = np.where(book, row, plan.owner).astype(np.int64)


def _merge(plan: _Plan, said: str) -> None:
    """``REP REP``: all accounts of the second to the first."""
    first, second = _two_reps(plan, said, r"\s*,\s*|\s+(?:and|with)\s+", "merge R01 R02")
    plan.owner[plan.theirs(second)] = first


def _split(plan: _Plan, said: str) -> None:
    """``REP with REP``, or ``REP`` alone: half of the work goes to the second, or to who has least then."""
    if not re.search(r",|\swith\s|\sand\s", said) and _is_rep(plan, said):
        first = plan.rep(said)
        need = plan.market.accounts["need"].to_numpy(dtype=np.float64)
        load = np.bincount(plan.owner, weights=need, minlength=len(plan.team.reps))
        load[first] = np.inf
        if len(load) < 2:
            raise ValueError("there is no other rep")
        second = int(np.lexsort((plan.team.reps["key"], load))[0])
    else:
        first, second = _two_reps(plan, said, r"\s+(?:with|and)\s+|\s*,\s*", "split R05 with R09")
    rows = np.flatnonzero(plan.theirs(first))
    handed = half(plan.market, plan.team, rows, plan.group[rows], second)
    if not handed.any():
        raise ValueError(f"{plan.team.reps['id'].iloc[first]} has nothing to split")
    plan.owner[rows[handed]] = second


def half(market: Market, team: Team, rows: Ints, group: Ints, second: int) -> NDArray[np.bool_]:
    """True for each of the accounts ``rows`` that goes to the rep ``second``: about half of the calls needed.

    With places, the groups nearest his home, as many as come closest to half; without, every second group by estimated
    potential. Groups that need 4, 3 and 5 calls, in order of distance, are split into 4 + 3 and 5 (half is 6).
    """
    accounts = market.accounts.iloc[rows]
    key, need = accounts["key"].to_numpy(), accounts["need"].to_numpy(dtype=np.float64)
    order = np.argsort(key, kind="stable")  # sums are the same whatever the order of rows
    unit = pd.factorize(group[order])[0]
    calls, lowest = _added(unit, need[order]), pd.Series(key[order]).groupby(unit).min().to_numpy()
    goes = np.zeros(len(calls), dtype=bool)
    if market.has_places:
        far = kilometres(accounts, team.reps, np.full(len(rows), second, dtype=np.int64))[order]
        by_distance = np.lexsort((lowest, _added(unit, far * need[order]) / np.maximum(calls, 1e-12)))
        sums = np.cumsum(calls[by_distance])[:-1]
        goes[by_distance[: int(np.abs(sums - calls.sum() / 2.0).argmin()) + 1 if sums.size else 0]] = True
    else:
        potential = _added(unit, accounts["estimated_potential"].to_numpy(dtype=np.float64)[order])
        goes[np.lexsort((lowest, -potential))[1::2]] = True
    handed = np.zeros(len(rows), dtype=bool)
    handed[order] = goes[unit]
    return handed


def segment(accounts: pd.DataFrame, column: str, said: str) -> NDArray[np.bool_]:
    """True for each account whose word in the column is among those said, (n,); ``account`` is the id.

    A word may stand without what follows its comma where that is plain: Dayton for Dayton, OH. Raises ValueError with
    a line for every word that is not there.
    """
    columns = {str(name): str(name) for name in accounts.select_dtypes(exclude=["number", "bool"])}
    columns = {name: one for name, one in columns.items() if name not in NO_SEGMENT} | {"account": "id"}
    if column not in columns:
        raise ValueError(f"accounts have no word '{column}'; {nearest(column, columns)}")
    table = accounts[columns[column]]
    exact = {str(word) for word in table.dropna()} - {""}
    known = sorted(exact)
    short: dict[str, list[str]] = {}
    for word in known:
        for form in {word.casefold(), word.split(",")[0].strip().casefold()}:
            short.setdefault(form, []).append(word)
    chosen, wrong = [], []
    parts = [_bare(part) for part in said.split(",")]
    while parts:
        for count in range(len(parts), 0, -1):  # the longest first: a word may have commas of its own
            word = ", ".join(parts[:count])
            found = [word] if word in exact else short.get(word.casefold(), [])
            if found:
                break
        if len(found) == 1:
            chosen += found
        elif found:
            wrong.append(f"{column}={parts[0]} may be {' or '.join(found[:5])}; write it in full")
        else:
            which = "the id" if column == "account" else column
            wrong.append(f"no account has {which} '{parts[0]}'; {near(parts[0], known)}")
        parts = parts[count:]
    if wrong:
        raise ValueError("\n".join(wrong))
    return table.isin(chosen).to_numpy()


def near(word: str, known: Sequence[str]) -> str:
    """The nearest word; of a long list only an example where none is near, or where it is too long to search."""
    if len(known) > MOST_SEARCHED:
        return f"there are {len(known):,}, such as {known[0]}"
    found = nearest(word, known)
    return found if found.startswith("did") or len(known) <= SHOWN else f"there are {len(known):,}, such as {known[0]}"


def _two_reps(plan: _Plan, said: str, between: str, form: str) -> tuple[int, int]:
    """Rows of two different reps; ids may have spaces of their own."""
    pair = [part for part in re.split(between, said) if part]
    if len(pair) != 2:
        spaced = said.split(" ")
        cuts = [(" ".join(spaced[:at]), " ".join(spaced[at:])) for at in range(1, len(spaced))]
        pair = list(next((cut for cut in cuts if all(_is_rep(plan, one) for one in cut)), spaced))
    if len(pair) != 2 or not all(pair):
        raise ValueError(f"it names {len([one for one in pair if one])} reps, not two; write it like {form}")
    wrong: list[str] = []
    first, second = _tried(wrong, lambda: plan.rep(pair[0])), _tried(wrong, lambda: plan.rep(pair[1]))
    if wrong or first is None or second is None:
        raise ValueError("\n".join(wrong))
    if first == second:
        raise ValueError(f"both are {_bare(pair[0])}")
    return first, second


def _stay_whole(plan: _Plan) -> None:
    """Raises ValueError where accounts that stay together have come apart."""
    table = pd.DataFrame({"group": plan.group, "owner": plan.owner})
    low, high = (getattr(table.groupby("group")["owner"], one)() for one in ("min", "max"))
    apart = low.index[low != high]
    if len(apart):
        torn = sorted(plan.market.accounts.loc[np.isin(plan.group, apart), "id"])
        kept = f"{len(apart)} of the groups that keep_together holds, such as that of {torn[0]}"
        raise ValueError(f"it would tear apart {kept}; move all of it")


def _stay_locked(plan: _Plan, before: Ints, locked: NDArray[np.bool_]) -> None:
    """Raises ValueError where a locked account has moved."""
    gone = np.flatnonzero(locked & (plan.owner != before))
    if gone.size:
        first = min(gone, key=lambda row: int(plan.market.accounts["key"].iloc[row]))
        account, rep = plan.market.accounts["id"].iloc[first], plan.team.reps["id"].iloc[before[first]]
        more = f", and {gone.size - 1} more that are locked" if gone.size > 1 else ""
        raise ValueError(
            f"it moves account {account}, which is locked with {rep}{more}; unlock it, or move only others"
        )


def _tried(wrong: list[str], ask: Callable[[], T]) -> T | None:
    """What is asked for; None where that is wrong, and why is added to ``wrong``."""
    try:
        return ask()
    except ValueError as problem:
        wrong.extend(str(problem).splitlines())
        return None


def _is_rep(plan: _Plan, said: str) -> bool:
    return _bare(said) in {*plan.team.reps["id"], *plan.team.reps["name"]}


def _bare(said: str) -> str:
    """A word without spaces and quotes around it."""
    return said.strip().strip("'\"").strip()


def _added(unit: Ints, amount: Floats) -> Floats:
    return np.bincount(unit, weights=amount).astype(np.float64)
