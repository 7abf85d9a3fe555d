"""What was read from an export: summary, remarks, rows, what they can teach; of one client or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from simulator.apps.web import active_calibration, exports, formats
from simulator.apps.web.formats import figures, plain
from simulator.apps.web.texts import Texts
from simulator.learning.calibrate import FEWEST_ACCOUNTS
from simulator.reference.parameters import currencies as known_currencies
from simulator.reference.parameters import is_rate_assumed

if TYPE_CHECKING:
    import pandas as pd

FEW = 3
"""Campaigns below which little can be learnt."""
SAME_BUDGET = 1.5
"""Largest spend a day over smallest that is still one budget."""
OFTEN = ((3, 2.0), (7, 4.0))
"""Days and times a person: so many times in so few days looks like people chosen from a list."""
OFTEN_SHARE = 0.5
"""Share of campaigns from which it is said."""
MOST_SHARE = 0.5
"""Share of rows without a figure from which the file is said to lack it."""
TIMES = ("day", "week", "month")

Diagnosis = tuple[str, dict[str, Any]]


def diagnose(frame: pd.DataFrame) -> list[Diagnosis]:
    """Return what to know about the campaigns of an export, the gravest first."""
    currencies = sorted(frame["currency"].dropna().unique())
    return [*_of_rows(frame, currencies), *_of_campaigns(frame, currencies)]


def _of_rows(frame: pd.DataFrame, currencies: list[str]) -> list[Diagnosis]:
    """Return what the rows lack, or have too much of."""
    found: list[Diagnosis] = []
    parts = tuple(frame.attrs.get("breakdowns", ()))
    count = _campaigns(frame)
    if len(currencies) > 1:
        found.append(("mixed_currencies", {"currencies": currencies}))
    known = set(known_currencies())
    assumed = [code for code in currencies if code in known and is_rate_assumed(code)]
    for code, which in (("no_rate", sorted(set(currencies) - known)), ("rate_assumed", assumed)):
        if which:
            found.append((code, {"currencies": which}))
    if count < FEW:
        found.append(("few_rows", {"count": count}))
    if not parts and _shares_report(frame).mean() >= MOST_SHARE:
        found.append(("no_dates", {"days": int(frame["days"].median())}))
    if not parts and frame["reach"].isna().mean() >= MOST_SHARE:
        found.append(("no_reach", {}))
    if set(parts) & set(TIMES):
        found.append(("days_rows", {}))
    elif parts:
        found.append(("parts_rows", {"parts": parts}))
    return found


def _shares_report(frame: pd.DataFrame) -> pd.Series:
    """Return which campaigns have a first or last day of the report in common: how long they ran is then guessed."""
    no_start = frame["start_is_reporting"] & (not frame.attrs.get("starts_told", False))
    no_end = frame["end_is_reporting"]
    shared = {name: frame[name].duplicated(keep=False) for name in ("start", "end")}
    both = no_start & no_end & frame.duplicated(["start", "end"], keep=False)
    return both | (no_start & ~no_end & shared["start"]) | (no_end & ~no_start & shared["end"])


def _of_campaigns(frame: pd.DataFrame, currencies: list[str]) -> list[Diagnosis]:
    """Return what is peculiar about budgets, frequency and objectives."""
    found: list[Diagnosis] = []
    a_day = (frame["spend"] / frame["days"]).to_numpy(dtype=float)
    a_day = a_day[a_day > 0]
    if _campaigns(frame) >= 2 and len(a_day) > 1 and a_day.max() <= SAME_BUDGET * a_day.min():
        found.append(
            ("one_budget", {"amount": float(np.median(a_day)), "currency": currencies[0] if currencies else "EUR"})
        )
    often = _often(frame)
    if len(often) and often.mean() >= OFTEN_SHARE:
        found.append(("retargeting", {"count": int(often.sum())}))
    goals = sorted(frame["objective"].dropna().unique())
    if len(goals) > 1:
        found.append(("several_goals", {"goals": goals}))
    elif not goals:
        found.append(("no_goal", {}))
    return found


def _campaigns(frame: pd.DataFrame) -> int:
    """Return campaigns (or ad sets, ads): rows of one name are parts of one."""
    if not frame.attrs.get("breakdowns"):
        return len(frame)
    names = [name for name in ("campaign", "ad_set", "ad") if frame[name].notna().any()]
    return len(frame[names].drop_duplicates()) if names else len(frame)


def _often(frame: pd.DataFrame) -> np.ndarray:
    frequency, days = frame["frequency"].to_numpy(dtype=float), frame["days"].to_numpy(dtype=float)
    found = np.zeros(len(frame), dtype=bool)
    for most_days, times in OFTEN:
        found |= (days <= most_days) & (frequency >= times)
    return found


MOST_NOTES = 60
MOST_ROWS = 50


def show(export: exports.Export, texts: Texts) -> None:
    """Draw what was read."""
    frame = export.frame
    if frame is None:
        return
    st.header(texts("results.read.title"), anchor=False)
    if frame.empty:
        st.warning(texts("results.read.empty"))
        return
    st.markdown(
        texts.plural(
            "results.read.summary",
            len(frame),
            file=plain(_name(export, texts)),
            count=formats.number(len(frame), texts.language),
            period=exports.period(frame, texts),
            level=exports.level(frame, texts),
        )
    )
    st.markdown(_figures(export, texts))
    _notes(export, texts)
    _rows(export, texts)


def _name(export: exports.Export, texts: Texts) -> str:
    """Return the name of the file; how many where there are several, in the language of now."""
    count = sum(part.frame is not None for part in export.parts)
    return texts.plural("clients.files", count, count=count) if export.parts else export.name


def diagnosis(export: exports.Export, texts: Texts) -> None:
    """Draw what to know before learning."""
    if export.frame is None or export.frame.empty:
        return
    said = [
        # Of clients each has its own file already.
        texts("clients.mixed_currencies", currencies=plain(", ".join(data["currencies"])))
        if code == "mixed_currencies" and export.are_clients
        else _said(code, data, texts)
        for code, data in diagnose(export.frame)
    ]
    if said:
        st.subheader(texts("results.diagnosis.title"), anchor=False)
        st.markdown("\n".join(f"- {line}" for line in said))


def currency_of(export: exports.Export | None) -> str:
    """Return the money most rows are in."""
    if export is None or export.frame is None:
        return "EUR"
    known = export.frame["currency"].dropna()
    return str(known.mode().iloc[0]) if len(known) else "EUR"


def _figures(export: exports.Export, texts: Texts) -> str:
    frame, currency = export.frame, currency_of(export)
    spend, impressions, clicks = (float(frame[name].sum()) for name in ("spend", "impressions", "link_clicks"))
    if frame["currency"].nunique() > 1 or impressions <= 0:
        return ""
    said = {
        "spend": formats.money(round(spend), currency, texts.language),
        "impressions": formats.number(impressions, texts.language),
        "cpm": formats.fine_money(1000 * spend / impressions, currency, texts.language),
        "cpc": formats.fine_money(spend / clicks, currency, texts.language) if clicks > 0 else "",
    }
    key = "results.read.figures_clicks" if clicks > 0 else "results.read.figures"
    return figures(texts(key, **said))


def _notes(export: exports.Export, texts: Texts) -> None:
    count = len(export.warnings)
    if not count:
        st.caption(texts("results.read.no_notes"))
        return
    label = texts.plural("results.read.notes", count, count=formats.number(count, texts.language))
    folded = st.expander(label, key="notes", on_change="rerun")
    if folded.open:
        with folded:
            head = (texts("results.read.where"), texts("results.read.what"))
            rows = [dict(zip(head, pair, strict=True)) for pair in exports.notes(export, texts, MOST_NOTES)]
            st.table(rows, hide_index=True, border="horizontal")
            if count > MOST_NOTES:
                st.caption(texts("results.read.more", count=formats.number(count - MOST_NOTES, texts.language)))


def _rows(export: exports.Export, texts: Texts) -> None:
    folded = st.expander(texts("results.read.rows"), key="rows", on_change="rerun")
    if not folded.open:
        return
    frame, currency = export.frame, currency_of(export)
    rows = []
    for row in frame.head(MOST_ROWS).to_dict(orient="records"):
        money = formats.money(float(row["spend"]), str(row["currency"] or currency), texts.language)
        shown = {
            "campaign": plain(next((row[name] for name in ("ad", "ad_set", "campaign") if row[name]), "–"), 40),
            "start": exports.day(row["start"].date(), texts),
            "days": formats.number(row["days"], texts.language),
            "spend": figures(money),
            # As they stand in the file: this table is there to be compared with it.
            **{name: _count(row[name], texts) for name in ("impressions", "reach", "link_clicks")},
        }
        rows.append({texts(f"results.read.column.{name}"): value for name, value in shown.items()})
    with folded:
        st.table(rows, hide_index=True, border="horizontal")
        if len(frame) > MOST_ROWS:
            st.caption(texts("results.read.more", count=formats.number(len(frame) - MOST_ROWS, texts.language)))


def _count(value: float, texts: Texts) -> str:
    return "–" if value != value else formats.number(value, texts.language)


def _said(code: str, data: dict[str, object], texts: Texts) -> str:
    key = f"results.diagnosis.{code}"
    if code in ("few_rows", "retargeting"):
        return texts.plural(key, data["count"], count=data["count"])
    if code == "one_budget":
        return texts(key, amount=figures(formats.money(data["amount"], data["currency"], texts.language)))
    if "currencies" in data:
        return texts(key, currencies=plain(", ".join(data["currencies"])))
    if code == "several_goals":
        return texts(key, goals=active_calibration.goals(data["goals"], texts))
    if code == "parts_rows":
        return texts(key, parts=", ".join(exports.part(name, texts) for name in data["parts"]))
    return texts(key, **data)


TRADE, ZONE = "clients_trade", "clients_zone"
LONGEST = 60
"""Characters of a trade and of a zone."""


def show_clients(export: exports.Export, texts: Texts) -> bool:
    """Draw the files one by one and ask whose they are; return whether something may be learnt from them."""
    if not export.parts:
        return True
    read = [part for part in export.parts if part.frame is not None and not part.frame.empty]
    if not read:
        return False
    st.table([_row(part, texts) for part in read], hide_index=True, border="horizontal")
    if not export.are_clients:
        return True
    if len(read) < FEWEST_ACCOUNTS:
        st.info(texts.plural("clients.too_few", len(read), count=len(read), fewest=FEWEST_ACCOUNTS))
        return False
    left, right = st.columns(2)
    for column, key in ((left, TRADE), (right, ZONE)):
        name = key.removeprefix("clients_")
        column.text_input(
            texts(f"clients.{name}"),
            key=key,
            max_chars=LONGEST,
            autocomplete="off",
            placeholder=texts(f"clients.{name}_example"),
            persist_state="session",
        )
    st.caption(texts("clients.benchmark_note"))
    return True


def name_of(export: exports.Export) -> str:
    """Return under what name is kept what an export teaches: the trade and the zone, else the file."""
    said = [str(st.session_state.get(key) or "").strip() for key in (TRADE, ZONE)] if export.are_clients else []
    return ", ".join(filter(None, said)) or ("" if export.parts else export.name)


def _row(part: exports.Export, texts: Texts) -> dict[str, str]:
    frame, currency = part.frame, currency_of(part)
    cells = {"file": plain(part.name, 40), "rows": "–", "spend": "–", "cpm": "–"}
    if frame is not None:
        cells["rows"] = formats.number(len(frame), texts.language)
    if frame is not None and frame["currency"].nunique() <= 1:
        spend, impressions = (float(frame[name].sum()) for name in ("spend", "impressions"))
        cells["spend"] = figures(formats.money(round(spend), currency, texts.language))
        if impressions > 0:
            cells["cpm"] = figures(formats.fine_money(1000 * spend / impressions, currency, texts.language))
    return {texts(f"clients.column.{name}"): value for name, value in cells.items()}
