"""What the judge of text layers measures on the pages of some PDFs: ``python -m bench.ocr.layers FILE...``."""

import sys
from pathlib import Path
from time import process_time

from services.ocr.layer_quality import LayerVerdict, layer_verdict
from services.ocr.limits import Limits
from services.ocr.pages import PageFailed, UnfitPaper
from services.ocr.pdfium import PdfPages
from services.ocr.pixels import as_pixels, grey_of

LIMITS = Limits(pages=1000, pixels=200_000_000)
_HEAD = f"{'file':42}{'page':>5} {'verdict':17}{'words':>6}{'known':>7}{'marked':>7}{'foreign':>8}{'voiced':>7}"
_MORE = f"{'undec.':>7}{'covered':>8}{'on ink':>7}{'hidden':>7}{'picture':>8}"


def measured(path: Path) -> list[LayerVerdict]:
    """Return the verdict on every page of a PDF."""
    pages = PdfPages(path, LIMITS)
    numbers = range(1, pages.count + 1)
    return [layer_verdict(pages.layer(n), grey_of(as_pixels(pages.picture(n).image))) for n in numbers]


def row(name: str, number: int, verdict: LayerVerdict) -> str:
    """Return a line of the table."""
    said, of = verdict.reason or "usable", verdict.measures
    shares = f"{of.known:7.2f}{of.marked:7.2f}{of.foreign:8.2f}{of.voiced:7.2f}{of.undecoded:7.2f}"
    more = f"{of.covered:8.2f}{of.on_ink:7.2f}{of.hidden:7.2f}{of.pictures:8.2f}"
    return f"{name:42.42}{number:5} {said:17}{of.words:6}{shares}{more}"


def main(files: list[Path]) -> None:
    """Print the table."""
    print(_HEAD + _MORE)
    begin, count = process_time(), 0
    for path in files:
        try:
            verdicts = measured(path)
        except (UnfitPaper, PageFailed) as error:
            print(f"{path.name:42.42}      {error.reason}")
            continue
        count += len(verdicts)
        print("\n".join(row(path.name, number, verdict) for number, verdict in enumerate(verdicts, start=1)))
    print(f"{count} pages, {(process_time() - begin) / max(1, count):.3f} s of CPU each, rendering included")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
