"""The same invented campaigns in every form that people have: form, language, separator, encoding, dates, container.

``python -m tests.unit.learning.forms`` reads all of them and says which were read right, refused, or wrong (none may
be); the suite reads a sample.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from simulator.base.errors import InvalidInput
from simulator.learning import read_ads_manager
from simulator.learning.rows import Rows, usable_rows
from simulator.reference.parameters import load_parameters

Row = dict[str, Any]
YEAR = (datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
NAMES = ("Terrasse d’été", "Atelier, mai", "Marché « Les Halles »", "Portes ouvertes", "Menu de midi", "Inscription")
COLUMNS = ("campaign", "ad_set", "reporting_start", "reporting_end", "start", "end", "day", "spend", "impressions",
           "reach", "clicks", "results", "kind", "currency")  # fmt: skip

HEADERS = {
    "en": ("Campaign name", "Ad set name", "Reporting starts", "Reporting ends", "Starts", "Ends", "Day",
           "Amount spent ({})", "Impressions", "Reach", "Link clicks", "Results", "Result indicator", "Currency"),
    "fr": ("Nom de la campagne", "Nom de l’ensemble de publicités", "Début des rapports", "Fin des rapports", "Début",
           "Fin", "Jour", "Montant dépensé ({})", "Impressions", "Couverture", "Clics sur un lien", "Résultats",
           "Indicateur de résultats", "Devise"),
    "fr_ca": ("Nom de la campagne", "Nom de l'ensemble de publicités", "Début du rapport", "Fin du rapport",
              "Date de début", "Date de fin", "Jour", "Montant dépensé ({})", "Impressions", "Portée",
              "Clics sur le lien", "Résultats", "Type de résultat", "Devise"),
    "es": ("Nombre de la campaña", "Nombre del conjunto de anuncios", "Inicio del informe", "Fin del informe", "Inicio",
           "Finalización", "Día", "Importe gastado ({})", "Impresiones", "Alcance", "Clics en el enlace", "Resultados",
           "Indicador de resultado", "Divisa"),
    "de": ("Name der Kampagne", "Name der Anzeigengruppe", "Berichtsstart", "Berichtsende", "Start", "Ende", "Tag",
           "Ausgegebener Betrag ({})", "Impressionen", "Reichweite", "Link-Klicks", "Ergebnisse",
           "Indikator für Ergebnisse", "Währung"),
    "pt": ("Nome da campanha", "Nome do conjunto de anúncios", "Início dos relatórios", "Término dos relatórios",
           "Início", "Término", "Dia", "Valor usado ({})", "Impressões", "Alcance", "Cliques no link", "Resultados",
           "Indicador de resultados", "Moeda"),
    "it": ("Nome della campagna", "Nome del gruppo di inserzioni", "Inizio dei report", "Fine dei report", "Inizio",
           "Fine", "Giorno", "Importo speso ({})", "Impression", "Copertura", "Clic sul link", "Risultati",
           "Indicatore dei risultati", "Valuta"),
    "nl": ("Naam van campagne", "Naam van advertentieset", "Begin rapportage", "Einde rapportage", "Begint", "Eindigt",
           "Dag", "Besteed bedrag ({})", "Weergaven", "Bereik", "Klikken op link", "Resultaten", "Resultaatindicator",
           "Valuta"),
    "ja": ("キャンペーン名", "広告セット名", "レポート開始日", "レポート終了日", "開始", "終了", "日", "消化金額 ({})",
           "インプレッション", "リーチ", "リンクのクリック", "結果", "結果インジケーター", "通貨"),
    "api": ("campaign_name", "adset_name", "date_start", "date_stop", "start_time", "stop_time", "date_day", "spend",
            "impressions", "reach", "inline_link_clicks", "results", "result_type", "account_currency"),
    "camel": ("CampaignName", "AdSetName", "DateStart", "DateStop", "StartTime", "StopTime", "Date", "Spend",
              "Impressions", "Reach", "InlineLinkClicks", "Results", "ResultType", "AccountCurrency"),
    "tool": ("Campaign", "Adset name", "Date start", "Date stop", "Start date", "End date", "Date", "Cost ({})",
             "# of Impressions", "Reach", "Link clicks", "Results", "Result type", "Currency"),
}  # fmt: skip
"""As ``COLUMNS``."""
ONGOING = {"en": "Ongoing", "fr": "En cours", "fr_ca": "Sans fin", "es": "En curso", "de": "Laufend", "it": "In corso",
           "pt": "Em andamento", "nl": "Doorlopend", "ja": "継続中", "api": "null", "camel": "",
           "tool": "9999-12-31"}  # fmt: skip
ALL = {"en": "All", "fr": "Tous", "fr_ca": "Total", "es": "Todos", "de": "Alle", "pt": "Todos", "it": "Tutti",
       "nl": "Alle", "ja": "すべて", "api": "Total", "camel": "All", "tool": "All"}  # fmt: skip
MONTHS = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "fr": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "de": "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "pt": "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "it": "gen feb mar apr mag giu lug ago set ott nov dic",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
}
NAMED = {"en": "{m} {d}, {y}", "fr": "{d} {m} {y}", "es": "{d} de {m} de {y}", "de": "{d}. {m} {y}",
         "pt": "{d} de {m} de {y}", "it": "{d} {m} {y}", "nl": "{d} {m} {y}", "ja": "{y}年{n}月{d}日"}  # fmt: skip
NUMERIC = {"en": "%m/%d/%Y", "fr_ca": "%Y-%m-%d", "de": "%d.%m.%Y", "nl": "%d-%m-%Y", "ja": "%Y/%m/%d"}
COMMA = ("fr", "fr_ca", "es", "de", "pt", "it", "nl")
KINDS = (
    ("actions:link_click", "link_clicks"), ("actions:offsite_conversion.fb_pixel_purchase", "sales"),
    ("actions:onsite_conversion.messaging_conversation_started_7d", "messages"), ("reach", "reach"),
    ("actions:custom.of_the_shop", "unknown"), ("actions:post_engagement", "engagement"),
)  # fmt: skip


def campaigns() -> list[Row]:
    """Six campaigns of some days each; the first start is after the twelfth of its month."""
    rng = random.Random(20261129)
    rows = []
    for number, name in enumerate(NAMES):
        start = datetime.date(2025, 1 + number, 15 + number)
        days = rng.randrange(5, 13)
        impressions = rng.randrange(4_000, 30_000)
        kind, objective = KINDS[number]
        rows.append({
            "campaign": name, "start": start, "end": start + datetime.timedelta(days=days - 1),
            "spend": rng.randrange(3_000, 20_000) / 100, "impressions": impressions, "results": rng.randrange(5, 90),
            "reach": int(impressions / rng.uniform(1.1, 1.9)), "clicks": impressions // 70, "kind": kind,
            "objective": objective,
        })  # fmt: skip
    return rows


def parts(row: Row, count: int) -> list[Row]:
    """A campaign in so many parts whose money and showings add up."""
    cents, shown = round(row["spend"] * 100), row["impressions"]
    found = []
    for number in range(count):
        share = [(whole * (number + 1)) // count - (whole * number) // count for whole in (cents, shown, row["clicks"])]
        found.append({**row, "spend": share[0] / 100, "impressions": share[1], "clicks": share[2],
                      "reach": int(share[1] / 1.2)})  # fmt: skip
    return found


def days(row: Row) -> list[Row]:
    """A campaign day by day."""
    count = (row["end"] - row["start"]).days + 1
    return [{**each, "day": row["start"] + datetime.timedelta(days=n)} for n, each in enumerate(parts(row, count))]


@dataclass(frozen=True)
class Form:
    """What a file says: its columns, its rows as they stand in it, and what is true of it.

    ``truth`` are the rows that must be read; ``is_window`` whether the days of the report must not be learnt as theirs;
    ``learnt`` how many campaigns it teaches; ``told`` the codes that must be said.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    truth: list[Row]
    is_window: bool = False
    learnt: int = len(NAMES)
    told: tuple[str, ...] = ()
    currency: str = "EUR"
    options: dict[str, Any] = field(default_factory=dict)


BASE = ("campaign", "spend", "impressions", "reach", "clicks")
WINDOW = ("reporting_start", "reporting_end")


def in_year(rows: list[Row]) -> list[Row]:
    """The rows of one report over a year."""
    return [{**row, "reporting_start": YEAR[0], "reporting_end": YEAR[1]} for row in rows]


def own_window(rows: list[Row]) -> list[Row]:
    """The rows of reports over their own days."""
    return [{**row, "reporting_start": row["start"], "reporting_end": row["end"]} for row in rows]


def forms(language: str) -> dict[str, Form]:
    """All forms in a language, by name."""
    truth, all_of = campaigns(), ALL[language]
    year = in_year(truth)
    flights = Form((*WINDOW, *BASE, "results", "kind", "start", "end"), year, truth, told=("unknown_objective",))
    by_day = [each for row in truth for each in days(row)]
    sets = [{**each, "ad_set": f"Public {n}"} for row in truth for n, each in enumerate(parts(row, 2))]
    of_sets = own_window(sets)
    above = [[row, *(each for each in of_sets if each["campaign"] == row["campaign"])] for row in own_window(truth)]
    pivot = [line for row in truth for line in (
        {**row, "day": all_of}, *({**each, "campaign": ""} for each in days(row)))]  # fmt: skip
    total = {key: sum(row[key] for row in truth) for key in ("impressions", "clicks", "reach")}
    total["spend"] = round(sum(row["spend"] for row in truth), 2)
    zeros = [
        {**year[0], "campaign": "Jamais diffusée", **dict.fromkeys(("spend", "impressions", "reach", "clicks"), 0)}
    ]
    return {
        "flights": flights,
        "ends alone": Form((*WINDOW, *BASE, "end"), year, truth, is_window=True, told=("start_from_report",)),
        "ends ongoing": Form(
            (*WINDOW, *BASE, "end"), [{**row, "end": ONGOING[language]} for row in year], truth, is_window=True,
            told=("start_from_report",),
        ),
        "starts, no end": Form(
            (*WINDOW, *BASE, "start", "end"), [{**row, "end": ONGOING[language]} for row in year], truth,
            is_window=True,
        ),
        "no dates": Form((*WINDOW, *BASE), year, truth, is_window=True, told=("start_from_report", "end_from_report")),
        "own reports": Form((*WINDOW, *BASE), own_window(truth), truth),
        "an unread date": Form(
            (*WINDOW, *BASE, "start"), [{**row, "start": "soon"} for row in own_window(truth)], truth,
            told=("unread_date",),
        ),
        "days": Form(("day", *BASE), by_day, by_day),
        "days without names": Form(
            ("day", *BASE[1:]), by_day, [{**row, "campaign": None} for row in by_day], learnt=1,
            told=("days_without_names",),
        ),
        "pivot of days": Form(("day", *BASE), pivot, by_day, told=("subtotal_row",)),
        "all above ad sets": Form(
            ("campaign", "ad_set", *WINDOW, *BASE[1:]),
            [{"ad_set": all_of, **row} for group in above for row in group], of_sets, learnt=len(of_sets),
            told=("subtotal_row",),
        ),
        "campaigns above ad sets": Form(
            ("campaign", "ad_set", *WINDOW, *BASE[1:]),
            [{"ad_set": "", **row} for group in above for row in group], of_sets, learnt=len(of_sets),
            told=("subtotal_row",),
        ),
        "a total below": Form(
            (*WINDOW, *BASE), [*own_window(truth), *in_year([{**total, "campaign": "Total"}])], truth,
            told=("totals_row",),
        ),
        "no reach": Form((*WINDOW, "campaign", "spend", "impressions", "clicks"), own_window(truth), truth,
                         told=("no_reach",)),
        "two attributions": Form(
            (*WINDOW, *BASE, "results"),
            [each for row in own_window(truth) for each in (row, {**row, "results": row["results"] + 3})], truth,
            told=("repeated_row",),
        ),
        "rows of zeros": Form((*WINDOW, *BASE), [*own_window(truth), *zeros], truth, told=("no_delivery",)),
        "francs": Form((*WINDOW, *BASE, "start", "end"), year, truth, currency="XOF"),
        "its own column for money": Form((*WINDOW, *BASE, "currency"), own_window(truth), truth, currency="CAD"),
    }  # fmt: skip


@dataclass(frozen=True)
class Style:
    """How it is written."""

    language: str
    separator: str = ","
    encoding: str = "utf-8"
    dates: str = "iso"
    container: str = "csv"


QUOTE = '"'
CONTAINERS = ("csv", "xlsx", "zip", "column a", "quoted whole", "sheet a month", "json", "jsonl")


def styles() -> Iterator[Style]:
    """Every language in each separator and encoding, then in each way to write dates, and in each container."""
    for language in HEADERS:
        encodings = ("utf-8-sig", "utf-16") if language == "ja" else ("utf-8-sig", "utf-16", "cp1252")
        for number, encoding in enumerate(encodings):
            yield Style(language, (",", ";", "\t")[number], encoding)
        yield Style(language, ";", dates="named")
        yield Style(language, "\t", dates="numeric")
        for container in CONTAINERS[1:]:
            yield Style(language, container=container)


def files() -> Iterator[tuple[str, Form, bytes]]:
    """Yield every file: what it is, what is true of it, its bytes."""
    for style in styles():
        for name, form in forms(style.language).items():
            if style.container == "sheet a month" and (name.startswith(("pivot", "a total", "two")) or "above" in name):
                continue  # what belongs together stands on one sheet
            yield f"{name}, {style}", form, written(form, style)


def written(form: Form, style: Style) -> bytes:
    """A file as bytes."""
    headers = dict(zip(COLUMNS, HEADERS[style.language], strict=True))
    columns = form.columns
    if "{}" not in headers["spend"] and "currency" not in columns:
        columns = (*columns, "currency")
    unit = "" if "currency" in columns else form.currency
    head = [headers[name].format(unit).replace(" ()", "") for name in columns]
    cells = [head, *([_cell(row, name, form, style) for name in columns] for row in form.rows)]
    if style.container in ("json", "jsonl"):
        return _json(cells, columns, style)
    if style.container in ("xlsx", "sheet a month"):
        return _workbook(cells, columns, style)
    text = _delimited(cells, style.separator)
    if style.container == "column a":  # Excel in French reads a comma as text, and quotes what needs it
        text = "".join((_quoted(line) if QUOTE in line else line) + "\n" for line in text.splitlines())
    if style.container == "quoted whole":
        text = "".join(f"{_quoted(line)}\n" for line in text.splitlines())
    content = text.encode(style.encoding, "replace")
    if style.container == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("export.csv", content)
        return stream.getvalue()
    return content


def _cell(row: Row, name: str, form: Form, style: Style) -> str:
    value = form.currency if name == "currency" else row.get(name, "")
    if isinstance(value, datetime.date):
        language = style.language.partition("_")[0]
        if style.dates == "named" and language in NAMED:
            months = MONTHS.get(language, "x " * 12).split()
            return NAMED[language].format(y=value.year, m=months[value.month - 1], n=value.month, d=value.day)
        pattern = NUMERIC.get(style.language, "%d/%m/%Y") if style.dates == "numeric" else "%Y-%m-%d"
        return value.strftime(pattern)
    if isinstance(value, float):
        is_comma = style.language in COMMA and style.separator != ","
        return f"{value:.2f}".replace(".", "," if is_comma else ".")
    return str(value)


def _delimited(cells: list[list[str]], separator: str) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(cells)
    return stream.getvalue()


def _quoted(line: str) -> str:
    return '"' + line.replace('"', '""') + '"'


def _json(cells: list[list[str]], columns: tuple[str, ...], style: Style) -> bytes:
    head, *rows = cells
    objects = [{name: cell for name, cell in zip(head, row, strict=True) if cell != ""} for row in rows]
    if style.container == "jsonl":
        return "".join(f"{json.dumps(each)}\n" for each in objects).encode()
    return json.dumps({"data": objects, "paging": {"cursors": {"before": "x"}}}, ensure_ascii=False).encode()


def _workbook(cells: list[list[str]], columns: tuple[str, ...], style: Style) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    head, *rows = cells
    size = max(len(rows) // 3, 1) if style.container == "sheet a month" else len(rows)
    for number, some in enumerate(_batches(rows, size), 1):
        page = book.add_worksheet(f"Mois {number}")
        page.write_row(0, 0, head)
        for place, row in enumerate(some, 1):
            for column, (name, cell) in enumerate(zip(columns, row, strict=True)):
                if name in ("spend", "impressions", "reach", "clicks", "results") and cell:
                    page.write_number(place, column, float(cell))
                else:
                    page.write_string(place, column, cell)
    book.close()
    return stream.getvalue()


def _batches(rows: list[list[str]], size: int) -> list[list[list[str]]]:
    return [rows[first : first + size] for first in range(0, len(rows), size)]


def faults(form: Form, frame: pd.DataFrame) -> list[str]:
    """Say where what was read or learnt is not the truth."""
    if len(frame) != len(form.truth):
        return [f"{len(frame)} rows for {len(form.truth)}"]
    said = {entry["code"] for entry in frame.attrs["warnings"]}
    rows = usable_rows(frame, load_parameters())
    is_right = {
        **{name: name not in form.columns or _same(frame, form, name) for name in ("spend", "impressions", "reach")},
        **{name: _is_day(frame, form, name) for name in ("start", "end")},
        "campaign": "campaign" not in form.columns
        or [_plain(name) for name in frame["campaign"]] == [_plain(row["campaign"]) for row in form.truth],
        "objective": "kind" not in form.columns
        or frame["objective"].tolist() == [row["objective"] for row in form.truth],
        "currency": set(frame["currency"]) == {form.currency},
        **{f"{code} is not said": code in said for code in form.told},
        f"{len(rows)} campaigns learnt": len(rows) == form.learnt,
        "days learnt": _are_days_right(rows, form),
    }
    return [name for name, right in is_right.items() if not right]


def _same(frame: pd.DataFrame, form: Form, name: str) -> bool:
    return np.allclose(frame[name].to_numpy(float), [row[name] for row in form.truth])


def _is_day(frame: pd.DataFrame, form: Form, name: str) -> bool:
    """Whether a day is the campaign's, or said to be only the report's where the file tells no other."""
    own = [row.get("day", row[name]) for row in form.truth]
    told = zip(frame[name].dt.date, own, frame[f"{name}_is_reporting"], strict=True)
    return all(day == true or (form.is_window and flag) for day, true, flag in told)


def _are_days_right(rows: Rows, form: Form) -> bool:
    if not form.is_window:
        days = sorted((row["end"] - row["start"]).days + 1 for row in campaigns())
        return form.learnt != len(NAMES) or sorted(rows.days) == days
    is_told = [name in form.columns and form.rows[0][name] == form.truth[0][name] for name in ("start", "end")]
    first = [row["start"] if is_told[0] else YEAR[0] for row in form.truth]
    last = [row["end"] if is_told[1] else YEAR[1] for row in form.truth]
    left_open = [(end - start).days + 1 for start, end in zip(first, last, strict=True)]
    return len(rows) == len(left_open) and bool(np.all(rows.days < 0.9 * np.array(left_open)))


def _plain(name: object) -> str:
    return "".join(character for character in str(name) if character.isascii() and character.isalnum())


def judged(form: Form, content: bytes) -> str:
    """Return ``right``, ``refused: CODE``, or ``wrong: WHAT``."""
    try:
        frame = read_ads_manager(content, **form.options)
    except InvalidInput as refusal:
        return f"refused: {refusal.code}"
    found = faults(form, frame)
    return f"wrong: {', '.join(found)}" if found else "right"


def main(report: Callable[[str], object] = print) -> int:
    """Read all files; return how many are wrong."""
    counted: Counter[str] = Counter()
    for name, form, content in files():
        verdict = judged(form, content)
        counted[verdict.partition(":")[0]] += 1
        if verdict != "right":
            report(f"{verdict}: {name}")
    report(f"{counted.total()} files: {dict(counted)}")
    return counted["wrong"]


if __name__ == "__main__":
    sys.exit(min(main(), 1))
