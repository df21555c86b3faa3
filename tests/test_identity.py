"""The key and the label of a scenario."""

from __future__ import annotations

from pathlib import Path

from scenarios.identity import identity, label, status_quo
from scenarios.schema import GoalsOptions, MarketOptions, Scenario, TerritoryOptions


class TestIdentity:
    """A scenario is known by what its result depends on."""

    def test_the_same_scenario_has_the_same_key_and_another_one_another(self) -> None:
        one = identity(Scenario(), "market", "code")
        assert len(one) == 12
        assert one == identity(Scenario(), "market", "code")
        others = [
            identity(Scenario(engine="mesa"), "market", "code"),
            identity(Scenario(), "other market", "code"),
            identity(Scenario(), "market", "other code"),
        ]
        assert len({one, *others}) == 4

    def test_further_years_belong_to_the_same_scenario(self) -> None:
        assert identity(Scenario(replications=21), "", "") == identity(Scenario(), "", "")

    def test_a_plan_file_counts_by_its_content(self, tmp_path: Path) -> None:
        for name, text in (("a", "same"), ("b", "same"), ("c", "other")):
            (tmp_path / name).write_text(text)
        plans = [Scenario(territory=TerritoryOptions("from_file", str(tmp_path / name))) for name in "abc"]
        a, b, c = (identity(plan, "", "") for plan in plans)
        assert a == b != c
        plans = [Scenario(territory=TerritoryOptions("balanced", adjacency=str(tmp_path / name))) for name in "abc"]
        a, b, c = (identity(plan, "", "") for plan in plans)
        assert a == b != c

    def test_a_folder_counts_by_the_market_in_it(self) -> None:
        here, there = (Scenario(market=MarketOptions("crm", folder=folder)) for folder in ("here", "there"))
        assert identity(here, "same rows", "") == identity(there, "same rows", "")

    def test_the_label_names_what_is_unusual(self) -> None:
        plan = Scenario(territory=TerritoryOptions("nearest"), goals=GoalsOptions("quota_equal", stretch=1.2))
        assert label(plan) == "nearest × quota_equal(stretch=1.2)"
        assert label(status_quo(plan)) == "current × none"
        edited = Scenario(territory=TerritoryOptions(keep_together="city", edits="merge R01 R02; split R03"))
        assert label(edited) == "current(keep_together=city, edits=merge R01 R02; split R03) × none"
        assert label(status_quo(edited)) == "current × none"
