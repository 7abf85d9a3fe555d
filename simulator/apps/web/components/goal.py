"""Backwards: so many people, clicks or enquiries are wanted, and the amount a day follows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import streamlit as st

from simulator import Campaign, Plan, load_parameters
from simulator.apps.web import cache, formats
from simulator.apps.web.choices import AIMS, GOAL_KINDS, GOAL_SURE, attempt
from simulator.apps.web.escape import figures
from simulator.apps.web.messages import reason_sentence, sentence
from simulator.apps.web.session import touched
from simulator.apps.web.texts import Texts
from simulator.base.errors import InvalidInput, shown
from simulator.planning.goals import least_daily_budget

_keep = {"on_change": touched, "persist_state": "session"}
SLACK = 2e-3
"""What an amount may miss of the exact one before it is rounded up: far inside what is known."""
DIGITS = 2
CENT = 0.01


@dataclass(frozen=True)
class Found:
    """The plan, or what stands in its way: a bad entry, or a trade that is not told."""

    plan: Plan | None = None
    problem: InvalidInput | None = None
    no_trade: bool = False
    budget: float = 0.0


def follow(texts: Texts) -> Found | None:
    """Set the amount a day by the goal, before anything is drawn; None where somebody starts from the money."""
    state = st.session_state
    if state["aim"] != "goal":
        return None
    state["amount"] = ""
    trial = attempt(state, texts.language)
    if trial.campaign is None:
        return Found()
    kind = state["goal_kind"]
    if kind == "enquiries" and trial.campaign.trade is None:
        return Found(no_trade=True)
    try:
        count = formats.parse_number(str(state["goal_count"]), "goal_count", texts.language, whole=True)
        plan = cache.plan(trial.campaign, kind, count, state["goal_sure"] / 100, trial.seed)
    except InvalidInput as error:
        # As it was typed: a number of thirty digits cannot be written otherwise.
        typed = {"field": "goal_count", "received": shown(str(state["goal_count"]))}
        return Found(problem=InvalidInput(error.code, **{**error.data, **typed}))
    budget = round_up(plan.daily_budget, trial.campaign)
    if budget > 0:
        state["daily_budget"] = int(budget) if float(budget).is_integer() else budget
    return Found(plan=plan, budget=budget)


def round_up(amount: float, campaign: Campaign) -> float:
    """Return the next amount that people would say, two digits long, as far as so much a day is allowed."""
    if amount <= 0.0:
        return 0.0
    step = max(10.0 ** (math.floor(math.log10(amount)) - DIGITS + 1), CENT)
    return min(round(math.ceil(amount * (1.0 - SLACK) / step) * step, 6), float(campaign.most_per_day))


def show(found: Found | None, texts: Texts) -> None:
    """Draw the switch and, under it, the goal and what it takes."""
    state = st.session_state
    st.segmented_control(
        texts("goal.switch"),
        AIMS,
        format_func=lambda aim: texts(f"goal.aim.{aim}"),
        key="aim",
        required=True,
        label_visibility="collapsed",
        **_keep,
    )
    if found is None:
        return
    st.pills(
        texts("goal.kind"),
        GOAL_KINDS,
        format_func=lambda kind: texts(f"goal.kinds.{kind}"),
        key="goal_kind",
        required=True,
        **_keep,
    )
    st.text_input(
        texts("goal.count"), key="goal_count", placeholder=texts("goal.count_help"), autocomplete="off", **_keep
    )
    if found.problem is not None:
        st.error(sentence(found.problem, texts))
    st.segmented_control(
        texts("goal.sure"),
        GOAL_SURE,
        format_func=lambda sure: texts(f"goal.sures.{sure}"),
        key="goal_sure",
        required=True,
        **_keep,
    )
    if found.no_trade:
        st.info(texts("goal.trade"))
    if found.plan is not None:
        st.markdown(answer(found.plan, found.budget, str(state["goal_kind"]), int(state["goal_sure"]), texts))
        st.caption(texts("goal.adjusts"))


def answer(plan: Plan, budget: float, kind: str, sure: int, texts: Texts) -> str:
    """Return what the goal takes, or the most that can be had and why."""
    language, currency = texts.language, plan.campaign.currency
    money = figures(formats.money(budget, currency, language))
    chances = texts(f"goal.sures.{sure}")
    if plan.feasible:
        total = figures(formats.money(budget * plan.duration_days, currency, language))
        count = formats.number(plan.goal.wanted, language)
        said = texts(f"goal.found.{kind}", money=money, total=total, count=count, sure=chances)
        least = least_daily_budget(plan.campaign, load_parameters())
        if budget < least:
            said += " " + texts("goal.least", money=figures(formats.money(least, currency, language)))
        return said
    said = [texts(f"goal.most.{kind}", most=formats.people(plan.most, language), sure=chances)]
    said += [why for why in (reason_sentence(reason, texts) for reason in plan.reasons) if why]
    if budget > 0:
        said.append(texts("goal.nearly", money=money))
    return " ".join(said)
