"""The tutorial is played from its first line to its last: what it shows is what one gets."""

from __future__ import annotations

import re

import pytest

from command.flipping.work import searched_or_said  # before tests/conftest.py takes it away
from tests.tutorial import DOCS, PAGE, Step, missing, pieces, shown_anew, steps, unlike

TEXT = PAGE.read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"^```sh\n(.*?)^```$", TEXT, re.M | re.S) for line in block.splitlines()]
MOST_BYTES = 120_000
FIVE_STEPS = ("Market", "SWOT", "Goals", "Strategy", "Review")


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Every command of the page, run in an empty folder."""
    patch = pytest.MonkeyPatch()
    patch.setattr("command.flipping.work.searched_or_said", searched_or_said)
    done = {step.command: step for step in steps(TEXT, tmp_path_factory.mktemp("tutorial"))}
    patch.undo()
    return done


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_does_what_the_page_shows(played, command):
    step = played[command]
    assert step.code == step.expected, "\n".join(step.came)
    assert not missing(step), "run `make tutorial`; it came:\n" + "\n".join(step.came)


def test_every_picture_is_the_one_that_its_command_draws(played):
    drawn = {name: path for step in played.values() for name, path in step.pictures.items()}
    assert sorted(drawn) == sorted(str(path.relative_to(DOCS)) for path in DOCS.glob("images/tutorial/*"))
    for name, path in drawn.items():
        assert not unlike(DOCS / name, path), f"{name}: run `make tutorial`"
        assert (DOCS / name).stat().st_size < MOST_BYTES


def test_the_page_says_what_the_text_says_of_it(played):
    drawn = next(path for step in played.values() for path in step.pictures.values())
    said = " ".join(re.sub(r"<[^>]+>", " ", (drawn.parent / "index.html").read_text(encoding="utf-8")).split())
    for on_the_page, in_the_text in (
        ("Selling typically costs 27 k$ less a year", "costs 27 k$ less a year than now"),
        ("Rep Columbus and Rep Columbus 2 lose", "nobody clearly gains; Rep Columbus and Rep Columbus 2 lose,"),
        ("11 accounts change rep", "11 accounts handed over"),
    ):
        assert on_the_page in said
        assert in_the_text in " ".join(TEXT.split())


def test_two_different_charts_are_told_apart(played):
    drawn = [path for step in played.values() for path in step.pictures.values()]
    other = next(path for path in drawn[0].parent.glob("*.png") if path.name != drawn[0].name)
    assert unlike(drawn[0], other)


def test_most_commands_are_shown_with_what_comes_back():
    assert len(COMMANDS) == len(set(COMMANDS)) >= 12
    assert TEXT.count("```text") >= len(COMMANDS) - 3


def test_all_five_steps_of_a_plan_are_there():
    for word in FIVE_STEPS:
        assert re.search(rf"^\| \d .*{word}", TEXT, re.M | re.I), word


def test_a_wrong_number_is_seen_and_written_anew():
    step = Step("territory", 0, ["head", "a  1", "b  2", "tail · 3 s"], ["a  1", "b  3", "…", "tail · 9 s"])
    assert missing(step) == ["a  1", "b  3"]
    step.shown = shown_anew(step)
    assert step.shown == ["a  1", "b  2", "…", "tail · 3 s"]
    assert not missing(step)
    assert pieces(step.shown) == [["a  1", "b  2"], ["tail · 3 s"]]
