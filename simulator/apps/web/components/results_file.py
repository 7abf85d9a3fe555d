"""The export: dropped, or an example taken instead; what a column holds, where the file does not say it plainly."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import streamlit as st

from simulator.apps.web import exports, formats
from simulator.apps.web.components import page_frame
from simulator.apps.web.components import results_state as state
from simulator.apps.web.components.modify import FIRST_CURRENCIES
from simulator.apps.web.formats import literal, plain
from simulator.apps.web.texts import Texts
from simulator.base.errors import SimulatorError
from simulator.reference.parameters import currencies

MOST_MB = 100
MOST_UNITS = 1e7
"""Units of a currency for one euro that may be typed."""
KINDS = ("csv", "xlsx", "tsv", "txt", "json", "jsonl", "zip")
EXAMPLES = {"fr": "EXEMPLE-chiffres-inventes-fr.csv", "en": "EXEMPLE-invented-figures-en.csv"}
SEVERAL, CLIENTS = "several_files", "are_clients"
_TWICE = "_results_twice"


def choose(texts: Texts) -> None:
    """Draw the place to drop a file, where to find one, and the examples; read what was just dropped."""
    several = bool(st.session_state.get(SEVERAL))
    page_frame.show(
        texts("clients.drop" if several else "results.drop"),
        KINDS,
        MOST_MB,
        texts,
        key="export_file",
        widget=_box(),
        on_change=_dropped,
        any_kind=True,  # the reader says in words what a PDF is, the box does not
        several=several,
    )
    _read_pending(texts)
    if several and (twice := st.session_state.get(_TWICE)):
        st.caption(texts.plural("clients.twice", twice, count=twice))
    st.caption(texts("results.private"))
    with st.container(horizontal=True):
        st.button(texts("results.try_example"), key="try_example", on_click=_example, args=(texts.language,))
        if state.export() is not None:
            label = texts("clients.remove" if several else "results.other_file")
            st.button(label, key="other_file", on_click=_remove)
    st.toggle(texts("clients.several"), key=SEVERAL, persist_state="session")
    if several:
        st.radio(
            texts("clients.whose"),
            [True, False],
            format_func=lambda are: texts("clients.clients" if are else "clients.one"),
            key=CLIENTS,
            on_change=_regroup,
            args=(texts,),
            persist_state="session",
        )
    with st.expander(texts("results.how.title"), key="how"):
        st.markdown(texts("results.how.steps"))
        st.caption(texts("results.example_note"))
        for language, name in EXAMPLES.items():
            st.download_button(
                texts(f"results.example.{language}"),
                _content(name),
                file_name=name,
                mime="text/csv",
                key=f"example_{language}",
                on_click="ignore",
            )


def refusal(export: exports.Export, texts: Texts) -> None:
    """Say why files could not be read, and ask for what would help."""
    for part in export.parts or (export,):
        if part.refusal is None:
            continue
        title = texts("clients.refused", file=plain(part.name)) if export.parts else texts("results.refused.title")
        st.error(f"**{title}.** {exports.refused(part.refusal, texts)}")
        # One form at a time: the next file asks once this one is read.
        asked = part.asked or part.refusal
        if asked.code == "missing_columns" and exports.headers_of(asked):
            _ask_columns(part, asked, texts)
            return
        if part.refusal.code == "ambiguous_dates":
            _ask_dates(part, texts)
            return


def doubts(export: exports.Export, texts: Texts) -> None:
    """Let the other reading of ambiguous dates be chosen; ask for a currency that the file lacks."""
    for part in export.parts or (export,):
        if part.frame is None or part.frame.empty:
            continue
        repeated = part.keep_repeated or any(one["code"] == "repeated_row" for one in part.warnings)
        has_rate = part.units_per_euro is not None or not part.without_rate()
        asked = {
            _ask_dates: part.order() is not None,
            _ask_money: not part.tells_money(),
            _ask_rate: part.units_per_euro is not None or not has_rate,
            _ask_repeated: repeated,
        }
        if export.parts and (any(asked.values()) or part.asked):
            st.caption(plain(part.name))
        for ask, is_asked in asked.items():
            if is_asked:
                ask(part, texts)
        if part.asked is not None:
            with st.expander(texts("results.map.change"), key=f"change_{part.name}"):
                _ask_columns(part, part.asked, texts)


def _ask_columns(export: exports.Export, error: SimulatorError, texts: Texts) -> None:
    """Ask which column holds what is missing; what was chosen, or a header that very likely holds it, is proposed."""
    headers = exports.headers_of(error)
    missing, besides = list(error.data["missing"]), exports.untold(error)
    if export.refusal is not None:
        st.header(texts("results.map.title"), anchor=False)
    of = "" if export.refusal is not None else f"_{export.name}"
    with st.form(f"mapping{of}", border=False):
        chosen = {}
        for name in (*missing, *besides):
            near = export.mapping.get(name) or exports.likely(error, name)
            said = exports.field(name, texts)
            label = f"{said[:1].upper()}{said[1:]}"
            chosen[name] = st.selectbox(
                texts("results.map.optional", field=label) if name in besides else label,
                headers,
                index=headers.index(near) if near in headers else None,
                format_func=literal,
                placeholder=texts("results.map.none"),
                key=f"map_{name}{of}",
            )
        sent = st.form_submit_button(texts("results.map.apply"))
    st.caption(texts("results.map.note"))
    if not sent:
        return
    told = {name: header for name, header in chosen.items() if header}
    if not all(name in told for name in missing):
        st.warning(texts("results.map.incomplete"))
        return
    if len(set(told.values())) < len(told):
        st.warning(texts("results.map.twice"))
        return
    after = _again(export, mapping=told, asked=error)
    state.remember_mapping(headers, told if after.refusal is None else {})  # a wrong choice is forgotten
    _keep(export, after, texts)


def _ask_dates(export: exports.Export, texts: Texts) -> None:
    options = {"day": True, "month": False}
    now = export.order()
    chosen = st.radio(
        texts("results.dates.ask"),
        list(options),
        index=None if now is None else list(options.values()).index(now),
        format_func=lambda code: texts(f"results.dates.{code}"),
        horizontal=True,
        key=f"dates_order_{state.turn()}_{export.name}",
    )
    if chosen and options[chosen] != now:
        _keep(export, _again(export, day_first=options[chosen]), texts)


def _ask_money(export: exports.Export, texts: Texts) -> None:
    codes = [*FIRST_CURRENCIES, *(code for code in currencies() if code not in FIRST_CURRENCIES)]
    chosen = st.selectbox(
        texts("results.money.ask"),
        codes,
        index=codes.index(export.currency) if export.currency in codes else None,
        format_func=lambda code: formats.currency_label(code, texts.language),
        placeholder=texts("results.money.untold"),
        help=texts("results.money.note"),
        key=f"money_{state.turn()}_{export.name}",
    )
    if chosen and chosen != export.currency:
        _keep(export, _again(export, currency=chosen), texts)


def _ask_rate(export: exports.Export, texts: Texts) -> None:
    codes = ", ".join(export.without_rate()) or export.currency
    typed = st.number_input(
        texts("results.rate.ask", currency=plain(codes)) if codes else texts("results.rate.again"),
        min_value=0.0,
        max_value=MOST_UNITS,
        value=export.units_per_euro,
        format="%.5g",
        help=texts("results.rate.note"),
        key=f"rate_{state.turn()}_{export.name}",
    )
    if typed and typed != export.units_per_euro:
        _keep(export, _again(export, units_per_euro=typed), texts)


def _ask_repeated(export: exports.Export, texts: Texts) -> None:
    key = f"repeated_{state.turn()}_{export.name}"
    chosen = st.toggle(texts("results.repeated.ask"), value=export.keep_repeated, key=key)
    if chosen != export.keep_repeated:
        _keep(export, _again(export, keep_repeated=chosen), texts)


def _again(export: exports.Export, **said: Any) -> exports.Export:
    """Read a file again with the settings just chosen."""
    return exports.opened(export.name, export.content, **{**export.said(), "asked": export.asked, **said})


def _keep(before: exports.Export, after: exports.Export, texts: Texts) -> None:
    """Look at a file read anew, alone or among others."""
    whole = state.export()
    if whole is not None and whole.parts:
        parts = [after if part is before else _with_known_columns(part) for part in whole.parts]
        after = exports.together(parts, whole.are_clients, texts)
    state.keep_export(after)
    st.rerun()


def _read_pending(texts: Texts) -> None:
    """Read what was just dropped."""
    dropped = state.take_pending()
    if not dropped:
        return
    with st.spinner(texts("results.reading")):
        found = [_opened(name, content) for name, content in dropped]
    if st.session_state.get(SEVERAL):
        state.keep_export(exports.together(found, _are_clients(), texts))
    else:
        state.keep_export(found[-1])


def _opened(name: str, content: bytes) -> exports.Export:
    """Read a file with the settings chosen before for it or for files of its form."""
    whole = state.export()
    for known in (whole.parts or (whole,)) if whole is not None else ():
        if (known.name, known.content) == (name, content):
            return known
    return _with_known_columns(exports.opened(name, content, {}))


def _with_known_columns(found: exports.Export) -> exports.Export:
    """Read a file of unknown headers with the columns chosen for others of its form."""
    if found.refusal is None or found.refusal.code != "missing_columns":
        return found
    headers = exports.headers_of(found.refusal)
    mapping = state.mapping_for(headers)
    after = _again(found, mapping=mapping, asked=found.refusal) if mapping else found
    if mapping and after.refusal is not None:
        state.remember_mapping(headers, {})
        return found
    return after


def _box() -> str:
    """Return the key of the box: another one empties it, or takes several files."""
    return f"export_file{'s' if st.session_state.get(SEVERAL) else ''}_{state.turn()}"


def _are_clients() -> bool:
    return bool(st.session_state.get(CLIENTS, True))


def _dropped() -> None:
    uploaded = st.session_state[_box()]
    some = uploaded if isinstance(uploaded, list) else [uploaded] if uploaded is not None else []
    if not some:
        state.forget_export()
        return
    # The same file dropped twice is one file.
    once = {one.getvalue(): one.name for one in some}
    st.session_state[_TWICE] = len(some) - len(once)
    state.put_pending([(name, content) for content, name in once.items()])


def _regroup(texts: Texts) -> None:
    whole = state.export()
    if whole is not None and whole.parts:
        state.keep_export(exports.together(whole.parts, _are_clients(), texts))


def _remove() -> None:
    st.session_state.pop(_TWICE, None)
    state.forget_export()
    state.empty_box()


def _example(language: str) -> None:
    name = EXAMPLES[language]
    st.session_state[SEVERAL] = False
    state.empty_box()
    state.put_pending([(name, _content(name))])


def _content(name: str) -> bytes:
    return files("simulator.learning").joinpath("examples", name).read_bytes()
