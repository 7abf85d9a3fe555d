"""A forecast said in words."""

from __future__ import annotations

import re

import pytest

from simulator.apps.web import words
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Band
from simulator.forecasting.simulate import simulate
from simulator.reference.places.place import Place


@pytest.mark.parametrize(
    ("frequency", "french", "english"),
    [
        (1.0, "une fois", "once"),
        (1.1, "une fois", "once"),
        (1.5, "1 ou 2 fois", "once or twice"),
        (1.9, "2 fois", "2 times"),
        (2.5, "2 ou 3 fois", "2 or 3 times"),
        (14.2, "environ 14 fois", "about 14 times"),
    ],
)
def test_how_often(frequency: float, french: str, english: str, fr: Texts, en: Texts) -> None:
    assert words.times(frequency, fr) == french
    assert words.times(frequency, en) == english


@pytest.mark.parametrize(
    ("clicks", "french", "english"),
    [
        (0.2, "Sans doute aucun clic.", "Probably no click."),
        (1.2, "Un clic, peut-être.", "One click, perhaps."),
        (4, "4 clics environ.", "About 4 clicks."),
        (52, "Une cinquantaine de clics.", "About fifty clicks."),
        (75, "Environ 75 clics.", "About 75 clicks."),
        (103, "Une centaine de clics.", "About a hundred clicks."),
        (5678, "Environ 5\u202f700 clics.", "About 5,700 clicks."),
    ],
)
def test_clicks(clicks: float, french: str, english: str, fr: Texts, en: Texts) -> None:
    assert words.clicks(clicks, fr) == french
    assert words.clicks(clicks, en) == english


def test_the_answer_is_one_piece_with_digits_before_people_and_the_range(fr: Texts, en: Texts) -> None:
    targeting = Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54)
    campaign = Campaign(targeting=targeting, daily_budget=5)
    forecast = simulate(campaign, draws=64)
    said = words.answer(forecast, campaign, fr)
    assert re.search(r"\d[\d\s]*personnes\n", said)
    assert re.search(r"entre \*\*[\d\s]+\*\* et \*\*[\d\s]+\*\*", said)
    assert said.startswith("Avec 35\u00a0€ en tout, environ")
    said = words.answer(forecast, campaign, en)
    assert re.search(r"## [\d,]+ people\n", said)
    assert re.search(r"between \*\*[\d,]+\*\* and \*\*[\d,]+\*\*", said)


def test_one_person_and_nobody(fr: Texts) -> None:
    targeting = Targeting(places=(Place.around("Pau"),), audience_size=1)
    campaign = Campaign(targeting=targeting, daily_budget=5)
    forecast = simulate(campaign, draws=64)
    assert "1 personne\n" in words.answer(forecast, campaign, fr)
    assert "la verrait" in words.answer(forecast, campaign, fr)
    nobody = simulate(campaign.replace(targeting=targeting.replace(audience_size=0)), draws=64)
    said = words.answer(nobody, campaign, fr)
    assert "## 0 personne\n" in said
    assert words.in_hundred(nobody, fr) == "**0 sur 100** chez vous"


def test_both_ends_of_the_range_are_rounded(fr: Texts) -> None:
    assert words.limits(Band(2165.2, 3853, 7219, 4000), fr) == {"low": "2\u202f200", "high": "7\u202f200"}


def test_the_summary_says_whom(fr: Texts, en: Texts) -> None:
    targeting = Targeting(
        places=(Place.around("Pau", radius_km=10),), age_min=30, gender="women", interests=("gardening",)
    )
    assert words.summary(targeting, fr) == "Autour de Pau, 10 km · 30 ans et plus · femmes · 1 centre d'intérêt"
    region = Targeting(places=(Place.country("DE"),), age_min=18, age_max=18)
    assert words.summary(region, en) == "Germany · aged 18"
