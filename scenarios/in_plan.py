"""Accounts and reps of a year's records found in the plan that the year goes by."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.intake.data import Data
from scenarios.problems import InputError, nearest


class InPlan:
    """Accounts and reps of the records found in the plan, by id, else by name; what is not found is noted."""

    def __init__(self, data: Data, accounts: pd.DataFrame, reps: pd.DataFrame) -> None:
        self.accounts, self.reps = accounts, reps
        self.of_account = _by_word(accounts)
        self.of_rep = _by_word(reps)
        table = data.table("accounts")
        self.called = dict(zip(table["id"].astype(str), table["name"].astype(str), strict=True))
        people = data.table("reps")
        self.rep_called = dict(zip(people["id"].astype(str), people["name"].astype(str), strict=True))
        self.office = dict(zip(people["id"].astype(str), people["region"].astype(str), strict=True))
        self.owner = accounts["rep"].astype(str).to_numpy()
        self.potential = accounts["estimated_potential"].to_numpy(np.float64)
        self.units: dict[str, list[int]] = {}
        for row, word in enumerate(accounts["id"].astype(str)):
            if " / " in word:
                self.units.setdefault(plain(word.rsplit(" / ", 1)[0]), []).append(row)
        self.set_aside: list[tuple[str, str, str]] = []
        self.strange: dict[str, int] = {}
        self.other_unit = 0

    def rows(self, name: str, table: pd.DataFrame, label: str) -> pd.DataFrame:
        """The rows of a table at accounts of the plan, with ``row``, the account's; the others are set aside."""
        if table.empty:
            return table.assign(row=pd.Series(dtype=np.int64))
        columns = [c for c in ("account", "product", "rep") if c in table]
        words = table[columns].astype(str)
        places = {key: self._place(*_told(key, columns)) for key in set(words.itertuples(index=False, name=None))}
        found = np.array([places[key] for key in words.itertuples(index=False, name=None)], dtype=np.int64)
        for place in np.flatnonzero(found < 0):
            account = str(table["account"].iloc[place])
            reason = f"account '{account}' is not in the plan" if account else "it names no account"
            self.set_aside.append((name, str(table[label].iloc[place]), reason))
            if account:
                self.strange[account] = self.strange.get(account, 0) + 1
        return table.assign(row=found)[found >= 0]

    def _place(self, account: str, product: str, rep: str) -> int:
        """The plan's row of an account, or of its unit: the product's, the office's, else one of the rep's."""
        if not account:
            return -1
        names = [account, self.called.get(account, "")]
        for name in filter(None, names):
            for word in (name, f"{name} / {product}", f"{name} / {self.office.get(rep, '')}"):
                if (row := self.of_account.get(plain(word), -1)) >= 0:
                    return row
        units = next((self.units[plain(name)] for name in names if plain(name) in self.units), [])
        if not units:
            return -1
        mine = [row for row in units if self.owner[row] == self.rep(rep)] or units
        self.other_unit += bool(product)
        return max(mine, key=lambda row: (self.potential[row], -row))

    def rep(self, word: str) -> str:
        """The id of a rep in the plan; empty for a stranger."""
        for one in (word, self.rep_called.get(word, "")):
            if one and (row := self.of_rep.get(plain(one), -1)) >= 0:
                return str(self.reps["id"].iloc[row])
        return ""

    def stop_if_nothing(self, found: int) -> None:
        """Raises InputError where no record is at an account of the plan."""
        if found:
            return
        some = sorted(self.strange)[:3]
        known = [*self.accounts["id"].astype(str), *self.accounts["name"].astype(str)][:50_000]
        like = f"; {nearest(some[0], known)}" if some else ""
        told = f"such as {', '.join(some)}" if some else "as no record names an account"
        raise InputError([f"no record is at an account of the plan, {told}{like}  Is it another market's plan?"])

    def aside(self) -> pd.DataFrame:
        """What is counted nowhere: table, record, reason."""
        return pd.DataFrame(self.set_aside, columns=["table", "record", "reason"])

    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of how records were found in the plan."""
        if not self.other_unit:
            return ()
        others = "pairs of account and product are no unit of the plan; they count with another unit of the account"
        return (f"{self.other_unit} {others}",)


def _told(key: tuple[str, ...], columns: list[str]) -> tuple[str, str, str]:
    said = dict(zip(columns, key, strict=True))
    return said["account"], said.get("product", ""), said.get("rep", "")


def _by_word(table: pd.DataFrame) -> dict[str, int]:
    """Rows by id, and by name where only one is called so."""
    ids = [plain(word) for word in table["id"].astype(str)]
    names = [plain(word) for word in table["name"].astype(str)]
    once = {name for name, count in zip(*np.unique(names, return_counts=True), strict=True) if count == 1}
    found = {name: row for row, name in enumerate(names) if name in once and name}
    return found | {word: row for row, word in enumerate(ids)}


def plain(word: str) -> str:
    """A word as it is compared: without case, and with single blanks."""
    return " ".join(word.split()).casefold()
