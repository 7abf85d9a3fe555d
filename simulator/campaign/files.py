"""A campaign in a file: ``{schema_version, title, author, why, campaign: {…}}``, or the campaign alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from simulator.base.errors import InvalidInput, shown
from simulator.base.json_text import MAX_JSON_BYTES, parse_json
from simulator.base.validation import Text, Validated, Whole, figure, text_up_to
from simulator.campaign.campaign import Campaign

SCHEMA_VERSION = 1
MAX_WHY = 2_000
"""Longest reason, characters."""


def _known_version(version: int) -> int:
    if version != SCHEMA_VERSION:
        allowed = f"{SCHEMA_VERSION}; a file of a later version needs a newer simulator"
        raise InvalidInput("out_of_range", field="", received=figure(version), allowed=allowed)
    return version


class ScenarioFile(Validated):
    """A ready-made campaign with its title, its author and the reason why it is interesting."""

    schema_version: Annotated[Whole, AfterValidator(_known_version)] = SCHEMA_VERSION
    title: Text = ""
    author: Text = ""
    why: Annotated[str, text_up_to(MAX_WHY)] = ""
    campaign: Campaign


def read_campaign(path: str | Path) -> Campaign:
    """Read the campaign of a scenario file, or a file with a campaign alone.

    Raises
    ------
    InvalidInput
        As ``read_scenario_file``.
    """
    return read_scenario_file(path).campaign


def read_scenario_file(path: str | Path) -> ScenarioFile:
    """Read a scenario file; a file with a campaign alone becomes one without a title.

    Raises
    ------
    InvalidInput
        ``file_not_found``, ``broken_json``, … or what is wrong in the campaign, with the entry and the file.
    """
    entries = read_json(path)
    name = shown(Path(path).name)
    if not isinstance(entries, dict):
        allowed = "an object with named entries"
        raise InvalidInput("wrong_type", field=name, received=shown(entries), allowed=allowed)
    try:
        if "campaign" not in entries and "targeting" in entries:
            return ScenarioFile(campaign=Campaign.from_dict(entries))
        return ScenarioFile.from_dict(entries)
    except InvalidInput as error:
        raise error.inside(name) from None


def read_json(path: str | Path) -> object:
    """Return the plain values of a file of JSON.

    Raises
    ------
    InvalidInput
        ``file_not_found``, ``broken_json``, ``too_large``, …
    """
    if not isinstance(path, (str, Path)) or not str(path):
        raise InvalidInput("wrong_type", field="FILE", received=shown(path), allowed="the path of a file")
    path = Path(path)
    return parse_json(_read(path), field=shown(path.name))


def _read(path: Path) -> bytes:
    received = shown(str(path))
    try:
        with path.open("rb") as file:
            # Never more than that, also from a device without an end.
            content = file.read(MAX_JSON_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InvalidInput(_reason(path, error), field="FILE", received=received) from None
    if len(content) > MAX_JSON_BYTES:
        allowed = f"at most {MAX_JSON_BYTES:,} bytes"
        raise InvalidInput("too_large", field=shown(path.name), received="a larger file", allowed=allowed)
    return content


def _reason(path: Path, error: Exception) -> str:
    """Say by a code why a file does not open; a name that no file can have is a file that is not there."""
    if isinstance(error, (IsADirectoryError, PermissionError)) and path.is_dir():  # Windows says the latter of folders
        return "is_a_folder"
    return "not_allowed" if isinstance(error, PermissionError) else "file_not_found"
