"""A calibration as plain values, JSON text or a file, and back."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.calibration.latents import BY_ACCOUNT, BY_MONTH, LEARNT, Layout
from simulator.errors import InvalidInput, shown
from simulator.json_text import parse_json

if TYPE_CHECKING:
    from simulator.calibration.learnt import Calibration

SCHEMA_VERSION = 2
READABLE = (1, 2)
"""The first has click rates that are the same in all countries."""
MOST_LATENTS = 2000
MOST_BYTES = 2_000_000
"""As the reader of JSON has it."""


def to_dict(calibration: Calibration) -> dict[str, Any]:
    """Return plain values, ready for ``json.dumps``."""
    return {
        "schema_version": SCHEMA_VERSION,
        "name": calibration.name,
        "created": calibration.created.isoformat(),
        "file_hash": calibration.file_hash,
        "parameter_digest": calibration.parameter_digest,
        "rows": calibration.rows,
        "dropped": [dict(entry) for entry in calibration.dropped],
        "reason": calibration.reason,
        "countries": dict(calibration.countries),
        "objectives": dict(calibration.objectives),
        "accounts": dict(calibration.accounts),
        "levels": {code: list(level) for code, level in calibration.levels.items()},
        "pooling": calibration.layout.pooling,
        "price_pooling": dict(calibration.layout.price_pooling),
        "between_accounts": list(calibration.layout.between_accounts),
        "click_pooling": calibration.layout.click_pooling,
        "latents": [list(name) for name in calibration.layout.names],
        "mean": calibration.mean.tolist(),
        "covariance": [row[: place + 1].tolist() for place, row in enumerate(calibration.covariance)],
        "scatter": dict(calibration.scatter),
    }


def to_json(calibration: Calibration) -> str:
    """Return JSON text."""
    return json.dumps(to_dict(calibration), ensure_ascii=False, allow_nan=False)


def parsed(text: str | bytes) -> Mapping[str, Any]:
    """Return the entries of JSON text, or ``broken_calibration`` where it holds no table."""
    entries = parse_json(text, field="calibration")
    if not isinstance(entries, Mapping):
        raise _broken(f"{type(entries).__name__} instead of a table")
    return entries


def write(calibration: Calibration, path: str | os.PathLike[str]) -> None:
    """Write to a file: whole, or not at all."""
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(to_json(calibration), encoding="utf-8")
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InvalidInput(
            "cannot_write", field="calibration", received=shown(str(target)), reason=error.strerror or "refused"
        ) from None


def read(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a file."""
    source = Path(path)
    try:
        if source.stat().st_size > MOST_BYTES:
            raise InvalidInput(
                "too_large", field="calibration", received=shown(str(path)), allowed=f"{MOST_BYTES:,} bytes"
            )
        return source.read_bytes()
    except FileNotFoundError:
        raise InvalidInput("file_not_found", field="calibration", received=shown(str(path))) from None
    except IsADirectoryError:
        raise InvalidInput("is_a_folder", field="calibration", received=shown(str(path))) from None
    except PermissionError:
        raise InvalidInput("not_allowed", field="calibration", received=shown(str(path))) from None


def arguments(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of ``Calibration`` from plain values, checked.

    Raises
    ------
    InvalidInput
        ``broken_calibration`` when entries are missing or of the wrong shape, ``future_version``.
    """
    try:
        version = entries["schema_version"]
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise InvalidInput(
                "future_version", field="calibration", received=f"version {version}", allowed=SCHEMA_VERSION
            )
        layout, mean, covariance = _posterior(entries)
        return {
            "layout": layout,
            "mean": mean,
            "covariance": covariance,
            "scatter": {str(kind): _factor(factor) for kind, factor in entries["scatter"].items()},
            "rows": int(entries["rows"]),
            "dropped": tuple(dict(entry) for entry in entries["dropped"]),
            "reason": str(entries["reason"]),
            "created": datetime.date.fromisoformat(entries["created"]),
            "parameter_digest": str(entries["parameter_digest"]),
            **{
                name: {str(context): int(count) for context, count in entries[name].items()}
                for name in ("countries", "objectives", "accounts")
            },
            "levels": {str(code): (_finite(a), _factor(b)) for code, (a, b) in entries["levels"].items()},
            "name": str(entries["name"]),
            "file_hash": str(entries["file_hash"]),
        }
    except InvalidInput:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, np.linalg.LinAlgError) as error:
        raise _broken(str(error)) from None


def _posterior(entries: Mapping[str, Any]) -> tuple[Layout, NDArray[np.float64], NDArray[np.float64]]:
    names = tuple((str(role), str(context)) for role, context in entries["latents"])
    mean = np.array(entries["mean"], dtype=np.float64)
    lower = np.zeros((len(names), len(names)))
    for place, row in enumerate(entries["covariance"]):
        lower[place, : place + 1] = np.array(row, dtype=np.float64)
    covariance = lower + np.tril(lower, -1).T
    if entries["schema_version"] not in READABLE or not 0 < len(names) <= MOST_LATENTS:
        raise ValueError("schema_version or latents")
    if mean.shape != (len(names),) or len(entries["covariance"]) != len(names):
        raise ValueError("shapes")
    if not (np.isfinite(mean).all() and np.isfinite(covariance).all()):
        raise ValueError("numbers")
    if len(set(names)) != len(names) or not set(LEARNT) - set(BY_MONTH) <= {role for role, own in names if not own}:
        raise ValueError("roles")
    np.linalg.cholesky(covariance)
    pooling, between = float(entries["pooling"]), tuple(float(share) for share in entries["between_accounts"])
    clicks = 1.0 if entries["schema_version"] == 1 else float(entries["click_pooling"])
    by_country = {str(code): float(share) for code, share in entries["price_pooling"].items()}
    if len(between) != len(BY_ACCOUNT) or not all(
        0.0 <= share <= 1.0 for share in (pooling, clicks, *between, *by_country.values())
    ):
        raise ValueError("pooling")
    return Layout(names, pooling, by_country, between, clicks), mean, covariance


def _finite(value: Any) -> float:
    number = float(value)
    if not np.isfinite(number):
        raise ValueError("numbers")
    return number


def _factor(value: Any) -> float:
    number = _finite(value)
    if number <= 0.0:
        raise ValueError("factors")
    return number


def _broken(received: str) -> InvalidInput:
    return InvalidInput("broken_calibration", field="calibration", received=shown(received))
