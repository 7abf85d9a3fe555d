"""What the screen and paper share: sentences in both languages, numbers, charts, reports."""
