"""Turns a plain scalar function into a rule: compiled where numba may compile, plain Python otherwise.

Both engines call the very same object. The compiled copies on disk stand in a folder named by a hash
of every source file that they may call, those of ``sim`` and of their own package: numba itself does not see an edit
in a module that a cached function calls, and would go on with the old rule.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


@cache
def source_digest(package: str = "sim") -> str:
    """Sixteen hex digits that change with any source line of ``sim`` and ``package``, with numba and with Python."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    rooms = Path(__file__).parents[1]
    for name in sorted({"sim", package}):
        for path in sorted((rooms / name).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_folder(package: str = "sim") -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "territory-sim" / source_digest(package)


def compiled_before() -> bool:
    """Whether this version of the rules was compiled on this machine before; the first time takes a minute or more."""
    place = Path(os.environ.get("NUMBA_CACHE_DIR") or str(_cache_folder()))
    return bool(numba.config.DISABLE_JIT) or any(place.rglob("compiled_engine.play_weeks*.nbc"))  # type: ignore[attr-defined]


# What C would call is left out: nobody does, and with a hundred columns it is a quarter of the compiling.
_OPTIONS: dict[str, Any] = {"error_model": "numpy", "cache": True, "nogil": True, "no_cfunc_wrapper": True}
_FOLDER_GIVEN = "NUMBA_CACHE_DIR" in os.environ
_BARE: dict[str, Any] = {**_OPTIONS, "_nrt": False}


def _compiler(function: Function, **options: Any) -> Function:
    if not _FOLDER_GIVEN:
        package = function.__module__.partition(".")[0]
        numba.config.CACHE_DIR = str(_cache_folder(package))  # type: ignore[attr-defined]
    compiled: Function = numba.njit(**options)(function)
    return compiled


def rule(function: Function) -> Function:
    """A behaviour rule: floats and integers in, floats and integers out, no state, no draws of its own."""
    compiled: Function = _compiler(function, forceinline=True, **_OPTIONS)
    return compiled


def loop(function: Function) -> Function:
    """A loop over columns that calls rules; compiled, allocates nothing, releases the interpreter lock.

    ``_nrt=False`` leaves out the counting of references: with a hundred columns in named tuples that counting took
    nine tenths of the time. It is sound here because a loop makes no arrays: all scratch comes from the caller.
    """
    compiled: Function = _compiler(function, **_BARE)
    return compiled


ALWAYS_ASK = False  # the types of a year's columns in every call, and hold that they are the same: tests do


def year_loop(function: Function) -> Function:
    """A loop over columns of a year (`Setting`, `State`, `Out`), which have the same types in every year.

    numba asks for the type of each of their two hundred columns whenever it is called, which takes 20 of the 23
    microseconds of a call; here it is asked in the first call only (docs/decisions/0043). Not to be called by another
    loop, nor with keywords. Raises TypeError where it is asked and another type comes up.
    """
    compiled: Any = loop(function)
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return compiled  # type: ignore[no-any-return]
    known: list[Callable[..., Any]] = []

    @wraps(function)
    def call(*given: Any) -> Any:
        if known and not ALWAYS_ASK:
            return known[0](*given)
        result = compiled(*given)
        if len(compiled.signatures) > 1:
            raise TypeError(f"{function.__name__} was called with columns of other types than before")
        known[:] = [compiled.get_overload(compiled.signatures[0])]
        return result

    return call  # type: ignore[return-value]


def step(function: Function) -> Function:
    """A part of a loop over columns, laid into its caller before types are known.

    Compiled on its own each would take its two hundred columns apart once more: two and a half times as long in all.
    """
    compiled: Function = _compiler(function, inline="always", **_BARE)
    return compiled
