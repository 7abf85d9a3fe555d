"""Accounts whose parameters are known: drawn from the prior, their campaigns drawn from the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from simulator.forecasting.audience import estimate_audience
from simulator.forecasting.sample import ROLES, draw_sample, month_index
from simulator.learning.aims import UNTOLD
from simulator.learning.expected import Fixed, Group
from simulator.learning.fit import fit_scores
from simulator.learning.impute import level_of
from simulator.learning.observed import contexts_of
from simulator.learning.random_effects import ALL, BY_ACCOUNT, Context, Layout
from simulator.learning.rows import Rows
from simulator.model.simulation import run
from simulator.reference.parameters import Parameters

Array = NDArray[np.float64]

OBJECTIVES = ("reach", "impressions", "link_clicks", "engagement", "leads", "boosted_post")
"""Goals with figures of their own."""
COUNTRIES = ("FR", "CA", "DE", "US", "PL", "BE")
ROWS = (3, 30)
SLOTS = 3.0
MOST_BOUGHT = 0.3
"""Share of an audience's slots that a campaign may buy."""


@dataclass(frozen=True, eq=False)
class Account:
    """Rows and the scores behind them, by role, shape (row,) each; factors on the scatter by kind."""

    rows: Rows
    scores: dict[str, Array]
    scatter: dict[str, float]


def draw_account(rng: np.random.Generator, parameters: Parameters) -> Account:
    """Draw an account of 3 to 30 rows, one or two countries and goals, with or without told audiences."""
    plan = planned(rng, int(rng.integers(ROWS[0], ROWS[1] + 1)), parameters)
    contexts, of_row = contexts_of(plan)
    layout = Layout.for_contexts(contexts, parameters)
    latents = rng.standard_normal(len(layout))
    scores = {role: (layout.design(role, contexts) @ latents)[of_row] for role in ALL}
    return ran(rng, plan, scores, scatter_of(rng, parameters), parameters)


def new_account_errors(rng: np.random.Generator, parameters: Parameters) -> dict[str, tuple[float, float]]:
    """Draw 2 to 5 clients of an advisor, fit them together, and draw one more of their kind.

    Returns, by role in which accounts differ, the error of what is forecast for that one in its own deviations, and
    the share learnt.
    """
    plan = planned(rng, int(rng.integers(3 * ROWS[0], ROWS[1] + 1)), parameters)
    names = [f"client {number}" for number in range(rng.integers(2, 6))]
    plan = replace(plan, account=rng.choice(names, len(plan)).astype(str))
    contexts, of_row = contexts_of(plan)
    layout = Layout.for_contexts(contexts, parameters)
    latents = rng.standard_normal(len(layout))
    scores = {role: (layout.design(role, contexts) @ latents)[of_row] for role in ALL}
    fitted = fit_scores(ran(rng, plan, scores, scatter_of(rng, parameters), parameters).rows, parameters)
    short, kept = fitted.layout.without_accounts()
    covariance = fitted.covariance[np.ix_(kept, kept)]
    found = {}
    for role in BY_ACCOUNT:
        context = replace(contexts[0], account="one more")
        weights, rest = layout.weights(role, context)
        truth = float(weights @ latents + np.sqrt(rest) * rng.standard_normal())
        weights, rest = short.weights(role, context)
        deviation = float(np.sqrt(weights @ covariance @ weights + rest))
        found[role] = ((truth - float(weights @ fitted.mean[kept])) / deviation, 1.0 - deviation**2)
    return found


def scatter_of(rng: np.random.Generator, parameters: Parameters) -> dict[str, float]:
    """Return an account's own factors on the scatter; the mean of their squares is 1."""
    doubt = parameters.value("calibration.scatter_doubt")
    return {kind: float(np.exp(doubt * rng.standard_normal() - doubt**2)) for kind in ("price", "reach", "clicks")}


def standard_errors(account: Account, parameters: Parameters) -> dict[str, list[tuple[float, float]]]:
    """Return, by role, the error of the posterior mean in posterior deviations, and the share learnt."""
    fitted = fit_scores(account.rows, parameters)
    contexts, of_row = contexts_of(account.rows)
    found: dict[str, list[tuple[float, float]]] = {}
    for role in ALL:
        for name in sorted({context.of(role) for context in contexts}):
            place = next(i for i, context in enumerate(contexts) if context.of(role) == name)
            row, rest = fitted.layout.weights(role, contexts[place])
            truth = float(account.scores[role][of_row == place][0])
            deviation = float(np.sqrt(row @ fitted.covariance @ row + rest))
            found.setdefault(role, []).append(((truth - float(row @ fitted.mean)) / deviation, 1.0 - deviation**2))
    return found


def seasonal_account(strength: float, parameters: Parameters, count: int = 60) -> tuple[float, float]:
    """Return the seasonal strength learnt from an account of which it is known, and its doubt."""
    rng = np.random.default_rng(int(100 * strength))
    plan = planned(rng, count, parameters)
    plan = replace(plan, country=np.full(count, "FR"), objective=np.full(count, "link_clicks"))
    entry = parameters["calibration.month_strength"]
    scores = {role: np.zeros(count) for role in ALL}
    scores["month_strength"] = np.full(count, (strength - entry.value) / entry.sd)
    account = ran(rng, plan, scores, dict.fromkeys(("price", "reach", "clicks"), 1.0), parameters)
    fitted = fit_scores(account.rows, parameters)
    row, _ = fitted.layout.weights("month_strength", Context())
    deviation = float(np.sqrt(row @ fitted.covariance @ row))
    return entry.value + entry.sd * float(row @ fitted.mean), entry.sd * deviation


def planned(
    rng: np.random.Generator,
    count: int,
    parameters: Parameters,
    *,
    contexts: int | None = None,
    is_told: bool | None = None,
) -> Rows:
    """Draw the plans of campaigns, without results, in so many countries and for so many goals (1 or 2 if absent)."""
    countries = rng.choice(COUNTRIES, size=contexts or int(rng.integers(1, 3)), replace=False)
    goals = rng.choice(OBJECTIVES, size=contexts or int(rng.integers(1, 3)), replace=False)
    objective = rng.choice(goals, size=count).astype(str)
    told_all = rng.random() < 0.7 if is_told is None else is_told
    entries = [parameters[f"calibration.unknown_audience.{goal}"] for goal in objective]
    common = parameters.value("calibration.audience_pooling")
    guess, spread = (np.array([getattr(entry, name) for entry in entries]) for name in ("value", "log_sd"))
    told = parameters["calibration.told_audience"].log_sd
    is_known = np.full(count, told_all)
    audience = np.where(is_known, np.exp(rng.normal(np.log(150_000.0), 1.2, count)), guess)
    days = rng.integers(3, 31, count).astype(float)
    first = np.datetime64("2024-01-01") + rng.integers(0, 300)
    unknown, blank = np.full(count, np.nan), np.full(count, "")
    return Rows(
        index=np.arange(count),
        spend=np.exp(rng.normal(np.log(120.0), 1.0, count)),
        impressions=unknown,
        reach=unknown,
        link_clicks=unknown,
        days=days,
        start=first + np.sort(rng.integers(0, 700, count)),
        audience=audience,
        audience_log_sd=np.where(is_known, told, spread * np.sqrt(1.0 - common)),
        audience_common_log_sd=np.where(is_known, 0.0, spread * np.sqrt(common)),
        is_told=is_known,
        country=rng.choice(countries, size=count).astype(str),
        objective=objective,
        age_band=blank,
        platform=blank,
        account=blank,
        campaign=np.sort(rng.integers(0, max(1, count // 2), count)),
        is_part=np.zeros(count, dtype=bool),
        dropped=(),
    )


def ran(
    rng: np.random.Generator, plan: Rows, scores: dict[str, Array], scatter: dict[str, float], parameters: Parameters
) -> Account:
    """Let the campaigns of a plan run: each goes through the forecaster at its true scores, one draw."""
    own = np.exp(plan.audience_log_sd * rng.standard_normal(len(plan)))
    # Money is planned by what is believed, not by what is true: else it would tell the truth about price and people.
    levels = np.array([level_of(str(country), parameters).median for country in plan.country])
    most = MOST_BOUGHT * SLOTS * plan.audience * plan.days * levels / 1000.0
    plan = replace(plan, spend=np.minimum(plan.spend, most))
    believed = plan.audience * np.exp(plan.audience_common_log_sd * scores["untold_audience"])

    shared = parameters.value("calibration.set_share")
    luck = {kind: rng.standard_normal(len(plan))[plan.campaign] for kind in scatter}

    def error(kind: str, sd: float, share: float) -> Array:
        mixed = np.sqrt(share) * luck[kind] + np.sqrt(1.0 - share) * rng.standard_normal(len(plan))
        odd = rng.random(len(plan)) < parameters.value("calibration.odd_share")
        wide = np.where(odd, parameters.value("calibration.odd_spread"), 1.0)
        return np.asarray(np.exp(scatter[kind] * sd * wide * mixed))

    of_price = error("price", parameters["delivery.model_error"].log_sd, shared)
    shown, reach, rate = np.empty(len(plan)), np.empty(len(plan)), np.empty(len(plan))
    for row in range(len(plan)):
        own_scores = {role: float(score[row]) for role, score in scores.items()}
        shown[row], reach[row], rate[row] = _true(
            plan, row, believed[row] * own[row], own_scores, of_price[row], parameters
        )
    impressions = rng.poisson(shown).astype(float)
    kept = impressions >= parameters.value("calibration.least_impressions")
    seen = np.maximum(impressions, 1.0)
    reach = reach / shown * seen * error("reach", parameters.value("calibration.reach_scatter"), shared)
    rate = rate * error("clicks", parameters["response.creative_spread"].log_sd, shared)
    clicks = np.minimum(rng.poisson(np.minimum(seen * rate, seen)), seen).astype(float)
    people = np.minimum(np.maximum(np.round(np.minimum(reach, seen)), 1.0), np.maximum(believed * own, 1.0))
    rows = replace(plan, impressions=impressions, reach=people, link_clicks=clicks).take(kept)
    return Account(rows, {role: score[kept] for role, score in scores.items()}, scatter)


def _true(
    plan: Rows, row: int, people: float, scores: dict[str, float], luck: float, parameters: Parameters
) -> tuple[float, float, float]:
    """Return expected impressions, reach and click rate of a campaign at true scores; ``luck`` multiplies its price."""
    country, days = str(plan.country[row]), int(plan.days[row])
    start = plan.start[row].astype(object)
    points = np.full((1, len(ROLES)), 0.5)
    entry = parameters["calibration.month_strength"]
    season = entry.sd * scores["month_strength"] * np.log(month_index(start, days, parameters))
    drift = parameters["calibration.price_drift"].log_sd * scores["price_drift"]
    scores = scores | {
        "price_month": scores["price_month"] + season / parameters["prices.month.1"].log_sd,
        "price_level": scores["price_level"] + (np.log(luck) - drift) / level_of(country, parameters).log_sd,
    }
    for role, score in scores.items():
        if role in ROLES:
            points[0, list(ROLES).index(role)] = ndtr(np.clip(score, -8.0, 8.0))
    campaign = Group(country, str(plan.objective[row]), UNTOLD, "", "").campaign(days).replace(start=start)
    found = estimate_audience(campaign.targeting, parameters, campaign.platforms)
    audience = replace(found, people=found.people * (people / found.size), log_sd=0.0)
    sample = draw_sample(campaign, audience, parameters, 0, 1, Fixed(points))
    outcome = run(sample.setting, np.array([plan.spend[row] / days]), 1)
    impressions = float(outcome.impressions.sum())
    answered = float(outcome.answered.sum()) * float(sample.rates["link_clicks"][0])
    return impressions, float(outcome.reach_kplus.sum()), answered / impressions
