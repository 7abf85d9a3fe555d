"""Headers, dates and labels that Ads Manager, spreadsheets and other tools write besides the usual ones."""

from __future__ import annotations

import datetime
import subprocess
import sys

import pytest

from simulator.learning.export import values
from simulator.learning.export.headers import HEADERS, recognise
from simulator.learning.export.text import key, repaired
from tests.unit.learning.reading import DAYS, HEADER, codes, lines, read, rows_of


@pytest.mark.parametrize("header", ["Amount spent all", "Amount spent (km)", "Amount spent EUR USD", "Reach ($)"])
def test_a_header_with_something_else(header):
    assert recognise(header) is None


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Début du rapport", "reporting_start"), ("Indicateur de résultat", "result_kind"),
        ("Clics sur le lien", "link_clicks"), ("Clics sur lien", "link_clicks"), ("date_start", "reporting_start"),
        ("date_stop", "reporting_end"), ("inline_link_clicks", "link_clicks"), ("account_currency", "currency"),
        ("Tranche d’âge", "age"), ("Nom de l’ensemble des publicités", "ad_set"), ("start_time", "start"),
        ("Heure de la journée (fuseau horaire de l’audience)", "hour"),
    ],
)  # fmt: skip
def test_other_wordings_of_a_header(header, field):
    assert recognise(header) == (field, None)


@pytest.mark.parametrize("header", ["Days", "Jours", "Ads", "Campaigns", "Weeks", "Budgets"])
def test_the_plural_of_one_word_is_something_else(header):
    assert recognise(header) is None


def test_no_two_fields_share_a_header_without_articles_and_plurals():
    found: dict[str, set[str]] = {}
    for labels in HEADERS.values():
        for field, variants in labels.items():
            for label in variants:
                found.setdefault(key(label), set()).add(field)
    assert {label for label, fields in found.items() if len(fields) > 1} == set()


@pytest.mark.parametrize(
    "written",
    [
        "5-juin-24", "05-Jun-24", "mercredi 5 juin 2024", "Wednesday, June 5, 2024", "Jun 5, 2024 at 12:00 AM",
        "2024-06-05 00:00:00 UTC", "2024-06-05 09:30 CET", "2024-06-05 09:30 GMT+2", "mer. 5 juin 2024",
        "5 juin 2024 à 00:00 UTC+02:00",
    ],
)  # fmt: skip
def test_other_ways_to_write_a_day(written):
    frame = read(lines(f'A,1,8,10,"{written}","{written}"'))
    assert frame["start"].dt.date.tolist() == [datetime.date(2024, 6, 5)]
    assert frame["days"].tolist() == [1]


@pytest.mark.parametrize(
    "written",
    ["2024-04", "04/2024", "avril 2024", "April 2024", "avr.-24", "Apr-24", "2024-04-01", "2024-04-01 - 2024-04-30",
     "Apr 1 - Apr 30, 2024", "1 - 30 avr. 2024", "du 01/04/2024 au 30/04/2024", "2024-04-01 → 2024-04-30"],
)  # fmt: skip
def test_a_month_is_as_long_as_it_is(written):
    frame = read(lines(f'A,1,8,10,"{written}"', header="Nom de la campagne,Dépense,Portée,Impressions,Mois"))
    assert [frame["start"][0].date(), frame["end"][0].date()] == [datetime.date(2024, 4, 1), datetime.date(2024, 4, 30)]
    assert frame.attrs["level"] == "campaign/month"


@pytest.mark.parametrize("written", ["2024-04-01", "2024-W14", "2024-04-01 ~ 2024-04-07"])
def test_a_week_is_seven_days(written):
    frame = read(lines(f"A,1,8,10,{written}", header="Campaign name,Spend,Reach,Impressions,Week"))
    assert [frame["start"][0].date(), frame["days"][0]] == [datetime.date(2024, 4, 1), 7]


def test_a_month_is_cut_to_the_days_of_the_report():
    header = HEADER + ",Month"
    frame = read(lines("A,1,8,10,2024-04-15,2024-05-10,2024-04", "A,1,8,10,2024-04-15,2024-05-10,2024-05",
                       header=header))  # fmt: skip
    assert frame["days"].tolist() == [16, 10]


def test_serial_numbers_of_a_spreadsheet_are_days_where_a_column_holds_nothing_else():
    frame = read(lines("A,1,8,10,45448,45450", "B,1,8,10,45448,45449"))
    assert frame["start"].dt.date.tolist() == [datetime.date(2024, 6, 5)] * 2
    assert frame["days"].tolist() == [3, 2]
    assert "serial_dates" in codes(frame)
    mixed = read(lines("A,1,8,10,45448,45450", "B,1,8,10,2024-06-05,2024-06-06"))
    assert mixed["campaign"].tolist() == ["B"]
    assert rows_of(mixed, "bad_date") == [2]


@pytest.mark.parametrize(
    ("written", "band"),
    [("18 à 24", "18-24"), ("de 18 à 24 ans", "18-24"), ("18 to 24", "18-24"), ("18-24 years", "18-24"),
     ("'18-24", "18-24"), ("65 et plus", "65+"), ("65 and over", "65+"), ("65 ans et plus", "65+"), ("65+", "65+"),
     ("Non précisé", "unknown"), ("Ages", "Ages")],
)  # fmt: skip
def test_an_age_however_it_is_written(written, band):
    assert values.age_of(written) == band


@pytest.mark.parametrize(
    ("written", "gender"),
    [("Féminin", "women"), ("F", "women"), ("Masculin", "men"), ("H", "men"), ("M", "men"),
     ("Not specified", "unknown"), ("Non précisé", "unknown")],
)  # fmt: skip
def test_a_sex_however_it_is_written(written, gender):
    assert values.gender_of(written) == gender


@pytest.mark.parametrize(
    ("written", "code"),
    [("Maroc", "MA"), ("Morocco", "MA"), ("Sénégal", "SN"), ("Côte d’Ivoire", "CI"), ("La Réunion", "RE"),
     ("United States of America", "US"), ("Royaume-Uni", "GB"), ("UK", "GB"), ("Atlantis", "Atlantis")],
)  # fmt: skip
def test_a_country_however_it_is_written(written, code):
    assert values.country_of(written) == code


@pytest.mark.parametrize(
    ("written", "objective"),
    [("Clics sur le lien", "link_clicks"), ("Interactions avec les publications", "engagement"),
     ("Mentions J’aime", "page_likes"), ("Prospects (formulaire)", "leads"), ("Post reactions", "engagement"),
     ("estimated_ad_recallers", "reach"), ("Website purchases", "sales"),
     ("Messaging conversations started", "messages"), ("Conversations par message commencées", "messages"),
     ("Consultations de la page de destination", "landing_page_views"),
     ("Ajouts au panier", "unknown"),
     ("actions:offsite_conversion.fb_pixel_add_to_cart", "unknown"),
     ("Achats sur le site", "sales"), ("Cats", "unknown")],
)  # fmt: skip
def test_a_kind_of_result_in_other_words(written, objective):
    assert values.objective_by_result(written) == objective


@pytest.mark.parametrize(
    ("written", "objective"),
    [("Outcome traffic", "link_clicks"), ("Interaction", "engagement"), ("Vues de vidéos", "video_views"),
     ("Notoriété de la marque", "reach"), ("Génération de leads", "leads"), ("Ventes", "sales")],
)  # fmt: skip
def test_a_stated_objective_in_other_words(written, objective):
    assert values.objective_of(written) == objective


@pytest.mark.parametrize("text", ["Tranche d’âge", "L’âne d’Ânières", "Pâte à sel, l’âtre"])
def test_an_apostrophe_before_an_accent_is_no_damage(text):
    assert repaired(text) == text
    assert repaired(text.encode().decode("mac_roman")) == text


def test_letters_amid_digits_show_the_wrong_encoding():
    text = lines(f"A,1\u00a0234.50,800,1\u00a0000,{DAYS}")
    frame = read(text.encode("mac_roman"))
    assert frame.attrs["encoding"] == "mac_roman"
    assert frame["spend"].tolist() == [1234.5]


def test_serial_numbers_may_have_a_time():
    frame = read(lines("A,1,8,10,45448.75,45450.25"))
    assert frame["days"].tolist() == [3]


def test_a_quotation_mark_amid_letters_shows_the_wrong_encoding():
    frame = read(lines(f"Noël,1,8,10,{DAYS}").encode("mac_roman"))
    assert frame["campaign"].tolist() == ["Noël"]
    frame = read(lines(f"L’été « Noël » à 5 €…,1,8,10,{DAYS}").encode("cp1252"))
    assert frame["campaign"].tolist() == ["L’été « Noël » à 5 €…"]


def test_the_budget_is_that_of_the_level_that_has_one():
    header = f"{HEADER},Ad set budget,Campaign budget"
    frame = read(lines(f"A,1,8,10,{DAYS},5,Using ad set budget", f"B,1,8,10,{DAYS},Using campaign budget,7",
                       header=header))  # fmt: skip
    assert frame["budget"].tolist() == [5, 7]
    assert "conflicting_columns" not in codes(frame)


@pytest.mark.parametrize("span", ["2025-01-31 - 2025-01-01", "2025-01-01 - 2025-01-31,2025-01-31,2025-01-01"])
def test_a_part_that_ends_before_it_starts_is_dropped(span):
    cell, *report = span.split(",")
    first, last = report or ("2025-01-01", "2025-01-31")
    frame = read(lines(f"A,1,8,10,{first},{last},{cell}", f"B,1,8,10,{DAYS},2025-01-02 - 2025-01-08",
                       header=f"{HEADER},Week"))  # fmt: skip
    assert frame["campaign"].tolist() == ["B"]
    assert rows_of(frame, "end_before_start") == [2]


@pytest.mark.parametrize(
    ("damaged", "text"),
    [("RÃÂ©pÃÂ©tition", "Répétition"), ("Montant dépensé (â‚¬)", "Montant dépensé (€)"), ("d'√¢ge", "d'âge"),
     ("RÃƒÂ©pÃƒÂ©tition", "Répétition"), ("lâ€™annonce", "l’annonce"), ("CoÃ»t par rÃ©sultat", "Coût par résultat")],
)  # fmt: skip
def test_accents_encoded_twice_or_in_part_are_put_right(damaged, text):
    assert repaired(damaged) == text


def test_a_plain_export_needs_no_repair_package():
    code = "import sys, simulator.learning.export.text as t; t.repaired('Coût, l’été'); print('ftfy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
