"""Made pages with exact truth: what is printed, how it is scanned, where it is kept."""
