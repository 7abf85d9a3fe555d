"""What more money would buy: the curve, and the next amount in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from simulator.apps.web import cache, formats
from simulator.apps.web.escape import figures
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Forecast
from simulator.presentation.charts import Palette, budget_curve
from simulator.presentation.charts.curve import axis_end, next_amount
from simulator.presentation.wording import more_money
from simulator.reference.parameters import load_parameters

Points = Sequence[Mapping[str, float]]


def show(forecast: Forecast, campaign: Campaign, texts: Texts, palette: Palette) -> None:
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
