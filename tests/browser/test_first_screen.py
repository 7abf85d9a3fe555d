"""The first screen in a real browser: read, changed, resized, attacked."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import come_to

Visit = Callable[..., Page]
Settle = Callable[[Page], None]

PHONE, DESK = (390, 844), (1280, 900)
IMAGE = "![x](http://198.51.100.7/x.png)"
HOSTILE = (IMAGE, "<script>window.hit=1</script>", "$x$", ":material/home:")
MODIFY = {"fr": "Modifier", "en": "Change"}

# Position and height of what must not move, looked at in every frame.
SAMPLE = """() => {
    const watched = {title: 'h1', answer: '.st-key-answer', number: '.st-key-answer h2', days: '.st-key-days',
        dots: '.st-key-answer canvas, .st-key-answer svg', where: '.st-key-where_from', marginal: '.st-key-marginal',
        detail: '.st-key-detail'};
    window.seen = {};
    const look = () => {
        for (const [name, selector] of Object.entries(watched)) {
            const box = document.querySelector(selector)?.getBoundingClientRect();
            (window.seen[name] ||= new Set()).add(box ? `${Math.round(box.top)}+${Math.round(box.height)}` : 'gone');
        }
        requestAnimationFrame(look);
    };
    look();
}"""
SEEN = "() => Object.fromEntries(Object.entries(window.seen).map(([name, places]) => [name, [...places]]))"


def number(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".st-key-answer h2").inner_text()))


def amount(page: Page) -> int:
    return int(re.sub(r"\D", "", page.locator(".st-key-answer p").first.inner_text()))


def budget(page: Page) -> Locator:
    return page.locator(".st-key-daily_budget").get_by_role("slider")


def type_into(page: Page, key: str, text: str) -> None:
    field = page.locator(f".st-key-{key} input")
    field.fill(text)
    field.press("Enter")


def unfold(page: Page, settle: Settle, language: str = "fr") -> None:
    page.get_by_text(MODIFY[language]).first.click()
    expect(page.locator(".st-key-place_text input")).to_be_visible()
    settle(page)


def choose_last(page: Page, key: str, option: str) -> None:
    come_to(page.locator(f".st-key-{key} [role=combobox]")).click()
    page.get_by_role("listbox").wait_for()
    page.keyboard.press("End")
    page.get_by_role("option", name=option, exact=True).click()


@pytest.mark.parametrize(("language", "size"), [("fr", PHONE), ("en", DESK)])
def test_from_the_town_to_the_sentence(visit: Visit, settle: Settle, language: str, size: tuple[int, int]) -> None:
    page = visit(f"/?lang={language}", viewport=size, locale="fr-FR" if language == "fr" else "en-GB")
    assert page.evaluate("document.documentElement.lang") == language
    card = page.locator(".st-key-answer")
    pattern = {
        "fr": r"Avec 35\s€ en tout, environ\s+[\d\s]+ personnes",
        "en": r"With €35 in all, about\s+[\d,]+ people",
    }
    expect(card).to_contain_text(re.compile(pattern[language]))
    expect(card).to_contain_text(
        re.compile({"fr": r"entre [\d\s]+ et [\d\s]+", "en": r"between [\d,]+ and [\d,]+"}[language])
    )
    if size == PHONE:
        # The whole answer fits the first screen of a telephone.
        where = page.locator(".st-key-where_from").bounding_box()
        assert where is not None
        assert where["y"] + where["height"] <= size[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]

    before = number(page)
    unfold(page, settle, language)
    type_into(page, "place_text", "bayonne")
    expect(page.locator(".st-key-modify summary")).to_contain_text("Bayonne, 25 km")
    settle(page)
    choose_last(page, "age_max", "65 ans et plus" if language == "fr" else "65 and over")
    expect(page).to_have_url(re.compile("age_max=65"))
    settle(page)
    assert number(page) != before
    budget(page).press("ArrowRight")
    expect(card.locator("p").first).to_contain_text("42")
    settle(page)
    assert "place=64102" in page.url
    assert "daily_budget=6" in page.url


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_nothing_jumps_while_the_slider_moves(visit: Visit, settle: Settle, size: tuple[int, int]) -> None:
    page = visit(viewport=size)
    page.wait_for_selector(".st-key-answer canvas, .st-key-answer svg")
    page.evaluate(SAMPLE)
    slider = budget(page)
    for total in (42, 49, 56, 63, 70):
        slider.press("ArrowRight")
        expect(page.locator(".st-key-answer p").first).to_contain_text(str(total))
    settle(page)
    moved = {name: places for name, places in page.evaluate(SEEN).items() if len(places) != 1}
    assert not moved


def test_the_address_follows_and_leads_back(visit: Visit, settle: Settle) -> None:
    page = visit(viewport=PHONE)
    entries = page.evaluate("history.length")
    slider = budget(page)
    for total in (42, 49):
        slider.press("ArrowRight")
        expect(page.locator(".st-key-answer p").first).to_contain_text(str(total))
    assert page.evaluate("history.length") == entries, "a slider move is no entry of the history"
    page.get_by_text("14 j").click()
    expect(page).to_have_url(re.compile(r"daily_budget=7&duration_days=14"))
    settle(page)
    page.get_by_text("30 j").click()
    expect(page.locator(".st-key-answer p").first).to_contain_text("210")
    settle(page)
    page.go_back()
    expect(page.locator(".st-key-answer p").first).to_contain_text("98")
    settle(page)
    there = number(page)
    page.reload()
    expect(page.locator(".st-key-answer p").first).to_contain_text("98")
    settle(page)
    assert number(page) == there
    page.get_by_role("link", name="EN", exact=True).click()
    expect(page.locator(".st-key-answer p").first).to_contain_text("With €98 in all")
    assert number(page) == there
    assert page.evaluate("document.documentElement.lang") == "en"


def test_hostile_text_is_only_text(visit: Visit, settle: Settle) -> None:
    """The fixture fails on any request that leaves this computer."""
    page = visit(viewport=DESK)
    unfold(page, settle)
    page.get_by_text("Réglages d'expert").click()
    expect(page.locator(".st-key-cap_times input")).to_be_visible()
    settle(page)
    page.locator(".st-key-days").get_by_text("autre").click()
    expect(page.locator(".st-key-duration_days input")).to_have_value("7")
    settle(page)
    for text in HOSTILE:
        for key in ("amount", "duration_days", "place_text", "audience_size", "cap_times"):
            type_into(page, key, text)
            # Where the field stands in a message beside it, and literally so.
            expect(page.get_by_role("alert").filter(has_text=text)).not_to_have_count(0)
            expect(page.locator(f".st-key-{key} input")).to_have_value(text)
            settle(page)
        expect(page.get_by_role("alert").filter(has_text=text)).to_have_count(5)
    assert page.locator('img[src*="198.51"], .katex').count() == 0
    assert page.evaluate("window.hit") is None
    expect(page.locator(".st-key-answer")).to_contain_text("Pas encore de réponse")


@pytest.mark.parametrize("pressed_ms", [0, 60, 150])
def test_what_is_typed_survives_a_click_that_follows_at_once(visit: Visit, settle: Settle, pressed_ms: int) -> None:
    """Leaving a field sends it, and the click sends the fields as they stood before the answer came."""
    page = visit(viewport=DESK)
    page.locator(".st-key-amount input").fill("12,5")
    page.locator(".st-key-days").get_by_text("14 j").click(delay=pressed_ms)
    expect(page).to_have_url(re.compile("duration_days=14"))
    expect(page).to_have_url(re.compile("daily_budget=12.5"))
    expect(page.locator(".st-key-answer")).to_contain_text("Avec 175")
    unfold(page, settle)
    page.locator(".st-key-place_text input").fill("Lyon")
    page.locator(".st-key-gender").get_by_text("Femmes").click(delay=pressed_ms)
    expect(page).to_have_url(re.compile("gender=women"))
    expect(page).to_have_url(re.compile("place=69123"))
    settle(page)
    expect(page.locator(".st-key-amount input")).to_have_value("12,5")
    expect(page.locator(".st-key-modify summary")).to_contain_text("Lyon, 25 km")


def test_a_hostile_address_is_only_text(visit: Visit) -> None:
    names = ("place", "gender", "trade", "start")
    query = "&".join(f"{name}={quote(text)}" for name, text in zip(names, HOSTILE, strict=True))
    page = visit(f"/?{query}&{quote(IMAGE)}=1&daily_budget=1e99&radius_km=1000", viewport=PHONE)
    note = page.get_by_role("alert").first
    expect(note).to_contain_text("choix impossibles")
    expect(note).to_contain_text(IMAGE[:20])
    assert amount(page) == 35
    assert page.locator('img[src*="198.51"]').count() == 0


@pytest.fixture(scope="module")
def axe() -> Axe:
    return Axe()


@pytest.mark.parametrize(("scheme", "language"), [("light", "fr"), ("dark", "en")])
def test_axe_finds_nothing(visit: Visit, settle: Settle, axe: Axe, scheme: str, language: str) -> None:
    page = visit(f"/?lang={language}", viewport=PHONE, color_scheme=scheme)
    page.get_by_text({"fr": "Voir le détail", "en": "See the detail"}[language]).click()
    expect(page.locator(".st-key-detail table").first).to_be_visible()
    type_into(page, "amount", "x")
    expect(page.get_by_role("alert").first).to_be_visible()
    settle(page)
    found = axe.run(page).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []
