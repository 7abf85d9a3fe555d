"""Two to six kept trials side by side: what differs, what it changes, and whether that is more than noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from simulator.apps.web import formats, trial_words
from simulator.apps.web.library import compared, compared_curves
from simulator.apps.web.messages import sentence
from simulator.apps.web.tables import count
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.evaluation import Comparison
from simulator.evaluation.compare import LETTERS
from simulator.presentation.charts import Palette
from simulator.presentation.charts.overlaid import overlaid

if TYPE_CHECKING:
    from simulator.library.database import Store


def show(store: Store, keys: Sequence[str], texts: Texts, palette: Palette, back: Callable[[], None]) -> None:
    """Draw the comparison of these trials."""
    st.button(texts("trials.back"), key="back", type="tertiary", on_click=back)
    st.subheader(texts("trials.compare.title"), anchor=False)
    try:
        titles = [store.load(key).title for key in keys]
        with st.spinner(texts("trials.compare.working")):
            comparison = compared(store, keys)
    except SimulatorError as error:
        st.error(sentence(error, texts))
        return
    names = [trial_words.variant(place, titles, texts) for place in range(len(keys))]
    st.markdown("  \n".join(names))
    _pairs(comparison, names, texts)
    st.subheader(texts("trials.compare.inputs"), anchor=False)
    rows = trial_words.inputs(comparison, LETTERS[: len(names)], texts)
    if rows:
        st.table(rows, hide_index=True, border="horizontal")
    else:
        st.markdown(texts("trials.compare.no_inputs"))
    st.subheader(texts("trials.compare.figures"), anchor=False)
    st.caption(texts("trials.compare.figures_note"))
    st.table(trial_words.side_by_side(comparison, LETTERS[: len(names)], texts), hide_index=True, border="horizontal")
    _curves(comparison, compared_curves(store, keys), names, texts, palette)


def _pairs(comparison: Comparison, names: Sequence[str], texts: Texts) -> None:
    """Say every difference from the first one; the other pairs are folded."""
    total = len(names)
    for second in range(1, total):
        _pair(comparison, 0, second, texts)
    others = [(a, b) for a in range(1, total) for b in range(a + 1, total)]
    if others:
        with st.expander(texts("trials.compare.other_pairs"), key="other_pairs"):
            for first, second in others:
                _pair(comparison, first, second, texts)


def _pair(comparison: Comparison, first: int, second: int, texts: Texts) -> None:
    letters = LETTERS[first], LETTERS[second]
    st.markdown(texts("trials.compare.pair", first=letters[0], second=letters[1]))
    said = [
        trial_words.pair(comparison.difference(metric, first, second), *letters, comparison.currency, texts)
        for metric in trial_words.PAIRED
    ]
    st.markdown("\n".join(f"- {line}" for line in said))


def _curves(
    comparison: Comparison, points: list[dict[str, Any]], names: Sequence[str], texts: Texts, palette: Palette
) -> None:
    st.subheader(texts("trials.compare.curves"), anchor=False)
    st.caption(" · ".join(names))
    currency = comparison.currency
    chosen = [
        {
            "letter": LETTERS[place],
            "budget": one.spend_per_day(currency),
            "people": comparison.band("reach", place).p50,
        }
        for place, one in enumerate(comparison.variants)
    ]
    labels = {name: texts(f"curve.{name}") for name in ("x", "y", "budget", "median", "low", "high")}
    labels["letter"] = texts("trials.compare.trial")
    around = formats.around_amount(currency, texts.language)
    rows, spec = overlaid(points, chosen, labels, palette, texts.language, money_format=around)
    said = "; ".join(
        texts(
            "trials.compare.curve_alt",
            letter=one["letter"],
            money=formats.money(float(one["budget"]), currency, texts.language),
            count=count(float(one["people"]), texts),
        )
        for one in chosen
    )
    st.vega_lite_chart(rows, spec, width="stretch", theme=None, alt=said, key="compared_curves")
