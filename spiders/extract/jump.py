"""Any page of a list, by the address of its second: most pagers count up, VSB's count down."""

import re
from urllib.parse import urlsplit

_NUMBER = re.compile(r"(?<!\d)\d{1,6}(?!\d)")
_SECOND = 2


def page_address(second: str, total_pages: int, page: int) -> str | None:
    """The address of a list's page `page`, from 2 on; none where the second's does not tell.

    The last number in it that can be a page's is taken for it: 2, or 1 where pages are counted
    from 0, or the last but one where they are counted down to 1.
    """
    host = len(second) - len(second.partition("//")[2].partition("/")[2])
    meanings = {2: page, 1: page - 1, total_pages - 1: total_pages - page + 1}
    found = [match for match in _NUMBER.finditer(second, host) if int(match[0]) in meanings]
    if not found or page > total_pages or page < _SECOND or not urlsplit(second).hostname:
        return None
    number = found[-1]
    return f"{second[: number.start()]}{meanings[int(number[0])]}{second[number.end() :]}"
