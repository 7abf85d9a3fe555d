"""Find a place; count the people in circles, regions and countries, each figure with its source.

Tables are read when first needed; countries and regions need no table of towns.
"""

from simulator.reference.places.found import Found, told_apart, town_of_code
from simulator.reference.places.nearby import country_at, dots_within, towns_within
from simulator.reference.places.people import People, people, people_between, population
from simulator.reference.places.place import Place
from simulator.reference.places.regions import check_country, country_codes, currency_of, region_codes, region_label
from simulator.reference.places.search import find_place, search_places
from simulator.reference.places.tables import Source, all_sources

__all__ = [
    "Found",
    "People",
    "Place",
    "Source",
    "all_sources",
    "check_country",
    "country_at",
    "country_codes",
    "currency_of",
    "dots_within",
    "find_place",
    "people",
    "people_between",
    "population",
    "region_codes",
    "region_label",
    "search_places",
    "told_apart",
    "town_of_code",
    "towns_within",
]
