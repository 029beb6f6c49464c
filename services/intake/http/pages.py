"""The page routes: pictures for the eye, words, tables, and reading a page again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel

from services.intake import redo as redoing
from services.intake.http import answers
from services.intake.http.callers import CallerNeeded
from services.intake.http.papers import find
from services.intake.http.review_forms import RedoIn
from services.intake.once import Once
from services.intake.ports import Answer, Desk
from services.intake.readings import must_have_page, reading, version_of
from services.intake.rejections import Reason, Rejected
from services.intake.sheets import sheet
from shared.errors import ObjectMissing
from shared.object_store import page_name

router = APIRouter(prefix="/v1/papers/{paper_id}", tags=["pages"])
IfNoneMatch = Annotated[str | None, Header()]
# the browser of who looked may keep a page, nobody on the way may, and each time it asks whether it is the newest
KEPT_BY_READER = answers.PRIVATE | {"Cache-Control": "private, no-cache"}


class RedoOut(BaseModel):
    """A page that is to be read again, and the revision of the document that comes of it."""

    paper_id: UUID
    page: int
    revision: int


@router.get("/pages/{number}/picture")
def read_picture(request: Request, paper_id: UUID, number: int, if_none_match: IfNoneMatch = None) -> Response:
    """Return a page of the newest document for the eye: upright and straight, 1,240 pixels across."""
    return _page(request, paper_id, number, kind="webp", media_type="image/webp", if_none_match=if_none_match)


@router.get("/pages/{number}/words")
def read_words(request: Request, paper_id: UUID, number: int, if_none_match: IfNoneMatch = None) -> Response:
    """Return the words and fields of a page, boxes in pixels of its picture."""
    return _page(
        request, paper_id, number, kind="words.json", media_type="application/json", if_none_match=if_none_match
    )


def _page(
    request: Request, paper_id: UUID, number: int, *, kind: str, media_type: str, if_none_match: str | None
) -> Response:
    desk: Desk = request.app.state.desk
    paper = find(request, paper_id).paper
    version = version_of(paper)
    must_have_page(paper, number)
    headers = KEPT_BY_READER | {"ETag": f'"{version}"'}
    if if_none_match is not None and headers["ETag"] in if_none_match:
        return Response(status_code=304, headers=headers)
    try:
        content = desk.store.read(paper.kept_under, page_name(paper_id, version, number, kind))
    except ObjectMissing as error:
        raise Rejected(Reason.UNKNOWN_PAGE) from error
    return Response(content, headers=headers, media_type=media_type)


@router.get("/tables.csv")
def read_tables(
    request: Request,
    paper_id: UUID,
    table: Annotated[int | None, Query(ge=1, description="only this one, counted from 1")] = None,
) -> Response:
    """Return the ruled tables of a paper as CSV, all of them or one."""
    desk: Desk = request.app.state.desk
    found = find(request, paper_id)
    tables = reading(desk.store, found.paper, version_of(found.paper)).tables
    wanted = tables if table is None else tables[table - 1 : table]
    if not wanted:
        raise Rejected(Reason.UNKNOWN_TABLE)
    headers = answers.PRIVATE | {"Content-Disposition": f'attachment; filename="{found.paper.named(found.code)}.csv"'}
    return Response(sheet(wanted), headers=headers, media_type="text/csv; charset=utf-8")


@router.post("/pages/{number}/redo", status_code=202, response_model=RedoOut)
def redo(
    request: Request, paper_id: UUID, number: int, *, caller: CallerNeeded, asked: RedoIn | None = None
) -> Response:
    """Have a page read again with other options; a new version of the document comes of it."""
    asked = asked or RedoIn()
    once = Once(request.app.state.desk, caller.key(asked.model_dump_json()), _asked)
    return answers.respond(redoing.redo(paper_id, number, asked.options(), act=caller.act, once=once))


def _asked(asked: redoing.Asked) -> Answer:
    return Answer(202, RedoOut(**vars(asked)).model_dump_json())
