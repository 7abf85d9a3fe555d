"""Write scenarios/NAME.expected.json anew: ``make scenarios``, in a commit that says which formula or figure changed.

Printed is by how much each scenario's reach moved, so that nobody refreshes blindly.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from simulator.base.metrics import METRICS
from simulator.campaign.files import read_scenario_file
from simulator.forecasting.simulate import simulate

FOLDER = Path(__file__).resolve().parents[2] / "scenarios"
COMMAND = "make scenarios"
SEED = 0
DRAWS = 512
DIGITS = 10
"""Significant digits kept: beyond the agreement that is asked for, short of what differs between machines."""


def scenarios() -> list[Path]:
    """Return the scenario files, sorted."""
    return sorted(path for path in FOLDER.glob("*.json") if not path.name.endswith(".expected.json"))


def expected_path(scenario: Path) -> Path:
    """Return where the expected figures of a scenario stand."""
    return scenario.with_suffix(".expected.json")


def expected(scenario: Path) -> dict[str, Any]:
    """Return the figures of a scenario as the model gives them now."""
    forecast = simulate(read_scenario_file(scenario).campaign, seed=SEED, draws=DRAWS)
    entries = forecast.to_dict()
    return {
        "model_version": entries["model_version"],
        "parameter_digest": entries["parameter_digest"],
        "seed": SEED,
        "draws": DRAWS,
        "currency": entries["currency"],
        "bands": {name: _rounded(entries[name]) for name in METRICS},
        "reach_kplus_p50": [_rounded(band)["p50"] for band in entries["reach_kplus"]],
        "flags": [flag["code"] for flag in entries["flags"]],
        "reasons": [flag["code"] for flag in entries["reasons"]],
    }


def _rounded(band: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.{DIGITS}g}") for name, value in band.items()}


def main() -> int:
    """Refresh every scenario and say what moved."""
    for scenario in scenarios():
        path = expected_path(scenario)
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        now = expected(scenario)
        path.write_text(json.dumps(now, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
        print(f"{scenario.stem}: {_moved(before, now)}")
    return 0


def _moved(before: dict[str, Any] | None, now: dict[str, Any]) -> str:
    reach = now["bands"]["reach"]["p50"]
    if before is None:
        return f"new, median reach {reach:,.0f}"
    if before == now:
        return "unchanged"
    if before["bands"] == now["bands"]:
        return f"figures unchanged, parameters {before['parameter_digest']} -> {now['parameter_digest']}"
    old = before["bands"]["reach"]["p50"]
    change = f" ({100 * (reach / old - 1):+.2f} %)" if old else ""
    return f"median reach {old:,.0f} -> {reach:,.0f}{change}"


if __name__ == "__main__":
    sys.exit(main())
