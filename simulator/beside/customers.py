"""From a forecast and a trade to enquiries and sales: joins parameters and the model of needs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.beside.business import ANY, EVERY_TRADE, TABLES, Business
from simulator.beside.customers_forecast import CustomersForecast, counted, orders_to_break_even
from simulator.campaign import Campaign
from simulator.errors import InvalidInput, shown
from simulator.forecast import Band, Forecast
from simulator.forecasting import DRAWS, simulate
from simulator.model import needs
from simulator.model.draws import noisy_count, uniform_points
from simulator.parameters import Parameter, Parameters, load_parameters, units_per_euro
from simulator.validated import instance_of

Array = NDArray[np.float64]

YEAR = 365.0
"""Days of the longer view; a need rate is per year too."""
ROLES = (*TABLES, *EVERY_TRADE, "negative", "noise_customers", "noise_negative")
"""Dimension of the points by role; append, never reorder."""
STREAM = 0
"""Which child of the seed draws the customers; the free page has the next."""


class Shown(NamedTuple):
    """What people saw, draws of shape (draw,): distinct people, expected clicks on links, money spent."""

    reach: Array
    clicks: Array
    spend: Array
    days: int
    currency: str
    seed: int


def customers(
    source: Campaign | Forecast,
    business: Business | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
    parameters: Parameters | None = None,
) -> CustomersForecast:
    """Forecast enquiries and sales of a campaign, while it runs and over twelve months.

    Parameters
    ----------
    source : Campaign or Forecast
        A forecast keeps its own draws, seed and money: two of the same seed stay paired.
    business : Business, optional
        Trade and whatever is known of it; where absent the trade of the campaign, else any.
    seed, draws : int
        For a campaign; see ``simulate``.
    parameters : Parameters, optional
        The shipped ones where absent.

    Raises
    ------
    InvalidInput
        ``wrong_type``, or what ``simulate`` raises.
    """
    business = Business() if business is None else business
    instance_of("business", business, Business)
    parameters = load_parameters() if parameters is None else parameters
    instance_of("parameters", parameters, Parameters)
    if isinstance(source, Campaign):
        business = business if business.trade or source.trade is None else business.replace(trade=source.trade)
        source = simulate(source, seed=seed, draws=draws, parameters=parameters)
    if not isinstance(source, Forecast):
        allowed = "a Campaign or a Forecast"
        raise InvalidInput("wrong_type", field="source", received=shown(source), allowed=allowed)
    reach = source.draws["reach"]
    clicks = source.expected.get("link_clicks", np.zeros_like(reach))
    shown_to = Shown(reach, clicks, source.draws["spend"], source.duration_days, source.currency, source.seed)
    return customers_of(shown_to, business, parameters)


def customers_of(shown_to: Shown, business: Business, parameters: Parameters) -> CustomersForecast:
    """Forecast the customers of whatever was shown to people, paid or not: see ``customers``."""
    known = parameters.replace(business.overrides(shown_to.currency))
    reach, spend = shown_to.reach, shown_to.spend
    points = _points(shown_to.seed, len(reach))
    expected = _expected(shown_to, business, known, points)
    noise = points["noise_customers"]
    counts = {name: needs.count_at(mean, noise) for name, mean in expected.items() if name != "by_click"}
    middle = float(np.quantile(spend, 0.5))
    basket, margin = business.amount(known, shown_to.currency), known.value("customers.margin")
    order = known[business.key("basket")].quantile(points["basket"]) * units_per_euro(shown_to.currency)
    earned = counts["sales_year"] * order * known["customers.margin"].quantile(points["margin"]) - spend
    orders = orders_to_break_even(round(middle, 2), basket, margin)
    rate = known["response.negative_feedback"].quantile(points["negative"])
    refused = noisy_count(rate * reach, points["noise_negative"])
    total = float(expected["enquiries_year"].sum())
    used = [business.key(name) for name in (*TABLES, *EVERY_TRADE)]
    return CustomersForecast(
        trade=business.trade or ANY,
        currency=shown_to.currency,
        duration_days=shown_to.days,
        **{name: counted(values) for name, values in counts.items()},
        cost_per_enquiry=_cost(spend, expected["enquiries_year"]),
        earned_year=Band.of(earned),
        negative_reactions=Band.of(refused),
        from_memory=1.0 - float(expected["by_click"].sum()) / total if total > 0.0 else 0.0,
        chances={
            **{_singular(name): needs.chance_of_some(expected[name]) for name in counts},
            "paid_back": float(np.mean(counts["sales_year"] >= orders)),
        },
        break_even_orders=orders,
        basket=basket,
        margin=margin,
        spend=middle,
        seed=shown_to.seed,
        parameter_digest=known.digest,
        assumed=tuple(key for key in used if _is_assumed(known[key], shown_to.currency)),
        draws={**counts, "earned_year": earned, "negative_reactions": refused, "spend": spend},
        expected=expected,
    )


def _points(seed: int, count: int) -> dict[str, Array]:
    """Return uniform points by role, independent of those of the campaign."""
    rng = np.random.default_rng(seed).spawn(STREAM + 1)[STREAM]
    points = uniform_points(count, len(ROLES), rng)
    # Two scrambles of one sequence are not independent row by row: the rows are shuffled.
    points = rng.permutation(points)
    return dict(zip(ROLES, points.T, strict=True))


def _expected(shown_to: Shown, business: Business, known: Parameters, points: dict[str, Array]) -> dict[str, Array]:
    """Return the means of the counts in every draw, shape (draw,) each."""

    def drawn(name: str) -> Array:
        return known[business.key(name)].quantile(points[name])

    reach, clicks = shown_to.reach, shown_to.clicks
    days = float(shown_to.days)
    horizons = {"campaign": days, "year": max(YEAR, days)}
    by_click = clicks * drawn("enquiry_rate")
    remembering = np.maximum(reach - clicks, 0.0) * drawn("remembered")
    need = drawn("need_rate") * drawn("chosen") / YEAR
    forgetting = np.log(2.0) / drawn("memory_half_life")
    settling = 1.0 / drawn("delay")
    conversion = drawn("conversion")
    expected = {"by_click": by_click}
    for name, horizon in horizons.items():
        asked = needs.asked(need, forgetting, days, horizon)
        settled = needs.asked_and_settled(need, forgetting, settling, days, horizon)
        expected[f"enquiries_{name}"] = by_click + remembering * asked
        at_once = 1.0 - needs.waiting(settling, days, horizon)
        expected[f"sales_{name}"] = conversion * (by_click * at_once + remembering * settled)
    return expected


def _is_assumed(parameter: Parameter, currency: str) -> bool:
    """Whether nobody has published it for this money: an amount known in another is carried over."""
    elsewhere = parameter.currency not in ("", currency)
    return parameter.family != "fixed" and (parameter.is_assumption or elsewhere)


def _cost(spend: Array, enquiries: Array) -> Band:
    """Return the band of spend over expected enquiries; infinite where no draw expects any."""
    if not (enquiries > 0.0).any():
        return Band(*(float("inf"),) * 4) if spend.any() else Band(0.0, 0.0, 0.0, 0.0)
    return Band.of(np.divide(spend, enquiries, out=np.full_like(spend, np.inf), where=enquiries > 0.0))


def _singular(name: str) -> str:
    """Return ``sale_year`` for ``sales_year``."""
    what, when = name.split("_")
    return f"{'enquiry' if what == 'enquiries' else 'sale'}_{when}"
