"""The packed figures of the validation, and what may be claimed by them."""

from __future__ import annotations

import dataclasses
import datetime
import json

import pytest
from scipy.stats import binom

from simulator.base.errors import TableError
from simulator.learning import validation_figures as tested
from simulator.learning.validation_figures import CALIBRATED, DEFAULTS, digest, validation
from simulator.reference.parameters import load_parameters


def test_the_packed_figures_can_be_read_and_are_frozen() -> None:
    found = validation()
    assert found.date > datetime.date(2026, 11, 1)
    assert found.level == 0.8
    assert len({one.source for one in found.coverage}) == 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.level = 0.9  # type: ignore[misc]


def test_the_claim_counts_every_campaign_once() -> None:
    found = validation()
    inside, n = found.tested("reach")
    assert n == 51
    assert 0 <= inside <= n
    parts = [one for one in found.coverage if one.metric == "reach" and one.method == DEFAULTS]
    assert (inside, n) == (sum(one.inside for one in parts), sum(one.n for one in parts))
    assert found.tested("reach", CALIBRATED)[1] < n
    assert found.tested("fame") == (0, 0)


def test_the_intervals_are_exact_at_both_ends() -> None:
    """Clopper and Pearson: at either end a count as extreme as the one seen has a chance of one in ten."""
    for one in validation().coverage:
        if one.inside > 0:
            assert binom.sf(one.inside - 1, one.n, one.low) == pytest.approx(0.1, abs=2e-3)
        else:
            assert one.low == 0.0
        if one.inside < one.n:
            assert binom.cdf(one.inside, one.n, one.high) == pytest.approx(0.1, abs=2e-3)
        else:
            assert one.high == 1.0


def test_known_parameters_were_found_again() -> None:
    known = validation().recovery
    assert known is not None
    assert known.accounts >= 1000
    assert 0.76 <= known.coverage <= 0.84
    assert 0.76 <= known.told_coverage <= 0.84


def test_the_figures_hold_for_the_parameters_they_were_measured_with() -> None:
    parameters = load_parameters()
    other = next(key for key in parameters if key.startswith("income."))
    assert digest(parameters) == digest(parameters.replace({other: 2.0 * parameters.value(other)}))
    assert digest(parameters) != digest(parameters.replace({"delivery.activity_shape": 1.1}))


def test_the_referee_stands_on_the_page_too() -> None:
    from pathlib import Path

    referee = validation().referee
    assert referee is not None
    page = (Path(__file__).parents[3] / "docs" / "validation.md").read_text("utf-8")
    assert f"`python tools/check/validate_kernel.py` on {referee.date}" in page
    assert f"{referee.campaigns} campaigns, {referee.opportunities / 1e9:.1f} billion slots" in page
    assert f"- kernel: {referee.beyond} of {referee.comparisons} comparisons." in page


def test_figures_of_other_parameters_are_said_to_be_old() -> None:
    found = validation()
    assert dataclasses.replace(found, parameter_digest=digest(load_parameters())).is_current
    assert not dataclasses.replace(found, parameter_digest="0" * 12).is_current


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 9}', '{"schema_version": 1, "date": "soon"}'])
def test_a_damaged_file_is_said_so(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    class Folder:
        def joinpath(self, name: str) -> Folder:
            return self

        def read_text(self, encoding: str) -> str:
            return text

    monkeypatch.setattr(tested.resources, "files", lambda name: Folder())
    with pytest.raises(TableError):
        validation.__wrapped__()


def test_the_file_holds_counts_and_no_rows() -> None:
    from importlib import resources

    entries = json.loads(resources.files("simulator.learning").joinpath(tested.FILE).read_text("utf-8"))
    assert set(entries) == {
        *("schema_version", "date", "model_version", "parameter_digest", "level"),
        *("referee", "coverage", "reach", "backtests", "recovery", "curve", "prices"),
    }


def test_prices_are_tested_on_every_source_for_the_parameters_that_are_shipped() -> None:
    """Bias before coverage: a band that holds everything would hide that the middle is wrong."""
    found = validation().prices
    assert found is not None
    assert found.is_current, "run `python -m tools.research.leave_one_source_out`"
    assert len(found.sources) == 13
    assert found.accounts == sum(one.accounts for one in found.sources)
    assert found.bias == pytest.approx(sorted(one.bias for one in found.sources)[6])
    assert abs(found.bias) <= 0.25
    assert found.abs_bias <= 0.45
    assert found.error <= 0.55
    assert 0.75 <= found.inside <= 0.97
    assert 0.75 <= found.single <= 0.85


def test_prices_of_other_parameters_are_not_claimed() -> None:
    parameters = load_parameters()
    dearer = parameters.replace({"prices.cpm.FR": 7.0})
    longer = parameters.replace({"delivery.persistence.leads": 0.31})
    assert digest(dearer, tested.PRICE_STEMS) != digest(parameters, tested.PRICE_STEMS)
    assert digest(longer, tested.PRICE_STEMS) == digest(parameters, tested.PRICE_STEMS), "no price rests on it"
