"""What Ads Manager, spreadsheets and other tools write besides the usual, found by reading invented exports."""

from __future__ import annotations

import datetime

import pytest

from simulator.calibration.reading import values
from simulator.calibration.reading.currencies import unit_of
from simulator.calibration.reading.fields import HEADERS
from simulator.calibration.reading.headers import recognise
from simulator.calibration.reading.numbers import INVALID, Numbers
from simulator.calibration.reading.text import key, repaired
from simulator.errors import InvalidInput
from tests.unit.calibration.exports import CAMPAIGN_COLUMNS, Style, campaigns, delimited, table
from tests.unit.calibration.reading import codes, differences, read, rows_of
from tests.unit.calibration.test_numbers import settle
from tests.unit.calibration.test_workbook import HEADER as BOOK_HEADER
from tests.unit.calibration.test_workbook import ROW, book

HEADER = "Campaign name,Amount spent,Reach,Impressions,Reporting starts,Reporting ends"
DAYS = "2025-01-01,2025-01-31"


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows, ""])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1 234,50 $", None), ("1 234,50 $ CA", "CAD"), ("1 234,50 $CA", "CAD"), ("1 234,50 $US", "USD"),
        ("CA$1,234.50", "CAD"), ("C$1,234.50", "CAD"), ("CAD $1,234.50", "CAD"), ("$1,234.50 CAD", "CAD"),
        ("$1,234.50", None), ("Fr. 1'234.50", "CHF"), ("1 234,50 zł", "PLN"), ("1 234,50 kr", None),
        ("R$ 1.234,50", "BRL"), ("₹1,234.50", "INR"), ("₺1.234,50", "TRY"), ("1 234,50 F CFA", None),
        ("1 234,50 €", "EUR"), ("-€1,234.50", "EUR"), ("(1,234.50 €)", "EUR"),
    ],
)  # fmt: skip
def test_an_amount_with_its_unit_of_money(written, code):
    sign = -1 if written[0] in "-(" else 1
    assert settle([written])[0] == [sign * 1234.5]
    frame = read(lines(f'A,"{written.strip("-()")}",800,1000,{DAYS}'))
    assert frame["currency"].tolist() == [code]
    assert ("no_currency" in codes(frame)) == (code is None)


@pytest.mark.parametrize("written", ["12 km", "12 €€", "12 € CAD", "12 EUR USD", "12%", "x12", "12 CA", "$", "€ $"])
def test_what_stands_beside_a_number_must_be_one_currency(written):
    assert settle([written])[0] != [12.0]


@pytest.mark.parametrize(("written", "meant"), [("Fr.500", 500), ("€.50", 0.5), (".50 €", 0.5), ("€ .5", 0.5)])
def test_the_point_of_an_abbreviation_is_not_that_of_the_number(written, meant):
    assert settle([written])[0] == [meant]


def test_cells_of_several_currencies_tell_none_and_the_header_goes_before_the_cells():
    assert read(lines(f"A,12 €,800,1000,{DAYS}", f"B,12 £,800,1000,{DAYS}"))["currency"].tolist() == [None, None]
    header = HEADER.replace("Amount spent", "Amount spent (CAD)")
    assert read(lines(f"A,12 $,800,1000,{DAYS}", header=header))["currency"].tolist() == ["CAD"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Amount spent EUR", "EUR"), ("Amount spent - EUR", "EUR"), ("Amount spent, EUR", "EUR"),
        ("Amount spent (in EUR)", "EUR"), ("Amount spent ($)", None), ("Amount spent (CA$)", "CAD"),
        ("Amount spent (US$)", "USD"), ("Montant dépensé ($ CA)", "CAD"), ("Montant dépensé ($CA)", "CAD"),
        ("Montant dépensé (en €)", "EUR"), ("Montant dépensé en EUR", "EUR"), ("Montant dépensé (euros)", "EUR"),
    ],
)  # fmt: skip
def test_a_header_with_its_unit_of_money(header, code):
    assert recognise(header) == ("spend", code)


@pytest.mark.parametrize("header", ["Amount spent all", "Amount spent (km)", "Amount spent EUR USD", "Reach ($)"])
def test_a_header_with_something_else(header):
    assert recognise(header) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [("Dollar canadien", (True, "CAD")), ("US Dollar", (True, "USD")), ("Euro", (True, "EUR")), ("eur", (True, "EUR")),
     ("$", (True, None)), ("", (False, None)), ("$$", (False, None)), ("CAD$$", (False, None)),
     ("EUR EUR", (False, None)), ("Pau", (False, None))],
)  # fmt: skip
def test_units_of_money(text, unit):
    assert unit_of(text) == unit


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


@pytest.mark.parametrize("dash", ["-", "—", "–", "--"])
def test_a_dash_in_a_breakdown_is_a_subtotal(dash):
    header = "Campaign name,Age,Gender,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"
    frame = read(lines(f"A,{dash},{dash},3,20,30,{DAYS}", f"A,18-24,male,1,10,10,{DAYS}",
                       f"A,25-34,male,2,10,20,{DAYS}", header=header))  # fmt: skip
    assert frame["age"].tolist() == ["18-24", "25-34"]
    assert rows_of(frame, "subtotal_row") == [2]


@pytest.mark.parametrize(
    "label",
    ["Résultats des 3 campagnes", "Résultats pour 3 publicités", "Total des 3 campagnes", "Total of 3 ad sets",
     "Account total", "Total 2025", "Totaux"],
)  # fmt: skip
def test_a_total_however_it_is_called(label):
    rows = [f"A,10,80,100,{DAYS}", f"B,25,160,210,{DAYS}", f"C,11.5,90,111,{DAYS}"]
    frame = read(lines(*rows, f"{label},46.5,300,421,{DAYS}"))
    assert frame["campaign"].tolist() == ["A", "B", "C"]
    assert rows_of(frame, "totals_row") == [5]


def test_results_of_so_many_campaigns_are_a_total_though_rows_were_taken_out():
    frame = read(lines(f"Results from 12 campaigns,99,300,421,{DAYS}", f"A,10,80,100,{DAYS}", f"B,25,160,210,{DAYS}"))
    assert frame["campaign"].tolist() == ["A", "B"]


@pytest.mark.parametrize("label", ["Total", "C", "Résultats"])
def test_a_campaign_as_large_as_the_others_or_called_total_stays(label):
    spend, impressions = (30, 3000) if label == "C" else (30, 2900)
    frame = read(lines(f"A,10,800,1000,{DAYS}", f"B,20,1500,2000,{DAYS}", f"{label},{spend},2200,{impressions},{DAYS}"))
    assert len(frame) == 3


@pytest.mark.parametrize("more", ["rows", "header", "three", "all"])
def test_separators_too_many_at_the_end_are_nothing(more):
    text = delimited(table(campaigns(), CAMPAIGN_COLUMNS, Style("fr")))
    head, *rows = text.splitlines()
    ends = {"rows": ("", ","), "header": (",", ""), "three": ("", ",,,"), "all": (",", ",")}[more]
    frame = read("\n".join([head + ends[0], *(row + ends[1] for row in rows)]) + "\n")
    assert differences(frame, campaigns()) == []


def test_a_row_shifted_by_a_comma_is_no_habit_of_the_file():
    shifted = f"Pau, été,25,20,30,{DAYS}"
    with pytest.raises(InvalidInput, match="8 cells where the header has 7"):
        read(lines(f"{shifted},", header=f"{HEADER},Remarks"))
    frame = read(lines(f"A,1,8,10,{DAYS}", shifted, f"B,1,8,10,{DAYS}"))
    assert rows_of(frame, "wrong_cell_count") == [3]
    late = [f"A{number},1,8,10,{DAYS}," for number in range(40)]
    assert rows_of(read(lines(*late, f"{shifted}")), "wrong_cell_count") == [42]


def test_a_second_table_of_another_width_is_refused():
    other = "Impressions,Reach,Amount spent,Campaign name,Starts,Ends,Link clicks"
    with pytest.raises(InvalidInput) as refusal:
        read(lines(f"A,1,8,10,{DAYS}", "", other, f"10,8,1,B,{DAYS},1"))
    assert refusal.value.code == "several_tables"


@pytest.mark.parametrize("content", ["\n\n  \n", ",,,\n , ,\n"])
def test_lines_without_a_cell_are_an_empty_file(content):
    with pytest.raises(InvalidInput) as refusal:
        read(content)
    assert refusal.value.code == "empty_file"


def test_sheets_that_hold_a_table_too_are_told():
    frame = read(book(sheets={"Account A": [BOOK_HEADER, ROW], "Account B": [BOOK_HEADER, ROW], "Notes": [["Reach"]]}))
    told = [entry for entry in frame.attrs["warnings"] if entry["code"] == "other_sheets"]
    assert [entry["data"]["received"] for entry in told] == ["'Account B'"]
    french = {"Rapport mis en forme": [BOOK_HEADER, [ROW[0], 1.0, *ROW[2:]]], "Données brutes": [BOOK_HEADER, ROW]}
    frame = read(book(sheets=french))
    assert frame["spend"].tolist() == [12.345]
    assert "other_sheets" not in codes(frame)


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
     ("Mentions J’aime", "engagement"), ("Prospects (formulaire)", "leads"), ("Post reactions", "engagement"),
     ("estimated_ad_recallers", "reach"), ("Website purchases", None), ("Messaging conversations started", None)],
)  # fmt: skip
def test_a_kind_of_result_in_other_words(written, objective):
    assert values.objective_of_result(written) == objective


@pytest.mark.parametrize(
    ("written", "objective"),
    [("Outcome traffic", "link_clicks"), ("Interaction", "engagement"), ("Vues de vidéos", "engagement"),
     ("Notoriété de la marque", "reach"), ("Génération de leads", "leads"), ("Ventes", None)],
)  # fmt: skip
def test_a_stated_objective_in_other_words(written, objective):
    assert values.objective_stated(written) == objective


@pytest.mark.parametrize("text", ["Tranche d’âge", "L’âne d’Ânières", "Pâte à sel, l’âtre"])
def test_an_apostrophe_before_an_accent_is_no_damage(text):
    assert repaired(text) == text
    assert repaired(text.encode().decode("mac_roman")) == text


@pytest.mark.parametrize("lost", ["?", "\ufffd"])
def test_a_thousands_space_that_the_encoding_did_not_have(lost):
    frame = read(lines(f'A,"1{lost}234,50 {lost}",800,1{lost}000,{DAYS}'))
    assert frame[["spend", "impressions"]].to_numpy().tolist() == [[1234.5, 1000]]
    assert settle([f"1{lost}23"])[1] == [INVALID]


def test_letters_amid_digits_show_the_wrong_encoding():
    text = lines(f"A,1\u00a0234.50,800,1\u00a0000,{DAYS}")
    frame = read(text.encode("mac_roman"))
    assert frame.attrs["encoding"] == "mac_roman"
    assert frame["spend"].tolist() == [1234.5]


def test_serial_numbers_may_have_a_time():
    frame = read(lines("A,1,8,10,45448.75,45450.25"))
    assert frame["days"].tolist() == [3]


@pytest.mark.parametrize("label", ["7 campagnes", "Boulangerie", "Ensemble"])
def test_the_sum_of_three_others_is_a_total_whatever_it_is_called(label):
    rows = [f"A,10.2,80,100,{DAYS}", f"B,25,160,210,{DAYS}", f"C,11.5,90,111,{DAYS}"]
    total = f"{label},46.7,300,421,{DAYS}"
    for order in ([*rows, total], [total, *rows]):
        frame = read(lines(*order))
        assert frame["campaign"].tolist() == ["A", "B", "C"]
        assert len(rows_of(frame, "totals_row")) == 1
    between = read(lines(rows[0], total, *rows[1:]))
    assert len(between) == 4


def sixteen(size: int) -> list[str]:
    """An export as a spreadsheet saves it: from the seventeenth row on without the separator of the blank remarks."""
    rows = [f"A{number},1,8,10,{DAYS}," for number in range(size)]
    return [*rows[:15], *(row.removesuffix(",") for row in rows[15:])]


def test_rows_whose_last_blank_cells_a_spreadsheet_left_out():
    frame = read(lines(*sixteen(40), header=f"{HEADER},Remarks"))
    assert len(frame) == 40
    assert frame["reach"].tolist() == [8.0] * 40


def test_one_row_shorter_than_those_around_it_is_cut():
    rows = [f"A{number},1,8,10,{DAYS},seen" for number in range(40)]
    rows[20] = rows[20].replace(",8,", ",")
    frame = read(lines(*rows, header=f"{HEADER},Remarks"))
    assert rows_of(frame, "wrong_cell_count") == [22]
    assert frame["reach"].tolist() == [8.0] * 39


def test_cells_that_must_be_there_were_not_left_out():
    rows = [f",A{number},1,8,10,{DAYS}" for number in range(40)]
    rows = [*rows[:15], *(row.rpartition(",")[0] for row in rows[15:])]
    frame = read(lines(*rows, header=f"Remarks,{HEADER}"))
    assert rows_of(frame, "wrong_cell_count") == list(range(17, 42))


def test_the_first_of_two_tables_is_not_passed_over():
    with pytest.raises(InvalidInput) as refusal:
        read(lines(f"A,1,8,10,{DAYS}", "", HEADER + ",Link clicks,Results", f"B,1,8,10,{DAYS},1,1"))
    assert refusal.value.code == "several_tables"


@pytest.mark.parametrize("unit", ["{} €", "{}\u00a0€", "$CA{}", "EUR {}", "{}€"])
def test_many_amounts_with_one_unit_are_read_as_one_by_one(unit):
    amounts = ["12,50", "1 234,5", "0,99", "1\u202f234\u202f567,00", "7"]
    cells = [*map(unit.format, amounts), ""]
    together, singly = Numbers(), Numbers()
    values, kinds = together.read(cells)
    alone, alone_kinds = singly.read([*cells, "(x)"])
    assert values.tolist()[:5] == alone.tolist()[:5] == [12.5, 1234.5, 0.99, 1234567, 7]
    assert kinds.tolist() == alone_kinds.tolist()[:-1]
    assert together.roles == {(",", "decimal"): "12,50"}
    assert set(together.units.values()) == set(singly.units.values()) == {"CAD" if "$" in unit else "EUR"}
    assert len(together.units) == 1


def test_amounts_with_several_units_are_not_taken_for_one():
    values, kinds = Numbers().read(["12 €", "12 $", "12 km", "-5 €"])
    assert values.tolist()[:2] == [12, 12]
    assert values.tolist()[3] == -5
    assert kinds.tolist()[2] == INVALID


def test_a_quotation_mark_amid_letters_shows_the_wrong_encoding():
    frame = read(lines(f"Noël,1,8,10,{DAYS}").encode("mac_roman"))
    assert frame["campaign"].tolist() == ["Noël"]
    frame = read(lines(f"L’été « Noël » à 5 €…,1,8,10,{DAYS}").encode("cp1252"))
    assert frame["campaign"].tolist() == ["L’été « Noël » à 5 €…"]


GROUPED = "Campaign name,Ad set name,Age,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"


def test_a_name_said_once_for_a_group_of_rows():
    frame = read(lines(f",,,10,90,100,{DAYS}", f"A,,All,6,50,60,{DAYS}", f",x,All,6,50,60,{DAYS}",
                       f",,18-24,2,20,20,{DAYS}", f",,25-34,4,30,40,{DAYS}", f"B,,All,4,40,40,{DAYS}",
                       f",y,18-24,1,10,10,{DAYS}", f",,25-34,3,30,30,{DAYS}", header=GROUPED))  # fmt: skip
    assert frame[["campaign", "ad_set", "age"]].to_numpy().tolist() == [
        ["A", "x", "18-24"], ["A", "x", "25-34"], ["B", "y", "18-24"], ["B", "y", "25-34"],
    ]  # fmt: skip
    assert rows_of(frame, "totals_row") == [2]
    assert rows_of(frame, "subtotal_row") == [3, 4, 7]
    assert rows_of(frame, "name_above") == [4, 5, 6, 8, 9, 5, 6, 9]


def test_the_name_of_the_campaign_before_is_not_taken():
    frame = read(lines(f",x,18-24,2,20,20,{DAYS}", f"A,x,18-24,2,20,20,{DAYS}", f"B,,18-24,2,20,20,{DAYS}",
                       header=GROUPED))  # fmt: skip
    assert frame["campaign"].tolist() == ["A"]
    assert rows_of(frame, "name_above") == []


@pytest.mark.parametrize(
    "label",
    ["Total Results 118 / 118 rows displayed", "118/118 rows displayed", "Résultats totaux 7/7 lignes affichées"],
)
def test_the_total_of_a_report_is_none_of_its_rows(label):
    frame = read(lines(f"{label},99,300,421,{DAYS}", f"A,10,80,100,{DAYS}", f"7/7 days,25,160,210,{DAYS}"))
    assert frame["campaign"].tolist() == ["A", "7/7 days"]


def test_a_total_of_a_day_over_campaigns_takes_no_name():
    header = HEADER.replace("Campaign name", "Day,Campaign name")
    days = [
        f"2025-01-0{day},{name},{spend},{10 * spend},{12 * spend},{DAYS}"
        for day in (1, 2) for name, spend in (("", 3), ("A", 1), ("B", 2))
    ]  # fmt: skip
    frame = read(lines(*days, header=header))
    assert frame["campaign"].tolist() == ["A", "B", "A", "B"]
    assert rows_of(frame, "totals_row") == [2, 5]
    assert read(lines(*days[:2], days[3], days[5], header=header))["campaign"].tolist() == ["A", "B"]


def test_a_name_said_once_above_its_days():
    header = HEADER.replace("Campaign name", "Day,Campaign name")
    rows = [f",A,3,30,36,{DAYS}", f"2025-01-01,,1,10,12,{DAYS}", f"2025-01-02,,2,20,24,{DAYS}"]
    frame = read(lines(*rows, header=header))
    assert frame["campaign"].tolist() == ["A", "A"]
    assert frame.attrs["level"] == "campaign/day"


def test_a_total_of_an_age_over_campaigns_takes_no_name():
    rows = [
        f"{name},{'x' if name else ''},{age},{spend},{10 * spend},{12 * spend},{DAYS}"
        for age in ("18-24", "25-34") for name, spend in (("", 3), ("A", 1), ("B", 2))
    ]  # fmt: skip
    frame = read(lines(*rows, header=GROUPED))
    assert frame["campaign"].tolist() == ["A", "B", "A", "B"]
    assert rows_of(frame, "totals_row") == [2, 5]
