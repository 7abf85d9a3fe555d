"""From a campaign to a forecast: the one place that joins tables, parameters and model."""
