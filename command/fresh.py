"""The plan that came out best, on luck that nothing was chosen on: the best of many always looks better than it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from command.play import FAILED, Turn, words_of
from command.terminal import Progress, say

if TYPE_CHECKING:
    from analysis.compare import Comparison


def confirmed(comparison: Comparison, results: Path, years: int) -> str:
    """What the plan that the comparison looks at brings over the baseline in so many further years, in a sentence.

    Plays both on from the years compared where these are not stored yet. Empty where there is nothing to confirm.
    """
    from analysis.answer import on_fresh_luck
    from analysis.metrics import measures
    from analysis.store import info_of, load
    from command.job import scenario_of

    first = comparison.years
    pair = (comparison.focus, comparison.baseline)
    if not years or pair[0] == pair[1]:
        return ""
    progress = Progress(2, years)
    money = []
    for key in pair:
        info = info_of(results, key)
        turn = Turn(scenario_of(info["scenario"])[0], words_of(info), results, progress)
        played = turn.go_on(first + years, str(info["against"]))
        progress.clear()
        if played.state == FAILED:
            say(f"failed: {played.label}: {'; '.join(played.problems)}")
            return ""
        further = load(results, key, range(first, first + years))
        money.append(measures(further)["contribution"].to_numpy(float))
    labels = [str(comparison.row(key)["label"]) for key in pair]
    return on_fresh_luck(labels[0], labels[1], money[0] - money[1], comparison.currency, comparison.matters)
