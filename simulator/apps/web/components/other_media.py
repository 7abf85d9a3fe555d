"""Prospectus, journal, radio: what a contact costs there, at the user's own prices."""

from __future__ import annotations

import streamlit as st

from simulator import Forecast, load_parameters
from simulator.apps.web import channels as beside
from simulator.apps.web import formats
from simulator.apps.web.escape import figures, plain
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, SimulatorError
from simulator.channels import MediaRow, Offer, media
from simulator.channels.media import KINDS

USUAL = {"flyers": 1000, "press": 20_000, "radio": 20_000}
"""People to start from; a small town's, to be replaced."""


def show(forecast: Forecast, texts: Texts) -> None:
    """Draw the fields and the table."""
    st.subheader(texts("customers.media.title"), anchor=False)
    st.caption(texts("customers.media.note"))
    offers = [_asked(kind, forecast.currency, texts) for kind in KINDS]
    if None in offers:
        return
    try:
        found = media(forecast, tuple(offer for offer in offers if offer is not None))
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    st.table([_row(row, forecast.currency, texts) for row in found], hide_index=True, border="horizontal")
    st.caption(texts("customers.media.source"))


def _asked(kind: str, currency: str, texts: Texts) -> Offer | None:
    """Draw the fields of one medium, and beside them what is wrong with what was typed."""
    _fields(kind, currency, texts)
    try:
        return _offer(kind, currency, texts)
    except InvalidInput as error:
        st.error(sentence(_named(error, kind), texts))
        return None


def _named(error: InvalidInput, kind: str) -> InvalidInput:
    """Return what is wrong under the label that stands on the field."""
    field = str(error.data.get("field", ""))
    if field not in ("people", "price"):
        return error
    return InvalidInput(error.code, **{**error.data, "field": f"{field}_{kind}"})


def _fields(kind: str, currency: str, texts: Texts) -> None:
    usual = Offer.usual(kind, USUAL[kind], currency, load_parameters())  # type: ignore[arg-type]
    left, right = st.columns(2)
    sign = formats.symbol(currency, texts.language)
    with left:
        st.text_input(
            texts(f"field.people_{kind}"),
            key=f"media_people_{kind}",
            placeholder=formats.number(USUAL[kind], texts.language),
            autocomplete="off",
            persist_state="session",
        )
    with right:
        st.text_input(
            plain(texts("customers.money", label=texts(f"field.price_{kind}"), sign=sign)),
            key=f"media_price_{kind}",
            placeholder=formats.number(usual.price, texts.language, 2),
            autocomplete="off",
            persist_state="session",
        )


def _offer(kind: str, currency: str, texts: Texts) -> Offer:
    """Return the offer as typed; an empty price is ours for so many people."""
    state, language = st.session_state, texts.language
    people = beside.number_typed(state, f"media_people_{kind}", f"people_{kind}", language, USUAL[kind])
    price = beside.number_typed(state, f"media_price_{kind}", f"price_{kind}", language, None)
    if price is None:
        return Offer.usual(kind, people, currency)  # type: ignore[arg-type]
    return Offer(kind=kind, people=people, price=price)  # type: ignore[arg-type]


def _row(row: MediaRow, currency: str, texts: Texts) -> dict[str, str]:
    def fine(amount: float) -> str:
        return figures(formats.fine_money(amount, currency, texts.language))

    price = figures(formats.money(round(row.price, 2), currency, texts.language))
    return {
        texts("customers.media.kind"): f"{texts(f'customers.media.{row.kind}')} ({price})",
        texts("customers.media.contacts"): formats.people(row.contacts.p50, texts.language),
        texts("customers.media.per_contact"): fine(row.per_contact.p50),
        texts("customers.media.per_remembered"): fine(row.per_remembered.p50),
    }
