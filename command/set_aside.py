"""What an import found and set aside, beside the page of a study."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from command.terminal import say


def write_data_report(info: dict[str, Any], folder: Path) -> None:
    """What an import found and set aside, as files beside the page; nothing for a market that was not imported."""
    if not info["data_report"]:
        return
    report, rejects = folder / "data_report.txt", folder / "rejects.csv"
    report.write_text("\n".join(info["data_report"]) + "\n", encoding="utf-8")
    with rejects.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["file", "line", "reason", "row"])
        writer.writeheader()
        writer.writerows(info["rejects"])
    imported, aside = _set_aside_before(info), f"{len(info['rejects'])} rows"
    if imported:
        aside = f"{imported} rows at the import, {len(info['rejects'])} more"
    say(f"data     {len(info['findings'])} findings · {aside} set aside · {report} · {rejects}")


def _set_aside_before(info: dict[str, Any]) -> int:
    """How many rows the import set aside that wrote the folder of the market; 0 where none did."""
    from scenarios.intake.data import REJECTS

    try:
        with (Path(info["scenario"]["market"]["folder"]) / REJECTS).open(newline="", encoding="utf-8") as file:
            return max(0, sum(1 for _ in csv.reader(file)) - 1)
    except (OSError, ValueError, KeyError, csv.Error):
        return 0
