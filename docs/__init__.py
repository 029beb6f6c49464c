"""The documents, and what generates those that follow from the code."""
