"""On Comprendre: how the simulator did on real campaigns that it had never seen, good or bad."""

from __future__ import annotations

import math

import streamlit as st

from simulator.apps.web.formats import plain
from simulator.apps.web.texts import Texts
from simulator.learning import validation
from simulator.learning.validation_figures import (
    CALIBRATED,
    DEFAULTS,
    BacktestCheck,
    Coverage,
    PriceCheck,
    PricesOfSource,
    ReachCheck,
    RefereeCheck,
    Validation,
)
from simulator.presentation import formats

METRICS = ("reach", "impressions", "cpm", "link_clicks")
REACH_MEDIAN, REACH_LARGEST = 0.08, 0.30
"""Largest absolute log errors that were aimed at for people, given showings: the median, and of any campaign."""
CURVE_RMS = 0.12
"""Largest root mean square of log errors that was aimed at for the platform's curve."""
AS_GOOD = 0.03
"""A back-test worse than its best rival by no more is as good."""

Rows = list[dict[str, str]]


def show(texts: Texts) -> None:
    """Draw what was measured, and say what it does not show."""
    measured = validation()
    language = texts.language
    st.header(texts("tested.title"), anchor=False)
    st.markdown(texts("tested.lead"))
    st.table(_coverage(measured, DEFAULTS, texts), hide_index=True, border="horizontal")
    _show_prices(measured.prices, texts)
    st.markdown("\n\n".join(_also(measured, texts)))
    folded = st.expander(texts("tested.own"), key="tested_own", on_change="rerun")
    if folded.open:
        with folded:
            st.markdown(texts("tested.own_lead"))
            st.table(_own(measured, texts), hide_index=True, border="horizontal")
            st.markdown(texts("tested.own_inside"))
            st.table(_coverage(measured, CALIBRATED, texts), hide_index=True, border="horizontal")
    st.caption(texts("tested.date", date=formats.date(measured.date, language)))
    if not measured.is_current:
        st.caption(texts("tested.older"))


def _show_prices(prices: PriceCheck | None, texts: Texts) -> None:
    """Draw how far off prices were, the bias first: source by source, from too cheap to too dear."""
    if prices is None:
        return
    language = texts.language
    st.markdown(
        texts(
            "tested.prices",
            accounts=formats.number(prices.accounts, language),
            sources=len(prices.sources),
            factor=formats.number(math.exp(prices.bias), language, 2),
            off=_off(prices.error, texts),
            inside=formats.percent(prices.single, language),
            date=formats.date(prices.date, language),
        )
    )
    rows = sorted(prices.sources, key=lambda one: -one.bias)
    st.table([_price_row(one, texts) for one in rows], hide_index=True, border="horizontal")


def _price_row(one: PricesOfSource, texts: Texts) -> dict[str, str]:
    language = texts.language
    return {
        texts("tested.campaigns"): _source(one.source, texts),
        texts("tested.accounts"): formats.number(one.accounts, language),
        texts("tested.paid"): formats.number(math.exp(one.bias), language, 2),
        texts("tested.ads_inside"): formats.percent(one.single, language),
    }


def _also(measured: Validation, texts: Texts) -> list[str]:
    """Return what else was measured, in sentences: people given showings, the platform's curve, invented accounts."""
    aims = {"median": _off(REACH_MEDIAN, texts), "largest": _off(REACH_LARGEST, texts)}
    said = [texts("tested.reach_lead", **aims)] if measured.reach else []
    if said:
        said[0] += "\n" + "\n".join(f"- {_reach(one, texts)}" for one in measured.reach)
    if measured.curve:
        fits = "\n".join(
            "- " + texts(f"tested.curve_{one.audience}", off=_off(one.rms, texts), people=_people(one.people, texts))
            for one in measured.curve
        )
        said.append(f"{texts('tested.curve', aim=_off(CURVE_RMS, texts))}\n{fits}")
    if measured.recovery is not None:
        found = measured.recovery
        share = formats.percent(found.coverage, texts.language)
        said.append(texts("tested.recovery", accounts=formats.number(found.accounts, texts.language), share=share))
    said.append(_calculation(measured.referee, texts))
    return said


def _calculation(referee: RefereeCheck | None, texts: Texts) -> str:
    """Compare the calculation with the person-by-person simulation."""
    if referee is None:
        return texts("tested.calculation")
    language = texts.language
    return texts(
        "tested.referee",
        date=formats.date(referee.date, language),
        campaigns=formats.number(referee.campaigns, language),
        slots=formats.number(round(referee.opportunities / 1e9), language),
        comparisons=formats.number(referee.comparisons, language),
        beyond=formats.number(referee.beyond, language),
        reach=formats.percent(referee.largest_reach, language, digits=2),
        verdict=texts("tested.missed" if referee.beyond else "tested.met"),
    )


def _coverage(measured: Validation, method: str, texts: Texts) -> Rows:
    rows = [one for one in measured.coverage if one.method == method and one.metric in METRICS]
    rows.sort(key=lambda one: METRICS.index(one.metric))
    return [_row(one, measured.level, texts) for one in rows]


def _own(measured: Validation, texts: Texts) -> Rows:
    rows = [one for one in measured.backtests if one.metric in METRICS]
    rows.sort(key=lambda one: METRICS.index(one.metric))
    return [_against(one, texts) for one in rows]


def _row(one: Coverage, level: float, texts: Texts) -> dict[str, str]:
    language = texts.language
    between = {"low": formats.percent(one.low, language), "high": formats.percent(one.high, language)}
    verdict = "wide" if one.low > level else "narrow" if one.high < level else "fair"
    return {
        texts("tested.figure"): texts(f"metric.{one.metric}.word"),
        texts("tested.campaigns"): _source(one.source, texts),
        # In one column, so that the verdict is on a telephone's screen too.
        texts("tested.inside"): texts(
            "tested.count", inside=one.inside, n=one.n, verdict=texts(f"tested.{verdict}"), **between
        ),
    }


def _reach(one: ReachCheck, texts: Texts) -> str:
    met = one.median_abs_log_error <= REACH_MEDIAN and one.largest_abs_log_error <= REACH_LARGEST
    return texts(
        "tested.reach",
        source=_source(one.source, texts),
        median=_off(one.median_abs_log_error, texts),
        largest=_off(one.largest_abs_log_error, texts),
        n=formats.number(one.n, texts.language),
        verdict=texts("tested.met" if met else "tested.missed"),
    )


def _against(one: BacktestCheck, texts: Texts) -> dict[str, str]:
    apart = one.calibrated - one.rival
    verdict = "once" if one.origins < 2 else "worse" if apart > AS_GOOD else "better" if apart < -AS_GOOD else "same"
    return {
        texts("tested.figure"): texts(f"metric.{one.metric}.word"),
        texts("tested.campaigns"): _source(one.source, texts),
        texts("tested.best"): texts(
            "tested.against",
            ours=_off(one.calibrated, texts),
            off=_off(one.rival, texts),
            how=texts.choice("tested.rival", one.best_rival),
            verdict=texts(f"tested.{verdict}"),
        ),
    }


def _source(name: str, texts: Texts) -> str:
    return plain(texts.choice("tested.source", name))


def _off(log_error: float, texts: Texts) -> str:
    """Return an absolute log error as a percentage."""
    return formats.percent(math.expm1(log_error), texts.language)


def _people(count: float, texts: Texts) -> str:
    return formats.number(round(count / 1e6), texts.language)
