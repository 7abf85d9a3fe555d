"""Channels other than paid reach: ``adsim organic``, ``adsim customers FILE.json``, ``adsim networks FILE.json``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from simulator.apps.cli.printing import figure, print_json, print_table, read_campaign
from simulator.base.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simulator.channels import Alternative, Business, Page

OWN = {
    "basket": "amount of one order, in the campaign's currency",
    "margin": "what remains of it, share",
    "enquiry_rate": "enquiries per link click",
    "conversion": "sales per enquiry",
    "need_rate": "times an adult needs the trade, a year",
    "chosen": "share of those needs, while it is remembered, that come to this business",
    "remembered": "share of the people reached who remember it",
    "memory_half_life": "days until half have forgotten",
    "delay": "days from the enquiry to the sale",
}
"""What may be given of a business; the rest is taken from its trade."""
BANDS = ("p10", "p50", "p90")
WEEKS = 8


def add(commands: Any) -> None:
    """Add the commands of this family."""
    free = commands.add_parser("organic", help="what a page brings without paying")
    free.add_argument("file", metavar="PAGE.json", nargs="?", help='a page, such as {"followers": 800}')
    free.add_argument("--followers", type=float)
    free.add_argument("--posts-per-week", type=float, metavar="N")
    free.add_argument("--format", help="photo, video, link or status")
    free.add_argument("--replies", help="none, some or all comments are answered")
    free.add_argument("--network", help="facebook or instagram")
    free.add_argument("--usual-reach", type=float, metavar="N", help="people whom a post reaches, by its statistics")
    free.add_argument("--hashtags", action="store_true", default=None)
    free.add_argument("--weeks", type=int, help="how far to look, 1 to 52; 8 where absent")
    free.add_argument("--beside", metavar="FILE.json", help="the same money four ways, for the campaign of a file")
    _add_draws(free)
    free.set_defaults(run=_organic)
    bring = commands.add_parser("customers", help="enquiries and sales of the campaign of a file")
    bring.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    bring.add_argument("--trade", help="another than the campaign's")
    for name, meaning in OWN.items():
        bring.add_argument(f"--{name.replace('_', '-')}", type=float, metavar="N", help=meaning)
    _add_draws(bring)
    bring.set_defaults(run=_customers)
    where = commands.add_parser("networks", help="how many of those aimed at use each network")
    where.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    where.add_argument("--json", action="store_true", help="print JSON")
    where.set_defaults(run=_networks)


def _add_draws(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--draws", type=int, default=512, help="draws behind the bands")


def _organic(options: argparse.Namespace) -> int:
    from simulator.channels import organic

    page = _page(options)
    if options.beside is not None:
        return _compare(page, options)
    found = organic(page, WEEKS if options.weeks is None else options.weeks, seed=options.seed, draws=options.draws)
    if options.json:
        print_json(found.to_dict())
        return 0
    _print_bands(found.rows())
    passed_on = found.earned
    print(f"shares bring it to {figure(passed_on.reach.p50)} more ({figure(passed_on.reach.p90)} in one case of ten)")
    print(f"chance of a buzz, more than ten times the usual: {figure(100.0 * passed_on.chance_of_buzz)} %")
    print(
        f"80 % between p10 and p90 · {found.posts} posts in {found.weeks} weeks · parameters {found.parameter_digest}"
    )
    return 0


def _page(options: argparse.Namespace) -> Page:
    from simulator.base.files import read_json
    from simulator.channels import Page

    names = ("followers", "posts_per_week", "format", "replies", "network", "usual_reach", "hashtags")
    typed = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    page = read_json(options.file) if options.file is not None else {}
    return Page.from_dict({**page, **typed} if isinstance(page, dict) else page)


def _compare(page: Page, options: argparse.Namespace) -> int:
    from simulator.channels import alternatives

    if options.weeks is not None:
        allowed = "without --beside: there, the days are the campaign's"
        raise InvalidInput("unknown_choice", field="--weeks", received=options.weeks, allowed=allowed)
    campaign = read_campaign(options.beside)
    found = alternatives(campaign, page, seed=options.seed, draws=options.draws)
    if options.json:
        print_json([row.to_dict() for row in found])
        return 0
    columns = ["reach", "link_clicks", "interactions", "earned_reach", "enquiries_year", "sales_year"]
    rows = [
        [row.name, figure(row.spend), *(_span(row, name) for name in columns), *_chance(row, "boosted_post")]
        for row in found
    ]
    print_table(["way", campaign.currency, *columns, "beats boosting"], rows)
    print("p10 to p90 · within twelve months: enquiries, sales · beats boosting: on the same luck, more enquiries")
    return 0


def _span(row: Alternative, name: str) -> str:
    band = getattr(row, name)
    return f"{figure(band.p10)}–{figure(band.p90)}"


def _chance(row: Alternative, other: str) -> list[str]:
    return [f"{100.0 * row.better[other]:.0f} %" if other in row.better else "–"]


def _customers(options: argparse.Namespace) -> int:
    from simulator.channels import customers

    campaign = read_campaign(options.file)
    business = _business(options, campaign.trade)
    found = customers(campaign, business, seed=options.seed, draws=options.draws)
    if options.json:
        print_json(found.to_dict())
        return 0
    _print_bands(found.rows())
    for name, chance in found.chances.items():
        print(f"chance of {name.replace('_', ' ')}: {100.0 * chance:.0f} %")
    orders, amount = found.break_even_orders, f"{found.basket:g} {found.currency}"
    print(f"it takes {orders} orders of {amount} ({found.margin:g} of it remains) to pay back {found.spend:g}")
    print(f"trade {found.trade} · 80 % between p10 and p90 · parameters {found.parameter_digest}")
    if found.assumed:
        print(f"assumptions: {', '.join(found.assumed)}")
    return 0


def _business(options: argparse.Namespace, trade: str | None) -> Business:
    from simulator.channels import Business

    typed = {name: getattr(options, name) for name in OWN if getattr(options, name) is not None}
    return Business(trade=trade if options.trade is None else options.trade, **typed)


def _networks(options: argparse.Namespace) -> int:
    from simulator.channels import networks

    found = networks(read_campaign(options.file).targeting)
    if options.json:
        print_json([row.to_dict() for row in found])
        return 0
    rows = []
    for row in found:
        shares = [f"{100.0 * share:.0f}" for share in (row.low, row.share, row.high)] if row.is_open else ["–"] * 3
        people = figure(row.people) if row.is_open else "closed"
        good_for = ", ".join(row.good_for).replace("_", " ") or "–"
        rows.append([row.network, *shares, people, str(row.year), good_for])
    print_table(["network", "p10 %", "p50 %", "p90 %", "people", "year", "good for"], rows)
    for source in dict.fromkeys(source for row in found for source in row.sources):
        print(f"source: {source.publisher}: {source.title}")
    return 0


def _print_bands(rows: Iterable[Mapping[str, Any]]) -> None:
    table = [[row["name"], *(figure(row[name]) for name in BANDS), row["unit"]] for row in rows]
    print_table(["figure", *BANDS, "unit"], table)
