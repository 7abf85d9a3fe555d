"""Families of commands of ``adsim``: each module adds its own to the parser."""
