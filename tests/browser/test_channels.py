"""« Et les clients ? », « Sans payer » and the networks in a real browser, on a telephone and on a wide screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

UNDERSTAND = {"fr": "Comprendre", "en": "Understand"}
TITLE = {"fr": "D'où viennent", "en": "Where do these"}
BREAK_EVEN = {"fr": "2 commandes de 60", "en": "2 orders of €60"}


@pytest.mark.parametrize(("language", "scheme", "width"), [("fr", "light", 390), ("en", "dark", 1280)])
def test_customers_free_page_and_networks(
    visit: Callable[..., Page], settle: Callable[[Page], None], language: str, scheme: str, width: int
) -> None:
    page = visit(f"/?lang={language}&trade=joiner", viewport=(width, 844), color_scheme=scheme)
    number = page.locator(".st-key-answer h2").inner_text()
    for part in ("customers", "free"):
        page.locator(f".st-key-{part} summary").click()
        settle(page)
    basket = page.locator(".st-key-own_basket input")
    basket.fill("60")
    basket.press("Enter")
    expect(page.locator(".st-key-customers_answer")).to_contain_text(BREAK_EVEN[language])
    followers = page.locator(".st-key-page_followers input")
    followers.fill("-5")
    followers.press("Enter")
    expect(page.locator(".st-key-free [role=alert]")).to_contain_text("-5")
    followers.fill("1200")
    followers.press("Enter")
    expect(page.locator(".st-key-free_answer")).to_contain_text("1")
    settle(page)
    assert page.locator(".st-key-answer h2").inner_text() == number, "nothing here moves the paid forecast"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    _accessible(page, ".st-key-customers", ".st-key-free")
    page.locator(".st-key-foot").get_by_role("link", name=UNDERSTAND[language]).click()
    expect(page.locator("h1")).to_contain_text(TITLE[language])
    settle(page)
    page.locator(".st-key-networks summary").click()
    expect(page.locator(".st-key-networks table")).to_contain_text("Viadeo")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    _accessible(page, "body")


def _accessible(page: Page, *parts: str) -> None:
    found = Axe().run(page, context={"include": [[part] for part in parts]}).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
