"""The public evidence as rows: ad sets of two exports, two saturated campaigns, figures by age, the platform's curve.

Audiences are not in the exports. Advertisements shown to a whole country are taken to go to its users of the time
(``USERS``), lookalikes to 1.75 million (1.5 to 2), both with a log-sd of 0.7, most of it common to a source. Days are
those that the sources' description tells: job advertisements within one day each, lead campaigns 8 to 20 days, from
start to end (the second campaign begins on the day on which the first one ends).
"""

from __future__ import annotations

import csv
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import Parameters

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "evidence"
JOBS, LEADS, MIGRANTS = "algorithmwatch-2020", "gwwc-2021", "migrants-2020"
SOURCES = (JOBS, LEADS)
USERS = {"DE": 30e6, "ES": 22e6, "PL": 16e6, "CH": 3.55e6}
"""People on Facebook a month: Germany (the company, June 2017: more than 30 million), Spain (The Social Media Family,
VI study, 2020), Poland (Newseria Biznes, May 2018: more than 16 million), Switzerland (the advertising tool, June 2020,
by Bernet). Figures from public pages; each country's own, for the same advertisement reaches eight times as many
Germans as Swiss."""
INSTAGRAM_USERS = {"CH": 2.2e6}
"""Switzerland: eMarketer's 1.9 million in 2018, growing by 14 %."""
LOOKALIKES = 1.75e6
PEOPLE_LOG_SD = 0.7

SATURATED = ((80_000, 175_569, 43_347), (69_000, 215_930, 40_982))
"""Audience, impressions, reach of two campaigns for link clicks (Norway, Sweden), durations not published."""
SATURATED_DAYS = 14
SATURATED_LOG_SD = 0.3
"""Doubt about their audiences, and about the 14 days, which act alike."""

BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
CPM_BY_AGE: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    JOBS: (BANDS, (2.50, 2.47, 2.76, 3.12, 3.06, 2.47)),
    LEADS: (BANDS, (14.9, 17.3, 20.8, 26.9, 32.5, 46.4)),
    "conversions": (("30-34", "35-39", "40-44", "45-49"), (0.224, 0.264, 0.293, 0.326)),
}
CTR_BY_AGE: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    LEADS: (BANDS, (0.33, 0.55, 0.60, 0.68, 1.19, 2.28)),
    "conversions": (("30-34", "35-39", "40-44", "45-49"), (0.0139, 0.0168, 0.0195, 0.0217)),
}
"""Cost of 1,000 impressions and link click rate by age; only ratios within a source are used."""
IMPRESSIONS_BY_AGE = (3.3, 11.4, 23.2, 32.0, 21.8, 8.4)
"""Impressions by age of an untargeted campaign (Germany 2020), per cent, bands of ``BANDS``."""

CURVE_DAILY_USERS = 568_166_399
CURVE = np.array(
    [
        (157, 32769, 90945), (239, 35938, 126453), (495, 52682, 178817), (784, 73824, 238181), (995, 84896, 284913),
        (1409, 105021, 383516), (2192, 144187, 554449), (3405, 200028, 768887), (5176, 286474, 1122025),
        (7717, 368454, 1516043), (11040, 467821, 2017615), (14487, 583792, 2609299), (18446, 661882, 3004897),
        (23479, 776076, 3983339), (30079, 883450, 4477835), (37823, 1002782, 5131067), (48495, 1133664, 5662780),
        (60534, 1208447, 5920593), (75941, 1284687, 6216436),
    ],
    dtype=float,
)  # fmt: skip
"""Spend (cents), reach and impressions of one day in the platform's sample curve of 2017, goal impressions."""


def exists() -> bool:
    """Tell whether the files of the evidence are on this machine."""
    return (FOLDER / "campaigns.csv").is_file()


def exports(without: str = "") -> pd.DataFrame:
    """Return the ad sets of the public exports as they are: neither audiences nor the days of an unknown end."""
    import pandas as pd

    with (FOLDER / "campaigns.csv").open(encoding="utf-8", newline="") as file:
        entries = [entry for entry in csv.DictReader(file) if entry["source"] != without]
    frame = pd.DataFrame(entries)
    for name in ("spend", "reach", "impressions", "link_clicks"):
        frame[name] = frame[name].astype(float)
    return frame


def campaigns(without: str = "") -> pd.DataFrame:
    """Return the same ad sets with what their sources' descriptions tell besides, and our guesses of audiences."""
    import pandas as pd

    frame = exports(without)
    frame["account"] = frame["source"]
    on_instagram, is_national = frame["campaign"].str.endswith(" - IG"), frame["source"] == JOBS
    users = np.where(on_instagram, frame["country"].map(INSTAGRAM_USERS), frame["country"].map(USERS))
    frame["audience_size"] = np.where(is_national, users, LOOKALIKES)
    frame["audience_log_sd"] = PEOPLE_LOG_SD
    frame["platform"] = np.where(on_instagram, "instagram", np.where(is_national, "facebook", ""))
    ends = pd.to_datetime(frame["end"], errors="coerce", format="ISO8601")
    frame["days"] = np.where(is_national, 1.0, (ends - pd.to_datetime(frame["start"])).dt.days)
    return frame


def rows(parameters: Parameters, without: str = "", stretch: float = 1.0) -> Rows:
    """Return all campaigns as rows to fit; the audience's doubt that a source has in common is left out.

    Audience size cannot be learnt from reach: it stays where it was taken, times ``stretch``, and what that does
    to the fit is added to the doubt.
    """
    exports = usable_rows(campaigns(without), parameters)
    exports = replace(
        exports,
        audience=exports.audience * stretch,
        audience_common_log_sd=np.zeros(len(exports)),
        # Unique clicks are a lower bound on link clicks: their rate is not pooled with the others'.
        link_clicks=np.where(exports.account == LEADS, np.nan, exports.link_clicks),
    )
    return exports if without == MIGRANTS else stacked(exports, saturated(parameters))


def unique_clicks(parameters: Parameters) -> Rows:
    """Return the lead campaigns with their unique clicks, and the others without clicks."""
    exports = usable_rows(campaigns(), parameters)
    clicks = np.where(exports.account == LEADS, exports.link_clicks, np.nan)
    return replace(exports, link_clicks=clicks, audience_common_log_sd=np.zeros(len(exports)))


def saturated(parameters: Parameters) -> Rows:
    """Return the two saturated campaigns: reach and impressions without money."""
    import pandas as pd

    audience, impressions, reach = zip(*SATURATED, strict=True)
    frame = pd.DataFrame({"audience_size": audience, "impressions": impressions, "reach": reach})
    frame = frame.assign(start="2019-01-01", end="2019-01-14", spend=1000.0, objective="link_clicks", account=MIGRANTS)
    rows = usable_rows(frame, parameters)
    unknown = np.full(len(rows), np.nan)
    doubt = np.full(len(rows), SATURATED_LOG_SD)
    return replace(rows, spend=unknown, start=np.full(len(rows), np.datetime64("NaT", "D")), audience_log_sd=doubt)


def stacked(*tables: Rows) -> Rows:
    """Return several tables of rows as one; campaigns stay apart."""
    names = [field.name for field in fields(Rows) if field.name != "dropped"]
    arrays = {name: np.concatenate([getattr(rows, name) for rows in tables]) for name in names}
    first = np.cumsum([0, *(int(rows.campaign.max(initial=0)) + 1 for rows in tables)])
    arrays["campaign"] = np.concatenate(
        [rows.campaign + offset for rows, offset in zip(tables, first[:-1], strict=True)]
    )
    return Rows(**arrays, dropped=tuple(note for rows in tables for note in rows.dropped))
