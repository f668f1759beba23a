"""What reading the archive again asks of the store and changes there, on both databases."""

from collections.abc import Iterator
from datetime import date

import pytest

from flows.reading import ListRow
from flows.steps.compare import values_of
from flows.storage.reread import Changes, Known, Reread
from flows.storage.store import Store
from schemas.article import Article
from schemas.dates import Published
from schemas.page import Listing
from schemas.reparse import Held
from tests.flows.storage.records import (
    LATER,
    NOW,
    SITE,
    article,
    contents,
    deduped,
    rejection,
    url,
    visit,
)

pytestmark = pytest.mark.anyio

NOTHING = deduped()


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        yield opened


def known(store: Store, *numbers: int) -> Known:
    file = "hill/2026-03-01.warc.gz"
    return store.known_pages(SITE, [url(n) for n in numbers], [(file, n * 1000) for n in numbers])


def change(store: Store, number: int, **fields: object) -> Reread:
    """A stored article of which its page reads otherwise."""
    before = known(store, number).articles[url(number)]
    after = values_of(article(number, **fields))
    return Reread(before["id"], None, (before["archive_file"], number * 1000), before, after)


async def test_what_is_known_of_some_pages(store: Store) -> None:
    await store.save(deduped(article(1), visits=(visit(1),), rejections=(rejection(2),)))
    found = known(store, 1, 2, 3)
    assert set(found.articles) == {url(1)}
    assert {place: row["id"] for place, row in found.places.items()} == {
        ("hill/2026-03-01.warc.gz", 1000): article(1).id
    }
    assert found.rejections[url(2)]["reason"] == "missing_title"
    assert found.last_seen == {url(1): NOW}
    assert (found.revisions, found.held) == ({}, frozenset())


async def test_an_article_is_known_by_its_page_under_another_address(store: Store) -> None:
    await store.save(deduped(article(1)))
    found = store.known_pages(SITE, [url(9)], [("hill/2026-03-01.warc.gz", 1000)])
    assert [row["url"] for row in found.places.values()] == [url(1)]


async def test_another_reading_replaces_the_record_and_keeps_what_it_was(store: Store) -> None:
    await store.save(deduped(article(1, source="山区报"), article(2)))
    new = article(1, source=None, document_number="山政发〔2026〕1号", written_on=date(2026, 1, 2))
    one = change(store, 1, **new.model_dump(include={"source", "document_number", "written_on"}))
    await store.reread(Changes(NOTHING, reread=[one]), LATER)
    found = store.article(article(1).id)
    assert found is not None
    assert (found.source, found.document_number) == (None, "山政发〔2026〕1号")
    assert (found.written_on, found.fetched_at) == (date(2026, 1, 2), NOW)
    rows = contents(str(store.url.render_as_string(hide_password=False)))
    (kept,) = rows["rereadings"]
    assert kept["before"] == {"source": "山区报", "document_number": None, "written_on": None}
    assert (kept["article_id"], kept["number"], kept["reader_version"]) == (found.id, 1, "1")
    assert rows["revisions"] == []


async def test_another_text_joins_another_cluster(store: Store) -> None:
    await store.save(deduped(article(1), article(2)))
    same = article(1)
    names = ("title", "body_text", "content_hash")
    text = {name: getattr(same, name) for name in names}
    await store.reread(Changes(NOTHING, reread=[change(store, 2, **text)]), LATER)
    rows = {row["id"]: row["repeats"] for row in known(store, 1, 2).articles.values()}
    assert rows == {article(1).id: None, article(2).id: article(1).id}


async def test_a_record_of_a_newer_page_is_left_alone(store: Store) -> None:
    await store.save(deduped(article(1)))
    late = change(store, 1, source="晚到")
    moved = Reread(late.id, None, ("hill/another.warc.gz", 5), late.before, late.after)
    await store.reread(Changes(NOTHING, reread=[moved]), LATER)
    found = store.article(article(1).id)
    assert found is not None
    assert found.source is None
    assert store.counts()["rereadings"] == 0


async def test_an_earlier_version_is_read_again_in_its_place(store: Store) -> None:
    await store.save(deduped(article(1)))
    newer = {"file": "hill/2026-03-02.warc.gz", "offset": 1}
    await store.save(deduped(article(1, title="改过的标题", archive=newer, fetched_at=LATER)))
    ((place, before),) = known(store, 1).revisions.items()
    assert (place, before["number"], before["title"]) == (
        ("hill/2026-03-01.warc.gz", 1000),
        1,
        "第1条新闻",
    )
    after = values_of(article(1, index_number="001"))
    await store.reread(
        Changes(NOTHING, reread=[Reread(before["id"], 1, place, before, after)]), LATER
    )
    ((_, again),) = known(store, 1).revisions.items()
    assert (again["index_number"], again["title"]) == ("001", "第1条新闻")
    assert again["published_at"] == before["published_at"]
    found = store.article(article(1).id)
    assert found is not None
    assert (found.title, found.index_number) == ("改过的标题", None)


def held(of: Article) -> Held:
    return Held(
        id=of.id,
        site=of.site,
        url=of.url,
        title=of.title,
        reasons=("it would lose its publish date",),
        reader="vsb",
        reader_version="2",
        held_at=LATER,
    )


async def test_held_for_review_and_free_again(store: Store) -> None:
    await store.save(deduped(article(1)))
    await store.reread(Changes(NOTHING, held=[held(article(1))]), LATER)
    ((found, place),) = store.for_review()
    assert found == held(article(1))
    assert place == article(1).archive
    assert known(store, 1).held == {article(1).id}
    assert store.for_review("nobody") == []
    await store.reread(Changes(NOTHING, freed=[article(1).id]), LATER)
    assert store.for_review() == []


async def test_a_withdrawn_article_leaves_for_quarantine_with_all_its_versions_kept(
    store: Store,
) -> None:
    await store.save(deduped(article(1), visits=(visit(1),)))
    text = {"text": article(1).body_text, "content_hash": article(1).content_hash}
    newer = {"file": "hill/2026-03-02.warc.gz", "offset": 1}
    await store.save(deduped(article(2, **text)))
    await store.save(deduped(article(1, title="改过的标题", archive=newer, fetched_at=LATER)))
    await store.reread(Changes(NOTHING, held=[held(article(1))]), LATER)

    await store.withdraw(article(1).id, rejection(1), LATER)
    assert store.article(article(1).id) is None
    assert store.for_review() == []
    waiting = store.rejection(SITE, url(1))
    assert waiting is not None
    assert waiting.reason == "missing_title"
    rows = contents(str(store.url.render_as_string(hide_password=False)))
    assert [row["before"]["title"] for row in rows["rereadings"]] == ["第1条新闻", "改过的标题"]
    assert [row["repeats"] for row in rows["articles"]] == [None]
    assert rows["page_states"][0]["reason"] == "missing_title"


async def test_quarantine_renews_its_reason_and_says_since_when(store: Store) -> None:
    await store.save(deduped(rejections=(rejection(1), rejection(2))))
    assert store.waiting(SITE) == {"missing_title": 2}
    other = rejection(1, reason="empty_body", errors=("body: nothing",), fetched_at=LATER)
    await store.reread(Changes(NOTHING, rejected_again=[other]), LATER)
    assert store.waiting(SITE) == {"missing_title": 1, "empty_body": 1}
    found = store.rejection(SITE, url(1))
    assert found is not None
    assert (found.errors, found.fetched_at) == (("body: nothing",), NOW)


async def test_archived_lists_speak_of_what_is_stored_only(store: Store) -> None:
    await store.save(deduped(article(1, column=None, column_name=None)))
    listing = Listing(url=url(1), title="第1条", published=Published.on(date(2026, 1, 1)))
    await store.list_again(
        SITE, [ListRow(url(n), column, listing) for n in (1, 2) for column in ("b", "a")]
    )
    found = store.article(article(1).id)
    assert found is not None
    assert found.column == "a"
    assert store.counts()["appearances"] == 2
