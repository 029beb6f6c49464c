"""Prints and scans made official documents, and knows exactly what stands on each page."""
