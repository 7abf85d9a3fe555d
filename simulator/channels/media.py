"""Other media at the user's own prices: what a contact and a remembered one cost, compared with the campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import Number, Validated, Whole, between
from simulator.campaign.forecast import Band, Forecast
from simulator.model.draws import uniform_points
from simulator.reference.parameters import Parameters, load_parameters, units_per_euro

Array = NDArray[np.float64]
Kind = Literal["flyers", "press", "radio"]

KINDS = ("flyers", "press", "radio")
PEOPLE = (1, 100_000_000)
PRICE = (0.0, 1_000_000.0)
INSERTIONS = (1, 1000)
ROLES = ("refused", "seen", "readers_per_copy", "remembered")
"""Dimension of the points by role; append, never reorder."""
STREAM = 3
"""Which child of the seed draws the media."""
THE_CAMPAIGN = "campaign"


class Offer(Validated):
    """An offer of another medium, at a known or assumed price.

    Attributes
    ----------
    kind : str
        flyers, press or radio.
    people : int
        Flyers printed, copies of the paper, listeners a day.
    price : float
        Of all of it, in the campaign's currency.
    insertions : int
        Times the advertisement appears or the spot runs; flyers once.
    """

    kind: Kind
    people: Annotated[Whole, between(*PEOPLE, "people")]
    price: Annotated[Number, between(*PRICE)]
    insertions: Annotated[Whole, between(*INSERTIONS, "times")] = 1

    @classmethod
    def usual(cls, kind: Kind, people: int, currency: str = "EUR", parameters: Parameters | None = None) -> Offer:
        """Return an offer at our starting price: ask for the local one."""
        known = load_parameters() if parameters is None else parameters
        one = known.value(f"customers.media.price_{kind}") * units_per_euro(currency)
        return cls(kind=kind, people=people, price=round(one * (people if kind == "flyers" else 1), 2))


@dataclass(frozen=True)
class MediaRow:
    """What one medium costs.

    Attributes
    ----------
    kind : str
        flyers, press, radio, or campaign.
    price : float
    contacts : Band
        People before whose eyes or ears it comes, each time counted; of the campaign, people reached.
    remembered : Band
        Contacts that are remembered.
    per_contact, per_remembered : Band
        Money for one.
    """

    kind: str
    price: float
    contacts: Band
    remembered: Band
    per_contact: Band
    per_remembered: Band

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        names = ("contacts", "remembered", "per_contact", "per_remembered")
        return {"kind": self.kind, "price": self.price, **{name: getattr(self, name).to_dict() for name in names}}


def media(forecast: Forecast, offers: tuple[Offer, ...], parameters: Parameters | None = None) -> tuple[MediaRow, ...]:
    """Compare the campaign with other media, the campaign first.

    Memory is that of one and the same old comparison of media, so that they stay comparable: not the recall
    behind ``customers``.

    Raises
    ------
    InvalidInput
        ``wrong_type``.
    """
    if not isinstance(forecast, Forecast):
        raise InvalidInput("wrong_type", field="forecast", received=shown(forecast), allowed="a Forecast")
    known = load_parameters() if parameters is None else parameters
    reach = forecast.draws["reach"]
    rng = np.random.default_rng(forecast.seed).spawn(STREAM + 1)[STREAM]
    points = dict(zip(ROLES, rng.permutation(uniform_points(len(reach), len(ROLES), rng)).T, strict=True))
    own = known["customers.media.remembered.internet"].quantile(points["remembered"])
    rows = [_row(THE_CAMPAIGN, forecast.draws["spend"], reach, own)]
    for offer in offers:
        kept = known[f"customers.media.remembered.{offer.kind}"].quantile(points["remembered"])
        price = np.full(len(reach), offer.price)
        rows.append(_row(offer.kind, price, _contacts(offer, known, points), kept))
    return tuple(rows)


def _contacts(offer: Offer, known: Parameters, points: dict[str, Array]) -> Array:
    def drawn(name: str, role: str) -> Array:
        return known[f"customers.media.{name}"].quantile(points[role])

    people = drawn(f"seen.{offer.kind}", "seen") * offer.people
    if offer.kind == "flyers":
        return np.asarray(people * (1.0 - drawn("refused", "refused")))
    readers = drawn("readers_per_copy", "readers_per_copy") if offer.kind == "press" else 1.0
    return np.asarray(people * readers * offer.insertions)


def _row(kind: str, price: Array, contacts: Array, kept: Array) -> MediaRow:
    remembered = contacts * kept
    costs = [np.divide(price, count, out=np.zeros_like(price), where=count > 0.0) for count in (contacts, remembered)]
    bands = [Band.of(values) for values in (contacts, remembered, *costs)]
    return MediaRow(kind, float(np.quantile(price, 0.5)), *bands)
