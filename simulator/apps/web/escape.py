"""The one door through which text of the user reaches the screen.

Streamlit reads labels and messages as Markdown: a Markdown image makes the browser fetch an address, ``$``
starts mathematics, ``:name:`` an icon. Here the text is shown as it is, cut to ``LIMIT`` characters.
"""

from __future__ import annotations

import re

from simulator.presentation.formats import LIMIT, literal

__all__ = ["LIMIT", "figures", "literal", "plain"]

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~^\"'=/&;,$])")
_RISKY = re.compile(r"[<>\[\]`@\\&]|\$.*\$|:(?!\s|$)|www\.|--|~=|\.\.\.|/{2}", re.IGNORECASE)


_ICON = ":material/"


def plain(text: object, limit: int = LIMIT) -> str:
    """Return Markdown that shows ``text`` literally, wherever Streamlit reads Markdown.

    Ordinary names are escaped by backslashes. A text with anything that a later step of the renderer
    rewrites (icons, links, arrows, mathematics) becomes a code span, which no step touches.
    """
    kept = literal(text, limit)
    if not _RISKY.search(kept):
        return _MARKUP.sub(r"\\\1", kept)
    # Streamlit rewrites this even inside code, before the Markdown is read.
    pieces = kept.replace(_ICON, f"{_ICON[:-1]}\n").split("\n")
    return r"\/".join(_code(piece) for piece in pieces)


def _code(text: str) -> str:
    """Return a code span; one more backtick around it than in it."""
    if not text:
        return ""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def figures(text: str) -> str:
    """Escape the signs of our own figures that Markdown would read: the dollar of an amount."""
    return text.replace("$", "\\$")
