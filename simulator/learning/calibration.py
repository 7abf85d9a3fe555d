"""A calibration: what an account's campaigns have taught, ready to move the draws of any forecast."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from simulator.base.errors import InvalidInput, shown
from simulator.base.files import read_file, write_file
from simulator.forecasting.sample import month_index
from simulator.learning.aims import Aim, Aims, Past, aim_of
from simulator.learning.calibration_json import (
    FIRST_SOUND,
    MOST_BYTES,
    SCHEMA_VERSION,
    arguments,
    parsed,
    to_dict,
    to_json,
)
from simulator.learning.curvature import brought_back, own_repetition, typical
from simulator.learning.expected import middle_of
from simulator.learning.fit import Fitted, fit_scores
from simulator.learning.impute import WORLD, all_levels, level_of
from simulator.learning.random_effects import BY_COUNTRY, BY_MONTH, CLICKS, LEARNT, Context, Layout
from simulator.learning.rows import Rows

if TYPE_CHECKING:
    from os import PathLike

    import pandas as pd

    from simulator.campaign.campaign import Campaign
    from simulator.forecasting.audience import Audience
    from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]

SCATTER_ROLES = {"price": "model_error", "clicks": "creative"}
"""Role whose spread each kind of observation teaches."""
STRENGTH = "month_strength"
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
    past : Past, optional
        The rows themselves, where nobody tells whom they aimed at: they are learnt from again for each campaign that
        is forecast, as if they had aimed at whom it aims at. None where that is told.
    typical : Past, optional
        A campaign for each country and goal, of the medians of the rows (see ``curvature``).
    last_quarter : int, optional
        Quarters since 1970 at the last row: the price level is that of then.
    version : int
        Of the form in which it was kept.
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
    past: Past | None = field(default=None, repr=False)
    typical: Past | None = field(default=None, repr=False)
    last_quarter: int | None = None
    version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        for name in ("mean", "covariance"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @cached_property
    def digest(self) -> str:
        """What tells one calibration from another, by all that was learnt: 64 hexadecimal digits."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def is_outdated(self) -> bool:
        """Whether it was learnt by a version whose forecaster was another one: learn it again from the export."""
        return self.version < FIRST_SOUND

    def aimed_at(self, campaign: Campaign, audience: Audience, parameters: Parameters) -> Aimed:
        """Return what the campaigns teach about one that is forecast."""
        learnt = self
        if self.past is not None and self.rows:
            learnt = _again(self, aim_of(campaign), audience.main_country, parameters)
        if campaign.start is None or not self.rows:
            return Aimed(learnt, parameters)
        middle = campaign.start + datetime.timedelta(days=campaign.duration_days / 2)
        quarter = (middle.year - 1970) * 4 + (middle.month - 1) // 3
        since = 0 if self.last_quarter is None else min(max(quarter - self.last_quarter, 0), MOST_AHEAD)
        index = float(np.log(month_index(campaign.start, campaign.duration_days, parameters)))
        return Aimed(learnt, parameters, middle.month, index, since)

    def moved(
        self,
        points: Array,
        roles: Sequence[str],
        country: str,
        objective: str,
        month: int | None = None,
        *,
        season: float = 0.0,
        extra: Mapping[str, float] | None = None,
    ) -> Array:
        """Return the uniform points (draw, role) of a forecast, moved from the prior to the posterior.

        The draws keep their order and their pairing; with no campaign they are what they were.

        Parameters
        ----------
        month : int, optional
            1 to 12, in the middle of the campaign; its own deviation from the seasonal index is then known.
        season : float
            What one score of the season's strength adds to that of the month.
        extra : mapping of str to float
            Spread that the next campaign has besides, by role, in scores: its own luck, time that has passed.
        """
        scores, extra = ndtri(points), extra or {}
        learnt = [role for role in LEARNT if role in roles]
        columns = [list(roles).index(role) for role in learnt]
        context = Context(country, objective, "" if month is None else str(month))
        mean, covariance = self.scores([*learnt, STRENGTH], context)
        mixed = np.eye(len(learnt), len(learnt) + 1)
        mixed[[role in BY_MONTH for role in learnt], -1] = season
        covariance = mixed @ covariance @ mixed.T + np.diag([extra.get(role, 0.0) ** 2 for role in learnt])
        root = np.linalg.cholesky(covariance)
        scores[:, columns] = mixed @ mean + scores[:, columns] @ root.T
        for kind, role in SCATTER_ROLES.items():
            scores[:, list(roles).index(role)] *= self.scatter.get(kind, 1.0)
        return np.asarray(np.clip(ndtr(scores), EDGE, 1.0 - EDGE))

    def effective(self, roles: Sequence[str], context: Context) -> tuple[Array, Array]:
        """Return mean (role,) and Cholesky root (role, role) of the scores of roles in a context."""
        mean, covariance = self.scores(roles, context)
        return mean, np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)

    def score(self, role: str, country: str = "", objective: str = "", month: str = "") -> tuple[float, float]:
        """Return mean and standard deviation of a role's score in a context; (0, 1) before any campaign."""
        mean, covariance = self.scores([role], Context(country, objective, month))
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

    def scores(self, roles: Sequence[str], context: Context) -> tuple[Array, Array]:
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
        # A goal without figures of its own has no parameter to be told of, though it has learnt.
        known = [entry for entry in found if entry[0] in BY_COUNTRY or entry[2] in parameters]
        return [entry for entry in known if entry[0] in BY_COUNTRY or parameters[entry[2]].family != "fixed"]


MOST_AHEAD = 8
"""Quarters after the last row over which prices may have walked on."""


@dataclass(frozen=True, eq=False)
class Aimed:
    """What past campaigns teach about one campaign.

    Attributes
    ----------
    learnt : Calibration
    parameters : Parameters
    month : int, optional
        1 to 12, in the middle of the campaign.
    log_index : float
        Logarithm of its seasonal index.
    quarters : int
        From the last row to the campaign.
    """

    learnt: Calibration
    parameters: Parameters
    month: int | None = None
    log_index: float = 0.0
    quarters: int = 0

    @property
    def digest(self) -> str:
        """That of the calibration."""
        return self.learnt.digest

    def aimed_at(self, campaign: Campaign, audience: Audience, parameters: Parameters) -> Aimed:  # noqa: ARG002
        """Return itself."""
        return self

    def moved(self, points: Array, roles: Sequence[str], country: str, objective: str) -> Array:
        """Return the points as the posterior has them; the season is as strong as the account shows it."""
        if not self.learnt.rows:
            return points
        spread = level_of(country, self.parameters).log_sd
        walk = self.parameters["calibration.price_drift"].log_sd * np.sqrt(self.quarters) / spread
        season = self.log_index * self.parameters["calibration.month_strength"].sd
        season /= self.parameters["prices.month.1"].log_sd
        own = self._typical(country, objective)
        learnt = [role for role in LEARNT if role in roles]
        mean, covariance = self.learnt.scores(learnt, Context(country, objective))
        middle = dict(zip(learnt, mean.tolist(), strict=True))
        repeats = 0.0
        if own is not None:
            luck = self.parameters.value("calibration.reach_scatter") * self.learnt.scatter.get("reach", 1.0)
            repeats = own_repetition(middle, luck, own, self.parameters)
        extra = {"price_level": float(walk), "persistence": repeats}
        moved = self.learnt.moved(points, roles, country, objective, self.month, season=season, extra=extra)
        if own is None:
            return moved
        certainty = 1.0 - 1.0 / np.diag(np.linalg.inv(covariance))
        certain = {role: float(np.clip(certainty[learnt.index(role)], 0.0, 1.0)) for role in ("price_level", CLICKS)}
        return brought_back(moved, roles, middle, certain, own, self.parameters)

    def _typical(self, country: str, objective: str) -> Past | None:
        """Return the typical campaign of a country and goal, None where there was none."""
        past = self.learnt.typical
        if past is None or self.learnt.is_outdated:
            return None
        place = np.flatnonzero((past.rows.country == country) & (past.rows.objective == objective))
        return past.take(place[:1]) if len(place) else None


@lru_cache(maxsize=64)
def _again(calibration: Calibration, aim: Aim, country: str, parameters: Parameters) -> Calibration:
    """Learn from the rows of a calibration as if they had aimed, where nobody tells, at what ``aim`` does."""
    if calibration.past is None:
        return calibration
    rows, aims = calibration.past
    rows = replace(rows, country=np.where(rows.country == WORLD, country, rows.country).astype(str))
    aims = aims.filled(aim, rows.country == country)
    return calibration_of(fit_scores(rows, parameters, aims=aims), rows, aims, parameters, name=calibration.name)


def calibration_of(
    fitted: Fitted,
    rows: Rows,
    aims: Aims,
    parameters: Parameters,
    *,
    name: str = "",
    file_hash: str = "",
    past: Past | None = None,
) -> Calibration:
    """Return what a fit to rows has taught."""
    layout, chosen = fitted.layout.without_accounts()
    countries = Counter(map(str, rows.country))
    accounts = Counter(map(str, rows.account))
    dated = middle_of(rows)[~np.isnat(rows.start)]
    return Calibration(
        layout=layout,
        mean=fitted.mean[chosen],
        covariance=fitted.covariance[np.ix_(chosen, chosen)],
        scatter=fitted.scatter,
        rows=len(rows),
        dropped=rows.dropped,
        reason="" if len(rows) else "no_usable_rows",
        created=datetime.datetime.now(datetime.UTC).date(),
        parameter_digest=parameters.digest,
        countries=dict(countries),
        objectives=dict(Counter(map(str, rows.objective))),
        accounts=dict(accounts) if len(accounts) > 1 else {},
        levels=dict(all_levels(parameters)) if WORLD in countries else {},
        name=name,
        file_hash=file_hash,
        past=past,
        typical=typical(rows, aims),
        last_quarter=int(dated.max().astype("datetime64[M]").astype(np.int64)) // 3 if len(dated) else None,
    )


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
