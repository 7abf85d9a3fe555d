"""Two hundred mangled files and more: read exactly, or truly in part, or refused clearly; never anything else."""

from __future__ import annotations

import pytest

from simulator.errors import InvalidInput
from tests.unit.calibration.mangler import damaged, rewritten
from tests.unit.calibration.reading import differences, read, untrue

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


def test_most_damage_to_one_row_leaves_the_others():
    """Otherwise a reader that refuses everything would pass."""
    read_in_part = 0
    for name, content, rows in DAMAGED:
        if " is " in name and "1,2345" not in name:
            frame = read(content)
            read_in_part += len(frame) == len(rows) - ("reach is nan" not in name)
    assert read_in_part == 18 * 3
