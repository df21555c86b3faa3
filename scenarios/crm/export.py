"""A CRM export, read and cleaned: four tables, what was noticed, and the rows that were set aside."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from scenarios.crm import clean
from scenarios.crm.read import Reject, Table, read_folder
from scenarios.market import Finding
from scenarios.problems import InputError


@dataclass(frozen=True)
class Export:
    """The cleaned tables, each sorted by its name or id, so that the order of the files' rows does not matter.

    ``accounts``: account, sector, revenue, employees, office_location, subsidiary_of. ``products``: product,
    sales_price. ``agents``: sales_agent, regional_office. ``deals``: opportunity_id, sales_agent, product, account,
    deal_stage, engage_date and close_date (days since 1970, -1 = none), close_value, the ``office`` of its agent, the
    ``sector`` of its account (empty without one). ``rejects``: file, line, reason, row. ``sizes``: rows of each file.
    """

    accounts: pd.DataFrame
    products: pd.DataFrame
    agents: pd.DataFrame
    deals: pd.DataFrame
    findings: tuple[Finding, ...]
    rejects: pd.DataFrame
    sizes: dict[str, int]
    digest: str

    @property
    def decided(self) -> pd.DataFrame:
        """Opportunities that were won or lost."""
        return self.deals[self.deals["deal_stage"].isin(clean.DECIDED)]


def inspect_export(folder: str | Path) -> Export:
    """Reads and cleans an export; nothing is written.

    Raises InputError with every problem: a missing, empty or binary file, a missing column, too many bad rows.
    """
    tables = read_folder(str(folder))
    accounts, products, agents, deals = (tables[file] for file in tables)
    clean.accounts(accounts)
    clean.products(products)
    clean.agents(agents)
    clean.pipeline(deals)
    _stop_if_too_many(tables)
    known = {
        "sales_agent": agents.rows["sales_agent"],
        "product": products.rows["product"],
        "account": accounts.rows["account"],
    }
    clean.cross_check(deals, known)
    _stop_if_too_many(tables)
    rows = deals.rows.reset_index(drop=True)
    rows["office"] = rows["sales_agent"].map(agents.rows.set_index("sales_agent")["regional_office"]).astype("str")
    rows["sector"] = rows["account"].map(accounts.rows.set_index("account")["sector"]).fillna("").astype("str")
    rejects = sorted(reject for table in tables.values() for reject in table.rejects)
    digest = hashlib.sha256()
    for file, table in tables.items():
        digest.update(f"{file} {len(table.data)} ".encode() + table.data)
        count = len(table.rejects)
        table.found("rows that can't be used", count, "set aside, each with its line and reason")
    export = Export(
        accounts=accounts.rows.drop(columns=["line", "text"]),
        products=products.rows.drop(columns=["line", "text"]),
        agents=agents.rows.drop(columns=["line", "text"]),
        deals=rows.drop(columns=["line", "text"]),
        findings=(),
        rejects=pd.DataFrame(rejects, columns=list(Reject._fields)),
        sizes={file: table.size for file, table in tables.items()},
        digest=digest.hexdigest(),
    )
    _stop_if_nothing_to_learn(export)
    findings = [finding for table in tables.values() for finding in table.findings]
    return Export(**{**vars(export), "findings": (*findings, *_absent(export))})


def write_rejects(path: str | Path, export: Export) -> None:
    """Writes the rows that were set aside as CSV: file, line, reason, row."""
    export.rejects.to_csv(path, index=False)


def _stop_if_too_many(tables: dict[str, Table]) -> None:
    problems = [problem for table in tables.values() for problem in table.too_many_bad()]
    if problems:
        raise InputError(problems)


def _stop_if_nothing_to_learn(export: Export) -> None:
    decided = export.decided
    told = decided[(decided["account"] != "") & (decided["product"] != "")]
    problems = [
        f"sales_pipeline.csv: no opportunity with deal_stage '{stage}', an account and a product; odds can't be learnt"
        for stage in clean.DECIDED
        if not (told["deal_stage"] == stage).any()
    ]
    if problems:
        raise InputError(problems)


def _absent(export: Export) -> list[Finding]:
    """Who and what stands in a file without a single decided opportunity."""
    found = []
    for column, table, file, done in (
        ("sales_agent", export.agents, "sales_teams.csv", "not part of the team"),
        ("account", export.accounts, "accounts.csv", "not part of the market"),
        ("product", export.products, "products.csv", "kept in the list, sold to nobody"),
    ):
        silent = sorted(set(table[column]) - set(export.decided[column]))
        if silent:
            names = ", ".join(silent[:8]) + (" …" if len(silent) > 8 else "")
            found.append(
                Finding(file, f"{column.split('_')[-1]} without a won or lost opportunity: {names}", len(silent), done)
            )
    return found
