"""A visitor of the app without a browser: Streamlit's own protocol over its websocket.

    async with Visitor("http://127.0.0.1:8501", "?lang=en") as visitor:
        first = await visitor.run()                              # the page, as on opening it
        moved = await visitor.run({"daily_budget": 20})          # a widget, by its key
        print(moved.seconds, moved.text)

Hundreds of them fit into one process, where ten browsers fill a machine. What a browser does after the answer has come
(drawing) is not in it; what the server does and sends is, whole.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tools.check import widget_values

PATIENCE_S = 60.0
XSRF = "_streamlit_xsrf"
LARGEST = 64 * 1024 * 1024


class Gone(ConnectionError):
    """The server has closed the connection, or never opened it."""


@dataclass
class Run:
    """One run of the page as it reached the visitor.

    Attributes
    ----------
    seconds : float
        From sending the change to the message that the script has ended.
    first_seconds : float
        Until the first element came.
    size : int
        Bytes received.
    elements : list of Element
        In the order they came; a message that the server sent by its hash alone is filled in.
    ok : bool
        Whether the script ended in good order.
    """

    seconds: float = 0.0
    first_seconds: float = 0.0
    size: int = 0
    messages: int = 0
    elements: list[Any] = field(default_factory=list)
    redirect: str = ""
    ok: bool = False

    @property
    def text(self) -> str:
        """All that the page says: headings, paragraphs, captions, alerts."""
        said = []
        for element in self.elements:
            kind = element.WhichOneof("type")
            shown = getattr(element, kind) if kind else None
            said += [str(getattr(shown, name)) for name in ("body", "label") if getattr(shown, name, "")]
        return "\n".join(said)

    @property
    def exceptions(self) -> list[str]:
        """What the page shows as a failure of the program."""
        return [element.exception.message for element in self.elements if element.WhichOneof("type") == "exception"]

    @property
    def alerts(self) -> list[str]:
        """What the page says in boxes: errors, warnings, successes."""
        return [element.alert.body for element in self.elements if element.WhichOneof("type") == "alert"]


class Visitor:
    """One open page.

    Parameters
    ----------
    url : str
        Scheme, host and port.
    query : str
        What follows the ``?``; the mark itself may stand.
    page : str
        Name of the page in the address, empty for the first.
    cookies : mapping
        Sent with the handshake, such as those of a sign-in.
    """

    def __init__(self, url: str, query: str = "", *, page: str = "", cookies: Mapping[str, str] | None = None) -> None:
        self.url = url.rstrip("/")
        self.query = query.lstrip("?")
        self.page = page
        self.cookies = dict(cookies or {})
        self.widgets: dict[str, widget_values.Value] = {}
        self.session_id = ""
        self._ids: dict[str, str] = {}
        self._kinds: dict[str, str] = {}
        self._known: dict[str, Any] = {}
        self._socket: Any = None
        self._page_hash = ""

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def connect(self, session_id: str = "") -> None:
        """Open the connection; with ``session_id``, take up a visit that was cut off."""
        if XSRF not in self.cookies:
            await self._greet()
        parts = urlsplit(self.url)
        address = f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}/_stcore/stream"
        protocols = ["streamlit", self.cookies.get(XSRF, "none"), *([session_id] if session_id else [])]
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            self._socket = await websockets.connect(
                address,
                subprotocols=protocols,
                additional_headers={"Cookie": cookies} if cookies else {},
                origin=self.url,
                max_size=LARGEST,
                open_timeout=PATIENCE_S,
                ping_interval=None,
                compression=None,
                proxy=None,
            )
        except (OSError, websockets.exceptions.WebSocketException, TimeoutError) as error:
            raise Gone(str(error)) from None

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()

    async def run(
        self, changes: Mapping[str, Any] | None = None, *, query: str | None = None, page: str | None = None
    ) -> Run:
        """Ask for a run of the page and wait until it has ended.

        Parameters
        ----------
        changes : mapping
            Key of a widget to its new value; ``True`` for a button. A value of an unusual kind is given as
            (kind, value), the kind by its name in Streamlit's ``WidgetState``.
        query, page : str, optional
            Another address, as after a link.
        """
        message = BackMsg()
        asked = message.rerun_script
        if query is not None:
            self.query = query.lstrip("?")
        if page is not None:
            self.page, self._page_hash = page, ""
        asked.query_string, asked.page_name, asked.page_script_hash = self.query, self.page, self._page_hash
        asked.context_info.timezone, asked.context_info.locale = "Europe/Paris", "fr-FR"
        asked.context_info.url = f"{self.url}/{self.page}"
        asked.cached_message_hashes.extend(self._known)
        pressed = {}
        for key, value in (changes or {}).items():
            kind = self._kinds.get(key, "string_value")
            target = pressed if kind == "trigger_value" else self.widgets
            target[key] = value if isinstance(value, tuple) else (kind, _as(kind, value))
        states = {**self.widgets, **pressed}
        asked.widget_states.widgets.extend(
            widget_values.state(self._ids[key], value) for key, value in states.items() if key in self._ids
        )
        return await self._exchange(message)

    def has(self, key: str) -> bool:
        """Whether the page has shown a widget of this key."""
        return key in self._ids

    async def _greet(self) -> None:
        """Fetch the cookie without which the server does not look at the others."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S) as client:
                answer = await client.get(f"{self.url}/_stcore/host-config")
                if XSRF not in answer.cookies:
                    answer = await client.get(f"{self.url}/_stcore/health")
        except httpx.HTTPError as error:
            raise Gone(str(error)) from None
        self.cookies.update(dict(answer.cookies))

    async def _exchange(self, message: BackMsg) -> Run:
        done = Run()
        began = time.perf_counter()
        try:
            await self._socket.send(message.SerializeToString())
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    content = await self._socket.recv()
                    done.size += len(content)
                    done.messages += 1
                    if self._take(content, done, began):
                        break
        except websockets.exceptions.ConnectionClosed as error:
            raise Gone(str(error)) from None
        done.seconds = time.perf_counter() - began
        return done

    def _take(self, content: bytes, done: Run, began: float) -> bool:
        """Note one message; return whether it ends the run."""
        found = ForwardMsg()
        found.ParseFromString(content)
        kind = found.WhichOneof("type")
        if kind == "ref_hash":
            delta = self._known.get(found.ref_hash)
            if delta is not None:
                self._element(delta, done)
            return False
        if kind == "delta":
            done.first_seconds = done.first_seconds or time.perf_counter() - began
            if found.metadata.cacheable and found.hash:
                self._known[found.hash] = found.delta
            self._element(found.delta, done)
        elif kind == "new_session":
            self.session_id = found.new_session.initialize.session_id or self.session_id
            self._page_hash = found.new_session.page_script_hash
            done.elements.clear()  # a rerun that the script asked for itself starts the page anew
        elif kind == "page_info_changed":
            self.query = found.page_info_changed.query_string
        elif kind == "auth_redirect":
            done.redirect = found.auth_redirect.url
        elif kind == "script_finished":
            status = found.script_finished
            if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return False
            done.ok = status in (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
            return True
        return False

    def _element(self, delta: Any, done: Run) -> None:
        if delta.WhichOneof("type") == "new_element":
            done.elements.append(delta.new_element)
            name = delta.new_element.WhichOneof("type")
            if name:
                self._note(name, getattr(delta.new_element, name))

    def _note(self, name: str, widget: Any) -> None:
        """Remember what the widget shows, as a browser does; its id is ``$$ID-HASH-KEY``."""
        identity = getattr(widget, "id", "")
        if not identity.startswith("$$ID-") or identity.count("-") < 2:
            return
        key = identity.split("-", 2)[2]
        is_new = self._ids.get(key) != identity
        self._ids[key], self._kinds[key] = identity, widget_values.kind_of(name, widget)
        if is_new or getattr(widget, "set_value", False):
            value = widget_values.shown(name, widget)
            if value is None:
                self.widgets.pop(key, None)
            else:
                self.widgets[key] = value


def _as(kind: str, value: Any) -> Any:
    """A list of texts is what a choice sends, also for numbers."""
    if kind == "string_array_value":
        return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]
    if kind == "double_array_value":
        return [float(one) for one in value] if isinstance(value, (list, tuple)) else [float(value)]
    return value
