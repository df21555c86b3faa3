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
from command.settings import CHOICES, CONFIGS, EXPERIMENT, about, option, options, parameters
from scenarios.goals import POLICIES
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


def test_the_options_of_a_family_are_its_functions() -> None:
    from scenarios.territory import DESIGNS

    assert set(options("goals")) == set(POLICIES)
    assert set(options("pay")) == set(PLANS)
    assert set(options("territory")) == set(DESIGNS)


def test_the_engines_and_units_are_the_ones_there_are() -> None:
    from scenarios.crm.unit import UNITS
    from sim.run import ENGINES as PLAYABLE

    assert CHOICES["engine"] == PLAYABLE

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
    assert set(asdict(Scenario())) == {*GROUPS, "replications", "engine"}
