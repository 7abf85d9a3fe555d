"""The policy of the page in a real browser: everything is drawn under it, and what it forbids does not run."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests.browser.server import Server

Visit = Callable[..., Page]
Settle = Callable[[Page], None]

DRAWN = "document.querySelectorAll('[data-testid=stVegaLiteChart] :is(canvas, svg)').length"
ATTEMPTS = """async () => {
    const refused = [];
    const note = (event) => refused.push(event.effectiveDirective);
    document.addEventListener('securitypolicyviolation', note);
    // Later, since what the test itself evaluates is exempt.
    await new Promise((resolve) => setTimeout(() => {
        try { new Function('return 1')(); refused.push('evaluated'); } catch { refused.push('eval'); }
        resolve();
    }, 10));
    const inline = document.createElement('script');
    inline.textContent = 'window.stranger = true';
    document.head.append(inline);
    const image = new Image();
    image.src = 'https://198.51.100.7/x.png';
    try { await fetch('https://198.51.100.7/x'); } catch { /* refused before it leaves */ }
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...new Set(refused), window.stranger === true ? 'ran' : 'did not run'];
}"""


def test_every_page_is_drawn_under_its_policy(visit: Visit, settle: Settle, server: Server) -> None:
    """``visit`` fails for any error in the console: a chart that needed evaluated text would be one."""
    answer = httpx.get(server.url, headers={"accept": "text/html"}, trust_env=False)
    policy = answer.headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in rules["script-src"]
    assert rules["frame-ancestors"] == "'none'"
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in inline]
    assert len(digests) == 3
    assert rules["script-src"] == " ".join(["'self'", *(f"'sha256-{digest}'" for digest in digests)])
    page = visit("/?lang=fr")
    page.wait_for_function(f"{DRAWN} >= 2")
    for name in ("Mes essais", "Mes résultats", "Comprendre"):
        page.get_by_role("link", name=name).first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        settle(page)


def test_a_page_opened_by_its_own_address_asks_for_nothing_that_is_not_there(visit: Visit, settle: Settle) -> None:
    """``visit`` fails for any 404, since the console complains of it."""
    page = visit("/understand?lang=fr")
    asked: list[tuple[int, str]] = []
    page.on("response", lambda answer: asked.append((answer.status, answer.url.rpartition("/_stcore/")[2])))
    page.reload()
    settle(page)
    assert (200, "health") in asked
    assert [one for one in asked if one[0] >= 400] == []


def test_streamlits_own_words_are_french_on_a_french_page(visit: Visit) -> None:
    page = visit("/?lang=fr")
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    chart.hover()
    full = page.get_by_role("button", name="Plein écran").first
    full.hover()
    expect(page.get_by_role("tooltip")).to_have_text("Plein écran")
    assert page.get_by_role("button", name="Fullscreen").count() == 0
    expect(page.locator("nav[aria-label='Pages']")).to_have_count(1)
    added = '<button aria-label="Help for Prix \\\\(€\\\\)"></button><input aria-label="Open">'
    page.evaluate(f"document.body.insertAdjacentHTML('beforeend', '{added}')")
    expect(page.get_by_role("button", name="Aide\u00a0: Prix (€)", exact=True)).to_have_count(1)
    expect(page.get_by_role("textbox", name="Open", exact=True)).to_have_count(1)  # a label of ours
    english = visit("/?lang=en")
    english.locator("[data-testid=stVegaLiteChart]").first.hover()
    expect(english.get_by_role("button", name="Fullscreen").first).to_be_visible()


def test_what_the_policy_forbids_does_not_run(visit: Visit, watch: object) -> None:
    page = visit("/?lang=fr")
    watch.complaints.clear()  # type: ignore[attr-defined]
    found = page.evaluate(ATTEMPTS)
    complaints = watch.complaints  # type: ignore[attr-defined]
    strangers = watch.strangers  # type: ignore[attr-defined]
    assert {"eval", "script-src-elem", "img-src", "connect-src", "did not run"} <= set(found)
    assert complaints, "the browser has said what it refused"
    complaints.clear()
    # The page asked; the browser let nothing go.
    strangers[:] = [url for url in strangers if "198.51.100.7" not in url]
