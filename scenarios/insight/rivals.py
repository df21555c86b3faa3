"""Us against each competitor on every criterion, as people judge it, beside how often we win against it."""

from __future__ import annotations

import pandas as pd

from scenarios.insight.facts import Facts, each
from scenarios.insight.line import FIRM, STRENGTH, THREAT, Line
from scenarios.intake.data import Data
from sim.world import CRITERIA

AHEAD = 0.2  # a score from which a lead is told
WORDS = {"use_case": "use cases"}


def against(data: Data, facts: Facts | None) -> pd.DataFrame:
    """One row a competitor and trade that is scored: competitor, industry (empty: all), the criteria, decided, won.

    Scores lie from -1 (we are far ahead) to 1 (it is), NaN where nobody said. decided and won are opportunities that
    name it, in that trade where one is given.
    """
    table = data.table("competitors")
    rows = []
    for row in each(table):
        named = pd.DataFrame() if facts is None else facts.decided[facts.decided["competitor"] == row.name]
        if len(named) and row.industry:
            named = named[named["industry"] == row.industry]
        scores = {criterion: float(getattr(row, criterion)) for criterion in CRITERIA}
        won = int(named["won"].sum()) if len(named) else 0
        rows.append({"competitor": row.name, "industry": row.industry, **scores, "decided": len(named), "won": won})
    return pd.DataFrame(rows, columns=["competitor", "industry", *CRITERIA, "decided", "won"])


def rival_lines(data: Data, facts: Facts) -> list[Line]:
    """What people say of competitors: where one is ahead of us, and where we are; ranked by what was lost to it.

    The money is the listed value a year of opportunities lost that name it, shared over the criteria it leads on; none
    where opportunities name nobody.
    """
    lines = []
    deal = float(facts.decided.loc[facts.decided["won"], "amount"].mean())
    for row in each(against(data, facts)):
        scores = {criterion: float(getattr(row, criterion)) for criterion in CRITERIA}
        up = {criterion: score for criterion, score in scores.items() if score >= AHEAD}
        lost = (row.decided - row.won) * deal / facts.covered.years
        where = f" in {row.industry}" if row.industry else ""
        for criterion, score in up.items():
            what = f"{row.competitor} is ahead of us on {WORDS.get(criterion, criterion)}{where}"
            numbers = f"{score:+.1f} of 1, as judged; {row.decided - row.won} of {row.decided} lost that name it"
            todo = f"answer {row.competitor} on {WORDS.get(criterion, criterion)}"
            lines.append(Line(THREAT, FIRM, what, numbers, lost * score / sum(up.values()), todo, measured=False))
        for criterion, score in scores.items():
            if score <= -AHEAD:
                what = f"we are ahead of {row.competitor} on {WORDS.get(criterion, criterion)}{where}"
                lines.append(Line(STRENGTH, FIRM, what, f"{-score:+.1f} of 1, as judged", 0.0, "", measured=False))
    return lines
