"""dedupe: one article an address, one cluster a text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.steps.dedupe import dedupe
from flows.steps.store import store as store_batch
from flows.storage.store import Store
from tests.flows.storage.records import (
    TEXT,
    article,
    checkpoint,
    cleaned,
    contents,
    rejection,
    visit,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/news.db") as opened:
        yield opened


async def test_what_it_does_not_touch_goes_on() -> None:
    batch = cleaned(
        article(1),
        visits=(visit(1), visit(2)),
        rejections=(rejection(2),),
        checkpoints=(checkpoint(1),),
    )
    result = await dedupe(batch)
    assert [c.article for c in result.articles] == [article(1)]
    assert (result.site, result.visits, result.checkpoints, result.rejections) == (
        batch.site,
        batch.visits,
        batch.checkpoints,
        batch.rejections,
    )


async def test_one_address_in_two_columns_is_one_article_listed_twice(store: Store) -> None:
    dated = article(1, column="news")
    undated = article(1, column="briefs", published_at=None, published_precision=None)
    batch = cleaned(undated, dated, visits=(visit(1, "briefs"), visit(1, "news")))
    result = await dedupe(batch)
    assert [c.article for c in result.articles] == [dated]
    stored = await store_batch(result, store)
    assert stored.new == {"news": 1}
    appearances = contents(store.url.render_as_string())["appearances"]
    assert [row["column_id"] for row in appearances] == ["briefs", "news"]


async def test_the_column_does_not_depend_on_the_order() -> None:
    news, briefs = article(1, column="news"), article(1, column="briefs")
    for batch in (cleaned(news, briefs), cleaned(briefs, news)):
        result = await dedupe(batch)
        assert [c.article.column for c in result.articles] == ["briefs"]


async def test_a_page_that_succeeded_in_one_column_is_not_rejected() -> None:
    result = await dedupe(cleaned(article(1), rejections=(rejection(1), rejection(2))))
    assert result.rejections == (rejection(2),)


async def test_the_same_words_are_one_text() -> None:
    plain = article(1, f"“转载”，第１批。{TEXT}")
    other = article(2, f"「轉載」 , 第1批.\n{TEXT}", title=plain.title)
    result = await dedupe(cleaned(plain, other, article(3, f"第2批。{TEXT}", title=plain.title)))
    one, same, third = (sketched.sketch.id for sketched in result.articles)
    assert one == same != third
