"""One Hydra job: one scenario with all its replications. The only page that knows Hydra."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import hydra
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from command.play import play
from command.settings import AUTO, BLOCK, CONFIGS, Settings, parameters, unknown_key, value_of
from command.terminal import Progress
from scenarios.problems import InputError
from scenarios.schema import GROUPS, Scenario

OUTCOME = "outcome.json"
_progress: Progress | None = None  # of this process; a worker of a parallel launcher has none


@hydra.main(version_base="1.3", config_path=str(CONFIGS), config_name="config")
def job(config: DictConfig) -> None:
    """Plays what Hydra composed and leaves what became of it in the job's folder."""
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    scenario, settings = scenario_of({str(key): value for key, value in plain.items()})
    hydra_config = HydraConfig.get()
    outcomes = play(scenario, _words(hydra_config.overrides.task), Path(settings.results), _progress)
    note = Path(hydra_config.runtime.output_dir) / OUTCOME
    note.write_text(json.dumps([outcome._asdict() for outcome in outcomes], ensure_ascii=False, indent=1))


def launch(arguments: Sequence[str], progress: Progress) -> None:
    """Lets Hydra compose and play what the arguments say, in this process.

    Raises InputError for what Hydra refuses.
    """
    global _progress
    _progress = progress
    kept, whole = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = ["territory simulate", *arguments]
    os.environ["HYDRA_FULL_ERROR"] = "1"  # raise it as it is: the command says it in its own words
    try:
        job()
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError([" ".join(str(error).split())]) from error
    finally:
        _progress = None
        GlobalHydra.instance().clear()
        sys.argv = kept
        if whole is None:
            os.environ.pop("HYDRA_FULL_ERROR", None)


def scenario_of(config: Mapping[str, Any]) -> tuple[Scenario, Settings]:
    """A composed configuration as the frozen dataclasses that everything past the door reads.

    Raises InputError with every key that is not declared and every value that is out of range.
    """
    given: dict[str, Any] = {}
    for key, value in config.items():
        if key in GROUPS:
            given.update({f"{key}.{inner}": one for inner, one in (value or {}).items()})
        elif key != "experiment":
            given[key] = value
    problems, values = [], {}
    for key, value in given.items():
        if key not in parameters():
            problems.append(unknown_key(key))
            continue
        try:
            values[key] = value_of(key, value)
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise InputError(problems)
    groups = {
        group: table(**{key.split(".")[1]: value for key, value in values.items() if key.startswith(f"{group}.")})
        for group, table in GROUPS.items()
    }
    own = {key: value for key, value in values.items() if "." not in key}
    settings = Settings(**{key: own.pop(key) for key in list(own) if key in Settings.__dataclass_fields__})
    if own.get("replications") == AUTO:
        own["replications"] = min(BLOCK, settings.replications_limit)  # the first of the blocks, command/rounds.py
    return Scenario(**groups, **own), settings


def _words(overrides: Sequence[str]) -> list[str]:
    """The job's settings as a person types them: without what only Hydra needs."""
    words = []
    for override in overrides:
        key, _, value = override.lstrip("+").partition("=")
        if key not in Settings.__dataclass_fields__ and not key.startswith("hydra"):
            plain = value.strip("'")
            words.append(f"{key}={plain}" if " " not in plain else f"'{key}={plain}'")
    return words
