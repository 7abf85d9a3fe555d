"""Visitors that keep a trial and then print it, as PDF and as Excel, again and again."""

from __future__ import annotations

import asyncio
import io
import time
import uuid
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.visitors import KEEP, Tally
from tools.check.websocket_client import PATIENCE_S, Gone, Visitor

KINDS = ("pdf", "xlsx")


@dataclass
class Printed:
    """What the buttons have given."""

    files: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    refused: int = 0
    under_way: int = 0
    cut: int = 0

    @property
    def said(self) -> str:
        """Return the counts, in words."""
        return (
            f"{self.files['pdf']} PDF and {self.files['xlsx']} Excel files, {len(self.broken)} of them not whole, "
            f"{self.cut} cut off, {self.refused} refused"
        )


class Reader(Visitor):
    """A visitor who can press a button that makes a file."""

    def __init__(self, url: str, query: str = "") -> None:
        super().__init__(url, query)
        self.files: dict[str, str] = {}

    async def download(self, key: str) -> bytes | None:
        """Have the file made and fetch it; None if the server says that it cannot."""
        message = BackMsg()
        asked = message.backend_operation_request
        asked.request_id, asked.session_id = str(uuid.uuid4()), self.session_id
        asked.deferred_file.file_id = self.files[key]
        try:
            await self._socket.send(message.SerializeToString())
            async with asyncio.timeout(PATIENCE_S):
                place = await self._answer(asked.request_id)
            if not place:
                return None
            async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE_S, cookies=self.cookies) as client:
                answer = await client.get(f"{self.url}{place}")
        except (websockets.exceptions.ConnectionClosed, httpx.HTTPError) as error:
            raise Gone(str(error)) from None
        return answer.content if answer.status_code == httpx.codes.OK else None

    async def _answer(self, request: str) -> str:
        """Return where the file is, empty if there is none."""
        while True:
            found = ForwardMsg()
            found.ParseFromString(await self._socket.recv())
            answer = found.backend_operation_response
            if found.WhichOneof("type") == "backend_operation_response" and answer.request_id == request:
                return str(answer.deferred_file.url)

    def _note(self, name: str, widget: Any) -> None:
        super()._note(name, widget)
        if name == "download_button":
            self.files[widget.id.split("-", 2)[2]] = widget.deferred_file_id


def whole(kind: str, content: bytes) -> bool:
    """Whether a file can be read to its end."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        if kind == "xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                return book.testzip() is None and "xl/workbook.xml" in book.namelist()
        return content.rstrip().endswith(b"%%EOF") and all(
            page.extract_text() for page in PdfReader(io.BytesIO(content)).pages
        )
    except (zipfile.BadZipFile, PyPdfError):
        return False


async def print_trials(url: str, tally: Tally, printed: Printed, until: float, name: str) -> None:
    """Keep a trial and print it, one after the other, until the time is over."""
    count = 0
    while time.monotonic() < until:
        count += 1
        title = f"{name} {count}"
        try:
            async with Reader(url, "lang=en") as reader:
                tally.note(await reader.run(), tally.first)
                run = await reader.run({"keep_title_": title, KEEP: True})
                tally.exceptions += run.exceptions
                if any("is kept" in alert for alert in run.alerts):
                    tally.kept.append(title)
                for kind in KINDS:
                    await _print(reader, kind, printed)
        except (Gone, TimeoutError):
            tally.gone += 1
            await asyncio.sleep(0.3)


async def _print(reader: Reader, kind: str, printed: Printed) -> None:
    printed.under_way += 1
    try:
        content = await reader.download(f"report_{kind}")
    except (Gone, TimeoutError):
        printed.cut += 1
        raise
    finally:
        printed.under_way -= 1
    if content is None:
        printed.refused += 1
        return
    printed.files[kind] += 1
    if not await asyncio.to_thread(whole, kind, content):
        printed.broken.append(kind)
