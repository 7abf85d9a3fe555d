"""Enquiries and sales of the campaign, what pays it back, and other media at the user's own prices."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import channels as beside
from simulator.apps.web import formats
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, SimulatorError
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.channels import Business, CustomersForecast, MediaRow, Offer, media
from simulator.channels.customers import FIGURES
from simulator.channels.media import KINDS
from simulator.reference.parameters import load_parameters

AMOUNTS = ("cost_per_enquiry", "earned_year")
_COLUMNS = 2


def show(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    """Draw the folded part; what is folded costs nothing."""
    folded = st.expander(texts("customers.title"), key="customers", on_change="rerun")
    if not folded.open:
        return
    with folded:
        trade = texts("customers.no_trade")
        if campaign.trade:
            trade = texts("customers.trade", trade=texts.choice("trade", campaign.trade))
        st.markdown(f"{texts('customers.lead')} {trade}")
        answer = st.container(key="customers_answer")
        _own(campaign, texts)
        with answer:
            _answer(forecast, campaign, texts)
        show_other_media(forecast, texts)


def _answer(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    try:
        business = beside.business_typed(st.session_state, campaign.trade, texts.language)
        found = beside.customers_of(campaign, forecast.seed, business)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    st.markdown("\n\n".join(said(found, texts)))
    st.table(customer_rows(found, texts), hide_index=True, border="horizontal")
    if found.assumed:
        st.caption(texts("customers.assumed"))


def said(found: CustomersForecast, texts: Texts) -> list[str]:
    """Return what a campaign brings, in sentences of Markdown."""
    if found.enquiries_year.mean <= 0.0:
        return [texts("customers.nobody")]
    language = texts.language
    sold = span(found.sales_year, texts)
    chances = {name: _in_hundred(chance) for name, chance in found.chances.items()}
    kept = texts("customers.left", left=_money(found.basket * found.margin, found, texts))
    return [
        texts("customers.answer", asked=span(found.enquiries_year, texts), sold=sold),
        texts("customers.chance", now=chances["enquiry_campaign"], year=chances["enquiry_year"]),
        texts.plural(
            "customers.break_even",
            found.break_even_orders,
            count=formats.number(found.break_even_orders, language),
            basket=_money(found.basket, found, texts),
            left=kept if found.margin < 1.0 else "",
            sold=sold,
        ),
        texts("customers.paid_back", chance=chances["paid_back"]),
        texts("customers.memory", share=formats.percent(found.from_memory, language, 1)),
        texts("customers.negative", count=span(found.negative_reactions, texts)),
    ]


def customer_rows(found: CustomersForecast, texts: Texts) -> list[dict[str, str]]:
    """Return the table of figures."""
    table = []
    for name in FIGURES:
        band = found.band(name)
        values = (band.p10, band.p50, band.p90)
        written = [_amount(value, name, found, texts) for value in values]
        heads = [texts(f"customers.table.{head}") for head in ("what", "low", "middle", "high")]
        table.append(dict(zip(heads, (texts(f"customers.figure.{name}"), *written), strict=True)))
    return table


def span(band: Band, texts: Texts) -> str:
    """Return a range of counts as people say it: 3, or 0 à 12."""
    low, high = (formats.people(value, texts.language) for value in (band.p10, band.p90))
    return low if low == high else texts("customers.span", low=low, high=high)


def _in_hundred(chance: float) -> int:
    """Return so many in 100; certainty is never claimed."""
    return min(round(100.0 * chance), 99)


def _amount(value: float, name: str, found: CustomersForecast, texts: Texts) -> str:
    if name == "earned_year":
        return _money(formats.rounded(round(value), 2), found, texts)
    if name in AMOUNTS:
        return figures(formats.fine_money(value, found.currency, texts.language))
    return formats.people(value, texts.language)


def _money(amount: float, found: CustomersForecast, texts: Texts) -> str:
    return figures(formats.money(amount, found.currency, texts.language))


def _own(campaign: Campaign, texts: Texts) -> None:
    """Draw the fields for figures of the own business; the default ones in grey."""
    st.subheader(texts("customers.own"), anchor=False)
    st.caption(texts("customers.own_note"))
    business = Business(trade=campaign.trade)
    columns = st.columns(_COLUMNS)
    for place, name in enumerate(beside.OWN):
        with columns[place % _COLUMNS]:
            st.text_input(
                _label(name, campaign, texts),
                key=beside.own_key(name),
                placeholder=_ours(name, business, campaign, texts),
                autocomplete="off",
                persist_state="session",
            )


def _label(name: str, campaign: Campaign, texts: Texts) -> str:
    label = texts(f"field.{name}")
    if name == "basket":
        return plain(texts("customers.money", label=label, sign=formats.symbol(campaign.currency, texts.language)))
    return texts("customers.percent", label=label) if name == "margin" else label


def _ours(name: str, business: Business, campaign: Campaign, texts: Texts) -> str:
    known = load_parameters()
    if name == "basket":
        value = business.amount(known, campaign.currency)
    else:
        value = known.value(business.key(name)) * (beside.HUNDRED if name in beside.SHARES else 1.0)
    return formats.number(value, texts.language, 2)


USUAL_MEDIA = {"flyers": 1000, "press": 20_000, "radio": 20_000}
"""People to start from; a small town's, to be replaced."""


def show_other_media(forecast: Forecast, texts: Texts) -> None:
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
    st.table([_media_row(row, forecast.currency, texts) for row in found], hide_index=True, border="horizontal")
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
    usual = Offer.usual(kind, USUAL_MEDIA[kind], currency, load_parameters())  # type: ignore[arg-type]
    left, right = st.columns(2)
    sign = formats.symbol(currency, texts.language)
    with left:
        st.text_input(
            texts(f"field.people_{kind}"),
            key=f"media_people_{kind}",
            placeholder=formats.number(USUAL_MEDIA[kind], texts.language),
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
    people = beside.number_typed(state, f"media_people_{kind}", f"people_{kind}", language, USUAL_MEDIA[kind])
    price = beside.number_typed(state, f"media_price_{kind}", f"price_{kind}", language, None)
    if price is None:
        return Offer.usual(kind, people, currency)  # type: ignore[arg-type]
    return Offer(kind=kind, people=people, price=price)  # type: ignore[arg-type]


def _media_row(row: MediaRow, currency: str, texts: Texts) -> dict[str, str]:
    def fine(amount: float) -> str:
        return figures(formats.fine_money(amount, currency, texts.language))

    price = figures(formats.money(round(row.price, 2), currency, texts.language))
    return {
        texts("customers.media.kind"): f"{texts(f'customers.media.{row.kind}')} ({price})",
        texts("customers.media.contacts"): formats.people(row.contacts.p50, texts.language),
        texts("customers.media.per_contact"): fine(row.per_contact.p50),
        texts("customers.media.per_remembered"): fine(row.per_remembered.p50),
    }
