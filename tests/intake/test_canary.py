"""Nothing of the form's content, and no file name, lies in the ledger, in keys, topics, logs, names or metrics."""

import logging
from io import StringIO
from pathlib import Path

import pytest
from prometheus_client import generate_latest
from pythonjsonlogger.json import JsonFormatter

from services.intake import tables
from services.intake.metrics import LedgerFigures
from tests.intake.inbox import Inbox
from tests.intake.office import ONE_STOP, OPENING, Office, pdf, picture
from tests.intake.recording import Keeper
from tests.intake.reviewing import Desk

NAME, NUMBER, STREET = "Zxqvương Thị Canary", "079198765432", "Đường Chimhoàngyến 7"
FORM = {"full_name": NAME, "identity_number": NUMBER, "address": {"street": STREET}}
CANARIES = ["zxqv", "canary", "Chimho", NUMBER, "987654", "079 198", "quét-của"]
FILE = "quét-của-Canary.pdf"


@pytest.fixture
def logged() -> StringIO:
    """Return what every logger writes at its chattiest."""
    return StringIO()


def everything(office: Office, root: Path) -> list[str]:
    """Do all that intake does, right and wrong, and return the answers that may not tell."""
    told = []
    dossier = office.open_dossier(applicant=FORM)
    path = f"/v1/dossiers/{dossier['id']}"
    key = {"Idempotency-Key": f"{NUMBER}-canary", "X-Request-ID": "canary 1"}
    told.append(office.add(dossier["id"], pdf(), picture(), name=FILE, headers=key).text)
    told.append(office.add(dossier["id"], pdf(), picture(), name=FILE, headers=key).text)
    told.append(office.add(dossier["id"], pdf(password=NAME), b"%PDF-" + NAME.encode(), name=FILE).text)
    inbox = Inbox(office, root)
    for place in (f"express/D7/{FILE}", f"bulk/{dossier['code']}__{FILE}", "bulk/bad-canary.pdf"):
        inbox.put(place, b"canary" if "bad" in place else pdf(2))
    inbox.take()
    for question in ({"full_name": NAME}, {"identity_number": NUMBER}):
        found = office.post("/v1/search", json={"units": [ONE_STOP], **question})
        assert len(found.json()["dossiers"]) == 1
        told.append(found.text)
    told.append(office.post("/v1/search", json={"units": [NAME], "full_name": NAME, NAME: 1}).text)
    told.append(office.post("/v1/dossiers", json=OPENING | {"applicant": FORM, NAME: NAME}).text)
    told.append(
        office.post(
            "/v1/dossiers", json=OPENING | {"applicant": FORM | {"full_name": f"{NAME}\n"}, "channel": NAME}
        ).text
    )
    told += reviewed(Desk(office, asked=("signer_name",)))
    told += recorded(Keeper(office))
    told.append(office.get(f"/v1/papers/{NAME}").text)
    told.append(office.get(f"/{NAME}?name={NAME}").text)
    told.append(office.post(f"{path}/accept", headers={"If-Match": NUMBER}).text)
    told += noted(office, path)
    told.append(office.post(f"{path}/accept", headers={"Hoso-Actor": "canary canary"}).text)
    return told


def noted(office: Office, path: str) -> list[str]:
    """Note what nobody but the note's readers may see, rightly and wrongly, and return the answers."""
    key = {"Idempotency-Key": f"{NUMBER}-note"}
    said = [{"note": f"{NAME}, {STREET}"}, {"note": NAME, "reason_code": NAME}, {"note": f"{NAME}\0"}, {NAME: NAME}]
    told = [office.post(f"{path}/request-supplement", json=each, headers=key) for each in (*said, said[0])]
    told += [office.post(f"{path}/finish", json={"note": NAME}), office.get(f"{path}/notes/{NAME}")]
    assert [response.status_code for response in told] == [200, 422, 422, 422, 200, 409, 422]
    sequence = told[0].json()["notes"][0]
    assert NAME in office.get(f"{path}/notes/{sequence}").text, "the note is there for who may read it"
    return [response.text for response in told]


def reviewed(desk: Desk) -> list[str]:
    """Review a paper with values that nobody but its readers may see, rightly and wrongly, and return the answers."""
    finding = {"name": "signer_name", "answer": "corrected", "value": NAME}
    key = {"Idempotency-Key": f"{NUMBER}-review"}
    told = [desk.act("claim", "ana"), desk.save("ana", [finding], **key), desk.save("ana", [finding], **key)]
    told += [desk.finish("ana", [finding | {"name": NAME}]), desk.finish("ana", [finding | {NAME: NAME}])]
    told += [desk.finish("ana", [finding, {"name": "place", "answer": "corrected", "value": NUMBER}])]
    told += [desk.finish("ana", [finding | {"answer": NAME}]), desk.finish("ana", [finding | {"value": f"{NAME}\0"}])]
    told += [desk.finish("ana", [finding], NAME.encode().hex()), desk.save("binh", [finding])]
    told += [desk.office.get("/v1/reviews", params={"unit": NAME, "reason": NAME, NAME: NUMBER})]
    told += [desk.office.post(f"/v1/papers/{desk.paper}/pages/1/redo", json={"rotation": NAME, NAME: NAME})]
    assert NAME in desk.read("ana").text, "the draft is there for who may read it"
    told += [desk.finish("ana", [finding], **key)]
    assert told[-1].status_code == 200
    assert NAME in desk.office.get(f"/v1/papers/{desk.paper}/fields").text
    return [response.text for response in told]


def recorded(keeper: Keeper) -> list[str]:
    """Keep a dossier's record with what no code may say, and rightly, and return the answers."""
    paper, key = keeper.paper(), {"Idempotency-Key": f"{NUMBER}-record"}
    told = [keeper.decide("TP02", key, state=NAME, paper_id=NUMBER), keeper.decide(NAME, state="pending")]
    told += [keeper.assign(paper, code=code) for code in (NAME, NUMBER, f"KQ.{NUMBER}")]
    told += [keeper.store(paper, place=NAME), keeper.result(paper, result_code=NUMBER)]
    told += [keeper.transfer(target=NAME, reason_code=NUMBER), keeper.transfer(None, **{NAME: NAME})]
    assert {response.status_code for response in told} == {422}
    right = [keeper.assign(paper, key), keeper.store(paper), keeper.result(paper), keeper.transfer(key)]
    assert all(response.is_success for response in right)
    return [response.text for response in told + right]


def found_in(text: str) -> list[str]:
    """Return the canaries in a text."""
    return [canary for canary in CANARIES if canary.lower() in text.lower()]


def test_nothing_personal_lies_where_it_must_not(office: Office, tmp_path: Path, logged: StringIO) -> None:
    handler = logging.StreamHandler(logged)
    handler.setFormatter(JsonFormatter("%(name)s %(message)s", json_ensure_ascii=False))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        told = everything(office, tmp_path)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
    office.metrics_registry.register(LedgerFigures(office.database, office.clock))
    assert found_in("".join(told)) == []
    assert found_in(ours(logged.getvalue())) == []
    assert found_in(generate_latest(office.metrics_registry).decode()) == []
    assert found_in(" ".join(office.objects())) == []
    assert found_in(repr(office.journal())) == []
    assert found_in(dump(office)) == []
    assert found_in(raw(tmp_path)) == []


def ours(text: str) -> str:
    """Return the lines of the server's side; the client of the test has its own."""
    return "\n".join(line for line in text.splitlines() if '"name": "httpx"' not in line)


def dump(office: Office) -> str:
    """Return every row of every table."""
    with office.database.reading() as connection:
        return repr([connection.execute(table.select()).all() for table in tables.metadata.sorted_tables])


def raw(root: Path) -> str:
    """Return the bytes of the database and what it writes beside itself."""
    files = sorted(root.glob("ledger.db*"))
    assert len(files) >= 2, "the write-ahead log is looked at too"
    return "".join(path.read_bytes().decode("utf-8", "ignore") for path in files)


def test_the_canaries_would_be_seen(office: Office, tmp_path: Path) -> None:
    office.open_dossier(components=[{"code": "A", "name": NAME, "copy_kind": 0, "quantity": 1}])
    assert found_in(dump(office)) == ["zxqv", "canary"]
    assert found_in(raw(tmp_path)) == ["zxqv", "canary"]
