"""Surveys and account counts made into people: known shares come back, and the shipped file is the fit."""

from __future__ import annotations

import csv
import datetime
import tomllib

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, logit

from simulator.reference.parameters.presence import AGE_BANDS, PLATFORMS
from tools.build.parameter_file import FOLDER
from tools.research.fit_presence import residents, written
from tools.research.presence_model import AREAS, FIRST_AGES, HELD_AT, PARTS, SOURCES, Fit, Row, fit, read_rows

Array = NDArray[np.float64]

BEHIND = {"facebook": (1.2, 0.2), "instagram": (1.3, 0.2)}
"""Believed beforehand about accounts a person."""
PROFILE = {
    "facebook": np.array([0.3, 0.5, 0.7, 0.8, 0.75, 0.7, 0.6]),
    "instagram": np.array([0.6, 0.85, 0.7, 0.6, 0.5, 0.35, 0.2]),
}
LEVEL = {"FR": 0.0, "CA": 0.3, "CA-QC": 0.1, "US": -0.4}
PER_PERSON = {"facebook": 1.1, "instagram": 1.6}
LIVING = {area: np.full((2, 66), 1e5) for area in AREAS}
for _people in LIVING.values():
    _people[:, 65] = 1.5e6


def true_shares(area: str, platform: str) -> Array:
    return np.asarray(expit(logit(PROFILE[platform]) + LEVEL[area]))


def surveys(area: str, platform: str) -> list[Row]:
    """Four surveys that find the truth about every band."""
    share = dict(zip(FIRST_AGES, true_shares(area, platform), strict=True))
    lasts = (*(first - 1 for first in FIRST_AGES[1:]), 120)
    return [
        Row(area, platform, first, last, "all", "share", "month", float(share[first]), HELD_AT, f"survey {number}", "")
        for number in range(4)
        for first, last in zip(FIRST_AGES, lasts, strict=True)
    ]


def accounts(area: str, platform: str, source: str = "report") -> Row:
    """Return the accounts of an area: people times accounts a person."""
    total = 0.0
    for part in PARTS[area]:
        by_band = np.add.reduceat(LIVING[part].sum(axis=0), FIRST_AGES)
        total += float(by_band @ true_shares(part, platform)) * PER_PERSON[platform] / 1e6
    return Row(area, platform, 13, 120, "all", "million", "accounts", total, HELD_AT, source, "")


@pytest.fixture(scope="module")
def synthetic() -> list[Row]:
    """Surveys of France and Canada, and accounts everywhere: of the United States nothing but accounts is known."""
    rows = [row for area in ("FR", "CA-QC") for name in PLATFORMS for row in surveys(area, name)]
    return rows + [
        accounts(area, name, f"{area} {n}") for area in ("FR", "CA", "US") for name in PLATFORMS for n in "abcdef"
    ]


@pytest.fixture(scope="module")
def found(synthetic: list[Row]) -> Fit:
    return fit(synthetic, LIVING, BEHIND)


@pytest.fixture(scope="module")
def shipped() -> Fit:
    return fit(read_rows(), residents())


def users(shares: Array) -> float:
    """Return users of 13 and over, with the residents of every synthetic area."""
    return float(np.add.reduceat(LIVING["US"].sum(axis=0), FIRST_AGES) @ shares)


def test_known_shares_come_back_by_age(found: Fit) -> None:
    for area in ("FR", "CA-QC"):
        for name in PLATFORMS:
            np.testing.assert_allclose(found.shares[area, name], true_shares(area, name), atol=0.03)


def test_accounts_a_person_are_learnt_where_both_are_known(found: Fit) -> None:
    for name, ratio in PER_PERSON.items():
        assert found.accounts_per_person[name] == pytest.approx(ratio, rel=0.06)


@pytest.mark.parametrize("area", ["US", "CA"])
def test_accounts_become_people_where_nobody_was_asked(found: Fit, area: str) -> None:
    for name in PLATFORMS:
        assert users(found.shares[area, name]) == pytest.approx(users(true_shares(area, name)), rel=0.1)


def test_a_wrong_belief_about_accounts_shows_in_the_people(synthetic: list[Row]) -> None:
    """One account a person, believed firmly: the accounts of the United States are taken for people."""
    wrong = fit(synthetic, LIVING, dict.fromkeys(PLATFORMS, (1.0, 1e-3)))
    assert users(wrong.shares["US", "instagram"]) > 1.15 * users(true_shares("US", "instagram"))


def test_one_absurd_figure_moves_little(synthetic: list[Row], found: Fit) -> None:
    absurd = Row("FR", "facebook", 18, 24, "all", "share", "month", 0.05, HELD_AT, "absurd", "")
    moved = fit([*synthetic, absurd], LIVING, BEHIND)
    assert abs(moved.shares["FR", "facebook"] - found.shares["FR", "facebook"]).max() < 0.04


def test_old_figures_count_for_less(synthetic: list[Row], found: Fit) -> None:
    def young(year: int) -> float:
        date = datetime.date(year, 7, 1)
        other = Row("FR", "facebook", 18, 24, "all", "share", "month", 0.7, date, "another", "")
        return float(fit([*synthetic, other], LIVING, BEHIND).shares["FR", "facebook"][1])

    assert found.shares["FR", "facebook"][1] < young(2010) < young(2025)


def test_the_doubt_is_less_where_people_were_asked(found: Fit) -> None:
    for name in PLATFORMS:
        assert np.all(found.log_odds_sd["FR", name] < found.log_odds_sd["US", name])


def test_every_figure_has_a_source_and_a_kind() -> None:
    declared = tomllib.loads((FOLDER / "presence.toml").read_text(encoding="utf-8"))["sources"]
    rows = read_rows()
    assert {row.cited for row in rows} <= set(declared)
    assert {row.platform for row in rows} == set(PLATFORMS)
    with SOURCES.open(encoding="utf-8", newline="") as file:
        assert all(line[name] for line in csv.DictReader(file) for name in ("publisher", "locator", "population"))
    assert all(0.0 < row.figure < (400.0 if row.count == "million" else 1.0) for row in rows)


def test_the_shipped_file_is_the_fit(shipped: Fit) -> None:
    text = (FOLDER / "presence.toml").read_text(encoding="utf-8")
    assert written(shipped, read_rows(), text) == text


def test_people_lie_below_accounts(shipped: Fit) -> None:
    """Instagram in France: 43.7 million accounts (2025); Facebook in Canada: 32.0 million, 8.1 of them 25 to 34."""
    living = {area: np.add.reduceat(found.sum(axis=0), FIRST_AGES) / 1e6 for area, found in residents().items()}
    france = float(living["FR"] @ shipped.shares["FR", "instagram"])
    assert 25.0 < france < 35.0
    canada = sum(living[area] * shipped.shares[area, "facebook"] for area in ("CA", "CA-QC"))
    assert 23.0 < float(canada.sum()) < 30.0
    band = AGE_BANDS.index("25-34")
    assert living["CA"][band] + living["CA-QC"][band] < 8.1, "there are more accounts of that age than residents"
