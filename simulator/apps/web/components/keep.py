"""What to do with a simulation: keep it with title, client and notes, or take its link or program."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from simulator.apps.web import active_calibration as past
from simulator.apps.web import address
from simulator.apps.web import channels as beside
from simulator.apps.web import session as at_hand
from simulator.apps.web.library import library
from simulator.apps.web.messages import sentence
from simulator.apps.web.texts import Texts
from simulator.apps.web.trial_words import title, usual_title
from simulator.base.errors import InvalidInput, InvalidInputs, SimulatorError
from simulator.base.version import MODEL_VERSION
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Forecast
from simulator.library import Scenario, VersionConflict
from simulator.reference.places.place import Place

PAGE = Path(__file__).resolve().parent.parent / "pages" / "trials.py"
_OUTCOME = "_keep_outcome"


@dataclass(frozen=True)
class _Outcome:
    """What the last save of this campaign came to."""

    campaign: str
    saved: Scenario | None = None
    problem: SimulatorError | None = None


def show_keep(forecast: Forecast, campaign: Campaign, texts: Texts) -> None:
    """Draw the button and, behind it, the few things to write."""
    known = at_hand.current_scenario()
    with st.popover(texts("trials.keep.button"), key="keep"):
        outcome = _latest(campaign)
        if known:
            st.markdown(texts("trials.keep.opened", title=title(known.title, texts)))
        with st.form("keep_form", border=False):
            st.text_input(
                texts("trials.field.title"),
                value=known.typed_title if known else "",
                key=f"keep_title_{known.id if known else ''}",
                placeholder=usual_title(campaign, texts),
                autocomplete="off",
            )
            _problem("title", outcome, texts)
            st.text_input(
                texts("trials.field.client"),
                value=known.client if known else "",
                key=f"keep_client_{known.id if known else ''}",
                autocomplete="off",
            )
            _problem("client", outcome, texts)
            st.text_area(
                texts("trials.field.notes"),
                value=known.notes if known else "",
                key=f"keep_notes_{known.id if known else ''}",
                height=80,
            )
            _problem("notes", outcome, texts)
            over = bool(known) and st.form_submit_button(texts("trials.keep.over"))
            new = st.form_submit_button(texts("trials.keep.another" if known else "trials.keep.save"))
        if over or new:
            outcome = _save(forecast, campaign, texts, known if over else None)
        _say(outcome, texts)


def _latest(campaign: Campaign) -> _Outcome | None:
    """Return the outcome of the last save, as long as the campaign is still that one."""
    outcome = st.session_state.get(_OUTCOME)
    return outcome if isinstance(outcome, _Outcome) and outcome.campaign == campaign.to_json() else None


def _save(forecast: Forecast, campaign: Campaign, texts: Texts, over: at_hand.CurrentScenario | None) -> _Outcome:
    known = at_hand.current_scenario()
    suffix = known.id if known else ""
    typed = {name: str(st.session_state[f"keep_{name}_{suffix}"] or "") for name in ("title", "client", "notes")}
    typed["title"] = typed["title"].strip() or usual_title(campaign, texts)
    try:
        made = _made(typed, forecast, campaign, over, texts.language)
        saved = library().save(made, over.version if over else 0)
    except SimulatorError as error:
        outcome = _Outcome(campaign.to_json(), problem=error)
    else:
        outcome = _Outcome(campaign.to_json(), saved=made)
        at_hand.work_on(made, saved.version)
    st.session_state[_OUTCOME] = outcome
    # The form is drawn again with what was kept as its start.
    st.rerun()
    return outcome


def _made(
    typed: dict[str, str], forecast: Forecast, campaign: Campaign, over: at_hand.CurrentScenario | None, language: str
) -> Scenario:
    learnt = past.current()  # what the forecast on the screen rests on
    if over is None:
        own = beside.to_keep(st.session_state, campaign, None, language)
        made = Scenario(campaign=campaign, seed=forecast.seed, calibration=learnt, **own, **typed)
        return made.with_figures(None if made.overrides else forecast)
    before = library().load(over.id, over.version)
    if before.actual is not None and before.campaign != campaign:
        # A result belongs to the campaign that ran.
        raise InvalidInput("result_of_another", field="actual")
    if before.actual is not None:
        # Figures made with the result in sight would prove nothing: what was announced stays.
        return before.replace(**typed)
    own = beside.to_keep(st.session_state, campaign, before, language)
    changed = before.replace(**typed, **own, campaign=campaign, seed=forecast.seed, calibration=learnt)
    return changed.with_figures(None if changed.overrides else forecast)


def _problem(field: str, outcome: _Outcome | None, texts: Texts) -> None:
    problem = outcome.problem if outcome else None
    for one in problem.problems if isinstance(problem, InvalidInputs) else (problem,):
        if one is not None and one.data.get("field") == field:
            st.error(sentence(one, texts))


def _say(outcome: _Outcome | None, texts: Texts) -> None:
    if outcome is None:
        return
    if outcome.saved is not None:
        st.success(texts("trials.keep.done", title=title(outcome.saved.title, texts)))
        st.page_link(PAGE, label=texts("trials.keep.see"))
    elif isinstance(outcome.problem, VersionConflict):
        _conflict(outcome.problem, outcome, texts)
    elif outcome.problem is not None and outcome.problem.data.get("field") not in ("title", "client", "notes"):
        st.error(sentence(outcome.problem, texts))


def _conflict(problem: VersionConflict, outcome: _Outcome, texts: Texts) -> None:
    """Somebody saved in between: nothing was written, and both can be kept."""
    fields = [one.field.split(".")[-1] for one in problem.changed]
    names = dict.fromkeys(texts.entries.get(f"field.{name}") or texts.choice("trials.field", name) for name in fields)
    st.warning(texts("trials.keep.conflict", fields=", ".join(names) or texts("trials.keep.conflict_deleted")))
    if st.button(texts("trials.keep.conflict_over"), key="keep_conflict_over"):
        _settle(problem.mine, problem.latest, outcome)
    if st.button(texts("trials.keep.conflict_both"), key="keep_conflict_both"):
        _settle(problem.mine.copy_as_new(), 0, outcome)


def _settle(mine: Scenario, base_version: int, outcome: _Outcome) -> None:
    try:
        saved = library().save(mine, base_version)
    except SimulatorError as error:
        st.session_state[_OUTCOME] = _Outcome(outcome.campaign, problem=error)
    else:
        at_hand.work_on(mine, saved.version)
        st.session_state[_OUTCOME] = _Outcome(outcome.campaign, saved=mine)
    st.rerun()


def show_link(entries: dict[str, str], texts: Texts) -> None:
    """Draw the link with every value written out."""
    base = (st.context.url or "").split("?")[0].rstrip("/")
    with st.popover(texts("share.link"), key="share"):
        st.markdown(texts("share.link_note" if past.current() is None else "share.link_note_learnt"))
        if only_here(base):
            st.caption(texts("share.only_here"))
        st.code(f"{base}/?{address.link(entries, texts.language, MODEL_VERSION)}", language=None, wrap_lines=True)


def only_here(url: str) -> bool:
    """Say whether an address leads back to the computer that opens it."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False  # a name, or no address at all


def show_program(campaign: Campaign, seed: int, texts: Texts) -> None:
    """Draw the Python of the screen and the campaign as JSON, folded; uncoloured, since the colours are too pale."""
    with st.expander(texts("expert.title"), key="program"):
        learnt = past.current()
        st.markdown(texts("expert.python_note" if learnt is None else "expert.python_note_learnt"))
        file = "" if learnt is None else past.file_name(learnt)
        st.code(python_of(campaign, seed, file), language=None, wrap_lines=True)
        st.markdown(texts("expert.json"))
        st.code(campaign.to_json(), language=None, wrap_lines=True)


_TARGETING = ("age_min", "age_max", "gender", "interests", "audience_size")
_CAMPAIGN = (
    *("daily_budget", "duration_days", "currency", "start", "objective", "platforms"),
    *("creative_format", "trade", "frequency_cap", "budget_is", "tax", "bought_in"),
    "special_category",
)


def python_of(campaign: Campaign, seed: int = 0, calibration: str = "") -> str:
    """Return a program; what is as by default is left out.

    ``calibration`` names the file of what past campaigns have taught, where the screen uses them.
    """
    targeting = campaign.targeting
    inner = [f"places=[{', '.join(map(_place, targeting.places))}]"]
    inner += _changed(targeting, _TARGETING)
    outer = _changed(campaign, _CAMPAIGN)
    others = f", seed={seed}" if seed else ""
    others += ", calibration=calibration" if calibration else ""
    names = ["Campaign", "Place", "Targeting", "budget_curve", "simulate"]
    lines = [
        f"from simulator import {', '.join(['Calibration', *names] if calibration else names)}",
        "",
        *([f"calibration = Calibration.load({calibration!r})"] if calibration else []),
        "campaign = Campaign(",
        f"    targeting=Targeting({', '.join(inner)}),",
        *(f"    {entry}," for entry in outer),
        ")",
        f"forecast = simulate(campaign{others})",
        "print(forecast.to_frame())",
        f"print(budget_curve(campaign, [1, 2, 5, 10, 20, 50]{others}))",
    ]
    return "\n".join(lines) + "\n"


def _place(place: Place) -> str:
    if place.kind != "circle":
        return f"Place.{place.kind}({place.code!r})"
    if not place.code:
        where = f"{place.latitude!r}, {place.longitude!r}, country={place.country_code!r}"
        return f"Place.at({where}, radius_km={place.radius_km:g}, label={place.label!r})"
    named = f"{place.label} ({place.code})"
    return f"Place.around({named!r}, country={place.country_code!r}, radius_km={place.radius_km:g})"


def _changed(model: Campaign | Targeting, names: tuple[str, ...]) -> list[str]:
    """Return ``name=value`` for every entry that is not as by default."""
    fields = type(model).model_fields
    said = []
    for name in names:
        value: Any = getattr(model, name)
        if value != fields[name].default:
            written = (
                f"{value:.12g}" if isinstance(value, float) else repr(value.isoformat() if name == "start" else value)
            )
            said.append(f"{name}={written}")
    return said
