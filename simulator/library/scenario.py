"""Scenario files of earlier forms, brought to the present one step at a time."""

from __future__ import annotations

import dataclasses
import datetime
import json
import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator, model_validator

from simulator.base.errors import InvalidInput, ParameterError, shown
from simulator.base.frozen import FrozenMap, frozen, plain
from simulator.base.metrics import METRICS
from simulator.base.validation import Text, Validated, Whole, between, check_text, finite, list_up_to, text_up_to
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import Campaign, without_unsold_cap
from simulator.campaign.forecast import Band, Forecast
from simulator.channels.organic import Page
from simulator.forecasting.engine import DRAWS, Engine
from simulator.library.actual import Actual
from simulator.reference.parameters import Parameters, load_parameters

if TYPE_CHECKING:
    from simulator.learning import Calibration

SCHEMA_VERSION = 3
"""1: {schema_version, title, author, why, campaign}, as the ready-made files are. 2: everything of ``Scenario`` but
the page. 3: with the page that is kept beside the campaign."""

Entries = dict[str, Any]


def migrated(entries: Entries) -> Entries:
    """Return the entries in the present form; those without ``schema_version`` are in it, a ``why`` apart.

    Raises
    ------
    InvalidInput
        ``future_version``: written by a later version of the program.
    """
    version = entries.get("schema_version", 1 if "why" in entries else SCHEMA_VERSION)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        allowed = f"a whole number from 1 to {SCHEMA_VERSION}"
        raise InvalidInput("wrong_type", field="schema_version", received=shown(version), allowed=allowed)
    if version > SCHEMA_VERSION:
        raise InvalidInput("future_version", field="schema_version", received=version, allowed=SCHEMA_VERSION)
    for step in range(version, SCHEMA_VERSION):
        entries = MIGRATIONS[step](entries)
    return {**entries, "schema_version": SCHEMA_VERSION}


def _why_into_notes(entries: Entries) -> Entries:
    """1 to 2: what the campaign was for is the first of its notes."""
    why = entries.get("why", "")
    rest = {name: value for name, value in entries.items() if name != "why"}
    return {**rest, "notes": why} if "notes" not in rest and why != "" else rest


def _without_page(entries: Entries) -> Entries:
    """2 to 3: nothing was said of a page."""
    return entries


MIGRATIONS: dict[int, Callable[[Entries], Entries]] = {1: _why_into_notes, 2: _without_page}
"""From each earlier form to the next."""


MAX_OVERRIDES = 2_000
"""Parameters that one scenario may change; there are fewer."""
DATES = ("valid_from", "accessed")
MAX_DEPTH = 3
"""A change is a number or a table such as ``{value, range: {low, high}}``; its sources are one step deeper."""


def _overlay(value: object) -> FrozenMap[Any]:
    """Check the shape; whether keys and numbers fit the parameters is checked where they are used.

    So a scenario still opens after a parameter was renamed: only its forecast says what is wrong.
    """
    if not isinstance(value, Mapping):
        allowed = "an object: key of a parameter to a number or a table"
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed=allowed)
    if len(value) > MAX_OVERRIDES:
        raise InvalidInput("too_many", field="", received=len(value), allowed=f"at most {MAX_OVERRIDES}")
    for name, inner in value.items():
        _check_name(name)
        if not isinstance(inner, (int, float, Mapping)) or isinstance(inner, bool):
            allowed = "a number, or a table such as {value, range}"
            raise InvalidInput("wrong_type", field=shown(name), received=shown(inner), allowed=allowed)
        _check(shown(name), inner, MAX_DEPTH)
    return frozen(value)  # type: ignore[no-any-return]


def _check(field: str, value: object, depth: int) -> None:
    if isinstance(value, str):
        check_text(field, value)
    elif isinstance(value, (int, float)) and not math.isfinite(value):
        raise InvalidInput("not_a_number", field=field, received=shown(value), allowed="a finite one")
    elif value is None or isinstance(value, (bool, int, float, datetime.date)):
        return
    elif isinstance(value, (Mapping, list, tuple)) and depth > 0:
        for name, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            if isinstance(value, Mapping):
                _check_name(name)
            _check(f"{field}.{shown(name)}", inner, depth - 1)
    else:
        raise InvalidInput("wrong_type", field=field, received=shown(value), allowed="a number or a flat table")


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        raise InvalidInput("wrong_type", field=shown(name), received=shown(name), allowed="the key of a parameter")
    check_text(shown(name), name)


def _dated(value: Any, name: str = "") -> Any:
    """Turn the dates of a parameter's table back from text, as JSON has none; the loader says if one is wrong."""
    if isinstance(value, dict):
        return {inner_name: _dated(inner, inner_name) for inner_name, inner in value.items()}
    if isinstance(value, list):
        return [_dated(inner, name) for inner in value]
    if name in DATES and isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value
    return value


Overlay = Annotated[FrozenMap[Any], PlainValidator(_overlay), PlainSerializer(plain)]
"""Key of a parameter to a number or a table, as ``Parameters.replace`` takes them; frozen."""


def changed_parameters(overrides: Mapping[str, Any]) -> Parameters:
    """Return the shipped parameters with those that the user changed.

    Raises
    ------
    InvalidInput
        ``unknown_parameter`` or ``bad_parameter``, with the key.
    """
    try:
        return load_parameters(_dated(plain(overrides))) if overrides else load_parameters()
    except ParameterError as error:
        problem = InvalidInput(error.code, **error.data)
    raise problem


MAX_NOTES = 4_000
"""Longest notes, characters; a title or a name is bounded by ``MAX_TEXT``."""
MAX_TAG = 40
MAX_TAGS = 20
MAX_FIGURES = 100
MAX_SEED = 2**63 - 1
BAND = ("p10", "p50", "p90", "mean")


def _identifier(value: object) -> str:
    if isinstance(value, (str, uuid.UUID)):
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            pass
    allowed = "a UUID such as 6f1c2a0e-5c0b-4a8e-9d53-0f6a1b2c3d4e"
    raise InvalidInput("wrong_type", field="", received=shown(value), allowed=allowed)


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    for tag in tags:
        if not tag.strip():
            raise InvalidInput("missing", field="", allowed="a word")
        if tags.count(tag) > 1:
            raise InvalidInput("duplicate_choice", field="", received=shown(tag))
    return tags


def _figures(value: object) -> FrozenMap[Band]:
    if not isinstance(value, Mapping):
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed="an object: metric to band")
    if len(value) > MAX_FIGURES:
        raise InvalidInput("too_many", field="", received=len(value), allowed=f"at most {MAX_FIGURES}")
    return FrozenMap({_metric(name): _band(name, entries) for name, entries in value.items()})


def _metric(name: object) -> str:
    """A metric of another version of the program is kept, but no arbitrary text."""
    if not isinstance(name, str) or not name.isidentifier() or len(name) > MAX_TAG:
        raise InvalidInput("unknown_metric", field="", received=shown(name), allowed=", ".join(METRICS))
    return name


def _band(metric: str, entries: object) -> Band:
    if isinstance(entries, Band):
        entries = entries.to_dict()
    if not isinstance(entries, Mapping) or set(entries) - set(BAND):
        raise InvalidInput("wrong_type", field=metric, received=shown(entries), allowed=", ".join(BAND))
    return Band(*(_end(f"{metric}.{name}", entries.get(name)) for name in BAND))


def _end(field: str, value: object) -> float:
    if value is None:
        raise InvalidInput("missing", field=field, allowed="a number")
    return finite(value, field)


def _calibration(value: object) -> Calibration | None:
    if value is None:
        return None
    from simulator.learning import Calibration  # an optimiser comes with it, which few scenarios need

    if not isinstance(value, (Calibration, Mapping)):
        raise InvalidInput("wrong_type", field="", received=shown(value), allowed="a Calibration")
    try:
        found = value if isinstance(value, Calibration) else Calibration.from_dict(value)
    except InvalidInput as error:
        raise InvalidInput(error.code, **{**error.data, "field": ""}) from None
    # Which rows of the export were left out is told where it was read; a scenario need not carry it about.
    return dataclasses.replace(found, dropped=())


def _calibration_as_dict(calibration: Calibration | None) -> dict[str, Any] | None:
    return None if calibration is None else calibration.to_dict()


def _figures_as_dict(figures: Mapping[str, Band]) -> dict[str, dict[str, float]]:
    return {name: band.to_dict() for name, band in figures.items()}


Identifier = Annotated[str, BeforeValidator(_identifier)]
Tag = Annotated[str, text_up_to(MAX_TAG)]
if TYPE_CHECKING:
    Learnt = Calibration | None
else:
    Learnt = Annotated[Any, PlainValidator(_calibration), PlainSerializer(_calibration_as_dict)]
Figures = Annotated[FrozenMap[Band], PlainValidator(_figures), PlainSerializer(_figures_as_dict)]


class Scenario(Validated, kw_only=True):
    """A campaign as somebody keeps it. Frozen; every save of a changed one is a new version in the store.

    Attributes
    ----------
    id : str
        UUID drawn when the scenario is made, or read from a file without one; survives save, load and export.
    title, client, author, notes, tags
        Free text, for people; no figure depends on it.
    overrides : mapping
        Parameters changed by the user, as ``Parameters.replace`` takes them.
    calibration : Calibration, optional
        What past campaigns have taught; carried whole, so that the scenario gives the same forecast elsewhere.
    seed : int
    model_version, parameter_digest : str
        Of the model and the parameters the scenario was made with; drawn up at birth, then kept.
    figures : mapping of str to Band
        What was announced: the bands when it was saved. Empty until ``with_figures``.
    actual : Actual, optional
        What the campaign really did.
    page : Page, optional
        The page kept for free beside it; no figure of the campaign depends on it. What is known of the business
        (basket, conversion, …) stands in ``overrides``: see ``Business.overrides``.
    left_out : tuple of str
        Entries of the campaign that are no longer sold and were left out when it was opened; not kept.
    """

    schema_version: Whole = SCHEMA_VERSION
    id: Identifier = Field(default_factory=lambda: str(uuid.uuid4()))
    title: Text = ""
    client: Text = ""
    author: Text = ""
    notes: Annotated[str, text_up_to(MAX_NOTES)] = ""
    tags: Annotated[Sequence[Tag], list_up_to(MAX_TAGS), AfterValidator(_tags)] = ()
    campaign: Campaign
    overrides: Overlay = FrozenMap({})
    calibration: Learnt = None
    seed: Annotated[Whole, between(0, MAX_SEED)] = 0
    model_version: Text = MODEL_VERSION
    parameter_digest: Text = ""
    figures: Figures = FrozenMap({})
    actual: Actual | None = None
    page: Page | None = None
    left_out: Annotated[Sequence[Text], Field(exclude=True)] = ()

    def parameters(self) -> Parameters:
        """Return today's parameters with the overrides of this scenario.

        Raises
        ------
        InvalidInput
            ``unknown_parameter`` or ``bad_parameter``, for one that no longer exists.
        """
        return changed_parameters(self.overrides)

    def forecast(self, *, draws: int | None = None) -> Forecast:
        """Simulate the campaign with the scenario's own parameters, calibration and seed, by today's model."""
        return Engine(self.parameters(), self.calibration, self.seed, draws or DRAWS).forecast(self.campaign)

    def with_figures(self, forecast: Forecast | None = None) -> Self:
        """Return the scenario with the bands of ``forecast`` (simulated where absent) as what was announced."""
        forecast = forecast or self.forecast()
        return self.replace(
            figures={name: forecast.band(name) for name in METRICS},
            seed=forecast.seed,
            model_version=forecast.model_version,
            parameter_digest=forecast.parameter_digest,
        )

    def copy_as_new(self, **changes: Any) -> Self:
        """Return a copy with an id of its own: a duplicate, or a template taken up; without an actual result."""
        return self.replace(**{"actual": None, **changes, "id": str(uuid.uuid4())})

    def body(self) -> str:
        """Return the JSON text that the store keeps: one line, entries in alphabetical order."""
        return canonical(self.to_dict())

    def __eq__(self, other: object) -> bool:
        # By content: a calibration holds arrays, which have no single answer to ==.
        return isinstance(other, Scenario) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(self.id)

    @model_validator(mode="before")
    @classmethod
    def _of_any_version(cls, entries: Any) -> Any:
        if not isinstance(entries, Mapping):
            return entries
        found = migrated(dict(entries))
        campaign, left_out = without_unsold_cap(found.get("campaign"))
        return {**found, "campaign": campaign, "left_out": left_out} if left_out else found

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.actual is not None and self.actual.currency not in ("", self.campaign.currency):
            received, allowed = self.actual.currency, self.campaign.currency
            raise InvalidInput("other_currency", field="actual.currency", received=shown(received), allowed=allowed)
        if not self.parameter_digest:
            # Only a new scenario comes here: an old one is never refused for a parameter that has gone since.
            object.__setattr__(self, "parameter_digest", self.parameters().digest)
        return self


def canonical(entries: object) -> str:
    """Return plain values as one line of JSON that is the same for the same content."""
    return json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
