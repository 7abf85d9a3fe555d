"""What more money would buy: the curve, and the next amount in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from simulator.campaign import Campaign
from simulator.charts import Palette, budget_curve
from simulator.charts.curve import round_top
from simulator.errors import InvalidInput
from simulator.forecast import Forecast
from simulator.parameters import load_parameters
from simulator.ui import cache, formats
from simulator.ui.choices import STEPS
from simulator.ui.escape import figures
from simulator.ui.texts import Texts

AXES = (50.0, 100.0)
"""Ends of the axis of money that most choices fit, so that it stays while the slider moves."""
_NOBODY = 0.5
"""Fewer people than this are nobody."""

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


def axis_end(amount: float) -> float:
    """Return the end of the axis of money: fixed for small amounts, then the next round one."""
    return next((end for end in AXES if amount <= end), round_top(amount))


def next_amount(campaign: Campaign) -> float | None:
    """Return the next round amount at or above twice the choice; None where no campaign may spend so much."""
    twice = 2 * campaign.spend_per_day
    power = 1.0
    while twice > STEPS[-1] * power:
        power *= 10
    while twice < power:
        power /= 10
    following = next(step * power for step in STEPS if step * power >= twice * (1 - 1e-9))
    try:
        campaign.with_daily_budget(following)
    except InvalidInput:
        return None
    return following


def marginal(points: Points, forecast: Forecast, campaign: Campaign, following: float, texts: Texts) -> str:
    """Return what the next amount adds, in words."""
    budgets = [point["budget"] for point in points]
    people = [point["people"] for point in points]
    added = float(np.interp(following, budgets, people)) - forecast.reach.p50
    amounts = {
        name: figures(formats.money(amount, campaign.currency, texts.language))
        for name, amount in (
            ("next", following),
            ("now", campaign.spend_per_day),
            ("total", following * campaign.duration_days),
        )
    }
    if added < max(_NOBODY, 0.01 * forecast.reach.p50):
        return texts("curve.marginal_none", **amounts)
    count = formats.spoken(added)
    return texts.plural("curve.marginal", count, count=formats.number(count, texts.language), **amounts)


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
