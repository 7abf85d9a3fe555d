"""Learn from one's own campaigns: ``adsim calibrate EXPORT…``, ``adsim backtest EXPORT``, ``adsim validate``."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from simulator.apps.cli import printing
from simulator.apps.cli.printing import figure, print_json, print_table
from simulator.base.errors import InvalidInput, shown

if TYPE_CHECKING:
    import pandas as pd

    from simulator.learning.calibration import Calibration
    from simulator.learning.validation_figures import Recovery, RefereeCheck

LEAST_LEARNT = 0.05
"""Share of the doubt gone, below which a table says nothing of a parameter."""
FIELD = "--column"
READ = {"path_or_file": "EXPORT", "observations": "EXPORT", "mapping": "column"}
"""What the options are called that hold the arguments of the reader."""


def add(commands: Any) -> None:
    """Add the commands of this family."""
    learn = commands.add_parser("calibrate", help="learn from the campaigns of Ads Manager exports")
    learn.add_argument("exports", metavar="EXPORT", nargs="+", help="CSV or XLSX, in French or English")
    learn.add_argument("--out", metavar="FILE", help="keep what was learnt in this file, - for the standard output")
    learn.add_argument("--name", default="", help="name to keep it under")
    learn.add_argument(
        "--clients", action="store_true", help="each export is a client: learn for one more of their kind"
    )
    _add_reading(learn)
    learn.set_defaults(run=_calibrate, typed={**READ, "calibration": "out"})
    test = commands.add_parser("backtest", help="forecast each campaign of an export from the earlier ones")
    test.add_argument("exports", metavar="EXPORT", nargs=1, help="CSV or XLSX, in French or English")
    _add_reading(test)
    test.set_defaults(run=_backtest, typed=READ)
    told = commands.add_parser("validate", help="how forecasts did on real campaigns that they had never seen")
    told.add_argument("--json", action="store_true", help="print JSON")
    told.set_defaults(run=_validate)


def _add_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--country", metavar="CC", help="country of campaigns that tell none, such as FR")
    command.add_argument(FIELD, metavar="FIELD=HEADER", action="append", default=[], help='such as spend="Total paid"')
    order = command.add_mutually_exclusive_group()
    order.add_argument("--day-first", dest="day_first", action="store_true", default=None, help="05/06/2026 is 5 June")
    order.add_argument("--month-first", dest="day_first", action="store_false", help="05/06/2026 is 6 May")
    command.add_argument("--json", action="store_true", help="print JSON")


def _calibrate(options: argparse.Namespace) -> int:
    from simulator.learning.calibrate import calibrate
    from simulator.learning.pooling import pooled, stacked
    from simulator.reference.parameters import load_parameters

    printing.check(options.out, as_json=options.json)
    tables = {name: _read(name, options) for name in options.exports}
    _check_each_once(options.exports, tables)
    table = pooled(tables) if options.clients else stacked(list(tables.values()))
    learnt = calibrate(table, name=options.name)
    if options.out == printing.STANDARD:
        with printing.written(options.out) as file:
            file.write(f"{learnt.to_json()}\n".encode())
    elif options.out is not None:
        learnt.save(options.out)
    if options.json:
        before_after = learnt.before_after(load_parameters()).to_dict(orient="records")
        dropped = [dict(entry) for entry in learnt.dropped]
        print_json(
            {
                "rows": learnt.rows,
                "reason": learnt.reason,
                "accounts": len(learnt.accounts) or 1,
                "before_after": before_after,
                "dropped": dropped,
                "saved": options.out,
            }
        )
        return 0
    with printing.said_beside(options.out):
        _say_learnt(learnt, options.out)
    return 0


def _say_learnt(learnt: Calibration, out: str | None) -> None:
    from simulator.reference.parameters import load_parameters

    frame = learnt.before_after(load_parameters())
    rows = []
    for entry in frame.to_dict(orient="records"):
        if entry["learnt"] < LEAST_LEARNT:
            continue
        bands = [
            f"{figure(entry[f'{when}_middle'])} ({figure(entry[f'{when}_low'])} to {figure(entry[f'{when}_high'])})"
            for when in ("before", "after")
        ]
        rows.append([entry["parameter"], *bands, f"{entry['learnt']:.0%}"])
    if rows:
        print_table(["parameter", "before (80 %)", "after (80 %)", "learnt"], rows)
    clients = f" of {len(learnt.accounts)} clients" if learnt.accounts else ""
    print(f"{learnt.rows} rows used{clients}; prices in EUR for 1,000 impressions")
    if learnt.reason:
        print(f"note: {learnt.reason.replace('_', ' ')}; forecasts stay those of the shipped figures")
    _say_dropped(learnt.dropped)
    if out not in (None, printing.STANDARD):
        print(f"saved: {out}")


def _backtest(options: argparse.Namespace) -> int:
    from simulator.learning.backtest import backtest

    found = backtest(_read(options.exports[0], options))
    tables = {"errors": found.errors, "given_impressions": found.given_impressions}
    if options.json:
        entries = {name: _entries(table) for name, table in tables.items()}
        print_json({"origins": found.origins, **entries, "dropped": [dict(entry) for entry in found.dropped]})
        return 0
    rows = [
        [
            entry["metric"].replace("_", " "),
            entry["method"].replace("_", " "),
            f"{entry['median_abs_log_error']:.3f}",
            f"{entry['bias']:+.3f}",
            "-" if entry["coverage"] is None else f"{entry['coverage']:.0%}",
            str(entry["n"]),
        ]
        for table in tables.values()
        for entry in _entries(table)
    ]
    if rows:
        print_table(["metric", "method", "median |log error|", "bias", "inside 80 % band", "campaigns"], rows)
    if found.origins:
        print(f"{found.origins} dates forecast from the campaigns before them")
    else:
        print("note: no campaign has an earlier one; these are the shipped figures alone")
    _say_dropped(found.dropped)
    return 0


def _validate(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from simulator.learning.validation_figures import validation

    found = validation()
    if options.json:
        print_json(
            {
                **asdict(found),
                "date": found.date.isoformat(),
                "is_current": found.is_current,
                "recovery": _dated(found.recovery),
                "referee": _dated(found.referee),
            }
        )
        return 0
    rows = [
        [
            one.source,
            one.method,
            one.metric.replace("_", " "),
            f"{one.inside} of {one.n}",
            f"{one.low:.0%} to {one.high:.0%}",
        ]
        for one in found.coverage
    ]
    print_table(["source", "forecast by", "metric", f"inside {found.level:.0%} band", "exact 80 % interval"], rows)
    for check in found.reach:
        print(
            f"reach given impressions, {check.source}: median |log error| {check.median_abs_log_error:.3f}, "
            f"largest {check.largest_abs_log_error:.3f} ({check.n} campaigns)"
        )
    for test in found.backtests:
        origins = f"{test.origins} origin{'' if test.origins == 1 else 's'}"
        print(
            f"back-test, {test.source}, {test.metric.replace('_', ' ')}: {test.calibrated:.3f} calibrated, "
            f"{test.rival:.3f} {test.best_rival.replace('_', ' ')} ({origins})"
        )
    for fit in found.curve:
        people = f"{fit.people / 1e6:.0f} million people"
        print(f"the platform's curve of 2017, audience {fit.audience} ({people}): rms log error {fit.rms:.3f}")
    if found.referee is not None:
        judged = found.referee
        beyond = f"{judged.beyond} of {judged.comparisons:,} figures beyond their limits"
        print(f"kernel against simulation, {judged.date}: {beyond} ({judged.campaigns} campaigns)")
    if found.recovery is not None:
        known = found.recovery
        held = f"{known.coverage:.1%} of {known.intervals:,} 80 % intervals"
        print(f"known parameters: {held} ({known.accounts:,} simulated accounts)")
    print(f"measured {found.date} · model {found.model_version} · parameters {found.parameter_digest}")
    if not found.is_current:
        print("note: parameters have changed since; measure again with python -m tools.research.validate_calibration")
    return 0


def _dated(found: Recovery | RefereeCheck | None) -> dict[str, Any] | None:
    """Return a record as plain values, its date as text."""
    from dataclasses import asdict

    return None if found is None else {**asdict(found), "date": found.date.isoformat()}


def _read(name: str, options: argparse.Namespace) -> pd.DataFrame:
    """Return the campaigns of an export, those that tell no country being of the one given."""
    from simulator.learning.export.export import read_ads_manager

    country = None if options.country is None else _country(options.country)
    frame = read_ads_manager(name, _mapping(options.column), day_first=options.day_first)
    if country is not None:
        attributes = dict(frame.attrs)
        frame = frame.assign(country=frame["country"].astype(object).where(frame["country"].notna(), country))
        frame.attrs = attributes
    return frame


def _country(code: str) -> str:
    """Return a country's code in capitals, refusing what is none: its campaigns would count as nowhere's."""
    from simulator.reference.places import check_country

    try:
        check_country(code.strip().upper())
    except InvalidInput as error:
        raise InvalidInput(error.code, **{**error.data, "field": "--country", "received": shown(code)}) from None
    return code.strip().upper()


def _check_each_once(exports: list[str], tables: dict[str, pd.DataFrame]) -> None:
    """Refuse an export that is given twice, under whatever name: its campaigns would count twice."""
    seen: set[str] = set()
    for name in exports:
        digest = str(tables[name].attrs["sha256"])
        if digest in seen:
            raise InvalidInput("duplicate_choice", field="EXPORT", received=shown(name))
        seen.add(digest)


def _mapping(entries: list[str]) -> dict[str, str] | None:
    pairs = [entry.partition("=") for entry in entries]
    for entry, (field, separator, header) in zip(entries, pairs, strict=True):
        if not (field and separator and header):
            raise InvalidInput("wrong_type", field=FIELD, received=shown(entry), allowed="FIELD=HEADER")
    return {field.strip(): header.strip() for field, _, header in pairs} or None


def _entries(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, with None where a figure is missing."""
    rows = table.astype(object).where(table.notna(), None).to_dict(orient="records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _say_dropped(dropped: tuple[Any, ...]) -> None:
    for reason, count in sorted(Counter(str(entry["reason"]) for entry in dropped).items()):
        rows = [int(entry["row"]) + 1 for entry in dropped if entry["reason"] == reason][:5]
        more = ", …" if count > len(rows) else ""
        print(f"note: {reason.replace('_', ' ')} ({count}; row {', '.join(map(str, rows))}{more})")
