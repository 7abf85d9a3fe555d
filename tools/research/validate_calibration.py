"""Judge the forecasts by the public evidence and write what came of it, good or bad.

Usage: ``python -m tools.research.validate_calibration [--accounts N] [--check]``. Every source is forecast by defaults
that the other sources give (the estimator of ``make defaults``); nothing is widened or moved by looking at what comes
out. Writes the text between the markers ``calibration:begin`` and ``calibration:end`` of docs/validation.md and
simulator/learning/validation.json. With ``--accounts`` (1,000 for the page: a few minutes) the recovery of known
parameters is measured anew; without, the last figure stands, with its date. ``--check`` writes nothing.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from pathlib import Path
from typing import Any

from simulator.base.version import MODEL_VERSION
from simulator.learning.validation_figures import CALIBRATED, DEFAULTS, FILE, SCHEMA_VERSION, digest
from simulator.reference.parameters import load_parameters
from tools.check.kernel_report import write_section
from tools.research import evidence, left_out, platform_curve
from tools.research.calibration_report import report
from tools.research.recovery import months, one_more, recovery

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "validation.md"
PACKED = ROOT / "simulator" / "learning" / FILE
ON_THE_PAGE = ("by_role", "one_more")
"""Figures of the recovery that stand on the page only."""
ACCOUNTS_PER_POOL = 5
"""For so many simulated accounts, one pool of clients."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="validate_calibration", description=__doc__.splitlines()[0])
    parser.add_argument("--accounts", type=int, default=0, help="simulated accounts of the recovery")
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    if not evidence.exists():
        sys.stderr.write(f"validate_calibration: no evidence in {evidence.FOLDER}\n")
        return 2
    found = measured(options.accounts)
    text = report(found)
    print(text)
    if not options.check:
        PACKED.write_text(json.dumps(packed(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        write_section(PAGE, "calibration", text)
    return 0


def measured(accounts: int) -> dict[str, Any]:
    """Return all that is measured."""
    return {
        "date": datetime.date.today().isoformat(),
        "sources": [left_out.source_result(source) for source in evidence.SOURCES],
        "saturated": left_out.reach_given_impressions(evidence.MIGRANTS),
        "saturated_coverage": left_out.saturated_coverage(),
        "curve": platform_curve_rows(),
        "months": months(),
        "recovery": _recovery(accounts),
    }


def platform_curve_rows() -> dict[str, platform_curve.Shape]:
    """Return the two fits of the platform's curve: audience free, and the stated daily users."""
    parameters = load_parameters()
    return {"free": platform_curve.fitted(parameters, None), "stated": platform_curve.everyone(parameters)}


def packed(found: dict[str, Any]) -> dict[str, Any]:
    """Return what the package ships: coverage, reach, back-tests, recovery, the platform's curve."""
    coverage, reach, tests = [], [], []
    for source in found["sources"]:
        for method in (DEFAULTS, CALIBRATED):
            coverage += [
                {"source": source["name"], "metric": metric, "method": method, **_rounded(entry)}
                for metric, entry in source[method].items()
            ]
        reach.append(_reach(source["name"], source["reach_given_impressions"]))
        for metric, by in source["errors"].items():
            rival = left_out.best_rival(by)
            tests.append(
                {
                    "source": source["name"],
                    "metric": metric,
                    "origins": source["origins"],
                    "calibrated": round(by["calibrated"], 6),
                    "best_rival": rival,
                    "rival": round(by[rival], 6),
                }
            )
    given = {"source": evidence.MIGRANTS, "metric": "reach_given_impressions", "method": DEFAULTS}
    coverage.append({**given, **_rounded(found["saturated_coverage"])})
    reach.append(_reach(evidence.MIGRANTS, found["saturated"]))
    recovered = {name: value for name, value in (found["recovery"] or {}).items() if name not in ON_THE_PAGE}
    return {
        "schema_version": SCHEMA_VERSION,
        "date": found["date"],
        "model_version": MODEL_VERSION,
        "parameter_digest": digest(load_parameters()),
        "level": left_out.LEVEL,
        "coverage": coverage,
        "reach": reach,
        "backtests": tests,
        "recovery": _rounded(recovered) or None,
        **_kept(),
        "curve": [_curve(name, shape) for name, shape in found["curve"].items()],
    }


def _kept() -> dict[str, Any]:
    """Return what tools/check/validate_kernel.py wrote into the file: it stands until that is run again."""
    entries = json.loads(PACKED.read_text(encoding="utf-8")) if PACKED.is_file() else {}
    return {name: entries[name] for name in ("referee", "prices") if name in entries}


def _curve(audience: str, shape: platform_curve.Shape) -> dict[str, Any]:
    rms = {name: round(getattr(shape, name), 6) for name in ("rms", "rms_impressions", "rms_reach")}
    return {"audience": audience, "people": round(shape.audience), **rms}


def _reach(source: str, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": source,
        "n": entry["n"],
        "median_abs_log_error": round(entry["median"], 6),
        "largest_abs_log_error": round(entry["largest"], 6),
    }


def _recovery(accounts: int) -> dict[str, Any] | None:
    """Return the recovery of known parameters, measured now or, with its date, the last time."""
    if accounts:
        return {
            **recovery(accounts),
            "one_more": one_more(-(-accounts // ACCOUNTS_PER_POOL)),
            "date": datetime.date.today().isoformat(),
        }
    entries = json.loads(PACKED.read_text(encoding="utf-8")) if PACKED.is_file() else {}
    return entries.get("recovery")


def _rounded(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 6) if isinstance(value, float) else value for name, value in entry.items()}


if __name__ == "__main__":
    sys.exit(main())
