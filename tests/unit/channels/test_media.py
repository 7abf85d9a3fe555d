"""Flyers, press and radio at the user's own prices beside the campaign."""

from __future__ import annotations

import numpy as np
import pytest

from simulator import Campaign, Place, Targeting, simulate
from simulator.base.errors import InvalidInput
from simulator.campaign.forecast import Forecast
from simulator.channels import MediaRow, Offer, media
from simulator.reference.parameters import load_parameters

PAU = Campaign(targeting=Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54), daily_budget=5)


@pytest.fixture(scope="module")
def forecast() -> Forecast:
    return simulate(PAU)


def one(forecast: Forecast, offer: Offer) -> MediaRow:
    return media(forecast, (offer,))[1]


def test_the_campaign_comes_first_with_its_own_money_and_people(forecast: Forecast) -> None:
    row = media(forecast, ())[0]
    assert (row.kind, row.contacts) == ("campaign", forecast.reach)
    assert row.price == pytest.approx(35.0)
    assert row.per_contact.p50 == pytest.approx(35.0 / forecast.reach.p50, rel=0.02)


def test_contacts_of_flyers_by_hand(forecast: Forecast) -> None:
    """1,000 flyers, a quarter of the boxes refuse, 53 % are looked at: about 400."""
    row = one(forecast, Offer(kind="flyers", people=1000, price=200))
    assert row.contacts.p50 == pytest.approx(1000 * 0.75 * 0.53, rel=0.05)
    assert row.contacts.p90 < 1000
    assert row.per_contact.p50 == pytest.approx(200 / row.contacts.p50, rel=0.02)
    assert row.per_remembered.p50 > 5.0 * row.per_contact.p50


def test_readers_and_insertions_multiply(forecast: Forecast) -> None:
    press = one(forecast, Offer(kind="press", people=10_000, price=700))
    assert press.contacts.p50 == pytest.approx(10_000 * 4.3 * 0.33, rel=0.12)
    radio = one(forecast, Offer(kind="radio", people=48_000, price=40))
    ten = one(forecast, Offer(kind="radio", people=48_000, price=400, insertions=10))
    assert ten.contacts.p50 == pytest.approx(10.0 * radio.contacts.p50)
    assert ten.per_contact.p50 == pytest.approx(radio.per_contact.p50)


def test_the_price_is_the_users(forecast: Forecast) -> None:
    dear, free = (one(forecast, Offer(kind="press", people=10_000, price=price)) for price in (1400, 0))
    usual = one(forecast, Offer.usual("press", 10_000))
    assert usual.price == load_parameters().value("customers.media.price_press")
    assert dear.per_contact.p50 == pytest.approx(2.0 * usual.per_contact.p50)
    assert free.per_contact.p90 == 0.0
    assert Offer.usual("flyers", 1000).price == pytest.approx(200.0)
    assert Offer.usual("flyers", 1000, "CAD").price > 250.0


def test_memory_is_as_published_in_2001(forecast: Forecast) -> None:
    rows = media(forecast, (Offer.usual("press", 10_000), Offer.usual("radio", 10_000)))
    kept = [row.remembered.p50 / row.contacts.p50 for row in rows]
    assert kept == pytest.approx([0.11, 0.10, 0.05], rel=0.1)
    assert all(np.isfinite(row.per_remembered.p90) for row in rows)


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"kind": "television", "people": 1000, "price": 10}, "kind"),
        ({"kind": "radio", "people": 0, "price": 10}, "people"),
        ({"kind": "radio", "people": 1000, "price": -10}, "price"),
        ({"kind": "radio", "people": 1000, "price": 10, "insertions": 0}, "insertions"),
    ],
)
def test_bad_offers_are_refused_by_name(entries: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Offer(**entries)
    assert caught.value.data["field"] == field


def test_something_else_than_a_forecast_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a Forecast"):
        media(PAU, ())  # type: ignore[arg-type]
