"""Channels other than paid reach: the free page, word of mouth, customers, other media, other networks."""

from simulator.channels.alternatives import Alternative, alternatives
from simulator.channels.customers import Business, CustomersForecast, customers
from simulator.channels.earned import EarnedForecast, earned
from simulator.channels.media import MediaRow, Offer, media
from simulator.channels.networks import NetworkShare, networks
from simulator.channels.organic import OrganicForecast, Page, organic
from simulator.channels.summary import Summary, summary

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
