"""Reports of a scenario: a PDF that a client keeps, a workbook and a CSV that a spreadsheet opens."""

from simulator.presentation.reports.pdf_report import pdf, warm
from simulator.presentation.reports.spreadsheets import csv, excel

__all__ = ["csv", "excel", "pdf", "warm"]
