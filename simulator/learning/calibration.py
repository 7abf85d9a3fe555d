"""A calibration: what an account's campaigns have taught, ready to move the draws of any forecast."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import read_file, write_file
from simulator.base.json_text import MAX_JSON_BYTES, parse_json
from simulator.learning.impute import WORLD, level_of
from simulator.learning.random_effects import BY_ACCOUNT, BY_COUNTRY, BY_MONTH, CLICKS, LEARNT, Context, Layout

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

    from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]

SCATTER_ROLES = {"price": "model_error", "clicks": "creative"}
"""Role whose spread each kind of observation teaches."""
LEVEL = 0.8
EDGE = 1e-9


@dataclass(frozen=True, eq=False)
class Calibration:
    """The posterior over the model's scores after some campaigns.

    Attributes
    ----------
    layout : Layout
        Which role and context each latent score belongs to.
    mean : ndarray (latent,)
    covariance : ndarray (latent, latent)
    scatter : mapping of str to float
        Factor on the shipped scatter of prices, reach and clicks.
    rows, dropped : int, tuple of dict
        Rows used; rows left out or repaired, with the reason.
    reason : str
        Why nothing was learnt, if so.
    created : date
    parameter_digest : str
        Of the prior.
    countries, objectives, accounts : mapping of str to int
        Rows by context; accounts is empty for a table of one.
    levels : mapping of str to (float, float)
        Where rows do not tell their country: middle and spread of every country's log price, EUR.
    name, file_hash : str
        Given by the user; of the export read.
    """

    layout: Layout
    mean: Array = field(repr=False)
    covariance: Array = field(repr=False)
    scatter: Mapping[str, float]
    rows: int
    dropped: tuple[Mapping[str, Any], ...] = field(repr=False)
    reason: str
    created: datetime.date
    parameter_digest: str
    countries: Mapping[str, int]
    objectives: Mapping[str, int]
    accounts: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, tuple[float, float]] = field(default_factory=dict, repr=False)
    name: str = ""
    file_hash: str = ""

    def __post_init__(self) -> None:
        for name in ("mean", "covariance"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @cached_property
    def digest(self) -> str:
        """What tells one calibration from another, by all that was learnt: 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def moved(
        self, points: Array, roles: Sequence[str], country: str, objective: str, month: int | None = None
    ) -> Array:
        """Return the uniform points (draw, role) of a forecast, moved from the prior to the posterior.

        The draws keep their order and their pairing; with no campaign they are what they were.

        Parameters
        ----------
        month : int, optional
            1 to 12, in the middle of the campaign; its own deviation from the seasonal index is then known.
        """
        scores = ndtri(points)
        learnt = [role for role in LEARNT if role in roles]
        columns = [list(roles).index(role) for role in learnt]
        mean, root = self.effective(learnt, Context(country, objective, "" if month is None else str(month)))
        scores[:, columns] = mean + scores[:, columns] @ root.T
        for kind, role in SCATTER_ROLES.items():
            scores[:, list(roles).index(role)] *= self.scatter.get(kind, 1.0)
        return np.asarray(np.clip(ndtr(scores), EDGE, 1.0 - EDGE))

    def effective(self, roles: Sequence[str], context: Context) -> tuple[Array, Array]:
        """Return mean (role,) and Cholesky root (role, role) of the scores of roles in a context."""
        mean, covariance = self._scores(roles, context)
        return mean, np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)

    def score(self, role: str, country: str = "", objective: str = "", month: str = "") -> tuple[float, float]:
        """Return mean and standard deviation of a role's score in a context; (0, 1) before any campaign."""
        mean, covariance = self._scores([role], Context(country, objective, month))
        return float(mean[0]), float(np.sqrt(covariance[0, 0]))

    def before_after(self, parameters: Parameters) -> pd.DataFrame:
        """Return one row a parameter that the campaigns speak about: before and after, low, middle, high.

        Prices in EUR for 1,000 impressions; ``learnt`` is the share of the variance that is gone.
        """
        import pandas as pd

        rows = []
        half = float(ndtri(0.5 + LEVEL / 2))
        steps = np.array([-half, 0.0, half])
        names = ("low", "middle", "high")
        for role, context, key in self._keys(parameters):
            where = {"country": context} if role in BY_COUNTRY else {"objective": context}
            if role == CLICKS:
                where["country"] = self._main_country(context)
            mean, deviation = self.score(role, **where)
            before = _figures(role, key, steps, parameters)
            after = _figures(role, key, mean + deviation * steps, parameters)
            rows.append(
                {"parameter": key, "role": role, "context": context}
                | {f"before_{name}": value for name, value in zip(names, before, strict=True)}
                | {f"after_{name}": value for name, value in zip(names, after, strict=True)}
                | {"learnt": 1.0 - deviation**2}
            )
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        return to_dict(self)

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Self:
        """Rebuild a calibration from ``to_dict``.

        Raises
        ------
        InvalidInput
            ``broken_calibration`` when entries are missing or of the wrong shape, ``future_version``.
        """
        return cls(**arguments(entries))

    def to_json(self) -> str:
        """Return the calibration as JSON text."""
        return to_json(self)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Rebuild a calibration from JSON text; raises as ``from_dict``."""
        return cls.from_dict(parsed(text))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the calibration to a file of its own; the shipped parameters stay as they are.

        Raises
        ------
        InvalidInput
            ``disk_full``, ``read_only`` or ``cannot_write``, and what stood at ``path`` is untouched; ``unprintable``.
        """
        try:
            content = self.to_json().encode()
        except UnicodeEncodeError:  # half a letter, which JSON can spell and no file can hold
            raise InvalidInput("unprintable", field="calibration", received=shown(self.name)) from None
        write_file(path, content, field="calibration")

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Read a calibration from a file; raises as ``from_dict`` and ``base.files.read_file``."""
        return cls.from_json(read_file(path, MOST_BYTES, field="calibration"))

    def _scores(self, roles: Sequence[str], context: Context) -> tuple[Array, Array]:
        """Return mean (role,) and covariance (role, role) of the scores of roles in a context."""
        place = self._place_of_untold(context.country)
        mean, covariance, offset, ratio = self.mean, self.covariance, 0.0, 1.0
        if place is not None:
            context = replace(context, country=WORLD)
            level, rest = self.layout.weights(BY_COUNTRY[0], context)
            offset, ratio = place
            mean, covariance = _with_prior(mean, covariance, level, offset, ratio**2 * (1.0 - rest), 1.0 - rest)
        rows, rests = zip(*(self.layout.weights(role, context) for role in roles), strict=True)
        is_price = np.array([role in BY_COUNTRY for role in roles])
        stretch = np.where(is_price, 1.0 / ratio, 1.0)
        matrix = np.stack(rows) * stretch[:, None]
        return (
            matrix @ mean - offset * stretch * is_price,
            matrix @ covariance @ matrix.T + np.diag(rests),
        )

    def _main_country(self, objective: str) -> str:
        """Return the country with most rows among those in which a goal was tried."""
        known = [code for code in self.countries if (CLICKS, f"{objective} in {code}") in self.layout.places]
        return max(known, key=lambda code: self.countries[code], default="")

    def _place_of_untold(self, country: str) -> tuple[float, float] | None:
        """Return middle and spread of a country's price relative to the world's, as scores of the latter.

        For a forecast in a country that no row names, while rows name none: they are taken to have run there.
        """
        if country in self.countries or country not in self.levels or WORLD not in self.countries:
            return None
        (here, spread), (there, wide) = self.levels[country], self.levels[WORLD]
        return (here - there) / wide, spread / wide

    def _keys(self, parameters: Parameters) -> list[tuple[str, str, str]]:
        """Return (role, context, parameter) for what the campaigns speak about."""
        found = [("price_level", code, f"prices.cpm.{code}") for code in self.countries]
        for goal in self.objectives:
            found += [
                ("price_objective", goal, f"prices.objective.{goal}"),
                ("persistence", goal, f"delivery.persistence.{goal}"),
                ("slots_per_day", goal, f"delivery.slots_per_day.{goal}"),
                ("price_dispersion", goal, f"delivery.price_dispersion.{goal}"),
                ("ctr_link", goal, f"response.ctr_link.{goal}"),
            ]
        found += [
            ("price_trend", "", "prices.trend"),
            ("month_strength", "", "calibration.month_strength"),
            ("anchor_win_share", "", "delivery.anchor_win_share"),
            ("activity_shape", "", "delivery.activity_shape"),
            ("value_dispersion", "", "delivery.value_dispersion"),
            ("wear_out", "", "response.wear_out"),
        ]
        return [entry for entry in found if entry[0] in BY_COUNTRY or parameters[entry[2]].family != "fixed"]


def _with_prior(
    mean: Array, covariance: Array, row: Array, middle: float, variance: float, former: float
) -> tuple[Array, Array]:
    """Return a posterior as it would be had ``row`` · latents another prior: N(middle, variance), not N(0, former)."""
    change = 1.0 / variance - 1.0 / former
    along = covariance @ row
    new = covariance - np.outer(along, along) * (change / (1.0 + change * float(row @ along)))
    told = np.linalg.solve(covariance, mean)
    return new @ (told + row * (middle / variance)), new


def _figures(role: str, key: str, scores: Array, parameters: Parameters) -> list[float]:
    """Return a parameter at normal scores; a price level in EUR per 1,000 impressions."""
    if role not in BY_COUNTRY:
        return [float(value) for value in parameters[key].quantile(ndtr(scores))]
    level = level_of(key.rsplit(".", 1)[1], parameters)
    return [float(value) for value in level.median * np.exp(level.log_sd * scores)]


SCHEMA_VERSION = 2
READABLE = (1, 2)
"""The first has click rates that are the same in all countries."""
MOST_LATENTS = 2000
MOST_BYTES = MAX_JSON_BYTES


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
