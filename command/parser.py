"""How every verb explains itself and answers a misspelt word: usage, words, examples, where to read on."""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from command.terminal import BAD_INPUT, complain
from scenarios.problems import nearest

RESULTS = "results="
WIDTH = 100


class Parser(argparse.ArgumentParser):
    """A verb's options. ``examples`` are lines without 'territory VERB', each with what it does."""

    def __init__(self, verb: str, about: str, examples: Iterable[tuple[str, str]], page: str = "", **more: Any) -> None:
        self.verb, self.examples, self.page = verb, tuple(examples), page
        super().__init__(prog=f"territory {verb}", description=about, allow_abbrev=False, **more)

    def format_help(self) -> str:
        """The same shape for every verb."""
        return f"{super().format_help().rstrip()}\n\n{closing(self.verb, self.examples, self.page)}\n"

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """``results=FOLDER``, as simulate takes it, is understood wherever there is ``--results``."""
        words = list(sys.argv[1:] if args is None else args)
        if "--results" in self._option_string_actions:
            words = [f"--{word}" if word.startswith(RESULTS) else word for word in words]
        return super().parse_known_args(words, namespace)

    def error(self, message: str) -> NoReturn:
        """One line, with the nearest word that is understood."""
        raise SystemExit(complain([self._said(message)]) or BAD_INPUT)

    def _said(self, message: str) -> str:
        known = [word for word in self._option_string_actions if word.startswith("--")]
        if found := re.match(r"unrecognized arguments: (.+)", message):
            word = found[1].split()[0]
            if word.startswith("-"):
                return f"there is no option '{word}'.  {nearest(word.partition('=')[0], known)}"
            return f"'{word}' is one word too many; see territory {self.verb} --help"
        if found := re.match(r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)$", message):
            choices = [one.strip(" '") for one in found[3].split(",")]
            return f"{found[1]}: there is no '{found[2]}'.  {nearest(found[2], choices)}"
        if found := re.match(r"argument (.+?): invalid int value: '(.*)'", message):
            return f"{found[1]}: '{found[2]}' is not a whole number"
        if found := re.match(r"argument (.+?): invalid float value: '(.*)'", message):
            return f"{found[1]}: '{found[2]}' is not a number"
        if found := re.match(r"argument (.+?): expected one argument", message):
            return f"{found[1]} needs a value; see territory {self.verb} --help"
        if found := re.match(r"the following arguments are required: (.+)", message):
            example = f", as in: territory {self.verb} {self.examples[0][0]}" if self.examples else ""
            return f"{found[1]} is missing{example}"
        return message


def closing(verb: str, examples: Sequence[tuple[str, str]], page: str) -> str:
    """How every explanation ends: lines that can be typed, and the page that says more."""
    lines = [f"territory {verb} {line}".rstrip() for line, _ in examples]
    wide = WIDTH - 4 - max(len(meaning) for _, meaning in examples)  # what beside the longest meaning has room
    wide = max((len(line) for line in lines if len(line) <= wide), default=0)
    told = ["examples:"]
    for line, (_, meaning) in zip(lines, examples, strict=True):
        told.append(f"  {line:<{wide}}  {meaning}" if len(line) <= wide else f"  {line}\n      {meaning}")
    return "\n".join([*told, "", *([f"more: {page}"] if page else [])]).rstrip()


def hanging(pairs: Iterable[tuple[str, str]], column: int = 28) -> list[str]:
    """Words with what they mean beside them, from ``column`` on, 100 columns wide."""
    told = []
    for word, meaning in pairs:
        beside = textwrap.wrap(meaning, WIDTH - column - 3) or [""]
        told.append(f"  {word:<{column}} {beside[0]}" if len(word) <= column else f"  {word}")
        told += [f"{'':{column + 3}}{line}" for line in (beside[1:] if len(word) <= column else beside)]
    return told
