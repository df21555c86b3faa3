"""How pay is reckoned under the plans of a page, and why it can rise while sales fall.

`sim.rules.pay` has the rule: a week's commission is the share of on-target pay that is commission, times sales over
what the rep's territory is expected to sell in a week. What a quota or an activity goal pays comes on top.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.origin import Row, Said, rows_of
from analysis.played import Played
from analysis.words import listing, money

MARKED = (
    "Commission counts sales not in money but against what the rep's own territory is expected to sell when the plan "
    "begins{anew}: a smaller territory has a lower mark, so pay can rise while sales fall."
)
BONUS, REWARD = "a bonus for reaching the quota", "a reward for each week that reaches the activity goal"
TAKEN = "What {goals} pays is taken out of the salary: who misses it earns less."
CLEAR = ("gains", "loses")


def how_paid(plan: Played, baseline: Played, frame: pd.DataFrame, currency: str) -> Said:
    """How pay is reckoned under both plans, and the rep whose pay goes farthest against sales.

    ``frame`` is that of the chart of gains; without a commission on either side nothing is said of sales.
    """
    if not (plan.info.get("paid") and baseline.info.get("paid")):
        return Said("")  # stored before it was on file
    mine, before = parts_of_pay(plan), parts_of_pay(baseline)
    names = str(plan.info["label"]), str(baseline.info["label"])
    if mine == before:
        said = [f"Pay is {listing(mine, len(mine))} {'here' if names[0] == names[1] else 'under both plans'}."]
    else:
        said = [f"Pay is {listing(mine, len(mine))} under {names[0]}; {listing(before, len(before))} under {names[1]}."]
    goals = [what for part, what in ((BONUS, "a quota"), (REWARD, "an activity goal")) if part in mine + before]
    if goals:
        said.append(TAKEN.format(goals=" or ".join(goals)))
    if _paid(plan)["commission"] or _paid(baseline)["commission"]:
        anew = " (reckoned anew as a review moves accounts)" if _reviewed(plan) or _reviewed(baseline) else ""
        said += [MARKED.format(anew=anew), *_for_example(frame, currency)]
    return Said(" ".join(said))


def parts_of_pay(played: Played) -> list[str]:
    """What a rep is paid under a plan, part by part; only what somebody can earn there.

    A bonus without a quota, or a reward without an activity goal, is salary.
    """
    pay, goals = _paid(played), played.frames["goals"]
    quota, activity = (bool((goals[column] > 0).any()) for column in ("quota", "activity_goal"))
    parts = ["a salary"]
    if pay["commission"]:
        beyond = [*(["higher beyond the quota"] if pay["over"] > pay["commission"] else []),
                  *(["none above a cap"] if pay["cap"] is not None else [])]  # fmt: skip
        parts.append("a commission" + (f" ({', '.join(beyond)})" if quota and beyond else ""))
    if quota and pay["bonus"]:
        parts.append(BONUS)
    if activity and played.info["behaviour"].get("activity_reward", 0.0) > 0:
        parts.append(REWARD)
    return parts


def _paid(played: Played) -> dict[str, Any]:
    """The pay plan as it is paid (`sim.world.Pay`)."""
    return dict(played.info["paid"])


def _reviewed(played: Played) -> bool:
    return bool(played.info["scenario"].get("review", {}).get("name", "none") != "none")


def _for_example(frame: pd.DataFrame, currency: str) -> list[str]:
    """Of those whose pay clearly changes, and against their sales, the one with the largest change of sales."""
    if frame["measure"].iloc[0] != "pay":
        return []
    sales = frame["sales"] - frame["sales_before"]
    against = frame[frame["verdict"].isin(CLEAR) & (sales * frame["typical"] < 0)]
    if against.empty:
        return []
    one = against.loc[[sales[against.index].abs().idxmax()]]
    return [_told(row, currency) for row in rows_of(one, "gains.rows.csv", "rep")]


def _told(row: Row, currency: str) -> str:
    sold, before = money(row["sales"], currency), money(row["sales_before"], currency)
    change = f"{money(abs(row['typical']), currency)} {'more' if row['typical'] > 0 else 'less'}"
    return f"{row['name']} typically sells {sold} instead of {before}, and earns {change}."
