"""Errors over HTTP as problems (RFC 9457), in English and Vietnamese, without anything a person wrote."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from shared.errors import HosoError, Unavailable
from shared.logs import correlation_id

RETRY_AFTER_SECONDS = 5
MEDIA_TYPE = "application/problem+json"


class Fault(BaseModel):
    """One thing wrong with a request: where, and what."""

    at: str
    reason: str
    index: int | None = None
    detail: str | None = None
    detail_vi: str | None = None


class ProblemBody(BaseModel):
    """The body of every answer that is an error."""

    type: str
    title: str
    status: int
    detail: str
    detail_vi: str
    correlation_id: str | None = None
    errors: list[Fault] = []


class Problem(HosoError):
    """An error with an answer of its own; ``slug`` is stable and becomes the problem's type."""

    def __init__(
        self,
        slug: str,
        *,
        status: int,
        detail: str,
        detail_vi: str,
        title: str | None = None,
        errors: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail, reason=slug)
        self.headers = dict(headers or {})
        self.body = ProblemBody(
            type=f"urn:hoso:problem:{slug}",
            title=title or HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            detail_vi=detail_vi,
            errors=list(errors),
        )


def responses(*statuses: int) -> dict[int | str, dict[str, object]]:
    """Return what FastAPI's ``responses`` takes to document problems with these statuses."""
    return {s: {"model": ProblemBody, "content": {MEDIA_TYPE: {}}} for s in statuses}


def answer_with_problems(app: FastAPI) -> None:
    """Answer every error of ``app`` with a problem: its own, the framework's, and bugs."""

    @app.exception_handler(Problem)
    def own(_: Request, error: Problem) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return answer(_invalid(error))

    @app.exception_handler(HTTPException)
    def framework(_: Request, error: HTTPException) -> JSONResponse:
        return answer(_http(error))

    @app.exception_handler(Unavailable)
    def away(_: Request, error: Unavailable) -> JSONResponse:
        return answer(unavailable(error))

    @app.exception_handler(Exception)
    def bug(_: Request, __: Exception) -> JSONResponse:
        return answer(_BUG)


def answer(problem: Problem) -> JSONResponse:
    """Return a problem as a response."""
    body = problem.body.model_copy(update={"correlation_id": correlation_id.get()})
    return JSONResponse(
        body.model_dump(exclude_none=True),
        status_code=problem.body.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def unavailable(error: Unavailable) -> Problem:
    """Return the problem that says that something we stand on is away, and when to try again."""
    return Problem(
        error.reason,
        status=503,
        detail="Something this service stands on is away. Try again later, with the same Idempotency-Key if any.",
        detail_vi="Hệ thống tạm thời gián đoạn. Vui lòng thử lại sau, giữ nguyên Idempotency-Key nếu có.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def _invalid(error: RequestValidationError) -> Problem:
    # only where and what: the framework's own answer repeats what was sent
    faults = [Fault(at=_place(e), reason=e["type"], **_said(e)) for e in error.errors()]
    return Problem(
        "invalid-request",
        status=422,
        detail="The request does not have the expected form.",
        detail_vi="Yêu cầu không đúng định dạng.",
        errors=faults,
    )


def _place(error: Mapping[str, Any]) -> str:
    # the name of a field nobody asked for is the caller's own text
    known = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    return "/".join(str(part) for part in known)


def _said(error: Mapping[str, Any]) -> dict[str, str]:
    # pydantic's own messages may quote the input, a bad character of a UUID for one
    if error["type"] == "value_error":
        return {"detail": str(error["ctx"]["error"])}
    for begins, (detail, detail_vi) in _OF_TYPES.items():
        if error["type"].startswith(begins):
            limits = {name: value for name, value in error.get("ctx", {}).items() if name in _LIMITS}
            return {"detail": detail.format(**limits), "detail_vi": detail_vi.format(**limits)}
    return {}


# what the model itself says: never anything of the input
_LIMITS = ("expected", "min_length", "max_length", "ge", "le", "gt", "lt")
_OF_TYPES = {
    "missing": ("is required", "bắt buộc phải có"),
    "extra_forbidden": ("holds a name nobody knows", "có tên không được hỗ trợ"),
    "date_": ("must be a date, YYYY-MM-DD", "phải là ngày theo dạng YYYY-MM-DD"),
    "datetime_": ("must be a date and time of ISO 8601", "phải là ngày giờ theo ISO 8601"),
    "timezone_": ("must name its zone, as +07:00", "phải có múi giờ, ví dụ +07:00"),
    "literal_error": ("must be {expected}", "phải là {expected}"),
    "enum": ("must be {expected}", "phải là {expected}"),
    "too_short": ("must have {min_length} or more", "phải có ít nhất {min_length}"),
    "too_long": ("must have {max_length} or fewer", "chỉ được có nhiều nhất {max_length}"),
    "string_too_short": ("must have {min_length} characters or more", "phải có ít nhất {min_length} ký tự"),
    "string_too_long": ("must have {max_length} characters or fewer", "chỉ được có nhiều nhất {max_length} ký tự"),
    "string_pattern_mismatch": ("does not have the form asked for", "không đúng dạng quy định"),
    "greater_than_equal": ("must be {ge} or more", "phải từ {ge} trở lên"),
    "less_than_equal": ("must be {le} or less", "phải không quá {le}"),
    "int_": ("must be a whole number", "phải là số nguyên"),
    "uuid_": ("must be an id as we give them", "phải là mã do hệ thống cấp"),
    "bool_": ("must be true or false", "phải là true hoặc false"),
}


def _http(error: HTTPException) -> Problem:
    if isinstance(error.__cause__, OSError):  # a body is spooled to disk: that is full or gone
        return unavailable(Unavailable(reason="spool-unavailable"))
    phrase = _RFC9110.get(error.status_code) or HTTPStatus(error.status_code).phrase
    return Problem(
        phrase.lower().replace(" ", "-"),
        status=error.status_code,
        detail=f"{phrase}.",
        detail_vi=_VIETNAMESE.get(error.status_code, "Không thể thực hiện yêu cầu."),
        headers=error.headers,
    )


_RFC9110 = {413: "Content Too Large"}  # Python 3.13 calls it so too: a type must not change with it
_VIETNAMESE = {
    400: "Không đọc được nội dung gửi.",
    404: "Không tìm thấy.",
    405: "Phương thức không được hỗ trợ.",
    413: "Nội dung quá lớn.",
    415: "Định dạng nội dung không được hỗ trợ.",
}
_BUG = Problem(
    "internal-error",
    status=500,
    detail="The service met an error of its own; it was logged.",
    detail_vi="Hệ thống gặp lỗi nội bộ; lỗi đã được ghi lại.",
)
