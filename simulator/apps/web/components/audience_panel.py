"""Whom the choices aim at: how many, who, where, on which platform, and by which source."""

from __future__ import annotations

import streamlit as st

from simulator import Audience
from simulator.apps.web import cache, formats
from simulator.apps.web.choices import Attempt
from simulator.apps.web.components.answer import sources_of
from simulator.apps.web.escape import plain
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.presentation.charts.audience import dots_around, pyramid, towns
from simulator.presentation.charts.palette import Palette
from simulator.reference.places.place import Place

MOST_MAPS = 3
"""Circles that are drawn; more of them tell nobody more."""


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
    rows, spec = towns(dots, labels, palette, texts.language)
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
