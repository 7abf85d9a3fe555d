"""The command line: ``adsim simulate FILE.json``, ``adsim curve FILE.json``, ``adsim places TEXT``, ``adsim app``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from simulator.apps.cli import channels, learning, money, planning, report, server
from simulator.apps.cli.money import add_options, add_own, own_parameters, with_money
from simulator.apps.cli.printing import figure, note, print_json, print_table, read_campaign
from simulator.base.errors import InvalidInput, ParameterError, SimulatorError, shown
from simulator.base.version import MODEL_VERSION

if TYPE_CHECKING:
    from simulator.campaign.campaign import Campaign
    from simulator.forecasting.engine import Settings
    from simulator.learning.calibration import Calibration

BAD_INPUT = 2
"""Exit code for anything the user can correct in what was typed or in the files given."""
FAILED = 1
"""Exit code for what the machine refuses: a damaged table, a full disk, an unwritable place; and nothing found."""
REFUSED_BY_MACHINE = frozenset(
    {"cannot_read", "cannot_write", "disk_full", "driver_missing", "missing_package", "read_only"}
)
"""Codes of errors that are the machine's, whatever their class."""
PORTS = 1, 65_535
FAMILIES = (money, learning, planning, channels, report, server)
"""Each adds its commands to the parser, and imports what they run only when they run."""
STOPPED = 130
"""Exit code after Ctrl+C, as shells have it."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"adsim: {message}. See '{self.prog} --help'.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    _print_anything()
    options = argparse.Namespace()
    try:
        try:
            _parser().parse_args(arguments, options)
            return int(options.run(options))
        finally:  # also after --help, which leaves by SystemExit
            if sys.stdout is not None:
                sys.stdout.flush()
    except SimulatorError as error:
        sys.stderr.write(f"adsim: {' '.join(_as_typed(error, options).message.split())}\n")
        asked = isinstance(error, (InvalidInput, ParameterError)) and error.code not in REFUSED_BY_MACHINE
        return BAD_INPUT if asked else FAILED
    except BrokenPipeError:  # "adsim places saint | head -1" has read enough
        _drop_output()
        return 0
    except OSError as error:
        _drop_output()
        sys.stderr.write(f"adsim: the system refused: {error.strerror or error}\n")
        return FAILED
    except KeyboardInterrupt:
        sys.stderr.write("adsim: stopped\n")
        return STOPPED


def _print_anything() -> None:
    """Let a terminal or pipe that lacks a letter (Windows: cp1252) show "?" rather than end in an error."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")


def _drop_output() -> None:
    """Point the output to nowhere, so that Python does not try to write the rest of it at the end."""
    with suppress(AttributeError, OSError):  # an output that is no file has nothing left to write
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _as_typed(error: SimulatorError, options: argparse.Namespace) -> SimulatorError:
    """Name what is wrong as it was typed: ``--seed`` and ``EXPORT``, not the names that Python has for them.

    A command's ``typed`` says which option holds what where the names differ; a name is only replaced where that
    option was given, and never that of an entry of a file.
    """
    if "file" in error.data:
        return error
    name, _, rest = str(error.data.get("field", "")).partition(".")
    option = getattr(options, "typed", {}).get(name, name)
    if option.isupper():
        field = option
    elif getattr(options, option.lstrip("-").replace("-", "_"), None) is not None and option not in ("file", "typed"):
        field = f"--{option.lstrip('-').replace('_', '-')}"
    else:
        return error
    return type(error)(error.code, **{**error.data, "field": f"{field}.{rest}" if rest else field})


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="adsim", description="Facebook and Instagram ad-budget simulator.")
    parser.add_argument("--version", action="version", version=f"adsim {MODEL_VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_simulate(commands)
    _add_curve(commands)
    _add_audience(commands)
    _add_places(commands)
    for family in FAMILIES:
        family.add(commands)
    app = commands.add_parser("app", help="open the simulator in the browser")
    app.add_argument("--port", type=int, default=8501, help="first port tried")
    app.add_argument("--no-browser", action="store_true", help="only serve; open no browser window")
    app.set_defaults(run=_app)
    return parser


def _add_simulate(commands: Any) -> None:
    command = commands.add_parser("simulate", help="forecast the campaign of a file")
    command.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    add_options(command)
    add_own(command)
    _add_draws(command)
    command.set_defaults(run=_simulate, typed={"bought_in": "door"})


def _add_curve(commands: Any) -> None:
    command = commands.add_parser("curve", help="exposure against the daily budget")
    command.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    command.add_argument("--budgets", metavar="1,2,5", help="daily budgets, in the campaign's currency")
    command.add_argument(
        "--format",
        choices=("table", "delivery-estimate"),
        default="table",
        help="delivery-estimate: JSON in the shape of the platform's withdrawn estimate",
    )
    add_options(command)
    add_own(command)
    _add_draws(command)
    command.set_defaults(run=_curve, typed={"daily_budgets": "budgets", "bought_in": "door"})


def _add_audience(commands: Any) -> None:
    command = commands.add_parser("audience", help="who could be shown the campaign of a file, and by which source")
    command.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_audience)


def _add_places(commands: Any) -> None:
    command = commands.add_parser("places", help="find a town by name or postal code")
    command.add_argument("text", metavar="TEXT")
    command.add_argument("--country", metavar="CC", help="two-letter code, such as FR or CA")
    command.add_argument("--limit", type=int, default=10, help="most towns, 1 to 1,000")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_places)


def _add_draws(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--draws", type=int, default=512, help="draws behind the bands")
    command.add_argument("--calibration", metavar="LEARNT.json", help="what adsim calibrate --out has kept")


def _simulate(options: argparse.Namespace) -> int:
    from simulator.forecasting.bill import bill
    from simulator.forecasting.simulate import simulate

    campaign = with_money(read_campaign(options.file), options)
    forecast = simulate(campaign, **_settings(campaign, options))
    if options.json:
        print_json(forecast.to_dict())
        return 0
    frame = forecast.to_frame()
    rows = [[name, *(figure(row[key]) for key in ("p10", "p50", "p90")), row["unit"]] for name, row in frame.iterrows()]
    for k, band in enumerate(forecast.reach_kplus[1:], start=2):
        rows.append([f"reach_{k}plus", *(figure(x) for x in (band.p10, band.p50, band.p90)), "people"])
    rows = [[*row[:4], row[4].replace("money", forecast.currency)] for row in rows]
    print_table(["metric", "p10", "p50", "p90", "unit"], rows)
    for flag in (*forecast.reasons, *forecast.flags):
        print(f"note: {note(flag.to_dict())}")
    billed = bill(campaign)
    print(f"leaves the account: {billed.total:.2f} {billed.currency}, of which showings {billed.media:.2f}")
    print(f"80 % between p10 and p90 · model {forecast.model_version} · parameters {forecast.parameter_digest}")
    return 0


def _curve(options: argparse.Namespace) -> int:
    from simulator.forecasting.simulate import budget_curve, simulate

    campaign = with_money(read_campaign(options.file), options)
    if options.format == "delivery-estimate":
        if options.budgets is not None:
            allowed = "--format table; the estimate has budgets of its own"
            raise InvalidInput("unknown_choice", field="--budgets", received=shown(options.budgets), allowed=allowed)
        forecast = simulate(campaign, **_settings(campaign, options))
        print_json({"data": [forecast.to_delivery_estimate()]})
        return 0
    budgets = _usual_budgets(campaign) if options.budgets is None else _amounts(options.budgets)
    frame = budget_curve(campaign, budgets, **_settings(campaign, options))
    if options.json:
        print_json({"currency": campaign.currency, "curve": frame.reset_index().to_dict(orient="records")})
        return 0
    columns = ["reach_p10", "reach_p50", "reach_p90", "impressions_p50", "frequency_p50", "link_clicks_p50", "cpm_p50"]
    rows = [[f"{budget:g}", *(figure(row[name]) for name in columns)] for budget, row in frame.iterrows()]
    print_table([f"{campaign.currency}/day", *columns], rows)
    return 0


def _audience(options: argparse.Namespace) -> int:
    from simulator.forecasting.audience import estimate_audience
    from simulator.reference.parameters import load_parameters

    campaign = read_campaign(options.file)
    audience = estimate_audience(campaign.targeting, load_parameters(), campaign.platforms)
    if options.json:
        print_json(audience.to_dict())
        return 0
    rows = [
        [row["country"], row["age_band"], row["sex"], row["presence"], figure(row["people"])] for row in audience.rows()
    ]
    print_table(["country", "ages", "sex", "presence", "people"], rows)
    low, high = audience.range
    print(f"total {figure(audience.size)} people ({figure(low)} to {figure(high)}), {audience.gauge.replace('_', ' ')}")
    for flag in audience.reasons:
        print(f"note: {note(flag.to_dict())}")
    for source in audience.sources:
        print(f"source: {source}")
    return 0


def _places(options: argparse.Namespace) -> int:
    from simulator.base.validation import in_range
    from simulator.reference.places import search_places
    from simulator.reference.places.search import MAX_FOUND

    in_range("limit", options.limit, 1, MAX_FOUND)
    if not options.text.strip():
        raise InvalidInput("missing", field="TEXT", allowed="the beginning of a name, or a postal code")
    found = search_places(options.text, limit=options.limit, country=options.country)
    if options.json:
        keys = ("code", "name", "country_code", "region", "latitude", "longitude", "population")
        print_json([{key: getattr(place, key) for key in keys} for place in found])
        return 0
    if not found:
        sys.stderr.write(f"adsim: no place is called {shown(options.text)}. Try fewer letters.\n")
        return FAILED
    rows = [[place.name, place.region, place.country_code, place.code, figure(place.population)] for place in found]
    print_table(["name", "region", "country", "code", "people"], rows)
    return 0


def _app(options: argparse.Namespace) -> int:
    from simulator.apps.web.server import open_app
    from simulator.base.validation import in_range

    in_range("port", options.port, *PORTS)
    return open_app(options.port, no_browser=options.no_browser)


def _amounts(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        allowed = "amounts separated by commas, such as 1,2,5"
        raise InvalidInput("wrong_type", field="--budgets", received=shown(text), allowed=allowed) from None


def _settings(campaign: Campaign, options: argparse.Namespace) -> Settings:
    """Return what the options say a forecast depends on."""
    return {
        "seed": options.seed,
        "draws": options.draws,
        "calibration": _learnt(options),
        "parameters": own_parameters(options, campaign.currency),
    }


def _learnt(options: argparse.Namespace) -> Calibration | None:
    if options.calibration is None:
        return None
    from simulator.learning.calibration import Calibration

    learnt = Calibration.load(options.calibration)
    if learnt.is_outdated:
        again = "learn it again: adsim calibrate EXPORT --out FILE"
        sys.stderr.write(f"adsim: note: {options.calibration} was learnt by an earlier version; {again}\n")
    return learnt


def _usual_budgets(campaign: Campaign) -> list[float]:
    """Return twelve budgets from a fifth to ten times the campaign's own, as far as they are allowed."""
    steps = (0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0)
    own = campaign.spend_per_day
    budgets = [own if step == 1.0 else float(f"{own * step:.6g}") for step in steps]
    return [budget for budget in budgets if budget <= campaign.most_per_day]
