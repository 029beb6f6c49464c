"""What a citizen wrote stays where it belongs, and what was handed in stays what it was."""

import hashlib
import time
from uuid import UUID

import httpx

from shared.object_store import original_name
from shared.topics import ALL_TOPICS
from tests.system.harness import DrivenSystem, one_page

# words that stand nowhere else; the file's name and the folded forms count as well
CANARIES = ("Khuyếtdanhnhân", "khuyetdanhnhan", "987654321098", "0911222333", "ngõ Chimhoàngyến")
FILE_NAME = "Khuyếtdanhnhân-987654321098.tif"


def test_no_canary_of_the_form_is_told_to_anybody(system: DrivenSystem) -> None:
    """Object names, messages, logs and metrics of all services hold nothing of the form or the file's name."""
    worker = system.start_worker()
    dossier = system.open_dossier(
        full_name="Khuyếtdanhnhân Thị Hồ Sơ", identity_number="987654321098", phone="0911222333", address=CANARIES[4]
    )
    paper = system.add_paper(dossier["id"], one_page("rò rỉ"), file_name=FILE_NAME)
    system.client.post("/v1/search", json={"full_name": "khuyetdanhnhan", "units": [dossier["receiving_unit"]]})
    system.client.post("/v1/dossiers", json={"applicant": {"full_name": CANARIES[0]}})
    system.client.get(f"/v1/dossiers/{dossier['id']}/applicant").raise_for_status()
    system.verify({dossier["id"]: [paper]})
    time.sleep(0.5)  # the last log lines are on their way
    told = {
        "object names": "\n".join(f"{o.dossier_id}/{o.name}" for o in system.store.list()),
        "messages": "\n".join(str((r.key, r.headers, r.value)) for r in system.records(*(t.name for t in ALL_TOPICS))),
        "decoded messages": "\n".join(
            r.value.decode(errors="replace") for r in system.records(*(t.name for t in ALL_TOPICS))
        ),
    }
    for service in (system.intake, system.registry, worker):
        told[f"log of {service.name}"] = service.log_file.read_text()
        told[f"metrics of {service.name}"] = httpx.get(f"{service.ops_url}/metrics").text
    assert all(told.values()), "there must be something to search"
    found = [(place, canary) for place, text in told.items() for canary in CANARIES if canary.lower() in text.lower()]
    assert not found


def test_the_applicants_form_is_kept_whole(system: DrivenSystem) -> None:
    """The canaries above are looked for in vain although the form is there for who may read it."""
    dossier = system.open_dossier(full_name=CANARIES[0], phone=CANARIES[3])
    form = system.client.get(f"/v1/dossiers/{dossier['id']}/applicant").raise_for_status().json()
    assert (form["full_name"], form["phone"]) == (CANARIES[0], CANARIES[3])


def test_every_original_in_the_store_is_what_was_handed_in(system: DrivenSystem) -> None:
    """The SHA-256 of the ledger is that of the bytes sent and of the bytes kept."""
    content = one_page("nguyên bản")
    dossier_id = system.open_dossier()["id"]
    paper = system.add_paper(dossier_id, content)
    kept = system.store.read(UUID(dossier_id), original_name(UUID(paper)))
    digest = hashlib.sha256(content).hexdigest()
    assert system.paper(paper)["sha256"] == digest == hashlib.sha256(kept).hexdigest()
    served = system.client.get(f"/v1/papers/{paper}/original").raise_for_status()
    assert served.content == content
