"""Am I paying too much? A price typed in, compared with what is expected for these choices or a whole country."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import numpy as np
import streamlit as st

from simulator.apps.web import active_calibration, cache, formats
from simulator.apps.web.choices import GOALS
from simulator.apps.web.components.results_learnt import FIRST
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.words import summary
from simulator.base.errors import InvalidInput, SimulatorError, shown
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.campaign.objectives import nearest_known
from simulator.presentation.formats import symbol
from simulator.reference.parameters import cpm_level, currencies, load_parameters, newest_price_day, units_per_euro
from simulator.reference.places import country_codes

KINDS = ("cpm", "cpc")
"""What can be compared: the price of a thousand showings, and of a click on the link."""
METRICS_OF = {"cpm": "cpm", "cpc": "cpc_link"}
MONTHS_BACK = 18
MOST = 100_000.0
"""Highest price that is compared, in any money."""
DRAWS = 4096
SEED = 0
DAYS_A_YEAR = 365.25
_MONEY = re.compile(
    r"(CA|US|AU|NZ)?\s*\$\s*(CA|US|AU|NZ)?|€|£|(?<!\w)euros?(?!\w)|(?<!\w)[a-z]{3}(?!\w)", re.IGNORECASE
)
"""How people write which money they mean: a sign, a word or a code."""


@dataclass(frozen=True)
class Comparison:
    """Where a price lies: below, within or above the band of 8 campaigns in 10; of which year a country's source is."""

    place: str
    band: Band
    price_year: int = 0
    is_assumption: bool = False


def apart(typed: str) -> tuple[str, frozenset[str]]:
    """Return what was typed without its currency, and the currencies it may be; none where none is given."""
    found = _MONEY.search(typed)
    if found is None:
        return typed, frozenset()
    rest = f"{typed[: found.start()]} {typed[found.end() :]}".strip()
    sign = re.sub(r"\s", "", found[0]).upper()
    if "$" in sign:
        dollars = (code for code in currencies() if "$" in symbol(code, "en"))
        return rest, frozenset(code for code in dollars if code.startswith(sign.replace("$", "")))
    known = {"€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP"}.get(sign, sign)
    return (rest, frozenset((known,))) if known in currencies() else (typed, frozenset())


def compare(price: float, kind: str, country: str, month: datetime.date, goal: str, currency: str) -> Comparison:
    """Compare a price in ``currency`` with the band of its country, month and goal.

    Raises
    ------
    InvalidInput
        Unless the country and the currency are known.
    """
    parameters = load_parameters()
    rng = np.random.default_rng(SEED)

    def drawn(key: str) -> np.ndarray:
        return parameters[key].quantile(rng.uniform(1e-9, 1.0, DRAWS))

    level = cpm_level(country, parameters)
    day = min(month.replace(day=15), newest_price_day(parameters))
    years = (day - level.price_date).days / DAYS_A_YEAR
    draws = level.median * np.exp(level.log_sd * rng.standard_normal(DRAWS) + years * drawn("prices.trend"))
    draws *= drawn(f"prices.month.{month.month}") * drawn(f"prices.objective.{goal}") * drawn("delivery.model_error")
    draws *= units_per_euro(currency)
    if kind == "cpc":
        draws /= 1000.0 * drawn(f"response.ctr_link.{nearest_known(goal)}") * drawn("response.creative_spread")
    band = Band.of(draws)
    return Comparison(_place(price, band), band, level.price_date.year, level.is_assumption)


def compare_own(price: float, kind: str, forecast: Forecast, currency: str) -> Comparison:
    """Compare a price in ``currency`` with the band of a forecast: the one that Simuler shows for the same choices."""
    rate = units_per_euro(currency) / units_per_euro(forecast.currency)
    shown = forecast.band(METRICS_OF[kind])
    band = Band(*(rate * value for value in (shown.p10, shown.p50, shown.p90, shown.mean)))
    return Comparison(_place(price, band), band)


def is_dear_goal(goal: str) -> bool:
    """Say whether showings for a goal cost more than for clicks."""
    return load_parameters().value(f"prices.objective.{goal}") > 1.0


def in_month(campaign: Campaign, month: datetime.date) -> Campaign:
    """Return a campaign whose middle day, and so its price, falls into a month."""
    return campaign.replace(start=month.replace(day=15) - datetime.timedelta(days=campaign.duration_days // 2))


def middle_day(campaign: Campaign) -> datetime.date | None:
    """Return the day whose month sets the price; None where the campaign runs at any time."""
    if campaign.start is None:
        return None
    ahead = min(campaign.duration_days // 2, (datetime.date.max - campaign.start).days)
    return campaign.start + datetime.timedelta(days=ahead)


def _place(price: float, band: Band) -> str:
    return "below" if price < band.p10 else "above" if price > band.p90 else "within"


def recent_months(today: datetime.date) -> list[datetime.date]:
    """Return the first days of this month and of those before it, the newest first."""
    count = today.year * 12 + today.month - 1
    return [datetime.date((count - back) // 12, (count - back) % 12 + 1, 1) for back in range(MONTHS_BACK)]


FIRST_CURRENCIES = ("EUR", "CAD", "CHF", "USD")


CHEAPER = "link_clicks"
"""Goal that is proposed in place of a dear one."""
OWN, ALL = "own", "all"
"""Whom one is compared with: an advertisement like one's own, or every advertiser of a country."""


def show(own: Campaign | None, usual_country: str, usual_currency: str, texts: Texts) -> None:
    """Draw the question and the answer; ``own`` is the simulation as left on Simuler."""
    st.header(texts("results.dear.title"), anchor=False)
    st.markdown(texts("results.dear.lead"))
    left, right = st.columns([1, 2], gap="medium")
    with left:
        kind, typed, currency = _price(usual_currency, texts)
        compared = _with_whom(own, texts)
        if compared == OWN and own is not None:
            aimed = _own_month(own, texts)
        else:
            country, month, goal = _where(usual_country, texts)
    with right, st.container(border=True, key="dear_answer"):
        if not typed.strip():
            st.markdown(texts("results.dear.empty"))
            return
        try:
            amount, moneys = apart(typed)
            if moneys and currency not in moneys:
                st.error(_other_money(typed, currency, texts))
                return
            price = _read(amount, typed, texts)
            if compared == OWN and own is not None:
                # Beside what others pay: with one's own prices learnt, every own price would be an ordinary one.
                found = compare_own(price, kind, cache.forecast_with(aimed, None), currency)
                band = _own_band(found, kind, aimed, currency, texts)
            else:
                found = compare(price, kind, country, month, goal, currency)
                band = _band(found, kind, country, month, goal, currency, texts)
        except SimulatorError as error:
            st.error(sentence(error, texts))
            return
        goal = aimed.objective if compared == OWN and own is not None else goal
        st.markdown(_said(found, price, band, currency, goal, texts))


def _price(usual_currency: str, texts: Texts) -> tuple[str, str, str]:
    kind = st.radio(
        texts("results.dear.kind"),
        list(KINDS),
        format_func=lambda code: texts(f"results.dear.{code}"),
        key="dear_kind",
        persist_state="session",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            texts("results.dear.price"), key="dear_price", autocomplete="off", persist_state="session", width=110
        )
        codes = [*FIRST_CURRENCIES, *(code for code in currencies() if code not in FIRST_CURRENCIES)]
        currency = st.selectbox(
            texts("results.dear.currency"),
            codes,
            index=codes.index(usual_currency) if usual_currency in codes else 0,
            format_func=lambda code: formats.currency_label(code, texts.language),
            key="dear_currency",
            persist_state="session",
        )
    return str(kind), typed or "", str(currency)


def _with_whom(own: Campaign | None, texts: Texts) -> str:
    """Return the choice; without a whole simulation there is none."""
    if own is None:
        return ALL
    said = {OWN: texts("results.dear.own", aim=summary(own.targeting, texts)), ALL: texts("results.dear.all")}
    compared = st.radio(
        texts("results.dear.with"), [OWN, ALL], format_func=said.__getitem__, key="dear_with", persist_state="session"
    )
    return str(compared)


def _own_month(own: Campaign, texts: Texts) -> Campaign:
    """Return the simulation in the month of the price; that of Simuler unless another is chosen."""
    months = {day.isoformat(): day for day in recent_months(datetime.date.today())}
    as_there = _month(own, texts)
    chosen = st.selectbox(
        texts("results.dear.month"),
        ["", *months],
        format_func=lambda code: (
            formats.month_of(months[code], texts.language)
            if code
            else texts("results.dear.month_as_there", month=as_there)
        ),
        key="dear_month_own",
        persist_state="session",
    )
    return in_month(own, months[chosen]) if chosen else own


def _where(usual_country: str, texts: Texts) -> tuple[str, datetime.date, str]:
    codes = sorted(
        set(country_codes()) - set(FIRST), key=lambda code: formats.sortable(active_calibration.country(code, texts))
    )
    options = [*FIRST, *codes]
    country = st.selectbox(
        texts("results.dear.country"),
        options,
        index=options.index(usual_country) if usual_country in options else 0,
        format_func=lambda code: active_calibration.country(code, texts).replace("\\", ""),
        key="dear_country",
        persist_state="session",
    )
    months = [day.isoformat() for day in recent_months(datetime.date.today())]
    month = st.selectbox(
        texts("results.dear.month"),
        months,
        format_func=lambda day: formats.month_of(datetime.date.fromisoformat(day), texts.language),
        key="dear_month",
        persist_state="session",
    )
    goal = st.selectbox(
        texts("results.dear.goal"),
        GOALS,
        index=GOALS.index("link_clicks"),
        format_func=lambda code: texts.choice("objective", code),
        key="dear_goal",
        persist_state="session",
    )
    return str(country), datetime.date.fromisoformat(str(month)), str(goal)


def _other_money(typed: str, currency: str, texts: Texts) -> str:
    chosen = formats.currency_label(currency, texts.language)
    return texts("results.dear.other_money", typed=plain(typed, 30), currency=figures(chosen))


def _read(amount: str, typed: str, texts: Texts) -> float:
    """Return the price typed in, above 0; ``amount`` is what was typed without its money."""
    try:
        price = formats.parse_number(amount, "price", texts.language)
    except InvalidInput as error:
        raise InvalidInput(error.code, **{**error.data, "received": shown(typed)}) from None
    if not 0 < price <= MOST:
        high = MOST
        raise InvalidInput(
            "out_of_range", field="price", received=typed, allowed=f"above 0, up to {high}", low=0, high=high
        )
    return price


def _said(found: Comparison, price: float, band: str, currency: str, goal: str, texts: Texts) -> str:
    verdict = texts(f"results.dear.{found.place}", price=_money(price, currency, texts))
    advice = texts(f"results.dear.advice.{found.place}")
    if found.place == "above" and is_dear_goal(goal):
        advice += " " + texts("results.dear.advice.goal", goal=active_calibration.goals([CHEAPER], texts))
    return "\n\n".join((verdict, band, advice))


def _own_band(found: Comparison, kind: str, aimed: Campaign, currency: str, texts: Texts) -> str:
    """Return the band of an advertisement like one's own: the figure that Simuler gives for it."""
    return texts(
        f"results.dear.own_{kind}",
        aim=summary(aimed.targeting, texts),
        month=_month(aimed, texts),
        goal=active_calibration.goals([aimed.objective], texts),
        **_ends(found, currency, texts),
    )


def _month(campaign: Campaign, texts: Texts) -> str:
    day = middle_day(campaign)
    return texts("results.dear.month_any") if day is None else formats.month_of(day, texts.language)


def _band(
    found: Comparison,
    kind: str,
    country: str,
    month: datetime.date,
    goal: str,
    currency: str,
    texts: Texts,
) -> str:
    band = texts(
        f"results.dear.band_{kind}",
        country=active_calibration.country(country, texts),
        month=formats.month_of(month, texts.language),
        goal=active_calibration.goals([goal], texts),
        **_ends(found, currency, texts),
    )
    source = texts(f"results.dear.source{'_assumed' if found.is_assumption else ''}", year=found.price_year)
    return f"{band}\n\n{source}"


def _ends(found: Comparison, currency: str, texts: Texts) -> dict[str, str]:
    ends = {"low": found.band.p10, "middle": found.band.p50, "high": found.band.p90}
    return {name: _money(value, currency, texts) for name, value in ends.items()}


def _money(amount: float, currency: str, texts: Texts) -> str:
    return figures(formats.fine_money(amount, currency, texts.language))
