"""Checks that come and go while the slider moves push nothing below them away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

PLACES = """() => ['.st-key-flags', '.st-key-audience', '.st-key-hand_over'].map(
    key => Math.round(document.querySelector(key).getBoundingClientRect().top))"""


@pytest.mark.parametrize(("language", "size"), [("fr", (390, 844)), ("en", (1280, 900))])
def test_a_check_that_appears_moves_nothing(
    visit: Callable[..., Page], settle: Callable[[Page], None], language: str, size: tuple[int, int]
) -> None:
    page = visit(f"/?lang={language}&daily_budget=20", viewport=size)
    slider = page.locator(".st-key-daily_budget").get_by_role("slider")
    expect(page.locator(".st-key-flags li")).to_have_count(0)
    before = page.evaluate(PLACES)
    slider.press("Home")
    expect(page.locator(".st-key-flags li")).to_have_count(1)
    settle(page)
    assert page.evaluate(PLACES) == before
