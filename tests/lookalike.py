"""A CRM export that looks like a real one, with known truths planted in it and known dirt on it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, field
from pathlib import Path

from sim.draws import four, lognormal, normal

OFFICES = ("North", "South")
AGENTS = ("Ada Berg", "Bo Chen", "Cem Dogan", "Dora Elk", "Egon Funk", "Fia Gruber")
SILENT = "Gil Hart"
SECTORS = ("technology", "retail", "medical")
PRICES = {"Desk Basic": 400, "Desk Pro": 2000, "Chair": 100}
NAMES = (
    "Alnwick", "Bexhill", "Cromer", "Dunster", "Evesham", "Falmouth", "Grimsby", "Hexham", "Ilkley",
    "Jarrow", "Keswick", "Ludlow", "Malvern", "Newquay", "Oakham", "Penrith", "Quorn", "Redcar",
    "Skipton", "Tenby", "Ulverston", "Ventnor", "Whitby", "Yeovil",
)  # fmt: skip
WON = 0.6
DEALS = 2400
FIRST, DAYS = dt.date(2020, 1, 1), 365  # of closing
CYCLE = 56  # mean days from engaging to closing
HEAD = {
    "accounts.csv": "account,sector,year_established,revenue,employees,office_location,subsidiary_of",
    "products.csv": "product,series,sales_price",
    "sales_teams.csv": "sales_agent,manager,regional_office",
    "sales_pipeline.csv": "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
}


@dataclass
class Lookalike:
    """The rows of an export, as they will be written, and what was planted."""

    rows: dict[str, list[str]] = field(default_factory=dict)
    weight: dict[str, float] = field(default_factory=dict)  # how much each account buys
    won: int = 0
    won_value: int = 0

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for file, rows in self.rows.items():
            (folder / file).write_text("\n".join([HEAD[file], *rows]) + "\n", encoding="utf-8")
        return folder


def lookalike(seed: int = 1) -> Lookalike:
    """A clean export: 24 accounts, 6 agents with and 1 without sales, 2 offices, 3 products, 2400 decided deals.

    The n-th account's revenue is 100 · 1.15**n, and what it buys rises with the root of it; agents sell in their own
    office, accounts belong to one; 6 in 10 opportunities are won; values are the price times a factor of CV 0.3.
    """
    made = Lookalike()
    made.weight = {name: 1.15 ** (n / 2) for n, name in enumerate(NAMES)}
    made.rows["accounts.csv"] = [
        f"{name},{SECTORS[n % 3]},1990,{100 * 1.15**n:.2f},{round(20 * 1.15**n)},Norway,{NAMES[0] if n == 5 else ''}"
        for n, name in enumerate(NAMES)
    ]
    made.rows["products.csv"] = [f"{name},D,{price}" for name, price in PRICES.items()]
    made.rows["sales_teams.csv"] = [f"{name},M,{OFFICES[n % 2]}" for n, name in enumerate((*AGENTS, SILENT))]
    deals = []
    total = sum(made.weight.values())
    for number in range(DEALS):
        u = four(seed, 0, 99, number, 0, 0)
        v = four(seed, 0, 99, number, 1, 0)
        left, n = u[0] * total, 0
        while left > made.weight[NAMES[n]]:
            left -= made.weight[NAMES[n]]
            n += 1
        agent = AGENTS[n % 2 + 2 * int(3 * u[1] ** 2)]
        product = list(PRICES)[int(3 * u[2])]
        stage = "Won" if u[3] < WON else "Lost"
        close = FIRST + dt.timedelta(days=number * DAYS // DEALS)
        engage = close - dt.timedelta(days=max(1, round(CYCLE * math.exp(0.3 * normal(v[0]) - 0.045))))
        value = round(lognormal(v[1], PRICES[product], 0.3)) if stage == "Won" else 0
        made.won += stage == "Won"
        made.won_value += value
        deals.append(f"O{number:05d},{agent},{product},{NAMES[n]},{stage},{engage},{close},{value}")
    made.rows["sales_pipeline.csv"] = deals
    return made


def dirty(made: Lookalike) -> Lookalike:
    """The same with blanks, misspellings and bad rows; `tests/test_crm.py` counts them."""
    accounts = made.rows["accounts.csv"]
    for n in (0, 3, 6, 9):
        accounts[n] = accounts[n].replace("technology", "technolgy")
    accounts[1] = accounts[1].replace(",retail,", ",,")
    accounts[2] = accounts[2].replace("Norway", "Norwayy")
    parts = accounts[4].split(",")
    accounts[4] = ",".join([*parts[:3], "", *parts[4:]])
    deals = made.rows["sales_pipeline.csv"]
    for n, row in enumerate(deals):
        deals[n] = row.replace("Desk Pro", "DeskPro")
    deals += [f"P{n:05d},{AGENTS[0]},Chair,,Prospecting,,," for n in range(30)]
    deals += [f"E{n:05d},{AGENTS[1]},Chair,{NAMES[n % 24]},Engaging,2020-12-01,," for n in range(20)]
    deals += ["L00000,Ada Berg,Chair,,Lost,2020-05-01,2020-06-01,0"]
    deals += [
        "B00001,Ada Berg,Chair,Whitby,Won,2020-05-01,2020-13-01,100",
        "B00002,Ada Berg,Chair,Whitby,Won,2020-05-01,2020-04-01,100",
        "B00003,Ada Berg,Chair,Whitby,Wobbling,2020-05-01,2020-06-01,100",
        "B00004,Ada Berg,Chair,Whitby,Won,2020-05-01,2020-06-01,-100",
        "B00005,Ada Berg,Chair,Whitby,Won,2020-05-01,2020-06-01,",
        "B00006,Ada Berg,Chair,Whitby,Won,2020-05-01,2020-06-01",
        "B00007,Zoltan Quark,Chair,Whitby,Won,2020-05-01,2020-06-01,100",
        deals[0],
    ]
    return made
