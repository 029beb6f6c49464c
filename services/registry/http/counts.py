"""The routes that count dossiers: the summary."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.registry import answers
from services.registry.asked import Scoped
from services.registry.queries import Queries


def count_routes(queries: Queries) -> APIRouter:
    """Return the routes that count."""
    router = APIRouter(tags=["counts"])

    @router.get("/summary")
    def summary(asked: Annotated[Scoped, Query()]) -> answers.Summary:
        """Count dossiers, papers and digitised pages."""
        statuses, papers, pages = queries.summary(asked.units)
        return answers.summary(statuses, papers, pages=pages)

    return router
