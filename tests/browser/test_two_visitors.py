"""Two browsers on one kept trial: the second to save sees the difference and keeps both; what is printed is a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from simulator.campaign.campaign import Campaign, Targeting
from simulator.library import Scenario, open_store
from simulator.reference.places.place import Place
from tests.browser.server import Server, start_server

Visit = Callable[..., Page]
Settle = Callable[[Page], None]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The database that both visitors and the test look at."""
    return f"sqlite:///{tmp_path_factory.mktemp('library')}/scenarios.sqlite"


@pytest.fixture(scope="module")
def server(root: Path, address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with that library."""
    folder = tmp_path_factory.mktemp("visitors")
    with start_server(root / "app.py", folder, ADSIM_DATA_DIR=str(folder), ADSIM_DATABASE_URL=address) as running:
        yield running


def sheet(visit: Visit, settle: Settle, **how: object) -> Page:
    """Go to the sheet of the first trial, as a visitor does."""
    page = visit("/?lang=fr", **how)
    page.locator(".st-key-foot").get_by_role("link", name="Mes essais").click()
    page.get_by_role("button", name="Pains").first.click()
    expect(page.get_by_role("button", name="Ouvrir dans Simuler")).to_be_visible()
    settle(page)
    return page


def open_in_simulate(visit: Visit, settle: Settle, days: str) -> Page:
    """Open the trial from the list and choose other days; the answer is waited for."""
    page = sheet(visit, settle)
    page.get_by_role("button", name="Ouvrir dans Simuler").click()
    expect(page.locator(".st-key-answer h2")).to_be_visible()
    settle(page)
    page.get_by_role("radio", name=days).or_(page.get_by_role("button", name=days, exact=True)).first.click()
    expect(page.locator(".st-key-answer")).to_contain_text(f"Avec {5 * int(days.split()[0])}\u00a0€ en tout")
    settle(page)
    return page


def save_over(page: Page) -> None:
    page.get_by_role("button", name="Garder cet essai").click()
    # A window that is still moving into its place swallows a click.
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Enregistrer par-dessus", exact=True).click()


def test_the_second_of_two_visitors_sees_the_difference_and_keeps_both(
    visit: Visit, settle: Settle, address: str
) -> None:
    targeting = Targeting(places=(Place.around("Pau"),), age_min=25, age_max=54)
    one = Scenario(campaign=Campaign(targeting=targeting, daily_budget=5), title="Pains", client="=Lagarde")
    with open_store(address) as store:
        key = store.save(one.with_figures()).id
        first = open_in_simulate(visit, settle, "14 j")
        second = open_in_simulate(visit, settle, "3 j")
        save_over(first)
        expect(first.get_by_role("dialog").get_by_text("est gardé")).to_be_visible()
        save_over(second)
        said = second.get_by_role("dialog").get_by_text("Quelqu'un d'autre a changé cet essai")
        expect(said).to_be_visible()
        expect(said).to_contain_text("Nombre de jours")
        assert store.load(key).campaign.duration_days == 14, "nothing was written over"
        settle(second)
        second.get_by_role("button", name="Garder les deux").click()
        expect(second.get_by_role("dialog").get_by_text("est gardé")).to_be_visible()
        kept = {row.id: store.load(row.id).campaign.duration_days for row in store.search()}
    assert kept.pop(key) == 14
    assert list(kept.values()) == [3]

    page = sheet(visit, settle, viewport=(390, 844))
    page.get_by_role("button", name="Imprimer", exact=True).click()
    page.wait_for_timeout(1000)
    with page.expect_download() as started:
        page.get_by_role("button", name="PDF à imprimer").click()
    reader = pypdf.PdfReader(io.BytesIO(started.value.path().read_bytes()))
    assert len(reader.pages) <= 2
    assert "=Lagarde" in reader.pages[0].extract_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
