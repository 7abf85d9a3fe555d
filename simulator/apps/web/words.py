"""A forecast said in words: people, times, clicks, the share of those aimed at."""

from __future__ import annotations

from simulator.apps.web.escape import figures, plain
from simulator.apps.web.texts import Texts
from simulator.campaign.campaign import Campaign, Targeting
from simulator.campaign.forecast import Forecast
from simulator.presentation.wording import ages, aim, clicks, in_hundred, limits, sentence, share, times

__all__ = ["ages", "answer", "clicks", "in_hundred", "limits", "share", "summary", "times"]


def answer(forecast: Forecast, campaign: Campaign, texts: Texts) -> str:
    """Return the answer as Markdown: the money, the people as a heading, how often, the range."""
    said = sentence(forecast, campaign, texts)
    return "\n\n".join(line for line in (figures(said.money), f"## {said.people}", said.seen, said.range) if line)


def summary(targeting: Targeting, texts: Texts) -> str:
    """Return whom a campaign aims at, in one line of Markdown."""
    return aim(targeting, texts, plain)
