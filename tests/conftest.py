"""What every test may use: settings of hypothesis, and the folder of raw figures where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# The same examples on every run and machine, and no clock: a busy machine must not fail a test.
settings.register_profile(
    "ci", deadline=None, derandomize=True, database=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
# To search further by hand: HYPOTHESIS_PROFILE=search
settings.register_profile("search", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of raw figures beside the project, which a user does not have."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the raw figures (../shared) are not on this machine")
    return folder
