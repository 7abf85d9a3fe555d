"""Whatever bytes come in, a frame or a refusal comes out."""

from __future__ import annotations

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.base.errors import InvalidInput
from simulator.learning import read_ads_manager
from simulator.learning.export.frame import COLUMNS
from simulator.learning.export.text import repaired
from tests.unit.learning.exports import CAMPAIGN_COLUMNS, Style, as_csv, as_xlsx, campaigns
from tests.unit.learning.wording import HEADERS

EXPORTS = [
    as_csv(campaigns(), CAMPAIGN_COLUMNS, Style("fr")),
    as_csv(campaigns(), CAMPAIGN_COLUMNS, Style("en", "\t", "utf-16")),
    as_xlsx(campaigns(), CAMPAIGN_COLUMNS, Style("en")),
]
CELLS = st.one_of(
    st.sampled_from([header.format(currency="EUR") for headers in HEADERS.values() for header in headers.values()]),
    st.text(max_size=8),
    st.sampled_from(
        ["1,234", "12.5", "", "2024-05-06", "05/06/2024", "Ongoing", "=1+1", '"', "'", "\r", "\x1c", "\u2028"]
    ),
)


def survives(content: bytes) -> None:
    try:
        frame = read_ads_manager(io.BytesIO(content))
    except InvalidInput as refusal:
        assert refusal.message  # noqa: PT017  any refusal will do
    else:
        assert tuple(frame.columns) == COLUMNS
        assert not (frame["reach"] > frame["impressions"]).any()
        assert (frame["days"] >= 1).all()
        assert (frame[["spend", "impressions"]] >= 0).all(axis=None)


@given(st.binary(max_size=300))
def test_bytes(content):
    survives(content)


@settings(max_examples=60)
@given(st.sampled_from(EXPORTS), st.lists(st.tuples(st.integers(0, 20_000), st.binary(max_size=6)), max_size=6))
def test_an_export_with_bytes_changed(content, changes):
    spoiled = bytearray(content)
    for place, piece in changes:
        at = place % len(spoiled)
        spoiled[at : at + len(piece)] = piece
    survives(bytes(spoiled))


@settings(max_examples=60)
@given(
    st.lists(st.lists(CELLS, max_size=8), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16"]),
)
def test_any_table(rows, separator, encoding):
    text = "\n".join(separator.join(row) for row in rows)
    survives(text.encode(encoding, "replace"))


@given(st.text(alphabet=st.characters(max_codepoint=0x17F, categories=["L", "N", "P", "Z"]), max_size=30))
def test_accents_encoded_twice_are_put_right(text):
    twice = text.encode().decode("latin-1")
    again = repaired(twice)
    assert again in (text, repaired(text))
