"""The watch over the browser sees what it is there to see."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser.watch import Watch

# An address reserved for documentation (RFC 5737): no computer answers there.
ELSEWHERE = "http://192.0.2.1/tile.png"


def test_a_request_to_another_computer_is_recorded(browser: Browser) -> None:
    watch, page = Watch(), browser.new_page()
    page.route("**/*", lambda route: route.abort())
    watch.look_at(page)
    page.set_content(f'<img src="{ELSEWHERE}"><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">')
    page.close()
    assert watch.strangers == [ELSEWHERE]


def test_an_error_in_the_console_is_recorded(browser: Browser) -> None:
    watch, page = Watch(), browser.new_page()
    watch.look_at(page)
    page.evaluate("console.warn('only a warning'); console.error('an error')")
    page.evaluate("setTimeout(() => { throw new Error('thrown'); }, 0)")
    page.wait_for_timeout(100)
    page.close()
    assert [text.split(" (")[0] for text in watch.complaints] == ["an error", "thrown"]
