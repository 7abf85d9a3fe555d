"""Every page on a telephone: nothing wider than the screen, and no English word of Streamlit's on a French page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import come_to

PHONE = (390, 844)
WIDER = "tables => tables.filter(table => table.scrollWidth > table.clientWidth + 1).map(table => table.innerText)"


def test_a_telephone_in_french(visit: Callable[..., Page], settle: Callable[[Page], None]) -> None:
    page = visit("/?lang=fr", viewport=PHONE)
    for key in ("detail", "variants", "customers", "free"):
        page.locator(f".st-key-{key} summary").click()
        settle(page)
    expect(page.locator(".st-key-free_answer")).to_be_visible()
    settle(page)
    fits(page)
    for name in ("trials", "results", "understand", "privacy"):
        page.locator(f".st-key-foot a[href*='{name}']").click()
        expect(page).to_have_url(re.compile(f"/{name}"))
        settle(page)
        fits(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_streamlit_speaks_french_on_a_french_page(
    visit: Callable[..., Page], settle: Callable[[Page], None], language: str
) -> None:
    page = visit(f"/?lang={language}", viewport=PHONE, locale="fr-FR" if language == "fr" else "en-GB")
    page.locator(".st-key-modify summary").click()
    expect(page.locator(".st-key-interests input")).to_be_visible()
    settle(page)
    come_to(page.locator(".st-key-interests input")).press_sequentially("zzzz")
    none = page.get_by_role("listbox").get_by_text("No results")
    expect(none).to_have_count(1)
    says(none, "Aucun résultat" if language == "fr" else "")
    page.keyboard.press("Escape")
    page.locator(".st-key-place_text input").press_sequentially("x")
    press = page.locator(".st-key-place_text [data-testid=InputInstructions] span")
    expect(press).to_have_count(1)
    says(press, "Entrée pour valider" if language == "fr" else "")


def fits(page: Page) -> None:
    """Check that neither the page nor a table of it is wider than the screen."""
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE[0], page.url
    assert not page.locator("[data-testid=stTable]").evaluate_all(WIDER), page.url


def says(words: Locator, ours: str) -> None:
    """Check that our words stand in place of Streamlit's, these without height; or that nothing of ours is there."""
    if ours:
        expect(words).to_have_css("font-size", "0px")
    content = words.evaluate("element => getComputedStyle(element, '::after').content")
    assert content == (f'"{ours}"' if ours else "none")
