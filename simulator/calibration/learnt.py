"""A calibration: what an account's campaigns have taught, ready to move the draws of any forecast."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.calibration.latents import ALL, BY_COUNTRY, LEARNT, Layout, context_of
from simulator.errors import InvalidInput, shown
from simulator.json_text import parse_json

if TYPE_CHECKING:
    import pandas as pd

    from simulator.parameters import Parameters

Array = NDArray[np.float64]

SCHEMA_VERSION = 1
SCATTER_ROLES = {"price": "model_error", "clicks": "creative"}
"""Role whose spread each kind of observation teaches."""
LEVEL = 0.8
MOST_LATENTS = 2000


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
        Factor on the shipped scatter of prices and of clicks.
    rows, dropped : int, tuple of dict
        Rows used; rows left out or repaired, with the reason.
    reason : str
        Why nothing was learnt, if so.
    created : date
    parameter_digest : str
        Of the prior.
    name, file_hash : str
        Given by the user; of the export read.
    countries, objectives : mapping of str to int
        Rows by context.
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
    name: str = ""
    file_hash: str = ""

    def moved(self, points: Array, roles: Sequence[str], country: str, objective: str) -> Array:
        """Return the uniform points (draw, role) of a forecast, moved from the prior to the posterior.

        The draws keep their order and their pairing; with no campaign they are what they were.
        """
        scores = ndtri(points)
        columns = [roles.index(role) for role in LEARNT]
        mean, root = self.effective(LEARNT, country, objective)
        scores[:, columns] = mean + scores[:, columns] @ root.T
        for kind, role in SCATTER_ROLES.items():
            scores[:, roles.index(role)] *= self.scatter.get(kind, 1.0)
        return np.asarray(np.clip(ndtr(scores), 1e-9, 1.0 - 1e-9))

    def score(self, role: str, country: str = "", objective: str = "") -> tuple[float, float]:
        """Return mean and standard deviation of a role's score in a context; (0, 1) before any campaign."""
        weights, rest = self.layout.weights(role, context_of(role, country, objective))
        return float(weights @ self.mean), float(np.sqrt(weights @ self.covariance @ weights + rest))

    def before_after(self, parameters: Parameters) -> pd.DataFrame:
        """Return one row a parameter that the campaigns speak about: before and after, low, middle, high."""
        import pandas as pd

        rows = []
        half = float(ndtri(0.5 + LEVEL / 2))
        steps = np.array([-half, 0.0, half])
        for role, context, key in self._keys():
            mean, deviation = self.score(role, context, context)
            before, after = (
                _figures(role, key, steps, parameters),
                _figures(role, key, mean + deviation * steps, parameters),
            )
            names = ("low", "middle", "high")
            rows.append(
                {"parameter": key, "role": role, "context": context}
                | {f"before_{name}": value for name, value in zip(names, before, strict=True)}
                | {f"after_{name}": value for name, value in zip(names, after, strict=True)}
                | {"learnt": 1.0 - deviation**2}
            )
        return pd.DataFrame(rows)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for ``json.dumps``."""
        return {
            "schema_version": SCHEMA_VERSION,
            "name": self.name,
            "created": self.created.isoformat(),
            "file_hash": self.file_hash,
            "parameter_digest": self.parameter_digest,
            "rows": self.rows,
            "dropped": [dict(entry) for entry in self.dropped],
            "reason": self.reason,
            "countries": dict(self.countries),
            "objectives": dict(self.objectives),
            "pooling": self.layout.pooling,
            "latents": [list(name) for name in self.layout.names],
            "mean": self.mean.tolist(),
            "covariance": self.covariance.tolist(),
            "scatter": dict(self.scatter),
        }

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Self:
        """Rebuild a calibration from ``to_dict``.

        Raises
        ------
        InvalidInput
            ``broken_calibration`` when entries are missing or of the wrong shape.
        """
        try:
            names = tuple((str(role), str(context)) for role, context in entries["latents"])
            mean = np.array(entries["mean"], dtype=float)
            covariance = np.array(entries["covariance"], dtype=float)
            if entries["schema_version"] != SCHEMA_VERSION or not 0 < len(names) <= MOST_LATENTS:
                raise ValueError("schema_version or latents")
            if mean.shape != (len(names),) or covariance.shape != (len(names), len(names)):
                raise ValueError("shapes")
            if not set(ALL) <= {role for role, context in names if not context}:
                raise ValueError("roles")
            np.linalg.cholesky(covariance)
            return cls(
                layout=Layout(names, float(entries["pooling"])),
                mean=mean,
                covariance=covariance,
                scatter={str(kind): float(factor) for kind, factor in entries["scatter"].items()},
                rows=int(entries["rows"]),
                dropped=tuple(dict(entry) for entry in entries["dropped"]),
                reason=str(entries["reason"]),
                created=datetime.date.fromisoformat(entries["created"]),
                parameter_digest=str(entries["parameter_digest"]),
                countries={str(code): int(count) for code, count in entries["countries"].items()},
                objectives={str(goal): int(count) for goal, count in entries["objectives"].items()},
                name=str(entries["name"]),
                file_hash=str(entries["file_hash"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError, np.linalg.LinAlgError) as error:
            raise InvalidInput("broken_calibration", field="calibration", received=shown(str(error))) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Rebuild a calibration from JSON text."""
        return cls.from_dict(parse_json(text, field="calibration"))

    def effective(self, roles: Sequence[str], country: str, objective: str) -> tuple[Array, Array]:
        """Return mean (role,) and Cholesky root (role, role) of the scores of roles in a context."""
        weights, rests = [], []
        for role in roles:
            row, rest = self.layout.weights(role, context_of(role, country, objective))
            weights.append(row)
            rests.append(rest)
        matrix = np.stack(weights)
        covariance = matrix @ self.covariance @ matrix.T + np.diag(rests)
        return matrix @ self.mean, np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)

    def _keys(self) -> list[tuple[str, str, str]]:
        """Return (role, context, parameter) for what the campaigns speak about."""
        found = [("price_level", code, f"prices.cpm.{code}") for code in self.countries]
        for goal in self.objectives:
            found += [
                ("persistence", goal, f"delivery.persistence.{goal}"),
                ("slots_per_day", goal, f"delivery.slots_per_day.{goal}"),
                ("price_dispersion", goal, f"delivery.price_dispersion.{goal}"),
                ("ctr_link", goal, f"response.ctr_link.{goal}"),
            ]
        found += [
            ("price_trend", "", "prices.trend"),
            ("anchor_win_share", "", "delivery.anchor_win_share"),
            ("activity_shape", "", "delivery.activity_shape"),
            ("value_dispersion", "", "delivery.value_dispersion"),
            ("wear_out", "", "response.wear_out"),
        ]
        return found


def _figures(role: str, key: str, scores: Array, parameters: Parameters) -> list[float]:
    """Return a parameter at normal scores; a price level in EUR per 1,000 impressions."""
    if role not in BY_COUNTRY:
        return [float(value) for value in parameters[key].quantile(ndtr(scores))]
    from simulator.calibration.prediction import level_of

    level = level_of(key.rsplit(".", 1)[1], parameters)
    return [float(value) for value in level.median * np.exp(level.log_sd * scores)]
