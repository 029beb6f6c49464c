"""Measurements as ratios in one run, each against the bare thing it stands on; ``make bench``."""
