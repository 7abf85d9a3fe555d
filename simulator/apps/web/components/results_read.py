"""What was read from an export: a summary, remarks on rows, the rows themselves, what they can teach."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import diagnostics, exports, formats, learnt_words
from simulator.apps.web.escape import figures, plain
from simulator.apps.web.texts import Texts

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
        for code, data in diagnostics.diagnose(export.frame)
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
    if code == "mixed_currencies":
        return texts(key, currencies=plain(", ".join(data["currencies"])))
    if code == "several_goals":
        return texts(key, goals=learnt_words.goals(data["goals"], texts))
    if code == "parts_rows":
        return texts(key, parts=", ".join(exports.part(name, texts) for name in data["parts"]))
    return texts(key, **data)
