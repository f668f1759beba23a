"""Publish dates as Chinese pages print them."""

import re
from datetime import datetime

from schemas.dates import SHANGHAI, Precision, Published

# Four-digit years only: a two-digit year is a guess. The national page standard prints its own
# example with typographic dashes and colons (— ∶), and some sites copied it.
DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:[-/.—–－年])\s*(?P<month>\d{1,2})\s*(?:[-/.—–－月])\s*"
    r"(?P<day>\d{1,2})(?!\d)\s*日?"
    r"(?:[\sT]*(?P<hour>\d{1,2})\s*[:：∶时]\s*(?P<minute>\d{2})"
    r"(?:\s*[:：∶分]\s*(?P<second>\d{2})秒?)?)?"
)


def published(match: re.Match[str]) -> Published | None:
    """What a match of `DATE` says, with its precision; None where no calendar has that day."""
    groups = match.groupdict()
    precision = Precision.DAY
    if groups["hour"]:
        precision = Precision.SECOND if groups["second"] else Precision.MINUTE
    year, month, day, hour, minute, second = (
        int(groups[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    try:
        at = datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return None
    return Published(at=at, precision=precision)


def find_date(text: str) -> Published | None:
    """The first full date in `text`: `2024-07-19`, `2024/7/19 09:12`, `2024年7月19日`."""
    for match in DATE.finditer(text):
        if found := published(match):
            return found
    return None
