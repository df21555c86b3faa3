"""Where effort goes beside where potential lies, who deserves more of it and who less, what ways of contact bring."""

from __future__ import annotations

import numpy as np
import pandas as pd

from scenarios.crm.potential import poisson_mean
from scenarios.insight.facts import CUTS, Facts
from sim.world import Floats

MORE, LESS, KEEP = "more", "less", ""
APART = 1.25  # potential's share over effort's, or the other way round, from which effort should move
SOON = 90  # days after a contact in which a win counts as following it


def potential(facts: Facts) -> tuple[pd.Series, str]:
    """What each account could buy in a year, money, by id; and where that comes from.

    The planner's own estimate, where half of the accounts have one. Else sales that an account of its revenue,
    employees, industry and region usually brings (a Poisson regression of sales on these, times the mean sale;
    `scenarios.crm.potential.poisson_mean`): what its likes buy, not what it bought.
    """
    accounts = facts.accounts
    if accounts["potential"].notna().mean() >= 0.5:
        usual = float(accounts["potential"].median())
        return accounts.set_index("id")["potential"].fillna(usual), "the export's own estimates"
    counts = np.asarray(facts.sales["account"].value_counts().reindex(accounts["id"]).fillna(0.0), dtype=np.float64)
    mean = float(facts.sales["amount"].mean()) if len(facts.sales) else 0.0
    expected = poisson_mean(_traits(accounts), counts) if counts.sum() else counts
    money = expected * mean / facts.covered.years
    return pd.Series(money, index=accounts["id"]), "what accounts of that size, industry and region usually buy"


def _traits(accounts: pd.DataFrame) -> Floats:
    columns = []
    for name in ("revenue", "employees"):
        logs = np.log(accounts[name])
        if logs.notna().any():
            value = logs.fillna(logs.median()).to_numpy(float)
            columns.append((value - value.mean()) / value.std() if value.std() > 0 else 0.0 * value)
    for name in ("industry", "region"):
        columns += [(accounts[name] == word).to_numpy(float) for word in sorted(set(accounts[name]) - {""})]
    return np.column_stack(columns) if columns else np.zeros((len(accounts), 0))


def effort(facts: Facts) -> tuple[pd.DataFrame, str]:
    """Each segment's share of potential, effort and revenue, and what should move; and what effort is counted in.

    Columns: cut, segment, accounts, potential (money a year), potential_share, effort_share, revenue_share,
    of_potential (revenue over potential), says (more, less or nothing). Effort is hours of contact, or opportunities
    worked on where the data has no activities. ``more`` where potential's share is at least APART times effort's,
    ``less`` the other way round. No row where nothing was sold, so that no account has a potential.
    """
    could, _ = potential(facts)
    by_hours = len(facts.contacts) > 0 and bool(facts.contacts["hours"].notna().any())
    spent = facts.contacts.assign(effort=facts.contacts["hours"]) if by_hours else facts.decided.assign(effort=1.0)
    accounts = facts.accounts.assign(potential=facts.accounts["id"].map(could))
    cuts = [cut for cut in CUTS if cut in accounts and accounts.loc[accounts[cut] != "", cut].nunique() > 1]
    tables = [_beside(cut, accounts, spent, facts) for cut in cuts] if could.sum() > 0 else []
    word = "hours of contact" if by_hours else "opportunities worked on"
    return (pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()), word


def _beside(cut: str, accounts: pd.DataFrame, spent: pd.DataFrame, facts: Facts) -> pd.DataFrame:
    groups = accounts[accounts[cut] != ""].groupby(cut)
    table = groups.agg(accounts=("id", "size"), potential=("potential", "sum"))
    table["potential_share"] = table["potential"] / table["potential"].sum()
    effort_of = spent[spent[cut] != ""].groupby(cut)["effort"].sum().reindex(table.index).fillna(0.0)
    revenue = facts.sales[facts.sales[cut] != ""].groupby(cut)["amount"].sum().reindex(table.index).fillna(0.0)
    table["effort_share"] = effort_of / effort_of.sum()
    table["revenue_share"] = revenue / revenue.sum()
    table["of_potential"] = revenue / facts.covered.years / table["potential"]
    ratio = table["potential_share"] / table["effort_share"].where(table["effort_share"] > 0)
    table["says"] = np.select([ratio.isna() | (ratio >= APART), ratio <= 1.0 / APART], [MORE, LESS], KEEP)
    table = table.reset_index().rename(columns={cut: "segment"})
    table.insert(0, "cut", cut)
    return table.sort_values(["potential", "segment"], ascending=[False, True]).reset_index(drop=True)


def white_space(facts: Facts) -> pd.DataFrame:
    """Accounts that buy less than their potential, by money: account, name, potential, revenue (a year), gap, contacts.

    The twenty with the largest gap.
    """
    could, _ = potential(facts)
    revenue = facts.sales.groupby("account")["amount"].sum() / facts.covered.years
    table = facts.accounts[["id", "name", "industry", "region", "size"]].rename(columns={"id": "account"})
    table = table.assign(
        potential=table["account"].map(could),
        revenue=table["account"].map(revenue).fillna(0.0),
        contacts=table["account"].map(facts.contacts["account"].value_counts()).fillna(0).astype(int),
    )
    table["gap"] = table["potential"] - table["revenue"]
    table = table[table["gap"] > 0].sort_values(["gap", "account"], ascending=[False, True])
    return table.head(20).reset_index(drop=True)


def contacts(facts: Facts) -> pd.DataFrame:
    """Ways of contact, with what followed, a row a kind.

    Columns: kind, contacts, hours, minutes each, trend (second half of the covered days over the first, less 1),
    won_after, revenue_after, an_hour. ``won_after`` are sales within SOON days after a contact of that kind at the same
    account, each counted once for the last contact before it; ``an_hour`` is their revenue an hour of that kind. What
    follows is not what was caused: reps visit whom they expect to buy.
    """
    table = facts.contacts
    if table.empty:
        return pd.DataFrame()
    middle = (facts.covered.first + facts.covered.last) / 2.0
    groups = table.groupby("kind").agg(contacts=("kind", "size"), hours=("hours", "sum"), minutes=("hours", "mean"))
    groups["minutes"] *= 60.0
    late = table[table["day"] > middle]["kind"].value_counts().reindex(groups.index).fillna(0.0)
    early = table[table["day"] <= middle]["kind"].value_counts().reindex(groups.index).fillna(0.0)
    groups["trend"] = (late / early.where(early > 0)) - 1.0
    sales = facts.sales[facts.sales["account"] != ""][["account", "day", "amount"]].sort_values("day", kind="stable")
    before = table[["account", "day", "kind"]].sort_values("day", kind="stable")
    joined = pd.merge_asof(sales, before, on="day", by="account", tolerance=SOON)
    after = (
        joined.dropna(subset=["kind"]).groupby("kind")["amount"].agg(["size", "sum"]).reindex(groups.index).fillna(0.0)
    )
    groups["won_after"], groups["revenue_after"] = after["size"].astype(int), after["sum"]
    groups["an_hour"] = (after["sum"] / groups["hours"]).where(groups["hours"] > 0)
    return groups.reset_index().sort_values(["contacts", "kind"], ascending=[False, True]).reset_index(drop=True)
