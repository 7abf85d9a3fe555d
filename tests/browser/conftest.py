"""A real server and a real Chromium, for tests that look at the app as a visitor does.

A test asks for ``visit`` and calls it: ``page = visit("/?lang=en", viewport=(390, 844))``. When it ends, it has
also failed if a request left this computer or if the browser's console showed an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.server import Server, start_server
from tests.browser.watch import Watch
from tools.install.browser import find, how_to_install

HERE = Path(__file__).parent
PATIENCE_MS = 30_000
# Settled, in three frames on end: the script has ended, the connection stands, nothing is a placeholder or out of
# date, and nothing moves (a click on what is still unfolding can land beside it).
SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const moves = (one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity;
    const calm = app !== null
        && app.getAttribute('data-test-script-state') === 'notRunning'
        && app.getAttribute('data-test-connection-state') === 'CONNECTED'
        && document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]') === null
        && !document.getAnimations().some(moves);
    window.calmFrames = calm ? (window.calmFrames ?? 0) + 1 : 0;
    return window.calmFrames >= 3;
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in this folder; one worker runs it all, so that there is one server and one browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of the browser; ``make browser`` fetches one."""
    found = find()
    if found is None:
        pytest.fail(how_to_install())
    return found


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """One Chromium for the whole session; every visit has a profile of its own in it."""
    expect.set_options(timeout=PATIENCE_MS)  # the machine may be busy: how long is measured elsewhere
    with sync_playwright() as playwright:
        # As root Chromium refuses its sandbox, and in a container /dev/shm is too small for it.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        launched = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app itself, on a free port of this computer, with a home folder of its own."""
    with start_server(root / "app.py", tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def settle() -> Callable[[Page], None]:
    """Wait until the app has drawn everything.

    After a change of a widget first wait for a text that depends on the new value: for a moment the page still
    looks settled.
    """

    def wait(page: Page) -> None:
        page.evaluate("window.calmFrames = 0")
        page.wait_for_function(SETTLED, timeout=PATIENCE_MS)

    return wait


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What this test's pages ask for and complain of; checked when the test ends."""
    watching = Watch()
    yield watching
    assert not watching.strangers, f"requests that left this computer: {watching.strangers}"
    assert not watching.complaints, f"errors in the browser's console: {watching.complaints}"


@pytest.fixture
def visit(
    browser: Browser, server: Server, watch: Watch, settle: Callable[[Page], None]
) -> Iterator[Callable[..., Page]]:
    """Open an address of the app as a new visitor and wait until it has settled."""
    contexts = []

    def open_page(
        address: str = "/",
        *,
        viewport: tuple[int, int] = (1280, 900),
        locale: str = "fr-FR",
        color_scheme: str = "light",
    ) -> Page:
        width, height = viewport
        context = browser.new_context(
            base_url=server.url,
            locale=locale,
            timezone_id="Europe/Paris",
            viewport={"width": width, "height": height},
            color_scheme=color_scheme,
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        watch.look_at(page)
        page.goto(address)
        settle(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
