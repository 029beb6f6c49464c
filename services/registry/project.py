"""Project a batch of the log: records in; states, history, papers and counts out.

A record read again from the same cluster is a duplicate and counted. Read again from another
cluster it is expected, because intake announces its journal anew to a cluster it has not met: the
history notes the cluster, and nothing is counted.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from services.registry.dossier_state import DossierState
from services.registry.happening import Happening, read
from services.registry.lives import changed_by, is_late
from services.registry.projecting import Projection
from shared.errors import Undecodable
from shared.events import FieldAnswer, PaperReviewed, TransferOutcome, TransferRecorded
from shared.log import Record

COUNTERS = ("duplicate", "out_of_order", "undecodable", "unknown")
REVIEW_OUTCOMES = ("confirmed", "changed")  # every answer was that the reading is right, or some were not
log = logging.getLogger(__name__)


def project(projection: Projection, records: Sequence[Record]) -> None:
    """Apply records of ``hoso.dossiers`` to the projection."""
    counts: Counter[str] = Counter()
    unseen = _unseen(projection, _read(records, counts), counts)
    known = projection.dossiers({h.dossier_id for h in unseen})
    fresh = _placed(projection, unseen, known=known, counts=counts)
    projection.keep(fresh)
    projection.put(changed_by(projection, fresh, known=known, counts=counts))
    projection.count(counts + _reviews(fresh) + _transfers(fresh))


def review_counter(outcome: str) -> str:
    """Return the name of the counter of reviews with an outcome."""
    return f"reviews_{outcome}"


def answer_counter(answer: FieldAnswer) -> str:
    """Return the name of the counter of fields with an answer."""
    return f"reviewed_{answer}"


def transfer_counter(outcome: TransferOutcome) -> str:
    """Return the name of the counter of answers to transfers."""
    return f"transfers_{outcome}"


def _transfers(happenings: Iterable[Happening]) -> Counter[str]:
    data = (h.data for h in happenings)
    return Counter(transfer_counter(d.outcome) for d in data if isinstance(d, TransferRecorded))


def _reviews(happenings: Iterable[Happening]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for happening in happenings:
        if isinstance(happening.data, PaperReviewed):
            answers = [field.answer for field in happening.data.fields]
            counts.update(answer_counter(answer) for answer in answers)
            counts[review_counter(_outcome(answers))] += 1
    return counts


def _outcome(answers: Sequence[FieldAnswer]) -> str:
    return "confirmed" if all(answer is FieldAnswer.RIGHT for answer in answers) else "changed"


def _read(records: Iterable[Record], counts: Counter[str]) -> list[Happening]:
    happenings = []
    for record in records:
        try:
            happening = read(record)
        except Undecodable:
            log.warning("undecodable: %s/%d at offset %d", record.topic, record.partition, record.offset)
            counts["undecodable"] += 1
            continue
        counts["unknown"] += happening is None or happening.data is None
        if happening is not None:
            happenings.append(happening)
    return happenings


def _unseen(projection: Projection, happenings: Sequence[Happening], counts: Counter[str]) -> list[Happening]:
    """Return the happenings whose event was not seen before; count or note the others."""
    clusters = dict(projection.clusters({h.event_id for h in happenings}))
    again = {event_id for event_id, cluster_id in clusters.items() if cluster_id != projection.cluster_id}
    projection.read_again(again)
    unseen = []
    for happening in happenings:
        if happening.event_id not in clusters:
            clusters[happening.event_id] = projection.cluster_id
            unseen.append(happening)
        elif happening.event_id in again:
            again.remove(happening.event_id)  # a second time in this batch is a duplicate
        else:
            counts["duplicate"] += 1
    return unseen


def _placed(
    projection: Projection,
    happenings: Sequence[Happening],
    *,
    known: Mapping[str, DossierState],
    counts: Counter[str],
) -> list[Happening]:
    """Return the happenings whose place in their ledger was free; who came first keeps it."""
    late = {h.dossier_id for h in happenings if is_late(h, known.get(h.dossier_id))}
    taken = defaultdict(set, {dossier_id: set(s) for dossier_id, s in projection.sequences(late).items()})
    placed = []
    for happening in happenings:
        if happening.sequence in taken[happening.dossier_id]:
            counts["duplicate"] += 1
            continue
        if happening.sequence is not None:
            taken[happening.dossier_id].add(happening.sequence)
        placed.append(happening)
    return placed
