"""The store: one folder a played scenario, under the hash of what it resolves to, written whole or not at all.

results/<key>/info.json           what was played: configuration, seed, data, code, engine, command
              rep_weeks.parquet   one row a replication, week and rep: `sim.record.REP_WEEK`
              account_years.parquet  one row a replication and account: `sim.record.ACCOUNT_YEAR`
              goals.parquet       one row a replication and rep: `sim.record.GOAL_COLUMNS`
              accounts.parquet    the market's accounts, with `rep`, who has them in this plan
              reps.parquet        the team, with `ote`, `overhead`, `cost_per_km`
results/<key>.failed.json         why a scenario could not be played
"""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.record import Record

MARK = b"PAR1"
FRAMES = ("rep_weeks", "account_years", "goals", "accounts", "reps")


@dataclass(frozen=True)
class Played:
    """One stored scenario. ``info`` is a plain dictionary; the frames are described at the top of this file."""

    info: dict[str, Any]
    rep_weeks: pd.DataFrame
    account_years: pd.DataFrame
    goals: pd.DataFrame
    accounts: pd.DataFrame
    reps: pd.DataFrame

    @property
    def key(self) -> str:
        """The hash under which it is stored."""
        return str(self.info["key"])


def _repeated(ids: pd.Series, times: int) -> pd.Categorical:
    """All ids in their order, again and again, at one byte or two a row."""
    codes: Any = np.tile(np.arange(len(ids)), times)
    return pd.Categorical.from_codes(codes, categories=pd.Index(ids))


def frames(record: Record, accounts: pd.DataFrame, reps: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A record as tidy frames; ``accounts`` and ``reps`` give the ids, in the order of the world's rows."""
    replications = np.asarray(record.replications)
    weeks, m = next(iter(record.rep_week.values())).shape[1:]
    n = len(accounts)
    rep_ids = _repeated(reps["id"], replications.size * weeks)
    rep_weeks = {
        "replication": np.repeat(replications, weeks * m),
        "week": np.tile(np.repeat(np.arange(1, weeks + 1), m), replications.size),
        "rep": rep_ids,
        **{name: values.ravel() for name, values in record.rep_week.items()},
    }
    account_years = {
        "replication": np.repeat(replications, n),
        "account": _repeated(accounts["id"], replications.size),
        **{name: values.ravel() for name, values in record.account_year.items()},
    }
    goals = {
        "replication": np.repeat(replications, m),
        "rep": _repeated(reps["id"], replications.size),
        **{name: values.ravel() for name, values in record.goals.items()},
    }
    return {
        "rep_weeks": pd.DataFrame(rep_weeks),
        "account_years": pd.DataFrame(account_years),
        "goals": pd.DataFrame(goals),
        "accounts": accounts.reset_index(drop=True),
        "reps": reps.reset_index(drop=True),
    }


def save(folder: Path, info: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Path:
    """Writes one scenario into ``folder/<info['key']>`` in one step; returns that path. A stored one is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / str(info["key"])
    draft = Path(tempfile.mkdtemp(prefix=f".{info['key']}-", dir=folder))
    draft.chmod(0o755)  # a store may be shared; mkdtemp makes folders that nobody else can read
    try:
        for name in FRAMES:
            tables[name].to_parquet(draft / f"{name}.parquet", index=False)
        (draft / "info.json").write_text(json.dumps(info, indent=1, ensure_ascii=False, sort_keys=True))
        if final.exists():
            shutil.rmtree(final)
        draft.replace(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    failed_file(folder, info["key"]).unlink(missing_ok=True)
    return final


def load(folder: Path, key: str) -> Played:
    """Reads one stored scenario. Raises FileNotFoundError where there is none under ``key``."""
    place = folder / key
    info = json.loads((place / "info.json").read_text())
    return Played(info, *(pd.read_parquet(place / f"{name}.parquet") for name in FRAMES))


def stored(folder: Path, key: str) -> bool:
    """Whether a whole scenario is stored under ``key``; one that was cut short or damaged later is not."""
    place = folder / key
    try:
        known = json.loads((place / "info.json").read_text(encoding="utf-8")).get("key") == key
        return known and all(_whole(place / f"{name}.parquet") for name in FRAMES)
    except (OSError, ValueError, AttributeError):
        return False


def _whole(file: Path) -> bool:
    """Whether a Parquet file has its end: it is written last, and closes with the format's mark."""
    with file.open("rb") as data:
        data.seek(-len(MARK), 2)
        return data.read() == MARK


def failed_file(folder: Path, key: str) -> Path:
    """Where the reason of a failed scenario is kept."""
    return folder / f"{key}.failed.json"


def save_failure(folder: Path, key: str, info: dict[str, Any]) -> None:
    """Records why a scenario failed, in one step."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{key}.failed"
    draft.write_text(json.dumps(info, indent=1, ensure_ascii=False, sort_keys=True))
    draft.replace(failed_file(folder, key))
