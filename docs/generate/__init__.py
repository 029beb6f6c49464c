"""Generates the documents that follow from the code: the event catalogue and the list of settings."""
