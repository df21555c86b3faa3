"""A CRM export becomes a market: what is repaired, what is set aside, what is learnt, and what stops it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.build import make_world
from scenarios.crm import data_report, fit_report, inspect_export, learn, load
from scenarios.crm.fitted import as_learnt
from scenarios.crm.unit import UNITS
from scenarios.generator.worth import covered_share
from scenarios.intake.writing import write
from scenarios.market import ACCOUNT_COLUMNS, Finding
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, TeamOptions, TerritoryOptions
from scenarios.team import REP_COLUMNS
from scenarios.territory import assign
from sim.behaviour import Behaviour
from tests.lookalike import AGENTS, DAYS, HEAD, PRICES, SILENT, Lookalike, dirty, lookalike

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "crm-sales-opportunities"
YEAR = 365.25


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return lookalike().write(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="module")
def dirty_folder(tmp_path_factory):
    return dirty(lookalike()).write(tmp_path_factory.mktemp("dirty"))


def options(folder, unit="account_product", **more):
    return MarketOptions(name="crm", folder=str(folder), unit=unit, **more)


def loaded(folder, unit="account_product", behaviour=Behaviour(), fit=""):  # noqa: B008
    return load(replace(options(folder, unit), fit=fit), TeamOptions(), behaviour)


def problems_of(folder):
    with pytest.raises(InputError) as caught:
        inspect_export(folder)
    return caught.value.problems


def test_a_company_its_products_and_its_subsidiaries_are_one_family(tmp_path):
    made = lookalike()
    rows = made.rows["accounts.csv"]
    names = [row.split(",")[0] for row in rows]
    for child, parent in ((1, names[5]), (7, "Faraway Holding"), (8, names[9]), (9, names[8]), (10, names[9])):
        rows[child] += parent  # the sixth belongs to the first already; the ninth and tenth to each other
    market, team, behaviour = loaded(made.write(tmp_path))
    units = market.accounts.groupby("parent")["id"].size()
    assert units[names[0]] == 9
    assert units["Faraway Holding"] == 3
    assert units[names[8]] == 9
    assert units[names[2]] == 3
    assert len(units) == 20
    for design in ("balanced", "current", "hybrid"):
        owner = assign(market, team, TerritoryOptions(design, keep_together="parent"), behaviour, 1)
        assert market.accounts.assign(owner=owner).groupby("parent")["owner"].nunique().max() == 1


# What is noticed and set aside.


def test_a_clean_export_gives_no_rejects_and_only_the_silent_agent(folder):
    export = inspect_export(folder)
    assert export.rejects.empty
    assert export.findings == (
        Finding("sales_teams.csv", f"rep without a won or lost opportunity: {SILENT}", 1, "not part of the team"),
    )


def test_every_planted_flaw_is_counted(dirty_folder):
    found = {(finding.file, finding.what): finding.count for finding in inspect_export(dirty_folder).findings}
    pro = sum(",Desk Pro," in row for row in lookalike().rows["sales_pipeline.csv"])
    assert found == {
        ("accounts.csv", "sector 'technolgy'"): 4,
        ("accounts.csv", "blank sector"): 1,
        ("accounts.csv", "office_location 'Norwayy'"): 1,
        ("accounts.csv", "blank or zero revenue"): 1,
        ("sales_pipeline.csv", "product 'DeskPro', in products.csv 'Desk Pro'"): pro,
        ("sales_pipeline.csv", "no account"): 31,
        ("sales_pipeline.csv", "stages that hardly occur: 'Wobbling'"): 1,
        ("sales_pipeline.csv", "rows that can't be used"): 7,
        ("sales_teams.csv", f"rep without a won or lost opportunity: {SILENT}"): 1,
    }


def test_bad_rows_are_set_aside_with_line_and_reason(dirty_folder, tmp_path):
    export = inspect_export(dirty_folder)
    first = 2401 + 51 + 1  # header, decided, blanks, then the bad ones
    assert list(export.rejects[["line", "reason"]].itertuples(index=False, name=None)) == [
        (first + 0, "close_date: '2020-13-01' is no date (year-month-day, 1970 to 2099)"),
        (first + 1, "closed before it began"),
        (first + 3, "close_value: '-100' is no number of 0 or more"),
        (first + 4, "won, but without a value"),
        (first + 5, "7 fields instead of 8"),
        (first + 6, "sales_agent 'Zoltan Quark' is not in sales_teams.csv"),
        (first + 7, "opportunity_id 'O00000' stands there more than once"),
    ]
    write(export.data, tmp_path / "out")
    back = pd.read_csv(tmp_path / "out" / "rejects.csv")
    assert list(back.columns) == ["file", "line", "reason", "row"]
    assert back["row"][4] == "B00006,Ada Berg,Chair,Whitby,Won,2020-05-01,2020-06-01"


def test_blank_accounts_count_for_agents_and_not_for_accounts(dirty_folder, folder):
    assert len(inspect_export(dirty_folder).decided) == len(inspect_export(folder).decided) + 1
    export = inspect_export(dirty_folder)
    table = learn(export, "account_product", Behaviour()).table
    assert table["deals"].sum() == 2400


@pytest.mark.parametrize(("bad", "stops"), [(5, False), (6, True)])
def test_a_small_file_stops_above_five_bad_rows(tmp_path, bad, stops):
    made = lookalike()
    made.rows["accounts.csv"] += [f"Bad {n},retail,1990,minus,1,Norway," for n in range(bad)]
    made.write(tmp_path)
    if not stops:
        assert len(inspect_export(tmp_path).rejects) == 5
        return
    assert problems_of(tmp_path) == (
        "accounts.csv: 6 of 30 rows can't be used, more than the 5 that are set aside: "
        "6 × revenue: … is no number of 0 or more. "
        "First: line 26: revenue: 'minus' is no number of 0 or more; "
        "line 27: revenue: 'minus' is no number of 0 or more; "
        "line 28: revenue: 'minus' is no number of 0 or more. "
        "Say how numbers are written (decimal:), take out signs that are no part of them, or leave the column out: "
        "territory import FOLDER --mapping FILE (docs/crm.md shows one)",
    )


@pytest.mark.parametrize(("bad", "stops"), [(48, False), (49, True)])
def test_a_large_file_stops_above_two_per_cent(tmp_path, bad, stops):
    made = lookalike()
    deals = made.rows["sales_pipeline.csv"]
    for n in range(bad):
        deals[n] = deals[n].replace("2020-", "20200-").replace("2019-", "soon")
    made.write(tmp_path)
    if stops:
        assert "49 of 2400 rows can't be used, more than the 48 that are set aside" in problems_of(tmp_path)[0]
    else:
        assert len(inspect_export(tmp_path).rejects) == 48


# What stops it.


def test_every_problem_of_every_file_is_said_at_once(folder, tmp_path):
    made = lookalike()
    made.write(tmp_path)
    (tmp_path / "products.csv").write_bytes(b"PK\x03\x04rest")
    (tmp_path / "sales_teams.csv").write_bytes(bytes(range(256)))
    (tmp_path / "accounts.csv").write_bytes(b" \n\n")
    assert problems_of(tmp_path) == (
        "accounts.csv: the file is empty",
        "products.csv: this is no workbook that can be read; save it as CSV",
        "sales_teams.csv: this is no text file (binary data); save the export as CSV in UTF-8",
    )


def test_a_folder_that_is_not_there_and_an_unknown_unit(folder, tmp_path):
    assert "there is no folder" in problems_of(tmp_path / "nowhere")[0]
    assert "market.folder is empty" in problems_of("")[0]
    with pytest.raises(InputError, match=r"no unit 'account_offices'; did you mean 'account_office'\?"):
        load(options(folder, "account_offices"), TeamOptions(), Behaviour())


def test_a_workbook_named_csv_is_called_one(tmp_path):
    lookalike().write(tmp_path)
    (tmp_path / "products.csv").write_bytes(b"PK\x03\x04rest")
    assert problems_of(tmp_path) == ("products.csv: this is no workbook that can be read; save it as CSV",)


def test_an_open_quotation_mark_costs_one_row_and_not_the_rest(tmp_path):
    made = lookalike()
    made.rows["sales_pipeline.csv"][10] = '"' + made.rows["sales_pipeline.csv"][10]
    export = inspect_export(made.write(tmp_path))
    assert list(export.rejects["line"]) == [12]
    assert len(export.deals) == 2399


@pytest.mark.parametrize("way", ["bom", "cp1252", "semicolons", "tabs", "windows lines", "quoted"])
def test_other_ways_to_write_csv_give_the_same_market(folder, tmp_path, way):
    for file in HEAD:
        data = (folder / file).read_bytes()
        data = {
            "bom": b"\xef\xbb\xbf" + data,
            "cp1252": data.replace(b",M,", b",M\xfcller,"),
            "semicolons": data.replace(b",", b";"),
            "tabs": data.replace(b",", b"\t"),
            "windows lines": data.replace(b"\n", b"\r\n"),
            "quoted": data.replace(b",Chair,", b',"Chair",'),
        }[way]
        (tmp_path / file).write_bytes(data)
    pd.testing.assert_frame_equal(loaded(tmp_path)[0].accounts, loaded(folder)[0].accounts, check_exact=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(list(HEAD)), data=st.data())
def test_no_bytes_whatever_end_in_anything_but_sentences(tmp_path, file, data):
    made = small()
    made.write(tmp_path)
    good = (tmp_path / file).read_bytes()
    harm = data.draw(st.sampled_from(["bytes", "text", "cut", "swap"]))
    if harm == "bytes":
        bad = data.draw(st.binary(max_size=300))
    elif harm == "text":
        rows = data.draw(st.lists(st.text(max_size=80), max_size=20))
        bad = (HEAD[file] + "\n" + "\n".join(rows)).encode("utf-8", "replace")
    else:
        at = data.draw(st.integers(0, len(good)))
        bad = good[:at] if harm == "cut" else good[:at] + data.draw(st.binary(max_size=12)) + good[at + 4 :]
    (tmp_path / file).write_bytes(bad)
    try:
        market, team, behaviour = loaded(tmp_path)
    except InputError:
        pass
    else:
        assert np.isfinite(market.accounts[["potential", "need", "opening_rate", "deal_size"]].to_numpy()).all()
        make_world(market, team, behaviour, 1)


def small() -> Lookalike:
    """The first 60 opportunities only."""
    made = lookalike()
    made.rows["sales_pipeline.csv"] = made.rows["sales_pipeline.csv"][:60]
    return made


# What is learnt.


@pytest.mark.parametrize("unit", UNITS)
def test_shuffled_rows_change_nothing(dirty_folder, tmp_path, unit):
    made = dirty(lookalike())
    for number, file in enumerate(made.rows):
        order = np.argsort([hash((number, place)) % 1009 for place in range(len(made.rows[file]))], kind="stable")
        made.rows[file] = [made.rows[file][place] for place in order]
    market, team, behaviour = loaded(dirty_folder, unit)
    again, team_again, behaviour_again = loaded(made.write(tmp_path), unit)
    pd.testing.assert_frame_equal(market.accounts, again.accounts, check_exact=True)
    pd.testing.assert_frame_equal(team.reps, team_again.reps, check_exact=True)
    for name in ("fit_industry", "fit_region", "fit_product"):
        pd.testing.assert_frame_equal(getattr(team, name), getattr(team_again, name), check_exact=True)
    assert behaviour == behaviour_again
    assert (market.season == again.season).all()
    assert (market.findings, market.notes) == (again.findings, again.notes)


@pytest.mark.parametrize(("unit", "n"), [("account_product", 72), ("account_office", 24)])
def test_the_market_has_the_columns_and_adds_up_to_what_was_sold(folder, tmp_path, unit, n):
    market, team, behaviour = loaded(folder, unit, fit=as_learnt(tmp_path))
    accounts, made = market.accounts, lookalike()
    assert list(accounts.columns) == [*ACCOUNT_COLUMNS, "parent"]
    assert list(team.reps.columns) == list(REP_COLUMNS)
    assert len(accounts) == n
    assert accounts["key"].is_monotonic_increasing
    assert accounts["id"].is_unique
    share = covered_share(behaviour)
    assert share * accounts["potential"].sum() == pytest.approx(made.won_value * YEAR / DAYS)
    # A unit that gets the calls it needs, with the relationship that these hold, sells what was fitted.
    odds, calls = behaviour.win_odds, accounts["need"] / 52
    standing = 0.12 * calls / (0.12 * calls + 0.01)
    lately = 1 - (1 - calls) ** 3
    logit = np.log(odds / (1 - odds)) + accounts["win_logit"] + 0.2 * (standing - 0.5) + 0.1 * lately
    loyal = 0.5 * (1 + behaviour.order_loyalty * (standing - 0.5)) + 0.5
    yearly = 52 * accounts["opening_rate"] * loyal / (1 + np.exp(-logit)) * accounts["deal_size"]
    assert yearly.to_numpy() == pytest.approx(accounts["potential"].to_numpy())
    assert accounts["need"].between(1, 52).all()  # at most a call a week
    assert accounts["priority"].sum() == round(n / 5)
    assert (accounts["order_size"] == 0).all()
    assert not market.has_places
    assert market.season.mean() == pytest.approx(1.0)


def test_planted_truths_are_recovered(folder):
    market, team, behaviour = loaded(folder, "account_office")
    made = lookalike()
    assert behaviour.win_odds == pytest.approx(made.won / 2400)
    assert behaviour.win_odds == pytest.approx(0.6, abs=0.03)
    assert behaviour.stage_hazard == pytest.approx(2 / 8, rel=0.02)  # two stages in 56 days
    assert behaviour.recurring_share == 0.0
    names = market.accounts["id"].str.split(" / ").str[0]
    planted = names.map(made.weight)
    assert np.corrcoef(np.log(planted), np.log(market.accounts["potential"]))[0, 1] > 0.95
    assert market.season == pytest.approx(np.ones(52), abs=0.01)  # closings were planted evenly
    assert team.reps["ability"].between(0.8, 1.2).all()  # nobody was planted better
    assert team.reps["ability"].mean() == pytest.approx(1.0)
    by_product = learn(inspect_export(folder), "account_product", Behaviour())
    assert by_product.behaviour.deal_cv == pytest.approx(0.3, abs=0.02)


def test_a_better_agent_and_an_easier_product_are_found(tmp_path):
    made = lookalike()
    deals = made.rows["sales_pipeline.csv"]
    for n, row in enumerate(deals):
        star, easy = AGENTS[1] in row, ",Chair," in row
        if ",Lost," in row and (star or easy) and n % 3:
            deals[n] = row.replace(",Lost,", ",Won,").rsplit(",", 1)[0] + f",{PRICES[row.split(',')[2]]}"
    market, team, _ = loaded(made.write(tmp_path))
    assert team.reps.set_index("id")["ability"].idxmax() == AGENTS[1]
    logit = market.accounts.groupby("product")["win_logit"].mean()
    assert logit.idxmax() == "Chair"
    assert logit["Chair"] > 0.3


def test_todays_rep_won_there_and_all_reps_have_about_what_they_won(folder):
    export = inspect_export(folder)
    table = learn(export, "account_product", Behaviour()).table
    deals = export.decided[export.decided["outcome"] == "won"]
    won = deals.groupby(["account", "product", "rep"])["amount"].sum()
    there = pd.MultiIndex.from_frame(table[["account", "product", "current_rep"]])
    assert (won.reindex(there).fillna(0.0) > 0.0).mean() > 0.95  # the others are units in which nobody won
    sold = deals.groupby("rep")["amount"].sum()

    def off(owner):
        return (table.groupby(owner)["won"].sum().reindex(sold.index).fillna(0.0) - sold).abs().sum() / sold.sum()

    by_most = won.reset_index().sort_values(["amount", "rep"]).drop_duplicates(["account", "product"], keep="last")
    most = by_most.set_index(["account", "product"])["rep"].reindex(there.droplevel(2)).to_numpy()
    assert off(table["current_rep"]) < min(0.1, off(pd.Series(most).fillna("nobody")))


def test_a_unit_that_one_rep_has_won_is_its_own(tmp_path):
    made = small()
    made.rows["sales_pipeline.csv"].append("X1,Fia Gruber,Desk Basic,Alnwick,Won,2020-01-01,2020-02-01,900000")
    rep = loaded(made.write(tmp_path))[0].accounts.set_index("id")["current_rep"]
    assert rep["Alnwick / Desk Basic"] == "Fia Gruber"


def test_what_the_planner_set_is_kept(folder):
    _, _, behaviour = loaded(folder, behaviour=Behaviour(win_odds=0.4, deal_cv=1.0))
    assert (behaviour.win_odds, behaviour.deal_cv) == (0.4, 1.0)
    assert behaviour.stage_hazard != Behaviour().stage_hazard


def test_the_digest_follows_data_and_options_and_not_the_place(folder, tmp_path):
    one = loaded(folder)[0].digest
    assert loaded(lookalike().write(tmp_path / "elsewhere"))[0].digest == one
    assert load(options(folder, calls_needed=20.0), TeamOptions(), Behaviour())[0].digest != one
    assert loaded(lookalike(seed=2).write(tmp_path / "other"))[0].digest != one


def test_the_report_says_what_was_found_and_how_well_it_fits(dirty_folder):
    export = inspect_export(dirty_folder)
    market, team, _ = loaded(dirty_folder)
    text = "\n".join(data_report(export, market, team))
    assert "read as 'technology'" in text
    assert "7  set aside, each with its line and reason" in text
    assert "Travel is left out and there is no map: 0 of 24 accounts have coordinates." in text
    assert "Market: 72 units, 4 industries, 2 offices" in text
    fit = fit_report(export, learn(export, "account_product", Behaviour()))
    assert fit[3] == "days from engaging to closing, mean: model 57, observed 57"


@pytest.mark.skipif(not REAL.is_dir(), reason="the real export is not there")
def test_the_real_export(tmp_path):
    export = inspect_export(REAL)
    assert {finding.what: finding.count for finding in export.findings} == {
        "sector 'technolgy'": 12,
        "office_location 'Philipines'": 1,
        "product 'GTXPro', in products.csv 'GTX Pro'": 1480,
        "no account": 1425,
        "rep without a won or lost opportunity: Carl Lin, Carol Thompson, Elizabeth Anderson, Mei-Mei Johns, "
        "Natalya Ivanova": 5,
    }
    assert export.rejects.empty
    market, team, behaviour = loaded(REAL, fit=as_learnt(tmp_path))
    assert (len(market.accounts), len(team.reps), market.accounts["current_rep"].nunique()) == (525, 30, 30)
    assert behaviour.win_odds == pytest.approx(4238 / 6711)
    assert covered_share(behaviour) * market.accounts["potential"].sum() == pytest.approx(10_005_534 * YEAR / 306)
    sold = learn(export, "account_product", Behaviour()).table.groupby("current_rep")["won"].sum()
    assert sold.std() / sold.mean() == pytest.approx(0.55, abs=0.03)  # what the reps won differs by as much
    office = learn(export, "account_office", Behaviour())
    assert (len(office.table), office.serving.reps) == (90, 30)
    assert set(market.accounts["id"].str.split(" / ").str[0]) == set(export.accounts["id"])


def test_needs_add_up_to_the_teams_calls_where_none_is_above_a_call_a_week(folder):
    few = load(options(folder, calls_needed=4.0), TeamOptions(), Behaviour())[0].accounts
    assert few["need"].sum() == pytest.approx(4 * 52 * 6)
    assert few["need"].max() < 52
    assert few.sort_values("potential")["need"].is_monotonic_increasing
