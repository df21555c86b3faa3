"""What is known of a business is found again, as surely as the fit says: small; `benchmarks.recovery` is the study."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.known import business, played
from benchmarks.recovery import compared, summed
from command.fitting.behaviour import BLUR, blurred
from command.fitting.measures import MADE_SO, NAMES, Traces, call_length
from command.fitting.work import fit_twin
from scenarios.crm import inspect_export
from scenarios.crm.decisions import PRIORS, fit_decisions, scaled
from scenarios.crm.posterior import sampled
from scenarios.schema import MarketOptions, Scenario
from tests.test_course import lived

NAMES_OF_COURSE = [prior.name for prior in PRIORS]


def course_of(seed: int, **change: float) -> tuple[dict[str, float], int]:
    behaviour = business(seed).behaviour
    values = {name: getattr(behaviour, name) for name in NAMES_OF_COURSE if name != "asleep"}
    return {**values, "asleep": 0.1, **change}, behaviour.stages


def inside(draws: np.ndarray, values: dict[str, float]) -> np.ndarray:
    truth = scaled(np.array([values[name] for name in NAMES_OF_COURSE]))
    low, high = np.quantile(draws, (0.05, 0.95), axis=0)
    return (low <= truth) & (truth <= high)


def test_draws_of_two_tops_come_from_both():
    """A law of two normals of sd 1/2, seven in ten at -3 and the others at 3, from their tops alone."""

    def density(x):
        return np.logaddexp(np.log(0.7) - 2.0 * ((x + 3.0) ** 2).sum(), np.log(0.3) - 2.0 * ((x - 3.0) ** 2).sum())

    tops = [np.full(2, -3.0), np.full(2, 3.0)]
    draws, under = sampled(density, tops, [np.eye(2) * 0.25] * 2)
    _, wider = sampled(lambda x: -0.5 * float((x**2).sum()), [np.zeros(2)], [np.eye(2)])
    assert under - wider == pytest.approx(np.log(0.25), abs=0.05)  # a quarter of the area, as high
    left = draws[:, 0] < 0.0
    assert left.mean() == pytest.approx(0.7, abs=0.03)
    for side in (draws[left], draws[~left]):
        assert np.abs(side.mean(axis=0)) == pytest.approx(3.0, abs=0.06)
        assert side.std(axis=0) == pytest.approx(0.5, rel=0.1)


def test_it_shows_which_stage_is_the_slow_one_or_that_it_does_not():
    """Two stages, of which the calendar alone tells the slow one: the known values lie in what is left open."""
    for slow, fast in ((0.2, 0.5), (0.5, 0.2)):
        values, _ = course_of(101, stage_hazard=slow, closing_hazard=fast)
        found = fit_decisions(lived(values, 2, 6000, 7, 156), 2)
        place = [NAMES_OF_COURSE.index(name) for name in ("stage_hazard", "closing_hazard")]
        assert inside(found.draws, values)[place].all()


def test_intervals_of_the_course_cover_as_they_say():
    covered = []
    for seed in range(8):
        values, stages = course_of(400 + seed)
        found = fit_decisions(lived(values, stages, 5000, seed, 156), stages)
        told = [place for place, name in enumerate(NAMES_OF_COURSE) if stages > 1 or not name.startswith("stage_")]
        covered += inside(found.draws, values)[told].tolist()
    assert len(covered) > 80
    assert 0.8 < np.mean(covered) < 0.97


def test_a_call_takes_so_long_that_as_many_are_made_as_on_record():
    calls = np.zeros((52, 6))
    calls[:, :4] = 1.0  # four calls a week by two reps: two each
    traces = Traces(calls, calls, np.arange(6) // 3, np.ones(6), 2, True)
    length = call_length(traces, 22.0)
    assert int(22.0 / length) == 2
    assert call_length(traces._replace(counted=False), 22.0) == 0.0


def test_what_units_are_made_to_sell_tells_nothing_and_the_rest_no_more_than_a_twin_can():
    assert set(MADE_SO) < set(NAMES)
    left = np.random.default_rng(1).normal(size=(500, 3)) * np.array([1.0, 4.0, 0.0])
    off = (blurred(left, 5) - left).std(axis=0)
    assert off == pytest.approx(BLUR * left.std(axis=0), rel=0.1)
    assert (blurred(left, 5) == blurred(left, 5)).all()


def test_a_known_business_is_found_again(tmp_path):
    known = played(business(402), tmp_path / "crm")
    scenario = Scenario(market=MarketOptions(name="crm", folder=str(tmp_path / "crm")))
    stages = known.scenario.behaviour.stages
    fitted = fit_twin(inspect_export(tmp_path / "crm"), scenario, 60, 60, lambda: None, stages)
    cases = compared(known, fitted)
    assert np.mean([one.covered for one in cases]) > 0.75
    said = {one.name: one for one in cases}
    assert said["win_odds"].says == "identified"
    assert said["win_odds"].error < 0.3
    assert said["relationship_kept"].says == "prior-driven"
    a_week = len(known.ledger.calls) / 52 / len(known.built.team.reps)
    assert fitted.fit.behaviour["call_hours"] == pytest.approx(22.0 / (a_week + 0.5), rel=0.05)
    assert list(summed(cases)["worlds"].unique()) == [1]
