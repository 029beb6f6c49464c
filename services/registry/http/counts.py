"""The routes that count: levels, and the summary."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.registry import answers
from services.registry.asked import Scoped
from services.registry.queries import Queries


def count_routes(queries: Queries) -> APIRouter:
    """Return the routes that count."""
    router = APIRouter(tags=["counts"])

    @router.get("/levels")
    def levels(asked: Annotated[Scoped, Query()]) -> answers.LevelTable:
        """Count the procedures of each unit by online-service level."""
        return answers.level_table(queries.units(asked.units), queries.levels(asked.units))

    @router.get("/summary")
    def summary(asked: Annotated[Scoped, Query()]) -> answers.Summary:
        """Count dossiers, papers and digitised pages."""
        statuses, papers, pages = queries.summary(asked.units)
        return answers.summary(statuses, papers, pages=pages)

    return router
