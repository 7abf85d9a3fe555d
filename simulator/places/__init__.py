"""Find a place; count the people in circles, regions and countries, each figure with its source.

Tables are read when first needed; countries and regions need no table of towns.
"""

from simulator.places.finding import find_place
from simulator.places.people import People, people, people_between, population
from simulator.places.regions import check_country, country_codes, region_codes, region_label
from simulator.places.search import Found, search_places, town_of_code
from simulator.places.sources import Source, all_sources
from simulator.places.within import towns_within

__all__ = [
    "Found",
    "People",
    "Source",
    "all_sources",
    "check_country",
    "country_codes",
    "find_place",
    "people",
    "people_between",
    "population",
    "region_codes",
    "region_label",
    "search_places",
    "town_of_code",
    "towns_within",
]
