"""A campaign in a file: ``{schema_version, title, author, why, campaign: {…}}``, or the campaign alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simulator.campaign import Campaign
from simulator.errors import InvalidInput, shown
from simulator.validated import MAX_JSON_BYTES, Text, Validated, Whole, in_range, parse_json

SCHEMA_VERSION = 1


class ScenarioFile(Validated):
    """A ready-made campaign with its title, its author and the reason why it is interesting."""

    schema_version: Whole = SCHEMA_VERSION
    title: Text = ""
    author: Text = ""
    why: Text = ""
    campaign: Campaign

    def model_post_init(self, context: Any) -> None:
        """Refuse files of a later version."""
        in_range("schema_version", self.schema_version, 1, SCHEMA_VERSION)


def read_campaign(path: str | Path) -> Campaign:
    """Read the campaign of a scenario file, or a file with a campaign alone.

    Raises
    ------
    InvalidInput
        With the file and the entry.
    """
    return read_scenario_file(path).campaign


def read_scenario_file(path: str | Path) -> ScenarioFile:
    """Read a scenario file; a file with a campaign alone becomes one without a title.

    Raises
    ------
    InvalidInput
        ``file_not_found``, ``broken_json``, … or what is wrong in the campaign.
    """
    path = Path(path)
    entries = parse_json(_read(path), field=shown(path.name))
    if isinstance(entries, dict) and "campaign" not in entries and "targeting" in entries:
        return ScenarioFile(campaign=Campaign.from_dict(entries))
    return ScenarioFile.from_dict(entries)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_JSON_BYTES:
            allowed = f"at most {MAX_JSON_BYTES:,} bytes"
            raise InvalidInput("too_large", field=shown(path.name), received="a larger file", allowed=allowed)
        return path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise InvalidInput("file_not_found", field="FILE", received=shown(str(path))) from None
    except (OSError, ValueError) as error:
        raise InvalidInput("unreadable_file", field="FILE", received=shown(f"{path}: {error}")) from None
