"""How the two header generations of each language call the columns of the invented exports."""

from __future__ import annotations

HEADERS: dict[str, dict[str, str]] = {
    "en": {
        "reporting_start": "Reporting starts", "reporting_end": "Reporting ends", "campaign": "Campaign name",
        "ad_set": "Ad set name", "ad": "Ad name", "day": "Day", "age": "Age", "gender": "Gender", "starts": "Starts",
        "ends": "Ends", "spend": "Amount spent ({currency})", "reach": "Reach", "impressions": "Impressions",
        "frequency": "Frequency", "results": "Results", "indicator": "Result indicator",
        "cost": "Cost per results", "link_clicks": "Link clicks", "unique_link_clicks": "Unique link clicks",
        "clicks_all": "Clicks (all)", "ctr_all": "CTR (all)", "cpc": "CPC (cost per link click) ({currency})",
        "cpm": "CPM (cost per 1,000 impressions) ({currency})", "budget": "Ad set budget",
        "budget_type": "Ad set budget type", "attribution": "Attribution setting", "campaign_id": "Campaign ID",
    },
    "en_older": {
        "reporting_start": "Reporting Starts", "reporting_end": "Reporting Ends", "campaign": "Campaign Name",
        "ad_set": "Ad Set Name", "ad": "Ad Name", "day": "Day", "age": "Age", "gender": "Gender", "starts": "Starts",
        "ends": "Ends", "spend": "Amount Spent ({currency})", "reach": "Reach", "impressions": "Impressions",
        "frequency": "Frequency", "results": "Results", "indicator": "Result Type",
        "cost": "Cost per Result", "link_clicks": "Link Clicks", "unique_link_clicks": "Unique Link Clicks",
        "clicks_all": "Clicks (All)", "ctr_all": "CTR (All)", "cpc": "CPC (Cost per Link Click) ({currency})",
        "cpm": "CPM (Cost per 1,000 Impressions) ({currency})", "budget": "Budget",
        "budget_type": "Budget Type", "attribution": "Attribution Setting", "campaign_id": "Campaign ID",
    },
    "fr": {
        "reporting_start": "Début des rapports", "reporting_end": "Fin des rapports", "campaign": "Nom de la campagne",
        "ad_set": "Nom de l’ensemble de publicités", "ad": "Nom de la publicité", "day": "Jour", "age": "Âge",
        "gender": "Sexe", "starts": "Début", "ends": "Fin", "spend": "Montant dépensé ({currency})",
        "reach": "Couverture", "impressions": "Impressions", "frequency": "Répétition", "results": "Résultats",
        "indicator": "Indicateur de résultats", "cost": "Coût par résultat", "link_clicks": "Clics sur un lien",
        "unique_link_clicks": "Clics uniques sur un lien", "clicks_all": "Clics (tous)", "ctr_all": "CTR (tous)",
        "cpc": "CPC (coût par clic sur un lien) ({currency})",
        "cpm": "CPM (Coût pour 1\u202f000\u00a0impressions) ({currency})",
        "budget": "Budget de l’ensemble de publicités", "budget_type": "Type de budget de l’ensemble de publicités",
        "attribution": "Paramètre d’attribution", "campaign_id": "Identifiant de la campagne",
    },
    "fr_older": {
        "reporting_start": "Début des rapports", "reporting_end": "Fin des rapports", "campaign": "Nom de la campagne",
        "ad_set": "Nom de l'ensemble de publicités", "ad": "Nom de la publicité", "day": "Jour", "age": "Âge",
        "gender": "Genre", "starts": "Début", "ends": "Fin", "spend": "Montant dépensé ({currency})",
        "reach": "Portée", "impressions": "Impressions", "frequency": "Fréquence", "results": "Résultats",
        "indicator": "Type de résultat", "cost": "Coût par résultat", "link_clicks": "Clics sur un lien",
        "unique_link_clicks": "Clics uniques sur un lien", "clicks_all": "Clics (tous)", "ctr_all": "CTR (tous)",
        "cpc": "CPC (coût par clic sur un lien) ({currency})",
        "cpm": "CPM (coût pour 1 000 impressions) ({currency})", "budget": "Budget",
        "budget_type": "Type de budget", "attribution": "Paramètre d'attribution",
        "campaign_id": "Identifiant de la campagne",
    },
}  # fmt: skip
