"""From the town to the kept trial and back: saved, reopened, compared, downloaded, in a real browser."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.server import Server, start_server

Visit = Callable[..., Page]
Settle = Callable[[Page], None]
IMAGE = "![x](http://198.51.100.7/x.png)"
PHONE = (390, 844)


@pytest.fixture(scope="module")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with a library of its own."""
    folder = tmp_path_factory.mktemp("trials")
    environment = {"ADSIM_DATA_DIR": str(folder), "ADSIM_DATABASE_URL": ""}
    with start_server(root / "app.py", folder, **environment) as running:
        yield running


def type_into(page: Page, key: str, text: str) -> None:
    field = page.locator(f".st-key-{key} input")
    field.fill(text)
    field.press("Enter")


def keep(page: Page, settle: Settle, client: str, answer: str) -> None:
    settle(page)
    page.get_by_role("button", name="Garder cet essai").click()
    field = page.get_by_label("Client (facultatif)")
    field.fill(client)
    field.press("Tab")
    settle(page)
    # A window that is still moving into its place swallows a click.
    page.wait_for_timeout(500)
    page.get_by_role("button", name=answer, exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("est gardé")).to_be_visible()


def test_keep_reopen_compare_download(visit: Visit, settle: Settle, tmp_path: Path) -> None:
    page = visit("/?lang=fr&age_max=65", viewport=PHONE)  # ages are chosen by hand in test_first_screen.py
    page.get_by_text("Modifier").first.click()
    settle(page)
    type_into(page, "place_text", "pau")
    expect(page.locator(".st-key-modify summary")).to_contain_text("Pau, 25 km")
    expect(page).to_have_url(re.compile("age_max=65"))
    settle(page)
    page.locator(".st-key-daily_budget").get_by_role("slider").press("ArrowRight")
    expect(page.locator(".st-key-answer")).to_contain_text(re.compile(r"Avec 42\s€ en tout"))
    settle(page)
    people = page.locator(".st-key-answer h2").inner_text()
    keep(page, settle, "Boulangerie Laborde", "Garder")
    page.keyboard.press("Escape")
    page.locator(".st-key-daily_budget").get_by_role("slider").press("ArrowRight")
    expect(page.locator(".st-key-answer")).to_contain_text(re.compile(r"Avec 49\s€ en tout"))
    settle(page)
    keep(page, settle, IMAGE, "Garder comme un autre essai")

    page.get_by_role("link", name="Voir mes essais").click()
    expect(page.get_by_role("heading", name="Mes essais")).to_be_visible()
    settle(page)
    expect(page.get_by_role("checkbox")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert page.locator('img[src*="198.51"]').count() == 0
    search = page.get_by_label("Chercher")
    search.press_sequentially("laborde")
    expect(page.get_by_role("checkbox")).to_have_count(1)
    page.get_by_role("button", name=re.compile("Pau · 6")).click()
    expect(page.get_by_role("heading", name=re.compile("Pau · 6"))).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="Télécharger").click()
    path = tmp_path / "essai.json"
    started.value.save_as(path)
    assert json.loads(path.read_text(encoding="utf-8"))["client"] == "Boulangerie Laborde"
    page.get_by_role("button", name="Ouvrir dans Simuler").click()
    expect(page.locator(".st-key-answer h2")).to_have_text(people)
    expect(page).to_have_url(re.compile("daily_budget=6"))
    assert page.evaluate("document.querySelector('.st-key-modify summary').innerText").count("25 ans et plus") == 1

    page.locator(".st-key-foot").get_by_role("link", name="Mes essais").click()
    expect(page.get_by_label("Chercher")).to_have_value("laborde")
    page.get_by_label("Chercher").fill("")
    expect(page.get_by_role("checkbox")).to_have_count(2)
    for place in range(2):
        settle(page)
        page.get_by_role("checkbox").nth(place).press("Space")
        expect(page.locator(".st-key-compare_bar")).to_contain_text(f"{place + 1} essai")
    page.get_by_role("button", name="Comparer", exact=True).click()
    expect(page.get_by_role("heading", name="Ce qui diffère")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Chances que A touche plus de monde")).first).to_be_visible()
    settle(page)
    page.go_back()
    expect(page.get_by_label("Chercher")).to_be_visible()
    settle(page)
    page.get_by_text("Fichiers : envoyer").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Télécharger tous mes essais").click()
    started.value.save_as(tmp_path / "essais.zip")
    assert len(zipfile.ZipFile(tmp_path / "essais.zip").namelist()) == 3
    page.locator(".st-key-upload input[type=file]").set_input_files(tmp_path / "essais.zip")
    expect(page.get_by_text("2 essais étaient déjà là")).to_be_visible()
    settle(page)
    allowed = {"presentation-role-conflict"}
    found = [one for one in Axe().run(page).response["violations"] if one["id"] not in allowed]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
