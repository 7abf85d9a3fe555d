"""Learn from one's own campaigns: ``adsim calibrate EXPORT…``, ``adsim backtest EXPORT``, ``adsim validate``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from simulator.apps.cli import printing
from simulator.apps.cli.printing import figure, print_json, print_table, read_campaign
from simulator.base.errors import InvalidInput, shown

if TYPE_CHECKING:
    import pandas as pd

    from simulator.learning.calibration import Calibration
    from simulator.learning.validation_figures import PriceCheck, Recovery, RefereeCheck

LEAST_LEARNT = 0.05
"""Share of the doubt gone, below which a table says nothing of a parameter."""
UNDER_WAY = ("spend", "impressions", "reach", "frequency", "cpm", "link_clicks", "cpc_link")
"""Metrics told of a campaign under way."""
EXPORTS = "CSV, XLSX or JSON of Ads Manager, its API or a connector"
FIELD = "--column"
MOST_UNITS = 1e7
"""Units of a currency for one euro, beyond which a rate is mistyped."""
FIRST_ROWS = 5
"""Rows named of those with one reason."""
READ = {"path_or_file": "EXPORT", "observations": "EXPORT", "mapping": "column"}
"""What the options are called that hold the arguments of the reader."""


def add(commands: Any) -> None:
    """Add the commands of this family."""
    learn = commands.add_parser("calibrate", help="learn from the campaigns of Ads Manager exports")
    learn.add_argument("exports", metavar="EXPORT", nargs="+", help=EXPORTS)
    learn.add_argument("--out", metavar="FILE", help="keep what was learnt in this file, - for the standard output")
    learn.add_argument("--name", default="", help="name to keep it under")
    learn.add_argument(
        "--clients", action="store_true", help="each export is a client: learn for one more of their kind"
    )
    learn.add_argument(
        "--aimed-at",
        metavar="FILE.json",
        help="campaign file that says whom they aimed at; otherwise, whom the campaign that is forecast aims at",
    )
    _add_reading(learn)
    learn.set_defaults(run=_calibrate, typed={**READ, "calibration": "out"})
    _add_update(commands)
    test = commands.add_parser("backtest", help="forecast each campaign of an export from the earlier ones")
    test.add_argument("exports", metavar="EXPORT", nargs=1, help=EXPORTS)
    _add_reading(test)
    test.set_defaults(run=_backtest, typed=READ)
    told = commands.add_parser("validate", help="how forecasts did on real campaigns that they had never seen")
    told.add_argument("--json", action="store_true", help="print JSON")
    told.set_defaults(run=_validate)


def _add_update(commands: Any) -> None:
    way = commands.add_parser("update", help="final figures of a campaign under way, and whether to keep it")
    way.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone, as it was planned")
    way.add_argument("--days", type=int, required=True, help="full days that have run")
    way.add_argument("--spend", type=float, required=True, help="spent so far, in the campaign's currency")
    way.add_argument("--impressions", type=float, help="so far")
    way.add_argument("--reach", type=float, help="people so far, each once: not the sum of the days")
    way.add_argument("--clicks", type=float, help="link clicks so far")
    way.add_argument("--calibration", metavar="LEARNT.json", help="what adsim calibrate --out has kept")
    way.add_argument("--seed", type=int, default=0)
    way.add_argument("--json", action="store_true", help="print JSON")
    way.set_defaults(run=_update)


def _add_reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("--country", metavar="CC", help="country of campaigns that tell none, such as FR")
    command.add_argument("--currency", metavar="CODE", help="money of campaigns that tell none, such as EUR")
    command.add_argument(
        "--rate", metavar="CODE=UNITS", help="units of a currency for one euro, such as XOF=655.957: goes before ours"
    )
    command.add_argument("--repeated", action="store_true", help="count rows that say the same twice, not once")
    command.add_argument(FIELD, metavar="FIELD=HEADER", action="append", default=[], help='such as spend="Total paid"')
    order = command.add_mutually_exclusive_group()
    order.add_argument("--day-first", dest="day_first", action="store_true", default=None, help="05/06/2026 is 5 June")
    order.add_argument("--month-first", dest="day_first", action="store_false", help="05/06/2026 is 6 May")
    command.add_argument("--json", action="store_true", help="print JSON")


def _calibrate(options: argparse.Namespace) -> int:
    from simulator.learning.calibrate import calibrate
    from simulator.learning.rows import pooled, stacked
    from simulator.reference.parameters import load_parameters

    printing.check(options.out, as_json=options.json)
    tables = {name: _read(name, options) for name in options.exports}
    _check_each_once(options.exports, tables)
    table = pooled(tables) if options.clients else stacked(list(tables.values()))
    targeting = None if options.aimed_at is None else read_campaign(options.aimed_at).targeting
    learnt = calibrate(table, targeting=targeting, name=options.name)
    if options.out == printing.STANDARD:
        with printing.written(options.out) as file:
            file.write(f"{learnt.to_json()}\n".encode())
    elif options.out is not None:
        learnt.save(options.out)
    if options.json:
        before_after = learnt.before_after(load_parameters()).to_dict(orient="records")
        print_json(
            {
                "rows": learnt.rows,
                "reason": learnt.reason,
                "accounts": len(learnt.accounts) or 1,
                "before_after": before_after,
                "dropped": [dict(entry) for entry in learnt.dropped],
                **_noticed(tables, table, learnt.dropped),
                "saved": options.out,
            }
        )
        return 0
    with printing.said_beside(options.out):
        _say_learnt(learnt)
        _say_noticed(_noticed(tables, table, learnt.dropped))
        if options.out not in (None, printing.STANDARD):
            print(f"saved: {options.out}")
    return 0


def _update(options: argparse.Namespace) -> int:
    from simulator.forecasting.simulate import simulate
    from simulator.learning.calibration import Calibration
    from simulator.learning.running import update, verdict

    campaign = read_campaign(options.file)
    learnt = None if options.calibration is None else Calibration.load(options.calibration)
    so_far = {name: getattr(options, name) for name in ("days", "spend", "impressions", "reach")}
    now = update(campaign, so_far | {"link_clicks": options.clicks}, learnt, seed=options.seed)
    said = verdict(simulate(campaign, calibration=learnt, seed=options.seed), now)
    if options.json:
        print_json({"forecast": now.to_dict(), "verdict": asdict(said)})
        return 0
    rows = [
        [name, *(figure(value) for value in (band.p10, band.p50, band.p90))]
        for name, band in ((name, getattr(now, name)) for name in UNDER_WAY)
    ]
    print_table(["at the end", "p10", "p50", "p90"], rows)
    print(said.sentence)
    return 0


def _say_learnt(learnt: Calibration) -> None:
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


def _backtest(options: argparse.Namespace) -> int:
    from simulator.learning.backtest import backtest

    export = _read(options.exports[0], options)
    found = backtest(export)
    noticed = _noticed({options.exports[0]: export}, export, found.dropped)
    tables = {"errors": found.errors, "given_impressions": found.given_impressions}
    if options.json:
        entries = {name: _entries(table) for name, table in tables.items()}
        dropped = [dict(entry) for entry in found.dropped]
        print_json({"origins": found.origins, **entries, "dropped": dropped, **noticed})
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
    _say_noticed(noticed)
    if found.origins:
        print(f"{found.origins} dates forecast from the campaigns before them")
    else:
        print("note: no campaign has an earlier one; these are the shipped figures alone")
    return 0


def _validate(options: argparse.Namespace) -> int:
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
                "prices": _dated(found.prices),
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
    if found.prices is not None:
        _print_prices(found.prices)
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


def _print_prices(prices: PriceCheck) -> None:
    print(
        f"prices, {prices.date}: {prices.accounts} accounts of {len(prices.sources)} sources, each forecast by the "
        f"others: median ln(paid/forecast) {prices.bias:+.2f}, median error {prices.error:.2f}, "
        f"{prices.inside:.0%} of cells and {prices.single:.0%} of single ad sets inside"
    )
    for one in sorted(prices.sources, key=lambda one: one.bias):
        print(f"  {one.source}: {one.bias:+.2f}, {one.single:.0%} inside ({one.cells} cells, {one.accounts} accounts)")
    if not prices.is_current:
        print("note: prices have changed since; measure again with python -m tools.research.leave_one_source_out")


def _dated(found: PriceCheck | Recovery | RefereeCheck | None) -> dict[str, Any] | None:
    """Return a record as plain values, its date as text."""
    return None if found is None else {**asdict(found), "date": found.date.isoformat()}


def _read(name: str, options: argparse.Namespace) -> pd.DataFrame:
    """Return the campaigns of an export, those that tell no country being of the one given."""
    from simulator.learning.export.export import read_ads_manager
    from simulator.learning.export.frame import in_euros

    told = {
        "country": None if options.country is None else _country(options.country),
        "currency": None if options.currency is None else _currency(options.currency, "--currency"),
    }
    rate = None if options.rate is None else _rate(options.rate)
    frame = read_ads_manager(
        name, _mapping(options.column), day_first=options.day_first, keep_repeated=options.repeated
    )
    attributes = dict(frame.attrs)
    for column, value in told.items():
        if value is not None:
            frame = frame.assign(**{column: frame[column].astype(object).where(frame[column].notna(), value)})
    if told["currency"] is not None:
        attributes["warnings"] = [entry for entry in attributes["warnings"] if entry["code"] != "no_currency"]
    frame = frame if rate is None else in_euros(frame, *rate)
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


def _currency(code: str, option: str) -> str:
    """Return the code of a currency that money may be told in; which rates are known is another question."""
    from simulator.learning.export.values import currency_of

    found = currency_of(code)
    if found is None:
        raise InvalidInput("unknown_currency", field=option, received=shown(code), allowed="EUR, CAD, XOF …")
    return found


def _rate(entry: str) -> tuple[str, float]:
    """Return a currency and how many units of it one euro buys."""
    code, _, units = entry.partition("=")
    try:
        rate = float(units.replace(",", "."))
    except ValueError:
        rate = 0.0
    if not 0.0 < rate < MOST_UNITS:
        allowed = "CODE=UNITS, such as XOF=655.957"
        raise InvalidInput("wrong_type", field="--rate", received=shown(entry), allowed=allowed)
    return _currency(code, "--rate"), rate


def _noticed(
    tables: Mapping[str, pd.DataFrame], table: pd.DataFrame, dropped: Sequence[Mapping[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Return what the reader noticed, and which rows were left out or changed, why, and their share of the spend."""
    warnings = [{"export": name, **entry} for name, one in tables.items() for entry in one.attrs["warnings"]]
    left_out = [
        {"export": name, "reason": code, "count": lost["rows"], "rows": None, "spend_share": lost["spend_share"]}
        for name, one in tables.items()
        for code, lost in one.attrs["left_out"].items()
    ]
    spend = table["spend"].to_numpy(dtype=float)
    whole = float(spend.sum()) or 1.0
    for reason in dict.fromkeys(str(entry["reason"]) for entry in dropped):
        rows = [int(entry["row"]) for entry in dropped if entry["reason"] == reason]
        share = float(spend[[row for row in rows if row < len(spend)]].sum()) / whole
        left_out.append({"export": None, "reason": reason, "count": len(rows), "rows": rows, "spend_share": share})
    return {"warnings": warnings, "left_out": left_out}


def _say_noticed(noticed: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print it: of each remark of the reader the first rows, of each reason the share of the spend."""
    once: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for entry in noticed["warnings"]:
        once.setdefault((str(entry["export"]), str(entry["code"]), str(entry["data"].get("column"))), []).append(entry)
    several = len({export for export, _, _ in once}) > 1
    for (export, _, _), entries in once.items():
        where = _rows([entry["row"] for entry in entries], sum(entry["count"] for entry in entries))
        before = f"{export}: " if several else ""
        print(f"note: {before}{entries[0]['action']}: {entries[0]['text']}{f' ({where})' if where else ''}")
    for entry in sorted(noticed["left_out"], key=lambda one: str(one["reason"])):
        where = _rows([row + 1 for row in entry["rows"] or ()], entry["count"])
        parts = [str(entry["count"]), *([where] if where else []), f"{entry['spend_share']:.0%} of the spend"]
        print(f"note: {entry['reason'].replace('_', ' ')} ({'; '.join(parts)})")


def _rows(numbers: Sequence[int | None], count: int) -> str:
    """Return the first rows of so many in words."""
    first = [str(number) for number in numbers if number is not None][:FIRST_ROWS]
    return f"row {', '.join(first)}{', …' if count > len(first) else ''}" if first else ""


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
