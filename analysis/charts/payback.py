"""When a plan has paid for itself: the year by week, and above it the gain without the price of disruption."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.charts import year
from analysis.charts.style import BAD, Title
from analysis.cuts import break_even
from analysis.words import money_unit


def title(net: pd.DataFrame, plan: str, today: str) -> Title:
    """From which week on the typical year stays ahead."""
    subtitle = f"{plan} less {today}, expected contribution so far, {net.shape[1]} years played"
    if not net.to_numpy().any():
        return Title("Nothing changes", subtitle)
    week = break_even(net)
    if week is None:
        return Title("Not paid back within the year", subtitle)
    said = "Typically ahead from the first week" if week == 1 else f"Typically paid back in week {week}"
    return Title(said, subtitle)


def chart(net: pd.DataFrame, gross: pd.DataFrame, ax: Axes, currency: str) -> None:
    """The net difference in bands, and the typical gross gain: what lies between the lines is the price."""
    year.chart(net, ax, currency)
    scale = money_unit(float(net.abs().to_numpy().max()), currency)[0]
    typical = np.median(gross.to_numpy(), axis=1) / scale
    ax.plot(gross.index.to_numpy(), typical, color=BAD, linewidth=1.8, linestyle=(0, (5, 3)))
    place = len(typical) // 4  # where the bands are still narrow
    ax.annotate(
        "without disruption", (gross.index[place], float(typical[place])), xytext=(-8, 10),
        textcoords="offset points", ha="right", va="bottom", color=BAD,
    )  # fmt: skip
