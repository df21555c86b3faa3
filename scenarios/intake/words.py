"""Words that an export is expected to use, and the search for the one that a misspelt word was meant to be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from unicodedata import normalize

SECTORS = (
    "aerospace", "agriculture", "automotive", "banking", "biotechnology", "chemicals", "construction",
    "consulting", "consumer goods", "education", "electronics", "employment", "energy", "engineering",
    "entertainment", "environmental", "fashion", "finance", "food", "government", "healthcare", "hospitality",
    "insurance", "legal", "logistics", "machinery", "manufacturing", "marketing", "media", "medical", "mining",
    "pharmaceutical", "public sector", "real estate", "recreation", "retail", "services", "shipping",
    "software", "technology", "telecommunications", "tourism", "transportation", "utilities", "wholesale",
)  # fmt: skip
COUNTRIES = (
    "Argentina", "Australia", "Austria", "Bangladesh", "Belgium", "Bolivia", "Brazil", "Bulgaria", "Canada",
    "Chile", "China", "Colombia", "Costa Rica", "Croatia", "Cyprus", "Czechia", "Denmark", "Ecuador", "Egypt",
    "Estonia", "Ethiopia", "Finland", "France", "Georgia", "Germany", "Ghana", "Greece", "Guatemala", "Hungary",
    "Iceland", "India", "Indonesia", "Iran", "Iraq", "Ireland", "Israel", "Italy", "Jamaica", "Japan", "Jordan",
    "Kazakhstan", "Kenya", "Korea", "Kuwait", "Latvia", "Lebanon", "Lithuania", "Luxembourg", "Malaysia",
    "Malta", "Mexico", "Morocco", "Nepal", "Netherlands", "New Zealand", "Nigeria", "Norway", "Pakistan",
    "Panama", "Paraguay", "Peru", "Philippines", "Poland", "Portugal", "Qatar", "Romania", "Russia",
    "Saudi Arabia", "Serbia", "Singapore", "Slovakia", "Slovenia", "South Africa", "South Korea", "Spain",
    "Sri Lanka", "Sweden", "Switzerland", "Taiwan", "Tanzania", "Thailand", "Tunisia", "Turkey", "Uganda",
    "Ukraine", "United Arab Emirates", "United Kingdom", "United States", "Uruguay", "Venezuela", "Vietnam",
)  # fmt: skip
LIKE = 0.85  # how alike two words must be (difflib's ratio) for one to be taken for the other


def squeezed(word: str) -> str:
    r"""A word without case, spaces and signs.

    >>> squeezed("GTX Pro") == squeezed("gtx-pro")
    True
    >>> squeezed("Verka\u0308ufer") == squeezed("Verk\u00e4ufer")  # one letter and its dots, as a Mac writes it
    True
    """
    return "".join(letter for letter in normalize("NFC", word).casefold() if letter.isalnum())


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known word meant by ``word``: itself, one that differs in case, spaces and signs, or the one most alike.

    None where nothing is alike enough, or two are equally so: a guess between two customers is worse than none.

    >>> meant("technolgy", SECTORS), meant("GTXPro", ["GTX Pro", "GTX Plus Pro"]), meant("Philipines", COUNTRIES)
    ('technology', 'GTX Pro', 'Philippines')
    >>> meant("GTX", ["GTX Pro", "GTX Plus Pro"]) is None
    True
    """
    choices = sorted(set(known))
    if word in choices:
        return word
    same = [choice for choice in choices if squeezed(choice) == squeezed(word) and squeezed(word)]
    if same:
        return same[0] if len(same) == 1 else None
    alike = difflib.get_close_matches(word, choices, n=2, cutoff=LIKE)
    if len(alike) == 2:
        first, second = (difflib.SequenceMatcher(None, choice, word).ratio() for choice in alike)
        if first == second:
            return None
    return alike[0] if alike else None
