"""Write and read the largest export allowed, in a process of its own: ``python -m … STYLE PATH``.

Styles: english, french (thousands by narrow no-break spaces), utf-16, workbook.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from simulator.learning import read_ads_manager
from simulator.learning.export.source import MAX_BYTES
from simulator.learning.export.table import MAX_ROWS
from simulator.learning.export.workbook import MAX_CELLS
from tests.unit.learning.peak import peak_megabytes

HEADER = (
    "Campaign name", "Ad set name", "Ad name", "Day", "Reporting starts", "Reporting ends", "Amount spent (EUR)",
    "Reach", "Impressions", "Frequency", "Link clicks", "Clicks (all)", "Results", "Result indicator",
    "CPM (cost per 1,000 impressions) (EUR)", "CTR (all)", "Attribution setting",
)  # fmt: skip


def rows() -> Iterator[list[str | float]]:
    """Rows by day, invented, without end."""
    rng = random.Random(7)
    number = 0
    while True:
        day = (datetime.date(2023, 1, 1) + datetime.timedelta(days=number % 700)).isoformat()
        spend, reach = rng.randrange(100, 10_000) / 100, rng.randrange(1000, 100_000)
        impressions = int(reach * rng.uniform(1, 2))
        clicks = impressions // 50
        yield [
            f"Campagne d’été {number // 700} – boulangerie", f"Ensemble {number // 350} Pau 25 km, 25-54 ans",
            f"Publicité photo numéro {number // 100}, bonjour", day, day, day, spend, reach, impressions,
            round(impressions / reach, 6), clicks // 2, clicks, clicks // 3, "actions:link_click",
            round(1000 * spend / impressions, 4), round(100 * clicks / impressions, 4), "7-day click or 1-day view",
        ]  # fmt: skip
        number += 1


def write_text(path: Path, style: str) -> tuple[int, float]:
    """Write up to the limit of size; return (rows, spend)."""
    encoding, separator = {"english": ("utf-8", ","), "french": ("utf-8-sig", ";"), "utf-16": ("utf-16", "\t")}[style]
    count, spend = 0, 0.0
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(HEADER)
        for row in rows():
            if (count % 1000 == 0 and file.tell() > MAX_BYTES - 1_000_000) or count == MAX_ROWS:
                return count, spend
            writer.writerow([_french(cell) for cell in row] if style == "french" else row)
            count, spend = count + 1, spend + row[6]
    raise AssertionError


def write_workbook(path: Path) -> tuple[int, float]:
    """Write up to the limit of cells; return (rows, spend)."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet()
    page.write_row(0, 0, HEADER)
    count, spend = 0, 0.0
    for row in rows():
        if (count + 2) * len(HEADER) > MAX_CELLS:
            break
        count, spend = count + 1, spend + row[6]
        page.write_row(count, 0, row)
    book.close()
    return count, spend


def _french(cell: str | float) -> str:
    if isinstance(cell, str):
        return cell
    return (f"{cell:,}" if isinstance(cell, int) else f"{cell:,.4f}").translate({44: "\u202f", 46: ","})


def measure(path: Path) -> dict[str, float]:
    """Read it from memory, as an upload is."""
    upload = io.BytesIO()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            upload.write(block)
    import pandas as pd

    pd.DataFrame({"a": ["b"]})  # its import is not the reader's time
    before = time.process_time()
    frame = read_ads_manager(upload)
    seconds = time.process_time() - before
    spend = float(frame["spend"].sum())
    return {"rows": len(frame), "spend": spend, "seconds": seconds, "peak_megabytes": peak_megabytes()}


if __name__ == "__main__":
    style, path = sys.argv[1], Path(sys.argv[2])
    if style == "measure":
        json.dump(measure(path), sys.stdout)
    else:
        written, spend = write_workbook(path) if style == "workbook" else write_text(path, style)
        command = [sys.executable, "-m", "tests.unit.learning.largest", "measure", str(path)]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        json.dump({**told, "written": written, "spend_written": spend, "bytes": path.stat().st_size}, sys.stdout)
