"""The HTTP API of intake; the one door to FastAPI."""
