"""The store: one folder a played scenario, under the hash of what it resolves to, written whole or not at all.

results/<key>/info.json           what was played: years, configuration, seed, data, code, engine, command
              rep_weeks.parquet   one row a replication, week and rep, in this order: `sim.record.REP_WEEK`
              account_years.parquet  one row a replication, year and account, in this order: `sim.record.ACCOUNT_YEAR`
              goals.parquet       one row a replication, year and rep, in this order: `sim.record.GOAL_COLUMNS`
              accounts.parquet    the market's accounts, with `rep`, who has them in this plan
              reps.parquet        the team, with `ote`, `overhead`, `tools`, `cost_per_km`, `planned`: who may be hired
              measures.parquet    one row a replication: `analysis.metrics.METRICS`, and which version measured it
              rep_weeks.100.parquet … the same from year 100 on: years are written in parts, which `info.json` names
results/<key>.failed.json         why a scenario could not be played
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import parquet

from analysis.played import Frames, Played
from sim.record import Record
from sim.world import WEEKS

MARK = b"PAR1"
BY_YEAR = ("account_years", "rep_weeks", "goals", "measures")  # frames that grow with the years played
FRAMES = (*BY_YEAR, "accounts", "reps")
YEARS_A_PART = 100  # at most, so that parts can be written side by side


def _repeated(ids: pd.Series, times: int) -> pd.Categorical:
    """All ids in their order, again and again, at one byte or two a row."""
    codes: Any = np.tile(np.arange(len(ids)), times)
    return pd.Categorical.from_codes(codes, categories=pd.Index(ids))


def _numbered(years: int, rows: int, replications: int) -> dict[str, NDArray[Any]]:
    """Which year from 1 each row is of, where a plan has more than one."""
    return {"year": np.tile(np.repeat(np.arange(1, years + 1), rows), replications)} if years > 1 else {}


def frames(record: Record, accounts: pd.DataFrame, reps: pd.DataFrame) -> Frames:
    """A record as tidy frames; ``accounts`` and ``reps`` give the ids, in the order of the world's rows."""
    replications = np.asarray(record.replications, dtype=np.int32)
    weeks, m = next(iter(record.rep_week.values())).shape[1:]
    n, years = len(accounts), weeks // WEEKS or 1
    rep_ids = _repeated(reps["id"], replications.size * weeks)
    rep_weeks = {
        "replication": np.repeat(replications, weeks * m),
        "week": np.tile(np.repeat(np.arange(1, weeks + 1), m), replications.size),
        "rep": rep_ids,
        **{name: values.ravel() for name, values in record.rep_week.items()},
    }
    account_years = {
        "replication": np.repeat(replications, years * n),
        **_numbered(years, n, replications.size),
        "account": _repeated(accounts["id"], replications.size * years),
        **{name: values.ravel() for name, values in record.account_year.items()},
    }
    goals = {
        "replication": np.repeat(replications, years * m),
        **_numbered(years, m, replications.size),
        "rep": _repeated(reps["id"], replications.size * years),
        **{name: values.ravel() for name, values in record.goals.items()},
    }
    return Frames(
        {
            "rep_weeks": pd.DataFrame(rep_weeks, copy=False),
            "account_years": pd.DataFrame(account_years, copy=False),
            "goals": pd.DataFrame(goals, copy=False),
            "accounts": accounts.reset_index(drop=True),
            "reps": reps.reset_index(drop=True),
        }
    )


def save(folder: Path, info: dict[str, Any], tables: Mapping[str, pd.DataFrame]) -> Path:
    """Writes one scenario into ``folder/<info['key']>`` in one step; returns that path. A stored one is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    final = folder / str(info["key"])
    draft = Path(tempfile.mkdtemp(prefix=f".{info['key']}-", dir=folder))
    draft.chmod(0o755)  # a store may be shared; mkdtemp makes folders that nobody else can read
    try:
        years = range(len(info["replications"]))
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # measuring waits until the rows are being written
            written = [pool.submit(_write, tables[name], draft / f"{name}.parquet") for name in ("accounts", "reps")]
            written += [pool.submit(_write, rows, draft / file) for file, rows in _by_part(tables, years)]
        for one in written:
            one.result()
        said = {**info, "parts": [part.start for part in _cut(years)]}
        (draft / "info.json").write_text(_as_json(said), encoding="utf-8")
        if final.exists():
            shutil.rmtree(final)
        draft.replace(final)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    failed_file(folder, info["key"]).unlink(missing_ok=True)
    return final


def extend(folder: Path, info: dict[str, Any], tables: Mapping[str, pd.DataFrame]) -> Path:
    """Adds the years of ``tables`` to the stored scenario ``info['key']`` in one step; returns its path.

    ``info`` says all years, those that were there and those that come. The rows are written beside the old ones and
    belong to the scenario from the moment that ``info.json`` is replaced; whatever stops before leaves it as it was.
    """
    place = folder / str(info["key"])
    before = json.loads((place / "info.json").read_text(encoding="utf-8"))
    years = range(len(before["replications"]), len(info["replications"]))
    for file, rows in _by_part(tables, years):
        with _replacing(place / file) as draft:
            _write(rows, draft)
    parts = [*_parts(before), *(part.start for part in _cut(years))]
    with _replacing(place / "info.json") as draft:
        draft.write_text(_as_json({**info, "parts": parts}), encoding="utf-8")
    failed_file(folder, info["key"]).unlink(missing_ok=True)
    return place


def _cut(years: range) -> list[range]:
    """Years in parts, each of which has files of its own."""
    return [years[first : first + YEARS_A_PART] for first in range(0, len(years), YEARS_A_PART)]


def _by_part(tables: Mapping[str, pd.DataFrame], years: range) -> Iterator[tuple[str, pd.DataFrame]]:
    """The files in which these years are kept and the rows of each."""
    for name in BY_YEAR:
        rows = tables[name]
        for part in _cut(years):
            first, end = rows["replication"].searchsorted([part.start, part.stop])
            yield _part(name, part.start), rows.iloc[first:end]


def _as_json(said: dict[str, Any]) -> str:
    return json.dumps(said, indent=1, ensure_ascii=False, sort_keys=True)


def _write(frame: pd.DataFrame, file: Path) -> None:
    """Writes a frame. Numbers hardly repeat, but their upper bytes do: all first bytes together, all second bytes, …"""
    rows = pa.Table.from_pandas(frame, preserve_index=False)
    schema = pa.schema([field.with_nullable(rows[field.name].null_count > 0) for field in rows.schema])
    numbers = {field.name: "BYTE_STREAM_SPLIT" for field in schema if _is_number(field.type)}
    words = [name for name in schema.names if name not in numbers]
    parquet.write_table(
        rows.cast(schema),
        file,
        compression="lz4",
        use_dictionary=words or False,
        column_encoding=numbers,
        write_statistics=False,
    )


def _is_number(kind: pa.DataType) -> bool:
    return bool(kind in (pa.int32(), pa.int64(), pa.float64()))


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


def load(folder: Path, key: str, years: range | None = None) -> Played:
    """One stored scenario, or only some of its ``years``; its frames are read when they are asked for.

    Raises FileNotFoundError where there is none under ``key``.
    """
    info = info_of(folder, key)
    frames = _Stored(folder / key, dict(info), years)
    if years is not None:
        info["replications"] = [year for year in info["replications"] if year in years]
    return Played(info, frames)


class _Stored(Frames):
    """The frames of a stored scenario, each read once, when it is asked for."""

    def __init__(self, place: Path, info: dict[str, Any], years: range | None) -> None:
        self.read: dict[str, pd.DataFrame] = {}
        super().__init__(self.read)
        self.place, self.first_years, self.end = place, _parts(info), len(info["replications"])
        self.years = range(self.end) if years is None else years

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.read:
            if name not in FRAMES:
                raise KeyError(name)
            parts = [part.to_pandas() for part in self._parts(name)]
            self.read[name] = pd.concat(parts, ignore_index=True) if len(parts) > 1 else parts[0]
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(FRAMES)

    def __len__(self) -> int:
        return len(FRAMES)

    def column(self, frame: str, name: str) -> NDArray[Any]:
        return np.concatenate([part[name].to_numpy() for part in self._parts(frame, [name])])

    def _parts(self, name: str, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """The rows of a frame in the years wanted, part by part; a part that has none of them is left unread."""
        if name not in BY_YEAR:
            yield parquet.read_table(self.place / f"{name}.parquet")
            return
        for first, end in zip(self.first_years, [*self.first_years[1:], self.end], strict=True):
            start, stop = max(first, self.years.start), min(end, self.years.stop)
            if start < stop:
                part = parquet.read_table(self.place / _part(name, first), columns=columns)
                a_year = len(part) // (end - first)
                yield part.slice((start - first) * a_year, (stop - start) * a_year)


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
