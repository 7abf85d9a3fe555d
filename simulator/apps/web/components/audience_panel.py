"""Whom the choices aim at: how many, who, where, on which platform and network, and by which source."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import address, cache, formats, session
from simulator.apps.web import channels as beside
from simulator.apps.web.choices import DEFAULTS, Attempt, attempt
from simulator.apps.web.components.answer import sources_of
from simulator.apps.web.formats import plain
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.words import summary
from simulator.base.errors import SimulatorError
from simulator.campaign.campaign import Targeting
from simulator.channels import NetworkShare
from simulator.forecasting.audience import Audience
from simulator.presentation.charts.audience import dots_around, pyramid, towns
from simulator.presentation.charts.palette import Palette
from simulator.reference.parameters import load_parameters
from simulator.reference.places.place import Place

MOST_MAPS = 3
"""Circles that are drawn; more would show nothing more."""


MOST_NAMED = 6
"""Towns named in words, with their people: for those who do not see the picture."""


def show(trial: Attempt, texts: Texts, palette: Palette) -> None:
    """Draw the folded panel; nothing where the choices are not yet whole."""
    if trial.campaign is None:
        return
    try:
        audience = cache.audience(trial.campaign)
    except SimulatorError:
        return  # the answer's card says it
    size = formats.people(audience.size, texts.language)
    line = texts("audience.line", people=size, gauge=texts(f"audience.gauge.{audience.gauge}"))
    folded = st.expander(line, key="audience", on_change="rerun")
    if not folded.open:
        return
    with folded:
        _size(audience, texts)
        _ages(audience, texts, palette)
        _platforms(audience, texts)
        for number, place in enumerate(trial.campaign.targeting.places[:MOST_MAPS]):
            _map(place, f"map{number or ''}", texts, palette)
        _sources(audience, texts)


def _size(audience: Audience, texts: Texts) -> None:
    low, high = (formats.people(value, texts.language) for value in audience.range)
    living = formats.people(audience.living_there, texts.language)
    st.markdown(texts("audience.size", living=living, low=low, high=high))
    st.caption(texts(f"audience.advice.{audience.gauge}"))


def _ages(audience: Audience, texts: Texts, palette: Palette) -> None:
    people: dict[tuple[str, str], float] = {}
    for row in audience.rows():
        key = (row["sex"], row["age_band"])
        people[key] = people.get(key, 0.0) + row["people"]
    labels = {name: texts(f"audience.{name}") for name in ("women", "men", "ages", "people")}
    rows, spec = pyramid(people, labels, palette, texts.language)
    said = "; ".join(f"{row['sex']} {row['age']}: {formats.people(row['people'], texts.language)}" for row in rows)
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="pyramid")


def _platforms(audience: Audience, texts: Texts) -> None:
    total = max(audience.size, 1e-9)
    shares = {name: float(row.sum()) / total for name, row in zip(audience.presences, audience.people, strict=True)}
    if len(shares) == 1:
        return
    parts = {name: formats.percent(share, texts.language) for name, share in shares.items()}
    st.markdown(texts("audience.platforms", **parts))


def _map(place: Place, key: str, texts: Texts, palette: Palette) -> None:
    if place.kind != "circle" or place.latitude is None or place.longitude is None:
        return
    found = cache.towns(place)
    if not found:
        return
    dots = dots_around(place, found)
    labels = {name: texts(f"audience.{name}") for name in ("town", "people")}
    cells = dots_around(place, cache.dots(place))
    rows, spec = towns(dots, labels, palette, texts.language, cells, place.radius_km)
    named = ", ".join(
        texts(
            "audience.town_people",
            town=plain(str(dot["name"]), 30),
            count=formats.people(dot["people"], texts.language),
        )
        for dot in dots[:MOST_NAMED]
    )
    count = formats.number(len(dots), texts.language)
    st.caption(texts("audience.map", count=count, named=named))
    alt = texts("audience.map", count=count, named=named).replace("\\", "")
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=alt, key=key)


def _sources(audience: Audience, texts: Texts) -> None:
    with st.popover(texts("answer.where_from"), type="tertiary", key="audience_from"):
        if audience.is_assumption:
            st.markdown(texts("audience.assumption"))
        st.markdown(sources_of(audience.sources))


CHECKS = 7
_PEOPLE = 10_000
_LONG = 400


def show_networks(texts: Texts) -> None:
    """Draw the folded table for the choices as left on Simuler, and the checklist; what is folded costs nothing."""
    _checklist(texts)
    folded = st.expander(texts("networks.title"), key="networks", on_change="rerun")
    if folded.open:
        with folded:
            _table(_targeting(texts), texts)


def _targeting(texts: Texts) -> Targeting | None:
    reading = address.read({name: [value] for name, value in session.entries().items()})
    return attempt({**DEFAULTS, **reading.values}, texts.language).targeting


def _table(targeting: Targeting | None, texts: Texts) -> None:
    if targeting is None:
        st.markdown(texts("summary.to_correct"))
        return
    try:
        found = beside.networks_of(targeting)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    st.markdown(texts("networks.lead", whom=summary(targeting, texts)))
    if not any(row.people for row in found):
        st.markdown(texts("networks.nobody"))
        return
    ordered = sorted(found, key=lambda row: (not row.is_open, -row.share))
    st.table([_row(row, texts) for row in ordered], hide_index=True, border="horizontal")
    st.caption(texts("networks.assumed") if any(row.is_assumption for row in found) else texts("networks.old"))
    with st.popover(texts("networks.sources"), type="tertiary", key="networks_from"):
        named = dict.fromkeys(source for row in found for source in row.sources)
        st.markdown("\n".join(f"- {plain(f'{source.publisher}: {source.title}', _LONG)}" for source in named))


def _checklist(texts: Texts) -> None:
    """Draw what to check before paying."""
    st.header(texts("checklist.title"), anchor=False)
    st.markdown(texts("checklist.lead"))
    items = (texts(f"checklist.item.{number}") for number in range(1, CHECKS + 1))
    st.markdown("\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1)))
    rate = load_parameters()["response.negative_feedback"]
    low, high = (formats.people(_PEOPLE * share, texts.language) for share in (rate.low, rate.high))
    st.markdown(texts("checklist.negative", low=low, high=high))


def _row(row: NetworkShare, texts: Texts) -> dict[str, str]:
    if row.is_open:
        share = texts("networks.span", low=round(100 * row.low), high=round(100 * row.high), year=row.year)
        good_for = ", ".join(texts(f"networks.good_for.{code}") for code in row.good_for)
    else:
        share, good_for = texts("networks.closed", year=row.year), "–"
    return {
        texts("networks.network"): texts(f"networks.name.{row.network}"),
        texts("networks.share"): share,
        texts("networks.for"): good_for,
    }
