"""What the YAML files say is what is declared, and everything that can be named can be composed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
import yaml
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from command.job import scenario_of
from command.overrides import experiment_problems, file_problems, read
from command.settings import CHOICES, CONFIGS, EXPERIMENT, about, option, options, parameters, value_of
from scenarios.goals import FROM_FILE, POLICIES
from scenarios.identity import plain
from scenarios.pay import PLANS
from scenarios.schema import GROUPS, Scenario

EVERY_OPTION = [(group, name) for group in GROUPS for name in options(group)]


def composed(*overrides: str) -> dict[str, Any]:
    with initialize_config_dir(version_base="1.3", config_dir=str(CONFIGS)):
        found = OmegaConf.to_container(compose("config", list(overrides)), resolve=True)
    assert isinstance(found, dict)
    return {str(key): value for key, value in found.items()}


def test_without_any_word_the_scenario_is_the_declared_one() -> None:
    assert scenario_of(composed())[0] == Scenario()


@pytest.mark.parametrize(("group", "name"), EVERY_OPTION)
def test_an_option_composes_and_sets_only_what_is_declared(group: str, name: str) -> None:
    said = option(group, name)
    assert file_problems({f"{group}.{key}": value for key, value in said.items()}) == []
    scenario = plain(scenario_of(composed(f"{group}={name}"))[0])
    assert {key: scenario[group][key] for key in said} == said


@pytest.mark.parametrize("name", options(EXPERIMENT))
def test_an_experiment_composes(name: str) -> None:
    assert experiment_problems(name, option(EXPERIMENT, name)) == []
    asked = read([f"experiment={name}"])
    assert asked.scenarios
    scenario_of(composed(f"experiment={name}"))


@pytest.mark.parametrize(("group", "name"), [*EVERY_OPTION, *((EXPERIMENT, name) for name in options(EXPERIMENT))])
def test_a_file_begins_by_saying_what_it_is(group: str, name: str) -> None:
    assert about(group, name).endswith(".") or len(about(group, name).split()) > 3


def plan_of(*overrides: str) -> Any:
    """The territory options that a command line ends up as."""
    return scenario_of(composed(*read(overrides).overrides))[0].territory


LISTS = {
    "balance=potential,workload": "potential,workload",
    "balance=[potential,workload]": "potential,workload",
    "balance=potential, workload:2": "potential, workload:2",
    "edits=move account=A00012,A00015 to R07; merge R01 R02": "move account=A00012,A00015 to R07; merge R01 R02",
    "edits='merge R01 R02'": "merge R01 R02",
    "edits=move city='Dayton, OH' to Ben O'Hara": "move city='Dayton, OH' to Ben O'Hara",
    "named=20": "20",
    "locked=": "",
    "contiguous=yes": "yes",
}


@pytest.mark.parametrize("said", LISTS)
def test_a_list_on_the_command_line_is_one_text(said: str) -> None:
    assert getattr(plan_of(f"territory.{said}"), said.split("=")[0]) == LISTS[said]


def test_a_sweep_plays_each_list_that_quotes_or_brackets_hold_together() -> None:
    asked = read(["-m", "territory.edits='','move account=A1,A2 to R1',[merge R1 R2; split R3]"])
    assert asked.scenarios == 3
    assert asked.overrides == ("++territory.edits='','move account=A1,A2 to R1','[merge R1 R2; split R3]'",)
    assert plan_of("territory.edits=[merge R1 R2; split R3]").edits == "merge R1 R2; split R3"


def test_a_list_in_a_file_is_one_text() -> None:
    said = {
        "territory.balance": ["potential", {"workload": 2}],
        "territory.maximum": {"workload": 800, "accounts": 40},
        "territory.edits": ["merge R01 R02", "move city=Dayton to R03"],
        "territory.contiguous": True,
        "territory.named": 20,
        "territory.locked": None,
    }
    assert file_problems(said) == []
    assert [value_of(key, given) for key, given in said.items()] == [
        "potential, workload:2",
        "workload:800, accounts:40",
        "merge R01 R02; move city=Dayton to R03",
        "yes",
        "20",
        "",
    ]


def test_a_list_where_one_word_belongs_is_refused() -> None:
    assert file_problems({"territory.rest": ["nearest", "random"], "territory.keep_together": "cty"}) == [
        "territory.rest: ['nearest', 'random'] is a list; it is one word "
        "(named_accounts: the design that draws the other accounts)",
        "territory.keep_together: there is no 'cty'.  did you mean 'city'?",
    ]


def test_the_options_of_a_family_are_its_functions() -> None:
    from scenarios.channels import POLICIES as WAYS
    from scenarios.levers import PARTS
    from scenarios.territory import DESIGNS

    assert set(options("channels")) == set(WAYS)
    assert set(options("crm")) == {*PARTS, "none", "all"}
    assert set(options("goals")) == {*POLICIES, FROM_FILE}
    assert set(options("pay")) == set(PLANS)
    assert set(options("territory")) == set(DESIGNS)


def test_the_engines_and_units_are_the_ones_there_are() -> None:
    from scenarios.crm.unit import UNITS
    from scenarios.territory.together import COLUMNS
    from sim.run import ENGINES as PLAYABLE

    assert CHOICES["engine"] == PLAYABLE
    assert CHOICES["territory.keep_together"] == ("", *COLUMNS)
    assert set(CHOICES["market.unit"]) == set(UNITS)


def test_root_keys_are_declared() -> None:
    root = yaml.safe_load((CONFIGS / "config.yaml").read_text())
    assert {key: root[key] for key in root if key not in ("defaults", "hydra")} == {
        key: one.default for key, one in parameters().items() if "." not in key
    }


def test_every_declared_key_is_a_field_of_the_scenario() -> None:
    groups = {group: table for group, table in plain(Scenario()).items() if isinstance(table, dict)}
    fields = {f"{group}.{name}" for group, table in groups.items() for name in table}
    assert fields == {key for key in parameters() if "." in key}
    assert set(asdict(Scenario())) == {*GROUPS, "years", "replications", "engine"}
