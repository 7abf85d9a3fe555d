"""What the screen says, in French and in English, the same keys in both.

``fr.json`` holds what all pages share and the four places; ``fr/NAME.json`` the words of one capability. What the
reports say as well stands in ``simulator.presentation.i18n``.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from simulator.presentation.i18n import LANGUAGES, Texts, read

__all__ = ["LANGUAGES", "Texts", "texts_of"]


@cache
def texts_of(language: str) -> Texts:
    """Return the catalogue of ``fr`` or ``en``."""
    folder = files(__package__)
    return read(language, (folder.joinpath(f"{language}.json"), *folder.joinpath(language).iterdir()))
