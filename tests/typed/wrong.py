"""What ``mypy --strict`` must find fault with: a wrong name, type, choice or number of values in every line marked."""

from __future__ import annotations

from simulator import Business, Campaign, ClicksGoal, Page, Place, ReachGoal, Scenario, Targeting
from simulator.store import Actual

pau = Place.around("Pau")
target = Targeting([pau])
Targeting("Pau")  # wrong
Targeting([pau], age_minimum=25)  # wrong
Targeting([pau], gender="woman")  # wrong
Targeting(["Pau"])  # wrong
Campaign(daily_budget=5)  # wrong
Campaign(target, daily_budget="5")  # wrong
Campaign(target, budget=5)  # wrong
Campaign(target, daily_budget=5, objective="clicks")  # wrong
Place(kind="town", country_code="FR")  # wrong
ReachGoal(people="many")  # wrong
ClicksGoal(100, 2)  # wrong
Actual(spend=None)  # wrong
Page("many")  # wrong
Business("bakery", baskets=12)  # wrong
Scenario(campaign=target)  # wrong
Scenario(Campaign(target, daily_budget=5))  # wrong
Campaign(target, daily_budget=5).daily_budget = 6  # wrong
