"""Cause and effect in a strategy map: what is downstream of what, and whether the map hangs together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scenarios.strategy.map import FINANCIAL, PERSPECTIVES, Objective, StrategyMap

RANK = {name: rank for rank, name in enumerate(PERSPECTIVES)}
TOP = len(PERSPECTIVES)


def reached(start: Iterable[str], leads_to: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Everything that is reached from ``start`` along the links, ``start`` with it.

    >>> sorted(reached(["calls"], {"calls": ["sales"], "sales": ["profit"], "pay": ["profit"]}))
    ['calls', 'profit', 'sales']
    """
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += leads_to.get(name, ())
    return frozenset(found)


def downstream(of: StrategyMap) -> dict[str, frozenset[str]]:
    """For each tactic the objectives that it serves and all that these lead to."""
    leads_to = {name: one.leads_to for name, one in of.objectives.items()}
    return {name: reached(tactic.serves, leads_to) for name, tactic in of.tactics.items()}


def circle(leads_to: Mapping[str, Iterable[str]]) -> list[str]:
    """The objectives of one circle in the links, the first one again at the end; empty where there is none.

    >>> circle({"calls": ["sales"], "sales": ["pay"], "pay": ["calls"]})
    ['calls', 'sales', 'pay', 'calls']
    """
    for start in sorted(leads_to):
        came: dict[str, str] = {}
        waiting = [start]
        while waiting:
            name = waiting.pop()
            for effect in leads_to.get(name, ()):
                if effect == start:
                    return [*reversed(_way(name, came)), start]
                if effect not in came:
                    came[effect] = name
                    waiting.append(effect)
    return []


def _way(name: str, came: Mapping[str, str]) -> list[str]:
    way = [name]
    while way[-1] in came:
        way.append(came[way[-1]])
    return way


def problems(of: StrategyMap) -> list[str]:
    """Why the map does not hang together: circles, links that go down, orphans, what is there for nothing."""
    leads_to = {name: one.leads_to for name, one in of.objectives.items()}
    found = [problem for one in of.objectives.values() for problem in _wrong_links(one, of)]
    around = circle(leads_to)
    if around:
        found.append(f"the links go in a circle: {' → '.join(around)}; a cause comes before its effect")
    money = {name for name, one in of.objectives.items() if one.perspective == FINANCIAL}
    if of.objectives and not money:
        found.append("no objective is financial; a map goes from money down")
    served = frozenset().union(*downstream(of).values())
    for name in of.objectives:
        if money and not reached([name], leads_to) & money:
            found.append(f"objective '{name}' is an orphan: it leads to no financial objective; see leads_to")
        if name not in served:
            found.append(f"objective '{name}' is an orphan: no tactic serves it or anything that leads to it")
    used = {one.strategy for one in of.objectives.values()}
    found += [f"strategy '{name}' has no objective" for name in of.strategies if name not in used]
    followed = {one.goal for one in of.strategies.values()}
    found += [f"goal '{name}' has no strategy" for name in of.goals if name not in followed]
    return found


def _wrong_links(one: Objective, of: StrategyMap) -> list[str]:
    """The links of an objective that go to perspectives below its own, or back in time."""
    found = []
    for effect in (of.objectives[name] for name in one.leads_to if name in of.objectives):
        if RANK.get(effect.perspective, TOP) < RANK.get(one.perspective, 0):  # one that is unknown lies anywhere
            found.append(
                f"objective '{one.name}' ({one.perspective}) leads down to '{effect.name}' ({effect.perspective}); "
                "links go up or level, from learning over internal and customer to financial"
            )
        if effect.by < one.by:
            found.append(
                f"objective '{one.name}' (week {one.by}) leads to '{effect.name}', which is due before it "
                f"(week {effect.by}); a cause comes first"
            )
    return found
