"""Two hundred mangled files and more: read exactly, or truly in part, or refused clearly; never anything else."""

from __future__ import annotations

import pytest

from simulator.base.errors import InvalidInput
from tests.unit.learning.mangler import damaged, rewritten
from tests.unit.learning.reading import differences, read, rows_of, untrue

REWRITTEN = list(rewritten())
DAMAGED = list(damaged())


def test_there_are_more_than_two_hundred_of_each():
    assert len(REWRITTEN) >= 200
    assert len(DAMAGED) >= 200


@pytest.mark.parametrize("part", range(8))
def test_what_is_only_written_otherwise_is_read_exactly(part):
    for name, content, rows in REWRITTEN[part::8]:
        frame = read(content)
        assert differences(frame, rows) == [], name


@pytest.mark.parametrize("part", range(8))
def test_what_is_damaged_is_refused_clearly_or_read_truly(part):
    for name, content, rows in DAMAGED[part::8]:
        try:
            frame = read(content)
        except InvalidInput as refusal:
            message = refusal.message
        else:
            message = "the file: read"
            assert untrue(frame, rows) == [], name
        assert message.startswith("the file: "), name
        assert "None" not in message, name


REFUSALS = {
    "NUL bytes at the end": "damaged_file",
    "NUL bytes inside": "damaged_file",
    "a quote that never closes": "damaged_file",
    "text after a quote": "damaged_file",
    "two tables": "several_tables",
    "compressed": "not_a_table",
    "a web page": "html_file",
    "XML": "html_file",
    "an old workbook": "old_workbook",
    "JSON": "not_a_table",
    "PDF": "not_a_table",
    "nothing": "empty_file",
    "only a byte order mark": "empty_file",
    "numbers only": "missing_columns",
    "German": "missing_columns",
    "Spanish": "missing_columns",
    "reach and impressions exchanged": "no_usable_rows",
    "decimal commas without quotes": "no_usable_rows",
}


@pytest.mark.parametrize("name", REFUSALS)
def test_the_refusal_says_what_is_wrong(name):
    content = next(content for each, content, _ in DAMAGED if each == name)
    with pytest.raises(InvalidInput) as refusal:
        read(content)
    assert refusal.value.code == REFUSALS[name]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252", "utf-8"])
def test_a_nul_is_refused_in_every_encoding(encoding):
    text = "Campaign name,Amount spent (EUR),Reach,Impressions,Starts,Ends\né\0,1,2,3,2025-01-01,2025-01-31\n"
    with pytest.raises(InvalidInput, match="NUL bytes"):
        read(text.encode(encoding))


def test_a_line_that_would_have_to_be_held_whole_is_refused_at_once():
    with pytest.raises(InvalidInput, match="a line of more than"):
        read(b"Campaign name," * 200_000)


@pytest.mark.parametrize("cut", range(4))
def test_a_last_line_that_may_be_cut_is_told(cut):
    text = "Campaign name,Amount spent (EUR),Starts,Ends,Reach,Impressions\nA,1,2025-01-01,2025-01-31,2,34567"
    frame = read(text[: len(text) - cut])
    assert rows_of(frame, "unfinished_line") == [2]
    assert rows_of(read(text + "\n"), "unfinished_line") == []
    assert rows_of(read(text + "\nB,1,2025"), "unfinished_line") == []


def test_most_damage_to_one_row_leaves_the_others():
    """Otherwise a reader that refuses everything would pass."""
    read_in_part = 0
    for name, content, rows in DAMAGED:
        if " is " in name and "1,2345" not in name:
            frame = read(content)
            read_in_part += len(frame) == len(rows) - ("reach is nan" not in name)
    assert read_in_part == 18 * 3
