"""Surveys and account counts reconciled into who uses Facebook and Instagram, by area, platform, sex and age.

Assumptions
-----------
1. The share of residents who use a platform in a month has an age profile shared by the areas, from which each area
   departs in level and, less, band by band. Ages within a band are alike.
2. Women and men lie on either side of the band's share by half an odds ratio of the area and platform.
3. A survey measures the share with a lean of its kind (used in the month, has an account, used in the week …), one
   that all who are asked in the country share, one that its own figures share, and noise. Online, people online answer.
4. Accounts are the people times accounts a person, which depends on the platform and on the declared age.
5. Everything drifts: a figure is the less sure, the farther its date lies from ``HELD_AT``.
6. A figure far from all others counts for less (pseudo-Huber): sources contradict each other by more than they say.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import expit, logit

from simulator.reference.parameters.presence import AGE_BANDS, PLATFORMS

Array = NDArray[np.float64]

SOURCES = Path(__file__).with_name("presence_sources.csv")
"""One figure a row; ``count`` is a share, millions or the share of women among users; ``cited`` is in presence.toml."""
HELD_AT = datetime.date(2025, 7, 1)
AREAS = ("FR", "CA", "CA-QC", "US")
"""Tables that are fitted. CA is the rest of Canada, while a figure about CA is about all of it."""
PARTS = {"FR": ("FR",), "CA": ("CA", "CA-QC"), "CA-QC": ("CA-QC",), "US": ("US",)}
COUNTRIES = ("FR", "CA", "US")
FIRST_AGES = (13, 18, 25, 35, 45, 55, 65)

LEAN = {
    "month": (0.0, 0.1),
    "month_online": (0.05, 0.15),
    "use": (0.1, 0.15),
    "use_online": (0.1, 0.2),
    "account_online": (0.35, 0.2),
    "week": (-0.3, 0.15),
    "day": (-0.85, 0.2),
    "visitors": (0.3, 0.3),
}
"""Lean of a kind of figure on the logit against "used in the month", with its sd: assumptions. A day: daily over
monthly users are 0.687 (audience.toml, daily_share). Visitors: opening a public page needs no account."""
ASKED = 0.2
"""Sd on the logit of what all who are asked in a country get wrong alike about a platform: an assumption. Panels whose
devices are measured (a day, visitors) stand apart, and so do accounts."""
ACCOUNTS = {"facebook": (1.15, 0.08), "instagram": (1.30, 0.12)}
"""Accounts a person and sd of the logarithm. Facebook's report for 2022 has 11 % duplicate and 4 to 5 % false accounts
worldwide, fewer in wealthy countries (https://www.opportimes.com/facebook-fake-or-duplicate-accounts/). Instagram: 35 %
of 82 users of 18 to 24 had several (https://benpettis.com/research/finstas/), and firms have them: an assumption."""
REACH = (1.0, 0.2)
"""Users whom advertising is said to reach, per person; sd of the logarithm: an assumption."""
AGE_OF_ACCOUNTS = 0.25
"""Log-sd of accounts a person between declared ages: Canada counts 1.45 accounts a resident of 25 to 34."""
ONLINE = np.array([0.98, 0.98, 0.98, 0.98, 0.98, 0.96, 0.84])
"""Share of a band that is online: 94 % of people of 12 and over in France (Baromètre du numérique 2025)."""
AREA, BAND, STEP = 0.4, 0.2, 0.5
"""Sd on the logit: of an area's level, of its bands besides, of the bends of the common profile."""
OWN_LEAN, NOISE, PART_NOISE, WOMEN_NOISE = 0.15, 0.1, 0.2, 0.06
"""Sd on the logit: of a source's own lean, of a figure about adults, of one about fewer than 35 years of age (some 150
of 1,000 asked), of a share of women (a few hundred users and more)."""
OWN_COUNT, COUNT_NOISE = 0.08, 0.05
"""Sd of the logarithm: of a source's own counts, of one count."""
DRIFT = 0.06
"""Sd a year away from ``HELD_AT``, of a logit or a logarithm: Instagram's accounts in the EU grow 4 to 6 % a year."""


@dataclass(frozen=True)
class Row:
    """One published figure about the users of a platform."""

    area: str
    platform: str
    age_min: int
    age_max: int
    sex: str
    count: str
    kind: str
    figure: float
    date: datetime.date
    source: str
    cited: str

    @property
    def is_accounts(self) -> bool:
        """Whether accounts are counted, not people."""
        return self.kind in ("accounts", "reach")

    @property
    def drift(self) -> float:
        """Sd that its age adds."""
        return DRIFT * abs((self.date - HELD_AT).days) / 365.25


@dataclass(frozen=True, eq=False)
class Fit:
    """Estimate with its doubt, by area and platform.

    Attributes
    ----------
    shares, log_odds_sd : dict of (area, platform) to ndarray (7,)
        Share of residents by band, and sd of its log odds.
    women_odds, women_odds_sd : dict of (area, platform) to float
    accounts_per_person : dict of platform to float
    profile : dict of platform to ndarray (7,)
        Share by band in the middle of the areas.
    adults_log_sd : dict of (area, platform) to float
        Of all users of 18 and over.
    leans : dict of kind to float
    residuals : ndarray (row,)
        Published less expected figures, standardised.
    """

    shares: dict[tuple[str, str], Array]
    log_odds_sd: dict[tuple[str, str], Array]
    women_odds: dict[tuple[str, str], float]
    women_odds_sd: dict[tuple[str, str], float]
    accounts_per_person: dict[str, float]
    profile: dict[str, Array]
    adults_log_sd: dict[tuple[str, str], float]
    leans: dict[str, float]
    residuals: Array


def read_rows(path: Path = SOURCES) -> list[Row]:
    """Read the table of published figures."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_row(line) for line in csv.DictReader(file)]


def _row(line: Mapping[str, str]) -> Row:
    sex, _, ages = line["ages"].rpartition(" ")
    first, _, last = ages.rstrip("+").partition("-")
    return Row(
        **{name: line[name] for name in ("area", "platform", "count", "kind", "source", "cited")},
        age_min=int(first),
        age_max=int(last or 120),
        sex=sex or "all",
        figure=float(line["figure"]),
        date=datetime.date.fromisoformat(line["date"]),
    )


def fit(rows: list[Row], residents: Mapping[str, Array], accounts: Mapping[str, tuple[float, float]] = ACCOUNTS) -> Fit:
    """Fit the shares to all figures at once: the most likely values, and the spread of the normal around them.

    Parameters
    ----------
    rows : list of Row
    residents : mapping of area to ndarray (2, 66)
    accounts : mapping of platform to (median, log-sd)
        What is believed beforehand about accounts a person.
    """
    model = _Model(rows, residents, accounts)
    found = least_squares(model.errors, np.zeros(model.size))
    slopes_of_errors = np.asarray(found.jac)
    spread = np.linalg.inv(slopes_of_errors.T @ slopes_of_errors)

    def with_sd(value: Callable[[Array], Array]) -> tuple[Array, Array]:
        """Return a function of the unknowns at the optimum, and its sd to first order."""
        here, step = value(found.x), 1e-5
        slopes = np.stack([(value(found.x + step * unit) - here) / step for unit in np.eye(model.size)], axis=-1)
        return here, np.sqrt(np.einsum("...i,ij,...j->...", slopes, spread, slopes))

    log_odds, log_odds_sd = with_sd(lambda x: model.unpacked(x)["log_odds"])
    women, women_sd = with_sd(lambda x: model.unpacked(x)["women"])
    adults = np.stack([np.add.reduceat(residents[area].sum(axis=0), FIRST_AGES)[1:] for area in AREAS])
    _, adults_sd = with_sd(
        lambda x: np.log(np.einsum("apb,ab->ap", expit(model.unpacked(x)["log_odds"])[..., 1:], adults))
    )
    last = model.unpacked(found.x)
    pairs = [(a, p, (area, name)) for a, area in enumerate(AREAS) for p, name in enumerate(PLATFORMS)]
    return Fit(
        shares={key: expit(log_odds[a, p]) for a, p, key in pairs},
        log_odds_sd={key: log_odds_sd[a, p] for a, p, key in pairs},
        women_odds={key: float(np.exp(women[a, p])) for a, p, key in pairs},
        women_odds_sd={key: float(women_sd[a, p]) for a, p, key in pairs},
        accounts_per_person={name: float(np.exp(last["accounts"][p])) for p, name in enumerate(PLATFORMS)},
        profile={name: expit(last["profile"][p]) for p, name in enumerate(PLATFORMS)},
        adults_log_sd={key: float(adults_sd[a, p]) for a, p, key in pairs},
        leans=dict(zip(model.kinds, map(float, last["kind"]), strict=True)),
        residuals=model.row_errors(found.x),
    )


class _Model:
    """Expected figures and their errors as functions of unknowns that are standard normal beforehand."""

    def __init__(
        self, rows: list[Row], residents: Mapping[str, Array], accounts: Mapping[str, tuple[float, float]]
    ) -> None:
        self.rows, self.accounts, self.kinds = rows, accounts, tuple(LEAN)
        self.panels = sorted({(row.source, row.platform, row.is_accounts) for row in rows})
        bands, platforms, areas = len(AGE_BANDS), len(PLATFORMS), len(AREAS)
        self.shapes: dict[str, tuple[int, ...]] = {
            "profile": (platforms, bands),
            "area": (areas, platforms),
            "band": (areas, platforms, bands),
            "women_all": (platforms,),
            "women": (areas, platforms),
            "kind": (len(self.kinds),),
            "panel": (len(self.panels),),
            "asked": (len(COUNTRIES), platforms),
            "accounts": (platforms,),
            "reach": (1,),
            "declared": (platforms, bands),
        }
        self.size = sum(int(np.prod(shape)) for shape in self.shapes.values())
        self.platform = np.array([PLATFORMS.index(row.platform) for row in rows])
        self.country = np.array([COUNTRIES.index(row.area[:2]) for row in rows])
        self.panel = np.array([self.panels.index((row.source, row.platform, row.is_accounts)) for row in rows])
        self.kind = np.array([0 if row.is_accounts else self.kinds.index(row.kind) for row in rows])
        self.is_asked = np.array([not row.is_accounts and row.kind not in ("day", "visitors") for row in rows])
        self.is_count = np.array([row.is_accounts for row in rows])
        self.is_reach = np.array([row.kind == "reach" for row in rows])
        self.is_women = np.array([row.count == "women" for row in rows])
        self.sd = np.array([_sd(row) for row in rows])
        # People of a row by area, sex and band (row, 4, 2, 7): what the shares are weighted with.
        self.people = np.stack([_people(row, residents) for row in rows])
        online = np.stack([ONLINE if row.kind.endswith("_online") else np.ones(bands) for row in rows])
        self.asked = np.einsum("rasb,rb->r", self.people, online)
        figures = np.array([row.figure * (1e6 if row.count == "million" else 1.0) for row in rows])
        shares = np.where([row.count == "million" for row in rows], figures / self.asked, figures)
        # Counts of accounts are compared as logarithms, shares as logits.
        is_log = self.is_count & ~self.is_women
        self.seen = np.where(is_log, np.log(figures), logit(np.where(is_log, 0.5, shares)))

    def unpacked(self, x: Array) -> dict[str, Array]:
        """Return the unknowns on their scales: log odds, log accounts a person, leans."""
        z, start = {}, 0
        for name, shape in self.shapes.items():
            count = int(np.prod(shape))
            z[name], start = x[start : start + count].reshape(shape), start + count
        profile = 1.5 * z["profile"]
        return {
            "profile": profile,
            "log_odds": profile + AREA * z["area"][..., None] + BAND * z["band"],
            "women": np.log(1.3) + 0.3 * z["women_all"] + 0.3 * z["women"],
            "kind": np.array([mean for mean, _ in LEAN.values()])
            + np.array([sd for _, sd in LEAN.values()]) * z["kind"],
            "panel": np.array([OWN_COUNT if count else OWN_LEAN for *_, count in self.panels]) * z["panel"],
            "asked": ASKED * z["asked"],
            "accounts": np.array([np.log(self.accounts[name][0]) for name in PLATFORMS])
            + np.array([self.accounts[name][1] for name in PLATFORMS]) * z["accounts"],
            "reach": np.log(REACH[0]) + REACH[1] * z["reach"],
            "declared": AGE_OF_ACCOUNTS * z["declared"],
        }

    def errors(self, x: Array) -> Array:
        """Return standardised errors: of the rows, of the profile's bends, of the unknowns beforehand."""
        off = self.row_errors(x)
        # Minors may not be on the profile's curve: they are left out of its bends.
        bends = np.diff(self.unpacked(x)["profile"][:, 1:], n=2).ravel() / STEP
        # Half the square of what stands here is the pseudo-Huber loss: off while small, then its root.
        return np.concatenate((off * np.sqrt(2.0 / (1.0 + np.sqrt(1.0 + off**2))), bends, x))

    def row_errors(self, x: Array) -> Array:
        """Return published less expected figures in standard deviations, (row,)."""
        known = self.unpacked(x)
        half = known["women"][..., None, None] * np.array([[0.5], [-0.5]])
        shares = expit(known["log_odds"][:, :, None, :] + half).swapaxes(0, 1)
        own = np.where(
            self.is_reach[:, None], known["reach"], (known["accounts"][:, None] + known["declared"])[self.platform]
        )
        each = np.where(self.is_count[:, None], np.exp(own), 1.0)
        by_sex = np.einsum("rasb,rasb,rb->rs", self.people, shares[self.platform], each)
        users = by_sex.sum(axis=1)
        # Online, a band could be asked for more users than it has people online: kept below all of them.
        used = logit(np.where(self.is_count, 0.5, np.minimum(users / self.asked, 0.99)))
        leans = known["kind"][self.kind] + np.where(self.is_asked, known["asked"][self.country, self.platform], 0.0)
        expected = np.where(self.is_count, np.log(users), used + leans) + known["panel"][self.panel]
        expected = np.where(self.is_women, logit(by_sex[:, 0] / users), expected)
        return np.asarray((self.seen - expected) / self.sd)


def _sd(row: Row) -> float:
    """Return the sd of a figure's own noise and of its age."""
    if row.count == "women":
        return float(np.hypot(WOMEN_NOISE, row.drift / 2.0))
    if row.is_accounts:
        return float(np.hypot(COUNT_NOISE, row.drift))
    return float(np.hypot(PART_NOISE if min(row.age_max, 80) - row.age_min < 35 else NOISE, row.drift))


def _people(row: Row, residents: Mapping[str, Array]) -> Array:
    """Return residents of the row's areas, ages and sex by area, sex and band, (4, 2, 7)."""
    by_year = np.stack([residents[area] * (area in PARTS[row.area]) for area in AREAS])
    ages = np.arange(by_year.shape[-1])
    counted = by_year * ((ages >= row.age_min) & (ages <= row.age_max))
    counted = counted * np.array([[row.sex != "men"], [row.sex != "women"]])
    return np.add.reduceat(counted, FIRST_AGES, axis=-1)
