"""A dossier's whole life on the whole system, embedded and real: what intake takes, the registry shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.demo.stage import Hoso
from services.intake.transitions import TRANSITIONS, Command, Standing
from tests.system import lives
from tests.system.harness import ACTOR, PROCEDURE, UNIT, wait_for

OTHER_UNIT = "H98.03"
# of what intake answers, what the registry must come to show
SHOWN = ("status", "competent_unit", "accepted_at", "due_at", "finished_at", "returned_at")


@dataclass
class Stack:
    """A running system: its two APIs."""

    intake: httpx.Client
    registry: httpx.Client

    def opened(self) -> dict[str, Any]:
        """Open a dossier, sent in online."""
        body = {
            "procedure_code": PROCEDURE,
            "channel": 2,
            "receiving_unit": UNIT,
            "applicant": {"full_name": "Nguyễn Thị Thử"},
            "components": [],
        }
        answer = self.intake.post("/v1/dossiers", json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def command(self, dossier_id: str, command: Command) -> httpx.Response:
        """Give a command."""
        return self.intake.post(f"/v1/dossiers/{dossier_id}/{command}", json=lives.body(command, OTHER_UNIT))

    def brought_to(self, standing: Standing) -> dict[str, Any]:
        """Open a dossier and bring it there."""
        dossier = self.opened()
        for command in lives.WAYS[standing]:
            answer = self.command(dossier["id"], command)
            assert answer.status_code == 200, answer.text
            dossier = answer.json()
        return dossier

    def shows(self, dossier: dict[str, Any]) -> bool:
        """Return whether the registry shows the dossier as intake does, whole."""
        answer = self.registry.get(f"/v1/dossiers/{dossier['id']}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return False
        shown = answer.raise_for_status().json()
        return shown["missing"] == 0 and all(shown[name] == dossier[name] for name in SHOWN)


@pytest.fixture(scope="module", params=["embedded", "real"])
def stack(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    if request.param == "real":
        system = request.getfixturevalue("system")
        with httpx.Client(base_url=system.registry.url, timeout=30) as registry:
            yield Stack(system.client, registry)
        return
    with (
        Hoso(Path(tmp_path_factory.mktemp("lives")), {}) as hoso,
        httpx.Client(base_url=hoso.intake_url, headers=ACTOR, timeout=30) as intake,
        httpx.Client(base_url=hoso.registry_url, timeout=30) as registry,
    ):
        yield Stack(intake, registry)


def test_there_is_a_way_to_every_standing() -> None:
    assert set(lives.WAYS) == set(TRANSITIONS)


def test_every_legal_step_is_taken_and_shown(stack: Stack) -> None:
    for standing, command in lives.steps():
        if not lives.legal(standing, command):
            continue
        answer = stack.command(stack.brought_to(standing)["id"], command)
        assert answer.status_code == 200, (standing, command, answer.text)
        wait_for(partial(stack.shows, answer.json()), f"{standing} {command}", seconds=20)


@pytest.mark.parametrize("standing", lives.WAYS, ids=lambda standing: standing.name)
def test_every_illegal_step_is_refused_and_nothing_changes(stack: Stack, standing: Standing) -> None:
    before = stack.brought_to(standing)
    for command in Command:
        if lives.legal(standing, command):
            continue
        answer = stack.command(before["id"], command)
        if command in lives.APART:  # what they must bring is checked first
            assert answer.status_code in {409, 422}, (command, answer.text)
        else:
            assert answer.status_code == 409, (command, answer.text)
            assert answer.json()["type"].endswith("illegal-transition"), answer.text
    assert stack.intake.get(f"/v1/dossiers/{before['id']}").raise_for_status().json() == before
