"""Figures and reports: what is counted, how it is laid out and judged; pure."""
