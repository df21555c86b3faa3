"""Small made-up years, built directly, so that the analysis is tested without playing anything."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.compare import Comparison, compare
from analysis.flip_said import Flips
from analysis.flips import Tried, differences, flips, regret
from analysis.metrics import Measured
from analysis.played import Frames, Played
from analysis.store import save
from sim.record import ACCOUNT_YEAR, REP_WEEK

INDUSTRIES = ("health", "retail", "energy", "software")
REGIONS = ("North", "South", "East", "West")


def waves(*shape: int, salt: float = 0.0) -> np.ndarray:
    """Numbers in 0..1 that look like luck and are always the same."""
    size = int(np.prod(shape))
    n = np.arange(1, size + 1)
    return (np.abs(np.sin((n + 17.0 * salt) * 12.9898) * 43758.5453) % 1.0).reshape(shape)


def made_accounts(count: int, rep_ids: list[str], places: bool = True) -> pd.DataFrame:
    """Accounts with all columns; today's rep is the one whose column of the map they stand in."""
    x, y = waves(count, salt=1) * 200 - 100, waves(count, salt=2) * 120 - 60
    potential = 4_000 * np.exp(2.2 * waves(count, salt=3))
    current = np.minimum(((x + 100) / 200 * len(rep_ids)).astype(int), len(rep_ids) - 1)
    need = 8 * (potential / potential.mean()) ** 0.4
    return pd.DataFrame(
        {
            "id": [f"A{i:05d}" for i in range(count)],
            "key": np.arange(count),
            "name": [f"Account {i}" for i in range(count)],
            "city": "",
            "region": [REGIONS[int(v * 4)] for v in waves(count, salt=4)],
            "industry": [INDUSTRIES[int(v * 4)] for v in waves(count, salt=5)],
            "product": "standard",
            "size": "medium",
            "latitude": np.nan,
            "longitude": np.nan,
            "x_km": x if places else 0.0,
            "y_km": y if places else 0.0,
            "cell": 0,
            "potential": potential,
            "estimated_potential": potential,
            "need": need,
            "order_size": potential / 24,
            "opening_rate": 0.1,
            "deal_size": potential / 4,
            "win_logit": 0.0,
            "margin": 0.6,
            "lead_positioning": 0.0,
            "lead_price": 0.0,
            "lead_reviews": 0.0,
            "lead_use_case": 0.0,
            "lead_quality": 0.0,
            "priority": potential >= np.quantile(potential, 0.8),
            "current_rep": [rep_ids[c] for c in current],
            "rep": [rep_ids[c] for c in current],
            "hours_a_call": 1.5,
            "hours_needed": need * 1.5,
        }
    )


def made_reps(count: int) -> pd.DataFrame:
    """A team, all alike."""
    return pd.DataFrame(
        {
            "id": [f"R{j:02d}" for j in range(count)],
            "key": np.arange(count),
            "name": [f"Rep {j + 1}" for j in range(count)],
            "region": [REGIONS[j % 4] for j in range(count)],
            "latitude": np.nan,
            "longitude": np.nan,
            "x_km": (np.arange(count) + 0.5) / count * 200 - 100,
            "y_km": 0.0,
            "ability": 1.0,
            "hours": 22.0,
            "ote": 120_000.0,
            "overhead": 36_000.0,
            "tools": 0.0,
            "planned": False,
            "cost_per_km": 0.4,
            "road_speed": 60.0,
        }
    )


def made_up(
    key: str = "now", gain: float = 0.0, spread: float = 0.0, moved: float = 0.0, reps: int = 4, accounts: int = 60,
    years: int = 20, weeks: int = 52, quota: bool = True, places: bool = True, **info: Any,
) -> Played:  # fmt: skip
    """One scenario.

    Every year has its own luck, the same for every key; ``gain`` is the money a rep earns more a year on
    average than under the key 'now', ``spread`` how far single years stray from it, ``moved`` the share of accounts
    that get the next rep.
    """
    team = made_reps(reps)
    ids = list(team["id"])
    book = made_accounts(accounts, ids, places)
    changes = waves(accounts, salt=9) < moved
    following = {rep: ids[(j + 1) % reps] for j, rep in enumerate(ids)}
    book.loc[changes, "rep"] = book.loc[changes, "current_rep"].map(following)
    luck = waves(years, reps, salt=6)
    mark = zlib.crc32(key.encode()) % 1000
    stray = waves(years, reps, salt=20 + mark) + waves(years, reps, salt=2000 + mark) - 1.0
    a_year = 400_000 * (0.75 + 0.5 * luck) + gain + spread * stray
    ramp = np.linspace(0.9, 1.1, weeks) if not moved else np.linspace(0.7, 1.3, weeks)
    week_sales = np.rint(a_year[:, None, :] / weeks * ramp[None, :, None] * 100).astype(np.int64)
    shape = (years, weeks, reps)
    values: dict[str, Any] = {c.name: np.zeros(shape, dtype=np.int64 if c.dtype == "i8" else float) for c in REP_WEEK}
    values["order_revenue"] = week_sales // 2
    values["won_revenue"] = week_sales - week_sales // 2
    values["margin"] = values["fluid_margin"] = np.rint(week_sales * 0.7).astype(np.int64)
    values["fluid_sales"] = week_sales
    values["pay"] = np.rint(week_sales * 0.15).astype(np.int64) + 100_000
    values["place"] += 1
    values["effort"] += 1.0 + 0.1 * luck[:, None, :]
    values["calls"] += 15
    values["hours"] += 22.0
    values["travel_hours"] += 5.0
    values["new_customers"][:, 0, :] = 1
    replications = np.arange(years)
    rep_weeks = pd.DataFrame(
        {
            "replication": np.repeat(replications, weeks * reps),
            "week": np.tile(np.repeat(np.arange(1, weeks + 1), reps), years),
            "rep": pd.Categorical(np.tile(np.array(ids), years * weeks), categories=ids),
            **{name: column.ravel() for name, column in values.items()},
        }
    )
    each: dict[str, Any] = {
        c.name: np.zeros((years, accounts), dtype=np.int64 if c.dtype == "i8" else float) for c in ACCOUNT_YEAR
    }
    share = (book["potential"] / book["potential"].sum()).to_numpy()
    each["order_revenue"] = np.rint(a_year.sum(axis=1)[:, None] * 100 * share).astype(np.int64)
    each["calls"] += (waves(years, accounts, salt=10) * 16).astype(np.int64)
    each["hours"] = 12 + 10 * waves(years, accounts, salt=11)
    each["status_start"] += np.where(waves(accounts, salt=12) < 0.8, 1, 0)
    each["status"] = np.where(waves(years, accounts, salt=13) < 0.08, 2, each["status_start"])
    each["open_value_start"] += 100_000
    each["sales_last_year"] += np.rint(70.0 * book["potential"].to_numpy()).astype(np.int64)
    each["relationship_start"] += 0.5
    each["end_value"] += 500_000
    account_years = pd.DataFrame(
        {
            "replication": np.repeat(replications, accounts),
            "account": pd.Categorical(np.tile(book["id"].to_numpy(), years), categories=list(book["id"])),
            **{name: column.ravel() for name, column in each.items()},
        }
    )
    goals = pd.DataFrame(
        {
            "replication": np.repeat(replications, reps),
            "rep": pd.Categorical(np.tile(np.array(ids), years), categories=ids),
            "quota": 400_000.0 if quota else 0.0,
            "activity_goal": 0.0,
        }
    )
    frames = {"rep_weeks": rep_weeks, "account_years": account_years, "goals": goals, "accounts": book, "reps": team}
    return Played(made_info(key, years, places, quota, **info), Frames(frames))


def with_frames(played: Played, **frames: pd.DataFrame) -> Played:
    """The same scenario with other rows in the frames named."""
    return Played(played.info, Frames({**played.frames, **frames}))


def made_info(key: str, years: int, places: bool, quota: bool, **more: Any) -> dict[str, Any]:
    """What the command writes about a scenario."""
    goal = "quota_potential" if quota else "none"
    territory = "current" if key == "now" else key
    return {
        "key": key,
        "label": f"{territory} × {goal}",
        "territory": territory,
        "goals": goal,
        "pay": "bonus",
        "events": "none",
        "scenario": {
            "market": {"name": "generated", "seed": 1, "level": 1.0},
            "team": {"reps": 4},
            "events": {"name": "none", "demand": 0.0, "week": 1},
        },
        "status_quo": key == "now",
        "engine": "compiled",
        "replications": list(range(years)),
        "seed": 1,
        "market_digest": "f00d",
        "code": "c0de",
        "currency": "$",
        "source": "a generated market",
        "has_places": places,
        "notes": ["Potential is estimated, not measured."],
        "findings": [["accounts.csv", "no city", 3, "placed in the centre of their region"]],
        "command": "territory simulate -m territory=current,balanced",
        "versions": {"python": "3.11", "numpy": "2"},
        "played_at": "2026-11-23T10:00:00",
        "behaviour": {"carry_over": 0.96},
        **more,
    }


def one_that_flips(comparison: Comparison) -> Flips:
    """Two inputs of a comparison against one plan: the first flips it half-way to its high end, the other nowhere."""
    usual = differences(comparison)[comparison.baseline]
    lead = np.median(usual)
    tried = [
        Tried(
            key, words, unit, 0.5, 1.0, 2.0, (0.0, np.inf),
            {at: {comparison.baseline: usual + more} for at, more in moved.items()},
        )
        for key, words, unit, moved in (
            ("b.stays", "what stays", "share", {0.5: 1.0, 1.0: 0.0, 2.0: -1.0}),
            ("a.crosses", "what crosses", "$ a year", {0.5: lead, 1.0: 0.0, 2.0: -2.0 * lead}),
        )
    ]  # fmt: skip
    frame = flips(tried, comparison.matters)
    return Flips(comparison, comparison.focus, frame, regret(tried, comparison.focus, frame))


def three_compared() -> Comparison:
    """Today's territories, a plan that is better in every year, and one that nobody can tell from them."""
    return compare([made_up("now"), made_up("better", gain=20_000), made_up("close", spread=30_000)])


def three_stored(results: Path) -> Path:
    """A store with today's (0dea), a plan that is better (beef), and one of another market (cafe)."""
    more: dict[str, Any] = {"against": "0dea00000000", "played_at": "2026-01-01T00:00:00"}
    plans = [
        made_up("0dea00000000", **{**more, "label": "current × none", "status_quo": True}),
        made_up("beef00000000", gain=20_000, **{**more, "label": "balanced × hybrid", "territory": "balanced"}),
        made_up("cafe00000000", **{**more, "label": "odd × none", "territory": "odd", "market_digest": "0ther"}),
    ]
    for plan in plans:
        save(results, plan.info, Measured(plan))
    return results
