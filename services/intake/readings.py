"""What was read from a paper, as the pages and the facts in the store tell it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.intake.dossiers import Paper, PaperState
from services.intake.rejections import Fault, Reason, Rejected
from shared.object_store import FACTS, ObjectStore, derived_name

# of the picture of a page that is made for the eye: so wide, unless it grew higher than a WebP can be
EYE_WIDTH_PIXELS, EYE_MOST_HEIGHT_PIXELS = 1240, 16_383


def version_of(paper: Paper) -> str:
    """Return the version of a paper's newest document; raises ``Rejected`` where it has none, and says why."""
    if paper.state is PaperState.WAITING:
        raise Rejected(Reason.IN_TRAY)
    must_not_be_refused(paper)
    if paper.state is PaperState.FAILED:
        raise Rejected(Reason.DIGITISATION_FAILED, Fault("paper", paper.reason or "failed"))
    if paper.version is None:
        raise Rejected(Reason.NOT_DIGITISED)
    return paper.version


def must_not_be_refused(paper: Paper) -> None:
    """Return unless a paper is refused, so that nothing of it may be shown; raises ``Rejected``."""
    if paper.state is PaperState.REFUSED:
        raise Rejected(Reason.PAPER_REFUSED, Fault("paper", paper.reason or "refused"))


def must_have_page(paper: Paper, number: int) -> None:
    """Return if a paper's newest document has such a page, counted from 1; raises ``Rejected``."""
    if not 1 <= number <= (paper.pages or 0):
        raise Rejected(Reason.UNKNOWN_PAGE)


@dataclass(frozen=True)
class FieldRead:
    """A field as it was first read; the box (left, top, right, bottom) in pixels of its page's picture for the eye."""

    value: Any
    raw: str | None
    page: int | None
    box: tuple[float, float, float, float] | None
    confidence: float | None


@dataclass(frozen=True)
class Reading:
    """The facts about one version of a paper's document."""

    facts: Mapping[str, Any]

    @property
    def fields(self) -> Mapping[str, Any]:
        """The fields as the facts have them, by name."""
        return dict(self.facts.get("fields", {}))

    @property
    def pages(self) -> Sequence[Any]:
        """The pages as the facts have them."""
        return list(self.facts.get("pages", []))

    @property
    def tables(self) -> Sequence[Mapping[str, Any]]:
        """The ruled tables as the facts have them."""
        return list(self.facts.get("tables", []))

    def values(self) -> dict[str, Any]:
        """Return the value of every field that was found, none where it could not be read."""
        return {name: field.get("value") for name, field in self.fields.items()}

    def seen(self) -> dict[str, FieldRead]:
        """Return every field as a person looks at it."""
        scales = {page["number"]: _eye_scale(page) for page in self.pages}
        return {name: _seen(field, scales.get(field.get("page"))) for name, field in self.fields.items()}


def _eye_scale(page: Mapping[str, Any]) -> float | None:
    width, height = page.get("width"), page.get("height")
    return min(EYE_WIDTH_PIXELS / width, EYE_MOST_HEIGHT_PIXELS / height) if width and height else None


def _seen(field: Mapping[str, Any], scale: float | None) -> FieldRead:
    box = field.get("box")
    scaled = _scaled(box, scale) if box and scale else None
    return FieldRead(field.get("value"), field.get("raw"), field.get("page"), scaled, field.get("confidence"))


def _scaled(box: Mapping[str, float], scale: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(box[side] * scale, 1) for side in ("left", "top", "right", "bottom"))
    return left, top, right, bottom


def reading(store: ObjectStore, paper: Paper, version: str) -> Reading:
    """Return what was read in one version of a paper's document; raises ``ObjectMissing``."""
    return Reading(json.loads(store.read(paper.kept_under, derived_name(paper.id, version, FACTS))))
