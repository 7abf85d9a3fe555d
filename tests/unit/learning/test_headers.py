"""Headers: which are known, which only look like one, and what is said of those that are missing."""

from __future__ import annotations

import pytest

from simulator.base.errors import InvalidInput
from simulator.learning.export.headers import FIELDS, HEADERS, network_of, recognise
from tests.unit.learning.reading import codes, read
from tests.unit.learning.wording import HEADERS as WRITTEN

HEADER = "Campaign name,Amount spent (EUR),Reach,Impressions,Reporting starts,Reporting ends"
ROW = "A,12.50,800,1500,2025-01-01,2025-01-31"


@pytest.mark.parametrize(
    ("header", "field", "currency"),
    [
        ("Amount spent (EUR)", "spend", "EUR"), ("Amount Spent (USD)", "spend", "USD"), ("Amount spent", "spend", None),
        ("Montant dépensé (CAD)", "spend", "CAD"), ("MONTANT DEPENSE (€)", "spend", "EUR"),
        ("Amount spent (ALL)", "spend", "ALL"), ("Clicks (all)", "clicks_all", None),
        ("Clicks (ALL)", "clicks_all", None),
        ("Clics (tous)", "clicks_all", None), ("Nom de l’ensemble de publicités", "ad_set", None),
        ("Nom de l'ensemble de publicités", "ad_set", None), ("\ufeffCampaign Name", "campaign", None),
        ("Début\u00a0des\u202frapports", "reporting_start", None), ("DÃ©but des rapports", "reporting_start", None),
        ("Résultats", "results", None), ("Re\u0301sultats", "results", None), ("Âge", "age", None),
        ("Sexe", "gender", None), ("Genre", "gender", None), ("Portée", "reach", None),
        ("Fréquence", "frequency", None), ("Devise", "currency", None),
        ("CPM (Coût pour 1\u00a0000\u00a0impressions) (EUR)", "cpm", None), ("ad_set_name", "ad_set", None),
    ],
)  # fmt: skip
def test_a_header_is_known(header, field, currency):
    assert recognise(header) == (field, currency)


@pytest.mark.parametrize(
    "header",
    ["Cost per results", "Cost per Result", "Coût par résultat", "CTR (all)", "CPC (cost per link click) (EUR)",
     "Clicks", "Amount spent (XXX)", "Reach (EUR)", "Unique reach", "Cost per 1,000 people reached (EUR)",
     "Campaign delivery", "Attribution setting", "", "(EUR)",
     "Link clicks (EUR)", "Amount spent (EUR) (EUR)"],
)  # fmt: skip
def test_a_header_only_looks_like_one(header):
    assert recognise(header) is None


def test_every_header_listed_is_written_as_it_is_compared():
    for labels in HEADERS.values():
        assert set(labels) <= set(FIELDS)
        for label in (label for variants in labels.values() for label in variants):
            assert label == label.casefold().strip()
            assert recognise(label) is not None, label


def test_the_headers_of_all_generations_are_known_but_for_those_not_read():
    not_read = {"cost", "ctr_all", "cpc", "attribution"}
    names = {"starts": "start", "ends": "end", "indicator": "result_kind", "budget_type": "budget_kind"}
    for headers in WRITTEN.values():
        for column, header in headers.items():
            found = recognise(header.format(currency="EUR"))
            assert (found is None) if column in not_read else (found[0] == names.get(column, column)), header


def refusal(text: str, **options: object) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read(text, **options)
    return caught.value


def test_missing_columns_are_listed_with_the_nearest_headers():
    error = refusal("Campaign name,Amount spend EUR,Reached,Impressions,Reporting starts,Reporting ends\nA,1,2,3,4,5\n")
    assert error.code == "missing_columns"
    assert error.data["missing"] == ["spend"]
    assert error.data["nearest"] == {"spend": ["Amount spend EUR"], "reach": ["Reached"]}
    assert "'Amount spend EUR'" in error.message


def test_only_a_column_whose_cells_fit_is_proposed():
    header = "Campaign name,Amount spend,Impressions totl,Reporting starts,Reporting ends"
    words = refusal(f"{header}\nA,Daily,3,2025-01-01,2025-01-31\n").data["nearest"]
    assert "Amount spend" not in words["spend"]
    assert words["impressions"] == ["Impressions totl"]
    assert refusal(f"{header}\nA,2.5 €,3,2025-01-01,2025-01-31\n").data["nearest"]["spend"][0] == "Amount spend"


def test_a_language_that_is_not_read_is_refused_with_its_headers():
    error = refusal("Nazwa kampanii;Wydana kwota (EUR);Zasięg;Wyświetlenia\nA;1,00;2;3\n")
    assert error.data["missing"] == ["spend", "impressions", "start", "end"]
    assert error.data["headers"] == ["Nazwa kampanii", "Wydana kwota (EUR)", "Zasięg", "Wyświetlenia"]


def test_the_user_says_which_column_holds_what():
    text = "Nom,Argent (CAD),Gens,Vues,Du,Au\nA,12.50,800,1500,2025-01-01,2025-01-31\n"
    mapping = {
        "campaign": "Nom",
        "spend": "argent (cad)",
        "reach": "Gens",
        "impressions": "Vues",
        "start": "Du",
        "end": "Au",
    }
    frame = read(text, mapping=mapping)
    assert frame[["campaign", "spend", "reach", "impressions", "currency"]].values.tolist() == [
        ["A", 12.5, 800, 1500, "CAD"]
    ]
    assert frame["start_is_reporting"].tolist() == [False]


def test_what_the_user_says_goes_before_what_is_recognised():
    frame = read(f"{HEADER},Reach of people\n{ROW},700\n", mapping={"reach": "Reach of people"})
    assert frame["reach"].tolist() == [700]


def test_a_column_the_user_speaks_for_serves_nothing_else():
    frame = read(f"{HEADER},Link clicks\n{ROW},7\n", mapping={"results": "Link clicks"})
    assert frame["results"].tolist() == [7]
    assert frame["link_clicks"].isna().all()


@pytest.mark.parametrize(
    ("mapping", "code"),
    [({"money": "Reach"}, "unknown_field"), ({"spend": "Argent"}, "unknown_choice"), ({"spend": 3}, "unknown_choice")],
)
def test_a_mapping_that_names_nothing_is_refused(mapping, code):
    error = refusal(f"{HEADER}\n{ROW}\n", mapping=mapping)
    assert error.code == code
    assert error.data["field"].startswith("mapping.")


def test_two_columns_that_agree_are_one():
    frame = read(f"{HEADER},Reach\n{ROW},800\nB{ROW[1:]},\n")
    assert frame["reach"].tolist() == [800, 800]
    assert "duplicate_columns" in codes(frame)


def test_two_columns_that_fill_each_other_up_are_one_each_in_its_currency():
    frame = read(f"{HEADER},Amount spent (USD)\n{ROW},\nB,,800,1500,2025-01-01,2025-01-31,13.50\n")
    assert frame[["spend", "currency"]].values.tolist() == [[12.5, "EUR"], [13.5, "USD"]]
    assert "mixed_currencies" in codes(frame)


def test_two_columns_that_disagree_are_refused_or_left_blank():
    assert refusal(f"{HEADER},Reach\n{ROW},801\n").code == "conflicting_columns"
    assert refusal(f"{HEADER},Amount spent (USD)\n{ROW},12.50\n").code == "conflicting_columns"
    assert refusal(f"{HEADER},Campaign Name\n{ROW},B\n").code == "conflicting_columns"
    frame = read(f"{HEADER},Link clicks,Link Clicks\n{ROW},3,4\n")
    assert frame["link_clicks"].isna().tolist() == [True]
    assert "conflicting_columns" in codes(frame)


def test_one_field_in_five_columns_is_refused():
    assert refusal(f"{HEADER},Reach,Reach,Reach,Reach\n{ROW},800,800,800,800\n").code == "conflicting_columns"


def test_the_column_for_the_currency_speaks_where_the_header_does_not():
    header = HEADER.replace(" (EUR)", "")
    frame = read(
        "\n".join([f"{header},Devise", *(f"{n}{ROW},{money}" for n, money in enumerate(("cad", "€", "bitcoin", "")))])
    )
    assert frame["currency"].tolist() == ["CAD", "EUR", None, None]
    assert {"unknown_currency", "no_currency", "mixed_currencies"} <= codes(frame)


def test_language_is_told_by_the_headers_that_have_one():
    assert read(f"{HEADER}\n{ROW}\n").attrs["language"] == "en"
    french = "Impressions,Montant dépensé (EUR),Couverture,Début des rapports,Fin des rapports"
    assert read(f"{french}\n1500,12.50,800,2025-01-01,2025-01-31\n").attrs["language"] == "fr"


@pytest.mark.parametrize("mapping", [5, "x", [("spend", "x")], 0, ""])
def test_a_mapping_is_field_to_header(mapping):
    error = refusal(f"{HEADER}\n{ROW}\n", mapping=mapping)
    assert (error.code, error.data["field"]) == ("wrong_type", "mapping")


@pytest.mark.parametrize(
    ("header", "network"),
    [
        ("Campaign name,Ad group name,Paid impressions,Spend in account currency,Pin clicks,Date", "Pinterest"),
        ("Start Date (in UTC),Campaign Group Name,Campaign Name,Total Spent,Impressions,Average CTR", "LinkedIn"),
        ("Campaign name,Ad group name,Cost,Impressions,Reach,Clicks (destination),CPC (destination)", "TikTok"),
        ("Ad Squad Name,Campaign Name,Spend,Paid Impressions,Swipe Ups,Start Time", "Snapchat"),
        ("Campaign,Campaign status,Cost,Impr.,Avg. CPC,Clicks,Interactions", "Google Ads"),
    ],
)
def test_the_file_of_another_network_is_called_by_its_name(header, network):
    error = refusal(f"{header}\n{','.join('1' * (header.count(',') + 1))}\n")
    assert (error.code, error.data["received"]) == ("other_network", network)


def test_our_own_files_are_nobody_else_s():
    for headers in WRITTEN.values():
        assert network_of([header.format(currency="EUR") for header in headers.values()]) is None
    wide = "Campaign name,Delivery status,Interactions,Follows,Saves,Conversions,Outbound clicks,Post engagements"
    assert network_of(f"{HEADER},{wide}".split(",")) is None
