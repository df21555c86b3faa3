"""`replications=auto`: further blocks of years for all plans of a market, until every mean difference is known.

What is decided rests on the numbers of years 0, 1, 2, … alone: not on what the store holds already, nor on the order of
plans, threads, the engine or the launcher that played the first block.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.metrics import measures
from analysis.precision import Precision, enough, how_well, precision, round_line
from analysis.store import info_of, load
from command.job import scenario_of
from command.play import FAILED, KEPT, PLAYED, Outcome, Turn, words_of
from command.settings import BLOCK
from command.study import market_line, markets_apart
from command.terminal import Progress, say


def play_on(became: Sequence[Outcome], results: Path, limit: int, progress: Progress) -> list[Outcome]:
    """What becomes of the scenarios of a first block when they are played on; each market goes as far as it must."""
    plans = {one.key: _Plan(one, results, progress) for one in became if one.state in (PLAYED, KEPT)}
    markets: dict[str, list[_Plan]] = {}
    for plan in plans.values():
        markets.setdefault(plan.against, []).append(plan)
    failed: list[Outcome] = []
    said = markets_apart([together[0].info for together in markets.values()])
    for (against, together), apart in zip(markets.items(), said, strict=True):
        if len(markets) > 1:
            progress.clear()
            say(market_line({**together[0].info, "apart": apart}, together[0].reps))
        if against in plans:
            failed += _until_known(plans[against], [one for one in together if one is not plans[against]], limit)
        else:
            say("the status quo could not be played: nothing says how many years are enough")
        for plan in together:
            plan.turn = None  # its world is not needed any more
    return [plans[one.key].outcome if one.state in (PLAYED, KEPT) else one for one in became] + failed


class _Plan:
    """One plan, its years so far and what each of them contributed."""

    def __init__(self, outcome: Outcome, results: Path, progress: Progress) -> None:
        self.outcome, self.results, self.progress = outcome, results, progress
        self.info: dict[str, Any] = info_of(results, outcome.key)
        self.against = str(self.info["against"])
        self.money: NDArray[np.float64] = np.empty(0)
        self.reps = 0
        self.turn: Turn | None = None
        self._read()

    def _read(self) -> None:
        """Takes up what the years contributed that are stored and were not read yet."""
        stored = len(info_of(self.results, self.outcome.key)["replications"])
        played = load(self.results, self.outcome.key, range(self.money.size, stored))
        self.money = np.concatenate([self.money, measures(played)["contribution"].to_numpy(np.float64)])
        self.reps = len(played.reps)

    def go_on(self, years: int, further: int) -> Outcome:
        """Plays what is missing up to so many years, ``further`` more than before; what is stored stays."""
        if self.turn is None:
            scenario = scenario_of(self.info["scenario"])[0]
            self.turn = Turn(scenario, words_of(self.info), self.results, self.progress)
        outcome = self.turn.go_on(years, self.against)
        self.progress.block_done(further)
        if outcome.state != FAILED:
            if self.money.size < years:
                self._read()
            outcome = outcome._replace(state=PLAYED if PLAYED in (outcome.state, self.outcome.state) else KEPT)
        return outcome


def _until_known(today: _Plan, plans: list[_Plan], limit: int) -> list[Outcome]:
    """Plays on until every plan is known well enough, or the limit is reached.

    A plan that fails is left out from there on. Where the status quo itself fails nothing can be played on: it stays
    with the years that it has, and the failure is what is returned.
    """
    progress, currency, years = today.progress, str(today.info["currency"]), min(BLOCK, limit)
    while not enough(known := _known(today, plans, years)) and years < limit:
        further = min(BLOCK, limit - years)
        progress.clear()
        say(round_line(known, years, currency, further))
        progress.further(1 + len(plans), further)
        outcome = today.go_on(years + further, further)
        if outcome.state == FAILED:
            return [outcome]
        years += further
        today.outcome = outcome
        for plan in plans:
            plan.outcome = plan.go_on(years, further)
        plans = [plan for plan in plans if plan.outcome.state != FAILED]
    progress.clear()
    say(how_well(known, years, currency, limit))
    return []


def _known(today: _Plan, plans: Sequence[_Plan], years: int) -> list[Precision]:
    return [precision(plan.outcome.label, plan.money[:years], today.money[:years]) for plan in plans]
