"""What hands do before they press: bring the field on the screen, and wait until the page stands still."""

from __future__ import annotations

from playwright.sync_api import Locator

TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def come_to(field: Locator) -> Locator:
    """Scroll to a field of choices; a list shuts when the page scrolls, so that must be over before it opens."""
    field.scroll_into_view_if_needed()
    field.page.evaluate(TWO_FRAMES)
    return field
