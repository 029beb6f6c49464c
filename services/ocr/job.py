"""A paper in the store: its original, the pages done so far, and what is made of them."""

import hashlib
from io import BytesIO
from pathlib import Path

from services.ocr.facts import Checkpoint, Source
from services.ocr.pages import UnfitPaper
from shared.errors import ObjectMissing
from shared.events import PaperWork
from shared.object_store import ObjectStore, derived_name, original_name, page_name


class Job:
    """A paper in the store and the folder it is worked on in."""

    def __init__(self, store: ObjectStore, work: PaperWork, version: str, folder: Path) -> None:
        self._store = store
        self._version = version
        self.work = work
        self.folder = folder
        self.original = folder / "original"
        self.done = self._done_before()

    def _done_before(self) -> set[int]:
        prefix = derived_name(self.work.paper_id, self._version, "pages/")
        names = (facts.name.rpartition("/")[2] for facts in self._store.list(self.work.dossier_id, prefix))
        return {int(name.removesuffix(".json")) for name in names if name.endswith(".json")}

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

    def keep_page(self, checkpoint: Checkpoint, hocr: bytes | None) -> None:
        """Store a page; its checkpoint comes last, because it says that the rest is there."""
        number = checkpoint.page.number
        if hocr is not None:
            (self.folder / f"{number}.kept.hocr").write_bytes(hocr)
            self._put(self._page_name(number, "hocr"), hocr, "text/vnd.hocr+html")
        self._put(self._page_name(number, "json"), checkpoint.model_dump_json().encode(), "application/json")

    def checkpoint(self, number: int) -> Checkpoint:
        """Return the checkpoint of a page that is done."""
        return Checkpoint.model_validate_json(self._read(number, "json"))

    def hocr(self, number: int) -> bytes:
        """Return the layout of a page that is done."""
        kept = self.folder / f"{number}.kept.hocr"
        return kept.read_bytes() if kept.exists() else self._read(number, "hocr")

    def put(self, part: str, content: bytes, media_type: str) -> None:
        """Store something made from the whole paper."""
        self._put(derived_name(self.work.paper_id, self._version, part), content, media_type)

    def put_file(self, part: str, path: Path, media_type: str) -> int:
        """Store a file made from the whole paper and return its size."""
        name, size_bytes = derived_name(self.work.paper_id, self._version, part), path.stat().st_size
        with path.open("rb") as file:
            self._store.put(self.work.dossier_id, name, file, size_bytes=size_bytes, media_type=media_type)
        return size_bytes

    def _page_name(self, number: int, kind: str) -> str:
        return page_name(self.work.paper_id, self._version, number, kind)

    def _read(self, number: int, kind: str) -> bytes:
        return self._store.read(self.work.dossier_id, self._page_name(number, kind))

    def _put(self, name: str, content: bytes, media_type: str) -> None:
        self._store.put(self.work.dossier_id, name, BytesIO(content), size_bytes=len(content), media_type=media_type)
