"""Working time as a table of days: sums before each day, so that counting is a look-up and never a loop over minutes.

A moment is a number of ticks (microseconds of Viet Nam's clock) since midnight of the table's first day. Windows
include their end: at 17:00 an office that closes at 17:00 is still open.
"""

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate

from shared.errors import HosoError

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR

Windows = tuple[tuple[int, int], ...]


class OutsideCalendar(HosoError):
    """A count leaves the years whose holidays are known; load the calendar of the missing year."""

    reason = "no-calendar"


class WorkingTable:
    """The windows of consecutive days, each in ticks since its midnight; a day without any is a day off."""

    def __init__(self, first: date, windows: Sequence[Windows], undecided: Sequence[bool]) -> None:
        self.first, self.days = first, len(windows)
        self._windows = windows
        self._worked = list(accumulate((sum(end - begin for begin, end in day) for day in windows), initial=0))
        self._workdays = [day for day, open_hours in enumerate(windows) if open_hours]
        self._workdays_before = list(accumulate((int(bool(day)) for day in windows), initial=0))
        self._undecided_before = list(accumulate(map(int, undecided), initial=0))

    def windows(self, day: int) -> Windows:
        """Return when a day is worked."""
        return self._windows[self._known(day)]

    def worked(self, moment: int) -> int:
        """Return the working ticks from the table's begin to a moment."""
        day, clock = divmod(moment, DAY)
        total = self._worked[self._known(day)]
        for begin, end in self._windows[day]:
            if clock <= begin:
                break
            total += min(clock, end) - begin
        return total

    def reach(self, worked: int, *, late: bool = False) -> int:
        """Return the first moment at which so many ticks (more than none) are worked, the end of a window if it is one.

        ``late`` returns the last such moment instead: the begin of the window after.
        """
        day = (bisect_right if late else bisect_left)(self._worked, worked) - 1
        rest = worked - self._worked[self._known(day)]
        for begin, end in self._windows[day]:
            if rest < end - begin or (rest == end - begin and not late):
                return day * DAY + begin + rest
            rest -= end - begin
        raise AssertionError("the sums belong to the windows")

    def arrive(self, moment: int, cut_off: int | None = None) -> int:
        """Return when something that comes in is at work: at once, when the next window opens, or the next working day.

        What comes in after ``cut_off`` (ticks since midnight) waits for the next working day.
        """
        day, clock = divmod(moment, DAY)
        if cut_off is None or clock <= cut_off:
            for begin, end in self._windows[self._known(day)]:
                if clock <= end:
                    return moment if clock >= begin else day * DAY + begin
        return self.opening(self.workday_after(day, 1))

    def opening(self, day: int) -> int:
        """Return when a working day begins."""
        return day * DAY + self._windows[day][0][0]

    def at(self, day: int, clock: int) -> int:
        """Return an hour of a working day, moved to the next window that day has, or back to its close."""
        for begin, end in self._windows[day]:
            if clock <= end:
                return day * DAY + max(clock, begin)
        return day * DAY + self._windows[day][-1][1]

    def slide(self, moment: int) -> int:
        """Return the moment, moved on to the next working day if its day is none, and into that day's windows."""
        day, clock = divmod(moment, DAY)
        return self.at(self._workday(self._workdays_before[self._known(day)]), clock)

    def workday_after(self, day: int, count: int) -> int:
        """Return the day that is so many working days after a day, which is not counted."""
        return self._workday(self._workdays_before[self._known(day) + 1] + count - 1)

    def months_after(self, moment: int, months: int) -> int:
        """Return the same day and hour so many months later, or that month's last day if it is shorter."""
        day, clock = divmod(moment, DAY)
        begins = self.first + timedelta(self._known(day))
        years, month = divmod(begins.month - 1 + months, 12)
        if begins.year + years > self.last.year:
            raise self._ends()
        length = monthrange(begins.year + years, month + 1)[1]
        ends = date(begins.year + years, month + 1, min(begins.day, length))
        return (ends - self.first).days * DAY + clock

    def undecided(self, begins: int, ends: int) -> bool:
        """Tell whether a day from one moment's to another's is not decided yet."""
        return self._undecided_before[begins // DAY] != self._undecided_before[ends // DAY + 1]

    @property
    def last(self) -> date:
        """Return the last day known."""
        return self.first + timedelta(self.days - 1)

    def _workday(self, index: int) -> int:
        if index >= len(self._workdays):
            raise self._ends()
        return self._workdays[index]

    def _known(self, day: int) -> int:
        if day < 0:
            raise self._begins()
        if day >= self.days:
            raise self._ends()
        return day

    def _begins(self) -> OutsideCalendar:
        year = self.first.year - 1
        return OutsideCalendar(
            f"chưa có lịch làm việc trước ngày {self.first}: hãy nạp lịch năm {year} / "
            f"no working calendar before {self.first}: load that of {year}"
        )

    def _ends(self) -> OutsideCalendar:
        year = self.last.year + 1
        return OutsideCalendar(
            f"chưa có lịch làm việc sau ngày {self.last}: hãy nạp lịch năm {year} / "
            f"no working calendar after {self.last}: load that of {year}"
        )
