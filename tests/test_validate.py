"""`territory validate`: its bands, its verdicts, and that a mechanism taken away is noticed."""

from __future__ import annotations

import math

import numpy as np
import pytest

from command.main import main
from command.validate import KNOWN
from command.validation.lab import Lab, mean_and_error
from command.validation.patterns import PATTERNS
from command.validation.rivals import RIVALS
from command.validation.territories import alike, at_distance, kilometres, shared
from command.validation.verdict import Band, bands, verdict

YEARS = 6


def test_patterns_bands_and_the_door_know_the_same_numbers():
    assert tuple(PATTERNS) == tuple(bands()) == KNOWN


def test_open_bands_ask_for_certainty():
    above = Band(0.0, math.inf)
    assert verdict(1.0, 0.1, 24, above) == "pass"
    assert verdict(1.0, 0.9, 24, above) == "weak"
    assert verdict(-1.0, 0.9, 24, above) == "weak"
    assert verdict(-1.0, 0.1, 24, above) == "fail"
    assert verdict(float("nan"), 0.1, 24, above) == "fail"


def test_what_nothing_is_asked_of_is_shown():
    nothing = Band(-math.inf, math.inf)
    assert (verdict(1.0, 0.1, 24, nothing), str(nothing)) == ("shown", "")


@pytest.mark.parametrize("number", [1, 3, 6, 7, 8, 9, 11, 13, 21, 23, 24])
def test_a_pattern_comes_out_in_its_band(number):
    size = {6: (500, 10), 8: (1000, 10)}.get(number, (400, 4))  # redrawing's worth hangs on how uneven today's map is
    readings = PATTERNS[number](Lab(1, *size, YEARS))
    asked = bands()[number]["statistics"]
    assert set(readings) == set(asked)
    assert [
        name for name, band in asked.items() if verdict(*mean_and_error(readings[name]), YEARS, band) == "fail"
    ] == []


def test_accounts_change_rep_at_the_distance_of_before():
    lab = Lab(1, 60, 3, 2)
    next_rep = (lab.base.current + 1) % 3
    before = kilometres(lab.base, lab.base.current)
    world = at_distance(lab.base, next_rep, before)
    assert kilometres(world, next_rep) == pytest.approx(before)
    assert abs(kilometres(lab.base, next_rep) - before).max() > 1.0


def test_territories_of_like_accounts_differ_in_number_only():
    world = alike(Lab(1, 60, 4, 2))
    assert all(np.ptp(column) == 0.0 for column in (world.accounts.need, world.accounts.potential, world.reps.hours))
    assert world.reps.hours[0] == pytest.approx(16.0)  # calls needed of a rep and week, an hour each
    assert np.bincount(shared(60, 4, 0.5)).tolist() == [8, 22, 8, 22]  # 7.5 and 22.5, rounded where they end
    odd = np.bincount(shared(1000, 5, 0.25))
    assert odd.std() / odd.mean() == pytest.approx(0.25, abs=0.005)
    assert odd[-1] == 200


@pytest.mark.parametrize("rival", RIVALS, ids=lambda rival: rival.name)
def test_a_mechanism_taken_away_is_noticed(rival):
    reading = PATTERNS[rival.pattern](Lab(1, 400, 4, YEARS, rival.behaviour))[rival.statistic]
    band = bands()[rival.pattern]["statistics"][rival.statistic]
    mean, error = mean_and_error(reading)
    assert not band.low <= mean <= band.high
    assert verdict(mean, error, YEARS, band) != "pass"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--pattern", "2"], "no pattern 2"),
        (["--seeds", "one"], "whole numbers"),
        (["--reps", "1"], "at least 2 reps"),
        (["--replications", "1"], "at least 2"),
    ],
)
def test_mistakes_are_answered_in_words(words, said, capsys):
    assert main(["validate", *words]) == 2
    assert said in capsys.readouterr().err


def test_it_prints_a_row_a_statistic(capsys):
    assert main(
        ["validate", "--pattern", "23", "--seeds", "1", "--accounts", "120", "--reps", "2", "--replications", "3"]
    ) in (0, 1)
    rows = capsys.readouterr().out.splitlines()
    assert len(rows) == 1 + len(bands()[23]["statistics"])
    assert rows[0].startswith("no.\tpattern and statistic\tsource\tband")
