"""The dashboards: one module a reader; ``documents`` are the files Grafana is given."""

import json

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from deploy.monitoring.boards import centre, lead, officer, ops

FOLDER = "deploy/monitoring/dashboards"
BOARDS = {"manager": centre, "officer": officer, "lead": lead, "ops": ops}


def documents() -> dict[str, str]:
    """Return every dashboard under its place."""
    return {
        f"{FOLDER}/hoso-{name}.json": json.dumps(module.board(), cls=JSONEncoder, indent=1, ensure_ascii=False) + "\n"
        for name, module in BOARDS.items()
    }
