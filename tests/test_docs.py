"""Pages and docstrings that show Python are run: what they show is what one gets."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
from pathlib import Path

import pytest

from command.overrides import read
from command.reference import PAGES as PAGES_MADE

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if ">>> " in path.read_text())


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_what_a_page_shows_is_what_one_gets(page):
    text = page.read_text().replace("```\n", "\n")
    example = doctest.DocTestParser().get_doctest(text, {"__name__": page.stem}, page.name, str(page), 0)
    result = doctest.DocTestRunner().run(example)
    assert result.attempted > 0
    assert result.failed == 0


MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for room in ("sim", "scenarios", "analysis", "command")
    for path in (ROOT / room).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", MODULES)
def test_what_a_docstring_shows_is_what_one_gets(module):
    result = doctest.testmod(importlib.import_module(module))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("page", sorted((DOCS / "howto").glob("*.md")), ids=lambda path: path.name)
def test_every_line_for_the_shell_is_understood(page):
    for line in re.findall(r"^territory simulate (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        assert read(shlex.split(line, comments=True)).overrides


def test_the_page_on_territories_names_every_design():
    from scenarios.territory import DESIGNS

    page = (DOCS / "howto" / "territories.md").read_text(encoding="utf-8")
    first_cells = "".join(re.findall(r"^\| (`.*?`) \|", page, re.MULTILINE))
    assert DESIGNS.keys() <= set(re.findall(r"`(\w+)`", first_cells))


@pytest.mark.parametrize("name", PAGES_MADE)
def test_tables_are_those_of_the_declarations(name):
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES_MADE[name](), "run `make docs`"


def test_there_is_a_page_on_looking_inside():
    assert DOCS / "howto" / "inspect.md" in PAGES


MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
FUNCTIONS = re.findall(r"\[`(\w+)`\]\(\.\./(sim/[\w/]+\.py)\)", MODEL)


def test_the_page_on_the_model_links_every_rule_where_it_stands():
    rules = Path(__file__).parents[1] / "sim" / "rules"
    there = {(name, f"sim/rules/{file.name}") for file in rules.glob("*.py") for name in defined(file, "@rule")}
    assert len(there) > 40
    assert there <= set(FUNCTIONS)


def test_the_page_on_the_model_links_nothing_that_is_not_there():
    for name, file in FUNCTIONS:
        assert name in defined(Path(__file__).parents[1] / file)
    for link in re.findall(r"\]\((?!http)([^)#]+)\)", MODEL):
        assert (DOCS / link).exists(), link


def defined(file: Path, above: str = "") -> list[str]:
    """Functions of a file that have the line ``above`` over them."""
    return re.findall(rf"^{above}\n*def (\w+)\(", file.read_text(encoding="utf-8"), re.MULTILINE)
