"""The store: one folder a played scenario, under the hash of what it resolves to, written whole or not at all.

results/<key>/info.json           what was played: years, configuration, seed, data, code, engine, command
              rep_weeks.parquet   one row a replication, week and rep: `sim.record.REP_WEEK`
              account_years.parquet  one row a replication and account: `sim.record.ACCOUNT_YEAR`
              goals.parquet       one row a replication and rep: `sim.record.GOAL_COLUMNS`
              accounts.parquet    the market's accounts, with `rep`, who has them in this plan
              reps.parquet        the team, with `ote`, `overhead`, `cost_per_km`
              rep_weeks.20.parquet … the same for years added later, here from year 20 on; `info.json` names them
results/<key>.failed.json         why a scenario could not be played
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.record import Record

MARK = b"PAR1"
BY_YEAR = ("rep_weeks", "account_years", "goals")  # frames that grow with the years played
FRAMES = (*BY_YEAR, "accounts", "reps")
ADDS_UP = ("calls", "new_customers", "order_revenue", "won_revenue", "margin", "pay", "travel_hours")


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

    @cached_property
    def rep_years(self) -> pd.DataFrame:
        """Weeks added up: one row a replication and rep (the index), the columns of ``ADDS_UP``."""
        weeks = self.rep_weeks
        return weeks.groupby(["replication", "rep"], observed=False)[list(ADDS_UP)].sum()

    @cached_property
    def years(self) -> pd.DataFrame:
        """The same added up over reps: one row a replication."""
        return self.rep_years.groupby(level="replication").sum()


def _repeated(ids: pd.Series, times: int) -> pd.Categorical:
    """All ids in their order, again and again, at one byte or two a row."""
    codes: Any = np.tile(np.arange(len(ids)), times)
    return pd.Categorical.from_codes(codes, categories=pd.Index(ids))


def frames(record: Record, accounts: pd.DataFrame, reps: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """A record as tidy frames; ``accounts`` and ``reps`` give the ids, in the order of the world's rows."""
    replications = np.asarray(record.replications, dtype=np.int32)
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
        "rep_weeks": pd.DataFrame(rep_weeks, copy=False),
        "account_years": pd.DataFrame(account_years, copy=False),
        "goals": pd.DataFrame(goals, copy=False),
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
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda name: _write(tables[name], draft / f"{name}.parquet"), FRAMES))
        (draft / "info.json").write_text(json.dumps(info, indent=1, ensure_ascii=False, sort_keys=True))
        if final.exists():
            shutil.rmtree(final)
        draft.replace(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    failed_file(folder, info["key"]).unlink(missing_ok=True)
    return final


def extend(folder: Path, info: dict[str, Any], tables: dict[str, pd.DataFrame]) -> Path:
    """Adds the years of ``tables`` to the stored scenario ``info['key']`` in one step; returns its path.

    ``info`` says all years, those that were there and those that come. The rows are written beside the old ones and
    belong to the scenario from the moment that ``info.json`` is replaced; whatever stops before leaves it as it was.
    """
    place = folder / str(info["key"])
    before = json.loads((place / "info.json").read_text(encoding="utf-8"))
    first = len(before["replications"])
    for name in BY_YEAR:
        with _replacing(place / _part(name, first)) as draft:
            _write(tables[name], draft)
    with _replacing(place / "info.json") as draft:
        said = {**info, "parts": [*_parts(before), first]}
        draft.write_text(json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    failed_file(folder, info["key"]).unlink(missing_ok=True)
    return place


def _write(frame: pd.DataFrame, file: Path) -> None:
    """Writes a frame. Numbers hardly repeat: looking for what does takes twice the time and saves no room."""
    words = [name for name, kind in frame.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    frame.to_parquet(file, index=False, compression="lz4", use_dictionary=words, write_statistics=False)


@contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file beside ``file`` that takes its place when it is written whole."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _parts(info: dict[str, Any]) -> list[int]:
    """The first year of each part in which the years were written."""
    return [int(first) for first in info.get("parts", [0])]


def _part(name: str, first: int) -> str:
    return f"{name}.{first}.parquet" if first else f"{name}.parquet"


def info_of(folder: Path, key: str) -> dict[str, Any]:
    """What ``info.json`` says of one stored scenario. Raises FileNotFoundError where there is none under ``key``."""
    said: dict[str, Any] = json.loads((folder / key / "info.json").read_text(encoding="utf-8"))
    return said


def load(
    folder: Path, key: str, years: range | None = None, columns: Mapping[str, Sequence[str]] | None = None
) -> Played:
    """Reads one stored scenario, or only some of its ``years``, or of a frame only the ``columns`` under its name.

    Raises FileNotFoundError where there is none under ``key``.
    """
    place, info = folder / key, info_of(folder, key)
    by_year = {name: _read(place, name, info, years, (columns or {}).get(name)) for name in BY_YEAR}
    if years is not None:
        info["replications"] = [year for year in info["replications"] if year in years]
    accounts, reps = (pd.read_parquet(place / f"{name}.parquet") for name in ("accounts", "reps"))
    return Played(info, accounts=accounts, reps=reps, **by_year)


def _read(
    place: Path, name: str, info: dict[str, Any], years: range | None, columns: Sequence[str] | None
) -> pd.DataFrame:
    """One frame, put together from its parts; a part that has none of ``years`` is left unread."""
    firsts, played = _parts(info), len(info["replications"])
    if years is not None:
        ends = [*firsts[1:], played]
        firsts = [first for first, end in zip(firsts, ends, strict=True) if first < years.stop and years.start < end]
    wanted = list(columns) if columns else None
    parts = [pd.read_parquet(place / _part(name, first), columns=wanted) for first in firsts]
    frame = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
    if years is None or len(years) == played:
        return frame
    return frame[frame["replication"].between(years.start, years.stop - 1)].reset_index(drop=True)


def stored(folder: Path, key: str) -> bool:
    """Whether a whole scenario is stored under ``key``; one that was cut short or damaged later is not."""
    return years_stored(folder, key) > 0


def years_stored(folder: Path, key: str) -> int:
    """How many years of a scenario are stored, from year 0 on; none where it was cut short or damaged later."""
    place = folder / key
    try:
        info = info_of(folder, key)
        files = [f"{name}.parquet" for name in FRAMES]
        files += [_part(name, first) for name in BY_YEAR for first in _parts(info)]
        years = list(info["replications"])
        whole = info["key"] == key and years == list(range(len(years))) and all(_whole(place / file) for file in files)
        return len(years) if whole else 0
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return 0


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
