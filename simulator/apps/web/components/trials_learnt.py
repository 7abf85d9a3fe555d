"""On the sheet of a kept trial: the past campaigns that its figures rest on, joined or left."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import formats
from simulator.apps.web.components.trials_save import append
from simulator.apps.web.escape import plain
from simulator.apps.web.texts import Texts
from simulator.library import Kept

if TYPE_CHECKING:
    from simulator import Calibration
    from simulator.library.database import Store


def show(store: Store, kept: Kept, texts: Texts) -> None:
    """Say on how many past campaigns the trial rests; offer those in use, or to do without.

    Once a result is entered nothing is offered: figures fitted with the result in sight would prove nothing.
    """
    learnt = kept.scenario.calibration
    if learnt is not None:
        date = formats.date(learnt.created, texts.language)
        said = texts.plural("trials.learnt.rests", learnt.rows, count=learnt.rows, date=date)
        st.caption(f"{said} {texts('clients.named', name=plain(learnt.name, 60))}" if learnt.name else said)
    if kept.scenario.actual is not None:
        return
    current = past.current()
    if current is not None and not _same(current, learnt):
        label = texts.plural("trials.learnt.use", current.rows, count=current.rows)
        if st.button(label, key="learnt_use"):
            _change(store, kept, current, texts)
    if learnt is not None and st.button(texts("trials.learnt.leave"), key="learnt_leave"):
        _change(store, kept, None, texts)


def _change(store: Store, kept: Kept, learnt: Calibration | None, texts: Texts) -> None:
    """Keep a next version that announces what the model says with, or without, the past campaigns."""
    changed = kept.scenario.replace(calibration=learnt).with_figures()
    names = ("calibration", "figures", "model_version", "parameter_digest")
    append(store, kept, {name: getattr(changed, name) for name in names}, texts)


def _same(one: Calibration, other: Calibration | None) -> bool:
    """Say whether both learnt the same; the list of rows left out stays with the export."""
    if other is None:
        return False
    first, second = (dataclasses.replace(each, dropped=()).to_dict() for each in (one, other))
    return first == second
