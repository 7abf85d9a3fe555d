"""What the cells of the text columns mean: objectives, sexes, ages, platforms, countries, totals.

Keys are written as ``text.plain`` gives them: no accents, lower case, single spaces.
"""

from __future__ import annotations

import re

from simulator.calibration.reading.text import plain

ALL_OF = frozenset(("all", "tous", "toutes", "total"))
"""A breakdown cell that says "everybody": the row is a subtotal."""

TOTALS = re.compile(
    r"(grand )?totals?|total general|totaux|results from [0-9., ]+ (campaigns?|ad sets?|ads?)"
    r"|resultats de [0-9., ]+ (campagnes?|ensembles? de publicites|publicites?)"
)

GENDERS = {
    "female": "women", "women": "women", "woman": "women", "femme": "women", "femmes": "women",
    "male": "men", "men": "men", "man": "men", "homme": "men", "hommes": "men",
    "unknown": "unknown", "uncategorized": "unknown", "inconnu": "unknown", "non specifie": "unknown",
}  # fmt: skip

UNKNOWN = frozenset(("unknown", "inconnu", "inconnue", "uncategorized"))

COUNTRIES = {
    "france": "FR", "canada": "CA", "belgique": "BE", "belgium": "BE", "suisse": "CH", "switzerland": "CH",
    "luxembourg": "LU", "etats-unis": "US", "united states": "US", "royaume-uni": "GB", "united kingdom": "GB",
    "allemagne": "DE", "germany": "DE", "espagne": "ES", "spain": "ES", "italie": "IT", "italy": "IT",
    "portugal": "PT", "pays-bas": "NL", "netherlands": "NL", "monaco": "MC", "andorre": "AD", "andorra": "AD",
}  # fmt: skip
"""Ads Manager writes codes; names are those a French or Québec user is likely to type."""

BUDGET_KINDS = {
    "daily": "daily", "daily budget": "daily", "quotidien": "daily", "budget quotidien": "daily",
    "lifetime": "lifetime", "lifetime budget": "lifetime", "global": "lifetime", "budget global": "lifetime",
    "using campaign budget": "campaign", "using ad set budget": "ad_set",
    "utilise le budget de la campagne": "campaign", "budget de la campagne": "campaign",
    "utilisation du budget de la campagne": "campaign",
    "utilise le budget de l'ensemble de publicites": "ad_set",
    "utilisation du budget de l'ensemble de publicites": "ad_set",
}  # fmt: skip

RESULTS: dict[str, tuple[str, ...]] = {
    "reach": ("reach", "couverture", "portee"),
    "impressions": ("impressions",),
    "link_clicks": (
        "link clicks", "link click", "actions:link_click", "clics sur un lien", "clic sur un lien",
        "landing page views", "landing page view", "actions:landing_page_view", "actions:omni_landing_page_view",
        "vues de page de destination", "vues de la page de destination",
    ),
    "engagement": (
        "post engagements", "post engagement", "actions:post_engagement", "actions:post_interaction_gross",
        "page likes", "page like", "facebook likes", "actions:like", "event responses", "actions:rsvp",
        "thruplays", "thruplay", "video_thruplay_watched_actions", "actions:video_view",
        "interactions avec la publication", "interactions avec une publication", "mentions j'aime de la page",
        "mentions j'aime sur facebook", "reponses a l'evenement",
    ),
    "leads": (
        "leads", "lead", "on-facebook leads", "meta leads", "website leads", "leads (form)", "actions:lead",
        "actions:onsite_conversion.lead_grouped", "actions:leadgen_grouped",
        "actions:offsite_conversion.fb_pixel_lead", "actions:leadgen.other", "prospects", "leads (formulaire)",
        "prospects sur facebook", "prospects meta", "prospects du site web",
    ),
}  # fmt: skip
"""Result type or indicator: what the delivery was optimised for, nearest of the six objectives."""

STATED: dict[str, tuple[str, ...]] = {
    "reach": ("reach", "couverture", "portee", "outcome_awareness", "awareness", "brand_awareness", "brand awareness",
              "notoriete"),
    "impressions": ("impressions",),
    "link_clicks": ("link_clicks", "link clicks", "outcome_traffic", "traffic", "trafic", "clics sur un lien"),
    "engagement": ("post_engagement", "post engagement", "outcome_engagement", "engagement", "interactions",
                   "page_likes", "page likes", "video_views", "video views", "vues de video"),
    "leads": ("lead_generation", "lead generation", "outcome_leads", "leads", "prospects",
              "generation de prospects"),
}  # fmt: skip
"""Column Objective: the campaign's declared goal, used where the kind of result does not settle it."""

_BY_RESULT = {label: objective for objective, labels in RESULTS.items() for label in labels}
_BY_STATED = {label: objective for objective, labels in STATED.items() for label in labels}


def objective_of_result(text: str) -> str | None:
    """Return the objective that a result type or indicator stands for, or None where none of the six fits."""
    return _BY_RESULT.get(plain(text))


def objective_stated(text: str) -> str | None:
    """Return the objective that the column Objective stands for, or None."""
    return _BY_STATED.get(plain(text))


def gender_of(text: str) -> str:
    """Return ``women``, ``men`` or ``unknown``; other texts as they are."""
    return GENDERS.get(plain(text), text)


def age_of(text: str) -> str:
    """Return an age band such as ``25-34``, ``65+`` or ``unknown``; other texts as they are."""
    label = re.sub(r"\s*[-‐‑‒–—]\s*", "-", plain(text).replace(" ans", "").replace(" et plus", "+"))
    return "unknown" if label in UNKNOWN else label if re.fullmatch(r"[0-9]{2}(-[0-9]{2}|\+)", label) else text


def country_of(text: str) -> str:
    """Return a two-letter code where the cell holds one or a known name; ``unknown``; else the text."""
    label = plain(text)
    if label in UNKNOWN:
        return "unknown"
    return label.upper() if re.fullmatch("[a-z]{2}", label) else COUNTRIES.get(label, text)


def platform_of(text: str) -> str:
    """Return the platform in lower case (``facebook``, ``instagram``, ``audience network`` …)."""
    label = plain(text).replace("_", " ")
    return "unknown" if label in UNKNOWN else label


def budget_kind_of(text: str) -> str | None:
    """Return ``daily``, ``lifetime``, ``campaign`` or ``ad_set`` (held one level up or down), or None."""
    return BUDGET_KINDS.get(plain(text))
