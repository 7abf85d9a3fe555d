"""Campaign rows ready to learn from: a table of any origin, checked, in euros, with its gaps filled and named."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.campaign import OBJECTIVES
from simulator.errors import InvalidInput, shown
from simulator.metrics import AGE_BANDS
from simulator.parameters import Parameters, currencies, units_per_euro

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

NEEDED = ("start", "end", "spend", "impressions", "reach")
DEFAULT_OBJECTIVE = "link_clicks"
WORLD = "world"
"""Context of a country that is missing or unknown."""
MOST_DAYS = 3660


@dataclass(frozen=True, eq=False)
class Rows:
    """Usable rows, arrays of shape (row,).

    Attributes
    ----------
    index : ndarray
        Place of each row in the table it came from.
    spend : ndarray
        EUR over the campaign, at the exchange rates of the parameters.
    impressions, reach, link_clicks : ndarray
        Counts; link_clicks is NaN where the file has none.
    days : ndarray
        Duration.
    start : ndarray of datetime64[D]
    audience, audience_log_sd : ndarray
        People, and the spread of that figure's logarithm in each row by itself.
    audience_common_log_sd : ndarray
        The spread that rows have in common, 0 where the file tells the audience.
    country, objective, age_band : ndarray of str
        Contexts; ``world`` and empty where unknown.
    dropped : tuple of dict
        Rows left out or repaired: row, reason.
    """

    index: NDArray[np.int64]
    spend: Array
    impressions: Array
    reach: Array
    link_clicks: Array
    days: Array
    start: NDArray[np.datetime64]
    audience: Array
    audience_log_sd: Array
    audience_common_log_sd: Array
    country: NDArray[np.str_]
    objective: NDArray[np.str_]
    age_band: NDArray[np.str_]
    dropped: tuple[dict[str, Any], ...]

    def __len__(self) -> int:
        return len(self.spend)

    def take(self, chosen: NDArray[Any]) -> Rows:
        """Return some of the rows, by mask or index."""
        arrays = {name: getattr(self, name)[chosen] for name in self.__dataclass_fields__ if name != "dropped"}
        return replace(self, **arrays)

    def with_audience(self, audience: Array) -> Rows:
        """Return the rows with other audiences."""
        return replace(self, audience=audience)


def usable_rows(observations: pd.DataFrame, parameters: Parameters) -> Rows:
    """Check a table of campaigns and keep the rows that can teach something.

    Parameters
    ----------
    observations : DataFrame
        Columns start, end, spend, impressions, reach; used where present: days, link_clicks, country,
        objective, currency, audience_size, audience_log_sd, age. Others are ignored.

    Raises
    ------
    InvalidInput
        ``missing_columns`` when one of the needed columns is not there, ``wrong_type`` for no table.
    """
    import pandas as pd

    if not isinstance(observations, pd.DataFrame):
        allowed = "a pandas DataFrame"
        raise InvalidInput("wrong_type", field="observations", received=shown(type(observations)), allowed=allowed)
    missing = [name for name in NEEDED if name not in observations.columns]
    if missing:
        found = ", ".join(map(str, list(observations.columns)[:30]))
        raise InvalidInput(
            "missing_columns",
            field="observations",
            missing=", ".join(missing),
            found=shown(found, 200),
            received=", ".join(missing),
            allowed=", ".join(NEEDED),
        )
    frame = observations.reset_index(drop=True)
    dropped: list[dict[str, Any]] = []
    spend, impressions, reach = (_numbers(frame, name) for name in ("spend", "impressions", "reach"))
    rate, known_money = _euro_rates(frame)
    starts, ends = _dates(frame, "start"), _dates(frame, "end")
    days = _days(frame, starts, ends, parameters, dropped)
    least = parameters.value("calibration.least_impressions")
    reasons = (
        ("spend_missing_or_zero", ~(spend > 0.0)),
        ("impressions_missing_or_few", ~(impressions >= least)),
        ("reach_missing_or_impossible", ~((reach > 0.0) & (reach <= impressions))),
        ("unknown_currency", ~known_money),
        ("duration_impossible", ~((days > 0.0) & (days <= MOST_DAYS))),
    )
    usable = np.ones(len(frame), dtype=bool)
    for reason, bad in reasons:
        dropped += [{"row": int(row), "reason": reason} for row in np.flatnonzero(bad & usable)]
        usable &= ~bad
    audience, own, common = _audiences(frame, reach, parameters)
    rows = Rows(
        index=np.arange(len(frame)),
        spend=spend / rate,
        impressions=impressions,
        reach=reach,
        link_clicks=_clicks(frame, impressions),
        days=days,
        start=starts.to_numpy(dtype="datetime64[D]"),
        audience=audience,
        audience_log_sd=own,
        audience_common_log_sd=common,
        country=_countries(frame, parameters),
        objective=_objectives(frame),
        age_band=_labels(frame, "age", AGE_BANDS),
        dropped=tuple(sorted(dropped, key=lambda entry: entry["row"])),
    )
    return rows.take(usable)


def _numbers(frame: pd.DataFrame, name: str) -> Array:
    import pandas as pd

    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    values = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def _dates(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return dates; "Ongoing" and other words become missing."""
    import pandas as pd

    column = frame[name]
    if pd.api.types.is_numeric_dtype(column):
        return pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
    parsed = pd.to_datetime(column.astype("object"), errors="coerce", format="ISO8601", utc=True)
    return parsed.dt.tz_localize(None)


def _days(
    frame: pd.DataFrame, starts: pd.Series, ends: pd.Series, parameters: Parameters, dropped: list[dict[str, Any]]
) -> Array:
    """Return durations: the column days, else both ends counted; unknown ends are named."""
    given = _numbers(frame, "days")
    counted = (ends.dt.normalize() - starts.dt.normalize()).dt.days.to_numpy(dtype=float, na_value=np.nan) + 1.0
    days = np.where(np.isfinite(given) & (given > 0.0), np.maximum(given, 1.0), counted)
    unknown = ~np.isfinite(days)
    dropped += [{"row": int(row), "reason": "end_unknown"} for row in np.flatnonzero(unknown)]
    return np.where(unknown, parameters.value("calibration.unknown_days"), days)


def _euro_rates(frame: pd.DataFrame) -> tuple[Array, NDArray[np.bool_]]:
    """Return units of each row's money per euro, and whether its currency is known; none given means EUR."""
    if "currency" not in frame.columns:
        return np.ones(len(frame)), np.ones(len(frame), dtype=bool)
    codes = frame["currency"].fillna("EUR").astype(str).str.strip().str.upper()
    known = set(currencies())
    rates = {code: units_per_euro(code) if code in known else 1.0 for code in codes.unique()}
    return codes.map(rates).to_numpy(dtype=float), codes.isin(known).to_numpy()


def _clicks(frame: pd.DataFrame, impressions: Array) -> Array:
    clicks = _numbers(frame, "link_clicks")
    return np.where((clicks >= 0.0) & (clicks <= impressions), clicks, np.nan)


def _labels(frame: pd.DataFrame, name: str, known: tuple[str, ...]) -> NDArray[np.str_]:
    if name not in frame.columns:
        return np.full(len(frame), "", dtype=object).astype(str)
    values = frame[name].fillna("").astype(str).str.strip()
    return values.where(values.isin(known), "").to_numpy(dtype=object).astype(str)


def _objectives(frame: pd.DataFrame) -> NDArray[np.str_]:
    labels = _labels(frame, "objective", OBJECTIVES)
    return np.where(labels == "", DEFAULT_OBJECTIVE, labels)


def _countries(frame: pd.DataFrame, parameters: Parameters) -> NDArray[np.str_]:
    """Return two-letter codes that have an income or a price of their own, else ``world``."""
    if "country" not in frame.columns:
        return np.full(len(frame), WORLD)
    known = set(parameters.table("income.per_head")) | set(parameters.table("prices.cpm")) - {WORLD}
    codes = frame["country"].fillna("").astype(str).str.strip().str.upper()
    return codes.where(codes.isin(known), WORLD).to_numpy(dtype=object).astype(str)


def _audiences(frame: pd.DataFrame, reach: Array, parameters: Parameters) -> tuple[Array, Array, Array]:
    """Return audiences, their own and their common spread: as given, else a wide guess, never below the reach."""
    given = _numbers(frame, "audience_size")
    doubt = _numbers(frame, "audience_log_sd")
    objectives = _objectives(frame)
    guesses = {name: parameters[f"calibration.unknown_audience.{name}"] for name in OBJECTIVES}
    guess = np.array([guesses[name].value for name in objectives])
    spread = np.array([guesses[name].log_sd for name in objectives])
    known = given > 0.0
    floor = np.where(np.isfinite(reach), reach, 1.0)
    audience = np.maximum(np.where(known, given, np.maximum(guess, 3.0 * floor)), floor)
    bound = float(np.log(parameters.value("audience.bound")))
    common = parameters.value("calibration.audience_pooling")
    own = np.where(known, np.where(np.isfinite(doubt), doubt, bound), spread * np.sqrt(1.0 - common))
    return audience, own, np.where(known, 0.0, spread * np.sqrt(common))
