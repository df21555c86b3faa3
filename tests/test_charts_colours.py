"""Colours: neighbouring reps, gains and losses are told apart in every kind of colour blindness, light and dark."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from analysis.charts.colours import colours_of_reps, neighbours
from analysis.charts.style import BAD, DARK, GOOD, INK, MUTED, MUTED_DARK, NEUTRAL, PAPER, QUIET

# Machado, Oliveira and Fernandes 2009, full severity, on linear RGB
SIGHT = {
    "normal": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = np.array([0.95047, 1.0, 1.08883])
ENOUGH = 10.0  # CIEDE2000 below which small dots get confused

Floats = NDArray[np.float64]


def linear(color: str) -> Floats:
    """#rrggbb as light."""
    values = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(color: str, sight: str = "normal") -> Floats:
    """A colour as somebody with that sight sees it."""
    seen = np.clip(np.array(SIGHT[sight]) @ linear(color), 0.0, 1.0)
    part = TO_XYZ @ seen / WHITE
    f = np.where(part > (6 / 29) ** 3, np.cbrt(part), part / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one: Floats, other: Floats) -> float:
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25.0**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    waves = ((-0.17, 1, 30), (0.24, 2, 0), (0.32, 3, -6), (-0.2, 4, 63))
    t = sum(k * np.cos(np.radians(n * hue - off)) for k, n, off in waves)
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * (1 + t)
    bend = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    r = -2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7)) * np.sin(np.radians(bend))
    d_l, d_c = (l2 - l1) / s_l, (c2 - c1) / s_c
    d_h = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / s_h
    return float(np.sqrt(d_l**2 + d_c**2 + d_h**2 + r * d_c * d_h))


def contrast(one: str, other: str) -> float:
    """By which contrast is measured on pages: 1 to 21."""
    low, high = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_is_ciede2000() -> None:
    """Pairs 1, 7 and 17 of Sharma, Wu and Dalal 2005."""
    for one, other, known in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ):
        assert apart(np.array(one), np.array(other)) == pytest.approx(known, abs=1e-4)


@pytest.mark.parametrize("sight", sorted(SIGHT))
@pytest.mark.parametrize("colors", [MUTED, MUTED_DARK], ids=["light", "dark"])
def test_any_two_colours_of_reps_are_told_apart(colors: tuple[str, ...], sight: str) -> None:
    seen = {color: lab(color, sight) for color in colors}
    closest = min(combinations(colors, 2), key=lambda pair: apart(seen[pair[0]], seen[pair[1]]))
    assert apart(seen[closest[0]], seen[closest[1]]) >= ENOUGH, closest


@pytest.mark.parametrize("sight", sorted(SIGHT))
@pytest.mark.parametrize("page", ["light", "dark"])
def test_gains_losses_and_neither_are_told_apart(page: str, sight: str) -> None:
    colors = [color if page == "light" else DARK[color] for color in (GOOD, BAD, NEUTRAL)]
    for one, other in combinations(colors, 2):
        assert apart(lab(one, sight), lab(other, sight)) >= ENOUGH, (one, other)


def test_words_and_marks_stand_out_from_their_page() -> None:
    for color, least in ((INK, 4.5), (QUIET, 4.5), (GOOD, 3.0), (BAD, 3.0), (NEUTRAL, 3.0)):
        assert contrast(color, PAPER) >= least, color
        assert contrast(DARK[color], DARK[PAPER]) >= least, DARK[color]
    assert min(contrast(color, DARK[PAPER]) for color in MUTED_DARK) >= 3.0


@pytest.mark.parametrize("reps", [2, 12, 20, 40])
def test_reps_who_touch_have_colours_far_apart_for_everybody(reps: int) -> None:
    luck = np.random.default_rng(reps)
    places, homes = luck.uniform(0, 100, (60 * reps, 2)), luck.uniform(0, 100, (reps, 2))
    owner = np.square(places[:, None] - homes[None]).sum(axis=2).argmin(axis=1)
    accounts = pd.DataFrame({"x_km": places[:, 0], "y_km": places[:, 1], "rep": [f"R{j:02d}" for j in owner]})
    colour = colours_of_reps([accounts], [f"R{j:02d}" for j in range(reps)], len(MUTED))
    touches = neighbours(places, owner.astype(np.int64), reps)
    pairs = [(MUTED[colour[f"R{i:02d}"]], MUTED[colour[f"R{j:02d}"]]) for i, j in np.argwhere(np.triu(touches))]
    assert pairs
    for sight in SIGHT:
        assert min(apart(lab(one, sight), lab(other, sight)) for one, other in set(pairs)) >= ENOUGH
