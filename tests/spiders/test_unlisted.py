"""What ended walks say of the articles that their lists named."""

from collections.abc import Sequence
from datetime import date

import pytest

from schemas.dates import Published, Window
from schemas.outcome import Outcome
from schemas.page import Listing
from schemas.site import Column
from schemas.visit import Listed
from spiders.ports import NoMemory
from spiders.unlisted import unlisted
from spiders.walk import Walk

pytestmark = pytest.mark.anyio


def url(number: int) -> str:
    return f"http://site.example/{number}.htm"


def article(number: int, *columns: str, also: str = "") -> Listed:
    addresses = frozenset({url(number), also} - {""})
    return Listed(url=url(number), addresses=addresses, columns=frozenset(columns))


class Named(NoMemory):
    """A memory of what lists have named."""

    def __init__(self, *articles: Listed) -> None:
        self._articles = articles

    async def listed(self, _site: str, column: str, _after: date) -> Sequence[Listed]:
        return [one for one in self._articles if column in one.columns]


def walked(column: str, *numbers: int, reached: bool = True) -> Walk:
    """A walk whose list named these articles, the newest first."""
    walk = Walk("site", Column(id=column, name=column, url=url(0)), Window())
    days = [Published.on(date(2024, 7, 30 - place)) for place in range(len(numbers))]
    rows = [Listing(url=url(n), published=day) for n, day in zip(numbers, days, strict=True)]
    for row in rows:
        walk.is_first_time(row.url)
    walk.goes_on(tuple(rows), news=1)
    walk.end(reached=reached)
    return walk


async def missed(memory: NoMemory, *walks: Walk) -> list[tuple[str, Outcome]]:
    by_column = {walk.column.id: walk for walk in walks}
    return [(url, outcome) async for _, url, outcome, _ in unlisted("site", by_column, memory)]


async def test_what_a_list_names_no_more() -> None:
    memory = Named(article(1, "news"), article(2, "news"))
    assert await missed(memory, walked("news", 1, 3)) == [(url(2), Outcome.UNLISTED)]


async def test_what_another_list_names_is_not_missed() -> None:
    memory = Named(article(2, "news", "briefs"))
    assert await missed(memory, walked("news", 1, 3), walked("briefs", 2, 4)) == []


async def test_what_stood_on_a_list_that_was_not_read_is_not_missed() -> None:
    memory = Named(article(2, "news", "briefs"))
    assert await missed(memory, walked("news", 1, 3), walked("briefs", reached=False)) == []


async def test_what_is_named_by_another_address_is_not_missed() -> None:
    memory = Named(article(2, "news", also=url(9)))
    assert await missed(memory, walked("news", 1, 9)) == []


async def test_a_list_that_dropped_most_of_its_articles_is_doubted_itself() -> None:
    memory = Named(*(article(n, "news") for n in range(1, 10)))
    walk = walked("news", 1, 20, 21)
    assert await missed(memory, walk) == [(walk.column.url, Outcome.DRIFTED)]
