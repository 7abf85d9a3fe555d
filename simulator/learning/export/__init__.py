"""Read an Ads Manager export: bytes, then cells, headers, numbers and dates, then rows with their reasons."""
