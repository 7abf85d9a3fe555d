"""What a campaign really did: typed from the screen of the platform, or taken from a row of an export."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import model_validator

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import Number, Text, Validated, between, figure
from simulator.campaign.campaign import DURATION_DAYS, Date

if TYPE_CHECKING:
    import pandas as pd

MOST = 1e12
PARTS = ("age", "gender", "country", "region", "platform", "placement", "device", "hour")
"""Columns of an export that split a campaign: a row with one of them is a part, and its reach is no campaign's."""

Figure = Annotated[Number, between(0.0, MOST)]


class Actual(Validated):
    """The figures of a finished campaign; what is not known stays ``None``.

    Attributes
    ----------
    spend : float
        In ``currency``.
    impressions, reach, link_clicks : float, optional
        Counts over the whole campaign; ``reach`` is of distinct people.
    start, end : date, optional
        First and last day, both included; both or neither.
    currency : str
        That of the campaign where empty.
    source : str
        Where the figures were read.

    Examples
    --------
    >>> Actual(35.0, impressions=10_000, reach=5_000).figures["cpm"]
    3.5
    """

    spend: Figure
    impressions: Figure | None = None
    reach: Figure | None = None
    link_clicks: Figure | None = None
    start: Date | None = None
    end: Date | None = None
    currency: Text = ""
    source: Text = ""

    @property
    def days(self) -> int | None:
        """Days it ran, both ends included."""
        if self.start is None or self.end is None:
            return None
        return (self.end - self.start).days + 1

    @property
    def figures(self) -> dict[str, float]:
        """Return the metrics that follow, by name; a ratio over nothing is left out."""
        found = {
            "spend": self.spend,
            "impressions": self.impressions,
            "reach": self.reach,
            "frequency": _ratio(self.impressions, self.reach),
            "cpm": _ratio(1000.0 * self.spend, self.impressions),
            "link_clicks": self.link_clicks,
            "ctr_link": _ratio(self.link_clicks, self.impressions),
            "cpc_link": _ratio(self.spend, self.link_clicks),
        }
        return {name: value for name, value in found.items() if value is not None}

    @classmethod
    def from_export(cls, rows: pd.DataFrame | pd.Series[Any] | Mapping[str, Any], source: str = "") -> Actual:
        """Return the figures of one row as ``read_ads_manager`` gives it.

        Parameters
        ----------
        rows : DataFrame of one row, Series or mapping
            Columns spend, impressions, reach, link_clicks, start, end, currency; others are not needed.

        Raises
        ------
        InvalidInput
            ``several_rows``: choose one, since the reach of parts overlaps and is never added up;
            ``part_of_campaign``: the row is of one age, one sex, one day …
        """
        row = _one_row(rows)
        for name in PARTS:
            if _known(row.get(name)):
                raise InvalidInput("part_of_campaign", field=name, received=shown(row[name]))
        entries: dict[str, Any] = {
            name: float(row[name]) for name in ("spend", "impressions", "reach", "link_clicks") if _known(row.get(name))
        }
        entries.update((name, _day(row[name])) for name in ("start", "end") if _known(row.get(name)))
        if isinstance(row.get("currency"), str):
            entries["currency"] = row["currency"]
        return cls.from_dict({**entries, "source": source})

    @model_validator(mode="after")
    def _consistent(self) -> Actual:
        if (self.start is None) != (self.end is None):
            missing = "start" if self.start is None else "end"
            raise InvalidInput("missing", field=missing, allowed="both dates, or neither")
        if self.days is not None and not DURATION_DAYS[0] <= self.days <= DURATION_DAYS[1]:
            received = f"{self.start} to {self.end}"
            allowed = f"{DURATION_DAYS[0]} to {DURATION_DAYS[1]} days, the first date first"
            raise InvalidInput("out_of_range", field="end", received=received, allowed=allowed)
        for part, whole in (("reach", "impressions"), ("link_clicks", "impressions")):
            self._at_most(part, whole)
        return self

    def _at_most(self, part: str, whole: str) -> None:
        least, most = getattr(self, part), getattr(self, whole)
        if least is not None and most is not None and least > most:
            raise InvalidInput("above_whole", field=part, received=figure(least), allowed=figure(most), whole=whole)


def _one_row(rows: Any) -> Mapping[str, Any]:
    if isinstance(rows, Mapping):
        return rows
    if hasattr(rows, "columns"):
        if len(rows) != 1:
            raise InvalidInput("several_rows", field="rows", received=len(rows))
        return dict(rows.iloc[0])
    return dict(rows)


def _known(value: object) -> bool:
    """Whether a cell of a frame holds something: neither NaN, NaT, an empty text nor nothing."""
    return value is not None and value == value and value != ""


def _day(value: Any) -> Any:
    """Take the day out of a time stamp; what is none is named by the check of the field."""
    return value.date() if isinstance(value, datetime.datetime) else value


def _ratio(top: float | None, bottom: float | None) -> float | None:
    if top is None or bottom is None or bottom <= 0.0 or not math.isfinite(top):
        return None
    return top / bottom
