"""What the doctor says of the rules of the platform and of the tax offices."""

from __future__ import annotations

import datetime

from simulator.accounts.doctor import rules


def test_rules_are_fine_until_the_day_to_look_again() -> None:
    found = rules(datetime.date(2027, 1, 15))
    assert (found.state, found.advice) == ("ok", "")
    assert "2027-01-15" in found.said


def test_a_passed_day_is_a_note_that_names_the_rule() -> None:
    found = rules(datetime.date(2027, 2, 2))
    assert found.state == "note"
    assert "platform.location_fee (by 2027-01-15)" in found.said
    assert "platform.store_fee (by 2027-02-01)" in found.said
    assert "platform.tax" not in found.said
