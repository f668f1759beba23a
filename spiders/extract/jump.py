"""Any page of a list, by the address of its second: most pagers count up, VSB's count down."""

import re
from typing import Final
from urllib.parse import urlsplit

# Not the digits of `%2C`.
_NUMBER: Final = re.compile(r"(?<!%)(?<!%[0-9A-Fa-f])(?<!\d)\d{1,6}(?!\d)")
_SECOND: Final = 2


def page_address(second: str, total_pages: int, page: int) -> str | None:
    """The address of a list's page `page`, from 2 on; none where the second's does not tell.

    The last number in it that can be a page's is taken for it: 2, or 1 where pages are counted
    from 0, or the last but one where they are counted down to 1.
    """
    if page == _SECOND:
        return second
    ascending = {2: page, 1: page - 1}
    descending = {total_pages - 1: total_pages - page + 1}
    # Of three pages, nobody can tell whether the second is 2 from above or from below.
    if not _SECOND < page <= total_pages or ascending.keys() & descending.keys():
        return None
    meanings = ascending | descending
    parts = urlsplit(second)
    path = parts._replace(scheme="", netloc="").geturl()
    found = [match for match in _NUMBER.finditer(path) if int(match[0]) in meanings]
    if not found:
        return None
    number = found[-1]
    there = f"{path[: number.start()]}{meanings[int(number[0])]}{path[number.end() :]}"
    return f"{parts.scheme}://{parts.netloc}{there}"
