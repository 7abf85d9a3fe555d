"""Reports of a scenario: a PDF that a client keeps, a workbook and a CSV that a spreadsheet opens."""

from simulator.reports.pdf_report import pdf

__all__ = ["pdf"]
