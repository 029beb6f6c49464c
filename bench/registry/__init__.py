"""A made-up year of dossiers, and the registry measured on it."""
