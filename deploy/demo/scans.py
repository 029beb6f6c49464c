"""The scans to send, and the name under which each one's results are kept."""

import dataclasses
import pathlib
from collections import Counter
from collections.abc import Sequence

NOT_SCANS = {".txt", ".json", ".md"}  # truths and notes that lie beside scans
OUR_FILES = ("events", "metrics", "summary")  # what else stands in the results' folder


@dataclasses.dataclass(frozen=True)
class Scan:
    """A file to send and the name its results get, without a suffix."""

    path: pathlib.Path
    result_name: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


def scans_in(folder: pathlib.Path) -> list[Scan]:
    """List the files to send, by name; whatever they are, intake will judge them."""
    files = (path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    paths = sorted(path for path in files if path.suffix.lower() not in NOT_SCANS)
    return [Scan(path, name) for path, name in zip(paths, result_names(paths), strict=True)]


def result_names(paths: Sequence[pathlib.Path]) -> list[str]:
    """Answer each file's stem, or its full name where the stem alone would overwrite another's results."""
    claims = Counter([*(path.stem for path in paths), *(path.name for path in paths), *OUR_FILES])
    for path in paths:  # a name without a suffix is its own stem and no rival of itself
        claims[path.stem] -= path.stem == path.name
    return [path.stem if claims[path.stem] == 1 else path.name for path in paths]
