"""The answer so far, while a sweep is played: which of the finished plans is ahead, by how much, how surely."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from command.play import Outcome


class _Standing(NamedTuple):
    """One finished plan against its status quo."""

    label: str
    today: str
    typical: float
    better: float
    verdict: str
    currency: str


class Running:
    """Follows a sweep: only finished scenarios count, each read once from the measures in the store."""

    def __init__(self, results: Path) -> None:
        self.results = results
        self.money: dict[str, NDArray[np.float64] | None] = {}
        self.ahead: dict[str, _Standing] = {}  # by status quo

    def finished(self, today: Outcome, plan: Outcome) -> str:
        """What is ahead in the market of a plan that is finished, in a few words; empty where nothing can be said."""
        from analysis.compare import BETTER, CANT_TELL, verdict
        from analysis.precision import MATTERS

        ours, theirs = self._money(plan), self._money(today)
        if ours is None or theirs is None:
            return ""
        import numpy as np

        change = ours - theirs
        said = verdict(change, MATTERS * abs(float(np.median(theirs))))
        from analysis.store import info_of

        currency = str(info_of(self.results, plan.key)["currency"])
        own = (float(np.median(change)), float((change > 0).mean()))
        new = _Standing(plan.label, today.label, *own, said, currency)
        rank = (BETTER, CANT_TELL)
        before = self.ahead.get(today.key)
        if before is None or _order(new, rank) > _order(before, rank):
            self.ahead[today.key] = new
        return _said(self.ahead[today.key])

    def _money(self, one: Outcome) -> NDArray[np.float64] | None:
        """What each year contributed; None where this version of the program has not measured it yet."""
        if one.key not in self.money:
            from analysis.metrics import measures, version
            from analysis.store import load

            played = load(self.results, one.key, range(one.years))
            known = "measures" in played.frames and (played.frames["measures"]["measured_by"] == version()).all()
            self.money[one.key] = measures(played)["contribution"].to_numpy(float) if known else None
        return self.money[one.key]


def _order(one: _Standing, rank: tuple[str, ...]) -> tuple[int, float]:
    """Better plans first, then those that can't be told apart, then the rest; of equals the one that brings more."""
    return -(rank.index(one.verdict) if one.verdict in rank else len(rank)), one.typical


def _said(one: _Standing) -> str:
    from analysis.compare import BETTER, CANT_TELL
    from analysis.words import money, short_of_20

    said = f"{one.label} {money(one.typical, one.currency, sign=True)}, {short_of_20(one.better)}"
    if one.verdict == BETTER:
        return said
    return f"{said} =" if one.verdict == CANT_TELL else f"{one.today} ahead of {said}"
