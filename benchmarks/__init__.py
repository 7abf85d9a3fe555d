"""Speed, as ratios measured in one run on one core: ``python -m benchmarks``."""
