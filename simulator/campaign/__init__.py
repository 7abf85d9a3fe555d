"""What a user decides and what comes back, as plain data: targeting, campaign, forecast, campaign files."""
