"""A dossier is opened: with its code, its components and the applicant's form, before any file."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from uuid import UUID, uuid4

from services.intake import announcements
from services.intake.codes import dossier_code
from services.intake.dossiers import Act, Application, Dossier
from services.intake.draft import Draft
from services.intake.once import Once
from services.intake.ports import Answer, Desk, Entries, KnownProcedure
from services.intake.rejections import Fault, Reason, Rejected
from shared.clock import local_day
from shared.events import Channel, Status
from shared.object_store import APPLICANT_FORM


@dataclass(frozen=True)
class Form:
    """The applicant's form as it is stored, and the digests the applicant is found by."""

    content: bytes
    digests: tuple[str, ...]


def open_dossier(desk: Desk, application: Application, form: Form, *, act: Act, once: Once[Dossier]) -> Answer:
    """Store the form, then enter the dossier into the ledger and announce it."""
    earlier = once.earlier()
    if earlier is not None:
        return earlier
    check(desk, application)
    dossier_id = uuid4()
    with Draft(desk.store) as draft:
        store_form(draft, dossier_id, form)
        outcome = once.run(lambda entries: enter(entries, dossier_id, application, form=form, act=act), act.at)
        if outcome.result is not None:
            draft.keep_all()
    return outcome.answer


def check(desk: Desk, application: Application) -> None:
    """Return if procedure and units are known; raises ``Rejected`` before anything is stored."""
    with desk.ledger.reading() as entries:
        _settle(entries, application)


def store_form(draft: Draft, dossier_id: UUID, form: Form) -> None:
    """Store the applicant's form."""
    draft.put(
        dossier_id,
        APPLICANT_FORM,
        BytesIO(form.content),
        size_bytes=len(form.content),
        media_type="application/json",
    )


def enter(entries: Entries, dossier_id: UUID, application: Application, *, form: Form, act: Act) -> Dossier:
    """Enter a new dossier into the ledger, with its code, and announce it."""
    procedure, competent_unit = _settle(entries, application)
    at = _moment(application, act)
    day = local_day(at)
    number = entries.next_number(application.receiving_unit, day)
    dossier = Dossier(
        id=dossier_id,
        code=dossier_code(application.receiving_unit, day, number),
        status=Status.REGISTERED,
        version=1,
        sequence=1,
        procedure_code=procedure.code,
        procedure_version=procedure.version,
        channel=application.channel,
        receiving_unit=application.receiving_unit,
        competent_unit=competent_unit,
        back_file=application.back_file,
        opened_at=at,
        submitted_at=at if application.channel is Channel.ONLINE else None,
        moved_at=at,
        external_code=application.external_code,
        system_of_record=application.system_of_record,
        identity_verified=application.identity_verified,
        components=application.components,
    )
    entries.add_dossier(dossier, form.digests)
    entries.announce([announcements.opened(dossier, act, happened_at=application.happened_at)])
    return dossier


def _moment(application: Application, act: Act) -> datetime:
    """Return when it came in: the code and the counting of its time are of that day."""
    if application.happened_at is None:
        return act.at
    if application.happened_at > act.at:
        raise Rejected(Reason.UNTIMELY, Fault("happened_at", "in-the-future"))
    return application.happened_at


def _settle(entries: Entries, application: Application) -> tuple[KnownProcedure, str]:
    procedure = entries.procedure(application.procedure_code)
    if procedure is None:
        raise Rejected(Reason.UNKNOWN_PROCEDURE, Fault("procedure_code", "unknown"))
    _check_unit(entries, "receiving_unit", application.receiving_unit)
    if application.competent_unit is not None:
        _check_unit(entries, "competent_unit", application.competent_unit)
        return procedure, application.competent_unit
    managed = entries.is_unit(procedure.managing_unit)
    return procedure, procedure.managing_unit if managed else application.receiving_unit


def _check_unit(entries: Entries, field: str, code: str) -> None:
    if not entries.is_unit(code):
        raise Rejected(Reason.UNKNOWN_UNIT, Fault(field, "unknown"))
