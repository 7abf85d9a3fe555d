"""Where the inputs of scenarios or campaigns differ, entry by entry, in the names of the fields."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from simulator.base.errors import InvalidInput
from simulator.campaign.campaign import Campaign
from simulator.library.scenario import Scenario, canonical

MADE_OF = ("schema_version", "id", "figures", "model_version", "parameter_digest")
"""Entries that follow from others, or name the scenario itself."""


class InputDifference(NamedTuple):
    """One input: its name as a path of fields, and its value in each of those compared."""

    field: str
    values: tuple[Any, ...]


class VersionConflict(InvalidInput):
    """Somebody saved since: nothing was written, and both sides are at hand.

    ``error.data`` holds ``mine`` and ``theirs`` (scenarios; ``theirs`` is None where it was deleted), ``latest`` (the
    version to start from now) and ``changed`` (where they differ).
    """

    @property
    def mine(self) -> Scenario:
        """What was to be saved."""
        scenario: Scenario = self.data["mine"]
        return scenario

    @property
    def theirs(self) -> Scenario | None:
        """What stands in the store."""
        scenario: Scenario | None = self.data["theirs"]
        return scenario

    @property
    def latest(self) -> int:
        """Version of what stands in the store: pass it as ``base_version`` to save on top of it."""
        return int(self.data["allowed"])

    @property
    def changed(self) -> tuple[InputDifference, ...]:
        """Where the two differ: values in the order theirs, mine."""
        found: tuple[InputDifference, ...] = self.data["changed"]
        return found


def version_conflict(mine: Scenario, theirs: Scenario | None, base_version: int, latest: int) -> VersionConflict:
    """Return the error of a save that started from an old version."""
    changed = differences([entries_of(theirs), entries_of(mine)]) if theirs else ()
    said = ", ".join(difference.field for difference in changed[:5]) or ("nothing" if theirs else "it was deleted")
    return VersionConflict(
        "version_conflict",
        field="base_version",
        received=base_version,
        allowed=latest,
        differences=said,
        mine=mine,
        theirs=theirs,
        changed=changed,
    )


def entries_of(scenario: Scenario) -> dict[str, Any]:
    """Return every entry that a person wrote or chose, by path."""
    entries = {name: value for name, value in scenario.to_dict().items() if name not in MADE_OF}
    return flat({**entries, "calibration": _calibration(scenario)})


def inputs_of(subject: Campaign | Scenario) -> dict[str, Any]:
    """Return what a forecast depends on, by path; a budget a day and one in all are told in the same two entries."""
    campaign = subject if isinstance(subject, Campaign) else subject.campaign
    entries = campaign.to_dict()
    budget = {"daily_budget": campaign.spend_per_day, "total_budget": campaign.spend_planned}
    found = {**flat(entries), **budget}
    if isinstance(subject, Scenario):
        found.update(flat({"overrides": subject.to_dict()["overrides"]}))
        if subject.calibration is not None:
            found["calibration"] = _calibration(subject)
    return found


def _calibration(scenario: Scenario) -> str | None:
    """Return a calibration as what a person knows it by, and a fingerprint that tells two of one name apart."""
    if scenario.calibration is None:
        return None
    learnt = scenario.calibration
    digest = hashlib.sha256(canonical(learnt.to_dict()).encode()).hexdigest()[:8]
    return f"{learnt.name} ({learnt.created}, {learnt.rows}, {digest})"


def differences(entries: Sequence[Mapping[str, Any]]) -> tuple[InputDifference, ...]:
    """Return the entries whose values are not all the same; an absent one counts as None."""
    names = dict.fromkeys(name for one in entries for name in one)
    found = (InputDifference(name, tuple(one.get(name) for one in entries)) for name in names)
    return tuple(
        difference for difference in found if any(value != difference.values[0] for value in difference.values)
    )


def flat(entries: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested objects as one, keys joined by dots; lists stay whole."""
    found: dict[str, Any] = {}
    for name, value in entries.items():
        if isinstance(value, Mapping):
            found.update(flat(value, f"{prefix}{name}."))
        else:
            found[f"{prefix}{name}"] = value
    return found
