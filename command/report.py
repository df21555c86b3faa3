"""`territory report [STUDY] [--pdf]`: where a comparison's page is, and the same page as a PDF to hand round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from command.parser import Parser
from command.settings import Settings
from command.study import STUDIES
from command.terminal import DONE, NOTHING_TO_COMPARE, SOME_FAILED, complain, say
from scenarios.problems import nearest

PAGE, PDF = "index.html", "report.pdf"


EXAMPLES = (("", "the newest comparison's page"), ("--pdf", "and a PDF of it, to hand round"))


def parser() -> Parser:
    """The options of the verb."""
    made = Parser(
        "report",
        "Says where the page of a comparison is. It opens in any browser, without a network.",
        EXAMPLES,
        "docs/howto/report.md",
    )
    made.add_argument("study", nargs="?", help="a comparison, as its folder is called (default: the newest)")
    made.add_argument("--pdf", action="store_true", help="write report.pdf beside it (needs Chromium, Chrome or Edge)")
    made.add_argument("--results", type=Path, default=Path(Settings().results), help="where results are stored")
    return made


def main(arguments: Sequence[str]) -> int:
    """Prints the path of the page, and of the PDF; returns the exit code."""
    asked = parser().parse_args(list(arguments))
    pages = stored_pages(asked.results)
    if not pages:
        say(f"no comparison is stored in {asked.results}.  play one:  territory simulate experiment=demo")
        return NOTHING_TO_COMPARE
    if asked.study and asked.study.rstrip("/") not in pages:
        known = ", ".join(list(pages)[:5])
        return complain([f"there is no comparison '{asked.study}'.  {nearest(asked.study, pages)}  newest: {known}"])
    page = pages[asked.study.rstrip("/")] if asked.study else next(iter(pages.values()))
    print(page)
    return _pdf(page) if asked.pdf else DONE


def stored_pages(results: Path) -> dict[str, Path]:
    """The pages of all comparisons by the name of their folder, newest first; one with several markets has several."""
    places = sorted((results / STUDIES).glob(f"**/{PAGE}"), key=lambda page: (-page.stat().st_mtime, str(page)))
    return {page.parent.relative_to(results / STUDIES).as_posix(): page for page in places}


def _pdf(page: Path) -> int:
    """Writes the PDF beside the page."""
    from analysis.report.pdf import browser, write_pdf

    try:  # before the browser is started, which says nothing of use
        trial = page.with_name(f".{PDF}.trial")
        trial.touch()
        trial.unlink()
    except OSError as error:
        why = error.strerror or error
        return complain([f"{page.parent}: can't be written: {why}; copy the folder to another place"])
    program = browser()
    if program is None:
        say("error: no Chromium, Chrome or Edge is installed to make the PDF.  open the page in any browser and print")
        say("       it to a file: every detail is opened, and the colours are those of paper")
        return SOME_FAILED
    wrong = write_pdf(program, page, page.with_name(PDF))
    if wrong:
        say(f"error: {Path(program).name} made no PDF: {wrong}.  open the page in any browser and print it to a file")
        return SOME_FAILED
    print(page.with_name(PDF))
    return DONE
