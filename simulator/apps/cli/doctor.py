"""``adsim doctor``: whether this installation can serve, each finding with what to do about it."""

from __future__ import annotations

import argparse
from typing import Any

from simulator.apps.cli.printing import print_json

SIGNS = {"ok": "ok   ", "note": "note ", "fault": "FAULT"}
PORTS = 1, 65_535


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser("doctor", help="check this installation: packages, database, folder, clock, secrets")
    command.add_argument("--port", type=int, default=8501, help="port the app is to use")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.set_defaults(run=_doctor)


def _doctor(options: argparse.Namespace) -> int:
    from simulator.accounts.doctor import examine
    from simulator.base.validation import in_range

    in_range("--port", options.port, *PORTS)
    findings = examine(options.port)
    if options.json:
        print_json([finding._asdict() for finding in findings])
    else:
        for finding in findings:
            print(f"{SIGNS[finding.state]}  {finding.what}: {finding.said}")
            if finding.advice:
                print(f"       {finding.advice}")
    return int(any(finding.state == "fault" for finding in findings))
