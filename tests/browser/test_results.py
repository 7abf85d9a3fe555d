"""Mes résultats in a real browser: an EXEMPLE file dropped, learnt from, used; nothing leaves, nothing freezes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

Visit = Callable[..., Page]
Settle = Callable[[Page], None]

PHONE = (390, 844)
LONG_MS = 120_000
# Streamlit's own box for files.
KNOWN = {"presentation-role-conflict"}


def test_an_export_dropped_on_a_telephone_narrows_the_answer(visit: Visit, settle: Settle, root: Path) -> None:
    page = visit("/", viewport=PHONE)
    page.locator(".st-key-foot").get_by_role("link", name="Mes résultats").click()
    expect(page.get_by_role("heading", name="Mes résultats", exact=True)).to_be_visible()
    settle(page)
    button = page.locator(".st-key-export_file button").first
    assert "Choisir un fichier" in button.evaluate(
        "b => [...b.querySelectorAll('*')].map(e => getComputedStyle(e, '::after').content).join()"
    )
    example = root / "tests" / "data" / "EXEMPLE-invente-fr-tableur.csv"
    page.locator(".st-key-export_file input[type=file]").set_input_files(example)
    page.locator(".st-key-learn button").click()
    page.locator(".st-key-cancel").wait_for()
    # While the work goes on, the page answers.
    page.locator(".st-key-dear_price input").fill("32,50")
    page.locator(".st-key-dear_price input").press("Enter")
    expect(page.locator(".st-key-dear_answer")).to_contain_text("plus que d'habitude")
    page.locator(".st-key-use_on").wait_for(timeout=LONG_MS)
    settle(page)
    expect(page.locator(".st-key-verdict")).to_contain_text(re.compile("la fourchette (passe|ne change)"))
    page.locator(".st-key-use_on button").click()
    page.locator(".st-key-use_off").wait_for()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    found = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert found <= KNOWN
    with page.expect_download() as download:
        page.locator(".st-key-save_calibration button").click()
    assert download.value.suggested_filename.endswith(".json")
    page.locator(".st-key-foot").get_by_role("link", name="Simuler").click()
    expect(page.locator(".st-key-answer")).to_contain_text(re.compile(r"D'après vos \d+ campagnes passées"))


def test_another_language_keeps_what_was_dropped_and_typed(visit: Visit, settle: Settle, root: Path) -> None:
    page = visit("/results", viewport=PHONE)
    example = root / "tests" / "data" / "EXEMPLE-invente-fr-tableur.csv"
    page.locator(".st-key-export_file input[type=file]").set_input_files(example)
    expect(page.get_by_role("heading", name="Ce qui a été lu")).to_be_visible()
    settle(page)
    page.locator(".st-key-rows summary").click()
    expect(page.locator(".st-key-rows td").first).to_be_visible()
    settle(page)
    assert {violation["id"] for violation in Axe().run(page).response["violations"]} <= KNOWN
    price = page.locator(".st-key-dear_price input")
    price.fill("32,50 €")
    price.press("Enter")
    expect(page.locator(".st-key-dear_answer")).to_contain_text("32,50")
    settle(page)
    page.locator(".languages").get_by_role("link", name="EN").click()
    expect(page.get_by_role("heading", name="What was read")).to_be_visible()
    expect(page.locator(".st-key-dear_price input")).to_have_value("32,50 €")
    expect(page).to_have_url(re.compile(r"/results\?lang=en$"))
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
