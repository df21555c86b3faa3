"""A fit in words and tables: how like the business its twin is, how well it forecast, what is known of what."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from command.fitting.holdout import Forecast
from command.fitting.shows import Shown
from command.fitting.work import KNOWN, PRIOR_DRIVEN, Fitted
from scenarios.crm.fitted import ABOUT, write_fit
from scenarios.insight.facts import each
from scenarios.intake.markup import table
from scenarios.intake.writing import publish

PAGE, PARAMETERS, LIKENESS = "fit.md", "fit.csv", "likeness.csv"
FORECASTS, BY_REP = "forecasts.csv", "forecasts_by_rep.csv"
TWIN_WAY = "the twin"


class Report(NamedTuple):
    """A fit with everything that is said of it."""

    fitted: Fitted
    likeness: list[Shown]
    forecasts: list[Forecast]
    by_rep: pd.DataFrame  # rep, won, expected, guess (`scenarios.crm.potential.from_others`)
    digest: str
    seed: int
    again: str  # the line that makes it anew

    @property
    def wins(self) -> bool | None:
        """Whether the twin forecast better than every guess, over all quarters; None where none could be held out."""
        if not self.forecasts:
            return None
        scores = pd.concat([one.scores for one in self.forecasts]).groupby("way")["score"].mean()
        return bool(scores[TWIN_WAY] <= scores.drop(TWIN_WAY).min())


def write(made: Report, folder: Path) -> list[str]:
    """Writes the fit, the page and its tables, all or nothing; returns the files, the page and the twin first."""
    tables = {
        PARAMETERS: pd.DataFrame([{**one._asdict(), "says": one.says} for one in made.fitted.parameters]),
        LIKENESS: pd.DataFrame([{**one._asdict(), "inside": one.inside} for one in made.likeness]),
    }
    if made.forecasts:
        tables[FORECASTS] = pd.concat([one.scores.assign(quarter=one.quarter) for one in made.forecasts])
        tables[BY_REP] = pd.concat([one.reps.assign(quarter=one.quarter) for one in made.forecasts])
    fit = made.fitted.fit._replace(rankings_only=made.wins is False)
    return publish(folder, PAGE, page(made), tables, more=lambda part: write_fit(fit, part))


def page(made: Report) -> list[str]:
    """The page as Markdown."""
    fitted = made.fitted
    return [
        "# The twin",
        "",
        *verdict(made),
        "",
        f"Data `{made.digest[:12]}`, seed {made.seed}; again: `{made.again}`.",
        *_likeness(made),
        *_forecasts(made),
        *_by_rep(made),
        *_parameters(fitted),
        *_measures(fitted),
    ]


def verdict(made: Report) -> list[str]:
    """What a reader has to know first."""
    near = sum(one.inside for one in made.likeness)
    said = [f"{near} of {len(made.likeness)} figures of the data lie where 8 in 10 of the twin's do."]
    if made.wins is None:
        said.append("There is too little data to hold a quarter out: how well the twin forecasts is not known.")
    elif made.wins:
        said.append("Quarters that were held out it forecast better than anybody's guess; its amounts can be used.")
    else:
        said.append(
            "Quarters that were held out it forecast no better than a guess from the quarter before: "
            "**take rankings of plans from it, and no amounts.**"
        )
    left = [one.name for one in made.fitted.parameters if one.known < PRIOR_DRIVEN]
    if left:
        said.append(
            f"The data can't tell {len(left)} of {len(made.fitted.parameters)} parameters; they are prior-driven, "
            f"drawn as wide as the literature leaves them: {', '.join(left)}."
        )
    return said


def _likeness(made: Report) -> list[str]:
    how = (
        "The same figures of the data and of the twin's years, which differ by luck and by what the data leaves open. "
        "Days are those of the opportunities on record, run through the fitted course once more, in whole weeks."
    )
    head = ("", "data", "the twin", "8 in 10", "")
    body = [
        (
            f"{one.what}{f', {one.unit}' if one.unit else ''}", amount(one.data), amount(one.twin),
            f"{amount(one.low)} to {amount(one.high)}", "" if one.inside else "outside",
        )
        for one in made.likeness
    ]  # fmt: skip
    return ["", "## How like it is", "", how, "", *table(head, body)]


def _forecasts(made: Report) -> list[str]:
    if not made.forecasts:
        return []
    how = (
        "Each quarter was forecast from what was known on its first day, everything fitted anew. The score is the "
        "continuous ranked probability score over reps, as a part of a rep's mean sales: 0 is perfect, less is better. "
        "Guesses get the spread with which reps' sales moved from quarter to quarter."
    )
    head = ("quarter", "way", "score", "score, team", "reps inside 8 in 10", "team", "8 in 10", "sold")
    body = [
        (
            one.quarter, row.way, f"{row.score:.3f}", f"{row.team_score:.3f}", f"{100 * row.inside:.0f} %",
            amount(row.team), f"{amount(row.team_low)} to {amount(row.team_high)}", amount(one.happened),
        )
        for one in made.forecasts
        for row in each(one.scores)
    ]  # fmt: skip
    return ["", "## Held out: quarters", "", how, "", *table(head, body)]


def _by_rep(made: Report) -> list[str]:
    if len(made.by_rep) < 3:
        return []
    won = made.by_rep["won"]
    errors = {name: float((made.by_rep[name] - won).abs().mean() / won.mean()) for name in ("expected", "guess")}
    said = (
        f"What each rep's units won, told by other reps' units of the same size, trade and product alone, is off by "
        f"{errors['expected']:.0%} on average; the mean unit of all others, as often as the rep has units, by "
        f"{errors['guess']:.0%}."
    )
    return ["", "## Held out: reps", "", said]


def _parameters(fitted: Fitted) -> list[str]:
    how = (
        "Likelihood: the course of the opportunities on record, week by week. Trial: sets drawn from their range were "
        "played, compared with the data by the measures below, and adjusted by regression. *Known* is how much of the "
        f"spread before the data is gone: below {PRIOR_DRIVEN:.0%} a parameter is prior-driven, from {KNOWN:.0%} on "
        f"identified. {fitted.decisions.stages} stages fit best."
    )
    head = ("parameter", "", "how", "best", "8 in 10", "before", "known", "")
    body = [
        (
            one.name, ABOUT[one.name].about.meaning if one.name in ABOUT else "part that nobody ever closes", one.how,
            f"{one.best:.3g}", f"{one.low:.3g} to {one.high:.3g}", one.before, f"{max(0.0, one.known):.0%}", one.says,
        )
        for one in fitted.parameters
    ]  # fmt: skip
    return ["", "## What is known of what", "", how, "", *table(head, body)]


def _measures(fitted: Fitted) -> list[str]:
    how = (
        "Measures of the weeks on record, and where the sets that were tried left them. What none reaches is a way in "
        "which the model is unlike the business, and says nothing of its parameters."
    )
    body = [
        (name, amount(data), f"{amount(low)} to {amount(high)}", "" if near else "not reached")
        for name, data, low, high, near in fitted.measures
    ]
    return ["", "## Measures of the trial", "", how, "", *table(("measure", "data", "tried", ""), body)]


def amount(value: object) -> str:
    """A number as planners read it: whole from a thousand on, else three figures; nothing where it is missing."""
    number = float(str(value))
    if math.isnan(number):
        return ""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"
