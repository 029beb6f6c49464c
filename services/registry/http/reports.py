"""The routes of reports: made now, filed for ever, listed, read again as filed; in three formats."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.registry import figures_answers as answers
from services.registry.figure_reader import FigureReader
from services.registry.figures.as_csv import as_csv
from services.registry.figures.report import Report
from services.registry.figures_asked import DraftAsked, FiledAsked, FileFormat, ReportAsked
from services.registry.file_report import Filed, Wanted, compare, file_report
from services.registry.http.figures import known_units, link_after
from services.registry.report_store import DamagedReport, FiledReports
from services.registry.xlsx import MEDIA_TYPE, as_xlsx
from shared.clock import Clock
from shared.events import Actor
from shared.problems import Problem, responses

_OPAQUE = r"^[A-Za-z0-9._-]{1,64}$"
_Opaque = Header(pattern=_OPAQUE, description="an opaque name: never a person's")


def _filer(
    *,
    hoso_actor: Annotated[str, _Opaque],
    hoso_role: Annotated[str, _Opaque] = "manager",
    hoso_unit: Annotated[str | None, _Opaque] = None,
    hoso_client: Annotated[str, _Opaque] = "hoso",
) -> Actor:
    return Actor(subject=hoso_actor, role=hoso_role, unit=hoso_unit, client=hoso_client)


FilerNeeded = Annotated[Actor, Depends(_filer)]


def report_routes(reader: FigureReader, files: FiledReports, clock: Clock) -> APIRouter:
    """Return the routes of reports."""
    router = APIRouter(prefix="/reports", tags=["reports"])
    _add_draft(router, reader, files, clock)  # before the route of an id, which would take its name for one

    @router.get("")
    def filed(request: Request, asked: Annotated[FiledAsked, Query()]) -> answers.FiledPage:
        """List filed reports that are about the units, newest first."""
        found = files.filed(asked.units, asked.kind, limit=asked.limit + 1, after=asked.place)
        return answers.filed_page(found, limit=asked.limit, link=lambda mark: link_after(request, mark))

    @router.post("", status_code=201, response_model=answers.FiledReport)
    def file(actor: FilerNeeded, asked: ReportAsked) -> Response:
        """Make a report and file it: it never changes, and says how it differs from the one filed before it."""
        wanted = Wanted(asked.kind, asked.units, asked.period(clock.now(), place="body"))
        with known_units("body"):
            made = file_report(wanted, actor, maker=reader, files=files, clock=clock)
        where = {"Location": f"/v1/reports/{made.head.report_id}"}
        return Response(answers.filed_text(made), 201, media_type="application/json", headers=where)

    @router.get("/{report_id}", response_model=answers.FiledReport, responses=responses(404))
    def one(
        request: Request,
        report_id: UUID,
        format: Annotated[FileFormat, Query()] = "json",  # noqa: A002  # the parameter's name
    ) -> Response:
        """Return a report exactly as it was filed."""
        found = _found(files, report_id)
        if found is None:
            raise _unknown_report()
        tag = f'"{found.head.digest[:32]}-{format}"'
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag})
        if format == "json":
            return Response(answers.filed_text(found), media_type="application/json", headers={"ETag": tag})
        return _file(found.report, format, name=f"{_name(found.report)}_{report_id}", headers={"ETag": tag})

    return router


def _add_draft(router: APIRouter, reader: FigureReader, files: FiledReports, clock: Clock) -> None:
    @router.get("/draft", response_model=answers.DraftReport)
    def draft(asked: Annotated[DraftAsked, Query()]) -> Response:
        """Make a report of what is known now, without filing it."""
        now = clock.now()
        wanted = Wanted(asked.kind, asked.units, asked.period(now))
        with known_units():
            report = reader.make(wanted, now).report
            if asked.format != "json":
                return _file(report, asked.format, name=_name(report))
            difference = compare(wanted, report, maker=reader, files=files, now=now)
        body = answers.DraftReport(made_at=now, difference=difference, report=report)
        return Response(body.model_dump_json(), media_type="application/json")


def _file(report: Report, wanted: FileFormat, *, name: str, headers: Mapping[str, str] | None = None) -> Response:
    content, media_type = (
        (as_csv(report).encode(), "text/csv; charset=utf-8") if wanted == "csv" else (as_xlsx(report), MEDIA_TYPE)
    )
    shown = {"Content-Disposition": f'attachment; filename="{name}.{wanted}"'}
    return Response(content, media_type=media_type, headers={**shown, **(headers or {})})


def _name(report: Report) -> str:
    return f"{report.form.kind}_{report.first_day}_{report.last_day}"


def _found(files: FiledReports, report_id: UUID) -> Filed | None:
    try:
        return files.find(report_id)
    except DamagedReport as error:
        raise Problem(
            error.reason,
            status=500,
            detail="This report is no longer what was filed: its text does not have the hash kept with it.",
            detail_vi="Báo cáo đã lưu không còn nguyên vẹn: nội dung không khớp mã băm được lưu cùng.",
        ) from error


def _unknown_report() -> Problem:
    return Problem(
        "unknown-report",
        status=404,
        detail="No report was filed under this id.",
        detail_vi="Không có báo cáo nào được lưu với mã này.",
    )
