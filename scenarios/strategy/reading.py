"""A strategy map from its YAML file; everything that is wrong with it is told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml

from scenarios.problems import InputError, nearest
from scenarios.strategy import links
from scenarios.strategy.map import PERSPECTIVES, YEAR, Known, Objective, Strategy, StrategyMap, Tactic
from scenarios.strategy.targets import Target, deadline, target
from sim.world import WEEKS

KEYS = {
    "map": ("title", "goals", "strategies", "objectives", "tactics"),
    "strategy": ("what", "goal"),
    "objective": ("what", "perspective", "strategy", "measure", "in", "target", "by", "leads_to"),
    "tactic": ("what", "serves", "sets"),
}
MOST = 1_000_000  # characters of a file

T = TypeVar("T")
Said = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """YAML without anything that runs, and without a name that is there twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("a map has no references (*name); write it out")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.YAMLError(f"'{key.value}' is there twice, the second time in line {key.start_mark.line + 1}")
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


def read_map(path: Path, measures: Mapping[str, Known]) -> tuple[StrategyMap, list[str]]:
    """The map and what is wrong with it; what can't be understood is left out of it.

    Raises InputError where the file can't be read at all.
    """
    said = _loaded(path)
    reading = _Reading(path.name, measures)
    return reading.map(said), reading.problems


def _loaded(path: Path) -> Said:
    try:
        if path.stat().st_size > MOST:
            raise InputError([f"{path.name}: it has more than {MOST:,} characters; that is no map"])
        said = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # a SafeLoader
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError([f"{path.name}: can't be read: {' '.join(str(error).split())[:200]}"]) from None
    if not isinstance(said, dict):
        raise InputError([f"{path.name}: a map has {', '.join(KEYS['map'])}"])
    return said


class _Reading:
    """One file being read; ``problems`` fills as it goes."""

    def __init__(self, file: str, measures: Mapping[str, Known]) -> None:
        self.file, self.measures = file, measures
        self.problems: list[str] = []

    def map(self, said: Said) -> StrategyMap:
        """Everything, and whether it hangs together."""
        self.unknown(said, "map", "")
        goals = {str(name): self.words(what, f"goal '{name}'") for name, what in self.table(said, "goals").items()}
        title = self.words(said.get("title"), "title")
        ways = self.all(said, "strategies", "strategy", lambda name, one: self.strategy(name, one, goals))
        aims = self.all(said, "objectives", "objective", lambda name, one: self.objective(name, one, ways))
        tactics = self.all(said, "tactics", "tactic", lambda name, one: self.tactic(name, one, aims))
        found = StrategyMap(self.file, title, goals, ways, aims, tactics)
        for one in found.objectives.values():
            self.known(one.leads_to, found.objectives, f"objective '{one.name}'", "leads_to")
        self.problems += [f"{self.file}: {problem}" for problem in links.problems(found)]
        return found

    def tell(self, place: str, problem: str) -> None:
        """Notes a problem at a place of the file."""
        self.problems.append(f"{self.file}, {place}: {problem}" if place else f"{self.file}: {problem}")

    def unknown(self, said: Said, kind: str, place: str) -> None:
        """Notes keys that mean nothing."""
        for key in said:
            if key not in KEYS[kind]:
                self.tell(place, f"there is no '{key}'; {nearest(str(key), KEYS[kind])}")

    def table(self, said: Said, name: str) -> Said:
        """Things by name."""
        given = said.get(name)
        if isinstance(given, dict) and given:
            return {str(key): one for key, one in given.items()}
        self.tell("", f"{name}: {'there are none' if not given else 'give each a name'}, as in  {name}: {{name: …}}")
        return {}

    def all(self, said: Said, name: str, kind: str, read: Callable[[str, Said], T]) -> dict[str, T]:
        """Every strategy, objective or tactic."""
        found = {}
        for key, one in self.table(said, name).items():
            place = f"{kind} '{key}'"
            if not isinstance(one, dict):
                self.tell(place, f"it has no {', '.join(KEYS[kind])}")
                continue
            self.unknown(one, kind, place)
            found[key] = read(key, one)
        return found

    def words(self, given: Any, place: str) -> str:
        """A text that says something, in one line."""
        if isinstance(given, str) and given.strip():
            return " ".join(given.split())
        self.tell(place, "it says nothing; give it a few words")
        return ""

    def one_of(self, given: Any, choices: Iterable[str], place: str, key: str) -> str:
        """A word that is known."""
        choices = list(choices)
        if given in choices:
            return str(given)
        said = f"there is no '{given}'" if given is not None else "it is missing"
        self.tell(place, f"{key}: {said}; {nearest(str(given or ''), choices)}")
        return ""

    def known(self, names: Iterable[str], choices: Iterable[str], place: str, key: str) -> None:
        """Notes names that are none of the choices, and those that are there twice."""
        names = list(names)
        for name in dict.fromkeys(names):
            if name not in choices:
                self.tell(place, f"{key}: there is no objective '{name}'; {nearest(name, choices)}")
            elif names.count(name) > 1:
                self.tell(place, f"{key}: '{name}' is there twice")

    def list_of(self, given: Any, place: str, key: str) -> tuple[str, ...]:
        """One name or a list of names."""
        given = [] if given is None else [given] if isinstance(given, str) else given
        if isinstance(given, list) and all(isinstance(name, str) for name in given):
            return tuple(given)
        self.tell(place, f"{key}: '{given}' is no list of names")
        return ()

    def strategy(self, name: str, said: Said, goals: Iterable[str]) -> Strategy:
        """One strategy."""
        place = f"strategy '{name}'"
        return Strategy(name, self.words(said.get("what"), place), self.one_of(said.get("goal"), goals, place, "goal"))

    def objective(self, name: str, said: Said, strategies: Iterable[str]) -> Objective:
        """One objective."""
        place = f"objective '{name}'"
        measure = self.one_of(said.get("measure"), self.measures, place, "measure")
        by = self._by(said, place)
        where = said.get("in") or ""
        if not isinstance(where, str):
            self.tell(place, f"in: '{where}' is no segment; it goes: industry=Retail and region=East")
            where = ""
        self._measurable(measure, by, where, place)
        return Objective(
            name,
            self.words(said.get("what"), place),
            self.one_of(said.get("perspective"), PERSPECTIVES, place, "perspective"),
            self.one_of(said.get("strategy"), strategies, place, "strategy"),
            measure,
            self._target(said, measure, place),
            by,
            where,
            self.list_of(said.get("leads_to"), place, "leads_to"),
        )

    def _by(self, said: Said, place: str) -> int:
        if said.get("by") is None:
            self.tell(place, "by: it has no date; it goes: week 10, quarter 2 or year")
            return WEEKS
        try:
            return deadline(said["by"])
        except ValueError as problem:
            self.tell(place, f"by: {problem}")
            return WEEKS

    def _measurable(self, measure: str, by: int, where: str, place: str) -> None:
        about = self.measures.get(measure)
        if about and where and not about.segments:
            possible = [name for name, one in self.measures.items() if one.segments]
            self.tell(place, f"in: {measure} is not known by segment; these are: {', '.join(possible)}")
        if about and by < WEEKS and (about.when == YEAR or (where and about.segments and about.when != "plan")):
            said = f"{measure} in a segment" if about.when != YEAR else measure
            self.tell(place, f"by: {said} is known when the year is over; it goes: by: year")

    def _target(self, said: Said, measure: str, place: str) -> Target:
        nothing = Target(float("nan"), "", True)
        if said.get("target") is None:
            self.tell(place, "target: it is missing; it goes: 1200, 90 %, +5 %, +5 points, at most 20 %")
            return nothing
        about = self.measures.get(measure)
        if about is None:
            return nothing
        try:
            return target(said["target"], about.unit, about.better)
        except ValueError as problem:
            self.tell(place, f"target: {problem}")
            return nothing

    def tactic(self, name: str, said: Said, objectives: Iterable[str]) -> Tactic:
        """One tactic; its settings are checked by who knows what can be set."""
        place = f"tactic '{name}'"
        serves = self.list_of(said.get("serves"), place, "serves")
        self.known(serves, objectives, place, "serves")
        if not serves:
            self.tell(place, f"it serves nothing; name objectives, as in  serves: [{next(iter(objectives), '…')}]")
        sets = said.get("sets")
        if isinstance(sets, list):
            sets = self._pairs(sets, place)
        if not isinstance(sets, dict) or not sets:
            self.tell(place, "sets: it does nothing; give settings, as in  sets: {crm: follow_up}")
            sets = {}
        return Tactic(name, self.words(said.get("what"), place), serves, {str(key): one for key, one in sets.items()})

    def _pairs(self, words: list[Any], place: str) -> Said:
        """Settings written as on the command line."""
        found: Said = {}
        for word in words:
            key, equals, value = str(word).partition("=")
            if not isinstance(word, str) or not equals:
                self.tell(place, f"sets: '{word}' sets nothing; it goes: key=value")
            elif key in found:
                self.tell(place, f"sets: {key} is set twice")
            else:
                found[key.strip()] = value.strip()
        return found
