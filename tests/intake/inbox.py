"""A hot folder that a test looks into by hand."""

import asyncio
from pathlib import Path
from typing import Any

from services.intake.background import HotFolderWatch
from services.intake.hotfolder import HotFolder
from tests.intake.office import Office


class Inbox:
    """A hot folder and the office it belongs to."""

    def __init__(self, office: Office, root: Path, *, keep_done: bool = False) -> None:
        self.office = office
        self.root = root
        self.folder = HotFolder(root / "inbox", settle_seconds=3, keep_done=keep_done)
        self.folder.prepare()

    def put(self, place: str, content: bytes) -> Path:
        """Put a file into the hot folder."""
        path = self.root / "inbox" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def look(self) -> None:
        """Look once."""
        watch = HotFolderWatch(
            self.folder, self.office.desk, clock=self.office.clock, metrics=self.office.metrics, poll_seconds=1
        )
        asyncio.run(watch.look())

    def take(self) -> None:
        """Look, let what is there settle, and look again."""
        self.look()
        self.office.clock.advance(seconds=3)
        self.look()

    def restart(self) -> "Inbox":
        """Return the same hot folder as a new process sees it."""
        return Inbox(self.office, self.root)

    def files(self, folder: str) -> list[str]:
        """Return the files under a folder."""
        found = (path for path in (self.root / folder).rglob("*") if not path.is_dir() or path.is_symlink())
        return sorted(path.relative_to(self.root / folder).as_posix() for path in found)


def waiting(office: Office, counter: str) -> list[dict[str, Any]]:
    """Return the papers of a tray."""
    return list(office.get("/v1/tray", params={"counter": counter}).json()["papers"])
