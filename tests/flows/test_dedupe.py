"""dedupe: one article an address, one cluster a text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.steps.dedupe import cluster_of, dedupe
from flows.steps.store import store as store_batch
from flows.storage.store import Store
from schemas.article import Image
from schemas.cluster import LEAST_TEXT
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


async def test_what_it_does_not_touch_goes_on(store: Store) -> None:
    batch = cleaned(
        article(1),
        visits=(visit(1), visit(2)),
        rejections=(rejection(2),),
        checkpoints=(checkpoint(1),),
    )
    result = await dedupe(batch, store)
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
    result = await dedupe(batch, store)
    assert [c.article for c in result.articles] == [dated]
    stored = await store_batch(result, store)
    assert stored.new == {"news": 1}
    appearances = contents(store.url.render_as_string())["appearances"]
    assert [row["column_id"] for row in appearances] == ["briefs", "news"]


async def test_the_column_does_not_depend_on_the_order(store: Store) -> None:
    news, briefs = article(1, column="news"), article(1, column="briefs")
    for batch in (cleaned(news, briefs), cleaned(briefs, news)):
        result = await dedupe(batch, store)
        assert [c.article.column for c in result.articles] == ["briefs"]


async def test_a_page_that_succeeded_in_one_column_is_not_rejected(store: Store) -> None:
    result = await dedupe(cleaned(article(1), rejections=(rejection(1), rejection(2))), store)
    assert result.rejections == (rejection(2),)


async def test_a_repost_repeats_the_earliest(store: Store) -> None:
    text = f"转载。{TEXT}"
    undated = article(2, text, published_at=None, published_precision=None)
    result = await dedupe(cleaned(undated, article(9, text), article(3, text), article(4)), store)
    assert {c.article.id: c.repeats for c in result.articles} == {
        undated.id: article(3).id,
        article(9).id: article(3).id,
        article(3).id: None,
        article(4).id: None,
    }
    assert len({c.cluster for c in result.articles}) == 2


async def test_a_repost_repeats_what_is_stored(store: Store) -> None:
    text = f"转载。{TEXT}"
    await store_batch(await dedupe(cleaned(article(1, text)), store), store)
    result = await dedupe(cleaned(article(2, text), article(1, text)), store)
    assert {c.article.id: c.repeats for c in result.articles} == {
        article(2).id: article(1).id,
        article(1).id: None,
    }
    assert (await store_batch(result, store)).repeats == {"news": 1}


@pytest.mark.parametrize("text", ["详见附件", "图 片 新 闻\n\n（组图）", "文" * (LEAST_TEXT - 1)])
async def test_almost_no_text_clusters_with_nobody(store: Store, text: str) -> None:
    one, other = article(1, text), article(2, text)
    result = await dedupe(cleaned(one, other), store)
    assert [c.cluster for c in result.articles] == [one.id, other.id]
    assert [c.repeats for c in result.articles] == [None, None]


def test_pictures_alone_cluster_with_nobody() -> None:
    pictures = (Image(url="http://www.hill.gov.cn/1.jpg"),)
    bare = article(1, body_text="", images=pictures)
    assert cluster_of(bare) == bare.id


def test_a_sentence_is_text_enough() -> None:
    sentence = article(1, "文" * LEAST_TEXT)
    assert cluster_of(sentence) == sentence.content_hash
