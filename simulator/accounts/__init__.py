"""Who uses a shared library: people, roles and teams, sessions that can be ended, links that only read."""

from simulator.accounts.opening import open_access
from simulator.accounts.people import ROLES, Person, person_key

__all__ = ["ROLES", "Person", "open_access", "person_key"]
