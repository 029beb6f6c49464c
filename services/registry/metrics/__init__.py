"""The metrics of the registry: read from the database at each scrape, so that a restart changes nothing.

Label values come from closed lists: unit codes of the reference data, levels, statuses, states; what
stands in none of them is counted as ``unknown``. One module a subject; ``assembly`` puts them together.
"""

from services.registry.metrics.assembly import Subject, metrics

__all__ = ["Subject", "metrics"]
