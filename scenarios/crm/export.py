"""What a market is learnt from: an export's opportunities, with whose office and in whose industry each one was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from scenarios.intake.data import Data, read_data
from scenarios.intake.rows import BY_MAPPING
from scenarios.intake.schema import LOST, OPEN, WON
from scenarios.intake.values import UNKNOWN
from scenarios.market import Finding
from scenarios.problems import InputError, some

DECIDED = (WON, LOST)
ANY = "all products"  # where an export names none


@dataclass(frozen=True)
class Export:
    """The tables of ``data`` that a market is made from, in canonical columns (`scenarios.intake.schema`).

    ``deals`` are the opportunities, with the ``office`` of their rep and the ``industry`` of their account (empty
    without one) beside their own columns.
    """

    data: Data
    accounts: pd.DataFrame
    products: pd.DataFrame
    reps: pd.DataFrame
    deals: pd.DataFrame
    findings: tuple[Finding, ...]

    @property
    def rejects(self) -> pd.DataFrame:
        """Rows that were set aside: file, line, reason, row."""
        return self.data.rejects

    @property
    def sizes(self) -> dict[str, int]:
        """Rows of each file that is used, bad ones too."""
        return self.data.sizes

    @property
    def sold(self) -> bool:
        """Whether any opportunity was won or lost."""
        return len(self.decided) > 0

    @property
    def decided(self) -> pd.DataFrame:
        """Opportunities that were won or lost."""
        return self.deals[self.deals["outcome"] != OPEN]


def inspect_export(folder: str | Path) -> Export:
    """Reads and cleans an export that a market is to be made from; nothing is written.

    Raises InputError with every problem of the files (`read_data`), or where they hold won opportunities and no lost
    ones, or the other way round.
    """
    if not str(folder):
        raise InputError(
            ["market.folder is empty: give the folder of the CRM export, as in market.folder=../exports/crm"]
        )
    return exported(read_data(folder))


def exported(data: Data) -> Export:
    """The part of the data that a market is learnt from. Raises InputError where odds can't be learnt from it."""
    deals, reps, products = data.table("opportunities"), data.table("reps"), data.table("products")
    if not (deals["product"] != "").any():
        deals = deals.assign(product=pd.Series(ANY, index=deals.index, dtype="str"))
        blank = {name: pd.Series([""], dtype="str") for name in products}
        products = pd.DataFrame(blank).assign(id=ANY, name=ANY, price=float("nan"), cost=float("nan"))
    accounts = data.table("accounts")
    region = reps.set_index("id")["region"].replace("", UNKNOWN)
    deals = deals.assign(
        office=deals["rep"].map(region).fillna(UNKNOWN).astype("str"),
        industry=deals["account"].map(accounts.set_index("id")["industry"]).fillna("").astype("str"),
    )
    export = Export(data, accounts, products, reps, deals, data.findings)
    if not export.sold:
        return export
    _stop_if_nothing_to_learn(export)
    return replace(export, findings=(*data.findings, *_absent(export)))


def _stop_if_nothing_to_learn(export: Export) -> None:
    decided = export.decided
    told = decided[(decided["account"] != "") & (decided["product"] != "") & (decided["rep"] != "")]
    file = export.data.file("opportunities")
    problems = []
    for outcome in DECIDED:
        if not (decided["outcome"] == outcome).any():
            problems.append(
                f"{file}: none was {outcome}: all {len(decided):,} that are decided were "
                f"{WON if outcome == LOST else LOST}, and odds are learnt from both. "
                f"Export those too, or say which words mean {outcome} (words:): {BY_MAPPING}"
            )
        elif not (told["outcome"] == outcome).any():
            problems.append(
                f"{file}: no {outcome} opportunity that names its account and who worked on it; odds can't be learnt. "
                f"Fill these columns, or say which words mean {' and '.join(DECIDED)} (words:): {BY_MAPPING}"
            )
    if problems:
        raise InputError(problems)


def _absent(export: Export) -> list[Finding]:
    """Who and what stands in a file without a single decided opportunity; accounts without an order, too."""
    found, ordered = [], set(export.data.table("orders")["account"])
    for column, table, name, done in (
        ("rep", export.reps, "reps", "not part of the team"),
        ("account", export.accounts, "accounts", "not part of the market"),
        ("product", export.products, "products", "kept in the list, sold to nobody"),
    ):
        silent = sorted(set(table["id"]) - set(export.decided[column]) - (ordered if column == "account" else set()))
        if silent:
            nor = " or an order" if column == "account" and ordered else ""
            what = f"{column} without a won or lost opportunity{nor}: {some(silent)}"
            found.append(Finding(export.data.file(name), what, len(silent), done))
    return found
