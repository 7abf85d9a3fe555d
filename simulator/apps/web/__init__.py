"""The front end: pages, components, charts, texts in French and English. Nothing below imports it."""
