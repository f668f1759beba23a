"""What one batch changes, on SQLite and on PostgreSQL."""

import itertools
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from flows.batch import Deduped, Stored
from flows.storage.store import Store
from schemas.article import Attachment, Image
from schemas.dates import Precision, Window
from schemas.outcome import Outcome
from schemas.page import ArchivePlace, Validators
from schemas.visit import Kind
from tests.flows.storage.records import (
    LATER,
    LATER_PLACE,
    NOW,
    SITE,
    TEXT,
    article,
    checkpoint,
    contents,
    deduped,
    rejection,
    url,
    visit,
)

pytestmark = pytest.mark.anyio
NOTHING = Stored(new={}, changed={}, repeats={})


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        yield opened


async def test_a_page_read_late_replaces_no_newer_one(store: Store, database: str) -> None:
    await store.save(deduped(article(1, "后来的文本，说的是后来的事情。", fetched_at=LATER)))
    before = contents(database)
    stored = await store.save(deduped(article(1, "从前的文本，说的是从前的事情。")))
    assert stored == NOTHING
    assert contents(database) == before


async def test_an_article_comes_back_as_it_was(store: Store) -> None:
    full = article(
        7,
        subtitle="副题",
        published_at=datetime(2018, 1, 25, 23, 27, tzinfo=UTC),
        published_precision=Precision.MINUTE,
        written_on=date(2018, 1, 20),
        breadcrumb=("首页", "要闻"),
        source="区融媒体中心",
        author="甲",
        editor="乙",
        issuing_agency="区政府办公室",
        index_number="hill/2026-0000007",
        document_number="山政发〔2026〕7号",
        catalogue="政府文件",
        theme="科技",
        genre="通知",
        disclosure="主动公开",
        keywords=("科技", "创新"),
        publisher_division="371302",
        subject_division="371302",
        images=(
            Image(url="http://www.hill.gov.cn/1.jpg", caption="会场"),
            Image(url="http://www.hill.gov.cn/2.jpg"),
        ),
        attachments=(Attachment(url="http://www.hill.gov.cn/1.pdf", name="附件1"),),
    )
    stored = await store.save(deduped(full))
    assert stored == Stored(new={"news": 1}, changed={}, repeats={})
    assert store.article(full.id) == full
    assert store.articles() == [full]


async def test_the_same_again_changes_nothing(store: Store) -> None:
    batch = deduped(article(1), visits=(visit(1), visit(2)), rejections=(rejection(2),))
    await store.save(batch)
    before = contents(store.url.render_as_string(hide_password=False))
    assert await store.save(batch) == NOTHING
    assert contents(store.url.render_as_string(hide_password=False)) == before


async def test_a_page_read_again_with_the_same_result_keeps_its_row(store: Store) -> None:
    first = article(1)
    await store.save(deduped(first))
    again = article(1, fetched_at=LATER, archive=None, provenance={"title": "list"})
    assert await store.save(deduped(again)) == NOTHING
    assert store.article(first.id) == first
    assert store.revisions(first.id) == []


@pytest.mark.parametrize(
    "change",
    [
        {"title": "改过的标题"},
        {"text": f"更正。{TEXT}"},
        {"source": "区融媒体中心"},
        {"published_at": datetime(2026, 1, 2, tzinfo=UTC)},
        {"attachments": (Attachment(url="http://www.hill.gov.cn/2.pdf", name="附件2"),)},
        {"images": (Image(url="http://www.hill.gov.cn/3.jpg"),)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_what_a_reader_sees_changed_leaves_a_revision(
    store: Store, change: dict[str, object]
) -> None:
    before = article(1)
    after = article(1, fetched_at=LATER, archive=LATER_PLACE, **change)
    await store.save(deduped(before))
    assert await store.save(deduped(after)) == Stored(new={}, changed={"news": 1}, repeats={})
    assert store.article(before.id) == after
    (earlier,) = store.revisions(before.id)
    assert earlier["title"] == before.title
    assert earlier["body_text"] == before.body_text
    assert earlier["content_hash"] == before.content_hash
    assert earlier["archive_offset"] == 1000


async def test_revisions_are_kept_in_their_order(store: Store) -> None:
    for offset, title in enumerate(("一稿", "二稿", "三稿")):
        place = ArchivePlace(file="hill/2026-03-02.warc.gz", offset=offset)
        await store.save(deduped(article(1, title=title, archive=place)))
    assert [r["title"] for r in store.revisions(article(1).id)] == ["一稿", "二稿"]


async def test_new_rules_write_the_row_and_no_revision(store: Store) -> None:
    await store.save(deduped(article(1)))
    reread = article(1, reader_version="2", provenance={"title": "label:标题"}, fetched_at=LATER)
    assert await store.save(deduped(reread)) == NOTHING
    assert store.article(reread.id) == reread
    assert store.revisions(reread.id) == []


async def test_an_article_in_two_columns_appears_in_both(store: Store) -> None:
    listed = (visit(1, "news"), visit(1, "briefs", outcome=Outcome.KNOWN, requested=False))
    await store.save(deduped(article(1), visits=listed))
    assert [a.id for a in store.articles(column="news")] == [article(1).id]
    assert [a.id for a in store.articles(column="briefs")] == [article(1).id]
    rows = contents(store.url.render_as_string(hide_password=False))["appearances"]
    assert [(r["column_id"], r["link"], r["title"]) for r in rows] == [
        ("briefs", f"{url(1)}?from=briefs", "第1条"),
        ("news", f"{url(1)}?from=news", "第1条"),
    ]


async def test_a_row_outside_the_window_leaves_nothing(store: Store) -> None:
    outside = visit(1, outcome=Outcome.OUTSIDE, requested=False)
    await store.save(deduped(visits=(outside,)))
    assert not any(store.counts().values())


async def test_a_rejection_waits_until_its_page_succeeds(store: Store) -> None:
    rejected = rejection(1)
    await store.save(deduped(visits=(visit(1),), rejections=(rejected,)))
    assert store.rejections() == [rejected]
    assert store.rejections(reason="missing_title") == [rejected]
    assert store.rejections(reason="missing_body") == []
    assert store.rejection(SITE, url(1)) == rejected
    state = (await store.states(SITE, [url(1)]))[url(1)]
    assert (state.outcome, state.reason) == (Outcome.REJECTED, "missing_title")

    await store.save(deduped(article(1), visits=(visit(1, at=LATER),)))
    assert store.rejections() == []
    assert store.rejection(SITE, url(1)) is None
    assert (await store.states(SITE, [url(1)]))[url(1)].outcome is Outcome.OK


async def test_a_rejection_keeps_when_it_was_first_seen(store: Store) -> None:
    await store.save(deduped(rejections=(rejection(1),)))
    await store.save(deduped(rejections=(rejection(1, reason="missing_body", fetched_at=LATER),)))
    (found,) = store.rejections()
    assert (found.reason, found.fetched_at) == ("missing_body", LATER)


async def test_states_of_visited_pages(store: Store) -> None:
    gone = visit(2, outcome=Outcome.GONE, status=404, validators=Validators(), body_hash=None)
    listing_page = visit(3, kind=Kind.LIST)
    await store.save(deduped(article(1), visits=(visit(1), gone, listing_page)))
    states = await store.states(SITE, [url(n) for n in range(1, 9)])
    assert set(states) == {url(1), url(2)}
    assert states[url(1)].validators == Validators(etag='"1"')
    assert states[url(1)].body_hash == visit(1).body_hash
    assert (states[url(2)].outcome, states[url(2)].status) == (Outcome.GONE, 404)
    assert await store.states("elsewhere", [url(1)]) == {}


async def test_an_unchanged_page_costs_its_states_last_seen(store: Store) -> None:
    await store.save(deduped(article(1), visits=(visit(1),)))
    before = (await store.states(SITE, [url(1)]))[url(1)]
    unchanged = visit(
        1,
        outcome=Outcome.UNCHANGED,
        reason="not modified",
        status=304,
        at=LATER,
        validators=Validators(),
        body_hash=None,
    )
    assert await store.save(deduped(visits=(unchanged,))) == NOTHING
    after = (await store.states(SITE, [url(1)]))[url(1)]
    assert after == before.model_copy(update={"last_seen": LATER})
    assert store.article(article(1).id) == article(1)


async def test_a_checkpoint_moves_with_its_batch(store: Store) -> None:
    assert await store.checkpoint(SITE, "news") is None
    await store.save(deduped(checkpoints=(checkpoint(1), checkpoint(2, "briefs"))))
    await store.save(deduped(checkpoints=(checkpoint(3),)))
    assert await store.checkpoint(SITE, "news") == checkpoint(3)
    assert await store.checkpoint(SITE, "briefs") == checkpoint(2, "briefs")


async def test_a_batch_that_fails_midway_moves_nothing(store: Store) -> None:
    await store.save(deduped(article(1), visits=(visit(1),), checkpoints=(checkpoint(1),)))
    before = contents(store.url.render_as_string(hide_password=False))
    # Articles are written first; then the schema refuses a rejection without a reason.
    broken = deduped(
        article(1, title="改过"),
        article(2),
        visits=(visit(1), visit(2)),
        rejections=(rejection(3, reason=""),),
        checkpoints=(checkpoint(2),),
    )
    with pytest.raises(IntegrityError):
        await store.save(broken)
    assert contents(store.url.render_as_string(hide_password=False)) == before
    assert await store.checkpoint(SITE, "news") == checkpoint(1)


async def test_the_first_of_a_cluster_is_the_earliest(store: Store) -> None:
    text = f"同一篇。{TEXT}"
    late, early = article(9, text, title="同题"), article(3, text, title="另一个题目")
    undated = article(1, text, title="同题", published_at=None, published_precision=None)
    await store.save(deduped(late))
    stored = await store.save(deduped(undated))
    assert stored.repeats == {"news": 1}
    stored = await store.save(deduped(early))
    assert stored.repeats == {}
    rows = contents(store.url.render_as_string(hide_password=False))["articles"]
    assert {r["cluster"] for r in rows} == {early.id}
    assert {r["id"]: r["repeats"] for r in rows} == {
        early.id: None,
        late.id: early.id,
        undated.id: early.id,
    }


async def test_a_changed_text_leaves_its_cluster(store: Store) -> None:
    text = f"同一篇。{TEXT}"
    await store.save(deduped(article(1, text, title="同题"), article(2, text, title="同题")))
    await store.save(deduped(article(1, "河道清淤工程今日开工，沿线绕行路线已在各路口公布。")))
    rows = contents(store.url.render_as_string(hide_password=False))["articles"]
    assert [r["repeats"] for r in rows] == [None, None]


def _batches() -> list[Deduped]:
    """A run over two columns: shared articles, one text thrice, a rejection, what is gone."""
    text = f"转载。{TEXT}"
    known = visit(2, "briefs", outcome=Outcome.KNOWN, requested=False)
    gone = visit(5, outcome=Outcome.GONE, status=404)
    return [
        deduped(article(1), article(2, text, title="转载"), visits=(visit(1), visit(2))),
        deduped(
            article(3, text, title="再转"),
            visits=(known, visit(3), gone),
            checkpoints=(checkpoint(9),),
        ),
        deduped(
            article(4, text, title="转载", column="briefs", column_name="简讯"),
            visits=(visit(4, "briefs"), visit(6, "briefs")),
            rejections=(rejection(6, column="briefs", listing=visit(6, "briefs").listing),),
        ),
        deduped(article(1, column="briefs", column_name="简讯"), visits=(visit(1, "briefs"),)),
    ]


async def test_the_order_and_number_of_attempts_leave_no_trace(
    database: str, sqlite_template: Path, tmp_path: Path
) -> None:
    in_order = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'in-order.db')}"
    with Store.open(in_order) as store:
        for batch in _batches():
            await store.save(batch)
    with Store.open(database) as store:
        for order in itertools.islice(itertools.permutations(_batches()), 0, 24, 5):
            for batch in order:
                await store.save(batch)
    assert contents(database) == contents(in_order)


async def test_each_order_alone_gives_the_same_rows(sqlite_template: Path, tmp_path: Path) -> None:
    found = []
    for order in itertools.permutations(_batches()):
        database = f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'news.db')}"
        with Store.open(database) as store:
            for batch in order:
                await store.save(batch)
            found.append((contents(database), store.articles(), store.rejections()))
    assert all(each == found[0] for each in found)
    assert [a.column_name for a in found[0][1]] == ["简讯", "山区要闻", "简讯", "简讯"]


async def test_newest_first_in_a_window(store: Store) -> None:
    undated = article(9, published_at=None, published_precision=None)
    evening = article(
        3,
        published_at=datetime(2026, 1, 3, 23, 30, tzinfo=UTC) - timedelta(hours=8),
        published_precision=Precision.MINUTE,
    )
    elsewhere = article(5, id="river-5", site="river", url="http://www.river.gov.cn/5.htm")
    await store.save(deduped(article(4), undated, article(2), evening, article(1)))
    await store.save(Deduped(site="river", articles=deduped(elsewhere).articles))
    assert [a.id for a in store.articles()] == [
        elsewhere.id,
        article(4).id,
        evening.id,
        article(2).id,
        article(1).id,
        undated.id,
    ]
    window = Window(since=date(2026, 1, 2), until=date(2026, 1, 4))
    assert [a.id for a in store.articles(SITE, window)] == [evening.id, article(2).id]
    assert [a.id for a in store.articles(SITE, limit=2, offset=1)] == [evening.id, article(2).id]
    assert store.article("unknown") is None


async def test_counts(store: Store) -> None:
    await store.save(deduped(article(1), article(2), visits=(visit(1), visit(2))))
    assert store.counts() == {
        "absences": 0,
        "addresses": 0,
        "apart": 0,
        "appearances": 2,
        "articles": 2,
        "checkpoints": 0,
        "columns": 1,
        "downloads": 0,
        "files": 0,
        "frames": 0,
        "common_keys": 0,
        "held": 0,
        "ledger": 0,
        "excerpts": 0,
        "page_states": 2,
        "postings": 8,
        "rejections": 0,
        "rereadings": 0,
        "revisions": 0,
        "sketches": 2,
    }


async def test_fetched_at_is_kept_to_the_second(store: Store) -> None:
    await store.save(deduped(article(1, fetched_at=NOW + timedelta(milliseconds=700))))
    found = store.article(article(1).id)
    assert found is not None
    assert found.fetched_at == NOW
