"""What a page asks other computers for, and what its console complains of."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

THIS_COMPUTER = ("127.0.0.1", "localhost")
# Neither leaves the browser.
INSIDE = ("about", "blob", "data")


class Watch:
    """A record of requests that left this computer, and of errors in the console."""

    def __init__(self) -> None:
        self.strangers: list[str] = []
        self.complaints: list[str] = []

    def look_at(self, page: Page) -> None:
        """Record what this page does from now on."""
        page.on("request", lambda request: self._request(request.url))
        page.on("websocket", lambda socket: self._request(socket.url))
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in INSIDE and parts.hostname not in THIS_COMPUTER:
            self.strangers.append(url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url', '')})")
