"""Measures how well pages are read, against what a person reads on them."""
