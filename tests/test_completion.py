"""The tab key: what may come next."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from command import completion
from command.candidates import candidates
from tests.played import three_stored

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return three_stored(tmp_path_factory.mktemp("stored"))


class TestTabKey:
    """What may come next."""

    @pytest.mark.parametrize(
        ("line", "offered"),
        [
            ("territory comp", ["compare ", "completion "]),
            ("territory simulate territory=balan", ["territory=balanced "]),
            ("territory simulate -m goals=none,act", ["goals=none,activity_any", "goals=none,activity_priority"]),
            ("territory simulate experiment=dem", ["experiment=demo "]),
            ("territory simulate territory.tol", ["territory.tolerance="]),
            ("territory simulate engine=", ["engine=compiled ", "engine=mesa "]),
            ("territory design aim=c", ["aim=change "]),
            ("territory export --as h", ["hubspot "]),
            ("territory inspect r", ["rep "]),
            ("territory track p", []),
            ("territory import ", []),
            ("territory completion z", ["zsh "]),
            ("territory compare --fail", ["--fail-unless "]),
        ],
    )
    def test_words_are_completed(self, line: str, offered: list[str]) -> None:
        assert candidates(line) == offered

    def test_stored_plans_are_offered_by_name(self, stored: Path) -> None:
        assert candidates(f"territory compare results={stored} bal") == ["balanced+hybrid "]
        assert candidates(f"territory explain --results {stored} o") == ["odd+none "]
        assert candidates(f"territory inspect rep R01 --results {stored} curr") == ["current+none "]

    def test_nothing_heavy_is_imported(self, stored: Path) -> None:
        program = (
            "import sys; from command.main import main; "
            f"[main(['--complete', line]) for line in ('territory compare results={stored} ', 'territory track ', "
            "'territory simulate territory=', 'territory design ')]; "
            "heavy = {'hydra', 'numba', 'pandas', 'matplotlib', 'mesa', 'numpy', 'rich'} & set(sys.modules); "
            "sys.exit(str(heavy) if heavy else 0)"
        )
        told = subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        assert "balanced+hybrid \n" in told.stdout

    @pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
    def test_bash_completes_behind_the_equals_sign(self, tmp_path: Path) -> None:
        here = tmp_path / "territory"
        here.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m command "$@"\n')
        here.chmod(0o755)
        script = completion.BASH + r"""
COMP_LINE="territory simulate -m territory=current,bal" COMP_POINT=43
COMP_WORDS=(territory simulate -m territory = current,bal) COMP_CWORD=5
_territory
printf '<%s>\n' "${COMPREPLY[@]}"
complete -p territory
"""
        told = subprocess.run(
            ["bash", "--norc", "-c", script], env={"PATH": f"{tmp_path}:{os.environ['PATH']}"}, capture_output=True,
            text=True, check=True,
        )  # fmt: skip
        assert told.stdout.splitlines() == [
            "<current,balanced>",
            "complete -o default -o nospace -F _territory territory",
        ]
        assert told.stderr == ""
