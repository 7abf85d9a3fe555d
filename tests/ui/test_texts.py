"""The two catalogues say the same things, and everything the core can say has its sentence."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

from simulator.apps.web.texts import LANGUAGES, texts_of
from simulator.base.errors import MESSAGES
from simulator.base.metrics import METRICS
from simulator.campaign.campaign import CREATIVE_FORMATS, GENDERS, PLATFORMS, Campaign, Targeting
from simulator.campaign.objectives import OBJECTIVES
from simulator.forecasting import audience
from simulator.forecasting import warnings as checks
from simulator.reference.parameters import trades
from simulator.reference.places.place import PLACE_KINDS


def codes_in(module: ModuleType, pattern: str) -> list[str]:
    return re.findall(pattern, Path(str(module.__file__)).read_text(encoding="utf-8"))


FLAGS = codes_in(checks, r'Flag\(\s*"(\w+)"')
REASONS = codes_in(audience, r'Flag\("(\w+)"|"(minors_\w+)"')


def places_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_both_languages_have_the_same_keys() -> None:
    french, english = texts_of("fr").entries, texts_of("en").entries
    assert french.keys() == english.keys()
    assert len(french) > 200


def test_both_languages_fill_in_the_same_places() -> None:
    french, english = texts_of("fr").entries, texts_of("en").entries
    differing = {key for key in french if places_of(french[key]) != places_of(english[key])}
    assert not differing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_its_sentence_with_the_same_places(language: str) -> None:
    texts = texts_of(language)
    assert {key.removeprefix("error.") for key in texts.entries if key.startswith("error.")} == MESSAGES.keys()
    for code, message in MESSAGES.items():
        assert places_of(texts.entries[f"error.{code}"]) == places_of(message), code


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flag_reason_metric_and_choice_has_its_words(language: str) -> None:
    texts = texts_of(language)
    assert len(FLAGS) >= 6
    assert len(REASONS) >= 5
    wanted = [f"flag.{code}" for code in FLAGS] + [f"reason.{code}" for codes in REASONS for code in codes if code]
    wanted += [f"metric.{name}.{part}" for name in METRICS for part in ("word", "term", "meaning")]
    groups = {
        "objective": OBJECTIVES,
        "gender": GENDERS,
        "platform": PLATFORMS,
        "creative_format": CREATIVE_FORMATS,
        "modify.kind": PLACE_KINDS,
        "trade": trades(),
        "field": [name for model in (Campaign, Targeting) for name in model.model_fields if name != "targeting"],
    }
    wanted += [f"{group}.{code}" for group, codes in groups.items() for code in codes]
    assert [key for key in wanted if key not in texts] == []


def test_french_keeps_its_signs_on_the_line() -> None:
    """A breaking space before ? ! : ; » or after « lets the sign begin a line."""
    wrong = {key for key, text in texts_of("fr").entries.items() if re.search(r" [?!:;»]|« ", text)}
    assert not wrong


def test_nothing_is_left_untranslated() -> None:
    """Longer sentences that are the same in both languages were forgotten."""
    french, english = texts_of("fr").entries, texts_of("en").entries
    assert not {key for key in french if french[key] == english[key] and len(french[key].split()) > 3}
