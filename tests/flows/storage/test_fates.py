"""What visits say of a stored article: revised or not, missing, back, moved. On both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from flows.batch import Turn
from flows.storage.store import Store
from schemas.article import Attachment
from schemas.dates import SHANGHAI
from schemas.history import Absence, Fate, Sign
from schemas.outcome import Outcome
from schemas.page import ArchivePlace, Page
from schemas.visit import Kind, Visit
from tests.flows.storage.records import (
    LATER_PLACE,
    NOW,
    SITE,
    TEXT,
    article,
    deduped,
    rejection,
    url,
    visit,
)

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
NEW_URL = "http://www.hill.gov.cn/info/2002/1.htm"


@pytest.fixture
async def store(database: str) -> Iterator[Store]:
    """A store with article 1, named by its list and read at NOW."""
    with Store.open(database) as opened:
        await opened.save(deduped(article(1), visits=(visit(1),)))
        yield opened


def gone(at: datetime = NOW, **fields: Any) -> Visit:
    return visit(1, outcome=Outcome.GONE, status=404, at=at, **fields)


def unlisted(at: datetime) -> Visit:
    return visit(1, outcome=Outcome.UNLISTED, kind=Kind.AGAIN, at=at, requested=False, listing=None)


async def fates(store: Store, *visits: Visit) -> list[Fate]:
    """What each visit, stored by itself, changed."""
    turns: list[Turn] = []
    for one in visits:
        turns += (await store.save(deduped(visits=(one,)))).turns
    return [turn.fate for turn in turns]


def absences(store: Store) -> tuple[Absence, ...]:
    found = store.history(article(1).id)
    assert found is not None
    return found.absences


# --- Missing and back ---------------------------------------------------------------------------


async def test_twice_on_one_day_is_a_suspicion(store: Store) -> None:
    assert await fates(store, gone(NOW), gone(NOW + timedelta(hours=3))) == [Fate.SUSPECTED]
    (absence,) = absences(store)
    assert absence.suspected.at == NOW
    assert absence.confirmed is None


async def test_the_day_is_that_of_shanghai(store: Store) -> None:
    evening = datetime(2026, 3, 1, 23, 50, tzinfo=SHANGHAI)
    morning = datetime(2026, 3, 2, 0, 10, tzinfo=SHANGHAI)
    assert await fates(store, gone(evening), gone(morning)) == [Fate.SUSPECTED, Fate.GONE]


async def test_a_third_day_changes_nothing(store: Store) -> None:
    assert await fates(store, gone(NOW), gone(NOW + DAY), gone(NOW + 2 * DAY)) == [
        Fate.SUSPECTED,
        Fate.GONE,
    ]
    (absence,) = absences(store)
    assert absence.confirmed is not None
    assert absence.confirmed.at == NOW + DAY


async def test_a_failure_between_says_nothing(store: Store) -> None:
    failed = visit(1, outcome=Outcome.FAILED, at=NOW + DAY, status=503)
    blocked = visit(1, outcome=Outcome.BLOCKED, at=NOW + DAY, status=412)
    assert await fates(store, gone(NOW), failed, blocked) == [Fate.SUSPECTED]
    assert absences(store)[0].is_open


async def test_there_after_all_is_kept_and_not_reported_as_back(store: Store) -> None:
    again = visit(1, outcome=Outcome.UNCHANGED, at=NOW + DAY)
    assert await fates(store, gone(NOW), again) == [Fate.SUSPECTED]
    assert absences(store)[0].back_at == NOW + DAY


async def test_gone_twice_leaves_two_absences(store: Store) -> None:
    days = [NOW + n * DAY for n in range(1, 6)]
    there = visit(1, at=days[2])
    assert await fates(
        store, gone(days[0]), gone(days[1]), there, gone(days[3]), gone(days[4])
    ) == [
        Fate.SUSPECTED,
        Fate.GONE,
        Fate.BACK,
        Fate.SUSPECTED,
        Fate.GONE,
    ]
    assert [absence.is_open for absence in absences(store)] == [False, True]


async def test_a_page_that_was_never_stored_cannot_be_missed(store: Store) -> None:
    assert await fates(store, visit(9, outcome=Outcome.GONE, status=404)) == []


async def test_what_its_list_dropped_is_not_back_because_its_page_answers(store: Store) -> None:
    by_itself = visit(1, kind=Kind.AGAIN, at=NOW + DAY, listing=None)
    assert await fates(store, unlisted(NOW), by_itself, unlisted(NOW + DAY)) == [
        Fate.SUSPECTED,
        Fate.GONE,
    ]
    named = visit(1, outcome=Outcome.KNOWN, requested=False, at=NOW + 2 * DAY)
    assert await fates(store, named) == [Fate.BACK]


async def test_a_row_on_a_list_does_not_bring_a_dead_page_back(store: Store) -> None:
    named = visit(1, outcome=Outcome.KNOWN, requested=False, at=NOW + DAY)
    assert await fates(store, gone(NOW), named) == [Fate.SUSPECTED]
    assert absences(store)[0].is_open


@pytest.mark.parametrize("order", [(gone, unlisted), (unlisted, gone)], ids=["page", "list"])
async def test_on_one_day_the_page_says_more_than_the_list(store: Store, order: Any) -> None:
    await fates(store, *(make(NOW) for make in order))
    (absence,) = absences(store)
    assert absence.suspected.sign is Sign.NOT_FOUND


async def test_an_old_page_read_late_ends_no_absence(store: Store) -> None:
    await fates(store, gone(NOW + DAY))
    assert await fates(store, visit(1, at=NOW)) == []
    assert absences(store)[0].is_open


# --- Looked at again ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "expected"),
    [(timedelta(hours=23), False), (timedelta(days=1), True), (timedelta(days=400), True)],
)
async def test_an_article_is_due_when_an_age_of_the_plan_has_come(
    store: Store, age: timedelta, expected: bool
) -> None:
    due = await store.due(SITE, NOW + age, 10)
    assert [one.state.url for one in due] == ([url(1)] if expected else [])


async def test_a_look_settles_every_age_that_has_passed(store: Store) -> None:
    await fates(store, visit(1, outcome=Outcome.UNCHANGED, at=NOW + 8 * DAY))
    assert await store.due(SITE, NOW + 29 * DAY, 10) == []
    assert len(await store.due(SITE, NOW + 30 * DAY, 10)) == 1
    await fates(store, visit(1, outcome=Outcome.UNCHANGED, at=NOW + 30 * DAY))
    assert await store.due(SITE, NOW + 400 * DAY, 10) == []


async def test_what_is_due_comes_with_its_list_row(store: Store) -> None:
    (due,) = await store.due(SITE, NOW + DAY, 10)
    assert due.column == "news"
    assert due.listing == visit(1).listing
    assert due.state.validators.etag == '"1"'


async def test_the_suspect_come_first_then_the_newest_within_the_budget(store: Store) -> None:
    others = [article(n) for n in (2, 3, 4)]
    await store.save(deduped(*others, visits=tuple(visit(n) for n in (2, 3, 4))))
    await fates(store, visit(2, outcome=Outcome.GONE, status=404, at=NOW + timedelta(hours=1)))
    due = await store.due(SITE, NOW + DAY, 3)
    assert [one.state.url for one in due] == [url(2), url(4), url(3)]
    assert [one.state.missing for one in due] == [True, False, False]


async def test_what_is_suspect_is_asked_once_a_day_for_a_month(store: Store) -> None:
    await fates(store, gone(NOW))
    assert await store.due(SITE, NOW + timedelta(hours=2), 10) == []
    assert len(await store.due(SITE, NOW + DAY, 10)) == 1
    assert await store.due(SITE, NOW + 31 * DAY, 10) == []


async def test_what_is_gone_is_looked_for_on_the_same_plan(store: Store) -> None:
    await fates(store, gone(NOW), gone(NOW + DAY))
    assert await store.due(SITE, NOW + 2 * DAY, 10) == []
    assert len(await store.due(SITE, NOW + 7 * DAY, 10)) == 1


async def test_a_list_is_asked_for_what_it_named_after_a_day(store: Store) -> None:
    await store.save(deduped(article(2), article(3), visits=(visit(2), visit(3, "briefs"))))
    after = datetime(2026, 1, 1, tzinfo=SHANGHAI).date()
    (listed,) = await store.listed(SITE, "news", after)
    assert listed.url == url(2)
    assert listed.columns == {"news"}


# --- Moved --------------------------------------------------------------------------------------


def redirected(at: datetime = NOW + DAY, target: str = NEW_URL) -> Visit:
    page = Page(url=target, status=200, body=b"", fetched_at=at, site=SITE, archive=LATER_PLACE)
    return visit(1, at=at, address=target, page=page)


def at_new_address(**fields: Any) -> Any:
    return article(1, id="new", url=NEW_URL, archive=LATER_PLACE, fetched_at=NOW + DAY, **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "另一个标题", "published_at": datetime(2026, 2, 1, tzinfo=SHANGHAI)},
        {"text": f"修订后的全文。{TEXT}", "content_hash": "a" * 64},
    ],
    ids=["same text", "same title and day"],
)
async def test_a_redirect_to_the_same_article_keeps_its_identity(
    store: Store, fields: dict[str, Any]
) -> None:
    text = fields.pop("text", article(1).body_text)
    moved = at_new_address(**{"body_text": text, "content_hash": article(1).content_hash} | fields)
    stored = await store.save(deduped(moved, visits=(redirected(),)))
    assert [turn.fate for turn in stored.turns] == [Fate.MOVED]
    assert [one.id for one in store.articles()] == [article(1).id]
    found = store.history(article(1).id)
    assert found is not None
    assert found.article.url == url(1)
    assert [address.url for address in found.addresses] == [NEW_URL]
    assert store.owner(SITE, NEW_URL) == article(1).id


async def test_a_list_row_with_the_new_address_is_the_same_article(store: Store) -> None:
    moved = at_new_address(content_hash=article(1).content_hash)
    await store.save(deduped(moved, visits=(redirected(),)))
    named = visit(1, url=NEW_URL, at=NOW + 2 * DAY)
    stored = await store.save(deduped(moved, visits=(named,)))
    assert (stored.new, stored.changed, stored.turns) == ({}, {}, ())


async def test_a_redirect_to_another_article_is_a_sign_against_it(store: Store) -> None:
    other = at_new_address(title="另一篇", content_hash="b" * 64)
    batch = deduped(other, visits=(redirected(),))
    stored = await store.save(batch)
    assert [turn.fate for turn in stored.turns] == [Fate.SUSPECTED]
    assert {one.id for one in store.articles()} == {article(1).id, "new"}
    (absence,) = absences(store)
    assert absence.suspected.sign is Sign.ELSEWHERE
    assert absence.suspected.reason == f"redirects to {NEW_URL}"


async def test_a_redirect_to_no_article_is_a_sign_against_it(store: Store) -> None:
    refused = rejection(1, url=NEW_URL, outcome=Outcome.EMPTY, reason="list_page")
    stored = await store.save(deduped(visits=(redirected(),), rejections=(refused,)))
    assert [turn.fate for turn in stored.turns] == [Fate.SUSPECTED]


async def test_a_redirect_met_first_makes_the_old_address_a_further_one(store: Store) -> None:
    target = "http://www.hill.gov.cn/info/2002/5.htm"
    first = visit(5, address=target, page=redirected(target=target).page)
    stored = await store.save(deduped(article(5, url=target), visits=(first,)))
    assert stored.turns == ()
    assert store.owner(SITE, url(5)) == article(5).id
    due = await store.due(SITE, NOW + DAY, 10)
    assert [one.state.url for one in due] == [target, url(1)]


# --- What is no revision ------------------------------------------------------------------------


async def test_a_page_read_again_from_the_same_place_is_no_revision(store: Store) -> None:
    stored = await store.save(deduped(article(1, document_number="山政发〔2026〕7号")))
    assert stored.changed == {}
    assert store.revisions(article(1).id) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "第 1 条新闻"},
        {"body_html": "<div><b>别的标记</b></div>"},
        {"fetched_at": NOW + DAY},
    ],
    ids=["white space", "markup", "moment"],
)
async def test_what_no_reader_would_notice_is_no_revision(
    store: Store, fields: dict[str, Any]
) -> None:
    await store.save(deduped(article(1, archive=LATER_PLACE, **fields)))
    assert store.revisions(article(1).id) == []
    assert store.article(article(1).id) == article(1)


async def test_http_for_https_is_no_revision(store: Store) -> None:
    file = Attachment(url="http://www.hill.gov.cn/1.pdf", name="附件１：名单")
    twin = Attachment(url="https://www.hill.gov.cn/1.pdf", name="附件1:名单")
    await store.save(deduped(article(2, attachments=(file,))))
    await store.save(deduped(article(2, attachments=(twin,), archive=LATER_PLACE)))
    assert store.revisions(article(2).id) == []


async def test_a_field_that_newer_rules_find_is_no_revision_but_an_edit_is(store: Store) -> None:
    newer = {"reader_version": "2", "archive": LATER_PLACE}
    await store.save(deduped(article(1, source="区融媒体中心", **newer)))
    assert store.revisions(article(1).id) == []
    place = ArchivePlace(file="hill/2026-03-03.warc.gz", offset=1)
    edited = article(1, source="区政府办公室", reader_version="3", archive=place)
    assert (await store.save(deduped(edited))).changed == {"news": 1}


async def test_a_hash_tells_revisions_apart_and_their_twins_not(store: Store) -> None:
    places = [ArchivePlace(file="hill/2026-03-02.warc.gz", offset=n) for n in (1, 2)]
    await store.save(deduped(article(1, editor="甲", archive=places[0])))
    await store.save(deduped(article(1, archive=places[1])))
    found = store.history(article(1).id)
    assert found is not None
    first, second, third = (version.hash for version in found.versions)
    assert first == third != second
