"""Who wins more than others, beyond luck: products, sectors, agents, and agents in sectors and products."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.behaviour import Behaviour
from sim.world import Floats

FIT = (0.7, 1.3)
ABILITY = (0.4, 2.5)


class Shrunk(NamedTuple):
    """Estimates drawn towards their mean, as differences from it, and the spread (sd) that is more than luck."""

    value: Floats
    spread: float


def shrunk(estimate: Floats, variance: Floats) -> Shrunk:
    """Noisy estimates as differences from their mean, each times ``t² / (t² + v)``.

    v is the estimate's own variance; t², what differs beyond luck, is ``max(0, (Q - (k - 1)) / (W - sum w² / W))``
    with w = 1/v, W = sum w and Q = sum w (x - mean)² (DerSimonian and Laird 1986). Worked: estimates -1 and 1 of
    variance 1: Q = 2, t² = (2 - 1) / (2 - 1) = 1, so each is halved.

    >>> shrunk(np.array([-1.0, 1.0]), np.array([1.0, 1.0]))
    Shrunk(value=array([-0.5,  0.5]), spread=1.0)
    """
    weight = 1.0 / variance
    total = weight.sum()
    away = estimate - (weight * estimate).sum() / total
    beyond = (weight * away**2).sum() - (len(estimate) - 1)
    room = total - (weight**2).sum() / total
    spread2 = max(0.0, float(beyond / room)) if len(estimate) > 1 and room > 0 else 0.0
    return Shrunk(np.asarray(away * (spread2 / (spread2 + variance))), float(np.sqrt(spread2)))


class Odds(NamedTuple):
    """What decided opportunities say about winning: log-odds beside the overall chance, ability and fit."""

    overall: float  # share won
    product: pd.Series  # log-odds by product
    sector: pd.Series  # log-odds by sector
    ability: pd.Series  # by agent, mean 1
    fit_sector: pd.DataFrame  # agents x sectors, 1 is average
    fit_product: pd.DataFrame  # agents x products
    spreads: dict[str, float]  # sd of log-odds beyond luck: product, sector, agent, agent x sector, agent x product
    value_spread: float  # sd of log deal value between agents, beyond luck and product


def learn_odds(decided: pd.DataFrame, sectors: list[str], products: list[str], behaviour: Behaviour) -> Odds:
    """Win odds layer by layer, each beyond what those before it explain.

    A layer's log-odds come from one step of scoring (Peto's): ``(won - expected) / sum p (1 - p)``, with variance
    ``1 / sum p (1 - p)``; then `shrunk`. Opportunities that do not name a product or sector take no part in that layer.
    """
    won: Floats = (decided["deal_stage"] == "Won").to_numpy().astype(np.float64)
    overall = float(np.clip(won.mean(), 0.05, 0.9))
    logit: Floats = np.full(len(decided), np.log(overall / (1.0 - overall)))
    layers: dict[str, tuple[pd.Series, float]] = {}
    for name, columns in (
        ("product", ["product"]),
        ("sector", ["sector"]),
        ("agent", ["sales_agent"]),
        ("agent x sector", ["sales_agent", "sector"]),
        ("agent x product", ["sales_agent", "product"]),
    ):
        offset, spread, rows = _layer(decided, won, logit, columns)
        logit = logit + rows
        layers[name] = offset, spread
    agents = sorted(set(decided["sales_agent"]))
    value, value_spread = _value(decided)
    by_agent = layers["agent"][0].reindex(agents).fillna(0.0) + value.reindex(agents).fillna(0.0) / (1.0 - overall)
    strength = np.exp(by_agent / behaviour.win_ability) if behaviour.win_ability > 0 else by_agent * 0.0 + 1.0
    ability = strength.clip(*ABILITY)
    return Odds(
        overall=overall,
        product=layers["product"][0].reindex(products).fillna(0.0),
        sector=layers["sector"][0].reindex(sectors).fillna(0.0),
        ability=ability / ability.mean(),
        fit_sector=_fit(layers["agent x sector"][0], agents, sectors, behaviour.win_fit),
        fit_product=_fit(layers["agent x product"][0], agents, products, behaviour.win_fit),
        spreads={name: spread for name, (_, spread) in layers.items()},
        value_spread=value_spread,
    )


def _layer(deals: pd.DataFrame, won: Floats, logit: Floats, columns: list[str]) -> tuple[pd.Series, float, Floats]:
    """Offsets of the groups that ``columns`` make, their spread, and the offset of each row."""
    named = (deals[columns] != "").all(axis=1).to_numpy()
    expected = 1.0 / (1.0 + np.exp(-logit))
    scores = deals.loc[named, columns].assign(
        score=(won - expected)[named], weight=(expected * (1.0 - expected))[named]
    )
    sums = scores.groupby(columns)[["score", "weight"]].sum()
    if sums.empty:
        return pd.Series(dtype=float), 0.0, np.zeros(len(deals))
    weight = sums["weight"].to_numpy()
    found = shrunk(sums["score"].to_numpy() / weight, 1.0 / weight)
    offset = pd.Series(found.value, index=sums.index)
    key = deals[columns[0]] if len(columns) == 1 else pd.MultiIndex.from_frame(deals[columns])
    place = sums.index.get_indexer(pd.Index(key))
    rows = np.where(place >= 0, found.value[place], 0.0)
    return offset, found.spread, rows


def _value(decided: pd.DataFrame) -> tuple[pd.Series, float]:
    """By agent, the log of won values over their product's mean, shrunk; and its spread beyond luck."""
    won = decided[(decided["deal_stage"] == "Won") & (decided["product"] != "")]
    ratio = (won["close_value"] / won.groupby("product")["close_value"].transform("mean")).map(math.log)
    groups = ratio.groupby(won["sales_agent"]).agg(["mean", "size"])
    luck = float(ratio.var()) if len(ratio) > 1 else 0.0
    if not luck > 0.0:
        return pd.Series(0.0, index=groups.index), 0.0
    found = shrunk(groups["mean"].to_numpy(), luck / groups["size"].to_numpy(np.float64))
    return pd.Series(found.value, index=groups.index), found.spread


def _fit(offset: pd.Series, agents: list[str], things: list[str], by_fit: float) -> pd.DataFrame:
    """Fit that explains the offsets, ``exp(offset / k_F)``, each column's mean 1, kept in 0.7 to 1.3."""
    table = pd.DataFrame(0.0, index=agents, columns=things)
    for (agent, thing), value in dict(offset).items():
        if thing in table.columns:
            table.loc[agent, thing] = value
    strength = (table / by_fit).clip(-2.0, 2.0) if by_fit > 0 else table * 0.0
    fit = pd.DataFrame(np.exp(strength.to_numpy(np.float64)), index=table.index, columns=table.columns)
    return (fit / fit.mean()).clip(*FIT)
