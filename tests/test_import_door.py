"""Exports that people really have: blank owners, German headers, names that stand there twice, and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import importing
from command.main import main
from scenarios.crm import inspect_export
from scenarios.intake.data import Data, read_data
from scenarios.intake.schema import LOST, OPEN, WON
from scenarios.intake.writing import report
from scenarios.problems import InputError

DEALS = "Opportunity ID,Account ID,Opportunity Owner,Stage,Amount,Created Date,Close Date\n"


def folder(place: Path, **files: str) -> Path:
    """A folder with these CSV files."""
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    return place


def deal(number: int, account: str, owner: str, stage: str = "Closed Won") -> str:
    return f"O{number:03},{account},{owner},{stage},5,2024-01-02,2024-02-03\n"


def found(data: Data) -> dict[str, int]:
    return {one.what: one.count for one in data.findings}


def blank_owners(place: Path, owners_of_accounts: str) -> Path:
    """100 deals, 30 of A1 and 20 of A2 without an owner."""
    accounts = f"Account ID,Account Name,Owner\nA1,Acme,{owners_of_accounts}\nA2,Acme,\n"
    rows = [deal(n, "A1", "") for n in range(30)] + [deal(n, "A2", "") for n in range(30, 50)]
    rows += [deal(n, "A1", "Ben") for n in range(50, 100)]
    return folder(place, accounts=accounts, opportunities=DEALS + "".join(rows))


def test_a_deal_without_an_owner_is_its_accounts_owners_and_the_rest_is_set_aside(tmp_path: Path) -> None:
    data = read_data(blank_owners(tmp_path, "Ann"))
    assert data.table("opportunities")["rep"].value_counts().to_dict() == {"Ben": 50, "Ann": 30}
    assert len(data.rejects) == 20
    assert set(data.rejects["reason"]) == {"no Opportunity Owner, and none of its account"}
    told = found(data)
    assert told["blank Opportunity Owner"] == 30
    assert told["blank Opportunity Owner, and no owner of the account"] == 20


def test_the_report_counts_accounts_without_an_owner_and_names_that_several_have(tmp_path: Path) -> None:
    data = read_data(blank_owners(tmp_path, "Ann"))
    lines = "\n".join(report(data))
    assert "| blank Owner | 1 | today's rep is who it is assigned to, else who sold most there |" in lines
    assert "| Account Name that several accounts have | 2 | kept apart by their ids |" in lines


def test_where_all_owners_are_blank_it_stops_and_says_what_to_fill(tmp_path: Path) -> None:
    """A column that says nothing at all was most likely read wrongly."""
    rows = "".join(deal(n, "A1", "") for n in range(20))
    place = folder(tmp_path, accounts="Account ID,Account Name\nA1,Acme\n", opportunities=DEALS + rows)
    with pytest.raises(InputError) as caught:
        read_data(place)
    assert caught.value.problems[0].endswith(
        "Fill the column 'Opportunity Owner', or leave it out of a mapping: "
        "territory import FOLDER --mapping FILE (docs/crm.md shows one)"
    )


@pytest.mark.parametrize(
    ("changed", "way"),
    [
        ({"2024-02-03": "soon"}, "Say how days are written (dates:)"),
        ({",5,": ",five,"}, "Say how numbers are written (decimal:)"),
        ({",A1,": ",A7,"}, "Add what is missing to accounts.csv, name them by id, or leave the column out"),
        ({"2024-01-02": "2025-01-02"}, "Correct those rows or take them out of the file"),
    ],
)
def test_whoever_is_refused_is_told_what_to_do(tmp_path: Path, changed: dict[str, str], way: str) -> None:
    rows = "".join(deal(n, "A1", "Ann") for n in range(20))
    for old, new in changed.items():
        rows = rows.replace(old, new)
    place = folder(tmp_path, accounts="Account ID,Account Name\nA1,Acme\nA2,Bolt\n", opportunities=DEALS + rows)
    with pytest.raises(InputError) as caught:
        read_data(place)
    assert f". {way}" in caught.value.problems[0]
    assert "--mapping FILE" in caught.value.problems[0]


def test_german_headers_are_read(tmp_path: Path) -> None:
    place = folder(
        tmp_path,
        Kundenstamm="Kundennummer;Firmenname;Betreuer;Ort;PLZ;Umsatz;Branche;Breite;Länge\n"
        "1;Elm AG;Ada;Bonn;53111;1.200.000,50;Handel;50,73;7,1\n2;Ulm GmbH;Bo;Ulm;89073;900,00;Energie;48,4;9,99\n",
        export="Auftrag;Kundennummer;Betreuer;Phase;Betrag;Abschlussdatum;Erstellt am;Produkt\n"
        "7;1;Ada;Gewonnen;1.200,50;15.6.2025;3.4.2025;Pumpe\n8;2;Bo;Verloren;900,00;5.6.2025;3.4.2025;Pumpe\n"
        "9;2;Bo;Angebot;900,00;;3.5.2025;Pumpe\n",
    )
    data = read_data(place)
    accounts, deals = data.table("accounts"), data.table("opportunities")
    assert accounts["rep"].tolist() == ["Ada", "Bo"]
    assert accounts[["city", "postcode"]].to_numpy().tolist() == [["Bonn", "53111"], ["Ulm", "89073"]]
    assert accounts["latitude"].tolist() == [50.73, 48.4]
    assert accounts["longitude"].tolist() == [7.1, 9.99]
    assert accounts["revenue"].tolist() == [1_200_000.5, 900.0]
    assert deals["outcome"].tolist() == [WON, LOST, OPEN]
    assert deals["amount"].tolist() == [1200.5, 900.0, 900.0]
    assert deals["product"].tolist() == ["Pumpe"] * 3


def test_degrees_with_a_point_beside_amounts_with_a_comma(tmp_path: Path) -> None:
    """50.731 is no fifty thousand degrees north, whatever the amounts of its file look like."""
    place = folder(
        tmp_path,
        Kunden="Kundennummer;Umsatz;Breite;Länge\n1;1.200.000,50;50.731;7.125\n2;900,00;-48.4;9,99\n",
    )
    accounts = read_data(place).table("accounts")
    assert accounts["latitude"].tolist() == [50.731, -48.4]
    assert accounts["longitude"].tolist() == [7.125, 9.99]
    assert accounts["revenue"].tolist() == [1_200_000.5, 900.0]


@pytest.mark.parametrize("name", ["Aufträge 2025", "aktivita\u0308ten", "Verkäufer"])
def test_a_files_name_may_have_umlauts(name: str) -> None:
    from scenarios.intake.mapping import USUAL, _named, systems

    assert any(_named(f"{name}.csv", files) for files in systems()[USUAL].files.values())


def test_where_no_file_holds_accounts_a_mapping_can_be_copied(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = folder(tmp_path / "in", stamm="Nr;Heisst;Wer\n1;Elm;Ada\n2;Ulm;Bo\n")
    assert importing.main([str(place)]) == 2
    begun = capsys.readouterr().err.partition("begins as this one:\n")[2]
    (tmp_path / "mine.yaml").write_text(begun, encoding="utf-8")
    accounts = read_data(place, tmp_path / "mine.yaml").table("accounts")
    assert accounts[["id", "name", "rep"]].to_numpy().tolist() == [["1", "Elm", "Ada"], ["2", "Ulm", "Bo"]]


def test_where_no_account_is_left_it_says_what_to_fill(tmp_path: Path) -> None:
    """Few rows, so that they are not too many to be set aside."""
    with pytest.raises(InputError) as caught:
        read_data(folder(tmp_path, accounts="Account ID,Account Name\n,Acme\n,Bolt\n"))
    assert "no row can be used as an account; first: line 2: no Account ID. Fill the column 'Account ID'," in str(
        caught.value.problems[0]
    )


def test_where_nothing_was_lost_it_says_how_to_tell(tmp_path: Path) -> None:
    """All deals are won, most likely as no word for lost ones was understood."""
    rows = "".join(deal(n, "A1", "Ann") for n in range(9))
    accounts = "Account ID,Account Name\nA1,Acme\n"
    with pytest.raises(InputError) as caught:
        inspect_export(folder(tmp_path, accounts=accounts, opportunities=DEALS + rows))
    (problem,) = caught.value.problems
    assert problem.startswith("opportunities.csv: none was lost: all 9 that are decided were won, and odds are learnt")
    assert "say which words mean lost (words:): territory import FOLDER --mapping FILE" in problem


@pytest.mark.parametrize(("stage", "lacks"), [("Closed Won", "lost"), ("Closed Lost", "won")])
def test_an_import_proposes_no_play_that_cant_be(
    stage: str, lacks: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = "".join(deal(n, "A1", "Ann", stage) for n in range(9))
    folder(tmp_path / "crm", accounts="Account ID,Account Name\nA1,Acme\n", opportunities=DEALS + rows)
    assert importing.main(["crm"]) == 0
    told = capsys.readouterr().err
    assert f"not yet    territory simulate can't play it. opportunities.csv: none was {lacks}: all 9" in told
    assert "play it  " not in told
    assert main(["simulate", "market=crm", "market.folder=imported/crm"]) == 2
    told = capsys.readouterr().err
    assert f"none was {lacks}" in told
    assert "already played" not in told


def test_where_columns_are_blank_it_says_to_fill_them(tmp_path: Path) -> None:
    rows = "".join(deal(n, "A1" if n else "", "Ann", "Closed Won" if n else "Closed Lost") for n in range(9))
    with pytest.raises(InputError, match=r"no lost opportunity that names its account.* Fill these columns"):
        inspect_export(folder(tmp_path, accounts="Account ID,Account Name\nA1,Acme\n", opportunities=DEALS + rows))


def priced(place: Path, amounts: list[str], more: str = "", codes: tuple[str, ...] = ()) -> Path:
    """Won and lost deals with these amounts and, under the header ``more``, these codes."""
    rows = [
        f'O{n:03},A1,Ann,Closed {"Won" if n % 2 else "Lost"},"{amount}",2024-01-02,2024-02-03'
        + (f",{codes[n % len(codes)]}" if more else "")
        for n, amount in enumerate(amounts)
    ]
    head = DEALS.strip() + (f",{more}" if more else "")
    return folder(place, accounts="Account ID,Account Name\nA1,Acme\n", opportunities="\n".join([head, *rows]) + "\n")


@pytest.mark.parametrize(
    ("amount", "more", "codes", "currency"),
    [
        ("1.234,50 €", "", (), "€"),
        ("EUR 1,234.50", "", (), "€"),
        ("CHF 1'234.50", "", (), "CHF"),
        ("¥1,234", "", (), "¥"),
        ("1.250.000 ₫", "", (), "₫"),
        ("1234", "CurrencyIsoCode", ("EUR",), "€"),
        ("1234", "Deal currency code", ("SEK",), "SEK"),
    ],
)
def test_the_currency_of_amounts_is_said_and_proposed(
    amount: str, more: str, codes: tuple[str, ...], currency: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    priced(tmp_path / "crm", [amount] * 12, more, codes)
    assert importing.main(["crm"]) == 0
    told = capsys.readouterr().err
    assert f"currency   amounts are in {currency}: add market.currency={currency} to what you play" in told
    assert f"market.folder=imported/crm market.currency={currency} territory=current,balanced" in told
    assert f"| amounts in {currency} | 12 |" in (tmp_path / "imported" / "crm" / "report.md").read_text("utf-8")
    assert main(["market", "crm"]) == 0
    assert f"territory swot crm --currency {currency}" in capsys.readouterr().err
    assert main(["swot", "crm"]) == 0
    assert f"territory goals crm market.currency={currency}" in capsys.readouterr().err
    assert f"| revenue {currency} |" in (tmp_path / "market" / "crm" / "market.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("amounts", "more", "codes", "counts"),
    [
        (["€10", "$10", "€10"] * 4, "", (), "8 in €, 4 in $"),
        (["10"] * 12, "Currency", ("EUR", "GBP"), "6 in £, 6 in €"),
        (["10"] * 11 + ["€10"], "", (), "1 in €, 11 without a sign"),
    ],
)
def test_several_currencies_are_said_loudly(
    amounts: list[str], more: str, codes: tuple[str, ...], counts: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    priced(tmp_path / "crm", amounts, more, codes)
    assert importing.main(["crm"]) == 0
    told = capsys.readouterr().err
    assert f"CURRENCIES there are several; amounts were added up WITHOUT conversion: {counts}. Convert" in told
    assert "market.currency" not in told
    assert counts in (tmp_path / "imported" / "crm" / "report.md").read_text("utf-8")


@pytest.mark.parametrize("amounts", [["$10"] * 12, ["10"] * 12])
def test_dollars_and_bare_amounts_need_no_word(amounts: list[str], tmp_path: Path) -> None:
    data = read_data(priced(tmp_path / "crm", amounts))
    assert not [one for one in data.findings if one.what.startswith("amounts in")]


def test_a_sign_that_is_not_known_is_said_to_be_taken_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"is no number .* take out signs that are no part of them"):
        read_data(priced(tmp_path / "crm", ["10 zorkmid"] * 12))
