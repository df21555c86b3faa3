"""The page as a PDF, by a browser of the Chromium family where one is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
PATIENCE = 120  # seconds


def browser() -> str | None:
    """The first of `BROWSERS` that is on the path; None where there is none."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def headless(program: str, page: Path, *wanted: str) -> subprocess.CompletedProcess[str]:
    """Opens ``page`` without a window, and does what is ``wanted``.

    Raises subprocess.TimeoutExpired when the browser takes longer than two minutes.
    """
    alone = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []  # root has no sandbox
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        line = [program, "--headless", *alone, "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-extensions", f"--user-data-dir={profile}", *wanted, page.resolve().as_uri()]  # fmt: skip
        return subprocess.run(line, capture_output=True, text=True, timeout=PATIENCE, check=False)


def write_pdf(program: str, page: Path, to: Path) -> str:
    """Writes ``page`` as a PDF; returns why it could not, empty where it could. Nothing half-written is left."""
    draft = to.with_name(f".{to.name}.draft")
    try:
        done = headless(program, page, "--no-pdf-header-footer", f"--print-to-pdf={draft.resolve()}")
        if not draft.is_file() or not draft.stat().st_size:
            said = [line for line in done.stderr.splitlines() if line.strip()]
            return said[-1] if said else f"it ended with code {done.returncode} and wrote nothing"
        draft.replace(to)
        return ""
    except subprocess.TimeoutExpired:
        return f"it took longer than {PATIENCE} s"
    except OSError as error:
        return str(error.strerror or error)
    finally:
        draft.unlink(missing_ok=True)
