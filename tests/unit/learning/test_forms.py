"""A sample of the same campaigns in every form that people have; ``python -m tests.unit.learning.forms`` reads all."""

from __future__ import annotations

import pytest

from tests.unit.learning.forms import HEADERS, Style, faults, files, forms, judged, styles, written
from tests.unit.learning.reading import read

EVERY = 11
"""Of so many files one is read here: no divisor of the forms, so that every form meets every style."""


def test_there_are_thousands() -> None:
    assert sum(len(forms(style.language)) for style in styles()) > 2000


@pytest.mark.parametrize("part", range(4))
def test_every_file_is_right(part: int) -> None:
    wrong = [
        f"{verdict}: {name}"
        for number, (name, form, content) in enumerate(files())
        if number % EVERY == 0 and number // EVERY % 4 == part and (verdict := judged(form, content)) != "right"
    ]
    assert wrong == []


@pytest.mark.parametrize("language", HEADERS)
def test_every_form_is_right_in_every_language(language: str) -> None:
    told = {name: judged(form, written(form, Style(language))) for name, form in forms(language).items()}
    assert set(told.values()) == {"right"}, told


def test_a_wrong_reading_is_noticed() -> None:
    """The judge itself: money that is lost, a goal that is another, a window that is learnt as a flight."""
    all_forms = forms("en")
    flights = all_forms["flights"]
    frame = read(written(flights, Style("en")))
    assert faults(flights, frame) == []
    for change, fault in (({"spend": frame.spend * 2}, "spend"), ({"objective": "link_clicks"}, "objective")):
        other = frame.assign(**change)
        other.attrs = frame.attrs
        assert fault in faults(flights, other)
    alone = all_forms["ends alone"]
    flagged = read(written(alone, Style("en"))).assign(start_is_reporting=False)
    assert "start" in faults(alone, flagged)
    told = read(written(alone, Style("en")))
    told.attrs["starts_told"] = True
    assert faults(alone, told) == ["days learnt"]
