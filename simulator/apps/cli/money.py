"""What leaves the account: ``adsim bill FILE``, and ``--all-in``, ``--tax`` and ``--door`` of the other commands."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from simulator.apps.cli.printing import note, print_json, print_table, read_campaign

if TYPE_CHECKING:
    from simulator.campaign.campaign import Campaign

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
