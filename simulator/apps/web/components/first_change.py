"""What to change first, for more people at the same price."""

from __future__ import annotations

import streamlit as st

from simulator import Campaign, Change
from simulator.apps.web import cache, formats
from simulator.apps.web.escape import figures
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import AGES


def show(campaign: Campaign, seed: int, texts: Texts) -> None:
    """Draw the folded list; what is folded costs nothing."""
    folded = st.expander(texts("change.title"), key="first_change", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption(texts("change.note"))
        st.table(rows(cache.changes(campaign, seed), campaign, texts), hide_index=True, border="horizontal")


def rows(changes: tuple[Change, ...], campaign: Campaign, texts: Texts) -> list[dict[str, str]]:
    """Return one row a change, the best first."""
    return [
        {
            texts("change.what"): label(change, campaign, texts),
            texts("change.gain"): _signed(change.gain.p50, texts),
            texts("change.band"): texts(
                "change.between", low=_signed(change.gain.p10, texts), high=_signed(change.gain.p90, texts)
            ),
            texts("change.verdict"): texts(f"change.{_verdict(change)}"),
        }
        for change in changes
    ]


def label(change: Change, campaign: Campaign, texts: Texts) -> str:
    """Return a change in words."""
    key, data = f"change.{change.kind}", {"value": change.value}
    if change.kind == "month":
        data["value"] = formats.month(int(change.value), texts.language)
    elif change.kind == "radius_km":
        data["value"] = formats.number(change.value, texts.language)
    elif change.kind == "budget":
        data["value"] = figures(formats.money(change.value, campaign.currency, texts.language))
    elif change.kind == "ages":
        low, high = change.value
        key, data = ("change.ages_open" if high == AGES[1] else key), {"low": low, "high": high}
    return texts(key, **data)


def _verdict(change: Change) -> str:
    if change.within_noise:
        return "unsure"
    if change.kind == "budget":
        return "dearer"
    return "better" if change.probability > 0.5 else "worse"


def _signed(value: float, texts: Texts) -> str:
    """Return people more or fewer, with a real minus sign."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{formats.people(abs(value), texts.language)}"
