"""The running text of a paper: all its lines as one text that leads back to pages and words."""

import dataclasses
from collections.abc import Sequence

from services.ocr.hocr import Word
from services.ocr.layout import Page


@dataclasses.dataclass(frozen=True, slots=True)
class RunningText:
    """The text, and for each word where it begins, on which page it stands, and the word itself."""

    text: str
    starts: tuple[int, ...]
    pages: tuple[int, ...]
    words: tuple[Word, ...]

    def within(self, start: int, end: int) -> tuple[int, list[Word]]:
        """Return the page of the first word between two places, and the words on that page."""
        found = [
            (page, word)
            for at, page, word in zip(self.starts, self.pages, self.words, strict=True)
            if at < end and at + len(word.text) > start
        ]
        first = found[0][0]
        return first, [word for page, word in found if page == first]


def running_text(pages: Sequence[Page]) -> RunningText:
    """Join all lines; a symbol broken at a hyphen (`1744/QĐ-` / `BGTVT`) is made whole."""
    text, starts, numbers, words = "", [], [], []
    for page in pages:
        for line in page.lines:
            for word in line.words:
                if text and not _continues(text):
                    text += " "
                starts.append(len(text))
                numbers.append(page.number)
                words.append(word)
                text += word.text
    return RunningText(text, tuple(starts), tuple(numbers), tuple(words))


def _continues(text: str) -> bool:
    last = text.rsplit(" ", 1)[-1]
    return last.endswith("-") and "/" in last
