"""A rep's book: goals as likely as the years say, who is neglected and what that costs, whom to meet first."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.explanation.book_words import book_facts, book_headline, left_alone_sentence, to_meet
from analysis.explanation.books import books
from command.neglect import covered
from sim.behaviour import Behaviour
from tests.explained import tenth_more
from tests.played import made_up, with_frames


def test_a_goal_is_as_likely_as_the_years_in_which_it_was_reached() -> None:
    """A quota of the second highest of four years' sales is reached in two of them."""
    today, after = (made_up(key, reps=2, years=4) for key in ("now", "b"))
    sales = (after.by_rep("order_revenue", "won_revenue") / 100).to_numpy()
    second = np.sort(sales, axis=0)[-2]
    goals = after.frames["goals"].assign(quota=np.tile(second, 4), activity_goal=np.tile([15.0, 16.0], 4))
    calls = after.frames["rep_weeks"].assign(priority_calls=1)
    first, other = books(with_frames(after, goals=goals, rep_weeks=calls), today, False, tenth_more(after))
    assert [goal.kind for goal in first.goals] == ["quota", "calls a week"]
    assert [goal.reached for goal in first.goals] == [0.5, 1.0]  # made_up reps make 15 calls a week
    assert first.goals[0].goal == pytest.approx(second[0])
    assert [goal.reached for goal in other.goals] == [0.5, 0.0]
    assert other.goals[1].typical == 15.0 / 16.0


def test_an_account_with_less_than_half_of_its_calls_is_neglected() -> None:
    after = made_up("b", accounts=2, reps=1, years=2)
    years = after.frames["account_years"].assign(calls=[4, 5, 5, 5])
    after = with_frames(after, accounts=after.accounts.assign(need=10.0), account_years=years)
    (book,) = books(after, made_up("now", accounts=2, reps=1, years=2), True, tenth_more(after))
    assert list(book.neglected["id"]) == ["A00000"]


def test_a_rep_without_accounts_gives_them_and_has_no_goals_to_read_of() -> None:
    today, after = made_up("now", accounts=8, reps=2, years=2), made_up("b", accounts=8, reps=2, years=2)
    after = with_frames(after, accounts=after.accounts.assign(rep="R01"))
    empty, _ = made = books(after, today, True, tenth_more(after))
    assert book_headline(empty, "$") == "Rep 1 has no accounts in this plan"
    assert [name for name, _ in book_facts(empty, "$")] == ["gave"]
    assert sorted(made[1].new["id"]) == sorted(empty.gave["id"])


def test_leaving_an_account_costs_what_it_would_bring_more_and_takes_the_calls_it_lacks() -> None:
    """One of two gets 4 of 10 calls of 1.5 hours and brings 300 and 500 of expected sales at a margin of .6.

    A tenth more of it is lost: 18 and 30 a year, 24 in the mean, for 6 calls or 9 hours. The other gets 8 of 10: it
    lacks calls, but is not left alone.
    """
    after = made_up("b", accounts=2, reps=1, years=2)
    years = after.frames["account_years"].assign(calls=[4, 8, 4, 8], fluid_orders=[30_000, 0, 50_000, 0])
    need = after.accounts.assign(need=10.0, estimated_potential=[200.0, 100.0])
    (book,) = books(
        with_frames(after, accounts=need, account_years=years), made_up("now", accounts=2, reps=1, years=2), True,
        tenth_more(after),
    )  # fmt: skip
    (row,) = book.left_alone.to_dict("records")
    assert (row["id"], row["more_calls"], row["more_hours"]) == ("A00000", 6.0, 9.0)
    assert (row["leaving"], row["leaving_low"], row["leaving_high"]) == pytest.approx((24.0, 19.2, 28.8))
    assert left_alone_sentence(book, "$") == (
        "1 account in the upper half of the market's estimated potential lacks a quarter or more of the calls needed. "
        "Leaving them so costs 24 $ of margin a year in the long run; all their calls take 9 hours."
    )


def test_who_gets_half_of_the_calls_would_buy_as_the_response_says() -> None:
    """At half the goodwill .4 + .6 / 3 of what is winnable is won, at all of it .7: a sixth more."""
    after = made_up("b", accounts=3, reps=1, years=2)
    years = after.frames["account_years"].assign(calls=[5, 10, 20] * 2)
    after = with_frames(after, accounts=after.accounts.assign(need=10.0), account_years=years)
    assert covered(after, Behaviour()) == pytest.approx([0.7 / 0.6 - 1.0, 0.0, 0.0])


def test_the_first_to_meet_are_the_new_ones_with_most_at_stake_then_the_largest() -> None:
    today, after = made_up("now", accounts=12, reps=2), made_up("b", accounts=12, reps=2, moved=0.6)
    after = with_frames(after, accounts=after.accounts.assign(need=0.5))
    first = max(books(after, today, True, tenth_more(after)), key=lambda book: len(book.new))
    rule, shown = to_meet(first)
    assert rule.startswith("New accounts")
    assert set(shown["id"]) == set(first.new["id"])
    assert list(shown["revenue"]) == sorted(first.new["revenue"], reverse=True)  # all have the same open pipeline
    kept = books(after, after, True, tenth_more(after))[1]
    rule, shown = to_meet(kept)
    assert rule.startswith("No account is new or left alone")
    assert list(shown["id"]) == list(kept.accounts["id"][:8])
