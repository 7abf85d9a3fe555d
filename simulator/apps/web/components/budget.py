"""How much a day, for how long; or backwards: from people, clicks or enquiries wanted to the amount."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from simulator.apps.web import cache, formats
from simulator.apps.web import session as late
from simulator.apps.web.choices import AIMS, DAYS, DEFAULTS, GOAL_KINDS, GOAL_SURE, OTHER, STEPS, Attempt, attempt
from simulator.apps.web.formats import figures
from simulator.apps.web.messages import problem_of_field, reason_sentence, sentence
from simulator.apps.web.session import touched
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, shown
from simulator.campaign.campaign import DAILY_BUDGET_EUR, Campaign
from simulator.planning import Plan
from simulator.presentation.wording import bill_notes, leaves
from simulator.reference.parameters import DOORS, least_daily_budget, load_parameters, tax_situations, units_per_euro

_WIDTH_OTHER = 96
"""Pixels for another amount."""
_ONE_AMOUNT = ("daily_budget", "amount")
"""The slider and the field beside it: each sets the other."""
_THUMB = '.st-key-daily_budget [data-testid="stSliderThumbValue"] p'


def show(texts: Texts, trial: Attempt, *, follows: bool = False) -> None:
    """Draw the slider of amounts, the field for another one, and the days; ``follows``: a goal sets the amount."""
    state = st.session_state
    before, after = formats.around_amount(state["currency"], texts.language)
    # The address must hold the bare number, so the sign of the currency is drawn beside it.
    st.html(f"<style>{_THUMB}::before {{content: '{before}'}} {_THUMB}::after {{content: '{after}'}}</style>")
    with st.container(horizontal=True, vertical_alignment="bottom", key="money"):
        st.select_slider(
            texts("budget.per_day"),
            options=sorted({*STEPS, state["daily_budget"]}),
            format_func=_as_code,
            value=DEFAULTS["daily_budget"],
            key="daily_budget",
            on_change=_slid,
            args=(texts.language,),
            bind="query-params",
            disabled=follows,
        )
        st.text_input(
            texts("budget.other"),
            key="amount",
            disabled=follows,
            on_change=_typed_amount,
            args=(texts.language,),
            width=_WIDTH_OTHER,
            autocomplete="off",
            placeholder=formats.symbol(state["currency"], texts.language),
        )
    problem_of_field("daily_budget", trial, texts)
    st.pills(
        texts("budget.days"),
        options=(*DAYS, OTHER),
        format_func=lambda days: texts("budget.other") if days == OTHER else texts("budget.day_short", count=days),
        key="days",
        required=True,
        on_change=_chose_days,
        persist_state="session",
    )
    if state["days"] == OTHER:
        st.text_input(
            texts("budget.days_typed"),
            key="duration_days",
            on_change=touched,
            autocomplete="off",
            persist_state="session",
        )
        problem_of_field("duration_days", trial, texts)


def show_leaves(texts: Texts, trial: Attempt) -> None:
    """Draw what leaves the account, over one folded question: the business's taxes, where it pays, all in or not."""
    label = texts("money.question")
    if trial.campaign is not None:
        label = f"{figures(leaves(trial.campaign, texts))} — :primary[{label}]"
    with st.expander(label, key="money_question"):
        country = {"FR": ("fr_", "dom_"), "CA": ("qc_", "ca_")}.get(str(st.session_state["country_code"]), ())
        st.selectbox(
            texts("money.tax"),
            sorted(tax_situations(), key=lambda code: code != "none" and not code.startswith(country)),
            format_func=lambda code: texts(f"tax.{code}"),
            key="tax",
            **_keep_goal,
        )
        st.segmented_control(
            texts("money.door"),
            DOORS,
            format_func=lambda door: texts(f"money.doors.{door}"),
            key="bought_in",
            required=True,
            **_keep_goal,
        )
        st.toggle(texts("money.all_in"), key="all_in", **_keep_goal)
        if trial.campaign is not None:
            st.markdown("\n".join(f"- {figures(note)}" for note in bill_notes(trial.campaign, texts)))


def _as_code(amount: float) -> str:
    return f"{amount:.12g}"


def _slid(language: str) -> None:
    """Take the slider's amount, and empty the field for another one."""
    touched()
    state = st.session_state
    if late.is_echo("daily_budget", _ONE_AMOUNT) and _typed(language):
        _typed_amount(language)
    elif state["amount"]:
        late.note_replacement("amount")
        state["amount"] = ""


def _typed_amount(language: str) -> None:
    """Move the slider to what was typed, if that is an amount; else leave both, to be explained."""
    touched()
    state = st.session_state
    if late.is_echo("amount", _ONE_AMOUNT):
        state["amount"] = ""
        return
    amount = _typed(language)
    if amount is not None:
        late.note_replacement("daily_budget")
        state["daily_budget"] = amount


def _typed(language: str) -> float | None:
    """Return what was typed, if it is an amount that may be spent."""
    state = st.session_state
    try:
        amount = formats.parse_number(state["amount"], "daily_budget", language)
    except InvalidInput:
        return None
    if not 0 < amount <= DAILY_BUDGET_EUR[1] * units_per_euro(state["currency"]):
        return None
    return int(amount) if amount.is_integer() else amount


def _chose_days() -> None:
    """Offer the days so far as the start of what is typed."""
    touched()
    state = st.session_state
    if state["days"] == OTHER and not state["duration_days"]:
        state["duration_days"] = str(DEFAULTS["days"])


_keep_goal = {"on_change": touched, "persist_state": "session"}
SLACK = 2e-3
"""What an amount may miss of the exact one before it is rounded up: far inside what is known."""
DIGITS = 2
CENT = 0.01


@dataclass(frozen=True)
class GoalAnswer:
    """The plan, or what stands in its way: a bad entry, or a missing trade."""

    plan: Plan | None = None
    problem: InvalidInput | None = None
    no_trade: bool = False
    budget: float = 0.0


def follow_goal(texts: Texts) -> GoalAnswer | None:
    """Set the amount a day by the goal, before anything is drawn; None where the budget is chosen."""
    state = st.session_state
    if state["aim"] != "goal":
        return None
    state["amount"] = ""
    trial = attempt(state, texts.language)
    if trial.campaign is None:
        return GoalAnswer()
    kind = state["goal_kind"]
    if kind == "enquiries" and trial.campaign.trade is None:
        return GoalAnswer(no_trade=True)
    try:
        count = formats.parse_number(str(state["goal_count"]), "goal_count", texts.language, whole=True)
        plan = cache.plan(trial.campaign, kind, count, state["goal_sure"] / 100, trial.seed)
    except InvalidInput as error:
        # As it was typed: a number of thirty digits cannot be written otherwise.
        typed = {"field": "goal_count", "received": shown(str(state["goal_count"]))}
        return GoalAnswer(problem=InvalidInput(error.code, **{**error.data, **typed}))
    budget = round_up(plan.daily_budget, trial.campaign)
    if budget > 0:
        state["daily_budget"] = int(budget) if float(budget).is_integer() else budget
    return GoalAnswer(plan=plan, budget=budget)


def round_up(amount: float, campaign: Campaign) -> float:
    """Return the next amount that people would say, two digits long, as far as so much a day is allowed."""
    if amount <= 0.0:
        return 0.0
    step = max(10.0 ** (math.floor(math.log10(amount)) - DIGITS + 1), CENT)
    return min(round(math.ceil(amount * (1.0 - SLACK) / step) * step, 6), float(campaign.most_per_day))


def show_goal(found: GoalAnswer | None, texts: Texts) -> None:
    """Draw the switch and, under it, the goal and what it takes."""
    state = st.session_state
    st.segmented_control(
        texts("goal.switch"),
        AIMS,
        format_func=lambda aim: texts(f"goal.aim.{aim}"),
        key="aim",
        required=True,
        label_visibility="collapsed",
        **_keep_goal,
    )
    if found is None:
        return
    st.pills(
        texts("goal.kind"),
        GOAL_KINDS,
        format_func=lambda kind: texts(f"goal.kinds.{kind}"),
        key="goal_kind",
        required=True,
        **_keep_goal,
    )
    st.text_input(
        texts("goal.count"), key="goal_count", placeholder=texts("goal.count_help"), autocomplete="off", **_keep_goal
    )
    if found.problem is not None:
        st.error(sentence(found.problem, texts))
    st.segmented_control(
        texts("goal.sure"),
        GOAL_SURE,
        format_func=lambda sure: texts(f"goal.sures.{sure}"),
        key="goal_sure",
        required=True,
        **_keep_goal,
    )
    if found.no_trade:
        st.info(texts("goal.trade"))
    if found.plan is not None:
        st.markdown(answer_goal(found.plan, found.budget, str(state["goal_kind"]), int(state["goal_sure"]), texts))
        st.caption(texts("goal.adjusts"))


def answer_goal(plan: Plan, budget: float, kind: str, sure: int, texts: Texts) -> str:
    """Return what the goal takes, or the most that can be had and why."""
    language, currency = texts.language, plan.campaign.currency
    money = figures(formats.money(budget, currency, language))
    chances = texts(f"goal.sures.{sure}")
    if plan.feasible:
        total = figures(formats.money(budget * plan.duration_days, currency, language))
        count = formats.number(plan.goal.wanted, language)
        said = texts(f"goal.found.{kind}", money=money, total=total, count=count, sure=chances)
        least = least_daily_budget(plan.campaign.currency, load_parameters())
        if budget < least:
            said += " " + texts("goal.least", money=figures(formats.money(least, currency, language)))
        return said
    said = [texts(f"goal.most.{kind}", most=formats.people(plan.most, language), sure=chances)]
    said += [why for why in (reason_sentence(reason, texts) for reason in plan.reasons) if why]
    if budget > 0:
        said.append(texts("goal.nearly", money=money))
    return " ".join(said)
