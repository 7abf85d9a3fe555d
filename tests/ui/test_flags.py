"""What is to check before paying: which lines stand where nothing moves, and the month that nobody chose."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web.texts import texts_of

Opened = Callable[..., AppTest]


def said(app: AppTest) -> str:
    return "\n".join(piece.value for kind in ("markdown", "caption") for piece in getattr(app, kind))


@pytest.mark.parametrize(("language", "dear", "cheap"), [("fr", "novembre", "janvier"), ("en", "November", "January")])
def test_without_a_start_the_month_is_said_where_the_price_matters(
    opened: Opened, language: str, dear: str, cheap: str
) -> None:
    app = opened(lang=language)
    note = next(caption.value for caption in app.caption if dear in caption.value)
    assert cheap in note
    assert "26" in note
    chosen = opened(lang=language, start="2026-11-20")
    assert not [caption for caption in chosen.caption if dear in caption.value]


def test_a_narrow_area_does_not_come_and_go_with_the_money(opened: Opened) -> None:
    little, more = (opened(audience_size="600", daily_budget=amount) for amount in ("1", "10"))
    for app in (little, more):
        narrow = [piece.value for piece in app.markdown if "Zone étroite" in piece.value]
        assert len(narrow) == 1
        assert narrow[0].count("- ") == 1, "it stands among the lines that money moves"


def test_no_flag_and_nothing_else_is_said_twice(opened: Opened) -> None:
    assert said(opened(daily_budget="10")).count("Rien de particulier") == 1


def test_the_style_keeps_room_for_two_flags_on_a_telephone(root: Path) -> None:
    """Two of the longest lines that money moves take seven lines of 1.65 rem there."""
    texts = texts_of("fr")
    data = {"minimum": "5 €", "needed": "50", "results": "12"}
    lines = sum(-(-len(texts(f"flag.{code}", **data)) // 33) for code in ("budget_below_minimum", "learning_phase"))
    style = (root / "simulator/apps/web/style.css").read_text(encoding="utf-8")
    room = float(style.split(".st-key-flags { min-height: ")[1].split("rem")[0])
    assert room >= 1.65 * (lines - 1)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_where_nothing_is_to_check_the_room_kept_holds_the_way_to_the_checklist(opened: Opened, language: str) -> None:
    def ways(amount: str) -> list[str]:
        links = opened(lang=language, daily_budget=amount).get("page_link")
        return [link.proto.label for link in links if link.proto.label == texts_of(language)("simulate.checklist")]

    assert len(ways("10")) == 1
    assert ways("1") == []
