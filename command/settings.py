"""What can be set and to what: the declared parameters beside the YAML options of `configs/`.

Nothing heavy is imported here: a mistake is answered before Hydra, numba and pandas are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import yaml

from scenarios.problems import nearest
from scenarios.schema import GROUPS, Scenario
from sim.parameter import Declared, declared
from sim.parameter import Parameter as P

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
EXPERIMENT = "experiment"
AUTO = "auto"  # as many simulated years as the differences between plans ask for
BLOCK = 20  # years that are played at once then
WORDS = {"replications": (AUTO,)}  # what a number may also be
CHOICES = {
    "engine": ("compiled", "mesa"),
    "flips": ("yes", "no"),
    "market.unit": ("account_product", "account_office"),
    "territory.contiguous": ("", "yes", "no"),
    "territory.people": ("", "best"),
    "review.policy": ("reactive", "proactive", "rebalance", "requota", "backfill"),
    "review.measure": ("attainment", "opportunity", "coverage", "workload", "pipeline", "trend"),
    "hiring.by": ("work", "earned"),
    "territory.keep_together": ("", "city", "county", "postcode", "region", "industry", "product", "size", "parent"),
}
LISTS = {
    "territory.balance": ", ",
    "territory.minimum": ", ",
    "territory.maximum": ", ",
    "territory.locked": ", ",
    "territory.most_moved": ", ",
    "territory.must_match": ", ",
    "territory.should_match": ", ",
    "territory.named": ", ",
    "territory.named_reps": ", ",
    "territory.edits": "; ",
    "channels.by_industry": "; ",
    "events.happen": "; ",
    "market.growth": "; ",
}  # what may be written as a YAML list, and the sign that stands between its parts in one line


@dataclass(frozen=True)
class Settings:
    """What steers the command and changes no simulated year."""

    results: Annotated[str, P("", None, None, "folder where everything is stored", "", "choice")] = "results"
    confirm: Annotated[
        int, P("years", 0, 100_000, "further years, on fresh luck, of the best plan and today's", "", "choice")
    ] = 0
    flips: Annotated[
        str, P("", None, None, "yes: say how wrong an assumption may be before another plan leads; or no", "", "choice")
    ] = "yes"
    replications_limit: Annotated[int, P("years", 2, 100_000, "where replications=auto stops", "", "choice")] = 400


@lru_cache(maxsize=1)
def parameters() -> dict[str, Declared]:
    """Every parameter by the key that sets it: ``market.accounts``, ``replications``, ``results``."""
    found = {f"{group}.{one.name}": one for group, table in GROUPS.items() for one in declared(table)}
    return found | {one.name: one for table in (Scenario, Settings) for one in declared(table)}


@cache
def options(group: str) -> tuple[str, ...]:
    """The named options of a group: its YAML files."""
    return tuple(sorted(file.stem for file in (CONFIGS / group).glob("*.yaml")))


@cache
def option(group: str, name: str) -> dict[str, Any]:
    """What the YAML file of an option says; empty where it says nothing.

    Raises yaml.YAMLError for a file that is no YAML.
    """
    text = (CONFIGS / group / f"{name}.yaml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    return said if isinstance(said, dict) else {}


def own_values(group: str, name: str) -> dict[str, Any]:
    """What a group's named option says of its keys, as their types; empty where there is no such option."""
    if name not in options(group):
        return {}
    return {key: value_of(f"{group}.{key}", value) for key, value in option(group, name).items()}


def about(group: str, name: str) -> str:
    """The sentence at the top of an option's file."""
    for line in (CONFIGS / group / f"{name}.yaml").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") and "@package" not in line:
            return line.lstrip("# ").strip()
    return ""


def unknown_key(key: str) -> str:
    """A sentence for a key that sets nothing, with the nearest that does."""
    same_end = [known for known in parameters() if known.split(".")[-1] == key]
    if same_end:
        return f"nothing is called '{key}'.  did you mean '{same_end[0]}'?"
    group, dot, name = key.partition(".")
    if dot and group in GROUPS:
        names = [one.split(".")[1] for one in parameters() if one.startswith(f"{group}.")]
        return f"{group} has no '{name}'.  {nearest(name, names)}"
    if dot:
        return f"nothing is called '{key}'.  {nearest(key, parameters())}"
    words = [*GROUPS, EXPERIMENT, *(one for one in parameters() if "." not in one)]
    return f"nothing is called '{key}'.  {nearest(key, words)}"


def value_of(key: str, given: Any) -> Any:
    """A given value as its parameter's type. Raises ValueError with a sentence that says what is wrong with it."""
    about = parameters()[key]
    if about.type is str:
        given = _one_line(key, given)
    if key in CHOICES and given not in CHOICES[key]:
        raise ValueError(f"{key}: there is no '{given}'.  {nearest(str(given), filter(None, CHOICES[key]))}")
    group, _, name = key.partition(".")
    if name == "name" and given not in _names(group):
        raise ValueError(f"{key}: there is no {group} '{given}'.  {nearest(str(given), _names(group))}")
    if about.type is str:
        return _text(key, given)
    if given in WORDS.get(key, ()):
        return given
    return _within(key, about, _number(key, about, given))


def _names(group: str) -> tuple[str, ...]:
    return tuple(str(option(group, one).get("name", one)) for one in options(group))


def _one_line(key: str, given: Any) -> str:
    """A text as it is said in one line: a YAML list with its parts apart, ``name: number`` as ``name:number``.

    Raises ValueError for a list where none belongs.
    """
    if isinstance(given, (list, dict)):
        if key not in LISTS:
            raise ValueError(f"{key}: {given} is a list; it is one word ({parameters()[key].about.meaning})")
        parts = [f"{name}:{one}" for name, one in given.items()] if isinstance(given, dict) else given
        return LISTS[key].join(_one_line(key, part) for part in parts)
    if isinstance(given, bool):
        return "yes" if given else "no"  # YAML reads yes and no as true and false
    text = "" if given is None else str(given)
    return text.strip()[1:-1] if key in LISTS and text.strip()[:1] + text.strip()[-1:] == "[]" else text


def _text(key: str, given: str) -> str:
    folder_wrong = key == "results" and (not given.strip() or "${" in given)  # Hydra would look up what ${ begins
    if "\0" in given or folder_wrong:
        raise ValueError(f"{key}: '{given}' can't be used; it is the {parameters()[key].about.meaning}")
    return given


def _number(key: str, about: Declared, given: Any) -> float | int:
    wrong = ValueError(f"{key}: '{given}' is {_not_a_number(key, about, given)}")
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        raise wrong
    try:
        number = float(given)
        if about.type is not int:
            return number
        if number != int(number):
            raise wrong
        return int(given) if isinstance(given, str) and given.strip().lstrip("+-").isdigit() else int(number)
    except (ValueError, OverflowError):
        raise wrong from None


def _not_a_number(key: str, about: Declared, given: Any) -> str:
    word = "a whole number" if about.type is int else "a number"
    others = WORDS.get(key, ())
    if not others:
        return f"not {word}; it is {about.about.meaning}"
    meant = nearest(str(given), others)
    cure = f".  {meant}" if meant.startswith("did you mean") else f"; it is {about.about.meaning}"
    return f"neither {word} nor {', '.join(others)}{cure}"


def _within(key: str, about: Declared, number: float | int) -> float | int:
    low, high = about.about.low, about.about.high
    if not isfinite(number) or (low is not None and number < low) or (high is not None and number > high):
        unit = f" {about.about.unit}" if about.about.unit else ""
        if low is None or high is None:
            span = f"at least {low:,g}" if low is not None else f"at most {high:,g}"
        else:
            span = f"between {low:,.10g} and {high:,.10g}"
        raise ValueError(f"{key}: {number:,g} is out of range; it must be {span}{unit} ({about.about.meaning})")
    return number
