"""Fakes of the ports, one per way of failing; the contract suites run on them as on the real things."""
