"""The design engine: its bound against all assignments there are, its limits, its refusals."""

from __future__ import annotations

import time
from itertools import product
from typing import Any

import numpy as np
import pytest

from scenarios.design.borders import links_of, neighbours, pieces
from scenarios.design.drawing import Request, draw
from scenarios.problems import InputError


def asked(n: int = 9, m: int = 3, seed: int = 1, **rules: Any) -> Request:
    """Accounts at random on 100 km, homes among them, today's territories dealt out."""
    luck = np.random.default_rng(seed)
    places = luck.uniform(0, 100, (n, 2))
    potential = luck.uniform(1, 3, n)
    given: dict[str, Any] = {
        "ids": [f"A{i}" for i in range(n)], "measures": {"potential": potential}, "balance": {"potential": 1.0},
        "tolerance": 0.3, "names": [f"R{j}" for j in range(m)], "today": np.arange(n) % m, "weight": potential,
        "places": places, "homes": places[:m].copy(),
    }  # fmt: skip
    return Request(**{**given, **rules})


def everything(request: Request) -> list[tuple[float, float]]:
    """Weighted kilometres and potential moved of every assignment inside the band."""
    assert request.places is not None
    assert request.homes is not None
    km = np.sqrt(np.square(request.places[:, None] - request.homes[None]).sum(axis=2))
    rows, found = np.arange(request.units), []
    for one in product(range(request.territories), repeat=request.units):
        owner = np.array(one)
        load = np.bincount(owner, weights=request.weight, minlength=request.territories)
        if (np.abs(load / load.mean() - 1.0) <= request.tolerance).all():
            moved = float(request.weight[owner != request.today].sum())
            found.append((float((request.weight * km[rows, owner]).sum()), moved))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_bound_is_below_the_best_of_all_which_is_the_answer(seed: int) -> None:
    request = asked(seed=seed)
    best = min(km for km, _ in everything(request))
    drawn = draw(request)
    assert drawn.bound <= best + 1e-6
    assert drawn.cost <= best + 1e-6
    assert drawn.off["potential"] <= 0.3


@pytest.mark.parametrize("seed", range(4))
def test_fewest_changes_are_the_fewest_of_all(seed: int) -> None:
    request = asked(seed=seed, aim="change")
    best = min(moved for _, moved in everything(request))
    drawn = draw(request)
    moved = float(request.weight[drawn.owner != request.today].sum())
    assert drawn.bound <= best + 1e-6
    assert best - 1e-9 <= moved <= 1.25 * best + 1e-9  # whole accounts: the bound lets what arrives be split


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("n", "m", "tolerance"), [(400, 8, 0.05), (400, 25, 0.05), (3_000, 30, 0.02)])
def test_territories_hang_together_inside_the_band_close_to_the_bound(
    n: int, m: int, tolerance: float, seed: int
) -> None:
    request = asked(n, m, seed, tolerance=tolerance, contiguous=True)
    drawn = draw(request)
    assert request.places is not None
    assert pieces(drawn.owner, neighbours(request.places))[1] == m
    assert drawn.off["potential"] <= tolerance + 1e-9
    assert drawn.gap < (0.05 if n // m > 40 else 0.15)


def test_locked_accounts_stay_and_no_more_moves_than_may() -> None:
    locked = np.arange(300) < 20
    request = asked(300, 5, tolerance=0.15, locked=locked, moved={"accounts": 0.4})
    drawn = draw(request)
    assert (drawn.owner[locked] == request.today[locked]).all()
    assert (drawn.owner != request.today).mean() <= 0.4


def test_three_metrics_in_one_band() -> None:
    luck = np.random.default_rng(5)
    measures = {name: luck.uniform(1, 3, 300) for name in ("potential", "calls", "hours")}
    drawn = draw(asked(300, 5, measures=measures, balance=dict.fromkeys(measures, 1.0), tolerance=0.05))
    assert max(drawn.off.values()) <= 0.05 + 1e-9


@pytest.mark.parametrize(
    ("rules", "reason", "cure"),
    [
        ({"maximum": {"potential": 1.0}}, "maximum potential:1 is impossible", None),
        ({"longest_km": 1.0, "tolerance": 2.0}, "longest_km=1 is impossible", "longest_km"),
        ({"tolerance": 0.01}, "alone is", "tolerance"),
    ],
)
def test_what_is_impossible_is_refused_with_what_would_do(rules: dict[str, Any], reason: str, cure: str | None) -> None:
    large = np.r_[20.0, np.ones(8)]
    given = {"measures": {"potential": large}, "weight": large} if rules == {"tolerance": 0.01} else {}
    with pytest.raises(InputError, match=reason) as refused:
        draw(asked(**given, **rules))
    if cure:
        amount = float(str(refused.value).split(f"{cure}=")[-1].split()[0].rstrip(",;"))
        assert draw(asked(**{**given, **rules, cure: amount})).owner.size == 9


def test_many_accounts_that_cannot_be_even_name_the_least_band_in_seconds() -> None:
    """Each account reaches one home only; 20 of 40 reps reach 150 of 4,000 equal accounts, the others 50: 50 % off."""
    homes = np.array([[100.0 * j, 0.0] for j in range(40)])
    at = np.repeat(np.arange(40), [150] * 20 + [50] * 20)
    ones = np.ones(4_000)
    rules = {"measures": {"potential": ones}, "weight": ones, "places": homes[at], "homes": homes, "longest_km": 10.0}
    begun = time.monotonic()
    with pytest.raises(InputError, match=r"potential is the hardest: tolerance=0\.501? \(or a little more"):
        draw(asked(4_000, 40, tolerance=0.1, **rules))
    assert time.monotonic() - begun < 30.0
    assert draw(asked(4_000, 40, tolerance=0.501, **rules)).off["potential"] == pytest.approx(0.5)


def test_a_band_that_no_split_could_keep_is_refused_with_one_that_whole_accounts_keep() -> None:
    """Who is far from all but one home fills up its rep; prices alone do not show that 5 % is impossible."""
    luck = np.random.default_rng(3)
    size, places = luck.lognormal(0.0, 1.0, 1_000), luck.uniform(0.0, 300.0, (1_000, 2))
    homes = luck.uniform(0.0, 300.0, (20, 2))
    farthest = np.sqrt(np.square(places[:, None] - homes[None]).sum(axis=2)).min(axis=1).max()
    rules = {"measures": {"potential": size}, "weight": size, "places": places, "homes": homes}
    rules |= {"longest_km": 1.02 * float(farthest)}
    with pytest.raises(InputError, match=r"tolerance=0\.05 can't be met .* tolerance=0\.0514 \(or a little more"):
        draw(asked(1_000, 20, tolerance=0.05, **rules))
    assert draw(asked(1_000, 20, tolerance=0.053, **rules)).off["potential"] <= 0.053


def path(n: int, cuts: tuple[int, ...]) -> Any:
    """Accounts in a row, each next to the one before, but not across the cuts."""
    return links_of(np.array([[i, i + 1] for i in range(n - 1) if i not in cuts]), n)


def test_parts_that_do_not_touch_are_refused_until_there_are_as_many_territories() -> None:
    row = {"contiguous": True, "neighbours": path(12, (3, 7)), "homes": None, "tolerance": 0.9}
    with pytest.raises(InputError, match=r"3 parts that do not touch .* and there are 2 territories; contiguous=no"):
        draw(asked(12, 2, **row))
    assert draw(asked(12, 3, **row)).owner.size == 12
    assert draw(asked(12, 2, **{**row, "contiguous": False})).owner.size == 12


def test_parts_that_cannot_be_even_name_the_tolerance_that_parts_allow() -> None:
    # Parts of 3 and 9 equal accounts, two territories: 50 % off the mean of 6 each.
    row = {"measures": {"potential": np.ones(12)}, "weight": np.ones(12), "contiguous": True, "homes": None}
    with pytest.raises(InputError, match=r"tolerance=0\.501 would do"):
        draw(asked(12, 2, neighbours=path(12, (2,)), tolerance=0.2, **row))
    drawn = draw(asked(12, 2, neighbours=path(12, (2,)), tolerance=0.501, **row))
    assert drawn.off["potential"] == pytest.approx(0.5)


def test_all_that_is_impossible_is_named_at_once() -> None:
    rules = {"locked": np.arange(9) < 6, "today": np.zeros(9, dtype=np.int64), "maximum": {"potential": 7.0}}
    with pytest.raises(InputError) as refused:
        draw(asked(tolerance=0.1, **rules))
    said = " ".join(refused.value.problems)
    assert "more than maximum potential:7" in said
    assert "of a territory in potential" in said


def test_most_moved_that_the_band_forbids_names_the_share_that_would_do() -> None:
    rules = {"today": np.arange(9) // 5, "measures": {"potential": np.ones(9)}, "weight": np.ones(9)}
    with pytest.raises(InputError, match=r"accounts:0.2 is impossible .* most_moved=accounts:0.334 would do"):
        draw(asked(tolerance=0.1, moved={"accounts": 0.2}, **rules))  # 5, 4 and 0 accounts: 2 and 1 must go
    drawn = draw(asked(tolerance=0.1, moved={"accounts": 0.334}, **rules))
    assert np.bincount(drawn.owner).tolist() == [3, 3, 3]


def test_what_grows_with_distance_is_inside_a_band_around_the_mean_that_comes_out() -> None:
    request = asked(200, 4, tolerance=0.05, per_km={"potential": np.full(200, 0.05)})
    drawn = draw(request)
    assert request.places is not None
    assert request.homes is not None
    km = np.sqrt(np.square(request.places - request.homes[drawn.owner]).sum(axis=1))
    load = np.bincount(drawn.owner, weights=request.weight + 0.05 * km)
    assert np.abs(load / load.mean() - 1.0).max() <= 0.05 + 1e-9
    assert drawn.gap < 0.1


def test_fewest_changes_with_hours_on_the_road_end_close_to_the_bound() -> None:
    uneven = np.minimum(np.arange(3_000) // 250, 9)
    drawn = draw(
        asked(3_000, 10, aim="change", tolerance=0.15, today=uneven, per_km={"potential": np.full(3_000, 0.05)})
    )
    assert drawn.off["potential"] <= 0.15 + 1e-9
    assert 0.0 < drawn.gap < 0.03


@pytest.mark.parametrize("hours", [{}, {"potential": np.full(3_000, 0.05)}])
def test_time_that_runs_out_at_once_is_said_and_leaves_a_design_inside_the_band(hours: dict[str, Any]) -> None:
    uneven = np.minimum(np.arange(3_000) // 250, 9)  # ten territories, the last with three times as many
    drawn = draw(asked(3_000, 10, aim="change", tolerance=0.1, today=uneven, per_km=hours, seconds=0.0))
    assert drawn.stopped
    assert drawn.off["potential"] <= 0.1 + 1e-9


def test_free_centres_in_one_piece_are_counted_to_the_middle_account_and_claim_no_bound() -> None:
    # Six accounts in a row, two territories: three each, 1 + 1 km around the middle one.
    places = np.column_stack([np.arange(6.0), np.zeros(6)])
    row = {"places": places, "homes": None, "measures": {"potential": np.ones(6)}, "weight": np.ones(6)}
    drawn = draw(asked(6, 2, contiguous=True, neighbours=path(6, ()), tolerance=0.05, today=np.full(6, -1), **row))
    assert drawn.cost == pytest.approx(4.0)
    assert drawn.bound == 0.0


def tiny(seed: int) -> Request:
    """Seven units, two or three territories, rules drawn by lot: half of them too narrow."""
    luck = np.random.default_rng(seed)
    m = int(luck.integers(2, 4))
    potential = luck.integers(1, 6, 7).astype(np.float64)
    mean = float(potential.sum()) / m
    rules: dict[str, Any] = {"measures": {"potential": potential}, "weight": potential}
    rules["tolerance"] = float(luck.choice([0.1, 0.3, 0.6]))
    rules["today"] = luck.integers(0, m, 7)
    if luck.random() < 0.4:
        rules["maximum"] = {"potential": float(mean * luck.uniform(0.9, 1.3))}
    if luck.random() < 0.3:
        rules["minimum"] = {"potential": float(mean * luck.uniform(0.8, 1.1))}
    if luck.random() < 0.4:
        rules["longest_km"] = float(luck.uniform(20, 90))
    if luck.random() < 0.4:
        rules["moved"] = {"accounts": float(luck.choice([0.1, 0.3, 0.5]))}
    if luck.random() < 0.3:
        rules["locked"] = luck.random(7) < 0.3
    return asked(7, m, seed, **rules)


def allowed(request: Request) -> bool:
    """Whether any assignment keeps all rules: every one is tried."""
    assert request.places is not None
    assert request.homes is not None
    owner = np.array(list(product(range(request.territories), repeat=request.units)))
    km = np.sqrt(np.square(request.places[:, None] - request.homes[None]).sum(axis=2))
    load = np.stack([(request.weight * (owner == j)).sum(axis=1) for j in range(request.territories)], axis=1)
    fine = (np.abs(load / request.weight.sum() * request.territories - 1) <= request.tolerance + 1e-9).all(axis=1)
    fine &= (load <= request.maximum.get("potential", np.inf) + 1e-9).all(axis=1)
    fine &= (load >= request.minimum.get("potential", 0.0) - 1e-9).all(axis=1)
    if request.longest_km:
        fine &= (km[np.arange(request.units), owner] <= request.longest_km).all(axis=1)
    if request.locked is not None:
        fine &= (owner == request.today)[:, request.locked].all(axis=1)
    fine &= (owner != request.today).mean(axis=1) <= request.moved.get("accounts", 1.0) + 1e-9
    return bool(fine.any())


def answer(request: Request) -> tuple[list[str], list[str]]:
    """Why it is refused, and what is said of a design."""
    try:
        return [], list(draw(request).binding)
    except InputError as error:
        return error.problems, []


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_what_is_refused_is_impossible_and_a_broken_rule_is_always_named_with_an_amount(first: int) -> None:
    refused = 0
    for request in map(tiny, range(first, first + 10)):
        why, said = answer(request)
        refused += bool(why)
        broken = why or [one for one in said if "was not" in one]
        assert bool(broken) or allowed(request)
        assert not (why and allowed(request))
        assert all(any(char.isdigit() for char in one) for one in broken)
    assert 0 < refused < 10
