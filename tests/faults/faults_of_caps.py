"""Faults of frequency caps: windows, money, repetitions beyond the cap."""

from __future__ import annotations

from tests.faults.private_copy import Fault

LIMITS = "tests/limits/test_cap_limits.py"
NEVER = f"{LIMITS}::test_a_cap_nobody_reaches_changes_nothing"
CAMPAIGN = f"{LIMITS}::test_a_cap_of_the_campaign_is_the_sum_of_the_first_showings"
WINDOWS = f"{LIMITS}::test_windows_cover_the_campaign"
BY_WINDOW = f"{LIMITS}::test_two_platforms_under_a_cap"
ALLOWED = f"{LIMITS}::test_nobody_is_shown_it_more_often_than_the_windows_allow"
DEARER = f"{LIMITS}::test_at_equal_budget_a_cap_raises_the_cpm"

FAULTS = (
    Fault(
        "a window longer than the campaign keeps its length",
        "model/caps",
        "return Windows(1, duration, 0.0)",
        "return Windows(1, cap.days, 0.0)",
        (WINDOWS,),
    ),
    Fault(
        "the last, shorter window is dropped",
        "model/caps",
        "max(duration - count * cap.days, 0.0)",
        "0.0",
        (WINDOWS, BY_WINDOW),
    ),
    Fault(
        "one window for all",
        "model/caps",
        "total = cut.number * averaged_at_least(",
        "total = 1.0 * averaged_at_least(",
        (BY_WINDOW,),
    ),
    Fault(
        "money forgets that cheap slots are won first",
        "model/caps",
        "people.persistence, -price_dispersion, won)",
        "people.persistence, 0.0 * price_dispersion, won)",
        (CAMPAIGN, NEVER),
    ),
    Fault(
        "sign of σe in the money",
        "model/caps",
        "people.persistence, -price_dispersion, won)",
        "people.persistence, price_dispersion, won)",
        (CAMPAIGN, NEVER),
    ),
    Fault(
        "the price of a platform is forgotten",
        "model/caps",
        "paid += price[platform] * times[platform] * dear",
        "paid += times[platform] * dear",
        (BY_WINDOW, NEVER),
    ),
    Fault(
        "the appeal of a platform is forgotten under a cap",
        "model/caps",
        "valued += appeal[platform] * times[platform] * keen",
        "valued += times[platform] * keen",
        (BY_WINDOW, NEVER),
    ),
    Fault(
        "people are shown it beyond the cap",
        "model/caps",
        "seen[cap.times :] = 0.0",
        "seen[cap.times :] *= 1.0",
        (CAMPAIGN,),
    ),
    Fault(
        "later windows show nobody anything new",
        "model/caps",
        "several = cut.number > 1 or cut.rest > 0.0",
        "several = False",
        (BY_WINDOW, ALLOWED),
    ),
    Fault(
        "under a cap answers wear out one showing late",
        "model/caps",
        "np.arange(1, HEAD + 1)[:, None] ** -people.wear_out\n    answered",
        "np.arange(2, HEAD + 2)[:, None] ** -people.wear_out\n    answered",
        (CAMPAIGN, NEVER),
    ),
    Fault(
        "windows do not share the activity of a person",
        "model/window_counts",
        "mean = np.exp(ACTIVITY_LOGS)[:, None, None] * a_day\n    total",
        "mean = np.ones_like(ACTIVITY_LOGS)[:, None, None] * a_day\n    total",
        (BY_WINDOW,),
    ),
    Fault(
        "the density of activity lacks its shape",
        "model/window_counts",
        "shape * (logs - np.exp(logs))",
        "(logs - np.exp(logs))",
        (BY_WINDOW,),
    ),
    Fault(
        "late answers of one window for those of all",
        "model/window_counts",
        "_window_transform(cut.days * mean, times, q) ** cut.number",
        "_window_transform(cut.days * mean, times, q)",
        (f"{LIMITS}::test_window_caps_agree_with_people_simulated_one_by_one",),
    ),
    Fault(
        "the sum over windows: Miller's recurrence is off by one",
        "model/window_counts",
        "(inner * (count + 1) - place)",
        "(inner * count - place)",
        (BY_WINDOW,),
    ),
    Fault(
        "the days are missing in the capped budget",
        "model/capped_run",
        "np.broadcast_to(daily_budgets * setting.duration_days,",
        "np.broadcast_to(daily_budgets,",
        (NEVER, BY_WINDOW),
    ),
    Fault(
        "dear cells win more under a cap",
        "model/capped_run",
        "offset = np.log(setting.cell_price) / spread[:, None]",
        "offset = -np.log(setting.cell_price) / spread[:, None]",
        (NEVER,),
    ),
    Fault(
        "dear platforms win more under a cap",
        "model/capped_run",
        "shift = -np.log(setting.platform_price)",
        "shift = np.log(setting.platform_price)",
        (BY_WINDOW, NEVER),
    ),
    Fault(
        "the multiplier does not rise under a cap",
        "model/simulation",
        "    z = capped_threshold(setting, daily_budgets)\n",
        "    z = run(__import__('dataclasses').replace(setting, cap=None), daily_budgets, 1).z\n",
        (DEARER,),
    ),
)
