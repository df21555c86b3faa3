"""Territory designs: which rep each account gets. One design a file, one line each in the table below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scenarios import problems
from scenarios.market import Market
from scenarios.schema import TerritoryOptions
from scenarios.team import Team
from scenarios.territory import (
    balanced,
    by_industry,
    by_product,
    by_region,
    by_size,
    by_stage,
    current,
    edits,
    from_file,
    holding,
    hybrid,
    least_change,
    named_accounts,
    nearest,
    optimised,
    random,
    round_robin,
    staffing,
    together,
)
from scenarios.territory.asking import locked_accounts
from scenarios.territory.current import todays_rows
from scenarios.territory.rules import refuse_unkept
from sim.behaviour import Behaviour
from sim.world import Ints

Design = Callable[[Market, Team, TerritoryOptions, Behaviour, int], Ints]

DESIGNS: dict[str, Design] = {
    "current": current.design,
    "random": random.design,
    "round_robin": round_robin.design,
    "nearest": nearest.design,
    "by_region": by_region.design,
    "by_industry": by_industry.design,
    "by_product": by_product.design,
    "by_size": by_size.design,
    "by_stage": by_stage.design,
    "hybrid": hybrid.design,
    "named_accounts": named_accounts.design,
    "balanced": balanced.design,
    "least_change": least_change.design,
    "optimised": optimised.design,
    "from_file": from_file.design,
}


def assign(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """Row of ``team.reps`` for each account, (n,) int64, by the design that ``options.name`` names.

    Groups that ``options.keep_together`` names have one rep each, and ``options.edits`` change what was drawn. Every
    account has exactly one rep of the team, the same whatever the order of rows. Raises InputError where no design has
    that name, or where the design refuses the market; ValueError where a design breaks that promise.
    """
    if options.name not in DESIGNS:
        choice = problems.nearest(options.name, DESIGNS)
        raise problems.InputError([f"territory: no design is called '{options.name}'; {choice}"])
    refuse_unkept(options, DESIGNS)
    rows, people = (np.argsort(table["key"].to_numpy(), kind="stable") for table in (market.accounts, team.reps))
    market = replace(market, accounts=market.accounts.iloc[rows].reset_index(drop=True))
    team = replace(team, reps=team.reps.iloc[people].reset_index(drop=True))
    owner = np.empty(rows.size, dtype=np.int64)
    owner[rows] = people[_assigned(market, team, options, behaviour, seed)]
    return owner


def _assigned(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """The same with the rows of accounts and reps in rising order of key."""
    group = together.kept_together(market, team, options) if options.keep_together else None
    if group is not None and options.locked:
        market = together.led_by_locked(market, team, group, _locked(market, team, options))
    if group is None:
        owner = _drawn(market, team, options, behaviour, seed)
    elif options.name == "from_file":  # the file names accounts, not groups
        owner = together.most_of(_drawn(market, team, options, behaviour, seed), market.accounts, group)
        owner = _locked_stay(owner, market, team, options, group)
    else:
        chosen = together.for_groups(options, market.accounts, group)
        owner = _drawn(together.grouped(market, group), team, chosen, behaviour, seed)[group]
    if options.people:
        owner = staffing.staffed(owner, market, team, options, behaviour)
    if not options.edits:
        return owner
    locked = _locked(market, team, options)
    if locked is not None and group is not None:
        locked = np.isin(group, group[locked])
    held = holding.held(owner, market, team, options, behaviour)
    return edits.edited(owner, market, team, options.edits, group, locked, held)


def _drawn(market: Market, team: Team, options: TerritoryOptions, behaviour: Behaviour, seed: int) -> Ints:
    """The design's answer, held to its promise."""
    owner = np.asarray(DESIGNS[options.name](market, team, options, behaviour, seed))
    if owner.shape != (len(market.accounts),) or owner.dtype != np.int64:
        expected = f"{len(market.accounts)} int64 rows expected"
        raise ValueError(f"design {options.name}: {expected}, not {owner.dtype} {owner.shape}")
    if owner.size and (owner.min() < 0 or owner.max() >= len(team.reps)):
        raise ValueError(f"design {options.name}: names reps that are not in the team of {len(team.reps)}")
    stays = _locked_stay(owner, market, team, options)
    if (stays != owner).any():
        held = holding.held(owner, market, team, options, behaviour)
        broken = held(stays) if held else []
        if broken:
            raise problems.InputError(f"territory.locked: it breaks {one.rule}: {one.told}" for one in broken)
    return stays


def _locked_stay(owner: Ints, market: Market, team: Team, options: TerritoryOptions, group: Ints | None = None) -> Ints:
    """The same with today's rep for what is locked; a whole ``group`` with it, to who has most of the group today."""
    locked = _locked(market, team, options)
    if locked is None:
        return owner
    today = todays_rows(market, team)
    if group is not None:
        today, locked = together.most_of(today, market.accounts, group), np.isin(group, group[locked])
    return np.where(locked, today, owner)


def staying(market: Market, team: Team, options: TerritoryOptions) -> NDArray[np.bool_]:
    """What no review moves, (n,): what is locked, and groups of several accounts that are kept together."""
    locked = _locked(market, team, options)
    stays = np.zeros(len(market.accounts), dtype=np.bool_) if locked is None else locked.copy()
    if options.keep_together:
        group = together.kept_together(market, team, options)
        stays |= np.bincount(group)[group] > 1
    return stays


def _locked(market: Market, team: Team, options: TerritoryOptions) -> NDArray[np.bool_] | None:
    """What stays with today's rep, (n,); None where nothing has to. Raises InputError with every name that is wrong."""
    if not options.locked:
        return None
    wrong: list[str] = []
    locked = locked_accounts(options.locked, market, team, todays_rows(market, team), wrong)
    if wrong:
        raise problems.InputError(wrong)
    return locked
