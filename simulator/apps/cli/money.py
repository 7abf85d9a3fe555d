"""Money: ``adsim bill FILE``; ``--all-in``, ``--tax``, ``--door``, ``--cpm`` and ``--ctr`` of the other commands."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any

from simulator.apps.cli.printing import note, print_json, print_table, read_campaign
from simulator.base.errors import InvalidInput, shown

if TYPE_CHECKING:
    from simulator.campaign.campaign import Campaign
    from simulator.reference.parameters import Parameters

LINES = ("media", "location_fee", "store_fee", "tax", "total", "charged")


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("bill", help="what leaves the account: showings, fees and tax")
    command.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    add_options(command)
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_bill)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options that say what the money of a campaign is."""
    command.add_argument("--all-in", action="store_true", help="the money is all that leaves the account")
    command.add_argument("--tax", metavar="SITUATION", help="of the business: fr_franchise, fr_vat, qc_no_numbers, …")
    command.add_argument("--door", metavar="DOOR", help="where it is bought: web, android, ios")


def with_money(campaign: Campaign, options: argparse.Namespace) -> Campaign:
    """Return the campaign with its money as the options say; what they leave out stays as in the file."""
    said = {"tax": options.tax, "bought_in": options.door}
    changes = {name: value for name, value in said.items() if value is not None}
    if options.all_in:
        changes["budget_is"] = "all_in"
    return campaign.replace(**changes) if changes else campaign


def add_own(command: argparse.ArgumentParser) -> None:
    """Add the options that say what the account pays and how often it is clicked."""
    command.add_argument(
        "--cpm", metavar="9", help="what your account pays for 1,000 impressions, in the campaign's currency, or 9CAD"
    )
    command.add_argument("--ctr", metavar="2%", help="your account's link clicks per impression: 2%% or 0.02")


def own_parameters(options: argparse.Namespace, currency: str) -> Parameters | None:
    """Return the shipped parameters with the CPM and click rate of the options; None where neither is given.

    Raises
    ------
    InvalidInput
        ``not_a_number``, ``out_of_range`` or ``unknown_choice``, at ``--cpm`` or ``--ctr``.
    """
    if options.cpm is None and options.ctr is None:
        return None
    from simulator.reference.parameters import load_parameters

    parameters = load_parameters()
    try:
        if options.cpm is not None:
            amount, unit = _apart(options.cpm, "cpm", "an amount such as 9, or 9CAD")
            parameters = parameters.with_price(cpm=amount, currency=unit or currency)
        if options.ctr is not None:
            rate, unit = _apart(options.ctr, "ctr", "2% or 0.02")
            if unit not in ("", "%"):
                raise InvalidInput("not_a_number", field="ctr", received=shown(options.ctr), allowed="2% or 0.02")
            parameters = parameters.with_click_rate(rate / 100.0 if unit else rate)
    except InvalidInput as error:
        names = {"currency": "--cpm", "cpm": "--cpm", "rate": "--ctr", "ctr": "--ctr"}
        raise error.at(names.get(str(error.data["field"]), str(error.data["field"]))) from None
    return parameters


def _apart(text: str, field: str, allowed: str) -> tuple[float, str]:
    """Return the number and the unit behind it."""
    found = re.fullmatch(r"([0-9.eE+-]*[0-9.])\s*(%|[A-Z]{3})?", text.strip())
    try:
        if found is not None:
            return float(found[1]), found[2] or ""
    except ValueError:
        pass
    raise InvalidInput("not_a_number", field=field, received=shown(text), allowed=allowed)


def _bill(options: argparse.Namespace) -> int:
    from simulator.forecasting.bill import bill

    found = bill(with_money(read_campaign(options.file), options))
    if options.json:
        print_json(found.to_dict())
        return 0
    print_table(["line", found.currency], [[name, f"{getattr(found, name):.2f}"] for name in LINES])
    for flag in found.notes:
        print(f"note: {note(flag.to_dict())}")
    return 0
