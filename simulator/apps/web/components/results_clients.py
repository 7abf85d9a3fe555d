"""Several files at once: those of an advisor's clients, of whom a benchmark by trade and zone is learnt."""

from __future__ import annotations

import streamlit as st

from simulator.apps.web import exports, formats
from simulator.apps.web.components.results_read import currency_of
from simulator.apps.web.escape import figures, plain
from simulator.apps.web.texts import Texts
from simulator.learning.calibrate import FEWEST_ACCOUNTS

TRADE, ZONE = "clients_trade", "clients_zone"
LONGEST = 60
"""Characters of a trade and of a zone."""


def show(export: exports.Export, texts: Texts) -> bool:
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
