"""Who works on an opportunity where its own row does not say: the owner of its account."""

from __future__ import annotations

import pandas as pd

from scenarios.intake.rows import Rows


def owners_of_blanks(rows: Rows, accounts: Rows) -> None:
    """An opportunity that nobody is named for is the owner's of its account; without one too it is set aside.

    However many these are: a blank owner says nothing of how the file was read, unless all are blank.
    """
    blank = rows.frame["rep"] == ""
    header, reason = rows.header("rep"), f"no {rows.header('rep')}, and none of its account"
    rows.frame = rows.frame.assign(rep=rows.frame["rep"].where(~blank, _owner(rows, accounts)))
    lost = rows.frame["rep"] == ""
    rows.found(f"blank {header}", int((blank & ~lost).sum()), "taken as the owner of the account")
    rows.found(f"blank {header}, and no owner of the account", int(lost.sum()), "set aside; fill either to have them")
    if not lost.all():
        rows.pardoned.add(reason)
    rows.set_aside(lost, reason)


def owners_sell(rows: Rows, accounts: Rows) -> None:
    """Where no column says who works on an opportunity, it is the owner of its account."""
    rows.frame = rows.frame.assign(rep=_owner(rows, accounts))
    rows.found("no column says who works on it", len(rows.frame), "taken as the owner of the account")


def _owner(rows: Rows, accounts: Rows) -> pd.Series:
    """Whose the account of each opportunity is; blank where nobody's."""
    return rows.frame["account"].map(accounts.frame.set_index("id")["rep"]).fillna("").astype("str")
