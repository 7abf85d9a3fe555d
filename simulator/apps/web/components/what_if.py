"""What a change would bring: more money, more days, another month, the first thing to change."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence

import streamlit as st

from simulator.apps.web import cache, formats, words
from simulator.apps.web.choices import DAYS
from simulator.apps.web.components.answer import sources_of
from simulator.apps.web.formats import figures
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import AGES, Campaign
from simulator.campaign.forecast import Forecast
from simulator.planning import Change
from simulator.presentation.charts import Palette, budget_curve, months
from simulator.presentation.charts.curve import axis_end, next_amount
from simulator.presentation.wording import more_money
from simulator.reference.parameters import load_parameters

Points = Sequence[Mapping[str, float]]


def show_more_money(forecast: Forecast, campaign: Campaign, texts: Texts, palette: Palette) -> None:
    """Draw the curve with the choice on it, and say what the next amount adds."""
    st.subheader(texts("curve.title"), anchor=False)
    following = next_amount(campaign)
    points = cache.curve(campaign, axis_end(max(campaign.spend_per_day, following or 0.0)), forecast.seed)
    _curve(points, forecast, campaign, texts, palette)
    with st.container(key="marginal"):
        if following:
            st.markdown(marginal(points, forecast, campaign, following, texts))


def marginal(points: Points, forecast: Forecast, campaign: Campaign, following: float, texts: Texts) -> str:
    """Return what the next amount adds, as Markdown."""
    return figures(more_money(points, forecast, campaign, following, texts))


def _curve(points: Points, forecast: Forecast, campaign: Campaign, texts: Texts, palette: Palette) -> None:
    language = texts.language
    reach = forecast.reach
    chosen = {"budget": campaign.spend_per_day, "people": reach.p50, "low": reach.p10, "high": reach.p90}
    names = ("x", "y", "here", "repetition", "budget", "median", "low", "high")
    rows, spec = budget_curve(
        points,
        chosen,
        {name: texts(f"curve.{name}") for name in names},
        palette,
        language,
        money_format=formats.around_amount(campaign.currency, language),
        often=load_parameters().value("rules.high_frequency"),
    )
    last = points[-1]
    said = texts(
        "curve.alt",
        money=formats.money(campaign.spend_per_day, campaign.currency, language),
        count=formats.people(reach.p50, language),
        low=formats.people(reach.p10, language),
        high=formats.people(reach.p90, language),
        top=formats.money(last["budget"], campaign.currency, language),
        top_count=formats.people(last["people"], language),
    )
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="curve")


def show_days_and_months(campaign: Campaign, seed: int, texts: Texts, palette: Palette) -> None:
    """Draw the folded variants; what is folded costs nothing."""
    folded = st.expander(texts("other.title"), key="variants", on_change="rerun")
    if not folded.open:
        return
    with folded:
        _durations(campaign, seed, texts)
        _months(campaign, texts, palette)


def _durations(campaign: Campaign, seed: int, texts: Texts) -> None:
    st.subheader(texts("other.days"), anchor=False)
    st.caption(texts("other.days_note", money=_money(campaign.spend_planned, campaign, texts)))
    days = tuple(sorted({*DAYS, campaign.duration_days}))
    rows = []
    for row in cache.durations(campaign, days, seed):
        count = int(row["days"])
        said = texts.plural("other.days_count", count, count=count)
        rows.append(
            {
                texts("other.duration"): texts("other.here", text=said) if count == campaign.duration_days else said,
                texts("other.per_day"): _money(row["per_day"], campaign, texts),
                texts("other.people"): formats.people(row["people"], texts.language),
                texts("other.times"): words.times(row["frequency"], texts),
            }
        )
    st.table(rows, hide_index=True, border="horizontal")


def _months(campaign: Campaign, texts: Texts, palette: Palette) -> None:
    st.subheader(texts("other.month"), anchor=False)
    st.caption(texts("other.month_note"))
    language = texts.language
    parameters = load_parameters()
    indices = [100 * parameters.value(f"prices.month.{number}") for number in range(1, 13)]
    labels = {"x": texts("other.month_axis"), "y": texts("other.index_axis")}
    names = [formats.month(number, language) for number in range(1, 13)]
    rows, spec = months(indices, names, _month_of(campaign), labels, palette, language)
    summary = ", ".join(
        texts("other.month_bar", month=formats.month(number, language), index=round(index))
        for number, index in enumerate(indices, start=1)
    )
    said = texts("other.month_alt", summary=summary)
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="months")
    dear, cheap = indices.index(max(indices)) + 1, indices.index(min(indices)) + 1
    source = parameters["prices.month.1"].sources[0]
    st.markdown(
        texts(
            "other.month_words",
            dear=formats.month(dear, language),
            dear_index=round(max(indices)),
            cheap=formats.month(cheap, language),
            cheap_index=round(min(indices)),
        )
    )
    with st.popover(texts("answer.where_from"), type="tertiary", key="months_from"):
        st.markdown(sources_of([source.title]))


def _month_of(campaign: Campaign) -> int | None:
    """Return the month in whose price the campaign is reckoned: that of its middle day."""
    if campaign.start is None:
        return None
    ahead = min(campaign.duration_days // 2, (datetime.date.max - campaign.start).days)
    return (campaign.start + datetime.timedelta(days=ahead)).month


def _money(amount: float, campaign: Campaign, texts: Texts) -> str:
    return figures(formats.money(amount, campaign.currency, texts.language))


def show_first_change(campaign: Campaign, seed: int, texts: Texts) -> None:
    """Draw the folded list; what is folded costs nothing."""
    folded = st.expander(texts("change.title"), key="first_change", on_change="rerun")
    if not folded.open:
        return
    with folded:
        st.caption(texts("change.note"))
        st.table(change_rows(cache.changes(campaign, seed), campaign, texts), hide_index=True, border="horizontal")


def change_rows(changes: tuple[Change, ...], campaign: Campaign, texts: Texts) -> list[dict[str, str]]:
    """Return one row a change, the best first."""
    return [
        {
            texts("change.what"): change_label(change, campaign, texts),
            texts("change.gain"): _signed(change.gain.p50, texts),
            texts("change.band"): texts(
                "change.between", low=_signed(change.gain.p10, texts), high=_signed(change.gain.p90, texts)
            ),
            texts("change.verdict"): texts(f"change.{_verdict(change)}"),
        }
        for change in changes
    ]


def change_label(change: Change, campaign: Campaign, texts: Texts) -> str:
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
