"""Any CRM's export comes to the same tables, however it is written, and a bad row costs itself only."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from command.records import tables
from scenarios.build import Built, build
from scenarios.crm import load
from scenarios.intake.data import Data, read_data
from scenarios.intake.mapping import as_yaml, systems
from scenarios.intake.schema import AIDS, TABLES
from scenarios.intake.vendor import write_as
from scenarios.intake.writing import write
from scenarios.problems import InputError
from scenarios.schema import GoalsOptions, MarketOptions, Scenario, TeamOptions, TerritoryOptions
from sim.behaviour import Behaviour
from sim.ledger import Ledger, keep_books
from sim.run import run
from tests.lookalike import lookalike

VENDORS = ("salesforce", "hubspot", "dynamics", "pipedrive")
DAYS = {"created", "closed", "since", "until", "entered", "date"}


@pytest.fixture(scope="module")
def business() -> tuple[Built, Ledger]:
    """Three reps with sixty accounts, their year on record."""
    built = build(
        Scenario(
            market=MarketOptions(accounts=60),
            team=TeamOptions(reps=3),
            territory=TerritoryOptions(name="balanced"),
            goals=GoalsOptions(name="hybrid"),
        )
    )
    return built, keep_books(built.world, built.plan, 0)


@pytest.fixture(scope="module")
def year(business) -> dict[str, pd.DataFrame]:
    """The canonical tables of that year."""
    return tables(*business, 2026)


def same(found: Data, wanted: dict[str, pd.DataFrame], only: set[str] | None = None, exact: bool = True) -> None:
    """Every table is there, row by row, whatever the order of the files' rows was."""
    for name in only or set(wanted):
        key = [TABLES[name].key] if TABLES[name].key else list(TABLES[name].names)
        left, right = (one.sort_values(key).reset_index(drop=True) for one in (found.tables[name], wanted[name]))
        pd.testing.assert_frame_equal(left, right, check_exact=exact, **{} if exact else {"rtol": 1e-14})


# A year on record.


def test_the_ledger_holds_the_year_that_the_engine_plays(business):
    built, ledger = business
    played = run(built.world, built.plan, [0]).account_year
    n = len(built.market.accounts)
    deals = list(ledger.deals.values())
    counts = {
        "calls": [call.account for call in ledger.calls],
        "orders": [order.account for order in ledger.orders],
        "won": [deal.account for deal in deals if deal.won],
        "lost": [deal.account for deal in deals if deal.closed >= 0 and not deal.won],
        "opened": [deal.account for deal in deals if deal.opened >= 0],
        "lost_price": [deal.account for deal in deals if deal.reason == "price"],
        "lost_neglect": [deal.account for deal in deals if deal.reason == "neglect"],
    }
    for name, rows in counts.items():
        assert np.bincount(rows, minlength=n).tolist() == played[name][0].tolist(), name
    assert len(counts["won"]) > 20
    money = np.zeros(n)
    for order in ledger.orders:
        money[order.account] += order.cents
    assert money.tolist() == played["order_revenue"][0].tolist()
    won = np.zeros(n)
    for deal in deals:
        won[deal.account] += deal.cents if deal.won else 0
    assert won.tolist() == played["won_revenue"][0].tolist()


def test_stages_follow_each_other_to_the_close(business, year):
    stages, deals = year["stages"], year["opportunities"].set_index("id")
    assert set(stages["opportunity"]) <= set(deals.index)
    last = stages.sort_values("entered", kind="stable").groupby("opportunity").last()
    closed = deals[deals["outcome"] != "open"]
    assert (last.loc[closed.index, "entered"] == closed["closed"]).all()
    assert (last.loc[closed.index, "stage"] == closed["stage"]).all()
    assert (closed["created"] < closed["closed"]).all()


# Whatever the system calls its columns.


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_systems_export_gives_the_same_tables(year, tmp_path, vendor):
    write_as(year, vendor, tmp_path / "export")
    found = read_data(tmp_path / "export")
    assert found.mapping.source == vendor
    assert found.rejects.empty
    known = set(systems()[vendor].headers)
    same(found, year, set(year) & known)
    assert {"accounts", "opportunities", "stages", "activities", "quotas", "products", "reps"} <= set(found.tables)


def test_every_system_has_a_header_for_every_column_that_it_knows():
    for system in systems().values():
        for table, headers in system.headers.items():
            known = {one.name for one in (*TABLES[table].fields, *AIDS.get(table, ()))}
            assert set(headers) <= known, (system.name, table)
            if system.name in VENDORS[:3]:
                assert set(TABLES[table].names) - set(headers) <= {"outcome"}


# However the files are written.


def rewritten(folder: Path, way: str) -> None:
    """The files of a Salesforce export in another way of writing them."""
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        dates = [name for name in frame if frame[name].str.fullmatch(r"\d{4}-\d\d-\d\d").any()]
        amounts = [
            name for name in frame if name in ("Amount", "TotalAmount", "QuotaAmount", "UnitPrice", "Potential__c")
        ]
        for name in dates if way in ("day first", "excel of a German") else ():
            frame[name] = [f"{dt.date.fromisoformat(text):%d.%m.%Y}" if text else "" for text in frame[name]]
        for name in dates if way == "month first" else ():
            frame[name] = [f"{dt.date.fromisoformat(text):%m/%d/%Y}" if text else "" for text in frame[name]]
        for name in amounts if way == "dollars" else ():
            frame[name] = [f"${float(text):,.15g}" if text else "" for text in frame[name]]
        for name in amounts if way == "excel of a German" else ():
            frame[name] = [f"{float(text):.15g}".replace(".", ",") if text else "" for text in frame[name]]
        separator = {"tabs": "\t", "semicolons": ";", "excel of a German": ";"}.get(way, ",")
        code = {"bom": "utf-8-sig", "utf-16": "utf-16"}.get(way, "utf-8")
        if way == "parquet":
            path.unlink()
            frame.to_parquet(path.with_suffix(".parquet"))
        else:
            frame.to_csv(path, sep=separator, encoding=code, index=False)


WAYS = ("bom", "utf-16", "semicolons", "tabs", "day first", "month first", "dollars", "excel of a German", "parquet")


@pytest.mark.parametrize("way", WAYS)
def test_the_same_tables_however_a_spreadsheet_writes_them(year, tmp_path, way):
    rounded = {name: table.copy() for name, table in year.items()}
    for name, table in rounded.items():  # money has cents
        for column in table.select_dtypes("float64").columns:
            if column not in ("latitude", "longitude"):
                rounded[name][column] = table[column].round(2)
    write_as(rounded, "salesforce", tmp_path / "export")
    rewritten(tmp_path / "export", way)
    same(read_data(tmp_path / "export"), rounded)


def test_a_workbook_with_a_sheet_a_table(year, tmp_path):
    write_as(year, "hubspot", tmp_path / "export")
    (tmp_path / "book").mkdir()
    with pd.ExcelWriter(tmp_path / "book" / "crm.xlsx") as book:
        for path in sorted((tmp_path / "export").glob("*.csv")):
            frame = pd.read_csv(path, dtype=str, keep_default_na=False).astype(object)
            cells = [
                [float(text) if text.replace(".", "", 1).isdigit() else text for text in row] for row in frame.values
            ]
            pd.DataFrame(cells, columns=frame.columns).to_excel(book, sheet_name=path.stem, index=False)
    found = read_data(tmp_path / "book")
    assert found.mapping.source == "hubspot"
    same(found, year, {"accounts", "opportunities", "activities"}, exact=False)  # a workbook keeps 16 digits


# What is written.


def test_an_import_is_repeatable_and_makes_the_same_market(tmp_path):
    raw = lookalike().write(tmp_path / "raw")
    assert write(read_data(raw), tmp_path / "clean") is True
    before = {path.name: path.read_bytes() for path in (tmp_path / "clean").iterdir()}
    assert write(read_data(raw), tmp_path / "clean") is False
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "clean").iterdir()}
    one, two = (
        load(MarketOptions(name="crm", folder=str(folder)), TeamOptions(), Behaviour())[0].accounts
        for folder in (raw, tmp_path / "clean")
    )
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_no_cell_is_left_that_a_table_program_would_run(tmp_path):
    (tmp_path / "accounts.csv").write_text('id,name,industry,city\n1,"=cmd|\'x\'!A0",@sum,"+1+2"\n2,-5,energy,Ulm\n')
    data = read_data(tmp_path)
    assert data.tables["accounts"].loc[0, "name"] == "=cmd|'x'!A0"
    write(data, tmp_path / "out")
    text = (tmp_path / "out" / "accounts.csv").read_text()
    assert "'=cmd|'x'!A0,'@sum" in text
    assert "'+1+2" in text
    assert ",-5," in text
    same(read_data(tmp_path / "out"), data.tables)


def test_a_folder_that_no_import_wrote_is_left_alone(tmp_path):
    raw = lookalike().write(tmp_path / "raw")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep me")
    with pytest.raises(InputError, match="holds files that no import wrote"):
        write(read_data(raw), tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]


# Mappings.


def test_a_planners_mapping_says_what_a_guess_can_not(tmp_path):
    (tmp_path / "stamm.csv").write_text("Nr;Heisst;Handwerk\n7;Elm AG;Energie\n8;Ulm GmbH;Handel\n")
    (tmp_path / "auftraege.csv").write_text(
        "Nr;Kunde;Wer;Stand;Wert;Angelegt;Ende\n1;7;Ada;Abgeschlossen;1.200,50;3.4.2025;5.6.2025\n"
        "2;Ulm GmbH;Ada;Weg;900,00;3.4.2025;5.6.2025\n"
    )
    with pytest.raises(InputError, match="no file holds accounts") as caught:
        read_data(tmp_path)
    begun = yaml.safe_load(caught.value.problems[0].partition("\n")[2])  # a mapping that can be copied
    assert begun["files"]["auftraege.csv"]["table"] == "accounts"
    assert begun["files"]["auftraege.csv"]["columns"]["id"] == "Nr"
    mapping = tmp_path / "mine.yaml"
    mapping.write_text(
        "source: spreadsheet\n"
        "files:\n"
        "  stamm.csv: {table: accounts, columns: {id: Nr, name: Heisst, industry: Handwerk}}\n"
        "  auftraege.csv:\n"
        "    table: opportunities\n"
        "    dates: day-month-year\n"
        "    decimal: comma\n"
        "    columns: {id: Nr, account: Kunde, rep: Wer, stage: Stand, amount: Wert, created: Angelegt, closed: Ende}\n"
        "    words: {outcome: {Abgeschlossen: won, Weg: lost}}\n"
    )
    deals = read_data(tmp_path, mapping).tables["opportunities"]
    assert deals["account"].tolist() == ["7", "8"]  # one was named, not numbered
    assert deals["outcome"].tolist() == ["won", "lost"]
    assert deals["amount"].tolist() == [1200.5, 900.0]
    assert (deals["closed"] - deals["created"]).tolist() == [63, 63]
    again = tmp_path / "again.yaml"
    again.write_text(as_yaml(read_data(tmp_path, mapping).mapping))
    pd.testing.assert_frame_equal(read_data(tmp_path, again).tables["opportunities"], deals)


def test_everything_that_is_wrong_with_a_mapping_is_said_at_once(tmp_path):
    (tmp_path / "accounts.csv").write_text("id,name\n1,Elm\n")
    (tmp_path / "deals.csv").write_text("id,account,stage\n1,1,Won\n")
    mapping = tmp_path / "mine.yaml"
    mapping.write_text(
        "source: salesfarce\n"
        "files:\n"
        "  account.csv: {table: accounts}\n"
        "  accounts.csv: {table: acounts}\n"
        "  deals.csv: {table: opportunities, dates: backwards, columns: {id: Id, stag: stage},"
        " words: {outcome: {Won: one}}}\n"
    )
    with pytest.raises(InputError) as caught:
        read_data(tmp_path, mapping)
    assert caught.value.problems == (
        "mine.yaml: source: there is no system 'salesfarce'; did you mean 'salesforce'?",
        "mine.yaml: there is no file 'account.csv'; did you mean 'accounts.csv'?",
        "mine.yaml: accounts.csv: no table 'acounts'; did you mean 'accounts'?",
        "mine.yaml: deals.csv: it has no header 'Id'; choose from: account, id, stage",
        "mine.yaml: deals.csv: opportunities have no column 'stag'; did you mean 'stage'?",
        "mine.yaml: deals.csv: dates: there is no 'backwards'; choose from: day-month-year, month-day-year, "
        "year-month-day",
        "mine.yaml: deals.csv: words: Won: there is no outcome 'one'; did you mean 'won'?",
    )


def test_only_accounts_are_needed_and_who_is_named_is_known(tmp_path):
    (tmp_path / "companies.csv").write_text("Company,Owner,Vertical\nElm,Ada,energy\nOak,Bo,energy\nElm,Ada,retail\n")
    data = read_data(tmp_path)
    assert set(data.tables) == {"accounts", "reps"}
    assert data.tables["reps"]["id"].tolist() == ["Ada", "Bo"]
    assert data.rejects["reason"].tolist() == ["Company 'Elm' stands there more than once"]
    assert data.table("orders").empty


def test_dates_that_can_not_be_told_apart_are_said_to_be(tmp_path):
    (tmp_path / "accounts.csv").write_text("id,name,created\n1,Elm,03/04/2025\n2,Oak,05/06/2025\n")
    (finding,) = read_data(tmp_path).findings
    assert finding.what == "days and months can't be told apart; read as month-day-year"
    (tmp_path / "accounts.csv").write_text("id,name,created\n1,Elm,03/04/2025\n2,Oak,25/06/2025\n")
    data = read_data(tmp_path)
    assert data.findings == ()
    assert data.tables["accounts"]["created"].tolist() == [
        (dt.date(2025, month, day) - dt.date(1970, 1, 1)).days for month, day in ((4, 3), (6, 25))
    ]
