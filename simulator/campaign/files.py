"""A campaign in a file: ``{schema_version, title, author, why, campaign: {…}}``, or the campaign alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import path_of, read_json
from simulator.base.validation import Text, Validated, Whole, figure, text_up_to
from simulator.campaign.campaign import Campaign, without_unsold_cap

SCHEMA_VERSION = 1
MAX_WHY = 2_000
"""Longest reason, characters."""


def _known_version(version: int) -> int:
    if version != SCHEMA_VERSION:
        allowed = f"{SCHEMA_VERSION}; a file of a later version needs a newer simulator"
        raise InvalidInput("out_of_range", field="", received=figure(version), allowed=allowed)
    return version


class ScenarioFile(Validated, kw_only=True):
    """A ready-made campaign with its title, its author and the reason why it is interesting."""

    schema_version: Annotated[Whole, AfterValidator(_known_version)] = SCHEMA_VERSION
    title: Text = ""
    author: Text = ""
    why: Annotated[str, text_up_to(MAX_WHY)] = ""
    campaign: Campaign
    left_out: Annotated[Sequence[Text], Field(exclude=True)] = ()
    """Entries of the campaign that were once sold, no longer are, and were left out when the file was opened."""

    @model_validator(mode="before")
    @classmethod
    def _still_sold(cls, entries: Any) -> Any:
        if not isinstance(entries, Mapping) or "campaign" not in entries:
            return entries
        campaign, left_out = without_unsold_cap(entries["campaign"])
        return {**entries, "campaign": campaign, **({"left_out": left_out} if left_out else {})}


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
    name = shown(path_of(path).name)
    if not isinstance(entries, dict):
        allowed = "an object with named entries"
        raise InvalidInput("wrong_type", field=name, received=shown(entries), allowed=allowed)
    try:
        if "campaign" not in entries and "targeting" in entries:
            campaign, left_out = without_unsold_cap(entries)
            return ScenarioFile(campaign=Campaign.from_dict(campaign), left_out=left_out)
        return ScenarioFile.from_dict(entries)
    except InvalidInput as error:
        raise error.inside(name) from None
