"""Revisions of the tables of the library, oldest first."""
