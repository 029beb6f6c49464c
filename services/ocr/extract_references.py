"""Finds the documents a paper refers to and the days until which something is due."""

import dataclasses
import datetime as dt
import itertools
import re
from collections.abc import Iterator, Sequence

from services.ocr.confidence import words_right
from services.ocr.dates import iso_date
from services.ocr.fields import Field, Reference, field
from services.ocr.folding import digits
from services.ocr.hocr import Word
from services.ocr.running import RunningText

_ONE = r"(?:[Il](?=\d)|(?<=s[ốôóo] )[1Il]\s(?=\d))"  # a 1 read as a letter, or apart from its number
_NUMBER = rf"(?<![\w§/.,-])(?P<number>{_ONE}?[\d§]{{1,5}}|\d{{1,4}}ó)"  # a 6 read as an ó ends a number
_AS_PRINTED = str.maketrans("Ð–§ó", "Đ-86")
_YEAR = r"(?:\s?/\s?(?P<year>(?:19|20)\s?\d\s?\d))?"
_UNIT = r"[A-ZĐÐ][A-ZĐÐa-zđ&]*\d{0,2}"
_STATE = rf"{_NUMBER}{_YEAR}\s?/\s?(?P<code>{_UNIT}(?:\s?[-–]\s?{_UNIT})*)"
_PARTY = (
    rf"(?<![\w§/.,-])(?P<party>{_ONE}?\d{{1,4}}\s?-\s?"
    r"(?:[A-ZĐÐ][A-Za-zĐđ]{0,3})\s?/\s?[A-ZĐÐ]{2,}\d{0,2}(?:-[A-ZĐ]+)?)"
)
_SYMBOL = re.compile(rf"{_STATE}|{_PARTY}")
_NUM = r"[\dlIO|](?:\s?[\dlIO|])?"
_MONTH, _OF = r"(?:[/.-]|\s*th[aáàảã]ng\s*)", r"(?:[/.-]|\s*n[aăâắ]m\s*)"
_DAY = rf"(?P<day>{_NUM})\s?{_MONTH}\s?(?P<month>{_NUM})\s?{_OF}\s?(?P<year>[\dlIO]{{4}})"
_DATED = re.compile(rf"[,;]?\s*(?:ng[aàáảạ]y\s+)?{_DAY}", re.IGNORECASE)
_HOUR = r"(?:(?P<hour>[\dlIO]{1,2})\s?(?:gi[oờơở]|h|:)\s?(?P<minute>[\dlIO]{2})?(?:\s?ph[uúù]t)?,?\s+)?"
_DEADLINE = re.compile(
    rf"(?:tr[uưứ][oơớờ]c|ch[aậâ]m\s+nh[aấâ]t(?:\s+(?:l[aà]|v[aà]o))?|h[aạ]n\s+cu[oốôó]i(?:\s+(?:l[aà]|v[aà]o))?)\s*:?\s+"
    rf"{_HOUR}(?:ng[aàáảạ]y\s+)?{_DAY}",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Found:
    symbol: str
    start: int
    end: int
    date: str | None


def reference_field(text: RunningText, own: str | None) -> Field | None:
    """Return the documents named in the text, each once and with its date; the paper itself is none."""
    found = [one for one in _with_dates(list(_symbols(text.text))) if one.symbol != own]
    if not found:
        return None
    page, words = text.within(found[0].start, found[0].end)
    every = [word for one in found for word in text.within(one.start, one.end)[1]]
    best: dict[str, Reference] = {}
    for one in found:
        if one.symbol not in best or best[one.symbol].date is None:
            best[one.symbol] = Reference(one.symbol, one.date)
    return field(tuple(best.values()), words, page=page, confidence=words_right(every))


def _symbols(text: str) -> Iterator[_Found]:
    for found in _SYMBOL.finditer(text):
        symbol = re.sub(r"\s", "", found[0]).translate(_AS_PRINTED).strip(".-")
        symbol = re.sub("^[Il]", "1", re.sub("Đ{2,}", "Đ", symbol))
        if sum(letter.isupper() for letter in symbol) > 1:
            dated = _DATED.match(text, found.end())
            yield _Found(symbol, found.start(), dated.end() if dated else found.end(), _date(dated))


def _date(found: re.Match[str] | None) -> str | None:
    if found is None:
        return None
    return iso_date([digits(found[name].replace(" ", "")) for name in ("day", "month", "year")])


def _with_dates(found: Sequence[_Found]) -> Iterator[_Found]:
    """Give each of several symbols in a row (`số 1/QĐ-A, 2/QĐ-A ngày …`) the date that follows the last."""
    ahead = [*found[1:], None]
    dates: list[str | None] = [one.date for one in found]
    for at in reversed(range(len(found) - 1)):
        after = ahead[at]
        if dates[at] is None and after and after.start - found[at].end <= 3:
            dates[at] = dates[at + 1]
    return (dataclasses.replace(one, date=date) for one, date in zip(found, dates, strict=True))


def deadline_field(text: RunningText, issued: str | None) -> Field | None:
    """Return the days, with hours where given, until which the paper asks for something."""
    places = [(value, found) for found in _DEADLINE.finditer(text.text) if (value := _due(found, issued))]
    if not places:
        return None
    values = tuple(dict.fromkeys(value for value, _ in places))
    page, words = text.within(*places[0][1].span())
    every: list[Word] = list(itertools.chain.from_iterable(text.within(*found.span())[1] for _, found in places))
    return field(values, words, page=page, confidence=words_right(every))


def _due(found: re.Match[str], issued: str | None) -> str | None:
    """Return the moment as ISO text; a day before the paper's own is history, not a deadline."""
    day = _date(found)
    if day is None or (issued is not None and day < issued):
        return None
    hour, minute = (digits(found[name] or "0") for name in ("hour", "minute"))
    if not found["hour"] or hour is None or minute is None or int(hour) > 23 or int(minute) > 59:
        return day
    return f"{day}T{dt.time(int(hour), int(minute)):%H:%M}"
