"""The link that gives the simulation again, and the program that does."""

from __future__ import annotations

import ipaddress
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import address
from simulator.apps.web.texts import Texts
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import Campaign, Targeting
from simulator.reference.places.place import Place


def link(entries: dict[str, str], texts: Texts) -> None:
    """Draw the link with every value written out."""
    base = (st.context.url or "").split("?")[0].rstrip("/")
    with st.popover(texts("share.link"), key="share"):
        st.markdown(texts("share.link_note" if past.current() is None else "share.link_note_learnt"))
        if only_here(base):
            st.caption(texts("share.only_here"))
        st.code(f"{base}/?{address.link(entries, texts.language, MODEL_VERSION)}", language=None, wrap_lines=True)


def only_here(url: str) -> bool:
    """Say whether an address leads back to the computer that opens it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name, or no address at all


def program(campaign: Campaign, seed: int, texts: Texts) -> None:
    """Draw the Python of the screen and the campaign as JSON, folded; uncoloured, since the colours are too pale."""
    with st.expander(texts("expert.title"), key="program"):
        learnt = past.current()
        st.markdown(texts("expert.python_note" if learnt is None else "expert.python_note_learnt"))
        file = "" if learnt is None else past.file_name(learnt)
        st.code(python(campaign, seed, file), language=None, wrap_lines=True)
        st.markdown(texts("expert.json"))
        st.code(campaign.to_json(), language=None, wrap_lines=True)


_TARGETING = ("age_min", "age_max", "gender", "interests", "audience_size")
_CAMPAIGN = (
    *("daily_budget", "duration_days", "currency", "start", "objective", "platforms"),
    *("creative_format", "trade", "frequency_cap", "budget_is", "tax", "bought_in"),
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
