"""Exports with places as they are imported: made, loaded, and whose and where their units are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from scenarios.crm import load
from scenarios.market import Market
from scenarios.schema import MarketOptions, TeamOptions
from scenarios.team import Team
from sim.behaviour import Behaviour
from tests.lookalike import HEAD, NAMES, lookalike

Spots = dict[str, tuple[str, str, str]]  # of an account: city, latitude, longitude
LINE: Spots = {name: ("", f"{50 + n / 10:.1f}", "10") for n, name in enumerate(NAMES)}  # northwards, 11 km apart


def written(folder: Path, spots: Spots, homes: dict[str, str] | None = None) -> Path:
    """The look-alike export, its accounts with city and coordinates, its reps with ``homes``: latitude,longitude."""
    made = lookalike()
    made.rows["accounts.csv"] = [
        ",".join([row, *spots.get(row.split(",")[0], ("", "", ""))]) for row in made.rows["accounts.csv"]
    ]
    heads = {"accounts.csv": f"{HEAD['accounts.csv']},city,latitude,longitude"}
    if homes:
        made.rows["sales_teams.csv"] = [
            f"{row},{homes.get(row.split(',')[0], ',')}" for row in made.rows["sales_teams.csv"]
        ]
        heads["sales_teams.csv"] = f"{HEAD['sales_teams.csv']},latitude,longitude"
    made.write(folder)
    for file, head in heads.items():
        (folder / file).write_text("\n".join([head, *made.rows[file]]) + "\n", encoding="utf-8")
    return folder


def loaded(folder: Path, **asked: object) -> tuple[Market, Team, Behaviour]:
    options = MarketOptions(name="crm", folder=str(folder), **asked)  # type: ignore[arg-type]
    return load(options, TeamOptions(), Behaviour())


def company(market: Market) -> pd.Series:
    """The account of each unit."""
    return market.accounts["id"].str.split(" / ").str[0]


def owners(market: Market, team: Team) -> np.ndarray:
    return pd.Index(team.reps["id"]).get_indexer(pd.Index(market.accounts["current_rep"])).astype(np.int64)
