"""The command line: the same use case on a store of its own, files in, files out."""

import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from pathlib import Path
from typing import Self
from uuid import uuid4

from tqdm import tqdm

from services.ocr.assemble import build_digitiser, children_of
from services.ocr.digitise import Digitised, Digitiser, Failed
from services.ocr.explain import explained
from services.ocr.facts import PageFacts, PaperFacts
from services.ocr.reasons import explain
from services.ocr.scratch import Scratch
from services.ocr.settings import OcrSettings
from shared.clock import SystemClock
from shared.directory_store import DirectoryStore
from shared.errors import HosoError
from shared.events import PaperWork
from shared.media import promises_another
from shared.object_store import DOCUMENT, TEXT, ObjectStore, derived_name, original_name
from shared.topics import Lane


class Exit(IntEnum):
    """What the exit code says."""

    DONE = 0
    FAILED = 1
    SOME_REFUSED = 2


@dataclass(frozen=True)
class _Result:
    """What became of one file: a line for stdout, or one for stderr where it was refused."""

    line: str
    refused: bool = False
    explanation: tuple[str, ...] = ()


def digitise_files(files: Sequence[Path], out: Path, *, jobs: int | None, explain_pages: bool = False) -> Exit:
    """Digitise ``files`` into ``out``, say what became of each, and return the exit code."""
    missing = [path for path in files if not path.is_file()]
    for path in missing:
        print(f"{path}: không có tệp này / no such file", file=sys.stderr)
    if missing:
        return Exit.FAILED
    settings = OcrSettings() if jobs is None else OcrSettings(threads=jobs)
    try:
        out.mkdir(parents=True, exist_ok=True)
        return _digitise_all(files, out, settings, explain_pages=explain_pages)
    except (HosoError, OSError) as error:
        print(f"digitise: {error}", file=sys.stderr)
        return Exit.FAILED


def _digitise_all(files: Sequence[Path], out: Path, settings: OcrSettings, *, explain_pages: bool) -> Exit:
    refused = 0
    with (
        tempfile.TemporaryDirectory(prefix="hoso-digitise-") as folder,
        closing(Scratch(Path(folder) / "work")) as scratch,
        closing(children_of(settings)) as children,
        _Progress() as progress,
    ):
        store = DirectoryStore(Path(folder) / "objects")
        digitiser = build_digitiser(
            settings, store, scratch=scratch, clock=SystemClock(), observer=progress, children=children
        )
        desk = _Desk(digitiser, store, files_at_once=settings.page_threads)
        for result in desk.digitise(_targets(files, out)):
            progress.write(result)
            for line in result.explanation if explain_pages else ():
                progress.write(_Result(line))
            refused += result.refused
    return Exit.SOME_REFUSED if refused else Exit.DONE


def _targets(files: Iterable[Path], out: Path) -> dict[Path, Path]:
    """Give each file a name in ``out`` without an ending; none overwrites another or an input."""
    inputs = {path.resolve() for path in files}
    targets: dict[Path, Path] = {}
    for path in dict.fromkeys(files):
        names = (path.stem if n == 1 else f"{path.stem}-{n}" for n in count(1))
        free = (out / name for name in names if out / name not in targets.values())
        targets[path] = next(base for base in free if inputs.isdisjoint(_outputs(base.resolve())))
    return targets


def _outputs(base: Path) -> list[Path]:
    return [base.with_name(base.name + ending) for ending in (".pdf", ".txt", ".json")]


class _Progress:
    """A bar on stderr that grows as files are opened and moves as pages are done."""

    def __init__(self) -> None:
        self._bar = tqdm(total=0, unit="page", file=sys.stderr, dynamic_ncols=True)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def opened(self, pages: int) -> None:
        with self._lock:
            self._bar.total += pages
            self._bar.refresh()

    def page_done(self, page: PageFacts) -> None:  # noqa: ARG002  # one is as good as another
        with self._lock:
            self._bar.update()

    def write(self, result: _Result) -> None:
        """Print a line without tearing the bar."""
        self._bar.write(result.line, file=sys.stderr if result.refused else sys.stdout)


class _Desk:
    """The use case on a store of its own."""

    def __init__(self, digitiser: Digitiser, store: ObjectStore, *, files_at_once: int) -> None:
        self._digitiser = digitiser
        self._store = store
        self._files_at_once = files_at_once

    def digitise(self, targets: Mapping[Path, Path]) -> Iterator[_Result]:
        """Digitise files, several at once, and yield what became of each."""
        with ThreadPoolExecutor(self._files_at_once) as executor:
            for done in as_completed([executor.submit(self._one, *pair) for pair in targets.items()]):
                yield done.result()

    def _one(self, path: Path, base: Path) -> _Result:
        work = _work(path)
        with path.open("rb") as file:
            name = original_name(work.paper_id)
            self._store.put(work.dossier_id, name, file, size_bytes=work.size_bytes, media_type=work.media_type)
        outcome = self._digitiser.digitise(work)
        if isinstance(outcome, Digitised):
            return self._written(work, outcome.paper, path, base)
        reason = outcome.reason if isinstance(outcome, Failed) else "unfinished"
        return _Result(f"{path}: {explain(reason)}", refused=True)

    def _written(self, work: PaperWork, paper: PaperFacts, path: Path, base: Path) -> _Result:
        document, text, facts = _outputs(base)
        for part, target in ((DOCUMENT, document), (TEXT, text)):
            if part == DOCUMENT and not paper.document_bytes:
                continue
            name = derived_name(work.paper_id, self._digitiser.version(work), part)
            with self._store.open(work.dossier_id, name) as chunks, target.open("wb") as file:
                file.writelines(chunks)
        named = _named(paper, path.name)
        facts.write_text(named.model_dump_json(indent=2) + "\n", encoding="utf-8")
        line = f"{path} -> {document}: {len(paper.pages)} pages, {paper.words} words, {paper.verdict.value}"
        return _Result(line, explanation=tuple(explained(named)))


def _named(paper: PaperFacts, name: str) -> PaperFacts:
    """Return the facts with the file's name, which only the command line knows."""
    source = paper.source.model_copy(update={"name": name})
    mismatch = ("name-mismatch",) if promises_another(name, source.media_type) else ()
    return paper.model_copy(update={"source": source, "reasons": (*paper.reasons, *mismatch)})


def _work(path: Path) -> PaperWork:
    return PaperWork(
        paper_id=uuid4(),
        dossier_id=uuid4(),
        lane=Lane.EXPRESS,
        media_type="application/octet-stream",  # what it is, is judged by its content
        size_bytes=path.stat().st_size,
    )
