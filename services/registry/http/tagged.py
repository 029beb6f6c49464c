"""Answers with an ETag."""

from hashlib import sha256

from fastapi import Request, Response
from pydantic import BaseModel


def tagged(request: Request, body: BaseModel) -> Response:
    """Return a body with its ETag, or 304 where the client has it already."""
    content = body.model_dump_json()
    tag = f'"{sha256(content.encode()).hexdigest()[:32]}"'
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(content, media_type="application/json", headers={"ETag": tag})
