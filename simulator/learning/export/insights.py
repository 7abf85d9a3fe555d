"""Rows of the platform's own answers (Marketing API Insights): a list in ``data``, pages of them, or a line for each.

Objects are read one by one, so that a large answer is never held whole. What is nested is named by its path; of the
list ``actions`` the link clicks are taken, where no field tells them.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import IO, Any

from simulator.base.errors import InvalidInput
from simulator.learning.export.headers import recognise
from simulator.learning.export.table import Row

BLOCK = 1 << 18
"""Characters read at a time."""
LONGEST = 4_000_000
"""Characters of one object, beyond which the answer is none."""
SEEN = 200
"""Objects whose fields make the header."""
DEEPEST = 3
"""Objects within objects that are looked into."""
LISTS = ("data", "insights", "results", "rows", "records", "items")
"""Fields that hold the rows of an answer."""
CALLED = {"clicks": "clicks (all)"}
"""What the platform's field means, where others use its name for something else."""
LINK_CLICKS = "inline_link_clicks"


def rows(stream: IO[bytes], file: str) -> Iterator[Row]:
    """Yield the header, then one row for each object.

    Raises
    ------
    InvalidInput
        ``not_a_table`` where it is other JSON, ``damaged_file`` where it is broken.
    """
    found = (_flat(each) for each in _objects(stream, file))
    first = list(islice(found, SEEN))
    header = list(dict.fromkeys(name for each in first for name in each))
    if not {"spend", "impressions"} <= {match[0] for name in header if (match := recognise(name))}:
        raise InvalidInput("not_a_table", field=file, received="a JSON file")
    yield header
    for each in chain(first, found):
        yield [each.get(name) for name in header]


def _objects(stream: IO[bytes], file: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list, of the list within an object, or of lines."""
    decoder = json.JSONDecoder()
    text, place, is_list = "", 0, False
    for block in _blocks(stream, file):
        text, place = text[place:] + block, 0
        if not is_list:
            place, is_list = _begin(text)
        while True:
            while place < len(text) and text[place] in " \t\r\n,\ufeff":
                place += 1
            if text[place : place + 1] == "]":
                return  # behind its rows an answer says where the next page is
            if place >= len(text):
                break
            try:
                found, end = decoder.raw_decode(text, place)
            except (json.JSONDecodeError, RecursionError):
                break
            place = end
            yield from _rows_of(found)
        if len(text) - place > LONGEST:
            raise InvalidInput("damaged_file", field=file, received="an object that never ends")
    if text[place:].strip():
        raise InvalidInput("damaged_file", field=file, received="JSON that ends early")


def _begin(text: str) -> tuple[int, bool]:
    """Return where the rows begin in an object that holds them in a list, and whether it does."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        for name in LISTS:
            place = text.find(f'"{name}"', 0, 1000)
            bracket = text.find("[", place) if place >= 0 else -1
            if (
                bracket >= 0
                and text[place + len(name) + 2 : bracket].strip() == ":"
                and "{" not in text[1:place].strip()
            ):
                return bracket + 1, True
    elif "[" in text:
        return text.index("[") + 1, True
    return 0, True


def _rows_of(found: object) -> Iterator[Mapping[str, Any]]:
    """Yield an object, or what is in its list of rows: one page of several."""
    if isinstance(found, list):
        for each in found:
            yield from _rows_of(each)
    elif isinstance(found, dict):
        inner = next((found[name] for name in LISTS if isinstance(found.get(name), (list, dict))), None)
        if inner is not None and not {"spend", "impressions"} & set(found):
            outside = {name: value for name, value in found.items() if isinstance(value, (str, int, float))}
            for each in _rows_of(inner):  # a campaign around its figures
                yield {**outside, **each}
        else:
            yield found


def _flat(found: Mapping[str, Any], before: str = "", depth: int = 0) -> dict[str, Any]:
    """Return the single values of an object by the path of their names, as texts or numbers."""
    flat: dict[str, Any] = {}
    for name, value in found.items():
        path = CALLED.get(f"{before}{name}", f"{before}{name}")
        if isinstance(value, (str, int, float)) or value is None:
            flat[path] = str(value) if isinstance(value, (int, float)) else value
        elif isinstance(value, dict) and depth < DEEPEST:
            flat |= _flat(value, f"{path}_", depth + 1)
        elif name == "actions" and isinstance(value, list):
            counts = {each.get("action_type"): each.get("value") for each in value if isinstance(each, dict)}
            flat.setdefault("actions:link_click", str(counts.get("link_click", "0")))
    if LINK_CLICKS in flat:
        flat.pop("actions:link_click", None)
    return flat


def _blocks(stream: IO[bytes], file: str) -> Iterator[str]:
    head = stream.read(4)
    stream.seek(0)
    wide = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")("strict")
    try:
        while block := stream.read(BLOCK):
            yield decoder.decode(block)
    except UnicodeDecodeError:
        raise InvalidInput("damaged_file", field=file, received="bytes that are not UTF-8") from None
