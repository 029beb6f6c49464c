"""The documents we derive, and what is looked up in those we get; the one door to pikepdf."""
