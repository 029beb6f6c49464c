"""A due date and how it was counted, in Vietnamese and English; pure."""

from collections.abc import Iterator
from datetime import timedelta

from services.registry.due import Question, written_moment
from shared.calendars import Calendar
from shared.due_account import Account, CountedDay, Part, explain
from shared.working_time import TimeUnit

_NAMES = (
    ("Mon", "Thứ Hai", "Monday"),
    ("Tue", "Thứ Ba", "Tuesday"),
    ("Wed", "Thứ Tư", "Wednesday"),
    ("Thu", "Thứ Năm", "Thursday"),
    ("Fri", "Thứ Sáu", "Friday"),
    ("Sat", "Thứ Bảy", "Saturday"),
    ("Sun", "Chủ nhật", "Sunday"),
)
_SATURDAY = 6
Words = tuple[str, str]
_ASSUMED: dict[bool, Words] = {
    False: ("chưa quyết định, giả định nghỉ", "not decided yet, taken as off"),
    True: ("chưa quyết định, giả định làm việc", "not decided yet, taken as worked"),
}
_NOT_COUNTED = ("ngày đầu không tính", "first day, not counted")
_PARTS: dict[tuple[Part, TimeUnit | None], Words] = {
    (Part.FIRST, TimeUnit.WORKING_DAY): _NOT_COUNTED,
    (Part.FIRST, TimeUnit.CALENDAR_DAY): _NOT_COUNTED,
    (Part.FIRST, TimeUnit.MONTH): _NOT_COUNTED,
    (Part.COUNTED, TimeUnit.MONTH): ("trong thời hạn", "within the period"),
    (Part.MAKES_UP, None): ("bù thời gian tạm dừng", "makes up for the pause"),
    (Part.MOVED, None): ("chuyển sang ngày làm việc tiếp theo", "moved to the next working day"),
}


def account_lines(calendar: Calendar, question: Question) -> Iterator[str]:
    """Return the due date and then every day until it; raises ``OutsideCalendar``."""
    account = explain(calendar, question.accepted_at, question.limit, question.pauses)
    _, vietnamese, english = _NAMES[account.due.at.weekday()]
    yield f"due {written_moment(account.due.at)} ({vietnamese} / {english})"
    if account.due.provisional:
        yield (
            "tạm tính: có ngày Nhà nước chưa quyết định / "
            "provisional: a day it stands on is not decided by the State yet"
        )
    if account.due.paused:
        yield "đang tạm dừng: đây là hạn sớm nhất / the clock stands still: this is the earliest it can be"
    for day in account.days:
        said = [words for words in _said(account, question, day) if words]
        yield f"{day.day} {_NAMES[day.day.weekday()][0]}  {_both(said)}"


def _both(said: list[Words]) -> str:
    vietnamese, english = ("; ".join(column) for column in zip(*said, strict=True))
    return f"{vietnamese} / {english}"


def _said(account: Account, question: Question, day: CountedDay) -> Iterator[Words | None]:
    yield _received(account, question, day)
    yield _part(question.limit.unit, day)
    if day.counted:
        yield f"tính {_hours(day.counted)[0]}", f"{_hours(day.counted)[1]} counted"
    if day.paused:
        yield f"tạm dừng {_hours(day.paused)[0]}", f"paused {_hours(day.paused)[1]}"
    if day.row and not day.row.decided:
        yield _ASSUMED[day.row.works]
    if day.day == account.due.at.date():
        hour = written_moment(account.due.at).partition("T")[2]
        yield f"đến hạn {hour}", f"due {hour}"


def _received(account: Account, question: Question, day: CountedDay) -> Words | None:
    accepted = written_moment(question.accepted_at)
    if not accepted.startswith(str(day.day)):
        return None
    hour = accepted.partition("T")[2]
    if written_moment(account.started) == accepted:
        return f"tiếp nhận {hour}", f"received {hour}"
    started = written_moment(account.started)
    return f"tiếp nhận {hour}, tính từ {started}", f"received {hour}, taken as {started}"


def _part(unit: TimeUnit, day: CountedDay) -> Words | None:
    if day.part is Part.OFF:
        return _off(day)
    words = _PARTS.get((day.part, unit)) or _PARTS.get((day.part, None))
    if day.number:
        words = f"ngày {day.number}", f"day {day.number}"
    return words and _named(words, day)


def _off(day: CountedDay) -> Words:
    if day.row:
        return f"nghỉ: {day.row.name}", "day off"
    if day.day.isoweekday() >= _SATURDAY:
        return "nghỉ: cuối tuần", "day off: weekend"
    return "nghỉ: không có giờ làm việc", "day off: no office hours"


def _named(words: Words, day: CountedDay) -> Words:
    vietnamese, english = words
    return (f"{vietnamese} ({day.row.name})" if day.row else vietnamese), english


def _hours(spent: timedelta) -> Words:
    minutes, seconds = divmod(spent // timedelta(seconds=1), 60)
    parts = ((minutes // 60, "giờ", "h"), (minutes % 60, "phút", "min"), (seconds, "giây", "s"))
    said = [(f"{count} {vietnamese}", f"{count} {english}") for count, vietnamese, english in parts if count]
    vietnamese, english = (" ".join(column) for column in zip(*said, strict=True)) if said else ("0 giờ", "0 h")
    return vietnamese, english
