"""The hot folder: directories that scanners and people put files into; the one door to them."""

import logging
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from re import fullmatch

from services.intake.codes import OPAQUE_PATTERN
from services.intake.refusals import TEXTS, FileRefused, Refusal
from services.intake.take_file import HotFile
from shared.errors import Unavailable
from shared.topics import Lane

BULK_COUNTER = "bulk"  # back-files are scanned in one place
_UNFINISHED = (".part", ".tmp", "~")
log = logging.getLogger(__name__)


class InboxUnavailable(Unavailable):
    """A directory or a file of the hot folder cannot be read, moved or deleted; somebody must see to it."""

    reason = "inbox-unavailable"


@dataclass(frozen=True)
class Found:
    """A file in the hot folder and how it looked; another look tells whether it is still the same."""

    path: Path
    lane: Lane
    counter: str
    look: tuple[int, int, int]  # inode, size, time of modification in ns
    is_file: bool


@contextmanager
def _our_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InboxUnavailable(f"the hot folder fails: {error.strerror}") from error


class HotFolder:
    """``express/<counter>/`` and ``bulk/`` under one directory, with ``refused/`` and ``done/`` beside it."""

    def __init__(self, inbox: Path, *, settle_seconds: float, keep_done: bool) -> None:
        self._inbox = inbox
        self._settle = timedelta(seconds=settle_seconds)
        self._keep_done = keep_done
        self._since: dict[Found, datetime] = {}
        self._strange: set[str] = set()

    def prepare(self) -> None:
        """Create the directories of the two lanes."""
        with _our_errors():
            for lane in Lane:
                (self._inbox / lane.value).mkdir(parents=True, exist_ok=True)

    def settled(self, now: datetime) -> list[Found]:
        """Return the files that look as they did ``settle_seconds`` ago, the oldest first."""
        with _our_errors():
            present = list(self._present())
        self._since = {found: self._since.get(found, now) for found in present}
        settled = [found for found, since in self._since.items() if now - since >= self._settle]
        return sorted(settled, key=lambda found: found.look[2])

    def _present(self) -> Iterator[Found]:
        for path in sorted((self._inbox / Lane.EXPRESS).iterdir()):
            if path.is_dir() and not path.is_symlink() and self._is_counter(path.name):
                yield from _files(path, Lane.EXPRESS, path.name)
        yield from _files(self._inbox / Lane.BULK, Lane.BULK, BULK_COUNTER)

    def _is_counter(self, name: str) -> bool:
        known = fullmatch(OPAQUE_PATTERN, name) is not None
        if not known and name not in self._strange:
            self._strange.add(name)
            log.warning("a directory of the express lane has a name no counter can have: its files are left there")
        return known

    @contextmanager
    def opened(self, found: Found) -> Iterator[HotFile]:
        """Open a file; raises ``FileRefused`` for what is no file."""
        if not found.is_file:
            raise FileRefused(Refusal.NOT_A_FILE)
        with _our_errors():
            handle = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(handle, "rb") as stream:
            place = found.path.relative_to(self._inbox).as_posix()
            yield HotFile(place, found.path.name, found.lane, found.counter, found.look[2], stream)

    def finish(self, found: Found) -> None:
        """Delete a file that was taken, or move it to ``done/``; one that was replaced meanwhile stays."""
        with _our_errors():
            if not os.path.lexists(found.path) or _look(found.path.lstat()) != found.look:
                return
            if self._keep_done:
                self._move(found, self._target(found, "done"))
            else:
                found.path.unlink()

    def refuse(self, found: Found, refusal: Refusal) -> None:
        """Move a file to ``refused/``, after the reason was written beside its place there."""
        with _our_errors():
            target = self._target(found, "refused")
            _write_reason(target.with_name(f"{target.name}.reason.txt"), refusal)
            self._move(found, target)

    def _target(self, found: Found, folder: str) -> Path:
        wanted = self._inbox.parent / folder / found.path.relative_to(self._inbox)
        wanted.parent.mkdir(parents=True, exist_ok=True)
        target, number = wanted, 1
        while os.path.lexists(target):
            number += 1
            target = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
        return target

    def _move(self, found: Found, target: Path) -> None:
        shutil.move(found.path, target)  # copies where the two lie on different disks


def _files(folder: Path, lane: Lane, counter: str) -> Iterator[Found]:
    for path in folder.iterdir():
        if path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED):
            continue
        with suppress(FileNotFoundError):  # whoever put it there took it away again
            facts = path.lstat()
            if not stat.S_ISDIR(facts.st_mode):
                yield Found(path, lane, counter, _look(facts), is_file=stat.S_ISREG(facts.st_mode))


def _look(facts: os.stat_result) -> tuple[int, int, int]:
    return facts.st_ino, facts.st_size, facts.st_mtime_ns


def _write_reason(path: Path, refusal: Refusal) -> None:
    text = TEXTS[refusal]
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(f"{text.vi}\n\n{text.en}\n\n({refusal.value})\n", encoding="utf-8")
    partial.replace(path)
