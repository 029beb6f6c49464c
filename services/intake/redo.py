"""One page of a paper is read again, with other options: a new revision of its document is asked for."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.intake import announcements
from services.intake.dossiers import Act
from services.intake.once import Once
from services.intake.ports import Answer, Entries
from services.intake.readings import must_have_page, version_of
from shared.events import Redo

Rotation = Literal[0, 90, 180, 270]
Segmentation = Literal["page", "block", "sparse"]
Cleaning = Literal["auto", "none", "full"]


@dataclass(frozen=True)
class Options:
    """How a page is to be read this time."""

    rotation: Rotation | None = None
    segmentation: Segmentation = "page"
    cleaning: Cleaning = "auto"


@dataclass(frozen=True)
class Asked:
    """A page that is to be read again, and the revision of the document that comes of it."""

    paper_id: UUID
    page: int
    revision: int


def redo(paper_id: UUID, page: int, options: Options, *, act: Act, once: Once[Asked]) -> Answer:
    """Ask for a page to be read again; raises ``Rejected`` where the paper has no document or no such page."""
    return once.run(lambda entries: _ask(entries, paper_id, page, options=options, act=act), act.at).answer


def _ask(entries: Entries, paper_id: UUID, page: int, *, options: Options, act: Act) -> Asked:
    paper = entries.paper(paper_id)
    version = version_of(paper)
    must_have_page(paper, page)
    assert paper.dossier_id is not None  # it is digitised
    revision = entries.ask_revision(paper_id)
    work = Redo(base_version=version, revision=revision, page=page, **vars(options))
    entries.announce([announcements.to_redo(paper, paper.dossier_id, work, act=act)])
    return Asked(paper_id, page, revision)
