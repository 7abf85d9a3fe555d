"""Whom past campaigns aimed at: told by columns of their table, by one answer for all, or not at all.

An export tells money, days and counts, seldom towns and ages. What nobody tells is taken from the campaign that is
forecast: past campaigns aimed at whom it aims at, with a doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput
from simulator.base.validation import instance_of
from simulator.campaign.campaign import AGES, GENDERS, PLATFORMS, Campaign, Targeting
from simulator.learning.rows import Rows
from simulator.reference.places.place import Place

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int64]

COLUMNS = ("age_min", "age_max", "gender", "platforms", "place")
"""Columns of a table that tell whom its rows are about: the aim of campaigns, or, for ``gender``, a part of one."""


@dataclass(frozen=True)
class Aim:
    """Whom a past campaign aimed at; None where nobody tells.

    Attributes
    ----------
    places : tuple of Place, optional
    age_min, age_max : int, optional
    gender : str, optional
    platforms : tuple of str, optional
    interests : tuple of str
    excluded_places : tuple of Place
    audience_size : float, optional
        Typed people, as in ``Targeting``.
    is_assumed : bool
        Whether the places are those of another campaign, for want of an answer.
    """

    places: tuple[Place, ...] | None = None
    age_min: int | None = None
    age_max: int | None = None
    gender: str | None = None
    platforms: tuple[str, ...] | None = None
    interests: tuple[str, ...] = ()
    excluded_places: tuple[Place, ...] = ()
    audience_size: float | None = None
    is_assumed: bool = False

    @classmethod
    def at(cls, targeting: Targeting, platforms: tuple[str, ...] | None = None) -> Self:
        """Return the aim of a targeting."""
        return cls(
            places=tuple(targeting.places),
            age_min=targeting.age_min,
            age_max=targeting.age_max,
            gender=targeting.gender,
            platforms=None if platforms is None else tuple(name for name in PLATFORMS if name in platforms),
            interests=tuple(targeting.interests),
            excluded_places=tuple(targeting.excluded_places),
            audience_size=targeting.audience_size,
        )

    @property
    def is_told(self) -> bool:
        """Whether places, ages, sex and platforms are all known."""
        return None not in (self.places, self.age_min, self.age_max, self.gender, self.platforms)

    def filled(self, other: Aim) -> Aim:
        """Return the aim with what it does not tell taken from another."""
        names = [name for name in ("age_min", "age_max", "gender", "platforms") if getattr(self, name) is None]
        if self.places is None:
            names += ["places", "excluded_places", "audience_size"]
        if self.age_min is None and self.gender is None and not self.interests:
            names.append("interests")
        assumed = self.places is None and other.places is not None
        return replace(self, is_assumed=assumed, **{name: getattr(other, name) for name in names})

    def targeting(self, country: str, audience_size: float | None = None) -> Targeting:
        """Return the targeting; all adults of the country where it is not told."""
        return Targeting(
            places=self.places or (Place.country(country),),
            age_min=18 if self.age_min is None else self.age_min,
            age_max=AGES[1] if self.age_max is None else self.age_max,
            gender=self.gender or "all",  # type: ignore[arg-type]
            interests=self.interests,
            excluded_places=self.excluded_places,
            audience_size=self.audience_size if audience_size is None else audience_size,
        )


UNTOLD = Aim()
MOST_KEPT = 500
"""Rows that a calibration keeps, the newest: one more forecast may wait for what they teach."""


@dataclass(frozen=True, eq=False)
class Aims:
    """The different aims of the rows of a table, and which each row has (``of_row``, shape (row,))."""

    all: tuple[Aim, ...]
    of_row: Codes

    @classmethod
    def untold(cls, count: int) -> Self:
        """Return aims that nobody tells."""
        return cls((UNTOLD,), np.zeros(count, dtype=np.int64))

    @property
    def is_told(self) -> bool:
        """Whether all of them are known."""
        return all(aim.is_told for aim in self.all)

    def take(self, chosen: NDArray[Any]) -> Aims:
        """Return the aims of some of the rows, by mask or index."""
        return Aims(self.all, self.of_row[chosen])

    def filled(self, other: Aim, is_there: NDArray[np.bool_]) -> Aims:
        """Return the aims with what they do not tell taken from another; its places only for rows that ran there."""
        elsewhere = replace(other, places=None, excluded_places=(), audience_size=None)
        both = (*(aim.filled(other) for aim in self.all), *(aim.filled(elsewhere) for aim in self.all))
        return Aims(both, np.where(is_there, self.of_row, self.of_row + len(self.all)))


class Past(NamedTuple):
    """Rows and whom they aimed at."""

    rows: Rows
    aims: Aims

    def take(self, chosen: NDArray[Any]) -> Past:
        """Return some of the rows, by mask or index."""
        return Past(self.rows.take(chosen), self.aims.take(chosen))


def newest(past: Past, most: int = MOST_KEPT) -> Past:
    """Return the newest rows, as a calibration keeps them."""
    rows, aims = past
    order = np.argsort(np.where(np.isnat(rows.start), np.datetime64("1970-01-01", "D"), rows.start), kind="stable")
    chosen = np.sort(order[-most:])
    kept = rows.take(chosen)
    # Clients by number only: that they differ is needed, who they are is not.
    numbers = np.unique(kept.account, return_inverse=True)[1].astype(str)
    account = np.where(kept.account == "", "", numbers).astype(str)
    return Past(replace(kept, account=account, dropped=()), aims.take(chosen))


def aims_of(observations: pd.DataFrame, index: Codes, targeting: Targeting | None = None) -> Aims:
    """Return whom the rows of a table aimed at.

    Parameters
    ----------
    observations : DataFrame
        Columns age_min, age_max, gender, platforms ("facebook, instagram"), place (a ``Place`` or the name of a town)
        are read where present; a cell that says nothing else leaves it to ``targeting``.
    index : ndarray of int
        Places of the rows in it.
    targeting : Targeting, optional
        Whom all of them aimed at where no column says otherwise.
    """
    if targeting is not None:
        instance_of("targeting", targeting, Targeting)
    whole = UNTOLD if targeting is None else Aim.at(targeting, PLATFORMS)
    columns: dict[str, list[Any]] = {}
    for name in COLUMNS:
        found = [column for column in observations.columns if str(column).strip().lower() == name]
        if found and len(index):
            cells = observations.iloc[:, list(observations.columns).index(found[0])].to_numpy(dtype=object)
            columns[name] = [_READ[name](cell) for cell in cells[index]]
    if not columns:
        return Aims((whole,), np.zeros(len(index), dtype=np.int64))
    known: dict[Aim, int] = {}
    of_row = np.empty(len(index), dtype=np.int64)
    for row, cells_of_row in enumerate(zip(*columns.values(), strict=True)):
        told = {name: cell for name, cell in zip(columns, cells_of_row, strict=True) if cell is not None}
        if "place" in told:
            told["places"] = (told.pop("place"),)
        aim = replace(whole, **told)
        if aim.age_min is not None and aim.age_max is not None and aim.age_min > aim.age_max:
            aim = replace(aim, age_min=whole.age_min, age_max=whole.age_max)
        of_row[row] = known.setdefault(aim, len(known))
    return Aims(tuple(known), of_row)


def aim_of(campaign: Campaign) -> Aim:
    """Return whom a campaign aims at."""
    return Aim.at(campaign.targeting, tuple(campaign.platforms))


def _age(cell: Any) -> int | None:
    try:
        years = round(float(str(cell).strip().rstrip("+")))
    except (ValueError, OverflowError):
        return None
    return min(max(years, AGES[0]), AGES[1])


def _gender(cell: Any) -> str | None:
    text = str(cell).strip().lower()
    return {"female": "women", "male": "men"}.get(text, text if text in GENDERS else None)


def _platforms(cell: Any) -> tuple[str, ...] | None:
    text = ", ".join(map(str, cell)) if isinstance(cell, (list, tuple)) else str(cell)
    return tuple(name for name in PLATFORMS if name in text.lower()) or None


def _place(cell: Any) -> Place | None:
    if isinstance(cell, Place):
        return cell
    if not isinstance(cell, str) or not cell.strip():
        return None
    try:
        return Place.around(cell.strip())
    except InvalidInput:  # a name that the tables lack: where it aimed stays untold
        return None


_READ: dict[str, Callable[[Any], Any]] = {
    "age_min": _age,
    "age_max": _age,
    "gender": _gender,
    "platforms": _platforms,
    "place": _place,
}
