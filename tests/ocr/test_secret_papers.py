"""A paper with a printed mark of secrecy leaves nothing behind; a paper that speaks of secrets is digitised."""

from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from bench.ocr.made.letter import draw
from bench.ocr.made.printed import RED, printed
from bench.ocr.papers.conditions import PRINT_DPI
from bench.ocr.secrecy import Mark, stamped
from deploy.demo.printing import fonts
from deploy.demo.printing.fonts import TONER
from services.ocr.assemble import build_digitiser, children_of
from services.ocr.digitise import Digitised, Digitiser, Failed, Outcome
from services.ocr.scratch import Scratch
from services.ocr.settings import OcrSettings
from shared.clock import SystemClock
from shared.events import PaperWork
from shared.object_store import original_name
from shared.topics import Lane
from tests.fakes.ocr import Watcher
from tests.fakes.store import FakeStore

pytestmark = pytest.mark.skipif(bool(fonts.missing()), reason="fonts-freefont-ttf is not installed: nothing can be set")
SPEAKS_OF_SECRETS = 67  # this letter's subject is the protection of state secrets


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def digitiser(store: FakeStore, tmp_path: Path) -> Iterator[Digitiser]:
    settings = OcrSettings(threads=1)
    with closing(Scratch(tmp_path)) as scratch, closing(children_of(settings)) as children:
        yield build_digitiser(
            settings, store, scratch=scratch, clock=SystemClock(), observer=Watcher(), children=children
        )


def handed_in(store: FakeStore, content: bytes) -> PaperWork:
    work = PaperWork(
        paper_id=uuid4(), dossier_id=uuid4(), lane=Lane.EXPRESS, media_type="image/png", size_bytes=len(content)
    )
    name = original_name(work.paper_id)
    store.put(work.dossier_id, name, BytesIO(content), size_bytes=len(content), media_type="image/png")
    return work


def digitised(digitiser: Digitiser, store: FakeStore, mark: Mark | None, seed: int) -> Outcome:
    document, content = printed(draw(seed), seed, dpi=PRINT_DPI), BytesIO()
    sheet = stamped(document, mark) if mark else document.sheets[0].image
    sheet.save(content, "PNG", dpi=(PRINT_DPI, PRINT_DPI))
    return digitiser.digitise(handed_in(store, content.getvalue()))


@pytest.mark.parametrize(
    "mark",
    [
        Mark("MẬT", RED, framed=True, degrees=2),
        Mark("TỐI MẬT", TONER, framed=False, degrees=0),
        Mark("TUYỆT MẬT", RED, framed=True, degrees=-4),
    ],
    ids=str,
)
def test_nothing_of_a_secret_paper_is_kept_but_the_original(mark: Mark, digitiser: Digitiser, store: FakeStore) -> None:
    assert digitised(digitiser, store, mark, seed=1) == Failed("secret")
    assert [facts.name.rpartition("/")[2] for facts in store.list()] == ["original"]


def test_a_paper_about_secrets_is_no_secret(digitiser: Digitiser, store: FakeStore) -> None:
    assert "bí mật" in draw(SPEAKS_OF_SECRETS).subject.lower()
    assert isinstance(digitised(digitiser, store, None, SPEAKS_OF_SECRETS), Digitised)
