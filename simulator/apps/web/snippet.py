"""The program that gives the figures of the screen again: Python an analyst can copy."""

from __future__ import annotations

from typing import Any

from simulator.campaign.campaign import Campaign, Targeting
from simulator.reference.places.place import Place

_TARGETING = ("age_min", "age_max", "gender", "interests", "audience_size")
_CAMPAIGN = (
    *("daily_budget", "duration_days", "currency", "start", "objective", "platforms"),
    *("creative_format", "trade", "frequency_cap"),
)


def python(campaign: Campaign, seed: int = 0, calibration: str = "") -> str:
    """Return a program; what is as by default is left out.

    ``calibration`` names the file of what past campaigns have taught, where the screen uses them.
    """
    targeting = campaign.targeting
    inner = [f"places=[{', '.join(map(_place, targeting.places))}]"]
    inner += _changed(targeting, _TARGETING)
    outer = _changed(campaign, _CAMPAIGN)
    others = f", seed={seed}" if seed else ""
    others += ", calibration=calibration" if calibration else ""
    names = ["Campaign", "Place", "Targeting", "budget_curve", "simulate"]
    lines = [
        f"from simulator import {', '.join(['Calibration', *names] if calibration else names)}",
        "",
        *([f"calibration = Calibration.load({calibration!r})"] if calibration else []),
        "campaign = Campaign(",
        f"    targeting=Targeting({', '.join(inner)}),",
        *(f"    {entry}," for entry in outer),
        ")",
        f"forecast = simulate(campaign{others})",
        "print(forecast.to_frame())",
        f"print(budget_curve(campaign, [1, 2, 5, 10, 20, 50]{others}))",
    ]
    return "\n".join(lines) + "\n"


def _place(place: Place) -> str:
    if place.kind != "circle":
        return f"Place.{place.kind}({place.code!r})"
    if not place.code:
        where = f"{place.latitude!r}, {place.longitude!r}, country={place.country_code!r}"
        return f"Place.at({where}, radius_km={place.radius_km:g}, label={place.label!r})"
    named = f"{place.label} ({place.code})"
    return f"Place.around({named!r}, country={place.country_code!r}, radius_km={place.radius_km:g})"


def _changed(model: Campaign | Targeting, names: tuple[str, ...]) -> list[str]:
    """Return ``name=value`` for every entry that is not as by default."""
    fields = type(model).model_fields
    said = []
    for name in names:
        value: Any = getattr(model, name)
        if value != fields[name].default:
            written = (
                f"{value:.12g}" if isinstance(value, float) else repr(value.isoformat() if name == "start" else value)
            )
            said.append(f"{name}={written}")
    return said
