"""Whom, where, to what end: folded, with good defaults."""

from __future__ import annotations

import datetime
from functools import partial

import streamlit as st

from simulator.apps.web import cache, formats
from simulator.apps.web.choices import (
    AGE_CHOICES,
    DEFAULTS,
    MOST_MORE,
    USUAL_RADIUS_KM,
    Attempt,
    country_chosen,
    goals_with,
    home_currency,
    key_of,
    meant_by,
    usual_radius_km,
)
from simulator.apps.web.formats import literal
from simulator.apps.web.messages import problem_of_field
from simulator.apps.web.session import touched
from simulator.apps.web.texts import Texts
from simulator.apps.web.words import summary
from simulator.campaign.campaign import CREATIVE_FORMATS, GENDERS, PLATFORMS, SPECIAL_CATEGORIES
from simulator.campaign.objectives import CAPPED
from simulator.reference.interests import all_interests
from simulator.reference.parameters import currencies, trades
from simulator.reference.places import Found, country_codes, region_codes, region_label, told_apart
from simulator.reference.places.found import POSTAL_AREA
from simulator.reference.places.place import PLACE_KINDS, RADIUS_KM

MONTHS_AHEAD = 12
BUILDING_TRADES = ("plumber", "electrician", "joiner", "mason")
"""Trades whose work may count as the repair of housing: to be checked."""
FIRST_COUNTRIES = ("FR", "CA")
FIRST_CURRENCIES = ("EUR", "CAD", "USD", "CHF", "GBP")
FIELDS = (
    *("place", "also_places", "region", "radius_km", "age_min", "interests"),
    *("platforms", "start", "trade", "currency", "audience_size", "frequency_cap", "seed"),
)
"""Fields of this part that can be wrong: it opens when one is."""

# Kept when their field is not drawn, so that nothing typed is lost.
_keep = {"on_change": touched, "persist_state": "session"}


def show(texts: Texts, trial: Attempt) -> None:
    """Draw the folded choices under a line that says them."""
    line = summary(trial.targeting, texts) if trial.targeting else texts("summary.to_correct")
    wrong = any(field in trial.problems for field in FIELDS)
    with st.expander(f"{line} — :primary[{texts('summary.modify')}]", expanded=wrong, key="modify"):
        _where(texts, trial)
        _who(texts, trial)
        _special(texts)
        _what(texts, trial)
        _expert(texts, trial)


def _where(texts: Texts, trial: Attempt) -> None:
    state = st.session_state
    st.markdown(f"**{texts('modify.where')}**")
    label = partial(region_label, language=texts.language)
    st.segmented_control(
        texts("modify.where"),
        PLACE_KINDS,
        format_func=lambda kind: texts(f"modify.kind.{kind}"),
        key="place_kind",
        required=True,
        label_visibility="collapsed",
        **_keep,
    )
    if state["place_kind"] == "region":
        regions = sorted(region_codes(), key=lambda code: (code[:2] != "FR", label(code)))
        st.selectbox(texts("modify.region"), regions, format_func=label, key="region", **_keep)
        problem_of_field("region", trial, texts)
        _say_money(texts)
        return
    others = sorted(set(country_codes()) - set(FIRST_COUNTRIES), key=label)
    countries = (*FIRST_COUNTRIES, *others)
    st.selectbox(
        texts("modify.country"),
        countries,
        format_func=label,
        key="country_code",
        on_change=_other_country,
        persist_state="session",
    )
    _say_money(texts)
    if state["place_kind"] == "circle":
        _town(texts, trial)


def _say_money(texts: Texts) -> None:
    """Say that amounts are in another money than at the start, because the country pays in it."""
    currency = st.session_state["currency"]
    if currency != DEFAULTS["currency"] and currency == home_currency(country_chosen(st.session_state)):
        st.caption(texts("modify.money_of_country", currency=formats.currency_label(currency, texts.language)))


def _town(texts: Texts, trial: Attempt) -> None:
    state = st.session_state
    st.text_input(
        texts("modify.place"),
        key="place_text",
        on_change=_typed_place,
        placeholder=texts("modify.place_help"),
        autocomplete="off",
        persist_state="session",
    )
    found = {key_of(town): town for town in cache.lookup(state["place_text"], state["country_code"]).matches}
    if state["place"] and state["place"] not in found:
        # Came by the address under another name than the one shown.
        found = {state["place"]: cache.town(state["place"], state["country_code"]), **found}
    # Drawn with one town too: a field that comes and goes moves those below away from under a finger.
    st.selectbox(
        texts("modify.which"),
        list(found),
        # Only an empty choice may be empty: a list that can be cleared has a cross.
        index=0 if state["place"] else None,
        format_func=lambda key: _described(found[key], texts) if found.get(key) else key,
        key="place",
        placeholder=texts("modify.which_none"),
        disabled=len(found) < 2,
        on_change=_chosen_place,
        persist_state="session",
    )
    problem_of_field("place", trial, texts)
    _more_towns(texts, trial)
    st.slider(
        texts("modify.radius"),
        *(int(limit) for limit in RADIUS_KM),
        value=DEFAULTS["radius_km"],
        format=texts("modify.radius_format"),
        key="radius_km",
        on_change=touched,
        bind="query-params",
    )
    problem_of_field("radius_km", trial, texts)
    if state["trade"] in USUAL_RADIUS_KM and state["radius_km"] == usual_radius_km(state["trade"]):
        st.caption(texts("modify.radius_of_trade"))


def _more_towns(texts: Texts, trial: Attempt) -> None:
    """Further towns, typed by name; each becomes its code as soon as it is clear which is meant."""
    country = st.session_state["country_code"]

    def label(key: str) -> str:
        found = cache.town(key, country)
        return _described(found, texts) if found else literal(key)

    st.multiselect(
        texts("modify.also"),
        st.session_state["also_places"],
        format_func=label,
        key="also_places",
        accept_new_options=True,
        max_selections=MOST_MORE,
        placeholder=texts("modify.also_help"),
        on_change=_typed_more,
        persist_state="session",
    )
    problem_of_field("also_places", trial, texts)


def _typed_more() -> None:
    touched()
    state = st.session_state
    meant = [(text, meant_by(text, state["country_code"]).meant) for text in state["also_places"]]
    state["also_places"] = list(dict.fromkeys(key_of(found) if found else text for text, found in meant))


def _described(town: Found, texts: Texts) -> str:
    """Return a town with what tells it from its namesakes; labels of a list are no Markdown."""
    if town.code.startswith(POSTAL_AREA):
        return literal(texts("modify.postal_area", code=town.name, town=town.kind))
    return literal(told_apart(town, texts.language))


def _typed_place() -> None:
    """Take the town that is meant, if that is clear, with its country."""
    touched()
    state = st.session_state
    meant = cache.lookup_anywhere(state["place_text"], state["country_code"])
    state["place"] = key_of(meant) if meant else None
    if meant:
        state["country_code"] = meant.country_code


def _chosen_place() -> None:
    """Take the country of the town that was chosen."""
    touched()
    state = st.session_state
    found = cache.town(state["place"], None) if state["place"] else None
    if found:
        state["country_code"] = found.country_code


def _other_country() -> None:
    """Look for the same name in the other country."""
    touched()
    state = st.session_state
    if state["place_kind"] == "circle":
        meant = cache.lookup(state["place_text"], state["country_code"]).meant
        state["place"] = key_of(meant) if meant else None
        _typed_more()


def _who(texts: Texts, trial: Attempt) -> None:
    st.markdown(f"**{texts('modify.who')}**")
    with st.container(horizontal=True):
        for key in ("age_min", "age_max"):
            st.selectbox(
                texts(f"modify.{key}"),
                AGE_CHOICES,
                format_func=lambda age: texts("modify.age_open" if age == AGE_CHOICES[-1] else "modify.age", age=age),
                key=key,
                filter_mode=None,
                **_keep,
            )
    problem_of_field("age_min", trial, texts)
    st.segmented_control(
        texts("modify.gender"),
        GENDERS,
        format_func=lambda gender: texts(f"gender.{gender}"),
        key="gender",
        required=True,
        **_keep,
    )
    names = {interest.code: interest.name(texts.language) for interest in all_interests()}
    st.multiselect(
        texts("modify.interests"),
        sorted(names, key=lambda code: formats.sortable(names[code])),
        format_func=names.__getitem__,
        key="interests",
        placeholder=texts("modify.interests_none"),
        help=texts("modify.interests_help"),
        **_keep,
    )
    problem_of_field("interests", trial, texts)


def _special(texts: Texts) -> None:
    state = st.session_state
    st.selectbox(
        texts("modify.special"),
        SPECIAL_CATEGORIES,
        format_func=lambda category: texts(f"special_category.{category}"),
        key="special_category",
        filter_mode=None,
        **_keep,
    )
    if state["special_category"] != "none":
        st.caption(texts("modify.special_note"))
    elif state["trade"] in BUILDING_TRADES:
        st.caption(texts("modify.special_trade"))


def _what(texts: Texts, trial: Attempt) -> None:
    st.markdown(f"**{texts('modify.what')}**")
    st.selectbox(
        texts("modify.objective"),
        goals_with(st.session_state["objective"]),
        format_func=lambda objective: texts(f"objective.{objective}"),
        key="objective",
        filter_mode=None,
        **_keep,
    )
    st.pills(
        texts("modify.platforms"),
        PLATFORMS,
        selection_mode="multi",
        format_func=lambda platform: texts(f"platform.{platform}"),
        key="platforms",
        **_keep,
    )
    problem_of_field("platforms", trial, texts)
    st.segmented_control(
        texts("modify.creative_format"),
        CREATIVE_FORMATS,
        format_func=lambda name: texts(f"creative_format.{name}"),
        key="creative_format",
        required=True,
        **_keep,
    )
    st.selectbox(
        texts("modify.start"),
        _starts(str(st.session_state["start"])),
        format_func=lambda start: _said_start(start, texts),
        key="start",
        filter_mode=None,
        help=texts("modify.start_help"),
        **_keep,
    )
    problem_of_field("start", trial, texts)
    known = sorted(trades(), key=lambda code: formats.sortable(texts.choice("trade", code)))
    st.selectbox(
        texts("modify.trade"),
        ("", *known),
        format_func=lambda code: texts.choice("trade", code) if code else texts("modify.trade_none"),
        key="trade",
        **_keep,
    )
    rest = sorted(set(currencies()) - set(FIRST_CURRENCIES))
    st.selectbox(
        texts("modify.currency"),
        (*FIRST_CURRENCIES, *rest),
        format_func=lambda code: formats.currency_label(code, texts.language),
        key="currency",
        **_keep,
    )


def _starts(chosen: str) -> list[str]:
    """Return the starts to choose from: any time, the coming twelve months, and a date that came by the address."""
    today = datetime.date.today()
    months = [today.year * 12 + today.month - 1 + ahead for ahead in range(MONTHS_AHEAD)]
    starts = ["", *(datetime.date(month // 12, month % 12 + 1, 1).isoformat() for month in months)]
    return starts if chosen in starts else sorted({*starts, chosen})


def _said_start(start: str, texts: Texts) -> str:
    if not start:
        return texts("modify.start_any")
    day = datetime.date.fromisoformat(start)
    return formats.month_of(day, texts.language) if day.day == 1 else formats.date(day, texts.language)


def _expert(texts: Texts, trial: Attempt) -> None:
    st.toggle(texts("modify.expert"), key="expert", **_keep)
    if not st.session_state["expert"]:
        return
    st.text_input(
        texts("modify.audience_size"),
        key="audience_size",
        help=texts("modify.audience_size_help"),
        autocomplete="off",
        **_keep,
    )
    problem_of_field("audience_size", trial, texts)
    if st.session_state["objective"] not in CAPPED:
        st.caption(texts("modify.cap_where"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for key in ("cap_times", "cap_days"):
            st.text_input(
                texts(f"modify.{key}"),
                key=key,
                help=texts("modify.cap_help") if key == "cap_days" else None,
                autocomplete="off",
                **_keep,
            )
    problem_of_field("frequency_cap", trial, texts)
    st.text_input(texts("modify.seed"), key="seed", help=texts("modify.seed_help"), autocomplete="off", **_keep)
    problem_of_field("seed", trial, texts)
