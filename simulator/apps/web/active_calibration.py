"""What the visitor's own campaigns have taught: kept for the visit, used by Simuler, and in plain words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.apps.web import formats
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, SimulatorError, shown
from simulator.campaign.forecast import Forecast
from simulator.reference.parameters import load_parameters, units_per_euro
from simulator.reference.places import region_label

if TYPE_CHECKING:
    from simulator.learning import Calibration

_LEARNT = "_past_learnt"


def current() -> Calibration | None:
    """Return the calibration in use, if any."""
    return st.session_state.get(_LEARNT)


def use(calibration: Calibration) -> None:
    """Use a calibration from now on."""
    st.session_state[_LEARNT] = calibration


def forget() -> None:
    """Go back to the shipped figures."""
    st.session_state.pop(_LEARNT, None)


def follow(calibration: Calibration | None) -> None:
    """Use what a kept trial rests on, or the shipped figures, so that it gives its own figures again."""
    if calibration is None:
        forget()
    else:
        use(calibration)


def file_name(calibration: Calibration) -> str:
    """Return the name under which it is downloaded."""
    return f"adsim-{calibration.created.isoformat()}-{calibration.rows}.json"


def digest(calibration: Calibration) -> str:
    """Return what tells one calibration from another, by all that was learnt."""
    return calibration.digest


def opened(content: bytes) -> Calibration:
    """Read a calibration from a file, which may have been made up.

    Raises
    ------
    InvalidInput
        ``broken_calibration`` or ``future_version``, also where it speaks of goals or countries that do not exist.
    """
    from simulator.learning import Calibration

    learnt = Calibration.from_json(content)
    try:
        learnt.before_after(load_parameters())
        for entry in learnt.dropped:
            int(entry["row"]), str(entry["reason"])
    except (SimulatorError, KeyError, ValueError, TypeError, OverflowError) as error:
        raise InvalidInput("broken_calibration", field="calibration", received=shown(str(error))) from None
    return learnt


SAID = ("price_level", "price_objective", "ctr_link")
"""Roles that get a sentence of their own."""
LEAST_LEARNT = 0.05
"""Share of the doubt gone, below which the campaigns say nothing about a figure."""
LIKE = 0.1
"""A difference below this is none."""
CLEARLY = 0.03
"""Difference of two typical errors, in logarithms, from which one is said to be larger."""
HOMES = {"CAD": "CA", "CHF": "CH", "USD": "US", "GBP": "GB", "AUD": "AU", "PLN": "PL", "SEK": "SE"}
"""Country of a money that belongs to one."""
RIVALS = ("constant", "last")
"""What anybody could do without a model: repeat the mean price, or the last campaign."""


def learnt_lines(calibration: Calibration, currency: str, texts: Texts) -> list[str]:
    """Return one sentence for each figure that matters, before and after."""
    said = []
    for row in _rows(calibration):
        if row["role"] not in SAID or row["learnt"] < LEAST_LEARNT:
            continue
        after, before = (_value(row, which, currency, texts) for which in ("after_middle", "before_middle"))
        low, high = (_value(row, which, currency, texts) for which in ("after_low", "after_high"))
        data = {"before": before, "after": after, "low": low, "high": high, "what": _context(row, texts)}
        said.append(texts(f"results.said.{row['role']}", **data))
    return said


def learnt_table(calibration: Calibration, currency: str, texts: Texts) -> list[dict[str, str]]:
    """Return one row a figure that was learnt: what it is, before, after, how much."""
    head = [texts(f"results.table.{name}") for name in ("figure", "before", "after", "learnt")]
    # Goals of which the campaigns say the same share a line.
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in _rows(calibration):
        if row["learnt"] < LEAST_LEARNT:
            continue
        before, after = (
            texts(
                "results.table.band",
                **{part: _value(row, f"{when}_{part}", currency, texts) for part in ("low", "middle", "high")},
            )
            for when in ("before", "after")
        )
        learnt = formats.percent(round(max(row["learnt"], 0.0), 2), texts.language)
        alike.setdefault((row["role"], before, after, learnt), []).append(_context(row, texts))
    return [
        dict(zip(head, (texts(f"results.role.{role}", what=", ".join(contexts)), *said), strict=True))
        for (role, *said), contexts in alike.items()
    ]


def learnt_verdict(calibration: Calibration, texts: Texts) -> str:
    """Return in one sentence what the campaigns have taught."""
    if calibration.rows == 0:
        return texts("results.verdict.nothing")
    ratio = price_ratio(calibration)
    if ratio > 1 + LIKE:
        code = "dear"
    elif ratio < 1 - LIKE:
        code = "cheap"
    else:
        code = "like"
    percent = formats.percent(round(abs(ratio - 1), 2), texts.language)
    if calibration.accounts:
        clients = len(calibration.accounts)
        said = texts(f"clients.verdict.{code}", count=calibration.rows, clients=clients, percent=percent)
    else:
        start = texts.plural("results.verdict.start", calibration.rows, count=calibration.rows)
        said = f"{start} {texts(f'results.verdict.{code}', percent=percent)}"
    # A large percentage frightens: whether others differ by as much belongs to it.
    return said if code == "like" else f"{said} {texts(f'results.verdict.{_how_common(calibration)}')}"


def _how_common(calibration: Calibration) -> str:
    """Return whether all prices learnt lie where 8 accounts in 10 were expected."""
    rows = [row for row in _rows(calibration) if row["role"] == "price_level"]
    inside = all(row["before_low"] <= row["after_middle"] <= row["before_high"] for row in rows)
    return "ordinary" if inside else "rare"


def in_use(what: str, calibration: Calibration, texts: Texts) -> str:
    """Return on what Simuler rests: whose campaigns, how many, and the name they were given."""
    if calibration.accounts:
        said = texts(f"clients.use.{what}", count=calibration.rows, clients=len(calibration.accounts))
    else:
        said = texts.plural(f"results.use.{what}", calibration.rows, count=calibration.rows)
    return f"{said} {texts('clients.named', name=plain(calibration.name, 60))}" if calibration.name else said


def money_of(calibration: Calibration) -> str:
    """Return the money of the country that most campaigns ran in: a kept setting does not tell its own."""
    most = max(calibration.countries, key=calibration.countries.__getitem__, default="")
    return next((money for money, country_code in HOMES.items() if country_code == most), "EUR")


def price_ratio(calibration: Calibration) -> float:
    """Return what the account pays relative to what was assumed, all else equal, mean over its rows."""
    total = 0.0
    for row in _rows(calibration):
        if row["role"] == "price_level":
            weight = calibration.countries.get(row["context"], 0)
            total += weight * math.log(row["after_middle"] / row["before_middle"])
    return math.exp(total / max(sum(calibration.countries.values()), 1))


def narrower(before: Forecast, after: Forecast, texts: Texts) -> str:
    """Return how the range of people changes for the simulation on Simuler."""
    widths = [each.reach.p90 - each.reach.p10 for each in (before, after)]
    data = {
        f"{name}_{level}": formats.people(getattr(each.reach, level), texts.language)
        for name, each in (("before", before), ("after", after))
        for level in ("p10", "p50", "p90")
    }
    change = 1 - widths[1] / widths[0] if widths[0] > 0 else 0.0
    key = "narrower" if change > 0.02 else "wider" if change < -0.02 else "same"
    return texts(f"results.band.{key}", percent=formats.percent(round(abs(change), 2), texts.language), **data)


def tested_words(test: Mapping[str, Any], texts: Texts) -> list[str]:
    """Return what the back-test found, good or bad."""
    errors = {(row["metric"], row["method"]): row for row in test["errors"]}
    ours, without = errors.get(("reach", "calibrated")), errors.get(("reach", "uncalibrated"))
    if not test["origins"] or ours is None:
        return [texts("results.test.none")]
    said = [
        texts.plural(
            "results.test.inside", ours["n"], count=ours["n"], inside=round((ours["coverage"] or 0.0) * ours["n"])
        )
    ]
    factor = {name: _off(row, texts) for name, row in (("ours", ours), ("without", without)) if row}
    if without:
        said.append(texts("results.test.off", **factor))
        if ours["median_abs_log_error"] > without["median_abs_log_error"] + CLEARLY:
            said.append(texts("results.test.worse"))
    rivals = [errors[("reach", name)] for name in RIVALS if ("reach", name) in errors]
    best = min(rivals, key=lambda row: row["median_abs_log_error"], default=None)
    if best and best["median_abs_log_error"] < ours["median_abs_log_error"] - CLEARLY:
        said.append(texts(f"results.test.beaten_{best['method']}", off=_off(best, texts)))
    return said


def goals(codes: Sequence[str], texts: Texts) -> str:
    """Return goals in the quotation marks of the language."""
    marks = "«\u00a0{}\u00a0»" if texts.language == "fr" else "“{}”"
    return ", ".join(marks.format(texts.choice("objective", code)) for code in codes)


def country(code: str, texts: Texts) -> str:
    """Return the name of a country, or "all countries"."""
    return texts("results.world") if code in ("world", "") else plain(region_label(code, texts.language))


def _off(row: Mapping[str, Any], texts: Texts) -> str:
    """Return a typical error as a percentage: half of the forecasts were closer."""
    return formats.percent(math.expm1(row["median_abs_log_error"]), texts.language)


def _rows(calibration: Calibration) -> list[dict[str, Any]]:
    """Return the figures, those learnt most first."""
    frame = calibration.before_after(load_parameters())
    order = {role: place for place, role in enumerate(SAID)}
    return sorted(frame.to_dict(orient="records"), key=lambda row: (order.get(row["role"], len(SAID)), -row["learnt"]))


def _context(row: Mapping[str, Any], texts: Texts) -> str:
    if row["role"] == "price_level":
        return country(str(row["context"]), texts)
    return goals([str(row["context"])], texts) if row["context"] else ""


def _value(row: Mapping[str, Any], which: str, currency: str, texts: Texts) -> str:
    value = float(row[which])
    if row["role"] == "price_level":
        return figures(formats.fine_money(value * units_per_euro(currency), currency, texts.language))
    if row["role"] == "ctr_link":
        return formats.number(1000 * value, texts.language, 1)
    if row["role"] == "anchor_win_share":
        return formats.percent(value, texts.language)
    if row["role"] == "price_trend":
        share = math.expm1(value)
        return ("\u2212" if share < 0 else "") + formats.percent(abs(share), texts.language)
    return formats.number(formats.rounded(value), texts.language, 3).replace("-", "\u2212")
