"""Every chart is one picture with words of its own; Vega's names for its parts are English, or empty."""

from __future__ import annotations

from typing import Any

from simulator.presentation.charts import LIGHT, bars, strip
from simulator.presentation.charts.palette import DARK, config


def silent(spec: dict[str, Any]) -> bool:
    return spec["config"]["mark"]["aria"] is False and spec["config"]["axis"]["aria"] is False


def test_parts_of_a_picture_have_no_name() -> None:
    assert silent({"config": config(DARK, "fr")})
    assert silent(strip(0.1, LIGHT, "fr")[1])
    assert silent(bars([3, 2, 1], {"x": "fois", "y": "personnes"}, LIGHT, "fr")[1])
