"""Made letters: invented offices, people and matters, with the exact truth of every field."""
