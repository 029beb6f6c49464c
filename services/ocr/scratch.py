"""Temporary folders of a worker, one a job; what a killed worker left behind is removed."""

import errno
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.errors import Unavailable

_LOCK = "in-use"
# what ails the machine, not the paper
_PASSING = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM)


class ScratchUnavailable(Unavailable):
    """The machine's disk is full, or it has run out of something else that comes back."""

    reason = "scratch-unavailable"


class Scratch:
    """A worker's own folder below ``root``, which workers of one machine share.

    The folder is held by a file lock, which goes with its process however that ends; process ids
    would not do, because in a container every worker has the same.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(root)
        self.folder = Path(tempfile.mkdtemp(dir=root))
        self._lock = (self.folder / _LOCK).open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    @contextmanager
    def job(self) -> Iterator[Path]:
        """Yield an empty folder and remove it afterwards.

        Raises ``ScratchUnavailable`` when the work in it fails for want of disk, memory or handles.
        """
        try:
            with tempfile.TemporaryDirectory(dir=self.folder, ignore_cleanup_errors=True) as folder:
                yield Path(folder)
        except OSError as error:
            if error.errno in _PASSING:
                raise ScratchUnavailable(f"the machine fails: {error.strerror}") from error
            raise

    def close(self) -> None:
        """Remove the worker's folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


def _remove_abandoned(root: Path) -> None:
    for folder in root.iterdir():
        if _abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    lock = folder / _LOCK
    if not lock.exists():  # of a worker that is about to make it, or of somebody else
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
