"""One scenario that was played: what was played, its frames, and their columns as arrays by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from numpy.typing import NDArray


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

    def account_years(self, column: str) -> NDArray[Any]:
        """A column of ``account_years``: (replications, accounts), accounts in the order of ``accounts``."""
        return self.frames.column("account_years", column).reshape(len(self.replications), len(self.accounts))

    def goals(self, column: str) -> NDArray[Any]:
        """A column of ``goals``: (replications, reps)."""
        return self.frames.column("goals", column).reshape(len(self.replications), len(self.reps))

    def sums(self, *columns: str) -> NDArray[Any]:
        """Columns of ``rep_weeks`` added up over the weeks: (replications, reps)."""
        for column in columns:
            if column not in self._sums:
                self._sums[column] = self.weeks(column).sum(axis=1)
        total: NDArray[Any] = sum((self._sums[column] for column in columns[1:]), self._sums[columns[0]])
        return total

    def by_rep(self, *columns: str) -> pd.DataFrame:
        """The same: one row a replication, one column a rep (its id)."""
        ids = pd.Index(self.reps["id"].astype(str), name="rep")
        return pd.DataFrame(self.sums(*columns), self.replications, ids)
