"""A calibration as JSON: plain values, checked on the way back, those of former versions too."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.json_text import MAX_JSON_BYTES, parse_json
from simulator.learning.aims import MOST_KEPT, Aim, Aims, Past
from simulator.learning.random_effects import BY_ACCOUNT, BY_MONTH, DRIFT, LEARNT, Layout
from simulator.learning.rows import Rows
from simulator.reference.places.place import Place

SCHEMA_VERSION = 3
READABLE = (1, 2, 3)
"""The first has click rates that are the same in all countries; both before the third were learnt by another
forecaster, and are to be learnt again."""
FIRST_SOUND = 3
MOST_LATENTS = 2000
MOST_BYTES = MAX_JSON_BYTES
"""Of a file."""


def to_dict(calibration: Any) -> dict[str, Any]:
    """Return plain values, ready for ``json.dumps``."""
    return {
        "schema_version": calibration.version,
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
        **({} if calibration.version < FIRST_SOUND else {"last_quarter": calibration.last_quarter}),
        **{
            name: past_to_dict(kept)
            for name, kept in (("past", calibration.past), ("typical", calibration.typical))
            if kept is not None
        },
    }


def to_json(calibration: Any) -> str:
    """Return JSON text."""
    return json.dumps(to_dict(calibration), ensure_ascii=False, allow_nan=False)


def parsed(text: str | bytes) -> Mapping[str, Any]:
    """Return the entries of JSON text, or ``broken_calibration`` where it holds no table."""
    entries = parse_json(text, field="calibration")
    if not isinstance(entries, Mapping):
        raise _broken(f"{type(entries).__name__} instead of a table")
    return entries


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
            "version": version,
            "last_quarter": _quarter(entries["last_quarter"]) if version >= FIRST_SOUND else None,
            **{name: past_from(entries[name]) if name in entries else None for name in ("past", "typical")},
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
    needed = set(LEARNT) - set(BY_MONTH) if entries["schema_version"] >= FIRST_SOUND else {"price_level", "ctr_link"}
    if len(set(names)) != len(names) or not needed <= {role for role, own in names if not own}:
        raise ValueError("roles")
    for role, own in names:
        if role == DRIFT:
            int(own)
    np.linalg.cholesky(covariance)
    pooling, between = float(entries["pooling"]), tuple(float(share) for share in entries["between_accounts"])
    clicks = 1.0 if entries["schema_version"] == 1 else float(entries["click_pooling"])
    by_country = {str(code): float(share) for code, share in entries["price_pooling"].items()}
    if len(between) != len(BY_ACCOUNT) or not all(
        0.0 <= share <= 1.0 for share in (pooling, clicks, *between, *by_country.values())
    ):
        raise ValueError("pooling")
    return Layout(names, pooling, by_country, between, clicks), mean, covariance


def _quarter(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not -10_000 < value < 10_000):
        raise ValueError("last_quarter")
    return value


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


NUMBERS = (
    "spend", "impressions", "reach", "link_clicks", "days", "audience", "audience_log_sd", "audience_common_log_sd",
)  # fmt: skip
TEXTS = ("country", "objective", "age_band", "platform", "account")
MARKS = ("is_told", "is_part")
CODES = ("index", "campaign")
AIM = ("age_min", "age_max", "gender", "platforms", "interests", "audience_size")


def past_to_dict(past: Past) -> dict[str, Any]:
    """Return plain values, ready for ``json.dumps``."""
    rows, aims = past
    return {
        **{name: [_number(value) for value in getattr(rows, name)] for name in NUMBERS},
        **{name: [str(value) for value in getattr(rows, name)] for name in TEXTS},
        **{name: [bool(value) for value in getattr(rows, name)] for name in MARKS},
        **{name: [int(value) for value in getattr(rows, name)] for name in CODES},
        "start": [None if np.isnat(day) else str(day) for day in rows.start],
        "aim": [int(code) for code in aims.of_row],
        "aims": [_aim_to_dict(aim) for aim in aims.all],
    }


def past_from(entries: Mapping[str, Any]) -> Past:
    """Rebuild rows; raises ValueError, TypeError or KeyError for what is none."""
    count = len(entries["spend"])
    columns: dict[str, NDArray[Any]] = {
        **{name: np.array([np.nan if v is None else float(v) for v in entries[name]]) for name in NUMBERS},
        **{name: np.array([str(value) for value in entries[name]], dtype=np.str_) for name in TEXTS},
        **{name: np.array([value is True for value in entries[name]], dtype=bool) for name in MARKS},
        **{name: np.array([int(value) for value in entries[name]], dtype=np.int64) for name in CODES},
        "start": np.array([np.datetime64("NaT" if v is None else v, "D") for v in entries["start"]], "datetime64[D]"),
    }
    of_row = np.array([int(code) for code in entries["aim"]], dtype=np.int64)
    aims = tuple(_aim_from(aim) for aim in entries["aims"])
    if {len(column) for column in columns.values()} | {len(of_row)} != {count} or not 0 < count <= MOST_KEPT:
        raise ValueError("past")
    if not aims or of_row.min() < 0 or of_row.max() >= len(aims):
        raise ValueError("aims")
    positive = ("spend", "impressions", "days", "audience")
    if not all((columns[name] > 0.0).all() and np.isfinite(columns[name]).all() for name in positive):
        raise ValueError("past")
    return Past(Rows(**columns, dropped=()), Aims(aims, of_row))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _aim_to_dict(aim: Aim) -> dict[str, Any]:
    told = {name: getattr(aim, name) for name in AIM}
    for name in ("places", "excluded_places"):
        found = getattr(aim, name)
        told[name] = None if found is None else [place.model_dump(mode="json") for place in found]
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in told.items()}
    return {**plain, "is_assumed": aim.is_assumed}


def _aim_from(entries: Mapping[str, Any]) -> Aim:
    places = entries["places"]
    found = None if places is None else tuple(Place.model_validate(place) for place in places)
    excluded = tuple(Place.model_validate(place) for place in entries["excluded_places"])
    told = {name: entries[name] for name in AIM}
    told = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    aim = Aim(places=found, excluded_places=excluded, is_assumed=entries["is_assumed"] is True, **told)
    aim.targeting("FR")  # refuses what no targeting may hold
    return aim
