"""All that an export teaches about its market: sales, odds, pace, and how well one agent stands for a unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from scenarios.crm.export import Export
from scenarios.crm.leads import leads
from scenarios.crm.odds import Odds, learn_odds
from scenarios.crm.potential import Sales, fitted_sales
from scenarios.crm.timing import Cycle, Span, cycle, hazard, span
from scenarios.crm.unit import Serving, units
from scenarios.generator.worth import covered_share
from sim.behaviour import Behaviour
from sim.world import Floats

LEAST_CV = 0.05


@dataclass(frozen=True)
class Learnt:
    """What was fitted; ``table`` has one row a unit (`unit.units`), ``behaviour`` is refitted."""

    unit: str
    table: pd.DataFrame
    serving: Serving
    covered: Span
    took: Cycle
    sales: Sales
    odds: Odds
    behaviour: Behaviour
    leads: dict[str, Floats]  # competitors' lead by criterion (n,), as people judge it; 0 where they don't


def learn(export: Export, unit: str, behaviour: Behaviour) -> Learnt:
    """Fits everything that the market is made from. Raises InputError where there is no such unit of planning."""
    table, serving = units(export, unit)
    covered, took = span(export.decided), cycle(export.deals)
    sales = fitted_sales(export, table, unit, covered)
    odds = learn_odds(export.decided, sorted(set(table["industry"])), list(export.products["id"]), behaviour)
    known = leads(export.data, list(table["industry"]))
    return Learnt(unit, table, serving, covered, took, sales, odds, refit(behaviour, odds, took, sales), known)


def expected_share(behaviour: Behaviour) -> float:
    """Part of the orders that a customer could place which a well-covered one does place, its relationship at 1/2."""
    return min(1.0, covered_share(behaviour))


def refit(behaviour: Behaviour, odds: Odds, took: Cycle, sales: Sales) -> Behaviour:
    """Behaviour with the export's win odds, pace and spread of deal values, where the planner set none of their own.

    Where the export has no recurring orders, all sales are opportunities, and what a generated market has as orders is
    repeat business among them. Losses before the last stage are left to the fit.
    """
    rate = hazard(took.mean, behaviour.stages)
    learnt: dict[str, Any] = {"win_odds": odds.overall, "stage_hazard": rate, "closing_hazard": rate}
    if sales.deal_cv > 0.0:
        learnt["deal_cv"] = float(np.clip(sales.deal_cv, LEAST_CV, 3.0))
    usual = Behaviour()
    free = {name: value for name, value in learnt.items() if getattr(behaviour, name) == getattr(usual, name)}
    ordered, won = float(sales.orders.sum()), float((sales.wins * sales.size).sum())
    fixed: dict[str, Any] = {"recurring_share": ordered / (ordered + won), "stage_advance": 1.0}
    if ordered > 0.0:
        fixed["orders_a_year"] = float(np.clip(sales.orders_a_year / expected_share(behaviour), 1.0, 52.0))
    else:
        fixed["repeat_share"] = behaviour.repeat_share or behaviour.recurring_share
    return Behaviour(**{**behaviour._asdict(), **free, **fixed})
