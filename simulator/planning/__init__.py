"""Planning: backwards from a goal to the money, a budget over campaigns, grids of variants, what to change first."""

from simulator.planning.advice import Change, what_to_change
from simulator.planning.allocate import Allocation, allocate
from simulator.planning.goals import ClicksGoal, EnquiriesGoal, FrequencyGoal, Goal, ReachGoal
from simulator.planning.plan import Plan, plan

__all__ = [
    "Allocation",
    "Change",
    "ClicksGoal",
    "EnquiriesGoal",
    "FrequencyGoal",
    "Goal",
    "Plan",
    "ReachGoal",
    "allocate",
    "plan",
    "what_to_change",
]
