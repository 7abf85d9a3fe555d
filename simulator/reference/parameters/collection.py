"""All parameters together: frozen, looked up by key, changed only into a new collection."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from simulator.base.errors import InvalidInput, ParameterError, shown
from simulator.base.validation import finite, instance_of, nearest, one_of
from simulator.reference.parameters.entry import (
    OWN_CLICK_RATE,
    OWN_CPM,
    Parameter,
    change_of,
    from_scale,
    to_scale,
    unset,
)
from simulator.reference.parameters.loader import COMMON, MARKS, Where, build, read_parameters, read_tables

Override = float | Mapping[str, Any]
MAX_DEPTH = 12
"""Tables within tables of an overlay; the longest key has five parts."""


class Parameters(Mapping[str, Parameter]):
    """Frozen collection: ``parameters["delivery.activity_shape"]`` is a ``Parameter``."""

    def __init__(self, entries: Mapping[str, Parameter]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: str) -> Parameter:
        try:
            return self._entries[key]
        except KeyError:
            raise unknown(key, self._entries) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parameters) and self._entries == other._entries

    def __hash__(self) -> int:
        return hash(self.digest)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the parameter, or ``default`` where there is none."""
        return self._entries.get(key, default)

    def value(self, key: str) -> float:
        """Return the number alone, in the parameter's unit."""
        return self[key].value

    def keys(self, prefix: str = "") -> tuple[str, ...]:  # type: ignore[override]
        """Return the keys under ``prefix`` (whole parts: ``prices.month`` gives ``prices.month.1`` …)."""
        if not prefix:
            return tuple(self._entries)
        start = prefix.rstrip(".") + "."
        return tuple(key for key in self._entries if key.startswith(start) or key == prefix)

    def table(self, key: str) -> dict[str, float]:
        """Return the values under ``key`` by their label: ``table("prices.month")["12"]``."""
        start = key.rstrip(".") + "."
        found = {name[len(start) :]: entry.value for name, entry in self._entries.items() if name.startswith(start)}
        if not found:
            raise unknown(key, self._entries)
        return found

    def to_recheck(self, day: datetime.date) -> tuple[Parameter, ...]:
        """Return the rules whose day to be looked at again has passed, one for each table."""
        due = (entry for entry in self._entries.values() if entry.recheck_by is not None and entry.recheck_by < day)
        return tuple({entry.table or entry.key: entry for entry in due}.values())

    def replace(self, changes: Mapping[str, Override]) -> Parameters:
        """Return a collection with some parameters changed.

        Parameters
        ----------
        changes : mapping
            Key to a number (the range moves along, as wide as before on its own scale), or to a table
            with any of the entries of a parameter file (``value``, ``range``, ``origin``, …).

        Raises
        ------
        ParameterError
            ``unknown_parameter`` or ``bad_parameter``.
        """
        entries = dict(self._entries)
        for key, change in changes.items():
            if key in (OWN_CPM, OWN_CLICK_RATE):
                entries.setdefault(key, unset(key, self))
            if key not in entries:
                raise unknown(key, entries)
            entries[key] = _changed(entries[key], change)
        return Parameters(entries)

    def with_price(self, *, cpm: float, currency: str, spread: float | None = None) -> Parameters:
        """Return a collection in which the account's own CPM takes the place of the published price level.

        A campaign then pays ``cpm`` at its own budget, whatever its place, ages, month and goal, and whatever a
        calibration has learnt of prices; other budgets of a curve or a plan are priced around it.

        Parameters
        ----------
        cpm : float
            Money per 1,000 impressions, in ``currency``, 0.01 to 1,000 in euro value.
        currency : str
            Three letters such as ``CAD``.
        spread : float, optional
            80 % of the belief lies between ``cpm / spread`` and ``cpm * spread``: 1 (no doubt) to 10. Where absent,
            what differs from one campaign of an account to the next (``delivery.model_error``).

        Raises
        ------
        InvalidInput
            ``unknown_currency``, ``out_of_range`` or ``not_a_number``.

        Examples
        --------
        >>> from simulator import load_parameters
        >>> own = load_parameters().with_price(cpm=9, currency="EUR", spread=1.2)["own.cpm"]
        >>> own.value, own.unit, own.low
        (9.0, 'EUR per 1,000 impressions', 7.5)
        """
        one_of("currency", currency, (key.rpartition(".")[2] for key in self.keys("exchange_rates.units_per_euro")))
        rate = self.value(f"exchange_rates.units_per_euro.{currency}")
        said = f"Set by the user: {shown(cpm)} {currency} per 1,000 impressions."
        return self.replace({OWN_CPM: change_of(OWN_CPM, "cpm", cpm, spread, said, currency, rate)})

    def with_click_rate(self, rate: float, spread: float | None = None) -> Parameters:
        """Return a collection in which the account's own rate of link clicks takes the place of the published ones.

        A campaign then has so many link clicks per impression at its own budget, whatever its trade, ages and goal.

        Parameters
        ----------
        rate : float
            Link clicks per impression, a fraction: 0.02 is 2 %. From 0.0001 to 0.5.
        spread : float, optional
            As in ``with_price``; where absent, what differs from one advertisement to the next
            (``response.creative_spread``).

        Raises
        ------
        InvalidInput
            ``out_of_range`` (150 %, or 2 for 2 %) or ``not_a_number``.

        Examples
        --------
        >>> from simulator import load_parameters
        >>> load_parameters().with_click_rate(0.02)["own.click_rate"].value
        0.02
        """
        said = f"Set by the user: {shown(rate)} link clicks per impression."
        return self.replace({OWN_CLICK_RATE: change_of(OWN_CLICK_RATE, "rate", rate, spread, said)})

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change with any value or range."""
        lines = sorted(
            f"{entry.key} {entry.family} {entry.value!r} {entry.low!r} {entry.high!r} {entry.level!r}"
            for entry in self._entries.values()
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def load_parameters(*overlays: Mapping[str, Any] | str | Path) -> Parameters:
    """Return the shipped parameters, changed by ``overlays`` in their order.

    Parameters
    ----------
    overlays : mapping or path of a TOML file
        Keys in full (``"prices.cpm.FR"``) or nested (``[prices.cpm.FR]``); see ``Parameters.replace``.

    Raises
    ------
    ParameterError
        Names file and key.
    InvalidInput
        ``wrong_type`` for what is neither a mapping nor a path.
    """
    parameters = _shipped()
    for place, overlay in enumerate(overlays):
        parameters = parameters.replace(_flat(_read(overlay, f"overlays.{place}"), ""))
    return parameters


def given_or_shipped(parameters: Parameters | None, field: str = "parameters") -> Parameters:
    """Return the parameters given, the shipped ones for None; nothing else is taken for either.

    Raises
    ------
    InvalidInput
        ``wrong_type``.
    """
    if parameters is None:
        return _shipped()
    instance_of(field, parameters, Parameters)
    return parameters


def unknown(key: object, known: Mapping[str, object]) -> ParameterError:
    """Return the error for a key that is not there, with the nearest ones."""
    near = nearest(str(key), known) or sorted({name.split(".")[0] + ".…" for name in known})
    return ParameterError("unknown_parameter", field="parameters", received=shown(key), allowed=", ".join(near))


@lru_cache(maxsize=1)
def _shipped() -> Parameters:
    files = sorted(resources.files(__package__).iterdir(), key=lambda path: path.name)
    entries: dict[str, Parameter] = {}
    for path in files:
        if path.name.endswith(".toml"):
            entries.update((parameter.key, parameter) for parameter in read_parameters(path))
    return Parameters(entries)


def _read(overlay: object, field: str) -> Mapping[str, Any]:
    if isinstance(overlay, Mapping):
        return overlay
    if not isinstance(overlay, (str, Path)):
        allowed = "a mapping of key = number, or the path of a TOML file"
        raise InvalidInput("wrong_type", field=field, received=shown(overlay), allowed=allowed)
    return read_tables(Path(overlay))


def _flat(tables: Mapping[str, Any], prefix: str, depth: int = 0) -> dict[str, Override]:
    """Turn nested tables into full keys; a table of ``values`` becomes one change per label."""
    if depth > MAX_DEPTH:
        allowed = f"at most {MAX_DEPTH} levels"
        raise Where("override").error("tables within tables", allowed, "Remove the inner ones.")
    changes: dict[str, Override] = {}
    for name, inner in tables.items():
        key = f"{prefix}{name}"
        if not isinstance(inner, Mapping):
            changes[key] = inner
        elif "values" in inner and isinstance(inner["values"], Mapping):
            rest = {entry: value for entry, value in inner.items() if entry != "values"}
            for label, value in inner["values"].items():
                changes[f"{key}.{label}"] = {**rest, "value": value} if rest else value
        elif MARKS & inner.keys():
            changes[key] = inner
        elif inner:
            changes.update(_flat(inner, f"{key}.", depth + 1))
        else:
            raise Where("override", key).error("the table is empty", "a number, or a table with some", "Fill it.")
    return changes


def _changed(parameter: Parameter, change: Override) -> Parameter:
    """Return ``parameter`` with ``change`` applied and validated like an entry of a file."""
    where = Where("override", parameter.key)
    entries: dict[str, Any] = {name: getattr(parameter, name) for name in COMMON if getattr(parameter, name)}
    if not isinstance(change, Mapping):
        entries.update(value=change, origin="assumption", reason=_typed(parameter))
        entries.pop("currency_assumed", None)  # who types a price has read the currency beside the field
    else:
        if "value" in change and "origin" not in change:
            entries.update(origin="assumption", reason=_typed(parameter))
        entries.update(change)
    entries.setdefault("value", parameter.value)
    entries["range"] = _moved(parameter, entries["value"], entries.get("range"))
    (built,) = build(parameter.key, entries, where, {})
    return replace(built, table=parameter.table)


def _typed(parameter: Parameter) -> str:
    return f"Set by the user in place of {parameter.value:g} {parameter.unit}."


def _moved(parameter: Parameter, value: object, given: object) -> dict[str, Any]:
    """Return the range: the one given, or the former one moved with the value at the same width."""
    former: dict[str, Any] = {"family": parameter.family}
    if parameter.family != "fixed":
        former.update(low=parameter.low, high=parameter.high, level=parameter.level)
        try:
            step = to_scale(parameter.family, finite(value)) - to_scale(parameter.family, parameter.value)
            for name in ("low", "high"):
                former[name] = from_scale(parameter.family, to_scale(parameter.family, former[name]) + step)
        except (ValueError, ZeroDivisionError, OverflowError):
            pass  # a value that the family cannot hold: the check of the entry names it
    if given is None:
        return former
    if not isinstance(given, Mapping):
        return given  # type: ignore[return-value]  # refused by the check of the entry
    return dict(given) if "family" in given else {**former, **given}
