"""One scenario that was played: what was played, its frames, and their columns as arrays by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from sim.record import ACCOUNT_YEAR, GOAL_COLUMNS

TAKEN = {"first": lambda years: years[:, 0], "last": lambda years: years[:, -1]}
TAKEN |= {"sum": lambda years: years.sum(axis=1), "mean": lambda years: years.mean(axis=1)}
OVER = {column.name: column.over for column in (*ACCOUNT_YEAR, *GOAL_COLUMNS)}


class Frames(Mapping[str, pd.DataFrame]):
    """Frames by name, as described at the top of `analysis.store`; their rows are in the order that is said there."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables = tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.tables)

    def __len__(self) -> int:
        return len(self.tables)

    def column(self, frame: str, name: str) -> NDArray[Any]:
        """One column of numbers."""
        return self[frame][name].to_numpy()


@dataclass(frozen=True, eq=False)
class Played:
    """One scenario. ``info`` is a plain dictionary; of what is stored only the columns asked for are read."""

    info: dict[str, Any]
    frames: Frames
    _sums: dict[str, NDArray[Any]] = field(default_factory=dict, init=False, repr=False)

    @property
    def key(self) -> str:
        """The hash under which it is stored."""
        return str(self.info["key"])

    @property
    def accounts(self) -> pd.DataFrame:
        """The market's accounts, with ``rep``, who has them in this plan."""
        return self.frames["accounts"]

    @property
    def reps(self) -> pd.DataFrame:
        """The team."""
        return self.frames["reps"]

    @property
    def replications(self) -> pd.Index:
        """The years that were played, in rising order."""
        years: pd.Index = pd.Index(sorted(self.info["replications"]), name="replication")
        return years

    def weeks(self, column: str) -> NDArray[Any]:
        """A column of ``rep_weeks``: (replications, weeks, reps), reps in the order of ``reps``."""
        return self.frames.column("rep_weeks", column).reshape(len(self.replications), -1, len(self.reps))

    @property
    def years(self) -> int:
        """How many years in a row the plan was played."""
        return int(self.info.get("scenario", {}).get("years", 1))

    def account_years(self, column: str) -> NDArray[Any]:
        """A column of ``account_years``: (replications, accounts), accounts in the order of ``accounts``.

        Of several years what they come to, as `sim.record.Column.over` says.
        """
        return self._over_years("account_years", column, len(self.accounts))

    def goals(self, column: str) -> NDArray[Any]:
        """A column of ``goals``: (replications, reps); of several years likewise."""
        return self._over_years("goals", column, len(self.reps))

    def goals_by_year(self, column: str) -> NDArray[Any]:
        """The same year by year: (replications, years, reps)."""
        return self.frames.column("goals", column).reshape(len(self.replications), -1, len(self.reps))

    def _over_years(self, frame: str, column: str, rows: int) -> NDArray[Any]:
        values = self.frames.column(frame, column).reshape(len(self.replications), -1, rows)
        return values[:, 0] if values.shape[1] == 1 else TAKEN[OVER[column]](values)

    def of_year(self, year: int) -> Played:
        """One of its years, from 1, as if nothing else had been played."""
        if self.years == 1:
            return self
        scenario = {**self.info["scenario"], "years": 1}
        return Played({**self.info, "scenario": scenario, "year": year}, _OfYear(self, year))

    def sums(self, *columns: str) -> NDArray[Any]:
        """Columns of ``rep_weeks`` added up over the weeks: (replications, reps)."""
        for column in columns:
            if column not in self._sums:
                self._sums[column] = self.weeks(column).sum(axis=1)
        total: NDArray[Any] = sum((self._sums[column] for column in columns[1:]), self._sums[columns[0]])
        return total

    def series(self, values: NDArray[Any]) -> pd.Series:
        """One value a replication."""
        return pd.Series(values, index=self.replications)

    def total(self, *columns: str) -> pd.Series:
        """Columns of ``rep_weeks`` added up over reps and weeks, one value a replication."""
        return self.series(self.sums(*columns).sum(axis=1))

    def by_rep(self, *columns: str) -> pd.DataFrame:
        """The same: one row a replication, one column a rep (its id)."""
        ids = pd.Index(self.reps["id"].astype(str), name="rep")
        return pd.DataFrame(self.sums(*columns), self.replications, ids)


class _OfYear(Frames):
    """The frames of one year of a plan that has several, without its measures."""

    def __init__(self, played: Played, year: int) -> None:
        super().__init__({name: played.frames[name] for name in ("accounts", "reps")})
        self.whole, self.year = played, year

    def column(self, frame: str, name: str) -> NDArray[Any]:
        rows = self.whole.frames.column(frame, name).reshape(len(self.whole.replications), self.whole.years, -1)
        return rows[:, self.year - 1].ravel()
