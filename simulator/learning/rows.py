"""Campaign rows ready to learn from: one table or several of any origin, checked, in euros, gaps filled and named."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulator.base.errors import InvalidInput, shown
from simulator.base.metrics import AGE_BANDS
from simulator.learning import breakdowns as parts
from simulator.learning.export.frame import column_of, typed, typed_texts
from simulator.learning.impute import Guess, audiences, countries, guessed_days, money, note, objectives
from simulator.learning.random_effects import MOST_ACCOUNTS
from simulator.reference.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

def pooled(tables: Mapping[str, pd.DataFrame] | Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the tables of several clients one below the other, with a column ``account``.

    Parameters
    ----------
    tables : mapping of str to DataFrame, or sequence of DataFrame
        The campaigns of each client, by its name; numbered where there are no names. A table that tells no
        currency keeps its own, EUR where none of its rows tells one.

    Raises
    ------
    InvalidInput
        ``wrong_type`` for something else, ``empty_choice`` for no table at all.
    """
    entries = tables if isinstance(tables, Mapping) else {str(place): one for place, one in enumerate(tables, start=1)}
    for name, table in entries.items():
        check_table(table, f"observations.{shown(str(name))}")
    return stacked([_own(table, str(name)) for name, table in entries.items()])


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return several tables of one account, such as the exports of several years, one below the other."""
    import pandas as pd

    if not tables:
        raise InvalidInput("empty_choice", field="observations", allowed="a table for each client")
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    once = [table.loc[:, ~table.columns.duplicated()] for table in tables]
    # Empty columns only confuse the types of the others; they come back at the end.
    frame = pd.concat([table.dropna(axis=1, how="all") for table in once], ignore_index=True).reindex(columns=names)
    told = [table.attrs.get("breakdowns", ()) for table in tables]
    breakdowns = sorted({name for names in told if isinstance(names, (tuple, list)) for name in names})
    digests = "".join(str(table.attrs.get("sha256", "")) for table in tables)
    digest = digests if len(tables) == 1 else hashlib.sha256(digests.encode()).hexdigest() if digests else ""
    frame.attrs = {"breakdowns": tuple(breakdowns), "sha256": digest}
    return frame


def as_pandas(table: Any) -> Any:
    """Return a table of another library (polars, pyarrow, modin …) as one of pandas; anything else as it is.

    By the interchange protocol ``__dataframe__``: https://data-apis.org/dataframe-protocol/latest/.
    """
    import pandas as pd

    if isinstance(table, (pd.DataFrame, type)) or not hasattr(table, "__dataframe__"):
        return table
    with warnings.catch_warnings():
        # pandas prefers Arrow's own door by now, which asks for pyarrow.
        warnings.simplefilter("ignore", DeprecationWarning)
        return pd.api.interchange.from_dataframe(table)


def check_table(table: object, name: str) -> None:
    """Refuse what is no table; ``name`` is what it is called in the message."""
    import pandas as pd

    if not isinstance(table, pd.DataFrame):
        allowed = "a table of pandas, polars or any library whose tables have __dataframe__"
        raise InvalidInput("wrong_type", field=name or "observations", received=shown(type(table)), allowed=allowed)


def _own(table: pd.DataFrame, account: str) -> pd.DataFrame:
    """Return a client's table with its name, and its currency in every row."""
    codes = typed_texts(column_of(table, "currency"), len(table))
    known = {code for code in codes if code}
    codes[codes == ""] = known.pop() if len(known) == 1 else "EUR"
    own = table.assign(account=account, currency=codes)
    own.attrs = dict(table.attrs)
    return own


Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

PLATFORMS = ("facebook", "instagram")
MOST_DAYS = 3660
MOST_FREQUENCY = 500.0
CPM_EUR = (0.001, 10_000.0)
"""Euros for a thousand impressions that a campaign may have cost; beyond, the figures are mistyped."""
OTHER = "?"
"""Account of rows that tell none while others do."""
MOST_NOTES = 1000
"""Rows named one by one among those left out."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Usable rows, arrays of shape (row,).

    Attributes
    ----------
    index : ndarray
        Place of each row in the table it came from (of its first day, where days were joined).
    spend : ndarray
        EUR over the campaign, at the exchange rates of the parameters.
    impressions, reach, link_clicks : ndarray
        Counts; reach and link_clicks are NaN where unknown, reach also where it overlaps that of other rows.
    days : ndarray
        Duration.
    start : ndarray of datetime64[D]
    audience, audience_log_sd : ndarray
        People, and the spread of that figure's logarithm in each row by itself.
    audience_common_log_sd : ndarray
        The spread that rows have in common.
    is_told : ndarray of bool
        Whether the table tells the audience.
    country, objective, age_band, platform, account : ndarray of str
        Contexts; country ``world`` and the others empty where unknown.
    campaign : ndarray of int
        Code of the campaign: rows of one code share its luck.
    is_part : ndarray of bool
        Whether the row is one part (age, placement …) of an advertisement.
    dropped : tuple of dict
        Rows left out, repaired or joined: row, reason.
    """

    index: Codes
    spend: Array
    impressions: Array
    reach: Array
    link_clicks: Array
    days: Array
    start: NDArray[np.datetime64]
    audience: Array
    audience_log_sd: Array
    audience_common_log_sd: Array
    is_told: Mask
    country: NDArray[np.str_]
    objective: NDArray[np.str_]
    age_band: NDArray[np.str_]
    platform: NDArray[np.str_]
    account: NDArray[np.str_]
    campaign: Codes
    is_part: Mask
    dropped: tuple[dict[str, Any], ...]

    def __len__(self) -> int:
        return len(self.spend)

    def take(self, chosen: NDArray[Any]) -> Rows:
        """Return some of the rows, by mask or index."""
        arrays = {name: getattr(self, name)[chosen] for name in self.__dataclass_fields__ if name != "dropped"}
        return replace(self, **arrays)


def usable_rows(observations: pd.DataFrame, parameters: Parameters) -> Rows:
    """Check a table of campaigns and keep the rows that can teach something.

    Parameters
    ----------
    observations : DataFrame
        Columns start, end, spend, impressions, reach; used where present: days, link_clicks, results, country,
        objective, currency, audience_size, audience_log_sd, age, platform, account, campaign, ad_set, ad and the
        breakdowns of an export. Others are ignored. Columns may stand in the index, or be written in capitals.

    Raises
    ------
    InvalidInput
        ``missing_columns`` when one of the needed columns is not there, ``wrong_type`` for no table.
    """
    check_table(observations, "observations")
    frame = typed(observations)
    breakdowns = _breakdowns(observations)
    split_by_time = bool(breakdowns & parts.TIMES)
    names = parts.Names.of(frame, are_days=split_by_time)
    notes: list[dict[str, Any]] = []
    rows, is_known_money = _read(frame, names, parameters, notes)
    usable = _believable(rows, is_known_money, notes)
    rows, names = rows.take(usable), names.take(usable)
    code = parts.joined_in_time(names, rows.start, rows.days, is_split_by_time=split_by_time)
    rows, first = _joined(rows, code, notes)
    names = names.take(first)
    overlaps = parts.parts(names, rows.start, rows.days, is_split=bool(breakdowns & set(parts.SPLITS)))
    rows = replace(
        rows,
        campaign=parts.campaigns(names, rows.start),
        is_part=overlaps | (rows.age_band != ""),
        reach=np.where(overlaps, np.nan, rows.reach),
    )
    if not split_by_time:
        guess = _guess(rows, names, frame, starts_told=bool(observations.attrs.get("starts_told")))
        rows = replace(rows, start=guess.start, days=guess.days)
        note(notes, rows.index[guess.is_guess], "report_window")
    few = ~(rows.impressions >= parameters.value("calibration.least_impressions"))
    note(notes, rows.index[few], "impressions_few")
    return replace(rows.take(~few), dropped=_report(notes))


def _guess(rows: Rows, names: parts.Names, frame: pd.DataFrame, *, starts_told: bool) -> Guess:
    """Return the days of rows of which the file tells only, or in part, those of the report."""
    own = frame.iloc[rows.index]
    no_start, no_end = (own[f"{name}_is_reporting"].to_numpy() for name in ("start", "end"))
    is_daily = (own["budget_kind"] == "daily").to_numpy() & (own["budget"] > 0.0).to_numpy()
    at_budget = np.full(len(rows), np.nan)
    np.divide(own["spend"].to_numpy(), own["budget"].to_numpy(), out=at_budget, where=is_daily)
    thing = np.where(names.is_named, names.campaign, names.campaign.max(initial=0) + 1 + names.entity)
    # A start before the report was cut to it: the days of such a row are known.
    no_start = no_start & (not starts_told)
    return guessed_days(rows.start, rows.days, no_start, no_end, thing, at_budget)


def _breakdowns(observations: pd.DataFrame) -> set[str]:
    """Return what the reader of exports says the rows are split by."""
    told = observations.attrs.get("breakdowns", ())
    return {name for name in told if isinstance(name, str)} if isinstance(told, (tuple, list)) else set()


def _read(
    frame: pd.DataFrame, names: parts.Names, parameters: Parameters, notes: list[dict[str, Any]]
) -> tuple[Rows, Mask]:
    """Return all rows as they are, and whether the currency of each is known."""
    rate, is_known_money = money(frame, notes)
    impressions, reach, clicks = (frame[name].to_numpy() for name in ("impressions", "reach", "link_clicks"))
    reach = np.where(reach == 0.0, np.nan, reach)
    start, end = (frame[name].to_numpy().astype("datetime64[D]") for name in ("start", "end"))
    goals = objectives(frame, notes)
    people = np.where(reach <= impressions, reach, np.nan)  # an impossible reach says nothing of the audience
    audience = audiences(frame, goals, people, parameters, notes)
    age, platform = (frame[name].to_numpy().astype(str) for name in ("age", "platform"))
    rows = Rows(
        index=np.arange(len(frame)),
        spend=frame["spend"].to_numpy() / rate,
        impressions=impressions,
        reach=reach,
        link_clicks=np.where((clicks >= 0.0) & (clicks <= impressions), clicks, np.nan),
        days=_days(frame, start, end, parameters, notes),
        start=start,
        audience=audience.people,
        audience_log_sd=audience.own_log_sd,
        audience_common_log_sd=audience.common_log_sd,
        is_told=audience.is_told,
        country=countries(frame, parameters, notes),
        objective=goals,
        age_band=np.where(np.isin(age, AGE_BANDS), age, ""),
        platform=np.where(np.isin(platform, PLATFORMS), platform, ""),
        account=_accounts(frame),
        campaign=names.campaign,
        is_part=names.is_split,
        dropped=(),
    )
    return rows, is_known_money


def _accounts(frame: pd.DataFrame) -> NDArray[np.str_]:
    """Return names of accounts; rows without one, and the smallest of too many, are one account among several."""
    told = frame["account"].to_numpy().astype(str)
    names = np.where((told == "") & (told != "").any(), OTHER, told)
    known, size = np.unique(names, return_counts=True)
    if len(known) <= MOST_ACCOUNTS:
        return names
    largest = known[np.argsort(-size, kind="stable")][: MOST_ACCOUNTS - 1]
    return np.asarray(np.where(np.isin(names, largest), names, OTHER), dtype=np.str_)


def _days(frame: pd.DataFrame, start: Any, end: Any, parameters: Parameters, notes: list[dict[str, Any]]) -> Array:
    """Return durations: the column days, else both ends counted; each end that is missed is named."""
    given = frame["days"].to_numpy()
    counted = (end - start).astype(float) + 1.0
    counted[np.isnat(start) | np.isnat(end)] = np.nan
    days = np.where((given > 0.0) & (given <= MOST_DAYS), np.maximum(given, 1.0), counted)
    unknown = ~np.isfinite(days)
    note(notes, np.flatnonzero(unknown & np.isnat(end)), "end_unknown")
    note(notes, np.flatnonzero(np.isnat(start)), "start_unknown")
    return np.where(unknown, parameters.value("calibration.unknown_days"), days)


def _believable(rows: Rows, is_known_money: Mask, notes: list[dict[str, Any]]) -> Mask:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        cpm = 1000.0 * rows.spend / rows.impressions
        reasons = (
            ("spend_missing_or_zero", ~(rows.spend > 0.0)),
            ("impressions_missing_or_few", ~(rows.impressions >= 1.0)),
            ("unknown_currency", ~is_known_money),
            ("reach_impossible", (rows.reach < 0.0) | (rows.reach > rows.impressions)),
            ("reach_impossible", rows.impressions > MOST_FREQUENCY * rows.reach),
            ("duration_impossible", ~((rows.days > 0.0) & (rows.days <= MOST_DAYS))),
            ("price_impossible", ~((cpm >= CPM_EUR[0]) & (cpm <= CPM_EUR[1]))),
        )
    usable = np.ones(len(rows), dtype=bool)
    for reason, bad in reasons:
        note(notes, rows.index[bad & usable], reason)
        usable &= ~bad
    return usable


def _joined(rows: Rows, code: Codes, notes: list[dict[str, Any]]) -> tuple[Rows, Codes]:
    """Return rows with those of one code joined into one, without reach, and the first row of each."""
    _, first, place = np.unique(code, return_index=True, return_inverse=True)
    if len(first) == len(rows):
        return rows, np.arange(len(rows))
    held = np.unique(np.stack([place, rows.start.astype(np.int64), rows.days.astype(np.int64)], axis=1), axis=0)
    most_days = np.bincount(held[:, 0], held[:, 2])  # of a campaign that paused, the days it ran
    order = np.argsort(first, kind="stable")  # keep the order of the table
    most_days = most_days[order]
    place, first = np.argsort(order, kind="stable")[place], first[order]
    size = np.bincount(place)
    begin, after = np.full(len(first), np.inf), np.full(len(first), -np.inf)
    starts = rows.start.astype("datetime64[D]").astype(float)
    np.minimum.at(begin, place, starts)
    np.maximum.at(after, place, starts + rows.days)
    several = size > 1
    counts = (rows.spend, rows.impressions, rows.link_clicks)
    spend, impressions, link_clicks = (np.bincount(place, count).astype(np.float64) for count in counts)
    for row, count in zip(rows.index[first[several]], size[several], strict=True):
        notes.append({"row": int(row), "reason": "joined_in_time", "count": int(count)})
    one = rows.take(first)
    start = np.where(several, np.where(np.isfinite(begin), begin, 0.0), 0.0).astype("datetime64[D]")
    return (
        replace(
            one,
            spend=spend,
            impressions=impressions,
            link_clicks=link_clicks,
            reach=np.where(several, np.nan, one.reach),
            start=np.where(several, start, one.start),
            days=np.where(several, np.minimum(after - begin, most_days), one.days),
        ),
        first,
    )


def _report(notes: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Return the notes in the order of the table; the many beyond the first thousand only counted."""
    notes.sort(key=lambda entry: entry["row"])
    if len(notes) <= MOST_NOTES:
        return tuple(notes)
    return (*notes[:MOST_NOTES], {"row": notes[MOST_NOTES]["row"], "reason": "and_more", "count": len(notes)})
