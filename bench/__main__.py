"""``python -m bench [NAME …]``: run the measurements and print one table a measurement."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import acceptance, calendar_change, due, latency, memory, pages, projection, sizes

MEASUREMENTS: dict[str, Callable[[Path], None]] = {
    "due": due.measure,
    "pages": pages.measure,
    "memory": memory.measure,
    "latency": latency.measure,
    "acceptance": acceptance.measure,
    "calendar_change": calendar_change.measure,
    "projection": projection.measure,
    "sizes": sizes.measure,
}


def main() -> None:
    """Run what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS], default=[])
    for name in parser.parse_args().names or MEASUREMENTS:
        with tempfile.TemporaryDirectory(prefix=f"hoso-bench-{name}-") as folder:
            Path(folder).chmod(0o711)  # PostgreSQL's own account must be able to enter
            MEASUREMENTS[name](Path(folder))


if __name__ == "__main__":
    main()
