"""The long work of Mes résultats: read the export again, learn from it, then test what was learnt on itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from simulator.accounts.settings import limits
from simulator.learning import backtest, calibrate, read_ads_manager
from simulator.learning.export.frame import in_euros
from simulator.reference.parameters import currencies

if TYPE_CHECKING:
    import pandas as pd

    from simulator.apps.web.jobs.child import Report

EXPORT = "export"
"""Name of the attachment."""
ROW = ("campaign", "ad_set", "ad", "start", "end", "currency", "spend", "impressions", "reach", "age", "gender")
"""What is the same in a row that two exports of one account share."""
LEAST_TO_TEST = 3
"""Campaigns without which a back-test says nothing."""
TESTING = 0.4
"""Share of the work that is done when the back-test begins."""


def run(folder: Path, arguments: dict[str, Any], report: Report) -> None:
    """Hand over the calibration as soon as it is there, then the back-test."""
    report.progress("read", 0.05)
    frame = _campaigns(folder, arguments)
    report.progress("fit", 0.2, rows=len(frame))
    calibration = calibrate(frame, name=arguments["name"])
    found: dict[str, Any] = {"calibration": calibration.to_dict(), "test": None}
    report.result(found)
    if calibration.rows < LEAST_TO_TEST:
        return

    def tell(share: float) -> None:
        report.progress("test", TESTING + (1.0 - TESTING) * share, rows=calibration.rows)

    tell(0.0)
    tested = backtest(frame, progress=tell)
    errors = tested.errors.astype(object).where(tested.errors.notna(), None)
    report.result({**found, "test": {"origins": tested.origins, "errors": errors.to_dict(orient="records")}})


def together(tables: Sequence[pd.DataFrame], *, are_clients: bool) -> pd.DataFrame:
    """Return several exports as one: clients by number only, or one account whose campaigns count once each."""
    from simulator.learning.rows import pooled, stacked

    if are_clients:
        return pooled(tables)
    frame = stacked(tables)
    once = frame[~frame.duplicated(subset=[name for name in ROW if name in frame.columns])].reset_index(drop=True)
    once.attrs = dict(frame.attrs)
    return once


def _campaigns(folder: Path, arguments: dict[str, Any]) -> pd.DataFrame:
    country = arguments["country"]
    if not arguments.get("parts"):
        return read(folder / EXPORT, arguments, country)
    tables = [read(folder / f"{EXPORT}-{place}", part, country) for place, part in enumerate(arguments["parts"])]
    frame = together(tables, are_clients=bool(arguments["are_clients"]))
    limits().check_rows(len(frame))
    return frame


def read_as_said(file: IO[bytes], said: Mapping[str, Any]) -> pd.DataFrame:
    """Return the campaigns of an export as the user said to read it (``Export.said``)."""
    frame = read_ads_manager(
        file, said["mapping"] or None, day_first=said["day_first"], keep_repeated=bool(said.get("keep_repeated"))
    )
    frame = with_currency(frame, said["currency"])
    if said.get("units_per_euro"):
        unknown = set(frame["currency"].dropna()) - set(currencies())
        for currency in sorted(unknown):
            frame = in_euros(frame, currency, float(said["units_per_euro"]))
    return frame


def with_currency(frame: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return the campaigns, those that tell no money being in ``currency``, which is then no longer missing."""
    if not currency:
        return frame
    filled = frame.assign(currency=frame["currency"].astype(object).where(frame["currency"].notna(), currency))
    filled.attrs = {**frame.attrs, "warnings": [one for one in frame.attrs["warnings"] if one["code"] != "no_currency"]}
    return filled


def read(path: Path, said: Mapping[str, Any], country: str) -> pd.DataFrame:
    """Return the campaigns of a kept export, those that tell no country being of ``country``."""
    with path.open("rb") as export:
        frame = read_as_said(export, said)
    limits().check_rows(len(frame))
    return with_country(frame, country)


def with_country(frame: pd.DataFrame, country: str) -> pd.DataFrame:
    """Return the campaigns, those that tell no country being of ``country``."""
    told = frame["country"].astype(object).where(frame["country"].notna(), country or None)
    filled = frame.assign(country=told)
    filled.attrs = dict(frame.attrs)
    return filled
