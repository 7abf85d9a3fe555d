"""Reports of a scenario: a PDF that a client keeps, a workbook and a CSV that a spreadsheet opens."""

from simulator.reports.csv_report import csv
from simulator.reports.excel_report import excel
from simulator.reports.pdf_report import pdf, warm

__all__ = ["csv", "excel", "pdf", "warm"]
