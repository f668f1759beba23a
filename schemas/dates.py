"""Dates as Chinese government sites give them: Asia/Shanghai, to the day or to the minute."""

from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, PlainSerializer, model_validator

from schemas.base import Shape

# China has kept one offset without daylight saving since 1991, before its first web page.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Precision(StrEnum):
    """How much of a publish time the page really gave."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class Published(Shape):
    """A publish time with the precision the page gave; a day stands as its first moment."""

    at: AwareDatetime
    precision: Precision

    @classmethod
    def on(cls, day: date) -> Self:
        """The publish time of a page that shows only a day."""
        return cls(at=datetime.combine(day, time(), SHANGHAI), precision=Precision.DAY)

    @property
    def day(self) -> date:
        return self.at.astimezone(SHANGHAI).date()

    def __str__(self) -> str:
        """ISO 8601, no finer than the precision: `2024-07-19`, `2018-01-25T23:27+08:00`."""
        return iso(self.at, self.precision)


def iso(moment: datetime, precision: Precision) -> str:
    """ISO 8601 in Asia/Shanghai, no finer than `precision`."""
    local = moment.astimezone(SHANGHAI)
    if precision is Precision.DAY:
        return local.date().isoformat()
    return local.isoformat(timespec="minutes" if precision is Precision.MINUTE else "seconds")


class Window(Shape):
    """A half-open range of publish days, `[since, until)`; a missing end is open."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"since ({self.since}) must lie before until ({self.until})")
        return self

    def __contains__(self, day: date) -> bool:
        return not self.is_before(day) and not self.is_after(day)

    def is_before(self, day: date) -> bool:
        """Whether `day` is older than the window."""
        return self.since is not None and day < self.since

    def is_after(self, day: date) -> bool:
        """Whether `day` is newer than the window."""
        return self.until is not None and day >= self.until

    def __str__(self) -> str:
        return f"[{self.since or '…'}, {self.until or '…'})"


Moment = Annotated[
    AwareDatetime,
    PlainSerializer(
        lambda m: m.astimezone(SHANGHAI).isoformat(timespec="seconds"), when_used="json"
    ),
]
"""A moment of our own (fetched, stored): second precision, shown in Asia/Shanghai."""
