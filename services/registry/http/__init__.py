"""The API of the registry: read-only, every list with an explicit scope of units."""
