"""`python -m benchmarks.intake`: how long an import of 500,000 opportunities takes, and how much memory."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

DEALS, ACCOUNTS, REPS = 500_000, 20_000, 300
CHILD = "import resource; from command.main import main; main(['import', {folder!r}, '--to', {to!r}]); "
CHILD += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"


def main() -> None:
    """Writes an export, imports it in a process of its own, prints seconds and memory."""
    with tempfile.TemporaryDirectory() as place:
        folder, to = Path(place) / "export", Path(place) / "import"
        folder.mkdir()
        export(folder)
        size = sum(path.stat().st_size for path in folder.iterdir())
        started = time.perf_counter()
        child = CHILD.format(folder=str(folder), to=str(to))
        said = subprocess.run([sys.executable, "-c", child], check=True, capture_output=True, text=True)
        seconds = time.perf_counter() - started
    memory = int(said.stdout.split()[-1]) / 1024**2
    print(f"{DEALS:,} opportunities, {size / 1e6:.0f} MB: {seconds:.0f} s, {memory:.2f} GiB")


def export(folder: Path) -> None:
    """An export with Salesforce's headers, amounts as in $2,024.50, times after days."""
    rng = np.random.default_rng(0)
    account, number = rng.integers(0, ACCOUNTS, DEALS), np.arange(DEALS)
    luck, amount = rng.random(DEALS), rng.integers(500, 500_000, DEALS)
    created = np.datetime64("2022-01-01") + rng.integers(0, 900, DEALS)
    closed = created + rng.integers(1, 200, DEALS)
    won, over = luck < 0.4, luck < 0.9
    rows = np.arange(ACCOUNTS)
    pd.DataFrame(
        {
            "Id": [f"001{i:09d}" for i in rows], "Name": [f"Company {i}" for i in rows],
            "Industry": np.array(["Energy", "Retail", "Media"])[rows % 3],
            "OwnerId": [f"005{i % REPS:05d}" for i in rows], "BillingCity": "Town",
            "AnnualRevenue": rng.integers(1e5, 1e8, ACCOUNTS),
        }
    ).to_csv(folder / "Account.csv", index=False)  # fmt: skip
    people = range(REPS)
    pd.DataFrame(
        {"Id": [f"005{i:05d}" for i in people], "Name": [f"Person {i}" for i in people], "Division": "North"}
    ).to_csv(folder / "User.csv", index=False)
    pd.DataFrame(
        {
            "Id": [f"006{i:09d}" for i in number], "Name": [f"Deal {i}, new" for i in number],
            "AccountId": [f"001{i:09d}" for i in account], "OwnerId": [f"005{i % REPS:05d}" for i in account],
            "StageName": np.where(won, "Closed Won", np.where(over, "Closed Lost", "Proposal")),
            "Amount": [f"${value:,}.50" for value in amount], "CreatedDate": [f"{day}T10:00:00Z" for day in created],
            "CloseDate": closed.astype(str), "IsWon": np.where(won, "true", "false"),
            "IsClosed": np.where(over, "true", "false"), "Loss_Reason__c": np.where(won, "", "Price"),
        }
    ).to_csv(folder / "Opportunity.csv", index=False)  # fmt: skip


if __name__ == "__main__":
    main()
