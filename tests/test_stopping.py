"""While it runs: one line of progress, and Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from command.terminal import Progress

ROOT = Path(__file__).resolve().parents[1]

PROGRESS = """
from command.terminal import Progress
progress = Progress(2, 10)
progress.follow = lambda today, plan: "balanced +84 k$, 17/20"
for year in range(1, 11):
    progress.told = 0.0 if progress.live else progress.told
    progress.playing(year)
progress.scenario_done("one")
progress.compared(None, None)
for year in range(1, 10):
    progress.told = 0.0 if progress.live else progress.told
    progress.playing(year)
progress.clear()
"""


class TestProgress:
    """One line, rewritten only where a person looks at it."""

    def on_a_terminal(self, **variables: str) -> str:
        import pty

        ours, theirs = pty.openpty()
        environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TERM": "xterm", **variables}
        subprocess.run([sys.executable, "-c", PROGRESS], stderr=theirs, env=environment, check=True)
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 65536):
                said += part
        except OSError:  # the end of a terminal on Linux
            pass
        os.close(ours)
        return said.decode()

    def test_a_terminal_gets_one_line_with_the_answer_so_far(self) -> None:
        said = self.on_a_terminal()
        assert "\n" not in said
        assert said.endswith("\r\x1b[K"), "it is taken away again"
        last = said.split("\r\x1b[K")[-2]
        assert "1/2 scenarios · 19/20 years" in last
        assert "so far: balanced +84 k$, 17/20" in last
        assert max(len(line) for line in said.split("\r\x1b[K")) < 80

    def test_a_build_server_gets_a_line_a_tenth(self) -> None:
        said = self.on_a_terminal(CI="true")
        assert "\r\x1b[K" not in said
        assert said.count("\n") == 9, "one for each tenth that was reached"

    def test_a_pipe_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        progress = Progress(1, 10)
        for year in range(1, 11):
            progress.playing(year)
        said = capsys.readouterr().err
        assert said.splitlines()[0].startswith("1/10 years")
        assert "\r" not in said

    def test_what_is_all_there_is_said_to_be(self) -> None:
        progress = Progress(2, 10)
        progress.scenario_done("one", kept=10)
        progress.scenario_done("two", kept=10)
        assert progress.line() == "2/2 scenarios · already played"


KEEPING = 'keep(lambda: print("two kept", file=sys.stderr) or 130)'


class TestCtrlC:
    """Within two seconds at any moment, with what is kept and how to go on."""

    BUSY = """
import hashlib, sys, threading
import command.list
from command.main import main
from command.stopping import keep
def busy(arguments):
    {keep}
    threading.Timer(0.3, lambda: print("ready", flush=True)).start()  # when the next line has begun
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)  # compiled code that no handler of Python's gets into
command.list.main = busy
sys.exit(main(["list", "results=a b"]))
"""

    @pytest.mark.parametrize(
        ("keeping", "said"),
        [("", "stopped.  nothing new is kept"), (KEEPING, "")],
    )
    def test_compiled_code_does_not_hold_it_up(self, keeping: str, said: str) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", self.BUSY.format(keep=keeping)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={"PYTHONPATH": str(ROOT), "PATH": ""}, text=True,
        ) as running:  # fmt: skip
            assert running.stdout is not None
            assert running.stdout.readline() == "ready\n"
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=10)  # two seconds, on a machine that is not busy
        assert running.returncode == 130
        assert "stopping …" in err
        assert said in err
        assert ("territory list 'results=a b'" in err) == (not keeping)
        assert ("two kept" in err) == bool(keeping)
        assert "Traceback" not in err
