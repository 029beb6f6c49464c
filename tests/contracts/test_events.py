"""Events are for ever: what was recorded is read by today's code, and the catalogue is as the code says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from docs.generate import __main__ as generate
from docs.generate import events, settings
from shared.dead_letters import dead_letter
from shared.errors import Undecodable
from shared.events import CATALOGUE, Event, EventType, decode, encode, headers_of, structured
from shared.log import Message, Record
from shared.topics import ALL_TOPICS, DEAD_LETTERS

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.json"))
BY_NAME = {entry.name: entry for entry in CATALOGUE}


def recorded(path: Path) -> Message:
    found = json.loads(path.read_text())
    headers = tuple((name, value.encode()) for name, value in found["headers"].items())
    return Message(found["topic"], found["key"].encode(), found["value"].encode(), headers)


def read(message: Message) -> Event:
    event = decode(message)
    assert event is not None
    return event


def changed(message: Message, *, value: bytes | None = None, **headers: bytes | None) -> Message:
    """Return the message with another value or other headers; ``None`` leaves one out."""
    merged = {**dict(message.headers), **headers}
    kept = tuple((name, given) for name, given in merged.items() if given is not None)
    return Message(message.topic, message.key, message.value if value is None else value, kept)


def contains(whole: Any, part: Any) -> bool:
    """Return whether ``whole`` has everything ``part`` has, and perhaps more fields."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and contains(whole[k], v) for k, v in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(contains, whole, part))
    return bool(whole == part)


def expect_valid(schema: dict[str, Any], value: object) -> None:
    Draft202012Validator(schema).validate(value)


@pytest.fixture(params=RECORDED, ids=lambda path: path.stem)
def message(request: pytest.FixtureRequest) -> Message:
    return recorded(request.param)


@pytest.fixture
def entry(message: Message) -> EventType:
    return BY_NAME[dict(message.headers)["ce_type"].decode()]


def test_every_type_has_a_recorded_message() -> None:
    # record a new type once, as today's code writes it, and never touch the file again
    assert {entry.name for entry in CATALOGUE} <= {path.stem for path in RECORDED}


def test_todays_code_reads_and_writes_what_was_recorded(message: Message) -> None:
    event = read(message)
    again = encode(event, message.topic)
    assert (again.topic, again.key) == (message.topic, message.key)
    assert dict(again.headers) == dict(message.headers)
    assert contains(json.loads(again.value), json.loads(message.value))
    assert read(again) == event


def test_a_recorded_message_is_what_the_schemas_promise(message: Message, entry: EventType) -> None:
    expect_valid(events.schema(entry), json.loads(message.value))
    expect_valid(events._headers(entry), {name: value.decode() for name, value in message.headers})


def test_fields_and_headers_nobody_knows_yet_are_ignored(message: Message) -> None:
    data = json.loads(message.value) | {"added_later": {"x": 1}}
    later = changed(message, value=json.dumps(data).encode(), ce_addedlater=b"1")
    assert read(later) == read(message)


def test_the_structured_form_has_everything(message: Message) -> None:
    form = structured(message)
    assert form["data"] == json.loads(message.value)
    assert {**headers_of(read(message)), "datacontenttype": "application/json"}.items() <= form.items()


def test_a_type_nobody_knows_yet_is_no_event_of_ours(message: Message) -> None:
    later = changed(message, ce_type=b"vn.hoso.paper.signed.v1")
    assert decode(later) is None
    assert structured(later)["type"] == "vn.hoso.paper.signed.v1"


def broken(message: Message) -> Iterator[Message]:
    for name in ("ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_partitionkey"):
        yield changed(message, **{name: None})
    yield changed(message, ce_id=b"7")
    yield changed(message, ce_time=b"yesterday")
    yield changed(message, ce_time=b"2026-10-08T01:15:00")
    yield changed(message, ce_source=b"\xff")
    yield changed(message, ce_sequence=b"first")
    for value in (b"", b"{", b"[]", b"null", b"{}", b"\xff", b'{"dossier_id": "7"}'):
        yield changed(message, value=value)


@pytest.mark.parametrize("number", range(18))
def test_what_is_broken_is_undecodable(message: Message, number: int) -> None:
    with pytest.raises(Undecodable):
        decode(list(broken(message))[number])


@pytest.mark.parametrize("value", [b"{", b"\xff", b""])
def test_what_is_no_json_has_no_structured_form(message: Message, value: bytes) -> None:
    with pytest.raises(Undecodable):
        structured(changed(message, value=value))


def test_an_undecodable_event_is_told_without_its_content(message: Message) -> None:
    with pytest.raises(Undecodable) as caught:
        decode(changed(message, value=b'{"dossier_id": "Nguyen Van Canary"}'))
    cause = caught.value.__cause__
    assert "Canary" not in f"{caught.value} {cause}"


def test_a_dead_letter_has_the_headers_of_the_catalogue(message: Message) -> None:
    record = Record(message.topic, message.key, b"\xff", message.headers, 3, 7)
    letter = dead_letter(record, "undecodable", attempts=2, at=datetime(2026, 11, 26, tzinfo=UTC))
    headers = {name: value.decode() for name, value in letter.headers if name.startswith("hoso_")}
    promised = events._dead_letter()["headers"]
    expect_valid(promised, headers)
    assert set(headers) == set(promised["properties"])
    assert (letter.topic, letter.key, letter.value) == (DEAD_LETTERS.name, message.key, b"\xff")


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_every_reference_of_the_catalogue_leads_somewhere() -> None:
    folder = generate.ROOT / events.FOLDER
    document = yaml.safe_load((folder / "asyncapi.yaml").read_text())
    found = list(references(document))
    assert len(found) > 20
    for reference in found:
        if reference.startswith("#/"):
            place = document
            for part in reference[2:].split("/"):
                place = place[part]
        else:
            Draft202012Validator.check_schema(json.loads((folder / reference).read_text()))
    assert {channel["address"] for channel in document["channels"].values()} == {topic.name for topic in ALL_TOPICS}


def test_the_generated_documents_are_as_the_code_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().out


def test_a_stale_document_is_named_and_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0
    (tmp_path / settings.FILE).write_text("old")
    (tmp_path / events.FOLDER / "schemas" / "vn.hoso.gone.v1.json").write_text("{}")
    capsys.readouterr()
    assert generate.main(["--check"]) == 1
    named = capsys.readouterr().out
    assert settings.FILE in named
    assert "vn.hoso.gone.v1" in named
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


def test_every_setting_is_explained_and_no_secret_shown() -> None:
    for found in settings.classes():
        for name, field in found.model_fields.items():
            assert field.description, f"{found.__name__}.{name}"
    shown = settings.documents()[settings.FILE]
    assert "HOSO_KAFKA_BOOTSTRAP_SERVERS" in shown
    assert "| `HOSO_INTAKE_DATABASE_URL` | secret | – |" in shown
