"""Copies of a page on its own site are further addresses of one article. On both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from flows.storage.store import Store
from schemas.article import Article
from schemas.history import Fate
from schemas.outcome import Outcome
from schemas.page import Page
from schemas.visit import Visit
from tests.flows.storage.records import (
    LATER_PLACE,
    NOW,
    SITE,
    TEXT,
    article,
    contents,
    deduped,
    rejection,
    url,
    visit,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
MOBILE = "http://m.hill.gov.cn/info/1001/1.htm"
TITLE = article(1).title
SAME = {"title": TITLE, "published_at": article(1).published_at}


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        yield opened


def copy(address: str = MOBILE, **fields: Any) -> Article:
    """The page of article 1 at another address, below another breadcrumb."""
    text = article(1).body_text
    return article(9, text, url=address, **{**SAME, "breadcrumb": ("手机版",), **fields})


def seen(address: str = MOBILE, column: str = "mobile", **fields: Any) -> Visit:
    page = Page(url=address, status=200, body=b"", fetched_at=NOW, site=SITE)
    return visit(9, column, url=address, page=page, **fields)


async def test_a_copy_is_a_further_address_of_the_first(store: Store) -> None:
    first = await store.save(deduped(article(1), visits=(visit(1),)))
    second = await store.save(deduped(copy(), visits=(seen(),)))
    assert (first.new, second.new, second.changed) == ({"news": 1}, {}, {})
    assert [turn.fate for turn in second.turns] == [Fate.COPIED]
    assert [one.id for one in store.articles()] == [article(1).id]
    assert store.owner(SITE, MOBILE) == article(1).id
    assert [one.id for one in store.articles(column="mobile")] == [article(1).id]


async def test_in_one_batch_the_plainest_address_is_the_articles(store: Store) -> None:
    shared = copy(f"{url(1)}?from=wap")
    visits = (seen(), seen(shared.url), visit(1))
    await store.save(deduped(copy(), shared, article(1), visits=visits))
    assert [one.url for one in store.articles()] == [url(1)]
    assert store.owner(SITE, MOBILE) == store.owner(SITE, shared.url) == article(1).id


async def test_what_was_known_first_stays(store: Store) -> None:
    await store.save(deduped(copy(), visits=(seen(),)))
    await store.save(deduped(article(1), visits=(visit(1),)))
    assert [one.url for one in store.articles()] == [MOBILE]
    assert store.owner(SITE, url(1)) == copy().id


async def test_how_they_came_in_batches_makes_no_difference(database: str, tmp_path: Any) -> None:
    other = f"sqlite:///{tmp_path}/other.db"
    three = [article(1), copy(), copy("http://www.hill.gov.cn/info/1002/1.htm?from=wap")]
    visits = [visit(1), seen(), seen(three[2].url, "briefs")]
    with Store.open(database) as one, Store.open(other) as another:
        await one.save(deduped(*three, visits=tuple(visits)))
        for record, seen_at in zip(three, visits, strict=True):
            await another.save(deduped(record, visits=(seen_at,)))
    assert contents(database) == contents(other)


@pytest.mark.parametrize(
    "fields",
    [
        {"published_at": article(2).published_at},
        {"published_at": None, "published_precision": None},
        {"title": "第二批"},
        {"site": "river"},
    ],
    ids=["another day", "no day", "another title", "another site"],
)
async def test_the_same_text_alone_is_no_copy(store: Store, fields: dict[str, Any]) -> None:
    await store.save(deduped(article(1)))
    other = copy(**fields)
    await store.save(replace(deduped(other), site=other.site))
    assert len(store.articles()) == 2


async def test_undated_notices_of_one_text_stay_two(store: Store) -> None:
    undated = {"published_at": None, "published_precision": None}
    await store.save(deduped(article(1, **undated), copy(**undated)))
    assert len(store.articles()) == 2


async def test_almost_no_text_makes_no_copy(store: Store) -> None:
    pictures = {"images": ({"url": "http://www.hill.gov.cn/1.jpg"},)}
    await store.save(deduped(article(1, "图片新闻", **pictures)))
    await store.save(deduped(article(9, "图片新闻", url=MOBILE, **SAME, **pictures)))
    assert len(store.articles()) == 2


async def test_a_copy_that_says_something_else_later_does_not_speak(store: Store) -> None:
    await store.save(deduped(article(1), copy(), visits=(visit(1), seen())))
    edited = copy(body_text=f"改过。{TEXT}", content_hash="a" * 64, archive=LATER_PLACE)
    stored = await store.save(deduped(edited, visits=(seen(at=NOW + DAY),)))
    assert stored.changed == {}
    assert store.articles()[0].body_text == article(1).body_text


async def test_it_speaks_once_the_first_is_gone(store: Store) -> None:
    await store.save(deduped(article(1), copy(), visits=(visit(1), seen())))
    await store.save(deduped(visits=(visit(1, outcome=Outcome.GONE, status=404, at=NOW + DAY),)))
    edited = copy(body_text=f"改过。{TEXT}", content_hash="a" * 64, archive=LATER_PLACE)
    stored = await store.save(deduped(edited, visits=(seen(),)))
    assert stored.changed == {"news": 1}
    assert store.articles()[0].body_text == f"改过。{TEXT}"


async def test_an_article_is_missing_when_all_its_addresses_are(store: Store) -> None:
    await store.save(deduped(article(1), copy(), visits=(visit(1), seen())))
    fates = []
    for day in (1, 2, 3):
        at = NOW + day * DAY
        gone = [visit(1, outcome=Outcome.GONE, status=404, at=at)]
        if day > 1:
            gone.append(seen(outcome=Outcome.GONE, status=404, at=at).model_copy())
        for one in gone:
            stored = await store.save(deduped(visits=(one.model_copy(update={"page": None}),)))
            fates += [(day, turn.fate) for turn in stored.turns]
    assert fates == [(2, Fate.SUSPECTED), (3, Fate.GONE)]


async def test_a_copy_leaves_quarantine(store: Store) -> None:
    await store.save(deduped(article(1), rejections=(rejection(9, url=MOBILE),)))
    await store.save(deduped(copy()))
    assert store.rejections() == []


async def test_a_moved_article_is_not_counted_as_copied(store: Store) -> None:
    await store.save(deduped(article(1), visits=(visit(1),)))
    page = seen().page
    stored = await store.save(
        deduped(copy(), visits=(visit(1, address=MOBILE, page=page, at=NOW + DAY),))
    )
    assert [turn.fate for turn in stored.turns] == [Fate.MOVED]
