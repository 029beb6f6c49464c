"""``python -m deploy.local.manifests [--write-rules]``: build and check every overlay, or renew the made rules."""

import argparse
import sys

from deploy.local.manifests.build import OVERLAYS, RULES, built_overlay, prometheus_rules
from deploy.local.manifests.findings import findings


def main() -> int:
    """Say what is found; return 1 where that is anything."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.manifests", description=__doc__)
    parser.add_argument(
        "--write-rules", action="store_true", help="make the PrometheusRule from deploy/monitoring/rules"
    )
    if parser.parse_args().write_rules:
        RULES.write_text(prometheus_rules())
        return 0
    found = [f"{overlay}: {finding}" for overlay in OVERLAYS for finding in findings(built_overlay(overlay))]
    print(*found, f"{len(OVERLAYS)} overlays, {len(found)} findings", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
