"""Exports as they should not be: what an import makes of them, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import importing
from scenarios.intake.data import Data, read_data

ACCOUNTS = "Account ID,Account Name,Industry\nA1,Acme,retail\nA2,Bolt,retail\n"
HEAD = "Opportunity ID,Account ID,Opportunity Owner,Stage,Amount,Created Date,Close Date\n"
DEAL = "O1,A1,Ann,Closed Won,5,2024-01-02,2024-02-03\n"


def folder(place: Path, **files: str | bytes) -> Path:
    """A folder with these files, `_` in a name for the point."""
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / name.replace("_", ".")).write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


def read(place: Path, **files: str | bytes) -> Data:
    """What these files hold."""
    return read_data(folder(place / "in", **files))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A small export that can be read."""
    return folder(tmp_path / "in", Account_csv=ACCOUNTS, Opportunity_csv=HEAD + DEAL)


def test_a_folder_with_a_mapping_of_its_own_is_no_import(export: Path, tmp_path: Path) -> None:
    place = folder(tmp_path / "project", mapping_yaml="mine", work_txt="dear")
    assert importing.main([str(export), "--to", str(place)]) == 2
    assert sorted(path.name for path in place.iterdir()) == ["mapping.yaml", "work.txt"]


def test_what_people_keep_beside_an_import_stays_and_old_tables_go(export: Path, tmp_path: Path) -> None:
    place = tmp_path / "out"
    assert importing.main([str(export), "--to", str(place)]) == 0
    folder(place, MY_yaml="mine", quotas_csv="old")
    assert importing.main([str(export), "--to", str(place)]) == 0
    assert (place / "MY.yaml").read_text() == "mine"
    assert not (place / "quotas.csv").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_it_writes_where_one_stands_and_through_a_link(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "out"
    place.mkdir()
    (tmp_path / "link").symlink_to(place)
    monkeypatch.chdir(place)
    assert importing.main([str(export), "--to", "."]) == 0
    (place / "accounts.csv").write_text("changed")
    assert importing.main([str(export), "--to", str(tmp_path / "link")]) == 0
    assert (place / "accounts.csv").read_text().startswith("id,name")
    assert (tmp_path / "link").is_symlink()


def test_a_place_that_cannot_be_is_told(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert importing.main([str(export), "--to", "x" * 300]) == 2
    assert "--to" in capsys.readouterr().err


@pytest.mark.parametrize(
    "part",
    ["words: [a]", "dates: 2024-13-45", "x: !!int abc", "x: " + "[" * 3000, "table: [accounts]"],
)
def test_a_mapping_with_a_mistake_is_told(tmp_path: Path, part: str, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder(tmp_path / "in", Account_csv=ACCOUNTS)
    text = f"files:\n  Account.csv:\n    columns: {{id: Account ID}}\n    {part}\n"
    (tmp_path / "my.yaml").write_text(text if "table" in part else f"{text}    table: accounts\n")
    assert importing.main([str(place), "--mapping", str(tmp_path / "my.yaml"), "--to", str(tmp_path / "out")]) == 2
    assert "my.yaml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_words_that_a_mapping_leaves_out_are_guessed(tmp_path: Path) -> None:
    place = folder(tmp_path / "in", Account_csv=ACCOUNTS, Opportunity_csv=HEAD + DEAL)
    columns = "id: Opportunity ID, account: Account ID, rep: Opportunity Owner, stage: Stage, amount: Amount"
    (tmp_path / "my.yaml").write_text(
        "files:\n  Account.csv: {table: accounts, columns: {id: Account ID}}\n"
        f"  Opportunity.csv: {{table: opportunities, columns: {{{columns}, closed: Close Date}}, "
        "words: {outcome: {Signed: won}}}\n"
    )
    assert list(read_data(place, tmp_path / "my.yaml").tables["opportunities"]["outcome"]) == ["won"]


def test_what_stages_mean_however_many_there_are(tmp_path: Path) -> None:
    lost = ["Lost - won't buy", "Unsold", "Lost (sold by a rival)"]
    stages = [*(f"Alpha {number}" for number in range(70)), *lost, "Won"]
    rows = [f"O{place},A1,Ann,{stage},5,2024-01-02,2024-02-03\n" for place, stage in enumerate(stages)]
    made = read(tmp_path, Account_csv=ACCOUNTS, Opportunity_csv=HEAD + "".join(rows)).tables["opportunities"]
    assert len(made) == len(stages)
    assert set(made.loc[made["outcome"] == "lost", "stage"]) == set(lost)
    assert list(made.loc[made["outcome"] == "won", "stage"]) == ["Won"]


def test_two_files_of_a_table_each_with_its_own_columns(tmp_path: Path) -> None:
    flags = HEAD.replace("Stage", "IsWon,IsClosed,Product") + "O2,Acme,Ann,false,true,Pump,5,2024-01-02,2024-02-03\n"
    products = "Product ID,Product Name\nP1,Pump\n"
    made = read(
        tmp_path, Account_csv=ACCOUNTS, Opportunity_csv=HEAD + DEAL, deals_csv=flags, products_csv=products
    ).tables["opportunities"]
    assert list(made["outcome"]) == ["won", "lost"]
    assert list(made["product"]) == ["", "P1"]
    assert list(made["account"]) == ["A1", "A1"]


def test_ids_are_not_guessed_and_of_several_the_first_counts(tmp_path: Path) -> None:
    accounts = "Account ID,Account Name\n9876543211,Acme\n9876543222,Bolt\n001xx000003DGb1AAG,Cee\n"
    named = ["9876543299", "9876543222;9876543211", "001xx000003DGb1", "CUST-A0012"]
    rows = [DEAL.replace("O1,A1", f"O{place},{name}") for place, name in enumerate(named)]
    data = read(tmp_path, Account_csv=accounts + "CUST-B0012,Dee\n", Opportunity_csv=HEAD + "".join(rows))
    assert list(data.tables["opportunities"]["account"]) == ["9876543222", "001xx000003DGb1AAG"]
    assert len(data.rejects) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["1 234 567", "12 345", "1'234.50", "USD 2,024.99"], [1234567.0, 12345.0, 1234.5, 2024.99]),
        (["1 234,50 €", "12\u00a0345,00", "EUR 1.234", "-5"], [1234.5, 12345.0, 1234.0]),
        (["1.234.567", "12.345"], [1234567.0, 12345.0]),
        (["12$5", "1 23", "7"], [7.0]),
    ],
)
def test_numbers_as_people_group_them(tmp_path: Path, written: list[str], meant: list[float]) -> None:
    rows = "".join(f"A{place}\tx{place}\t{text}\n" for place, text in enumerate(written))
    data = read(tmp_path, Account_csv="Account ID\tAccount Name\tAnnual Revenue\n" + rows)
    assert list(data.tables["accounts"]["revenue"]) == meant


def test_the_first_year_is_no_year_of_this_century(tmp_path: Path) -> None:
    never = DEAL.replace("O1", "O2").replace("2024", "0001")
    data = read(tmp_path, Account_csv=ACCOUNTS, Opportunity_csv=HEAD + DEAL + never)
    assert list(data.tables["opportunities"]["id"]) == ["O1"]


def test_text_files_as_programs_write_them(tmp_path: Path) -> None:
    said = "sep=;\r\n" + ACCOUNTS.replace(",", ";")
    assert len(read(tmp_path, Account_csv=said).tables["accounts"]) == 2
    long = "\n".join(f"line {number}, with, commas" for number in range(60))
    told = f'"Account\nID",Account Name,Description\nA1,Acme,"{long}"\nA2,Bolt,short\n'
    data = read(tmp_path, Account_csv=told)
    assert list(data.tables["accounts"]["id"]) == ["A1", "A2"]
    assert data.rejects.empty


def test_parquet_with_numbers_that_are_none_and_signs_that_are_no_text(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    place = folder(tmp_path / "region=EU")
    table = pa.table({"Account ID": ["A1", "A\x1b[31m2"], "Annual Revenue": [1.0, float("nan")]})
    parquet.write_table(table, place / "Account.parquet")
    made = read_data(place)
    assert list(made.tables["accounts"]["id"]) == ["A [31m2", "A1"]
    assert made.rejects.empty
    assert set(made.table("accounts")["region"]) == {""}  # nothing is read out of a folder's name


def test_files_that_open_programs_leave_are_no_tables(tmp_path: Path) -> None:
    place = folder(tmp_path / "in", Account_csv=ACCOUNTS)
    for name in ("~$Account.xlsx", "._Account.csv"):
        (place / name).write_bytes(b"\0\5")
    assert list(read_data(place).tables) == ["accounts"]


def test_what_breaks_the_whole_is_told_all_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deals = HEAD.strip() + ",Owner,Owner\n1,x,y\n"
    place = folder(tmp_path / "in", Account_csv="Account ID,Name,Name\nA1,x,y\n", deals_csv=deals)
    assert importing.main([str(place), "--to", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert "Account.csv: column 'name'" in told
    assert "deals.csv: column 'owner'" in told


def test_no_account_that_can_be_used_is_no_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder(tmp_path / "in", Account_csv="Account ID,Account Name\n,x\n,y\n")
    assert importing.main([str(place), "--to", str(tmp_path / "out")]) == 2
    assert "Account.csv" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_name_that_is_no_text_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder(tmp_path / "in", Account_csv=ACCOUNTS)
    (place / "a\x1b[31m.csv").write_text(ACCOUNTS)
    assert importing.main([str(place), "--to", str(tmp_path / "out")]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_leads_are_no_accounts_and_other_kinds_of_files_are_named(tmp_path):
    (tmp_path / "Account.csv").write_text("Id,Name,Industry,BillingCity\n1,Elm,Energy,Ulm\n")
    (tmp_path / "Lead.csv").write_text("Id,Company,Industry,City,Country\n9,Elm,Energy,Ulm,DE\n9,Elm,Energy,Ulm,DE\n")
    (tmp_path / "old.xls").write_bytes(b"x")
    data = read_data(tmp_path)
    assert data.tables["accounts"]["id"].tolist() == ["1"]
    assert [(one.file, one.what) for one in data.findings] == [("old.xls", "a kind of file that is not read")]


def test_two_styles_of_days_in_one_file_are_told(tmp_path):
    (tmp_path / "accounts.csv").write_text("id,name,created\n1,Elm,25/06/2025\n2,Oak,06/25/2025\n3,Ash,01/02/2025\n")
    data = read_data(tmp_path)
    assert data.findings[0].what == "some days are day first and some month first; read as month-day-year"
    assert data.rejects["row"].tolist() == ["1,Elm,25/06/2025"]


def test_a_name_that_several_have_is_told_and_owners_sell_where_nobody_is_named(tmp_path):
    (tmp_path / "accounts.csv").write_text("id,name,owner\n1,Acme,Ada\n2,Acme,Bo\n3,Elm,Bo\n")
    (tmp_path / "deals.csv").write_text("id,account,stage,amount,created,closed\nD1,Acme,Won,5,2024-01-01,2024-02-01\n"
                                        "D2,Elm,Declined,5,2024-01-01,2024-02-01\n")  # fmt: skip
    data = read_data(tmp_path)
    assert data.rejects["reason"].tolist() == ["account 'Acme' is the name of several in accounts.csv"]
    assert data.tables["opportunities"][["rep", "outcome"]].to_numpy().tolist() == [["Bo", "lost"]]
