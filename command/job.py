"""One Hydra job: one scenario with all its replications. The only page that knows Hydra."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hydra import initialize_config_dir
from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra._internal.config_repository import ConfigRepository
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.global_hydra import GlobalHydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from hydra.plugins.config_source import ConfigResult
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from command.play import play
from command.settings import AUTO, BLOCK, CONFIGS, Settings, parameters, unknown_key, value_of
from command.terminal import Progress
from scenarios.problems import InputError
from scenarios.schema import GROUPS, HiringOptions, ReviewOptions, Scenario

OUTCOME = "outcome.json"
MOST_KEPT = 1_000  # composed jobs of a sweep, a tenth of a megabyte each
_progress: Progress | None = None  # of this process; a worker of a parallel launcher has none


def job(config: DictConfig) -> None:
    """Plays what Hydra composed and leaves what became of it in the job's folder."""
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    scenario, settings = scenario_of({str(key): value for key, value in plain.items()})
    hydra_config = HydraConfig.get()
    outcomes = play(scenario, _words(hydra_config.overrides.task), Path(settings.results), _progress)
    note = Path(hydra_config.runtime.output_dir) / OUTCOME
    note.write_text(json.dumps([outcome._asdict() for outcome in outcomes], ensure_ascii=False, indent=1))


def launch(overrides: Sequence[str], sweep: bool, progress: Progress) -> None:
    """Lets Hydra compose and play what the overrides say, in this process.

    Raises InputError for what Hydra refuses.
    """
    global _progress
    _progress = progress
    mode = "MULTIRUN" if sweep else "RUN"  # said here, because an experiment that sweeps says it too
    try:
        with initialize_config_dir(str(CONFIGS), job_name="job", version_base="1.3"):
            app = GlobalHydra.instance().hydra
            assert app is not None
            app.config_loader = _Once(app.config_loader.get_search_path())
            play_all = app.multirun if sweep else app.run
            play_all("config", job, [*overrides, f"hydra.mode={mode}"])
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError([" ".join(str(error).split())]) from error
    finally:
        _progress = None


class _Once(ConfigLoaderImpl):
    """Composes each job of a sweep once: the sweeper tries all of them out, the launcher asks for the same again."""

    def __init__(self, config_search_path: ConfigSearchPath) -> None:
        super().__init__(config_search_path)
        self.repository = _ReadOnce(config_search_path)
        self.composed: dict[tuple[str, ...], DictConfig] = {}

    def load_sweep_config(self, master_config: DictConfig, sweep_overrides: list[str]) -> DictConfig:
        key = tuple(sweep_overrides)
        if key in self.composed:
            return self.composed.pop(key)
        config = super().load_sweep_config(master_config, sweep_overrides)
        if len(self.composed) < MOST_KEPT:
            self.composed[key] = config
        return config

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"composed": {}}  # the workers of a parallel launcher compose their own


class _ReadOnce(ConfigRepository):
    """Reads each file of `configs/` once in a sweep, not once a job: that is a third of what composing a job costs."""

    def __init__(self, config_search_path: ConfigSearchPath) -> None:
        super().__init__(config_search_path)
        self.found: dict[str, ConfigResult | None] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> _ReadOnce:
        return self  # every job asks for a repository of its own, which is where nothing would be known yet

    def load_config(self, config_path: str) -> ConfigResult | None:
        if config_path not in self.found:
            self.found[config_path] = super().load_config(config_path)
        found = self.found[config_path]
        if found is None:
            return None
        mine = copy.copy(found)  # Hydra writes into the header and the list of defaults
        mine.header, mine.defaults_list = dict(found.header), copy.deepcopy(found.defaults_list)
        return mine


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
    if groups["review"].name == ReviewOptions().name:
        groups["review"] = ReviewOptions()  # what a review would do is no part of a plan that holds none
    if groups["hiring"].name == HiringOptions().name or groups["hiring"].most == 0:
        groups["hiring"] = HiringOptions()
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


def composed(overrides: Sequence[str]) -> Scenario:
    """The one scenario that overrides make, as `command.overrides.read` leaves them; nothing is played.

    Raises InputError for what Hydra or the declarations refuse.
    """
    from hydra import compose

    try:
        with initialize_config_dir(str(CONFIGS), job_name="job", version_base="1.3"):
            config = compose("config", list(overrides))
    except (HydraException, OmegaConfBaseException) as error:
        raise InputError([" ".join(str(error).split())]) from error
    plain = OmegaConf.to_container(config, resolve=True)
    assert isinstance(plain, dict)
    return scenario_of({str(key): value for key, value in plain.items() if key != "hydra"})[0]
