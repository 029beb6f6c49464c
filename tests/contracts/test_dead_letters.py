"""Dead letters are listed, shown, replayed and purged: on the fake log, the in-process broker and Kafka."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.dead_letters import desk
from services.dead_letters.__main__ import parser
from services.dead_letters.__main__ import run as run_command
from shared.dead_letters import Letter, dead_letter
from shared.embedded_broker import EmbeddedBroker
from shared.events import Event, PaperWork, encode
from shared.kafka import KafkaLog
from shared.log import Log, Message, Record
from shared.settings import KafkaSettings
from shared.topics import BULK, DEAD_LETTERS, EXPRESS, Lane
from tests.fakes.log import FakeLog

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(params=["fake", "embedded", "kafka"])
def broker(request: pytest.FixtureRequest) -> Iterator[Log]:
    if request.param == "fake":
        yield FakeLog()
    elif request.param == "embedded":
        with EmbeddedBroker() as embedded:
            yield KafkaLog(KafkaSettings(bootstrap_servers=embedded.bootstrap_servers, declare_topics=False))
    else:
        log = KafkaLog(KafkaSettings(bootstrap_servers=request.getfixturevalue("kafka").bootstrap_servers))
        asyncio.run(log.declare_topics())
        yield log


def work() -> Message:
    """Return the work of one paper, as intake announces it."""
    data = PaperWork(
        paper_id=uuid4(), dossier_id=uuid4(), lane=Lane.EXPRESS, media_type="application/pdf", size_bytes=7
    )
    event = Event(id=uuid4(), source="/hoso/intake", subject=str(data.paper_id), time=NOON, data=data, key=uuid4().hex)
    return encode(event, EXPRESS.name)


def given_up(message: Message, reason: str, *, minutes: int = 0, offset: int = 7) -> Message:
    """Return the letter of a message."""
    record = Record(message.topic, message.key, message.value, message.headers, partition=1, offset=offset)
    return dead_letter(record, reason, attempts=3, at=NOON + timedelta(minutes=minutes))


class Desk:
    """The command line on a log, with the letters of one test; on a broker others may have left theirs."""

    def __init__(self, log: Log, capsys: pytest.CaptureFixture[str]) -> None:
        self.log = log
        self._capsys = capsys
        self.ours: set[bytes] = set()

    def publish(self, *messages: Message) -> None:
        """Publish letters."""
        self.ours |= {message.key for message in messages}

        async def go() -> None:
            publisher = await self.log.publisher()
            await publisher.publish(messages)
            await publisher.close()

        asyncio.run(go())

    def letters(self, *, settled: bool = False) -> list[Letter]:
        """Return our letters."""
        found = [letter for letter in asyncio.run(desk.read(self.log)) if letter.record.key in self.ours]
        return [letter for letter in found if settled or letter.marker is None]

    def say(self, *words: str) -> str:
        """Run a command line and return what it prints."""
        self._capsys.readouterr()
        asyncio.run(run_command(self.log, parser().parse_args(words)))
        return self._capsys.readouterr().out

    def on(self, topic: str, key: bytes) -> Sequence[Message]:
        """Return the messages of a key on a topic."""

        async def go() -> list[Message]:
            reader = await self.log.reader([topic], {})
            found: list[Record] = []
            while await reader.lag():
                found += await reader.read(max_records=500, timeout_seconds=1)
            await reader.close()
            return [Message(r.topic, r.key, r.value, r.headers) for r in found if r.key == key]

        return asyncio.run(go())


@pytest.fixture
def at(broker: Log, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(broker, capsys)


def test_letters_are_counted_and_listed_the_newest_first(at: Desk) -> None:
    reason = f"made-{uuid4().hex[:8]}"
    at.publish(*(given_up(work(), reason, minutes=n, offset=n) for n in range(3)), given_up(work(), "another"))
    told = at.say("list", "--reason", reason, "--origin", EXPRESS.name, "--limit", "2").splitlines()
    assert told[0] == "3 dead letters"
    assert told[1].split() == ["3", reason, "from", EXPRESS.name]
    names = [letter.name for letter in at.letters() if letter.reason == reason]
    assert [line.split()[0] for line in told[2:4]] == names[:2]
    assert "2026-11-26T12:02:00" in told[2]
    assert told[4:] == ["… and 1 older ones"]
    assert at.say("list", "--reason", reason, "--origin", BULK.name).splitlines() == ["0 dead letters"]


def test_a_letter_is_shown_whole(at: Desk) -> None:
    message = work()
    at.publish(given_up(message, "corrupt"))
    (letter,) = at.letters()
    told = at.say("show", letter.name)
    for part in (
        "corrupt",
        "attempts  3",
        "hoso.papers.express/1/7",
        "ce_type: vn.hoso.paper.work.v1",
        '"size_bytes": 7',
    ):
        assert part in told
    at.publish(given_up(Message(EXPRESS.name, uuid4().hex.encode(), b"\xffgarbage"), "undecodable", minutes=1))
    told = at.say("show", at.letters()[0].name)
    assert "no event: 8 bytes" in told
    assert "garbage" in told


def test_a_replay_puts_back_what_came_and_is_not_open_any_more(at: Desk) -> None:
    message = work()
    at.publish(given_up(message, "corrupt"))
    (letter,) = at.letters()
    assert "1 would be replayed" in at.say("replay", letter.name, "--dry-run")
    assert at.on(EXPRESS.name, message.key) == []
    assert at.letters() == [letter]
    assert "1 replayed" in at.say("replay", letter.name, "--by", "operator-7")
    assert at.on(EXPRESS.name, message.key) == [message], "key, bytes and headers, and nothing of ours beside them"
    assert at.letters() == []
    (settled,) = at.letters(settled=True)
    assert settled.marker is not None
    assert (settled.marker.settled, settled.marker.by) == ("replayed", "operator-7")
    with pytest.raises(desk.NoSuchLetter, match="already"):
        at.say("replay", letter.name)
    # it dies again: another place on its lane, so another letter
    at.publish(given_up(message, "corrupt", offset=8, minutes=5))
    assert [letter.marker for letter in at.letters()] == [None]


def test_a_letter_published_twice_is_one_and_is_settled_wherever_it_stands(at: Desk) -> None:
    message = work()
    at.publish(given_up(message, "corrupt"), given_up(message, "corrupt", minutes=1))
    (letter,) = at.letters()
    assert len(letter.places) == 2
    at.say("purge", letter.places[1], "--because", "made-by-a-test")
    assert at.letters() == []
    at.publish(given_up(message, "corrupt", minutes=2))
    assert len(at.letters()) == 1, "published once more after that it is open"


def test_a_purge_takes_what_the_filters_let_through_and_says_why(at: Desk) -> None:
    reason = f"made-{uuid4().hex[:8]}"
    at.publish(*(given_up(work(), reason, offset=n) for n in range(2)), given_up(work(), "another"))
    assert "2 would be purged" in at.say("purge", "--reason", reason, "--because", "made-by-a-test", "--dry-run")
    assert len(at.letters()) == 3
    assert "2 purged" in at.say("purge", "--reason", reason, "--because", "made-by-a-test")
    assert [letter.reason for letter in at.letters()] == ["another"]
    told = at.say("list", "--settled", "--reason", reason)
    assert told.count(" purged") == 2
    purged = next(letter for letter in at.letters(settled=True) if letter.reason == reason)
    assert "made-by-a-test" in at.say("show", purged.name)


def test_what_did_not_come_from_a_topic_of_ours_is_not_replayed(at: Desk) -> None:
    at.publish(Message(DEAD_LETTERS.name, uuid4().hex.encode(), b"who knows"))
    (letter,) = at.letters()
    assert "can only be purged" in at.say("replay", letter.name)
    assert at.letters() == [letter]
    at.say("purge", letter.name, "--because", "of-nobody")
    assert at.letters() == []


@pytest.mark.parametrize("words", [("show", "9-999999"), ("replay", "9-999999"), ("purge", "x", "--because", "y")])
def test_a_letter_that_is_not_there_is_named(words: Sequence[str], at: Desk) -> None:
    with pytest.raises(desk.NoSuchLetter, match=words[1]):
        at.say(*words)


@pytest.mark.parametrize("because", ["Nguyễn Văn A called", "", "x" * 65])
def test_a_purge_has_a_code_for_a_reason_never_a_text(because: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["purge", "0-0", "--because", because])
