"""Ways to call: who is called how, how long that takes and what it does, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analysis.metrics import measures
from command.play import tables_of
from scenarios.build import build, market_and_team
from scenarios.channels import EMAIL, PHONE, POLICIES, VISIT, channels, factors
from scenarios.problems import InputError
from scenarios.schema import ChannelsOptions, CrmOptions, MarketOptions, Scenario, TeamOptions
from scenarios.workload import kilometres
from sim.behaviour import Behaviour
from sim.run import run
from tests.played import made_up, with_frames

SMALL = Scenario(market=MarketOptions(accounts=60), team=TeamOptions(reps=3))
MARKET, TEAM, BEHAVIOUR = market_and_team(SMALL)
OWNER = np.arange(60) % 3


def called(name: str = "phone", market=MARKET, shorter: float = 1.0, **more):
    return channels(ChannelsOptions(name, **more), market, TEAM, OWNER, BEHAVIOUR, shorter)


def test_where_all_are_visited_as_usual_there_are_no_channels() -> None:
    assert called("visits") is None
    assert called("visits", by_industry="phone: Retail 2") is None
    assert called("visits", by_industry="visit: Retail 2") is not None


@pytest.mark.parametrize("name", sorted(set(POLICIES) - {"visits"}))
def test_every_policy_gives_each_account_one_way(name: str) -> None:
    made = called(name)
    assert made.of.shape == (60,)
    assert set(made.of) <= {VISIT, PHONE, EMAIL}
    assert made.hours.tolist() == [1.0, 0.4, 0.1]
    assert made.bond.tolist() == [1.0, 0.6, 0.15]
    assert made.counts.tolist() == [1, 1, 0]
    assert made.travels.tolist() == [1, 0, 0]
    assert made.effect[:, 0].tolist() == [1.0, 0.5, 0.12]


def test_small_accounts_are_phoned() -> None:
    assert ((called("phone_small").of == PHONE) == (MARKET.accounts["size"] == "small")).all()


def test_far_accounts_are_phoned() -> None:
    km = kilometres(MARKET.accounts, TEAM.reps, OWNER)
    assert ((called("phone_far", far_km=60.0).of == PHONE) == (km > 60.0)).all()
    assert 0 < (km > 60.0).sum() < 60


def test_the_best_way_is_the_one_that_adds_most_an_hour() -> None:
    """A phone call adds 0.2 in 0.2 hours, so 1 an hour; a visit 1 in 1 hour and 0.0108 for each km."""
    km = kilometres(MARKET.accounts, TEAM.reps, OWNER)
    at_home = called("best", phone_effect=0.2, phone_hours=0.2, email_effect=0.0)
    assert ((at_home.of == PHONE) == (km > 0.0)).all()
    # 0.7 an hour: a visit does as much in 1.43 hours, 39.6 km from home.
    made = called("best", phone_effect=0.28, email_effect=0.0)
    assert ((made.of == PHONE) == (km > (1 / 0.7 - 1.0) * 60.0 * 4.0 / 2.6)).all()
    assert set(made.of) == {VISIT, PHONE}


def test_the_best_way_differs_by_industry() -> None:
    made = called("best", phone_effect=0.1, email_effect=0.05, by_industry="phone: Retail 9; e-mail: technology 9")
    industry = MARKET.accounts["industry"]
    assert (made.of[industry == "Retail"] == PHONE).all()
    assert (made.of[industry == "Technology"] == EMAIL).all()


def test_without_places_nothing_is_far_and_the_way_takes_no_time() -> None:
    nowhere = replace(MARKET, has_places=False)
    with pytest.raises(InputError, match="no places, so nothing is far; try channels=phone_small"):
        called("phone_far", market=nowhere)
    assert (called("best", market=nowhere, phone_effect=0.3, email_effect=0.0).of == VISIT).all()


def test_templates_shorten_every_call() -> None:
    assert called(shorter=0.5).hours.tolist() == [0.5, 0.2, 0.05]
    with_templates = build(replace(SMALL, channels=ChannelsOptions("phone"), crm=CrmOptions("templates")))
    assert with_templates.plan.channels.hours.tolist() == pytest.approx([0.92, 0.368, 0.092])


def test_all_mistakes_about_industries_are_told_at_once() -> None:
    said = "phon: Retail 2; phone: Retial 2, Food, Food 11; visit"
    with pytest.raises(InputError) as refused:
        factors(ChannelsOptions(by_industry=said), ["Food", "Retail"])
    assert refused.value.problems == (
        "channels.by_industry: 'phon: Retail 2': there is no way to call 'phon'; did you mean 'phone'?",
        "channels.by_industry: 'phone: Retial 2, Food, Food 11': no industry 'Retial'; did you mean 'Retail'?",
        "channels.by_industry: 'phone: Retial 2, Food, Food 11': 'Food' is not an industry and a factor, as in "
        "'Retail 1.3'",
        "channels.by_industry: 'phone: Retial 2, Food, Food 11': 11 is not a factor from 0 to 10",
        "channels.by_industry: 'visit': it goes WAY: INDUSTRY FACTOR, as in 'phone: Retail 1.3, Food 0.8'",
    )


def test_who_phones_makes_more_calls_and_is_never_on_the_road() -> None:
    visited, phoned = (build(replace(SMALL, channels=ChannelsOptions(name))) for name in ("visits", "phone"))
    today, year = (run(one.world, one.plan, range(2), threads=1).rep_week for one in (visited, phoned))
    assert today["travel_hours"].sum() > 0.0
    assert year["travel_hours"].sum() == pytest.approx(0.0, abs=1e-6)
    assert year["calls"].sum() > 1.3 * today["calls"].sum()


def test_a_phone_call_that_does_nothing_is_worse_than_a_visit() -> None:
    visited, phoned = (
        build(replace(SMALL, channels=options))
        for options in (ChannelsOptions(), ChannelsOptions("phone", phone_effect=0.0, phone_bond=0.0))
    )
    sold = [run(one.world, one.plan, range(2), threads=1).rep_week["fluid_margin"].sum() for one in (visited, phoned)]
    assert sold[1] < 0.9 * sold[0]


def test_a_call_of_a_plan_takes_what_the_behaviour_says() -> None:
    made = channels(ChannelsOptions("phone"), MARKET, TEAM, OWNER, Behaviour(call_hours=2.0))
    assert made.hours[VISIT] == 2.0


def test_coverage_counts_a_call_for_what_it_is_worth() -> None:
    """A phone call at half the effect covers half as much as a visit."""
    visited = made_up("now")
    phoned = with_frames(
        visited, accounts=visited.accounts.assign(call_worth=[0.5, *[1.0] * (len(visited.accounts) - 1)])
    )
    calls, need = visited.account_years("calls"), visited.accounts["need"].sum()
    expected = (calls[:, 0] * 0.5 + calls[:, 1:].sum(axis=1)) / need
    assert measures(phoned)["coverage"].tolist() == pytest.approx(expected.tolist())
    built = build(replace(SMALL, channels=ChannelsOptions("phone_small")))
    accounts, _ = tables_of(SMALL, built)
    assert ((accounts["call_worth"] == 0.5) == (accounts["size"] == "small")).all()
    today, _ = tables_of(SMALL, build(SMALL))
    assert (today["call_worth"] == 1.0).all()
