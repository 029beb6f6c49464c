"""A paper in the store: its original, the pages done so far, and what is made of them."""

import hashlib
import re
from io import BytesIO
from pathlib import Path

from services.ocr.facts import Checkpoint, Source
from services.ocr.pages import UnfitPaper
from services.ocr.steps import eye_file, layout_file, words_file
from shared.errors import ObjectMissing
from shared.events import PaperWork
from shared.object_store import ObjectStore, derived_name, original_name, page_name

_CHECKPOINT = re.compile(r"(\d+)\.json")
_MEDIA_TYPES = {"hocr": "text/vnd.hocr+html", "webp": "image/webp", "json": "application/json"}


class Job:
    """A paper in the store and the folder it is worked on in."""

    def __init__(self, store: ObjectStore, work: PaperWork, version: str, folder: Path) -> None:
        self._store = store
        self.version = version
        self.work = work
        self.folder = folder
        self.original = folder / "original"
        self.done = self._done_before()

    def _done_before(self) -> set[int]:
        prefix = derived_name(self.work.paper_id, self.version, "pages/")
        names = (facts.name.removeprefix(prefix) for facts in self._store.list(self.work.dossier_id, prefix))
        return {int(found[1]) for name in names if (found := _CHECKPOINT.fullmatch(name))}

    def fetch_original(self) -> Source:
        """Copy the original into the folder; raises ``UnfitPaper`` where the store has none."""
        digest, size_bytes = hashlib.sha256(), 0
        try:
            with (
                self._store.open(self.work.dossier_id, original_name(self.work.paper_id)) as chunks,
                self.original.open("wb") as file,
            ):
                for chunk in chunks:
                    digest.update(chunk)
                    size_bytes += file.write(chunk)
        except ObjectMissing as error:
            raise UnfitPaper(reason="original-missing") from error
        return Source(sha256=digest.hexdigest(), media_type=self.work.media_type, size_bytes=size_bytes)

    def keep_page(self, checkpoint: Checkpoint) -> None:
        """Store a page and what was made of it; its checkpoint comes last, because it says that the rest is there."""
        number = checkpoint.page.number
        for path, kind in _made(self.folder, number):
            if path.exists():
                self._put(self._page_name(number, kind), path.read_bytes(), _MEDIA_TYPES[kind])
        eye_file(self.folder, number).unlink(missing_ok=True)
        self._put(self._page_name(number, "json"), checkpoint.model_dump_json().encode(), "application/json")

    def adopt_pages(self, base_version: str, *, but: int) -> None:
        """Copy the pages of another version, but for one; raises ``UnfitPaper`` where it has none."""
        prefix = derived_name(self.work.paper_id, base_version, "pages/")
        for facts in list(self._store.list(self.work.dossier_id, prefix)):
            name = facts.name.removeprefix(prefix)
            number, _, kind = name.partition(".")
            if int(number) != but and kind in _MEDIA_TYPES:
                self._adopt(facts.name, name, kind)
        self.done = self._done_before()

    def _adopt(self, source: str, name: str, kind: str) -> None:
        content = self._store.read(self.work.dossier_id, source)
        self._put(derived_name(self.work.paper_id, self.version, f"pages/{name}"), content, _MEDIA_TYPES[kind])

    def keep_words(self, number: int) -> None:
        """Store the words of a page for the eye, which are known when the paper is."""
        path = words_file(self.folder, number)
        if path.exists():
            self._put(self._page_name(number, "words.json"), path.read_bytes(), "application/json")

    def fetch_layout(self, number: int) -> None:
        """Have the layout of a page that is done in the folder."""
        kept = layout_file(self.folder, number)
        if not kept.exists():
            kept.write_bytes(self._read(number, "hocr"))

    def discard(self) -> None:
        """Delete everything that was made of the paper, by whatever version; the original stays."""
        original = original_name(self.work.paper_id)
        for facts in list(self._store.list(self.work.dossier_id, f"{self.work.paper_id}/")):
            if facts.name != original:
                self._store.delete(self.work.dossier_id, facts.name)

    def checkpoint(self, number: int) -> Checkpoint:
        """Return the checkpoint of a page that is done."""
        return Checkpoint.model_validate_json(self._read(number, "json"))

    def put(self, part: str, content: bytes, media_type: str) -> None:
        """Store something made from the whole paper."""
        self._put(derived_name(self.work.paper_id, self.version, part), content, media_type)

    def put_file(self, part: str, path: Path, media_type: str) -> int:
        """Store a file made from the whole paper and return its size."""
        name, size_bytes = derived_name(self.work.paper_id, self.version, part), path.stat().st_size
        with path.open("rb") as file:
            self._store.put(self.work.dossier_id, name, file, size_bytes=size_bytes, media_type=media_type)
        return size_bytes

    def _page_name(self, number: int, kind: str) -> str:
        return page_name(self.work.paper_id, self.version, number, kind)

    def _read(self, number: int, kind: str) -> bytes:
        return self._store.read(self.work.dossier_id, self._page_name(number, kind))

    def _put(self, name: str, content: bytes, media_type: str) -> None:
        self._store.put(self.work.dossier_id, name, BytesIO(content), size_bytes=len(content), media_type=media_type)


def _made(folder: Path, number: int) -> tuple[tuple[Path, str], ...]:
    return (layout_file(folder, number), "hocr"), (eye_file(folder, number), "webp")
