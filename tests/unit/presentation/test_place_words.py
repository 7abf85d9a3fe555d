"""Names of places in a sentence: articles melt, vowels elide."""

import pytest

from simulator.presentation.wording import at_place, of_place
from simulator.reference.places.place import Place
from simulator.reference.places.tables import towns


def circle(name: str, country: str = "FR") -> Place:
    return Place(kind="circle", country_code=country, latitude=45.0, longitude=0.0, radius_km=5.0, label=name)


@pytest.mark.parametrize(
    ("name", "of", "at"),
    [
        ("Orthez", "d'Orthez", "à Orthez"),
        ("Anglet", "d'Anglet", "à Anglet"),
        ("Évreux", "d'Évreux", "à Évreux"),
        ("Le Mans", "du Mans", "au Mans"),
        ("Les Ulis", "des Ulis", "aux Ulis"),
        ("Les Herbiers", "des Herbiers", "aux Herbiers"),
        ("La Rochelle", "de La Rochelle", "à La Rochelle"),
        ("L'Isle-Jourdain", "de L'Isle-Jourdain", "à L'Isle-Jourdain"),
        ("Pau", "de Pau", "à Pau"),
        ("Hendaye", "d'Hendaye", "à Hendaye"),
        ("Hasparren", "d'Hasparren", "à Hasparren"),
        ("Hyères", "d'Hyères", "à Hyères"),
        ("Haguenau", "de Haguenau", "à Haguenau"),
        ("Houdan", "de Houdan", "à Houdan"),
        ("Yvetot", "d'Yvetot", "à Yvetot"),
        ("Yutz", "de Yutz", "à Yutz"),
        ("Lescar", "de Lescar", "à Lescar"),
        ("64300", "du 64300", "au 64300"),
    ],
)
def test_french_of_places(name: str, of: str, at: str) -> None:
    assert of_place(circle(name), "fr") == of
    assert at_place(circle(name), "fr") == at


def test_articles_melt_only_where_they_are_french() -> None:
    assert of_place(circle("Les Escoumins", "CA"), "fr") == "des Escoumins"
    assert of_place(circle("Le Mars", "US"), "fr") == "de Le Mars"


def test_english_keeps_the_name() -> None:
    for name, country in [("Le Mans", "FR"), ("Les Éboulements", "CA"), ("Cork", "IE"), ("64300", "FR")]:
        assert of_place(circle(name, country), "en") == name
        assert at_place(circle(name, country), "en") == f"in {name}"


def test_only_the_name_is_made_fit_to_be_shown() -> None:
    assert of_place(circle("Le *Mans*"), "fr", lambda name: name.replace("*", r"\*")) == r"du \*Mans\*"


@pytest.mark.parametrize("table", ["communes_fr", "municipalities_qc"])
def test_every_commune_has_its_article(table: str) -> None:
    wrong, country = [], "FR" if table == "communes_fr" else "CA"
    for row in range(len(towns(table))):
        name = towns(table).names[row]
        of, at = of_place(circle(name, country), "fr"), at_place(circle(name, country), "fr")
        if name.startswith("Le "):
            expected = {(f"du {name[3:]}", f"au {name[3:]}")}
        elif name.startswith("Les "):
            expected = {(f"des {name[4:]}", f"aux {name[4:]}")}
        elif name[0] in "AEIOUÀÂÉÈÊÎÔŒ":
            expected = {(f"d'{name}", f"à {name}")}
        elif name[0] in "HY":
            expected = {(f"d'{name}", f"à {name}"), (f"de {name}", f"à {name}")}
        else:
            expected = {(f"de {name}", f"à {name}")}
        if (of, at) not in expected:
            wrong.append((name, of, at))
    assert not wrong
