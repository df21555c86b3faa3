"""The passes of a week take several accounts at once; with one branch too many in a rule they would not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import llvmlite.binding
import numba
import numpy as np
import pytest

from sim.compiled_engine import comers_and_goers, expect_deals, expect_orders, forget, orderers, rank, shadow
from sim.ending import week_after
from sim.happenings import draw_moves
from sim.layout import lay_out
from sim.setting import no_goals, scratch, setting
from sim.state import before_burn_in
from sim.year import Prepared, Start, prepare
from tests.worlds import PAY, both_goals, plan, tiny_world

WORLD = tiny_world()
N, M = WORLD.accounts.key.size, WORLD.reps.key.size


def able() -> bool:
    """Whether the processor computes four doubles at once, and multiplies whole numbers as many at a time."""
    return "+avx2" in llvmlite.binding.get_host_cpu_features().flatten().split(",")


pytestmark = [
    pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="numba compiles nothing here"),
    pytest.mark.skipif(not able(), reason="this processor takes fewer than four doubles at once"),
]


def year() -> Prepared:
    """A year about to begin, for the types of its columns."""
    zeros = np.zeros(N, dtype=np.int64)
    start = Start(before_burn_in(WORLD, lay_out(WORLD, None), 0), zeros, zeros, zeros)
    return prepare(WORLD, plan(WORLD, goals=both_goals), 0, start)


def types(prepared: Prepared) -> list[Any]:
    """The types that the engine's steps are compiled for."""
    room = scratch(N, prepared.state.deal_row.size, prepared.setting.reps.key.size)
    return [numba.typeof(one) for one in (prepared.setting, prepared.state, prepared.out, 0, 0, room)]


# Each pass over a territory, how many loops over its accounts it has, and what it must be seen to do. Where the shape
# of the response matters there is a loop for the usual one, in which no power is computed.
PASSES = {
    "rank": (lambda s, state, out, week, j, room: rank(s, state, week, j, room), 5, {"mul", "div"}),
    "expect_orders": (lambda s, state, out, week, j, room: expect_orders(s, state, week, j, room), 3, {"mul", "div"}),
    "expect_deals": (lambda s, state, out, week, j, room: expect_deals(s, state, week, j, room), 2, {"mul", "div"}),
    "shadow": (lambda s, state, out, week, j, room: shadow(s, state, out, week, j, room), 4, {"mul"}),
    "draw_moves": (
        lambda s, state, out, week, j, room: draw_moves(
            s, state, week, state.deals_from[j], state.deals[j], room
        ), 1, {"mul"},
    ),
    "orderers": (lambda s, state, out, week, j, room: orderers(s, j, room), 1, {"sub"}),
    "comers_and_goers": (lambda s, state, out, week, j, room: comers_and_goers(s, j, room), 1, {"sub"}),
    "forget": (lambda s, state, out, week, j, room: forget(s, state, j), 1, {"mul"}),
    "week_after": (
        lambda s, state, out, week, j, room: week_after(s, state, j, week, room), 8, {"mul", "div"},
    ),
}  # fmt: skip


def text_of(one_pass: Callable[..., Any]) -> str:
    """What LLVM made of a pass; compiled here and now, because a copy from the cache does not show it."""
    bare = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}  # nobody calls it, and they take longest
    compiled = numba.njit(error_model="numpy", nogil=True, _nrt=False, **bare)(one_pass)
    compiled.compile(tuple(types(year())))
    (text,) = compiled.inspect_llvm().values()
    return str(text)


@pytest.mark.parametrize("name", PASSES)
def test_every_loop_of_a_pass_takes_several_accounts_at_once(name):
    one_pass, loops, does = PASSES[name]
    text = text_of(one_pass)
    assert len(re.findall(r"^vector\.body[\w.]*(?<!preheader):", text, re.MULTILINE)) >= loops
    done = set(re.findall(r"= f(add|sub|mul|div) .*?<(?:4|8|16) x double>", text))
    assert does <= done
    assert not re.search(r"@(llvm\.)?(log|exp|pow)\b", text)  # the C library's, one by one


def test_burn_in_and_plan_are_played_by_one_compiled_loop():
    """Columns of another type, a stride say, would be compiled again and taken one by one."""
    plans = types(year())
    layout = lay_out(WORLD, None)
    burn_in = setting(WORLD, layout, no_goals(M), PAY, 0, 0)
    assert plans[:2] == [numba.typeof(burn_in), numba.typeof(before_burn_in(WORLD, layout, 0))]
    assert all(column.layout == "C" for column in plans[1])
