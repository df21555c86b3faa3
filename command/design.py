"""`territory design`: territories for any table of accounts, without playing a year."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from command.parser import closing, hanging
from command.terminal import DONE, check_folder, complain, say
from scenarios.design.wishes import KEYS, Wishes, wishes
from scenarios.problems import InputError

if TYPE_CHECKING:
    from scenarios.design.brief import Brief
    from scenarios.design.request import Drawn
    from scenarios.design.standing import Standing

EXAMPLES = (
    ("accounts=accounts.csv territories=10", "ten territories of the same size"),
    ("accounts=accounts.csv reps=reps.csv balance=[potential,workload] tolerance=0.05", "round homes, two balances"),
    ("accounts=accounts.csv aim=change most_moved=10%", "as few changes as it takes"),
)
NAMED = 8  # territories in a sentence; more are counted


def help_text() -> str:
    """What the verb takes."""
    return "\n".join(
        [
            "usage: territory design accounts=FILE [key=value …]",
            "",
            "Draws balanced territories for any table of accounts, without playing a year; says what moves",
            "and what binds.",
            "",
            *hanging([(f"{key}=", meaning) for key, meaning in KEYS.items()], 20),
            "",
            closing("design", EXAMPLES, "docs/howto/design.md"),
        ]
    )


def main(arguments: Sequence[str]) -> int:
    """Draws territories, writes them and prints one line a territory; returns the exit code."""
    try:
        asked_for = wishes(arguments)
        check_folder(Path(asked_for.out), "out")
        return _design(asked_for)
    except InputError as error:
        return complain(error.problems)


def _design(asked_for: Wishes) -> int:
    from scenarios.design import drawing
    from scenarios.design.brief import brief
    from scenarios.design.groups import drawn_together
    from scenarios.design.naming import renamed
    from scenarios.design.out import write
    from scenarios.design.standing import after, before

    asked = brief(asked_for)
    for note in asked.notes:
        say(note)
    drawn = drawn_together(asked.request, asked.groups) if asked.groups else drawing.draw(asked.request)
    if drawn.broken and not drawn.stopped:
        raise InputError(drawn.broken)
    drawn = renamed(asked.request, drawn)
    old, new = before(asked), after(asked, drawn)
    folder = Path(asked_for.out)
    written = write(folder, asked, drawn, old, new, asked_for.quota, asked_for.period)
    _print(_rows(asked, drawn, new))
    for sentence in _sentences(asked, drawn, old, new):
        say(sentence)
    if asked.rejects:
        first = asked.rejects[0]
        where = f"{first.file}, line {first.line}: {first.reason}"
        say(f"{len(asked.rejects):,} rows set aside, see rejects.csv; first: {where}")
    say(f"written  {folder}: {', '.join(sorted(written))}")
    file = shlex.quote(str(folder / "assignments.csv"))
    line = f"territory simulate territory=from_file territory.file={file}"
    say(f"play it  {line}   (where the market has these accounts)")
    return DONE


def _rows(asked: Brief, drawn: Drawn, new: Standing) -> list[tuple[str, ...]]:
    """The table's head and a row a territory: accounts, share of the mean, mean km, moved in and out."""
    import numpy as np

    from scenarios.design.standing import changed

    moved = changed(asked, drawn)
    gained = np.bincount(drawn.owner[moved], minlength=len(new.names))
    before = asked.request.today[moved]
    lost = np.bincount(before[before >= 0], minlength=len(new.names))
    balance = [name for name in asked.request.balance if name != "accounts"]
    indices = {name: 100.0 * new.index(name) for name in balance}
    km = _mean_km(asked, drawn, new)
    head = ("territory", "accounts", *(f"{name} %" for name in balance), *(("km",) if km else ()), "in", "out")
    rows = [head]
    for row, name in enumerate(new.names):
        shares = [f"{indices[one][row]:.1f}" for one in balance]
        counts = (f"{gained[row]}", f"{lost[row]}")
        rows.append((name, f"{new.loads['accounts'][row]:.0f}", *shares, *km[row : row + 1], *counts))
    return rows


def _mean_km(asked: Brief, drawn: Drawn, new: Standing) -> list[str]:
    """The weighted mean way to each territory's centre; empty without places."""
    import numpy as np

    if new.km is None:
        return []
    weight = asked.request.weight
    ways = np.bincount(drawn.owner, weights=weight * new.km, minlength=len(new.names))
    total = np.bincount(drawn.owner, weights=weight, minlength=len(new.names))
    return [f"{way / whole:.1f}" if whole > 0 else "" for way, whole in zip(ways, total, strict=True)]


def _sentences(asked: Brief, drawn: Drawn, old: Standing, new: Standing) -> list[str]:
    """What came out, in words: balance, change, what is proven, what binds, who is out of the band."""
    from scenarios.design.matching import unmatched
    from scenarios.design.standing import changed

    said = []
    for name in asked.request.balance:
        was = f"{old.deviation(name):.1%} → " if old.names else ""
        said.append(f"{name}: the farthest territory is {was}{new.deviation(name):.1%} off the mean")
    if old.names:
        moved = len(changed(asked, drawn))
        said.append(f"{moved:,} of {len(asked.table.ids):,} accounts get another territory than today's")
    what = "weighted distance" if asked.request.aim == "distance" else "what is moved"
    if drawn.bound > 0:
        said.append(f"{what} is at most {drawn.gap:.1%} above the least possible {drawn.proven}")
    said += unmatched(asked.wanted, drawn.owner)
    said += drawn.binding
    said += _out_of_band(asked, new)
    if drawn.stopped:
        said.append(
            f"stopped by the time limit of {asked.request.seconds:g} s; a later run may differ, seconds= gives more"
        )
    return said


def _out_of_band(asked: Brief, new: Standing) -> list[str]:
    said = []
    for name in asked.request.balance:
        index, tolerance = new.index(name), asked.request.tolerance
        for word, out in (("over", index > 1.0 + tolerance + 1e-9), ("under", index < 1.0 - tolerance - 1e-9)):
            found = [f"{new.names[row]} ({index[row]:.0%})" for row in out.nonzero()[0]]
            more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
            if found:
                said.append(f"{word} the band on {name}: {', '.join(found[:NAMED])}{more}")
    return said


def _print(rows: Sequence[tuple[str, ...]]) -> None:
    from command.console import show

    show(rows, right=range(1, len(rows[0])))
