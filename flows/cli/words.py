"""Numbers and lengths of time as a person says them."""

from datetime import timedelta

_MINUTE = 60
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR


def count(number: int, thing: str) -> str:
    """`1 list page`, `1,020 list pages`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def duration(time: timedelta) -> str:
    """`45 s`, `12 min`, `3 h 20 min`, `2 d 4 h`: no finer than it matters."""
    seconds = round(time.total_seconds())
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{round(seconds / _MINUTE)} min"
    if seconds < _DAY:
        hours, rest = divmod(seconds, _HOUR)
        return f"{hours} h {rest // _MINUTE} min"
    days, rest = divmod(seconds, _DAY)
    return f"{days} d {rest // _HOUR} h"
