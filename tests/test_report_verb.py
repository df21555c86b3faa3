"""`territory report`: finds the page of a comparison, and hands it to a browser to make a PDF."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from analysis.report import pages, pdf
from command.main import main

BROWSER = pdf.browser()


def studies(results: Path, *names: str) -> None:
    """One page a name, each newer than the one before."""
    for at, name in enumerate(names):
        page = results / "studies" / name / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<!doctype html><title>{name}</title><p>{name}", encoding="utf-8")
        os.utime(page, (1_000 + at, 1_000 + at))


def test_the_newest_page_is_named_or_the_one_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    studies(tmp_path, "2026-11-23-1", "2026-11-23-2/1", "compare-abc123")
    assert main(["report", f"results={tmp_path}"]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/studies/compare-abc123/index.html\n"
    assert main(["report", "2026-11-23-1", "--results", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/studies/2026-11-23-1/index.html\n"
    assert main(["report", "2026-11-23-3", "--results", str(tmp_path)]) == 2
    assert "did you mean '2026-11-23-1'" in capsys.readouterr().err.replace("2026-11-23-2/1", "2026-11-23-1")


def test_without_a_comparison_it_says_what_to_play(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", f"results={tmp_path}"]) == 3
    assert "territory simulate experiment=demo" in capsys.readouterr().err


def test_without_a_browser_it_says_how_to_make_a_pdf(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    studies(tmp_path, "a")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["report", "--pdf", f"results={tmp_path}"]) == 1
    said = capsys.readouterr()
    assert "open the page in any browser and print" in said.err
    assert said.out.endswith("a/index.html\n")


def test_a_browser_that_fails_leaves_nothing_behind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    studies(tmp_path, "a")
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho no screen >&2\nexit 1\n")
    broken.chmod(0o755)
    page = tmp_path / "studies" / "a" / "index.html"
    assert pdf.write_pdf(str(broken), page, page.with_name("report.pdf")) == "no screen"
    assert [file.name for file in page.parent.iterdir()] == ["index.html"]


def test_where_no_pdf_can_be_written_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that only can be read: the browser is not even started."""
    studies(tmp_path, "a")

    def touch(path: Path) -> None:
        raise OSError(30, "Read-only file system", str(path))

    monkeypatch.setattr(Path, "touch", touch)
    assert main(["report", "--pdf", f"results={tmp_path}"]) == 2
    assert "a: can't be written: Read-only file system; copy the folder" in capsys.readouterr().err


@pytest.mark.skipif(BROWSER is None, reason="no Chromium, Chrome or Edge on the path")
def test_a_real_browser_prints_every_detail_and_asks_nobody(tmp_path: Path) -> None:
    made = pages().from_string(
        '{% from "frame.jinja" import page_head %}{{ page_head("t") }}<body><main><h1>t</h1>'
        "<details><summary>s</summary><p style='break-before:page'>hidden</p></details></main></body></html>"
    )
    page = tmp_path / "index.html"
    page.write_text(made.render(), encoding="utf-8")
    assert BROWSER is not None
    assert pdf.write_pdf(BROWSER, page, tmp_path / "report.pdf") == ""
    written = (tmp_path / "report.pdf").read_bytes()
    assert written.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", written)) == 2, "what a reader would open is on the second page"
