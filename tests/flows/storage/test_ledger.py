"""The ledger in the store: asked once, moved with its batch, counted by what is known."""

from datetime import date

import pytest

from flows.storage.store import Store
from schemas.dates import Window
from schemas.ledger import End, Entry, Figures, Hint, State
from schemas.outcome import Outcome
from tests.flows.storage.records import LATER, NOW, SITE, article, deduped, url, visit

pytestmark = pytest.mark.anyio

JANUARY = Window(since=date(2026, 1, 1), until=date(2026, 2, 1))
FIRST_DAYS = Window(since=date(2026, 1, 1), until=date(2026, 1, 4))


@pytest.fixture
def store(database: str):
    with Store.open(database) as opened:
        yield opened


async def test_what_is_asked_twice_is_one_entry(store: Store) -> None:
    (first,) = await store.begin(SITE, ["news"], JANUARY, NOW)
    again = await store.begin(SITE, ["notices", "news"], JANUARY, LATER)
    assert [entry.column for entry in again] == ["notices", "news"]
    assert again[1] == first
    assert (first.state, first.asked_at, first.window) == (State.WAITING, NOW, JANUARY)


async def test_an_entry_moves_with_its_batch(store: Store) -> None:
    (entry,) = await store.begin(SITE, ["news"], JANUARY, NOW)
    moved = entry.model_copy(
        update={
            "moved_at": LATER,
            "state": State.STOPPED,
            "reason": "--max-pages",
            "declared": 2232,
            "pages": 3,
            "rows": 60,
            "mark_day": date(2026, 1, 5),
            "mark": (url(2), url(1)),
            "hints": (Hint(page=2, url="http://www.hill.gov.cn/news/4.htm"),),
            "head": (url(9),),
        }
    )
    await store.save(deduped(article(1), visits=(visit(1),), ledger=(moved,)))
    assert await store.begin(SITE, ["news"], JANUARY, LATER) == [moved]


async def test_figures_are_counted_in_the_window_and_the_column(store: Store) -> None:
    failed = visit(3, outcome=Outcome.FAILED, reason="HTTP 502", status=502)
    batch = deduped(
        article(1),
        article(2),
        visits=(
            visit(1),
            visit(2, outcome=Outcome.GONE),
            failed,
            visit(5, outcome=Outcome.FAILED),
            visit(6, listing=None),
            visit(7, "notices"),
            visit(3, "notices", outcome=Outcome.KNOWN),
        ),
    )
    await store.save(batch)
    news, notices = await store.begin(SITE, ["news", "notices"], FIRST_DAYS, NOW)
    assert await store.figures(news) == Figures(found=4, owed=1)
    assert await store.figures(notices) == Figures(found=1, owed=1)
    assert store.ledger(SITE) == [
        (news, Figures(found=4, owed=1)),
        (notices, Figures(found=1, owed=1)),
    ]
    assert store.ledger("river") == []
    (due,) = await store.owed(news)
    assert (due.state.url, due.listing) == (url(3), failed.listing)


async def test_what_other_windows_of_a_column_have_passed(store: Store) -> None:
    hint = Hint(page=7, rows=140, url=f"{url(1)}?7", day=date(2026, 1, 9))
    january, _ = await store.begin(SITE, ["news", "notices"], JANUARY, NOW)
    (first_days,) = await store.begin(SITE, ["news"], FIRST_DAYS, NOW)
    for rises, found in ((2, []), (1, [hint])):
        walked = january.model_copy(update={"hints": (hint,), "rises": rises})
        await store.save(deduped(ledger=(walked,)))
        assert await store.neighbours(first_days, 1) == found
    assert await store.neighbours(january, 1) == []


async def test_what_a_list_has_named(store: Store) -> None:
    await store.save(deduped(visits=(visit(1), visit(2, "notices"))))
    assert await store.appeared(SITE, "news", [url(1), url(2), url(3)]) == {url(1)}


@pytest.mark.parametrize(
    ("end", "declared", "unreached"),
    [(None, 2232, None), (End.WINDOW, 2232, None), (End.STUBS, 2232, 592), (End.LIST, None, None)],
)
def test_what_a_list_claims_and_does_not_show(
    end: End | None, declared: int | None, unreached: int | None
) -> None:
    entry = Entry(
        site=SITE,
        column="news",
        since=date(2026, 1, 1),
        until=date(2026, 2, 1),
        asked_at=NOW,
        end=end,
        declared=declared,
        rows=1640,
    )
    assert entry.unreached == unreached
