"""`python -m benchmarks.luck`: how often market and SWOT take luck for a difference, where nothing differs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from scenarios.insight.facts import facts
from scenarios.insight.reasons import reasons_by_segment
from scenarios.insight.segments import segments
from scenarios.insight.swot import swot
from scenarios.insight.tree import tree
from scenarios.intake.data import read_data
from tests.test_insight import planted
from tests.test_swot import business

MARKETS, BUSINESSES, DEALS = 100, 60, 600


def main() -> None:
    """Plays the rounds and prints what was told."""
    with tempfile.TemporaryDirectory() as place:
        _markets(Path(place))
        _businesses(Path(place))


def _markets(place: Path) -> None:
    told, looked, trees, lists = [0, 0], [0, 0], 0, 0
    for seed in range(MARKETS):
        seen = facts(read_data(planted(place / f"market {seed}", 500 + seed, differ=False, deals=DEALS)))
        table = segments(seen)
        pair = table["cut"].str.contains(" × ", regex=False)
        for at, rows in enumerate((table[~pair], table[pair])):
            told[at] += int((rows["win_says"] != "").sum())
            looked[at] += len(rows)
        trees += bool(tree(seen).parts)
        lists += bool(len(reasons_by_segment(seen)))
    print(f"{MARKETS} markets: {told[0]} of {looked[0]:,} segments, {told[1]} of {looked[1]:,} pairs told apart;")
    print(f"{trees} trees with a split, {lists} lists of reasons with a line")


def _businesses(place: Path) -> None:
    lines, silent = 0, 0
    for seed in range(BUSINESSES):
        data = read_data(business(place / f"business {seed}", 700 + 3 * seed, differ=False, deals=DEALS))
        told = [line for line in swot(data, facts(data)) if "are lost for" not in line.what]
        lines += len(told)
        silent += not told
    print(f"{BUSINESSES} businesses: {lines} lines beside the reasons of loss, none in {silent}")


if __name__ == "__main__":
    main()
