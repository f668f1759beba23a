"""Publish dates as Chinese pages print them."""

import re
from collections.abc import Sequence
from datetime import datetime

from schemas.dates import SHANGHAI, Precision, Published

# Four-digit years only: a two-digit year is a guess. The national page standard prints its own
# example with typographic dashes and colons (— ∶), and some sites copied it.
DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s*(?:[-/.—–－年])\s*(?P<month>\d{1,2})\s*(?:[-/.—–－月])\s*"
    r"(?P<day>\d{1,2})(?!\d)\s*日?"
    r"(?:(?:\s*[（(]?(?:星期|周)[一二三四五六日天][)）]?)?[\sT]*(?:(?P<forenoon>上午|AM)|(?P<afternoon>下午|晚上|PM))?"
    r"[\sT]*(?P<hour>\d{1,2})\s*[:：∶时]\s*(?P<minute>\d{2})"
    r"(?:\s*[:：∶分]\s*(?P<second>\d{2})秒?)?)?"
)
# Only behind a label: eight digits are a file's number as often as a day.
_COMPACT = re.compile(
    r"\s*(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
    r"(?:\s*(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d))?)?(?!\d)"
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_MONTH_NAME = re.compile("|".join(_MONTHS))
# On the English pages of a site, and as Java prints a moment: `Fri Jul 19 09:12:33 CST 2024`.
_ENGLISH = (
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>20\d\d)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})\s+{_MONTH},?\s+(?P<year>20\d\d)(?!\d)"),
    re.compile(
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})\s+"
        r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\s+[A-Z+:0-9]{3,9}\s+(?P<year>20\d\d)"
    ),
)
# Designers set the day large and the rest small beside it; the parts are joined with spaces.
_SPLIT = (
    re.compile(r"(?P<day>\d{1,2})日? (?P<year>20\d\d) ?[-/.年] ?(?P<month>\d{1,2})月?"),
    re.compile(r"(?P<year>20\d\d) ?[-/.年] ?(?P<month>\d{1,2})月? (?P<day>\d{1,2})日?"),
    re.compile(r"(?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})日? (?P<year>20\d\d)年?"),
    re.compile(r"(?P<year>20\d\d)年? (?P<month>\d{1,2}) ?[-/.月] ?(?P<day>\d{1,2})日?"),
)
# The longest such date is 「2024 年 07 月 19 日」 with a label before it.
_LONGEST_SPLIT = 24
_NOON = 12


def published(match: re.Match[str]) -> Published | None:
    """What a match of `DATE` says, with its precision; None where no calendar has that day."""
    groups = {"hour": None, "minute": None, "second": None, **match.groupdict()}
    precision = Precision.DAY
    if groups["hour"]:
        precision = Precision.SECOND if groups["second"] else Precision.MINUTE
    month = groups["month"] or ""
    if month in _MONTHS:
        groups["month"] = str(_MONTHS.index(month) + 1)
    year, month_of_year, day, hour, minute, second = (
        int(groups[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    if groups.get("afternoon") and hour < _NOON:
        hour += _NOON
    try:
        at = datetime(year, month_of_year, day, hour, minute, second, tzinfo=SHANGHAI)
    except ValueError:
        return None
    return Published(at=at, precision=precision)


def find_date(text: str) -> Published | None:
    """The first full date in `text`: `2024-07-19`, `2024/7/19 09:12`, `2024年7月19日`."""
    for match in DATE.finditer(text):
        if found := published(match):
            return found
    return None


def find_english(text: str) -> re.Match[str] | None:
    """Where a date stands as English prints it: `July 19, 2024`; `published` reads it."""
    if not _MONTH_NAME.search(text):
        return None
    return next((match for form in _ENGLISH if (match := form.search(text))), None)


def stated_date(text: str) -> Published | None:
    """The date of a text that is known to state one: a label's value, a meta tag's content.

    Beside what `find_date` knows: `20240719`, `July 19, 2024`, `Fri Jul 19 09:12:33 CST 2024`.
    """
    if found := find_date(text):
        return found
    match = _COMPACT.match(text) or find_english(text)
    return published(match) if match else None


def split_date(parts: Sequence[str]) -> Published | None:
    """The day that several pieces of text make together: `19` and `2024-07`."""
    line = " ".join(parts)
    if len(parts) < 2 or len(line) > _LONGEST_SPLIT:  # noqa: PLR2004  (one part is not split)
        return None
    if DATE.fullmatch("".join(parts)):
        return find_date("".join(parts))
    for form in _SPLIT:
        if match := form.fullmatch(line):
            return published(match)
    return None
