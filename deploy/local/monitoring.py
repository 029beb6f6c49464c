"""A Prometheus server that scrapes what it is told to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path

from urllib3 import request
from urllib3.exceptions import HTTPError

from deploy.local.process import ServerProcess
from deploy.local.programs import installed


class Prometheus(ServerProcess):
    """Prometheus: `url` is its address; `targets` maps a job's name to the host:port pairs it scrapes.

    `rules` is a folder of rule files, looked at as often as targets are scraped.
    """

    name = "prometheus"

    def __init__(
        self,
        data_folder: Path,
        targets: Mapping[str, Sequence[str]],
        *,
        port: int | None = None,
        scrape_interval_seconds: int = 5,
        rules: Path | None = None,
    ) -> None:
        super().__init__(data_folder, port=port)
        self._targets = targets
        self._scrape_interval_seconds = scrape_interval_seconds
        self._rules = rules

    @property
    def url(self) -> str:
        """Return the address of its API and pages."""
        return f"http://{self.address}"

    @property
    def _configuration_file(self) -> Path:
        return self.data_folder / "prometheus.yml"

    def _prepare(self) -> None:
        jobs = [
            {"job_name": job, "static_configs": [{"targets": list(addresses)}]}
            for job, addresses in self._targets.items()
        ]
        interval = f"{self._scrape_interval_seconds}s"
        # JSON is YAML
        self._configuration_file.write_text(
            json.dumps(
                {
                    "global": {"scrape_interval": interval, "evaluation_interval": interval},
                    "rule_files": [f"{self._rules.absolute()}/*.yml"] if self._rules else [],
                    "scrape_configs": jobs,
                },
                indent=1,
            )
        )

    def _command(self) -> Sequence[str]:
        return [
            installed("prometheus"),
            f"--config.file={self._configuration_file}",
            f"--storage.tsdb.path={self.data_folder / 'series'}",
            f"--web.listen-address={self.address}",
            "--log.level=warn",
        ]

    def _answers(self) -> bool:
        try:
            answer = request("GET", f"{self.url}/-/ready", timeout=1, retries=False)
        except HTTPError:
            return False
        return answer.status == HTTPStatus.OK
