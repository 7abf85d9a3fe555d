"""Files made to exhaust or deceive a reader, and what each must be answered with.

Run as a module it reads them all in a process of its own and prints code, seconds and the peak of memory.
"""

from __future__ import annotations

import io
import json
import resource
import struct
import sys
import time
import zipfile
from collections.abc import Callable, Iterator

from simulator.base.errors import InvalidInput
from simulator.learning import read_ads_manager
from tests.unit.learning.exports import CAMPAIGN_COLUMNS, Style, as_xlsx, campaigns
from tests.unit.learning.peak import peak_megabytes

HEADER = b"Campaign name,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends\n"
ROW = b"A campaign,12.50,800,1500,2025-01-01,2025-01-31\n"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook() -> bytes:
    """A sound workbook to spoil."""
    return as_xlsx(campaigns(), CAMPAIGN_COLUMNS, Style("en"))


def with_part(part: str, content: bytes) -> bytes:
    """The workbook with one part replaced, or added."""
    source = zipfile.ZipFile(io.BytesIO(workbook()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in source.namelist():
            archive.writestr(each, content if each == part else source.read(each))
        if part not in source.namelist():
            archive.writestr(part, content)
    return stream.getvalue()


def with_parts(parts: dict[str, bytes]) -> bytes:
    """The workbook with parts added."""
    stream = io.BytesIO(workbook())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def sheet(rows: bytes, before: bytes = b"") -> bytes:
    """XML of a sheet."""
    start = b'<?xml version="1.0"?>' + before + b"<worksheet " + NAMESPACE
    return start + b"><sheetData>" + rows + b"</sheetData></worksheet>"


def lying() -> bytes:
    """A workbook whose sheet says that it is small, in both places, and is 80 MB."""
    book = bytearray(with_part(SHEET, b" " * 80_000_000))
    real = struct.pack("<L", 80_000_000)
    assert book.count(real) >= 2
    return bytes(book.replace(real, struct.pack("<L", 4000)))


def laughs(part: str) -> bytes:
    """Entities that unfold to a billion words."""
    entities = b'<!ENTITY a0 "ha">' + b"".join(
        b'<!ENTITY a%d "%s">' % (number, b"&a%d;" % (number - 1) * 10) for number in range(1, 10)
    )
    return with_part(part, b"<!DOCTYPE x [" + entities + b"]>" + sheet(b'<row r="1"><c r="A1"><v>&a9;</v></c></row>'))


def inline(cells: dict[str, str]) -> bytes:
    """A row of inline strings by reference."""
    written = "".join(f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>' for ref, text in cells.items())
    return f"<row>{written}</row>".encode()


HEADERS = inline(
    {f"{letter}1": header for letter, header in zip("ABCDEF", HEADER.decode().strip().split(","), strict=True)}
)

HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a bomb that declares its size": (lambda: with_part(SHEET, b" " * 80_000_000), "too_large"),
    "a bomb that lies about its size": (lying, "damaged_file"),
    "a bomb in many parts": (lambda: with_parts({f"xl/a{n}.xml": b" " * 1_900_000 for n in range(32)}), "too_large"),
    "strings without end": (
        lambda: with_part(STRINGS, b"<sst " + NAMESPACE + b">" + b"<si><t/></si>" * 2_000_000 + b"</sst>"),
        "too_large",
    ),
    "a part that is too large under another name": (
        lambda: with_part("xl/media/picture.png", b"<sst>" + b"<si><t/></si>" * 400_000),
        "too_large",
    ),
    "entities in a sheet": (lambda: laughs(SHEET), "damaged_file"),
    "entities in the strings": (lambda: laughs(STRINGS), "damaged_file"),
    "an entity that does no harm": (
        lambda: with_part(SHEET, sheet(HEADERS + b"<row><c><v>&a;</v></c></row>", b'<!DOCTYPE x [<!ENTITY a "7">]>')),
        "damaged_file",
    ),
    "entities in UTF-16": (
        lambda: with_part(SHEET, ('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>').encode("utf-16")),
        "damaged_file",
    ),
    "two cells far apart": (
        lambda: with_part(SHEET, sheet(inline({"A1": "Reach"}) + b'<row r="1048576"><c r="XFD1048576"/></row>')),
        "missing_columns",
    ),
    "a row beyond the last": (
        lambda: with_part(SHEET, sheet(HEADERS + b'<row r="999999999"><c><v>1</v></c></row>')),
        "too_many_rows",
    ),
    "rows as wide as can be": (
        lambda: with_part(SHEET, sheet(HEADERS + b'<row><c t="n"/><c r="XFD2"><v>1</v></c></row>' * 200)),
        "too_many_rows",
    ),
    "millions of marks": (lambda: with_part(SHEET, sheet(b"<row/>" * 6_100_000)), "too_many_rows"),
    "one line of 20 MB": (lambda: HEADER[:-1] + b"x" * 20_000_000, "damaged_file"),
    "one cell of 20 MB": (lambda: HEADER + b'"' + b"x\n" * 10_000_000, "damaged_file"),
    "millions of blank lines": (lambda: HEADER + b"\n" * 2_100_000, "too_many_rows"),
    "millions of separators": (lambda: b"," * 900_000 + b"\n" + ROW, "missing_columns"),
    "too many rows": (lambda: HEADER + ROW * 500_001, "too_many_rows"),
    "too large": (lambda: HEADER + b"\n" * 100_000_000, "too_large"),
    "NUL bytes": (lambda: HEADER + b"\0" * 10_000_000, "damaged_file"),
}  # fmt: skip


def answers() -> Iterator[dict[str, object]]:
    """Read each and tell how it was answered."""
    for name, (build, expected) in HOSTILE.items():
        stream = io.BytesIO(build())
        before = time.process_time()
        try:
            code = f"{len(read_ads_manager(stream))} rows"
        except InvalidInput as refusal:
            code = refusal.code
        yield {"name": name, "code": code, "expected": expected, "seconds": time.process_time() - before}


if __name__ == "__main__":
    # A reader that fails to stop is stopped here, well before the machine is.
    resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, 4_000_000_000))
    told = list(answers())
    json.dump({"answers": told, "peak_megabytes": peak_megabytes()}, sys.stdout)
