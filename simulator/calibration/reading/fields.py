"""The fields that are read, what kind each is, and the headers that name them in French and English.

Headers are written as ``text.plain`` gives them: no accents, lower case, straight apostrophes, single
spaces, currency split off. They are those of the two header generations of Ads Manager in each language, with a
few obvious synonyms; those of several words are compared without articles and plurals. A header has to match as a
whole: "cost per result" holds "result" and is not one.
"""

from __future__ import annotations

NAMES = ("campaign", "ad_set", "ad")
"""From the widest to the narrowest level."""
IDENTIFIERS = ("campaign_id", "ad_set_id", "ad_id")
"""Stand in for the names where a file has none."""
BREAKDOWNS = ("age", "gender", "country", "region", "platform", "placement", "device", "hour")
TEXTS = (*NAMES, *IDENTIFIERS, *BREAKDOWNS, "currency", "result_kind", "stated_objective", "budget_kind")
COUNTS = ("reach", "impressions", "link_clicks", "unique_link_clicks", "clicks_all", "results")
AMOUNTS = ("spend", "frequency", "cpm", "budget")
"""Numbers with decimals; ``cpm`` is read to check the others, not returned."""
NUMBERS = (*COUNTS, *AMOUNTS)
PERIODS = ("day", "week", "month")
DATES = ("reporting_start", "reporting_end", "start", "end", *PERIODS)
FIELDS = (*TEXTS, *NUMBERS, *DATES)

REQUIRED = ("spend", "impressions", "reach")
"""Needed besides a first and a last day."""

HEADERS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "campaign": ("campaign name", "campaign"),
        "ad_set": ("ad set name", "adset name", "ad set"),
        "ad": ("ad name", "ad"),
        "campaign_id": ("campaign id",),
        "ad_set_id": ("ad set id", "adset id"),
        "ad_id": ("ad id",),
        "reporting_start": ("reporting starts", "reporting start date", "date start"),
        "reporting_end": ("reporting ends", "reporting end date", "date stop"),
        "start": ("starts", "start", "start date", "start time"),
        "end": ("ends", "end", "end date", "end time", "stop time"),
        "day": ("day", "date"),
        "week": ("week",),
        "month": ("month",),
        "spend": ("amount spent", "spend", "spent", "total spent", "total spend"),
        "reach": ("reach",),
        "impressions": ("impressions",),
        "frequency": ("frequency",),
        "link_clicks": ("link clicks", "inline link clicks"),
        "unique_link_clicks": ("unique link clicks", "unique inline link clicks"),
        "clicks_all": ("clicks (all)", "clicks all"),
        "results": ("results",),
        "result_kind": ("result type", "result indicator"),
        "stated_objective": ("objective", "campaign objective"),
        "currency": ("currency", "account currency", "currency code"),
        "budget": ("budget", "ad set budget", "campaign budget"),
        "budget_kind": ("budget type", "ad set budget type", "campaign budget type"),
        "age": ("age", "age range", "age group"),
        "gender": ("gender", "sex"),
        "country": ("country",),
        "region": ("region", "dma region"),
        "platform": ("platform", "publisher platform"),
        "placement": ("placement", "platform position"),
        "device": ("impression device", "device platform", "device"),
        "hour": ("time of day",),
    },
    "fr": {
        "campaign": ("nom de la campagne", "nom de campagne", "campagne"),
        "ad_set": ("nom de l'ensemble de publicites", "ensemble de publicites"),
        "ad": ("nom de la publicite", "publicite"),
        "campaign_id": ("identifiant de la campagne", "id de la campagne"),
        "ad_set_id": ("identifiant de l'ensemble de publicites", "id de l'ensemble de publicites"),
        "ad_id": ("identifiant de la publicite", "id de la publicite"),
        "reporting_start": ("debut des rapports", "debut de la periode du rapport"),
        "reporting_end": ("fin des rapports", "fin de la periode du rapport"),
        "start": ("debut", "date de debut", "heure de debut"),
        "end": ("fin", "date de fin", "heure de fin"),
        "day": ("jour",),
        "week": ("semaine",),
        "month": ("mois",),
        "spend": ("montant depense", "depenses", "depense", "montant total depense"),
        "reach": ("couverture", "portee"),
        "impressions": ("impressions",),
        "frequency": ("repetition", "frequence"),
        "link_clicks": ("clics sur un lien",),
        "unique_link_clicks": ("clics uniques sur un lien",),
        "clicks_all": ("clics (tous)",),
        "results": ("resultats", "resultat"),
        "result_kind": ("indicateur de resultats", "type de resultats"),
        "stated_objective": ("objectif", "objectif de la campagne"),
        "currency": ("devise", "devise du compte"),
        "budget": ("budget", "budget de l'ensemble de publicites", "budget de la campagne"),
        "budget_kind": (
            "type de budget",
            "type de budget de l'ensemble de publicites",
            "type de budget de la campagne",
        ),
        "age": ("age", "tranche d'age"),
        "gender": ("sexe", "genre"),
        "country": ("pays",),
        "region": ("region",),
        "platform": ("plateforme", "plate-forme"),
        "placement": ("placement", "emplacement"),
        "device": ("appareil", "plateforme de l'appareil", "appareil d'impression", "appareil de diffusion"),
        "hour": ("heure de la journee",),
    },
}

PREFIXES = {"cpm": "cpm", "time of day": "hour", "heure de la journee": "hour"}
"""Headers known by their beginning, before a bracket: what stands in it differs by generation, currency, time zone."""

EVIDENCE = ("ctr", "cpc", "cpm", "cost per", "cout par", "cout pour")
"""Beginnings of headers of columns that are not read, but show how the file writes decimals."""

LABELS = {
    "campaign": "Campaign name / Nom de la campagne",
    "spend": "Amount spent (EUR) / Montant dépensé (EUR)",
    "reach": "Reach / Couverture",
    "impressions": "Impressions",
    "start": "Reporting starts / Début des rapports",
    "end": "Reporting ends / Fin des rapports",
}
"""How Ads Manager calls the required fields, for messages."""
