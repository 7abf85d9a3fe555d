"""What the cells of the text columns mean: objectives, sexes, ages, platforms, countries, totals.

Keys are written as ``text.plain`` gives them: no accents, lower case, single spaces. Objectives are compared without
articles and plurals (``text.key``).
"""

from __future__ import annotations

import re
from functools import lru_cache

from simulator.learning.export.text import key, plain
from simulator.reference.places.regions import country_codes, region_label

ALL_OF = frozenset(("all", "tous", "toutes", "total"))
"""A breakdown cell that says "everybody": the row is a subtotal."""

TOTALS = re.compile(r".*\b(totals?|totaux|somme|sum|results|resultats)\b.*")
"""What a total may be called; a campaign may be called so too."""
COUNTED = re.compile(
    r"(results (from|for)|total (of|for)) [0-9., ]+ (campaigns?|ad ?sets?|ads?)"
    r"|(resultats?|totaux|total) (de|des|pour|sur)( les)? [0-9., ]+ (campagnes?|ensembles? de publicites|publicites?)"
    r"|((total results|resultats totaux|total des resultats) )?[0-9., ]+(/|of|sur)[0-9., ]+(rows|lignes) .*"
)
"""What Ads Manager calls a total: nobody calls a campaign so."""

GENDERS = {
    "female": "women", "women": "women", "woman": "women", "femme": "women", "femmes": "women", "feminin": "women",
    "f": "women", "male": "men", "men": "men", "man": "men", "homme": "men", "hommes": "men", "masculin": "men",
    "m": "men", "h": "men",
}  # fmt: skip

UNKNOWN = frozenset(("unknown", "inconnu", "inconnue", "uncategorized", "not specified", "unspecified", "non specifie",
                     "non precise", "u"))  # fmt: skip

COUNTRIES = {
    "united states of america": "US", "usa": "US", "etats-unis d'amerique": "US", "great britain": "GB", "uk": "GB",
    "grande-bretagne": "GB", "hollande": "NL", "ivory coast": "CI", "czech republic": "CZ",
    "republique tcheque": "CZ", "turkey": "TR", "turquie": "TR", "reunion": "RE", "la reunion": "RE",
    "guadeloupe": "GP", "martinique": "MQ", "guyane": "GF", "guyane francaise": "GF", "french guiana": "GF",
    "mayotte": "YT", "nouvelle-caledonie": "NC", "new caledonia": "NC", "polynesie francaise": "PF",
    "french polynesia": "PF", "saint-pierre-et-miquelon": "PM", "hong kong": "HK", "puerto rico": "PR",
    "porto rico": "PR",
}  # fmt: skip
"""Names beside those of the tables of places; Ads Manager writes codes, people and other tools names."""

_BAND = re.compile(r"(?:de |from )?([0-9]{2}) ?(?:[-‐‑‒–—]|a|to|et) ?([0-9]{2})(?: ans| years(?: old)?)?")
_OLDEST = re.compile(
    r"(?:plus de |over )?([0-9]{2}) ?(?:ans |years )?(?:\+|et plus|et \+|and (?:over|older|up|above)|or more)"
)

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
    "reach": (
        "reach", "couverture", "portee", "estimated ad recall lift (people)", "estimated_ad_recallers",
        "amelioration estimee du souvenir publicitaire (personnes)",
    ),
    "impressions": ("impressions",),
    "link_clicks": (
        "link clicks", "actions:link_click", "clics sur un lien", "landing page views", "actions:landing_page_view",
        "actions:omni_landing_page_view", "vues de la page de destination",
    ),
    "engagement": (
        "post engagements", "actions:post_engagement", "actions:post_interaction_gross", "post reactions",
        "actions:post_reaction", "page likes", "facebook likes", "actions:like", "event responses", "actions:rsvp",
        "thruplays", "video_thruplay_watched_actions", "actions:video_view", "3-second video plays",
        "interactions avec la publication", "reactions a la publication", "mentions j'aime",
        "mentions j'aime de la page", "mentions j'aime sur la page", "mentions j'aime sur facebook", "j'aime la page",
        "reponses a l'evenement", "lectures de video de 3 secondes",
    ),
    "leads": (
        "leads", "on-facebook leads", "meta leads", "website leads", "leads (form)", "actions:lead",
        "actions:onsite_conversion.lead_grouped", "actions:leadgen_grouped",
        "actions:offsite_conversion.fb_pixel_lead", "actions:leadgen.other", "prospects", "leads (formulaire)",
        "prospects (formulaire)", "prospects sur facebook", "prospects meta", "prospects du site web",
    ),
}  # fmt: skip
"""Result type or indicator: what the delivery was optimised for, nearest of the six objectives."""

STATED: dict[str, tuple[str, ...]] = {
    "reach": ("reach", "couverture", "portee", "outcome_awareness", "awareness", "brand_awareness", "notoriete",
              "notoriete de la marque", "sensibilisation"),
    "impressions": ("impressions",),
    "link_clicks": ("link_clicks", "outcome_traffic", "traffic", "trafic", "clics sur un lien"),
    "engagement": ("post_engagement", "outcome_engagement", "engagement", "interactions", "page_likes", "video_views",
                   "vues de video", "interactions avec la publication", "mentions j'aime de la page",
                   "event_responses", "reponses a l'evenement"),
    "leads": ("lead_generation", "outcome_leads", "leads", "prospects", "generation de prospects",
              "generation de leads"),
}  # fmt: skip
"""Column Objective: the campaign's declared goal, used where the kind of result does not settle it."""

_BY_RESULT = {key(label): objective for objective, labels in RESULTS.items() for label in labels}
_BY_STATED = {key(label): objective for objective, labels in STATED.items() for label in labels}


def is_counted(text: str) -> bool:
    """Whether a name is what Ads Manager calls a total: "Results from 12 campaigns"."""
    # The first letter decides for most of half a million names.
    return text[:1] in "rRtT0123456789" and COUNTED.fullmatch(plain(text)) is not None


def objective_of_result(text: str) -> str | None:
    """Return the objective that a result type or indicator stands for, or None where none of the six fits."""
    return _BY_RESULT.get(key(text))


def objective_stated(text: str) -> str | None:
    """Return the objective that the column Objective stands for, or None."""
    return _BY_STATED.get(key(text))


def gender_of(text: str) -> str:
    """Return ``women``, ``men`` or ``unknown``; other texts as they are."""
    label = plain(text)
    return "unknown" if label in UNKNOWN else GENDERS.get(label, text)


def age_of(text: str) -> str:
    """Return an age band such as ``25-34``, ``65+`` or ``unknown``; other texts as they are."""
    label = plain(text.strip("'"))
    if label in UNKNOWN:
        return "unknown"
    band, oldest = _BAND.fullmatch(label), _OLDEST.fullmatch(label)
    return f"{band[1]}-{band[2]}" if band else f"{oldest[1]}+" if oldest else text


def country_of(text: str) -> str:
    """Return a two-letter code where the cell holds one or a known name; ``unknown``; else the text."""
    label = plain(text)
    if label in UNKNOWN:
        return "unknown"
    known = COUNTRIES.get(label)
    if known is None and re.fullmatch("[a-z]{2}", label):
        return label.upper()
    return known or _country_names().get(key(label), text)


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """Codes by the French and English names of the tables of places."""
    return {key(region_label(code, language)): code for code in country_codes() for language in ("fr", "en")}


def platform_of(text: str) -> str:
    """Return the platform in lower case (``facebook``, ``instagram``, ``audience network`` …)."""
    label = plain(text).replace("_", " ")
    return "unknown" if label in UNKNOWN else label


def budget_kind_of(text: str) -> str | None:
    """Return ``daily``, ``lifetime``, ``campaign`` or ``ad_set`` (held one level up or down), or None."""
    return BUDGET_KINDS.get(plain(text))










