"""Tables and numbers, each with unit, source, date: places, interests, parameters."""
