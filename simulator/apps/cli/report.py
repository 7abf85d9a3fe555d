"""``adsim report FILE.json --format pdf|xlsx|csv --out FILE``: the report of a scenario."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from simulator.apps.cli import printing
from simulator.apps.cli.money import add_options, with_money

FORMATS = ("pdf", "xlsx", "csv")
LANGUAGES = ("fr", "en")


def add(commands: Any) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("report", help="write the report of a scenario as PDF, Excel or CSV")
    command.add_argument("file", metavar="FILE.json", help="a scenario file, or a campaign alone")
    command.add_argument(
        "--out",
        metavar="FILE",
        help="file to write, - for the standard output; the name of the scenario file where absent",
    )
    add_options(command)
    command.add_argument("--format", choices=FORMATS, help="pdf unless the name of --out says another")
    command.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    command.add_argument("--letterhead", metavar="PICTURE", help="PNG or JPEG of at most 1 MB, for the PDF")
    command.set_defaults(run=_report, typed={"bought_in": "door"})


def _report(options: argparse.Namespace) -> int:
    from simulator.apps.cli.printing import figure, say_left_out
    from simulator.base.errors import InvalidInput, shown
    from simulator.library.files import load_scenario
    from simulator.presentation import reports

    kind = options.format or _by_name(options.out)
    if options.letterhead and kind != "pdf":
        raise InvalidInput("unknown_choice", field="--letterhead", received=shown(kind), allowed="--format pdf")
    printing.check(options.out, no_text=kind != "csv")
    scenario = load_scenario(options.file)
    say_left_out(options.file, scenario.left_out)
    campaign = with_money(scenario.campaign, options)
    if campaign != scenario.campaign:
        scenario = scenario.replace(campaign=campaign, figures={})
    if kind == "pdf":
        content = reports.pdf(scenario, language=options.language, letterhead=options.letterhead)
    else:
        content = {"xlsx": reports.excel, "csv": reports.csv}[kind](scenario, language=options.language)
    out = options.out or str(Path(options.file).with_suffix(f".{kind}"))
    with printing.written(out, "--out" if options.out else "FILE") as file:
        file.write(content)
    with printing.said_beside(out):
        print(f"{out}: {figure(len(content) / 1000)} kB")
    return 0


def _by_name(out: str | None) -> str:
    """Return the format that a name ends with, PDF where it has no ending; one that is no format is refused."""
    from simulator.base.errors import InvalidInput, shown

    ending = Path(out or "").suffix
    kind = ending.removeprefix(".").lower()
    if ending and kind not in FORMATS:
        raise InvalidInput("unknown_choice", field="--out", received=shown(ending), allowed=", ".join(FORMATS))
    return kind or FORMATS[0]
