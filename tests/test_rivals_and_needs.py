"""What people judge and state: competitors on every criterion, and what segments need."""

from __future__ import annotations

import numpy as np
import pytest

from command.main import main
from scenarios.build import build
from scenarios.crm.leads import leads
from scenarios.insight.facts import facts
from scenarios.insight.line import STRENGTH, THREAT
from scenarios.insight.needs import Need, reasons_to_buy, stated_needs
from scenarios.insight.rivals import against
from scenarios.insight.swot import swot
from scenarios.intake.data import read_data
from scenarios.problems import InputError
from scenarios.schema import MarketOptions, Scenario
from sim.run import run
from tests.test_insight import planted

SCORES = """name,industry,positioning,price,reviews,use_case,quality
Brandt,,0.1,0.6,,-0.4,
Sorel,Food,,0.3,,,0.5
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = planted(tmp_path_factory.mktemp("rivals") / "crm", 1)
    (place / "competitors.csv").write_text(SCORES)
    return place


@pytest.fixture(scope="module")
def data(folder):
    return read_data(folder)


def test_each_competitor_stands_beside_us_on_every_criterion(data):
    table = against(data, facts(data)).set_index("competitor")
    assert table.loc["Brandt", ["positioning", "price", "use_case"]].tolist() == [0.1, 0.6, -0.4]
    assert np.isnan(table.loc["Brandt", "reviews"])
    seen = facts(data).decided
    assert table.loc["Brandt", "decided"] == (seen["competitor"] == "Brandt").sum()
    food = seen[(seen["competitor"] == "Sorel") & (seen["industry"] == "Food")]
    assert (table.loc["Sorel", "decided"], table.loc["Sorel", "won"]) == (len(food), food["won"].sum())


def test_a_lead_is_a_threat_and_ours_a_strength_and_both_are_marked_as_judged(data):
    lines = [line for line in swot(data, facts(data)) if not line.measured]
    said = {(line.quadrant, line.what) for line in lines}
    assert said == {
        (THREAT, "Brandt is ahead of us on price"),
        (STRENGTH, "we are ahead of Brandt on use cases"),
        (THREAT, "Sorel is ahead of us on price in Food"),
        (THREAT, "Sorel is ahead of us on quality in Food"),
    }
    money = {line.what: line.money for line in lines}
    ratio = money["Sorel is ahead of us on quality in Food"] / money["Sorel is ahead of us on price in Food"]
    assert ratio == pytest.approx(0.5 / 0.3)


def test_a_market_has_the_lead_of_its_trade_weighted_by_who_is_named(data):
    named = data.table("opportunities")["competitor"].value_counts()
    brandt, sorel = 1 + named["Brandt"], 1 + named["Sorel"]
    found = leads(data, ["Food", "Energy"])
    assert found["price"].tolist() == pytest.approx([(0.6 * brandt + 0.3 * sorel) / (brandt + sorel), 0.6])
    assert found["quality"].tolist() == [0.5, 0.0]
    assert found["reviews"].tolist() == [0.0, 0.0]


def test_what_competitors_lead_on_is_what_opportunities_are_lost_for(folder, data):
    built = build(Scenario(market=MarketOptions(name="crm", folder=str(folder))))
    assert set(built.market.accounts["lead_price"].round(6)) == {
        round(x, 6) for x in leads(data, ["Food", "Energy"])["price"]
    }
    year = run(built.world, built.plan, range(4)).account_year
    assert year["lost_price"].sum() > 5 * year["lost_reviews"].sum()


def test_reasons_to_buy_are_those_of_wins_losses_and_stated_needs(data):
    seen = facts(data)
    table = reasons_to_buy(seen)
    everybody = table[table["segment"] == "all"]
    lost = seen.decided[~seen.decided["won"] & (seen.decided["reason"] != "")]["reason"].value_counts()
    assert everybody.set_index("reason")["lost"].to_dict() == {
        **dict.fromkeys(everybody["reason"], 0.0),
        **lost.astype(float),
    }
    assert everybody["score"].is_monotonic_decreasing
    with_need = reasons_to_buy(seen, (Need("industry", "Food", "delivery in a day", 3.0, "survey"),))
    food = with_need[with_need["segment"] == "Food"].set_index("reason")
    assert food.loc["delivery in a day", "stated"] == 3.0
    assert food.loc["delivery in a day", "score"] == pytest.approx(
        1.0 / sum(food[part].sum() > 0 for part in ("won", "lost", "stated"))
    )


def test_needs_are_read_and_what_is_wrong_is_said_at_once(tmp_path):
    file = tmp_path / "needs.yaml"
    file.write_text("- {industry: Food, need: price, weight: 2, by: survey}\n- {need: fitters who come on time}\n")
    assert stated_needs(file) == (
        Need("industry", "Food", "price", 2.0, "survey"),
        Need("all", "all", "fitters who come on time", 1.0, "the planner"),
    )  # fmt: skip
    file.write_text(
        "- {industri: Food, need: price}\n- {need: ''}\n- {industry: Food, size: small, need: x, weight: -1}\n"
    )
    with pytest.raises(InputError) as caught:
        stated_needs(file)
    told = str(caught.value)
    for words in (
        "did you mean 'industry'?",
        "need 2 of the list: need: it says nothing",
        "more than one kind",
        "weight: '-1'",
    ):
        assert words in told


def test_the_page_tells_both(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "needs.yaml").write_text("- {industry: Food, need: <b>price</b>, weight: 2}\n")
    assert main(["market", str(folder), "--needs", "needs.yaml", "--to", "out"]) == 0
    page = (tmp_path / "out" / "market.md").read_text(encoding="utf-8")
    assert "| Brandt | all trades | +0.1 | +0.6 |  | -0.4 |  |" in page
    assert "&lt;b>price&lt;/b> (0 won, 0 lost, *stated*)" in page
    assert {"criteria.csv", "reasons_to_buy.csv"} <= {path.name for path in (tmp_path / "out").iterdir()}
    assert main(["market", str(folder), "--needs", "none.yaml"]) == 2
    assert "--needs: there is no file 'none.yaml'" in capsys.readouterr().err
