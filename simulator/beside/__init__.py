"""Beside the paid reach: the free page, word of mouth, customers, other media, other networks."""

from simulator.beside.alternatives import Alternative, alternatives
from simulator.beside.business import Business
from simulator.beside.customers import customers
from simulator.beside.customers_forecast import CustomersForecast
from simulator.beside.earned import EarnedForecast, earned
from simulator.beside.media import MediaRow, Offer, media
from simulator.beside.networks import NetworkShare, networks
from simulator.beside.organic import organic
from simulator.beside.organic_forecast import OrganicForecast
from simulator.beside.page import Page
from simulator.beside.summary import Summary, summary

__all__ = [
    "Alternative",
    "Business",
    "CustomersForecast",
    "EarnedForecast",
    "MediaRow",
    "NetworkShare",
    "Offer",
    "OrganicForecast",
    "Page",
    "Summary",
    "alternatives",
    "customers",
    "earned",
    "media",
    "networks",
    "organic",
    "summary",
]
