"""What the ledger announces: each act as an event, in the order of its dossier."""

from datetime import datetime
from uuid import UUID

from services.intake.dossiers import Act, Dossier, Paper
from services.intake.reviews import Review
from shared.events import (
    Data,
    DossierOpened,
    Event,
    FieldReviewed,
    LedgerData,
    PaperAccepted,
    PaperReviewed,
    PaperWork,
    Redo,
    deterministic_id,
)
from shared.topics import DOSSIERS, LANES, Topic

SOURCE = "/hoso/intake"
Announced = tuple[Topic, Event]


def of_ledger(data: LedgerData, sequence: int, act: Act, *, subject: UUID) -> Announced:
    """Return an event of the ledger, with its place in its dossier."""
    return DOSSIERS, Event(
        id=deterministic_id(data.dossier_id, sequence),
        source=SOURCE,
        subject=str(subject),
        time=act.at,
        data=data,
        key=str(data.dossier_id),
        sequence=sequence,
        correlation_id=act.correlation_id,
    )


def opened(dossier: Dossier, act: Act, *, happened_at: datetime | None = None) -> Announced:
    """Return the first event of a dossier."""
    data = DossierOpened(
        dossier_id=dossier.id,
        actor=act.actor,
        code=dossier.code,
        procedure_code=dossier.procedure_code,
        procedure_version=dossier.procedure_version,
        channel=dossier.channel,
        receiving_unit=dossier.receiving_unit,
        competent_unit=dossier.competent_unit,
        back_file=dossier.back_file,
        components=tuple(component.announced() for component in dossier.components),
        status=dossier.status,
        happened_at=happened_at,
        external_code=dossier.external_code,
        system_of_record=dossier.system_of_record,
        identity_verified=dossier.identity_verified,
    )
    return of_ledger(data, 1, act, subject=dossier.id)


def accepted(paper: Paper, dossier_id: UUID, act: Act) -> list[Announced]:
    """Return what is announced of a paper that joined a dossier: the fact, and the work for OCR."""
    data = PaperAccepted(
        dossier_id=dossier_id,
        actor=act.actor,
        paper_id=paper.id,
        component_code=paper.component_code,
        lane=paper.lane,
        media_type=paper.media_type,
        name_mismatch=paper.name_mismatch,
        size_bytes=paper.size_bytes,
    )
    assert paper.sequence is not None  # it stands in line
    return [of_ledger(data, paper.sequence, act, subject=paper.id), _work(paper, dossier_id, act)]


def reviewed(review: Review, dossier: Dossier, act: Act) -> Announced:
    """Return what is announced of a finished review: the answers, never a value."""
    data = PaperReviewed(
        dossier_id=dossier.id,
        actor=act.actor,
        paper_id=review.paper_id,
        version=review.look.document_version,
        fields=tuple(FieldReviewed(name=name, answer=answer) for name, answer in review.answers.items()),
    )
    return of_ledger(data, dossier.sequence, act, subject=review.paper_id)


def to_redo(paper: Paper, dossier_id: UUID, redo: Redo, *, act: Act) -> Announced:
    """Return the work of reading one page of a paper again."""
    return _work(paper, dossier_id, act, redo=redo)


def _work(paper: Paper, dossier_id: UUID, act: Act, *, redo: Redo | None = None) -> Announced:
    data: Data = PaperWork(
        paper_id=paper.id,
        dossier_id=dossier_id,
        lane=paper.lane,
        media_type=paper.media_type,
        size_bytes=paper.size_bytes,
        redo=redo,
    )
    return LANES[paper.lane], Event(
        id=deterministic_id(paper.id, "redo", redo.revision) if redo else deterministic_id(paper.id, "work", 0),
        source=SOURCE,
        subject=str(paper.id),
        time=act.at,
        data=data,
        key=str(paper.id),
        correlation_id=act.correlation_id,
    )
