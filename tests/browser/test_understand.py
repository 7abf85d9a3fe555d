"""Comprendre in a real browser, and the way there and back."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

NAMES = {"fr": ("Comprendre", "D'où viennent", "Simuler"), "en": ("Understand", "Where do these", "Simulate")}


@pytest.mark.parametrize(("language", "scheme", "width"), [("fr", "light", 1280), ("en", "dark", 390)])
def test_there_and_back_with_the_choices(
    visit: Callable[..., Page], settle: Callable[[Page], None], language: str, scheme: str, width: int
) -> None:
    page = visit(f"/?lang={language}&daily_budget=12&duration_days=14", viewport=(width, 844), color_scheme=scheme)
    there, title, back = NAMES[language]
    number = page.locator(".st-key-answer h2").inner_text()
    foot = page.locator(".st-key-foot")
    foot.get_by_role("link", name=there).click()
    expect(page.locator("h1")).to_contain_text(title)
    settle(page)
    page.locator(".st-key-group_rule summary").click()
    expect(page.locator(".st-key-group_rule li").first).to_be_visible()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
    foot.get_by_role("link", name=back).click()
    expect(page.locator(".st-key-answer h2")).to_have_text(number)
    expect(page).to_have_url(re.compile(r"daily_budget=12.*duration_days=14"))
    settle(page)
    page.go_back()
    page.go_back()
    expect(page.locator("h1")).to_contain_text(title)
