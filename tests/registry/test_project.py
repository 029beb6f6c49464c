"""Projecting: the same state whatever order, repetition and batches the log brings its events in."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registry.dossier_state import DossierState
from services.registry.fold import fold
from services.registry.happening import read
from services.registry.paper_state import PaperState
from services.registry.project import COUNTERS, project
from shared.events import SEQUENCE_DIGITS, FieldAnswer
from shared.log import Record
from tests.fakes.projection import FakeProjection
from tests.registry.stories import Teller, in_batches, with_header, without_header

TOLD = Teller("told")
DOSSIERS = [TOLD.id() for _ in range(3)]
STORY = [record for dossier_id in DOSSIERS for record in TOLD.whole(dossier_id)]


def projected(*batches: list[Record]) -> FakeProjection:
    projection = FakeProjection()
    for batch in batches:
        project(projection, batch)
    return projection


def sequence_of(record: Record) -> int | None:
    happening = read(record)
    assert happening is not None
    return happening.sequence


IN_ORDER = projected(STORY)


@st.composite
def tellings(draw: st.DrawFn) -> tuple[list[Record], int]:
    """Draw the story in any order, some of it told again, and how much of it was."""
    again = draw(st.lists(st.sampled_from(STORY), max_size=10))
    return draw(st.permutations(STORY + again)), len(again)


@given(telling=tellings(), sizes=st.lists(st.integers(1, 12), min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_order_and_repetition_comes_to_the_same(telling: tuple[list[Record], int], sizes: list[int]) -> None:
    records, again = telling
    projection = projected(*in_batches(records, sizes))
    assert projection.dossier_states == IN_ORDER.dossier_states
    assert projection.paper_states == IN_ORDER.paper_states
    assert projection.counts["duplicate"] == again
    assert projection.counts["out_of_order"] == late_ones(records)
    assert reviews(projection) == reviews(IN_ORDER)


def reviews(projection: FakeProjection) -> dict[str, int]:
    return {name: count for name, count in projection.counts.items() if count and name not in COUNTERS}


def late_ones(records: list[Record]) -> int:
    """Count, a second way, the events that come after a later one of their dossier."""
    late, seen, newest = 0, set(), dict.fromkeys((str(d).encode() for d in DOSSIERS), 0)
    for record in records:
        sequence = sequence_of(record)
        if sequence is None or (record.key, sequence) in seen:
            continue
        seen.add((record.key, sequence))
        late += sequence < newest[record.key]
        newest[record.key] = max(sequence, newest[record.key])
    return late


@given(lost=st.sets(st.integers(0, len(STORY) - 1)))
@settings(max_examples=100, deadline=None)
def test_what_is_lost_is_missing_until_it_comes(lost: set[int]) -> None:
    heard = [record for i, record in enumerate(STORY) if i not in lost]
    projection = projected(heard)
    for dossier_id in DOSSIERS:
        ours = [sequence_of(r) or 0 for r in heard if r.key == str(dossier_id).encode()]
        present = {sequence for sequence in ours if sequence}
        holes = set(range(1, max(present, default=0) + 1)) - present
        state = projection.dossier_states.get(str(dossier_id), DossierState(str(dossier_id)))
        assert state.missing == len(holes)
    project(projection, [STORY[i] for i in sorted(lost)])
    assert projection.dossier_states == IN_ORDER.dossier_states
    assert projection.paper_states == IN_ORDER.paper_states


def test_the_story_in_order() -> None:
    dossier = IN_ORDER.dossier_states[str(DOSSIERS[0])]
    assert (dossier.status, dossier.last_sequence, dossier.missing) == (10, 7, 0)
    moments = [dossier.opened_at, dossier.accepted_at, dossier.finished_at, dossier.returned_at]
    assert moments == sorted({moment for moment in moments if moment is not None})
    assert len(moments) == 4
    assert sorted(p.state for p in IN_ORDER.paper_states.values()) == ["digitised"] * 3 + ["failed"] * 3
    assert reviews(IN_ORDER) == {"reviews_changed": 3, "reviewed_right": 3, "reviewed_corrected": 3}
    assert not any(IN_ORDER.counts[name] for name in COUNTERS)
    assert sorted(p.reviewed_version or "" for p in IN_ORDER.paper_states.values()) == [""] * 3 + ["v1"] * 3


def test_the_state_is_the_fold_of_the_history() -> None:
    for dossier_id, state in IN_ORDER.dossier_states.items():
        assert fold(dossier_id, reversed(IN_ORDER.history([dossier_id]))).dossier == state


def test_the_clock_starts_with_the_first_acceptance(teller: Teller) -> None:
    dossier_id = teller.id()
    records = [teller.opened(dossier_id), teller.accepted(dossier_id)]
    (once,) = projected(records).dossier_states.values()
    (twice,) = projected([*records, teller.accepted(dossier_id)]).dossier_states.values()
    assert twice.accepted_at == once.accepted_at
    assert twice.last_sequence == 3


@pytest.mark.parametrize("place", ["2", "3"])
def test_a_second_event_in_a_taken_place_changes_nothing(teller: Teller, place: str) -> None:
    dossier_id = teller.id()
    records = [teller.opened(dossier_id), teller.accepted(dossier_id), teller.finished(dossier_id)]
    usurper = with_header(teller.returned(dossier_id), "ce_sequence", place.zfill(SEQUENCE_DIGITS))
    apart, together = projected(records, [usurper]), projected([*records, usurper])
    assert apart.dossier_states == together.dossier_states == projected(records).dossier_states
    assert apart.counts["duplicate"] == together.counts["duplicate"] == 1


def test_another_cluster_may_tell_everything_again_once() -> None:
    projection = projected(STORY)
    projection.cluster_id = "another"
    project(projection, STORY)
    assert projection.counts["duplicate"] == 0
    assert projection.dossier_states == IN_ORDER.dossier_states
    project(projection, STORY[:5])
    assert projection.counts["duplicate"] == 5


def test_twice_in_one_batch_of_another_cluster_is_a_duplicate() -> None:
    projection = projected(STORY)
    projection.cluster_id = "another"
    project(projection, [STORY[0], STORY[0], STORY[0]])
    assert projection.counts["duplicate"] == 2


class TestPapers:
    """Outcomes of papers have no place in line: what counts is decided by what they say."""

    def paper(self, *records: Record) -> PaperState:
        projection = projected(*([record] for record in records))
        assert projection.paper_states == projected(list(reversed(records))).paper_states
        (paper,) = projection.paper_states.values()
        return paper

    def test_digitised_before_it_was_accepted(self, teller: Teller) -> None:
        dossier_id, paper_id = teller.id(), teller.id()
        outcome = teller.digitised(dossier_id, paper_id)
        early = self.paper(outcome)
        assert (early.state, early.pages, early.accepted_at) == ("digitised", 3, None)
        later = self.paper(outcome, teller.paper(dossier_id, paper_id))
        assert later.accepted_at is not None
        assert (
            replace(later, accepted_at=None, component_code=None, lane=None, media_type=None, size_bytes=None) == early
        )

    def test_digitised_wins_over_a_later_failure(self, teller: Teller) -> None:
        dossier_id, paper_id = teller.id(), teller.id()
        paper = self.paper(teller.digitised(dossier_id, paper_id), teller.failed(dossier_id, paper_id))
        assert (paper.state, paper.pages, paper.failure_reason) == ("digitised", 3, None)

    def test_the_newer_version_wins(self, teller: Teller) -> None:
        dossier_id, paper_id = teller.id(), teller.id()
        first = teller.digitised(dossier_id, paper_id, pages=3, version="v1")
        second = teller.digitised(dossier_id, paper_id, pages=4, version="v2")
        paper = self.paper(first, second)
        assert (paper.version, paper.pages) == ("v2", 4)

    def test_the_higher_revision_wins_whenever_it_is_heard(self, teller: Teller) -> None:
        dossier_id, paper_id = teller.id(), teller.id()
        redone = teller.digitised(dossier_id, paper_id, version="v1-r1", revision=1)
        said_again = teller.digitised(dossier_id, paper_id, version="v1")
        paper = self.paper(redone, said_again)
        assert (paper.version, paper.revision) == ("v1-r1", 1)

    def test_a_secret_stays_a_secret(self, teller: Teller) -> None:
        dossier_id, paper_id = teller.id(), teller.id()
        told = [
            teller.digitised(dossier_id, paper_id),
            teller.failed(dossier_id, paper_id, reason="secret"),
            teller.failed(dossier_id, paper_id),
            teller.digitised(dossier_id, paper_id, version="v1-r1", revision=1),
        ]
        paper = self.paper(*told)
        assert (paper.state, paper.failure_reason, paper.version, paper.revision) == ("failed", "secret", None, 0)

    def test_the_last_review_counts(self, teller: Teller) -> None:
        dossier_id, paper_id = teller.id(), teller.id()
        told = [
            teller.reviewed(dossier_id, paper_id, FieldAnswer.RIGHT),
            teller.digitised(dossier_id, paper_id, version="v2"),
            teller.reviewed(dossier_id, paper_id, FieldAnswer.ABSENT, version="v2"),
        ]
        paper = self.paper(*told)
        assert (paper.reviewed_version, paper.reviewed_sequence) == ("v2", 2)

    def test_an_outcome_alone_makes_no_dossier(self, teller: Teller) -> None:
        assert projected([teller.digitised(teller.id(), teller.id())]).dossier_states == {}


def test_an_unknown_type_with_a_place_leaves_no_gap(teller: Teller) -> None:
    dossier_id = teller.id()
    records = [teller.opened(dossier_id), teller.accepted(dossier_id), teller.finished(dossier_id)]
    records[1] = with_header(records[1], "ce_type", "vn.hoso.dossier.praised.v1")
    projection = projected(records)
    state = projection.dossier_states[str(dossier_id)]
    assert (state.missing, state.status, state.accepted_at) == (0, 9, None)
    assert projection.counts["unknown"] == 1


def test_an_unknown_type_without_a_place_is_only_counted(teller: Teller) -> None:
    record = without_header(with_header(teller.opened(teller.id()), "ce_type", "vn.hoso.news.v1"), "ce_sequence")
    projection = projected([record])
    assert (projection.kept, projection.counts["unknown"]) == ({}, 1)


HUGE = str(2**63)


@pytest.mark.parametrize(
    "broken",
    [
        lambda r: replace(r, value=b"not json"),
        lambda r: replace(r, value=b"\xff\xfe"),
        lambda r: replace(r, value=b"{}"),
        lambda r: replace(r, headers=()),
        lambda r: without_header(r, "ce_id"),
        lambda r: without_header(r, "ce_time"),
        lambda r: without_header(r, "ce_sequence"),
        lambda r: with_header(r, "ce_id", "no-uuid"),
        lambda r: with_header(r, "ce_time", "yesterday"),
        lambda r: with_header(r, "ce_time", "2026-10-08T12:00:00"),
        lambda r: with_header(r, "ce_time", "0001-01-01T00:00:00+14:00"),
        lambda r: with_header(r, "ce_sequence", "one"),
        lambda r: with_header(r, "ce_sequence", "0"),
        lambda r: with_header(r, "ce_sequence", "-1"),
        lambda r: with_header(r, "ce_sequence", HUGE),
        lambda r: replace(r, value=r.value.replace(b'"H98.02"', b'"H98\\u0000"')),
        lambda r: replace(r, value=r.value.replace(b'"clerk-7"', b'"\\u0000"')),
        lambda r: replace(r, value=r.value.replace(b'"procedure_version":1', b'"procedure_version":' + HUGE.encode())),
        lambda r: replace(with_header(r, "ce_type", "vn.hoso.new.v1"), value=b"[1]"),
        lambda r: replace(with_header(r, "ce_type", "vn.hoso.new.v1"), value=b'{"a":"\\ud800"}'),
        lambda r: with_header(with_header(r, "ce_type", "vn.hoso.new.v1"), "ce_partitionkey", "nobody"),
    ],
)
def test_what_cannot_be_read_stops_nothing(
    broken: Callable[[Record], Record], teller: Teller, caplog: pytest.LogCaptureFixture
) -> None:
    good = teller.opened(teller.id(), code="H98.02-261008-0002")
    bad = broken(teller.opened(teller.id(), code="CANARY"))
    projection = projected([bad, good])
    assert [d.code for d in projection.dossier_states.values()] == ["H98.02-261008-0002"]
    assert projection.counts["undecodable"] == 1
    assert "CANARY" not in caplog.text
    assert "offset" in caplog.text
