"""Enquiries and customers of a business; figures left open are taken from those of its trade."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import Number, Text, Validated, between, instance_of, one_of
from simulator.campaign.campaign import Campaign
from simulator.campaign.forecast import Band, Forecast
from simulator.forecasting.engine import Engine, Settings
from simulator.model import needs
from simulator.model.draws import uniform_points, whole_count
from simulator.reference.parameters import Parameter, Parameters, trades, units_per_euro

if TYPE_CHECKING:
    import pandas as pd

ANY = "any"
"""Stands for a trade that is not in the list."""
BASKET = 1_000_000.0
"""Largest amount of one order, in euro value."""
LEAST_BASKET = 0.01
"""Smallest one: below a cent nothing is sold, and the orders to break even are beyond counting."""
LEAST_MARGIN = 0.001
"""Smallest share that remains of an order, for the same reason."""
TABLES = ("enquiry_rate", "need_rate", "chosen", "memory_half_life", "conversion", "delay", "basket")
"""Tables of ``customers.toml`` with one entry a trade."""
EVERY_TRADE = ("remembered", "margin")
"""Numbers of ``customers.toml`` that no trade has for itself."""


def _trade(code: str) -> str:
    if code != ANY:
        one_of("", code, (*trades(), ANY))
    return code


Share = Annotated[Number, between(0.0, 1.0)]
Amount = Annotated[Number, between(LEAST_BASKET, BASKET)]
Days = Annotated[Number, between(0.01, 3650.0, "days")]


class Business(Validated):
    """The trade, and figures of the own business: taken as given, without a range.

    Attributes
    ----------
    trade : str, optional
        One of ``simulator.reference.parameters.trades()``; that of the campaign where absent.
    basket : float, optional
        Amount of one order, in the campaign's currency, 0.01 to 1,000,000.
    margin : float, optional
        What remains of an order, share, 0.001 to 1.
    enquiry_rate, conversion : float, optional
        Enquiries per link click; sales per enquiry.
    need_rate : float, optional
        Times an adult needs the trade, a year.
    chosen, remembered : float, optional
        Share of those needs, while the advertisement is remembered, that come to this business; share of the
        people reached who remember it.
    memory_half_life, delay : float, optional
        Days until half have forgotten; mean days from the enquiry to the sale; 0.01 to 3650.

    Examples
    --------
    >>> Business("bakery", basket=12.5, margin=0.4).key("basket")
    'customers.basket.bakery'
    """

    trade: Annotated[Text, AfterValidator(_trade)] | None = None
    basket: Amount | None = None
    margin: Annotated[Number, between(LEAST_MARGIN, 1.0)] | None = None
    enquiry_rate: Share | None = None
    conversion: Share | None = None
    need_rate: Annotated[Number, between(0.0, 1000.0, "times/year")] | None = None
    chosen: Share | None = None
    remembered: Share | None = None
    memory_half_life: Days | None = None
    delay: Days | None = None

    def key(self, name: str) -> str:
        """Return the key of the parameter behind an entry."""
        return f"customers.{name}" if name in EVERY_TRADE else f"customers.{name}.{self.trade or ANY}"

    def overrides(self, currency: str = "EUR") -> dict[str, Any]:
        """Return what was typed as changes of parameters, as ``Scenario.overrides`` keeps them.

        Parameters
        ----------
        currency : str
            Of ``basket``; the parameter is in euros.
        """
        changes = {}
        for name in (*TABLES, *EVERY_TRADE):
            value = getattr(self, name)
            if value is not None:
                typed = value / units_per_euro(currency) if name == "basket" else value
                changes[self.key(name)] = {"value": typed, "range": {"family": "fixed"}}
        return changes

    def amount(self, parameters: Parameters, currency: str) -> float:
        """Return the amount of one order in ``currency``, to the cent."""
        if self.basket is not None:
            return self.basket
        return max(round(parameters.value(self.key("basket")) * units_per_euro(currency), 2), 0.01)


Array = NDArray[np.float64]

FIGURES = (
    *("enquiries_campaign", "enquiries_year", "sales_campaign", "sales_year", "cost_per_enquiry"),
    *("earned_year", "negative_reactions"),
)
"""Bands of a ``CustomersForecast``, in the order of display."""
CHANCES = ("enquiry_campaign", "enquiry_year", "sale_campaign", "sale_year", "paid_back")


def orders_to_break_even(spend: float, basket: float, margin: float = 1.0) -> int:
    """Return how many orders pay back ``spend``, exactly, whatever the binary form of the amounts.

    Parameters
    ----------
    spend, basket : float
        Same currency; 0.1 means a tenth.
    margin : float
        What remains of an order, share above 0.
    """
    exact = [Fraction(repr(float(value))) for value in (spend, basket, margin)]
    return math.ceil(exact[0] / (exact[1] * exact[2]))


@dataclass(frozen=True)
class CustomersForecast:
    """Enquiries and sales that a campaign brings, with their bands.

    Attributes
    ----------
    enquiries_campaign, enquiries_year : Band
        Calls, messages, bookings, visits while it runs and within twelve months of its first day: from clicks,
        and from people who remember it when they need the trade.
    sales_campaign, sales_year : Band
        Those of them that end in an order, once the delay of the trade has passed.
    cost_per_enquiry : Band
        Spend over the expected enquiries of twelve months; infinite where none is expected.
    earned_year : Band
        Sales of twelve months times what remains of an order, less the spend: may be a loss.
    negative_reactions : Band
        People who hide or report it.
    from_memory : float
        Share of the expected enquiries of twelve months that no click brought.
    chances : mapping of str to float
        Probability of at least one enquiry or sale, and that the sales of twelve months pay the campaign back.
    break_even_orders : int
        Orders that pay back the money planned, exact; 0 where nothing is spent.
    basket, margin, spend : float
        Behind the break-even: amount of an order, what remains of it, money spent.
    assumed : tuple of str
        Keys of the parameters used that nobody has published.
    expected : mapping of str to ndarray (draw,)
        Means of the counts in every draw.
    """

    trade: str
    currency: str
    duration_days: int
    enquiries_campaign: Band
    enquiries_year: Band
    sales_campaign: Band
    sales_year: Band
    cost_per_enquiry: Band
    earned_year: Band
    negative_reactions: Band
    from_memory: float
    chances: Mapping[str, float] = field(hash=False)
    break_even_orders: int
    basket: float
    margin: float
    spend: float
    seed: int
    parameter_digest: str
    assumed: tuple[str, ...] = ()
    draws: Mapping[str, Array] = field(default_factory=dict, repr=False, compare=False)
    expected: Mapping[str, Array] = field(default_factory=dict, repr=False, compare=False)

    def band(self, name: str) -> Band:
        """Return one of ``FIGURES``."""
        value: Band = getattr(self, name)
        return value

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``; an infinite cost is ``None``."""
        bands = {name: self.band(name).to_dict() for name in FIGURES}
        finite = {
            name: {key: value if math.isfinite(value) else None for key, value in band.items()}
            for name, band in bands.items()
        }
        names = ("trade", "currency", "duration_days", "basket", "margin", "spend", "break_even_orders")
        plain = {name: getattr(self, name) for name in (*names, "from_memory", "seed", "parameter_digest")}
        return {**finite, **plain, "chances": dict(self.chances), "assumed": list(self.assumed)}

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a figure for tables and reports, without words: name, unit, p10, p50, p90, mean."""
        units = dict.fromkeys(FIGURES, "count") | {"cost_per_enquiry": self.currency, "earned_year": self.currency}
        units["negative_reactions"] = "people"
        return [{"name": name, "unit": units[name], **self.band(name).to_dict()} for name in FIGURES]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a figure: p10, p50, p90, mean, unit."""
        import pandas as pd

        frame = pd.DataFrame(self.rows()).set_index("name")[["p10", "p50", "p90", "mean", "unit"]]
        frame.index.name = "figure"
        frame.attrs = {"currency": self.currency, "trade": self.trade, "seed": self.seed}
        return frame


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
    **settings: Unpack[Settings],
) -> CustomersForecast:
    """Forecast enquiries and sales of a campaign, while it runs and over twelve months.

    Parameters
    ----------
    source : Campaign or Forecast
        A forecast keeps its own draws, seed and money: two of the same seed stay paired.
    business : Business, optional
        Trade and whatever is known of it; where absent the trade of the campaign, else any.
    seed, draws, parameters, calibration, tables, engine
        See ``simulate``; of those only the parameters count for a forecast.

    Raises
    ------
    InvalidInput
        ``wrong_type``, or what ``simulate`` raises.
    """
    business = Business() if business is None else business
    instance_of("business", business, Business)
    engine = Engine.of(settings)
    if isinstance(source, Campaign):
        business = business if business.trade or source.trade is None else business.replace(trade=source.trade)
        source = engine.forecast(source)
    if not isinstance(source, Forecast):
        allowed = "a Campaign or a Forecast"
        raise InvalidInput("wrong_type", field="source", received=shown(source), allowed=allowed)
    reach = source.draws["reach"]
    clicks = source.expected.get("link_clicks", np.zeros_like(reach))
    shown_to = Shown(reach, clicks, source.draws["spend"], source.duration_days, source.currency, source.seed)
    return customers_of(shown_to, business, engine.parameters)


def customers_of(shown_to: Shown, business: Business, parameters: Parameters) -> CustomersForecast:
    """Forecast the customers of whatever was shown to people, paid or not: see ``customers``."""
    known = parameters.replace(business.overrides(shown_to.currency))
    reach, spend = shown_to.reach, shown_to.spend
    points = _points(shown_to.seed, len(reach))
    expected = _expected(shown_to, business, known, points)
    noise = points["noise_customers"]
    counts = {name: whole_count(mean, noise) for name, mean in expected.items() if name != "by_click"}
    middle = float(np.quantile(spend, 0.5))
    basket, margin = business.amount(known, shown_to.currency), known.value("customers.margin")
    order = known[business.key("basket")].quantile(points["basket"]) * units_per_euro(shown_to.currency)
    earned = counts["sales_year"] * order * known["customers.margin"].quantile(points["margin"]) - spend
    orders = orders_to_break_even(round(middle, 2), basket, margin)
    rate = known["response.negative_feedback"].quantile(points["negative"])
    refused = whole_count(rate * reach, points["noise_negative"])
    total = float(expected["enquiries_year"].sum())
    used = [business.key(name) for name in (*TABLES, *EVERY_TRADE)]
    return CustomersForecast(
        trade=business.trade or ANY,
        currency=shown_to.currency,
        duration_days=shown_to.days,
        **{name: Band.of(values, whole=True) for name, values in counts.items()},
        cost_per_enquiry=_cost(spend, expected["enquiries_year"]),
        earned_year=Band.of(earned),
        negative_reactions=Band.of(refused, whole=True),
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
    """Whether it is not published for this currency: an amount known in another is carried over."""
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
