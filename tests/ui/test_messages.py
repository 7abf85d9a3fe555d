"""Errors, flags and reasons in the language of the screen."""

from __future__ import annotations

import pytest

from simulator import Page
from simulator.apps.web.choices import DEFAULTS, attempt
from simulator.apps.web.messages import flag_sentence, reason_sentence, sentence
from simulator.apps.web.texts import LANGUAGES, Texts, texts_of
from simulator.base.errors import MESSAGES, InvalidInput
from simulator.campaign.forecast import Flag
from simulator.reference.places import find_place


def said(language: str, **changes: object) -> str:
    problems = attempt({**DEFAULTS, **changes}, language).problems
    return sentence(next(iter(problems.values())), texts_of(language)).replace("\\", "")


def test_an_amount_out_of_range() -> None:
    assert said("fr", amount="-5") == (
        "Montant par jour\u00a0: -5 ne convient pas. Permis\u00a0: plus de 0, jusqu'à 100\u202f000\u00a0€."
    )
    assert said("en", amount="-5") == "Amount a day: -5 will not do. Allowed: above 0, up to €100,000."


def test_nothing_at_all_is_allowed_where_it_is(fr: Texts) -> None:
    with pytest.raises(InvalidInput) as caught:
        Page(followers=-1)
    assert "de 0 à" in sentence(caught.value, fr)


def test_days_and_ages() -> None:
    assert "de 1 à 365\u00a0jours" in said("fr", days="other", duration_days="4000")
    assert "60, 20" in said("fr", age_min=60, age_max=20)


def test_choices_are_translated() -> None:
    assert said("en", platforms=[]).endswith("Facebook, Instagram.")


def test_a_place_that_is_not_there() -> None:
    assert "« zzqqk »".replace(" ", "\u00a0") in said("fr", place=None, place_text="zzqqk")
    assert "(France)" in said("fr", place=None, place_text="zzqqk")


def not_found(name: str, country: str) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        find_place(name, country)
    # The screen's words come from the data, whatever the core says in English.
    return InvalidInput(caught.value.code, **{**caught.value.data, "advice": "something else"})


@pytest.mark.parametrize(
    ("name", "country", "words"),
    [
        ("Québec", "FR", "Québec se trouve dans un autre pays (Canada)"),
        ("64000", "CA", "Pau se trouve dans un autre pays (France)"),
        ("Bayone", "FR", "Le plus proche\u00a0: Bayonne"),
        ("G1R 2B5", "CA", "Les codes postaux du Canada ne sont pas connus"),
        ("20018", "ES", "Seuls les codes postaux de France sont connus"),
        ("qsdfqsdfqsdf", "FR", "Vérifiez l'orthographe"),
    ],
)
def test_what_to_do_about_a_place_that_is_not_there(fr: Texts, name: str, country: str, words: str) -> None:
    said_ = sentence(not_found(name, country), fr)
    assert words in said_
    assert "something else" not in said_


def test_what_was_typed_is_shown_literally() -> None:
    assert "`![x](http://198.51.100.7/x.png)`" in said("fr", amount="![x](http://198.51.100.7/x.png)")
    assert "`<script>`" in said("fr", place=None, place_text="<script>")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", MESSAGES)
def test_no_error_is_beyond_words(code: str, language: str) -> None:
    """Whatever data an error has or lacks, there is a sentence."""
    texts = texts_of(language)
    assert sentence(InvalidInput(code), texts)
    assert sentence(InvalidInput(code, field="daily_budget", received=3, allowed=12, advice="x", country="FR"), texts)


FLAGS = [
    Flag("budget_below_minimum", {"minimum": 4.4, "currency": "EUR"}),
    Flag("learning_phase", {"results": 12.0, "needed": 50}),
    Flag("audience_too_small", {"people": 834.0, "least": 1000}),
    Flag("counted_roughly", {"share": 0.25}),
    Flag("repetition", {"frequency": 4.26}),
    Flag("budget_not_spent", {"share": 0.63}),
    Flag("month_dear", {"month": 12, "index": 1.11}),
    Flag("price_year_passed", {"year": 2025, "then": 2028}),
]


def test_flags_say_what_to_do(fr: Texts) -> None:
    sentences = [flag_sentence(flag, fr) for flag in FLAGS]
    parts = ("4,40\u00a0€", "50", "830", "25\u00a0%", "4,3", "63\u00a0%", "décembre", "2025")
    for sentence_, part in zip(sentences, parts, strict=True):
        assert part in sentence_
    assert "11\u00a0%" in sentences[-2]
    assert flag_sentence(Flag("unheard_of"), fr) is None


def test_reasons_name_the_country(en: Texts) -> None:
    assert "(France)" in reason_sentence(Flag("minors_not_allowed", {"country": "FR", "age": 18}), en)
    assert reason_sentence(Flag("nobody_matches"), en).startswith("Nobody")
