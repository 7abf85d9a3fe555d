"""What the cells of the text columns mean: objectives, sexes, ages, platforms, countries, totals, currencies."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from simulator.campaign.objectives import OBJECTIVES, PLATFORM_NAMES
from simulator.learning.export.text import key, plain
from simulator.reference.places.regions import country_codes, region_label

_CODES = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH
    UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""


CODES = frozenset(_CODES.split())


_DOLLARS = {
    "us": "USD", "ca": "CAD", "c": "CAD", "can": "CAD", "a": "AUD", "au": "AUD", "nz": "NZD", "hk": "HKD", "s": "SGD",
    "sg": "SGD", "mx": "MXN", "r": "BRL", "nt": "TWD",
}  # fmt: skip
"""Letters before or behind a dollar sign."""


@lru_cache(maxsize=1024)
def unit_of(text: str) -> tuple[bool, str | None]:
    """Return whether ``text`` is a unit of money, and the ISO code of the only currency it can mean.

    "$", "kr" and "F CFA" are units of several currencies; "$ CA", "CA$", "CAD" and "Dollar canadien" of one.
    """
    unit = re.sub(r"[\s.]", "", unicodedata.normalize("NFKC", text)).casefold()
    if unit in _NAMES:
        return True, _NAMES[unit]
    signs = "".join(character for character in unit if unicodedata.category(character) == "Sc")
    letters = unit.replace(signs, "") if signs else unit
    if letters.upper() in CODES:
        is_one = len(signs) < 2 and _NAMES.get(signs) in (None, letters.upper())
        return is_one, letters.upper() if is_one else None
    if len(signs) != 1:
        return False, None
    if signs == "$":
        return not letters or letters in _DOLLARS, _DOLLARS.get(letters)
    return not letters, None


def currency_of(text: str) -> str | None:
    """Return the ISO code of the only currency that ``text`` can mean (a code in any case, a sign, a name), or None."""
    return unit_of(text)[1]


_NAMES: dict[str, str | None] = {
    "€": "EUR", "£": "GBP", "£gb": "GBP", "₹": "INR", "₽": "RUB", "₺": "TRY", "₪": "ILS", "₱": "PHP", "₫": "VND",
    "฿": "THB", "₦": "NGN", "₩": "KRW", "₴": "UAH", "zł": "PLN", "zl": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON",
    "fr": "CHF", "sfr": "CHF", "rm": "MYR", "kr": None, "dh": None, "dhs": None, "cfa": None, "fcfa": None,
    "da": "DZD", "dt": "TND", "?": None, "\ufffd": None,
    "euro": "EUR", "euros": "EUR", "dollar": None, "dollars": None,
    "dollarcanadien": "CAD", "dollarscanadiens": "CAD", "canadiandollar": "CAD", "canadiandollars": "CAD",
    "usdollar": "USD", "usdollars": "USD", "dollaraméricain": "USD", "dollarsaméricains": "USD",
    "dollardesétats-unis": "USD", "dollarus": "USD", "americandollar": "USD",
    "livresterling": "GBP", "livressterling": "GBP", "poundsterling": "GBP", "britishpound": "GBP",
    "britishpounds": "GBP", "francsuisse": "CHF", "francssuisses": "CHF", "swissfranc": "CHF", "swissfrancs": "CHF",
    "dirhammarocain": "MAD", "moroccandirham": "MAD", "dinartunisien": "TND", "tunisiandinar": "TND",
    "dinaralgérien": "DZD", "algeriandinar": "DZD",
}  # fmt: skip
"""Signs and names, without spaces and points, in lower case; None: several currencies are called so.

A question mark is a sign that the file's encoding did not have.
"""


ALL_OF = frozenset(
    plain(text) for text in
    ("all", "tous", "toutes", "tout", "total", "totaux", "todos", "todas", "todo", "tutti", "tutte", "tutto", "alle",
     "alles", "gesamt", "insgesamt", "totale", "totaal", "total general", "total geral", "(all)", "(tous)",
     "すべて", "合計")
)  # fmt: skip
"""A cell that says "all of them": the row is a total over the others."""

TOTALS = re.compile(
    r".*\b(totals?|totaux|totale|totaal|somme|sum|summe|suma|soma|gesamt\w*|results|resultats|all|tous|todos|tutti|alle)\b.*"
    r"|合計|すへて"
)
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
    "porto rico": "PR", "u.s.": "US", "u.s.a.": "US", "holland": "NL",
    "fra": "FR", "can": "CA", "bel": "BE", "che": "CH", "lux": "LU", "deu": "DE", "esp": "ES", "ita": "IT",
    "prt": "PT", "nld": "NL", "gbr": "GB", "irl": "IE", "aut": "AT", "pol": "PL", "cze": "CZ", "dnk": "DK",
    "swe": "SE", "nor": "NO", "fin": "FI", "aus": "AU", "nzl": "NZ", "mex": "MX", "bra": "BR", "ind": "IN",
    "jpn": "JP", "zaf": "ZA", "mar": "MA", "dza": "DZ", "tun": "TN", "sen": "SN", "civ": "CI",
}  # fmt: skip
"""Names beside those of the tables of places, and ISO 3166-1 alpha-3 codes of the usual countries.

Ads Manager writes codes of two letters, people and other tools names.
"""

_BAND = re.compile(r"(?:de |from )?([0-9]{2}) ?(?:[-‐‑‒–—]|a|to|et) ?([0-9]{2})(?: ans| years(?: old)?)?")
_OLDEST = re.compile(
    r"(?:plus de |over )?([0-9]{2}) ?(?:ans |years )?(?:\+|et plus|et \+|and (?:over|older|up|above)|or more)"
)

UNKNOWN_OBJECTIVE = "unknown"
"""A goal that the file tells and that is none of ours."""

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
        "amelioration estimee du souvenir publicitaire (personnes)", "alcance", "reichweite", "copertura", "bereik",
        "リーチ",
    ),
    "impressions": ("impressions", "impresiones", "impressionen", "impressoes", "impression", "weergaven",
                    "インプレッション"),
    "link_clicks": (
        "link clicks", "actions:link_click", "link_click", "clics sur un lien", "clics en el enlace", "link-klicks",
        "cliques no link", "clic sul link", "klikken op link", "リンクのクリック", "unique link clicks",
        "actions:unique_link_click", "outbound clicks",
    ),
    "landing_page_views": (
        "landing page views", "actions:landing_page_view", "actions:omni_landing_page_view", "landing_page_view",
        "vues de la page de destination", "vues de page de destination", "visitas a la pagina de destino",
        "landingpage-aufrufe", "visualizacoes da pagina de destino", "visualizzazioni della pagina di destinazione",
        "landingspaginaweergaven", "ランディングページビュー",
    ),
    "engagement": (
        "post engagements", "post engagement", "actions:post_engagement", "post_engagement",
        "actions:post_interaction_gross", "post reactions", "actions:post_reaction", "event responses", "actions:rsvp",
        "page engagement", "actions:page_engagement", "post comments", "post shares", "post saves",
        "interactions avec la publication", "reactions a la publication", "interactions avec la page",
        "reponses a l'evenement", "interacciones con la publicacion", "beitragsinteraktionen",
        "engajamentos com o post", "envolvimento com a publicacao", "interazioni con il post",
        "interacties met berichten", "投稿のエンゲージメント", "投稿へのエンゲージメント",
    ),
    "page_likes": (
        "page likes", "facebook likes", "actions:like", "like", "likes", "follows or likes", "facebook follows",
        "instagram follows", "follows", "mentions j'aime", "mentions j'aime de la page",
        "mentions j'aime sur la page", "mentions j'aime sur facebook", "j'aime la page", "followers facebook",
        "abonnes", "abonnements", "me gusta de la pagina", "\"gefallt mir\"-angaben fur seite",
        "\"gefallt mir\"-angaben", "curtidas na pagina", "mi piace sulla pagina", "vind-ik-leuks voor pagina",
    ),
    "video_views": (
        "thruplays", "thruplay", "video_thruplay_watched_actions", "actions:video_thruplay_watched_actions",
        "actions:video_view", "video_view", "video views", "3-second video plays", "3-second video views",
        "2-second continuous video plays", "video plays", "10-second video views", "lectures de video de 3 secondes",
        "lectures de video continues de 2 secondes", "vues de video", "reproducciones de video de 3 segundos",
        "reproducciones de video", "3-sekunden-videowiedergaben", "videowiedergaben",
        "reproducoes de video de 3 segundos", "reproducoes do video", "riproduzioni del video di 3 secondi",
        "videoweergaven van 3 seconden",
    ),
    "profile_visits": (
        "instagram profile visits", "profile visits", "actions:profile_visit", "profile_visit",
        "actions:onsite_conversion.ig_profile_visit", "visites du profil instagram", "visites de profil",
        "visites de profil instagram", "visites du profil", "visitas al perfil de instagram", "visitas al perfil",
        "instagram-profilaufrufe", "profilaufrufe", "instagram-profilbesuche", "visitas ao perfil do instagram",
        "visitas ao perfil", "visite al profilo instagram", "visite al profilo", "bezoeken aan instagram-profiel",
        "profielbezoeken",
    ),
    "messages": (
        "messaging conversations started", "messaging conversation started", "new messaging conversations",
        "new messaging contacts", "messaging contacts", "messaging connections", "messaging replies", "messages",
        "actions:onsite_conversion.messaging_conversation_started_7d",
        "onsite_conversion.messaging_conversation_started_7d", "actions:onsite_conversion.messaging_first_reply",
        "actions:onsite_conversion.total_messaging_connection", "conversations par messages demarrees",
        "conversations par message demarrees", "conversations demarrees", "nouvelles conversations par message",
        "nouveaux contacts par message", "contacts par message", "conversaciones con mensajes iniciadas",
        "conversaciones iniciadas", "gestartete messaging-unterhaltungen", "gestartete unterhaltungen",
        "conversas por mensagem iniciadas", "conversas iniciadas", "conversazioni tramite messaggi avviate",
        "conversazioni iniziate", "gestarte berichtgesprekken", "gestarte gesprekken via berichten",
        "メッセージでのスレッドの開始", "メッセージでの会話の開始", "whatsapp conversations",
    ),
    "calls": (
        "calls", "phone calls", "calls placed", "estimated call confirmation clicks", "call confirmation clicks",
        "actions:click_to_call_call_confirm", "click_to_call_call_confirm", "actions:click_to_call_native_call_placed",
        "20-second calls", "60-second calls", "callback requests submitted", "appels", "appels passes",
        "appels telephoniques", "clics de confirmation d'appel estimes", "clics de confirmation d'appel", "llamadas",
        "llamadas realizadas", "anrufe", "getatigte anrufe", "chamadas", "ligacoes", "ligacoes feitas", "chiamate",
        "chiamate effettuate", "oproepen", "telefoongesprekken", "通話",
    ),
    "leads": (
        "leads", "on-facebook leads", "meta leads", "website leads", "leads (form)", "actions:lead", "lead",
        "actions:onsite_conversion.lead_grouped", "onsite_conversion.lead_grouped", "actions:leadgen_grouped",
        "actions:offsite_conversion.fb_pixel_lead", "offsite_conversion.fb_pixel_lead", "actions:leadgen.other",
        "prospects", "leads (formulaire)", "prospects (formulaire)", "prospects sur facebook", "prospects meta",
        "prospects du site web", "clientes potenciales", "clientes potenciales (formulario)",
        "clientes potenciales en facebook", "clientes potenciales del sitio web", "leads (formular)",
        "leads auf facebook", "website-leads", "cadastros", "cadastros (formulario)", "leads no facebook", "contatti",
        "contatti (modulo)", "leads op facebook", "リード",
    ),
    "sales": (
        "purchases", "website purchases", "meta purchases", "on-facebook purchases", "in-app purchases", "purchase",
        "actions:purchase", "actions:omni_purchase", "omni_purchase",
        "actions:offsite_conversion.fb_pixel_purchase", "offsite_conversion.fb_pixel_purchase",
        "actions:onsite_conversion.purchase", "actions:onsite_web_purchase", "sales", "achats",
        "achats sur le site web", "achats du site web", "achats sur facebook", "ventes", "compras",
        "compras en el sitio web", "compras del sitio web", "kaufe",
        "website-kaufe", "kaufe auf der website", "einkaufe", "compras no site",
        "acquisti", "acquisti sul sito web", "acquisti nel sito web", "aankopen", "websiteaankopen",
        "aankopen op de website", "購入", "ウェブサイトでの購入",
    ),
    "app_installs": (
        "app installs", "mobile app installs", "desktop app installs", "actions:mobile_app_install",
        "actions:omni_app_install", "actions:app_install", "mobile_app_install", "omni_app_install",
        "installations d'application", "installations de l'application", "installations d'application mobile",
        "instalaciones de la aplicacion", "instalaciones de la app", "app-installationen", "instalacoes do aplicativo",
        "installazioni dell'app", "app-installaties", "アプリのインストール",
    ),
}  # fmt: skip
"""What a result type or indicator counts, by our objective; in the languages of Ads Manager."""

STATED: dict[str, tuple[str, ...]] = {
    "reach": ("reach", "outcome_awareness", "awareness", "brand_awareness", "notoriete", "notoriete de la marque",
              "sensibilisation", "reconocimiento", "reconocimiento de marca", "bekanntheit", "markenbekanntheit",
              "reconhecimento", "reconhecimento da marca", "notorieta", "notorieta del brand", "naamsbekendheid",
              "bekendheid", "認知度", "認知"),
    "link_clicks": ("link_clicks", "outcome_traffic", "traffic", "trafic", "trafico", "trafego", "traffico", "verkeer",
                    "トラフィック"),
    "engagement": ("post_engagement", "outcome_engagement", "engagement", "interactions", "event_responses",
                   "interaccion", "interacciones", "interaktionen", "interaktion", "engajamento", "envolvimento",
                   "interazione", "interazioni", "betrokkenheid", "エンゲージメント"),
    "leads": ("lead_generation", "outcome_leads", "generation de prospects", "generation de leads",
              "generacion de clientes potenciales", "leadgenerierung", "geracao de cadastros",
              "acquisizione di contatti", "leadgeneratie", "見込み客", "リード獲得"),
    "sales": ("outcome_sales", "product_catalog_sales", "catalog_sales", "catalogue sales",
              "ventes sur catalogue", "ventas", "umsatz", "umsatze", "verkaufe", "vendas", "vendite", "verkoop",
              "売上", "販売"),
    "messages": ("mensajes", "nachrichten", "mensagens", "messaggi", "berichten", "メッセージ"),
    "app_installs": ("app_installs", "outcome_app_promotion", "app promotion", "promotion d'application",
                     "promotion de l'application", "promocion de la aplicacion", "app-promotion",
                     "promocao do aplicativo", "promozione dell'app", "app-promotie", "アプリの宣伝"),
    "page_likes": ("page_likes",),
    "video_views": ("video_views", "visualizaciones de video", "videoaufrufe", "visualizacoes do video",
                    "visualizzazioni del video", "videoweergaven", "動画の再生数"),
}  # fmt: skip
"""Column Objective: the campaign's declared goal, where it is not called as its result is."""

_BY_RESULT = {key(label): objective for objective, labels in RESULTS.items() for label in labels}
_BY_STATED = {
    **_BY_RESULT,
    **{key(label): objective for objective, labels in STATED.items() for label in labels},
    **{key(label): objective for label, objective in PLATFORM_NAMES.items()},
}


_EARLIER = re.compile(
    r"cart|panier|carrito|carrinho|carrello|warenkorb|winkelwagen|checkout|payment|paiement|value|custom"
)
"""Words of steps before a result, and of what a shop made up itself: no goal of ours."""
_STEMS = {
    "messages": re.compile(r"\bmessag|\bconversation|\bmensaje|\bmensagen|\bnachricht|\bbericht"),
    "landing_page_views": re.compile(r"landing ?page|pages? de destination|pagina de destin|pagina di destinazione"),
    "profile_visits": re.compile(r"\bvisit\w* .*\bprofil|\bprofil\w* visit"),
    "sales": re.compile(r"\bpurchases?\b|\bachats?\b|\bcompras\b|\bkaufe\b|\bacquisti\b|\baankopen\b"),
    "app_installs": re.compile(r"\binstall\w*|\binstalaci|\binstalac"),
    "page_likes": re.compile(r"\bj'aime\b|\bpage likes?\b|\bfollow(s|ers)?\b|\babonnements?\b"),
    "video_views": re.compile(r"\bthruplays?\b|\bvideo (views?|plays?)\b|\b(vues|lectures) .*\bvideo"),
    "calls": re.compile(r"\bphone calls?\b|\bappels? (telephon|passe)"),
}


def is_counted(text: str) -> bool:
    """Whether a name is what Ads Manager calls a total: "Results from 12 campaigns"."""
    # The first letter decides for most of half a million names.
    return text[:1] in "rRtT0123456789" and COUNTED.fullmatch(plain(text)) is not None


def _by_stem(text: str) -> str | None:
    """Return the objective of words that can be of one only, however they are put."""
    label = plain(text).replace("_", " ")
    if _EARLIER.search(label):
        return None
    return next((objective for objective, stem in _STEMS.items() if stem.search(label)), None)


def objective_by_result(text: str) -> str:
    """Return the objective that a result type or indicator counts, ``unknown`` where it is none of ours."""
    return _BY_RESULT.get(key(text)) or _by_stem(text) or UNKNOWN_OBJECTIVE


def objective_of(text: str) -> str:
    """Return the objective that any word of the platform, or a code of ours, stands for; else ``unknown``."""
    code = plain(text).replace(" ", "_")
    if code in OBJECTIVES:
        return code
    return _BY_STATED.get(key(text)) or _by_stem(text) or UNKNOWN_OBJECTIVE


def currency_or_text(text: str) -> str:
    """Return the ISO code of the currency that the text means, else the text in capitals."""
    return currency_of(text) or text.upper()


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
