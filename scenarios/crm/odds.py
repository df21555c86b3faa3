"""Who wins more than others, beyond luck: products, industries, reps, and reps in industries and products."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from scenarios.intake.schema import WON
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


def left_uncertain(spread: float, variance: Floats) -> Floats:
    """How far off shrunk estimates may be (sd): ``sqrt(t² v / (t² + v))``, t being `Shrunk.spread`; 0 where that is 0.

    >>> left_uncertain(1.0, np.array([1.0, 3.0])).round(3).tolist()
    [0.707, 0.866]
    """
    spread2 = spread**2
    return np.asarray(np.sqrt(spread2 * variance / (spread2 + variance))) if spread2 > 0.0 else 0.0 * variance


class Odds(NamedTuple):
    """What decided opportunities say about winning: log-odds beside the overall chance, ability and fit."""

    overall: float  # share won
    product: pd.Series  # log-odds by product
    industry: pd.Series  # log-odds by industry
    ability: pd.Series  # by rep, mean 1
    ability_error: pd.Series  # how far off it may be (sd of log), by rep
    fit_industry: pd.DataFrame  # reps x industries, 1 is average
    fit_product: pd.DataFrame  # reps x products
    spreads: dict[str, float]  # sd of log-odds beyond luck: product, industry, rep, rep x industry, rep x product
    value_spread: float  # sd of log deal value between reps, beyond luck and product


def learn_odds(decided: pd.DataFrame, industries: list[str], products: list[str], behaviour: Behaviour) -> Odds:
    """Win odds layer by layer, each beyond what those before it explain.

    A layer's log-odds come from one step of scoring (Peto's): ``(won - expected) / sum p (1 - p)``, with variance
    ``1 / sum p (1 - p)``; then `shrunk`. Opportunities that do not name a product or industry take no part in that
    layer.
    """
    won: Floats = (decided["outcome"] == WON).to_numpy().astype(np.float64)
    overall = float(np.clip(won.mean(), 0.05, 0.9))
    logit: Floats = np.full(len(decided), np.log(overall / (1.0 - overall)))
    layers: dict[str, tuple[pd.Series, float]] = {}
    for name, columns in (
        ("product", ["product"]),
        ("industry", ["industry"]),
        ("rep", ["rep"]),
        ("rep x industry", ["rep", "industry"]),
        ("rep x product", ["rep", "product"]),
    ):
        offset, spread, rows = layer(decided, won, logit, columns)
        logit = logit + rows
        layers[name] = offset, spread
    reps = sorted(set(decided["rep"]))
    value, value_spread = _value(decided)
    by_rep = layers["rep"][0].reindex(reps).fillna(0.0) + value.reindex(reps).fillna(0.0) / (1.0 - overall)
    strength = np.exp(by_rep / behaviour.win_ability) if behaviour.win_ability > 0 else by_rep * 0.0 + 1.0
    decided_by = decided["rep"].value_counts().reindex(reps).to_numpy(np.float64)
    error = left_uncertain(layers["rep"][1], np.asarray(1.0 / (decided_by * overall * (1.0 - overall))))
    ability = strength.clip(*ABILITY)
    return Odds(
        overall=overall,
        product=layers["product"][0].reindex(products).fillna(0.0),
        industry=layers["industry"][0].reindex(industries).fillna(0.0),
        ability=ability / ability.mean(),
        ability_error=pd.Series(error / max(behaviour.win_ability, 1e-9), index=reps).clip(upper=0.5),
        fit_industry=_fit(layers["rep x industry"][0], reps, industries, behaviour.win_fit),
        fit_product=_fit(layers["rep x product"][0], reps, products, behaviour.win_fit),
        spreads={name: spread for name, (_, spread) in layers.items()},
        value_spread=value_spread,
    )


def layer(deals: pd.DataFrame, won: Floats, logit: Floats, columns: list[str]) -> tuple[pd.Series, float, Floats]:
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
    """By rep, the log of won values over their product's mean, shrunk; and its spread beyond luck."""
    won = decided[(decided["outcome"] == WON) & (decided["product"] != "")]
    ratio = (won["amount"] / won.groupby("product")["amount"].transform("mean")).map(math.log)
    groups = ratio.groupby(won["rep"]).agg(["mean", "size"])
    luck = float(ratio.var()) if len(ratio) > 1 else 0.0
    if not luck > 0.0:
        return pd.Series(0.0, index=groups.index), 0.0
    found = shrunk(groups["mean"].to_numpy(), luck / groups["size"].to_numpy(np.float64))
    return pd.Series(found.value, index=groups.index), found.spread


def _fit(offset: pd.Series, reps: list[str], things: list[str], by_fit: float) -> pd.DataFrame:
    """Fit that explains the offsets, ``exp(offset / k_F)``, each column's mean 1, kept in 0.7 to 1.3."""
    table = pd.DataFrame(0.0, index=reps, columns=things)
    for (rep, thing), value in dict(offset).items():
        if thing in table.columns:
            table.loc[rep, thing] = value
    strength = (table / by_fit).clip(-2.0, 2.0) if by_fit > 0 else table * 0.0
    fit = pd.DataFrame(np.exp(strength.to_numpy(np.float64)), index=table.index, columns=table.columns)
    return (fit / fit.mean()).clip(*FIT)
