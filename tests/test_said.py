"""Lists that a planner says in one line."""

from __future__ import annotations

import pytest

from scenarios.design.said import numbers, words
from scenarios.problems import InputError

KNOWN = ("accounts", "potential", "workload")


@pytest.mark.parametrize("said", ["A00012, R03", "[A00012,R03]", " 'A00012' , \"R03\", ", "(A00012, R03)"])
def test_words_stand_apart_at_commas(said):
    assert words(said) == ("A00012", "R03")


@pytest.mark.parametrize("said", ["", " ", "[]", ","])
def test_nothing_said_is_no_word(said):
    assert words(said) == ()


@pytest.mark.parametrize("said", ["potential, workload:2", "[potential,workload: 2.0]", "{potential:1, 'workload':2}"])
def test_a_name_without_a_number_has_the_usual_one(said):
    assert numbers("territory.balance", said, 1.0, KNOWN) == {"potential": 1.0, "workload": 2.0}


def test_every_mistake_is_named_at_once():
    with pytest.raises(InputError) as refused:
        numbers("territory.maximum", "worklod:800, accounts:x, potential:-1, potential, accounts:nan", 1.0, KNOWN)
    assert refused.value.problems == (
        "territory.maximum: there is no 'worklod'; did you mean 'workload'?",
        "territory.maximum: accounts:x is not a number of at least 0; write it like accounts:2",
        "territory.maximum: potential:-1 is not a number of at least 0; write it like potential:2",
        "territory.maximum: potential stands there twice; keep one of the two",
        "territory.maximum: accounts stands there twice; keep one of the two",
        "territory.maximum: accounts:nan is not a number of at least 0; write it like accounts:2",
    )
