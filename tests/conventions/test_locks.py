"""The locks: every package pinned and hashed, no address, and nothing to run that only tests need."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / "requirements.lock"
TEST = ROOT / "requirements-test.lock"
LOCKS = pytest.mark.parametrize("lock", [RUN, TEST], ids=lambda lock: lock.name)

PIN = re.compile(r"(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+?))?(?P<hashes>( --hash=\S+)+)")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
# make run installs neither a browser nor a database nor the tests' tools.
NOT_TO_RUN = re.compile(r"playwright|pytest|hypothesis|psycopg|pgserver|numba|mypy|ruff")


def entries(lock: Path) -> list[str]:
    """Return one line for each package, its continuation lines joined."""
    return re.sub(r" \\\n\s+", " ", lock.read_text(encoding="utf-8")).splitlines()


def pins(lock: Path) -> dict[str, str]:
    return {match["name"]: match["version"] for entry in entries(lock) if (match := PIN.fullmatch(entry))}


def project() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for: by lock, the requirements that stand in it."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    core = [*table["project"]["dependencies"], *table["build-system"]["requires"]]
    extras = table["project"]["optional-dependencies"]
    run = [*core, *extras["app"]]
    return {RUN.name: run, TEST.name: [*run, *extras["test"]]}


@LOCKS
def test_no_address_and_no_index_stands_in_the_lock(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)|^\s*-[a-z]|index", text, re.MULTILINE)


@LOCKS
def test_every_package_is_pinned_once_and_hashed(lock: Path) -> None:
    matches = [PIN.fullmatch(entry) for entry in entries(lock)]
    wrong = [entry[:60] for entry, match in zip(entries(lock), matches, strict=True) if match is None]
    assert wrong == []
    assert len(pins(lock)) == len(matches) > 20
    assert all(HASH.fullmatch(digest) for match in matches if match for digest in match["hashes"].split())


@LOCKS
def test_the_lock_holds_what_the_project_asks_for(lock: Path) -> None:
    pinned = pins(lock)
    for requirement in map(Requirement, project()[lock.name]):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        assert name in pinned, f"{lock.name}: {name} is missing; run make lock"
        assert requirement.specifier.contains(pinned[name]), f"{lock.name}: {name}; run make lock"


def test_what_runs_is_what_was_tested() -> None:
    assert pins(RUN).items() <= pins(TEST).items()


def test_nothing_is_installed_to_run_that_only_tests_need() -> None:
    assert [name for name in pins(RUN) if NOT_TO_RUN.search(name)] == []
