"""Beside the paid reach: the free page, word of mouth, customers, other media, other networks."""

from simulator.beside.business import Business
from simulator.beside.customers import customers
from simulator.beside.customers_forecast import CustomersForecast

__all__ = ["Business", "CustomersForecast", "customers"]
