"""Backfills of lists that grow, shrink, lie and fail: all of the window, each article once."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import anyio
import pytest
from aiohttp import web

from flows import lanes
from flows.backfill import BackfillError, backfill
from flows.ingest import ingest
from flows.keeper import Progress
from flows.locks import SiteBusyError, site_lock
from flows.options import RunOptions
from flows.storage.store import Store
from schemas.dates import Window
from schemas.ledger import End, Entry, Figures, State
from schemas.outcome import Outcome
from schemas.site import Column, Politeness, Site
from spiders import district, settings
from tests.lists import ROWS_A_PAGE, ListSite, LiveList, articles_asked, day_of, lists_asked
from tests.loopback import Loopback, loopback

pytestmark = pytest.mark.anyio

ALL = Window(since=date(2023, 1, 1), until=date(2026, 1, 1))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_template: Path) -> None:
    """Nobody waits for anybody on loopback, and the tables are there."""
    shutil.copy(sqlite_template, tmp_path / "district-news.db")
    monkeypatch.setattr(district, "CONTACT", "news@tests.example")
    monkeypatch.setattr(settings, "AUTOTHROTTLE_ENABLED", False)
    monkeypatch.setattr(settings, "RETRY_BACKOFF", [0, 0, 0])
    monkeypatch.setattr(lanes, "_ASK_AGAIN_SECONDS", 0.01)
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    async with loopback() as running:
        yield running


def site_of(server: Loopback, *lists: LiveList) -> Site:
    """The site whose columns are these lists; the server answers for it."""
    server.answers = ListSite(lists=lists)
    site = Site(
        id="somewhere",
        name="某某区人民政府",
        url=server.url,
        family="vsb",
        columns=tuple(
            Column(id=one.name, name=one.name, url=server.url + one.address(1)) for one in lists
        ),
    )
    hurried = Politeness.model_construct(**{**dict(Politeness()), "delay_seconds": 0.0})
    return site.model_copy(update={"politeness": hurried})


def options(data: Path, window: Window = ALL, **fields: object) -> RunOptions:
    return RunOptions(window=window, data=data, **fields)  # type: ignore[arg-type]


def ledger(data: Path) -> list[tuple[Entry, Figures]]:
    with Store.open(options(data).database) as store:
        return store.ledger()


def stored(data: Path) -> list[int]:
    """The numbers of the articles that are stored."""
    with Store.open(options(data).database) as store:
        urls = [article.url for article in store.articles()]
    return sorted(int(url.rsplit("/", 1)[1].removesuffix(".htm")) for url in urls)


async def test_a_finished_backfill_asks_for_the_head_alone(
    server: Loopback, tmp_path: Path
) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(10))]))
    report = await backfill(site, options(tmp_path))
    assert stored(tmp_path) == [*range(10)]
    assert (report.total("new"), report.columns[0].complete, report.problems) == (10, True, [])
    assert lists_asked(server) == ["/yw.htm", "/yw/2.htm", "/yw/3.htm", "/yw.htm"]
    ((entry, figures),) = ledger(tmp_path)
    assert (entry.state, entry.end, entry.unreached) == (State.DONE, End.LIST, 0)
    assert (entry.rows, entry.pages, entry.declared) == (10, 3, 10)
    assert (entry.list_requests, entry.article_requests) == (5, 10)
    assert figures == Figures(found=10, owed=0)
    with Store.open(options(tmp_path).database) as store:
        assert store.counts()["checkpoints"] == 0

    server.asked.clear()
    again = await backfill(site, options(tmp_path))
    assert server.paths == ["/robots.txt", "/yw.htm"]
    assert again.columns[0].complete


async def test_what_was_added_on_top_since_is_taken_by_the_next_run(
    server: Loopback, tmp_path: Path
) -> None:
    column = LiveList("yw", [*reversed(range(10))])
    site = site_of(server, column)
    await backfill(site, options(tmp_path))
    column.numbers = [*reversed(range(10, 16)), *column.numbers]
    server.asked.clear()
    await backfill(site, options(tmp_path))
    assert articles_asked(server) == [15, 14, 13, 12, 11, 10]
    # The lower half of what was the first page stands on the third by now.
    assert lists_asked(server) == ["/yw.htm", "/yw/2.htm", "/yw/3.htm"]
    ((entry, _),) = ledger(tmp_path)
    assert (entry.rows, entry.unreached) == (16, 0)


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
@pytest.mark.parametrize("tells_totals", [True, False], ids=["totals", "no totals"])
async def test_a_list_that_grows_while_it_is_walked(
    server: Loopback, tmp_path: Path, descending: bool, tells_totals: bool
) -> None:
    column = LiveList(
        "yw", [*reversed(range(20))], descending=descending, tells_totals=tells_totals
    )

    def add(*numbers: int) -> None:
        column.numbers = [*numbers, *column.numbers]

    if tells_totals or not descending:  # without totals, renumbered pages cannot be told
        column.before = {2: lambda: add(20), 3: lambda: add(23, 22, 21), 5: lambda: add(25, 24)}
    await backfill(site_of(server, column), options(tmp_path))
    assert stored(tmp_path) == sorted(column.numbers)
    assert len(articles_asked(server)) == len(column.numbers)
    ((entry, _),) = ledger(tmp_path)
    assert (entry.state, entry.rows) == (State.DONE, len(column.numbers))


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
async def test_rows_that_are_withdrawn_leave_no_gap(
    server: Loopback, tmp_path: Path, descending: bool
) -> None:
    column = LiveList("yw", [*reversed(range(20))], descending=descending)
    column.before = {
        2: lambda: column.numbers.remove(18),
        4: lambda: [column.numbers.remove(n) for n in (19, 17, 16)] and None,
    }
    await backfill(site_of(server, column), options(tmp_path))
    assert stored(tmp_path) == [*range(20)]
    assert len(articles_asked(server)) == 20


async def test_a_last_page_that_is_no_more_there(server: Loopback, tmp_path: Path) -> None:
    column = LiveList("yw", [*reversed(range(9))])
    column.before = {3: lambda: column.numbers.remove(8)}
    await backfill(site_of(server, column), options(tmp_path))
    assert stored(tmp_path) == [*range(9)]
    ((entry, _),) = ledger(tmp_path)
    assert (entry.state, entry.end) == (State.DONE, End.LIST)


async def test_late_rows_on_top_are_taken_in_the_end(server: Loopback, tmp_path: Path) -> None:
    column = LiveList("yw", [*reversed(range(10, 20))])
    column.before = {3: lambda: column.numbers.insert(0, 5)}
    january = Window(since=date(2024, 1, 1), until=date(2024, 1, 16))
    await backfill(site_of(server, column), options(tmp_path, january))
    assert stored(tmp_path) == [5, 10, 11, 12, 13, 14]


async def test_pages_past_some_number_are_stubs(server: Loopback, tmp_path: Path) -> None:
    column = LiveList("yw", [*reversed(range(20))], stubs_from=4)
    report = await backfill(site_of(server, column), options(tmp_path))
    assert stored(tmp_path) == [*range(8, 20)]
    ((entry, _),) = ledger(tmp_path)
    assert (entry.state, entry.end, entry.unreached) == (State.DONE, End.STUBS, 8)
    assert report.problems[-1].startswith("yw: the list declares 20 rows and showed 12 (http://")


async def test_a_server_that_shows_the_first_page_for_every_further_one(
    server: Loopback, tmp_path: Path
) -> None:
    column = LiveList("yw", [*reversed(range(12))], stubs_from=3)
    site = site_of(server, column)
    answer = column.answer

    def from_the_start(path: str) -> web.Response | None:
        number = column.number(path)
        if number is None or number < 3:
            return answer(path)
        html = column._html(1).replace("/yw/2.htm", f"/yw/{number + 1}.htm")
        return web.Response(text=html, content_type="text/html")

    column.answer = from_the_start  # type: ignore[method-assign]
    await backfill(site, options(tmp_path))
    ((entry, _),) = ledger(tmp_path)
    assert (entry.state, entry.end, entry.unreached) == (State.DONE, End.STUBS, 4)
    assert len(lists_asked(server)) == 4


async def test_the_walk_ends_below_its_window(server: Loopback, tmp_path: Path) -> None:
    window = Window(since=day_of(30), until=day_of(36))
    site = site_of(server, LiveList("yw", [*reversed(range(40))]))
    await backfill(site, options(tmp_path, window))
    assert stored(tmp_path) == [*range(30, 36)]
    ((entry, _),) = ledger(tmp_path)
    assert (entry.state, entry.end, entry.pages) == (State.DONE, End.WINDOW, 5)
    assert entry.unreached is None


async def test_sticky_and_late_rows_do_not_end_it(server: Loopback, tmp_path: Path) -> None:
    late_at_the_end_of_a_page = [*range(59, 56, -1), 3, *range(56, 40, -1)]
    sticky = [1, 0, 5, 4]
    column = LiveList("yw", [*sticky, *late_at_the_end_of_a_page])
    window = Window(since=day_of(41), until=day_of(50))
    await backfill(site_of(server, column), options(tmp_path, window))
    assert stored(tmp_path) == [*range(41, 50)]


async def test_a_list_without_order_is_walked_to_its_end(server: Loopback, tmp_path: Path) -> None:
    up_and_down = [n + first for first in (80, 0, 70, 4, 90, 8, 12) for n in range(4)]
    column = LiveList("yw", [*up_and_down, 65])
    window = Window(since=day_of(65), until=day_of(66))
    await backfill(site_of(server, column), options(tmp_path, window))
    assert stored(tmp_path) == [65]


async def test_what_failed_is_owed_and_asked_for_again(server: Loopback, tmp_path: Path) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(10))]))
    server.answers.failing = {4}  # type: ignore[attr-defined]
    report = await backfill(site, options(tmp_path))
    ((entry, figures),) = ledger(tmp_path)
    assert (entry.state, figures) == (State.DONE, Figures(found=10, owed=1))
    assert not report.columns[0].complete
    assert "yw: 1 articles failed; the next run asks for them again" in report.problems

    server.answers.failing = set()  # type: ignore[attr-defined]
    server.asked.clear()
    again = await backfill(site, options(tmp_path))
    assert articles_asked(server) == [4]
    assert again.columns[0].complete
    assert stored(tmp_path) == [*range(10)]


async def test_of_many_problems_some_are_named(server: Loopback, tmp_path: Path) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(150))]))
    server.answers.failing = {n for n in range(150) if n % 4}  # type: ignore[attr-defined]
    report = await backfill(site, options(tmp_path))
    assert report.outcome(Outcome.FAILED) == 2 * 112  # and once more in the end
    assert len([p for p in report.problems if p.startswith("article ")]) == 100
    assert "124 more pages like these: the outcomes count them" in report.problems


async def test_pages_that_all_fail_do_not_end_the_walk(server: Loopback, tmp_path: Path) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(30))]))
    server.answers.failing = set(range(8, 24))  # type: ignore[attr-defined]
    await backfill(site, options(tmp_path))
    ((entry, figures),) = ledger(tmp_path)
    assert (entry.state, figures) == (State.DONE, Figures(found=30, owed=16))
    # Five with three retries each, the others without; and in the end each once more.
    assert len(articles_asked(server)) == 14 + 5 * 4 + 11 + 16


async def test_a_server_that_fails_altogether_is_left_alone(
    server: Loopback, tmp_path: Path
) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(30))]))
    answer = server.answers.get

    def get(path: str) -> object:
        is_down = "/info/yw/24.htm" in server.paths and "/yw/" in path.replace(".htm", "/")
        is_older_list = path.startswith("/yw/")
        return web.Response(status=502) if is_down and not is_older_list else answer(path)

    server.answers.get = get  # type: ignore[method-assign]
    await backfill(site, options(tmp_path))
    ((entry, figures),) = ledger(tmp_path)
    assert entry.state is State.STOPPED
    assert entry.reason == f"list {server.url}yw.htm: failed (http_502)"
    assert figures.owed == 5
    server.answers.get = answer  # type: ignore[method-assign]
    await backfill(site, options(tmp_path))
    assert stored(tmp_path) == [*range(30)]


async def test_a_block_ends_the_run_and_leaves_the_other_columns(
    server: Loopback, tmp_path: Path
) -> None:
    site = site_of(server, LiveList("yw", [3, 2, 1]), LiveList("tz", [9, 8, 7]))
    blocked = web.Response(status=412, body=b"<html><script>$_ts=window['$_ts'];</script></html>")
    answer = server.answers.get
    server.answers.get = lambda path: (  # type: ignore[method-assign]
        blocked if path == "/info/yw/2.htm" else answer(path)
    )
    report = await backfill(site, options(tmp_path))
    states = {entry.column: entry.state for entry, _ in ledger(tmp_path)}
    assert states == {"yw": State.STOPPED, "tz": State.WAITING}
    assert articles_asked(server) == [3, 2]
    assert report.outcome(Outcome.BLOCKED) == 1


async def test_page_by_page(server: Loopback, tmp_path: Path) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(12))]))
    await backfill(site, options(tmp_path, max_pages=2))
    ((entry, _),) = ledger(tmp_path)
    assert (entry.state, entry.reason, entry.pages) == (State.STOPPED, "--max-pages 2", 2)
    assert stored(tmp_path) == [*range(4, 12)]
    server.asked.clear()
    await backfill(site, options(tmp_path, max_pages=2))
    assert lists_asked(server) == ["/yw/2.htm", "/yw/3.htm", "/yw.htm"]
    assert articles_asked(server) == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("descending", "dated"),
    [(False, True), (False, False), (True, True)],
    ids=["ascending", "undated", "descending"],
)
@pytest.mark.parametrize("change", [-7, 30])
async def test_a_list_that_changed_between_two_runs(
    server: Loopback, tmp_path: Path, change: int, descending: bool, dated: bool
) -> None:
    column = LiveList("yw", [*reversed(range(60))], descending=descending, dated=dated)
    site = site_of(server, column)
    await backfill(site, options(tmp_path, max_pages=9))
    if change < 0:
        del column.numbers[2 : 2 - change]
    column.numbers = [*reversed(range(60, 60 + change)), *column.numbers]
    server.asked.clear()
    await backfill(site, options(tmp_path))
    assert stored(tmp_path) == [*range(max(60, 60 + change))]
    again = articles_asked(server)
    assert sorted(again) == [*range(24), *range(60, 60 + change)]
    # What is below the mark, the new pages on top twice, and some to find the mark.
    grown = max(0, change) // ROWS_A_PAGE
    assert len(lists_asked(server)) <= 15 - 9 + 2 * grown + 6


async def test_windows_one_after_the_other_do_not_walk_down_again(
    server: Loopback, tmp_path: Path
) -> None:
    sticky = 20
    newest_first = [n for n in reversed(range(200)) if n != sticky]
    column = LiveList("yw", [sticky, *newest_first])
    site = site_of(server, column)
    await backfill(site, options(tmp_path, Window(since=day_of(100), until=day_of(150))))
    column.numbers = [column.numbers[0], 202, 201, 200, *column.numbers[1:]]
    server.asked.clear()
    await backfill(site, options(tmp_path, Window(since=day_of(0), until=day_of(100))))
    assert stored(tmp_path) == [*range(150)]
    # 25 pages of the window, some above it, and the head: half of what a walk from there would be.
    assert len(lists_asked(server)) <= 25 + 8
    below = next(entry for entry, _ in ledger(tmp_path) if entry.until == day_of(100))
    assert (below.state, below.end) == (State.DONE, End.LIST)
    assert 80 <= below.skipped <= 100
    assert below.unreached is None


async def test_two_windows_at_once_share_the_lane_and_the_work(
    server: Loopback, tmp_path: Path
) -> None:
    column = LiveList("yw", [*reversed(range(40))])
    site = site_of(server, column)
    one = Window(since=day_of(0), until=day_of(25))
    other = Window(since=day_of(15), until=day_of(60))
    crowd = Crowd(server)
    async with anyio.create_task_group() as group:
        group.start_soon(backfill, site, options(tmp_path, one))
        group.start_soon(backfill, site, options(tmp_path, other))
    assert stored(tmp_path) == [*range(40)]
    assert len(articles_asked(server)) == 40
    assert crowd.most == 1
    assert {entry.state for entry, _ in ledger(tmp_path)} == {State.DONE}


async def test_the_daily_run_goes_first_and_its_checkpoint_is_its_own(
    server: Loopback, tmp_path: Path
) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(40))]))
    crowd = Crowd(server)
    ended: list[str] = []
    daily = RunOptions(window=Window(since=day_of(32)), data=tmp_path)

    async def run_daily() -> None:
        while len(server.asked) < 8:  # noqa: ASYNC110  (the server knows no event)
            await anyio.sleep(0.001)
        report = await ingest(site, daily)
        ended.append(f"daily {len(server.asked) < 40} {report.columns[0].complete}")

    async def run_backfill() -> None:
        await backfill(site, options(tmp_path))
        ended.append("backfill")

    async with anyio.create_task_group() as group:
        group.start_soon(run_backfill)
        group.start_soon(run_daily)
    assert ended == ["daily True True", "backfill"]
    assert crowd.most == 1
    assert len(articles_asked(server)) == 40
    with Store.open(daily.database) as store:
        reached = await store.checkpoint(site.id, "yw")
    assert reached is not None
    assert (reached.since, reached.newest) == (day_of(32), day_of(39))


async def test_cancelled_it_keeps_what_it_has_and_goes_on_from_there(
    server: Loopback, tmp_path: Path
) -> None:
    site = site_of(server, LiveList("yw", [*reversed(range(20))]))
    running = asyncio.ensure_future(backfill(site, options(tmp_path)))
    while len(articles_asked(server)) < 11:  # noqa: ASYNC110  (the server knows no event)
        await anyio.sleep(0.001)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    ((entry, _),) = ledger(tmp_path)
    assert (entry.state, entry.reason) == (State.STOPPED, "interrupted")
    kept = stored(tmp_path)
    assert len(kept) >= 10
    server.asked.clear()
    await backfill(site, options(tmp_path))
    assert sorted([*articles_asked(server), *kept]) == [*range(20)]


async def test_who_watches_is_told_of_each_stretch(server: Loopback, tmp_path: Path) -> None:
    told: list[Progress] = []
    site = site_of(server, LiveList("yw", [*reversed(range(10))]))
    await backfill(site, options(tmp_path), watch=told.append)
    assert [p.entry.pages for p in told[:3]] == [1, 2, 3]
    assert [p.figures.found for p in told[:3]] == [4, 8, 10]
    assert told[-1].entry.state is State.DONE
    assert told[-1].requests == len(server.asked)
    assert told[-1].report.total("new") == 10


async def test_columns_by_name(server: Loopback, tmp_path: Path) -> None:
    site = site_of(server, LiveList("yw", [2, 1]), LiveList("tz", [4, 3]))
    report = await backfill(site, options(tmp_path, columns=("tz",)))
    assert [column.column for column in report.columns] == ["tz"]
    assert stored(tmp_path) == [3, 4]
    with pytest.raises(BackfillError, match="somewhere has no column xx; it has yw, tz"):
        await backfill(site, options(tmp_path, columns=("xx",)))


async def test_one_window_of_a_column_is_walked_once_at_a_time(
    server: Loopback, tmp_path: Path
) -> None:
    site = site_of(server, LiveList("yw", [2, 1]))
    with (
        Store.open(options(tmp_path).database) as store,
        site_lock(store, "somewhere.yw.2023-01-01.2026-01-01"),
        pytest.raises(SiteBusyError, match="a run is under way"),
    ):
        await backfill(site, options(tmp_path))


async def test_a_rate_may_only_be_slower(server: Loopback, tmp_path: Path) -> None:
    site = site_of(server, LiveList("yw", [2, 1])).model_copy(update={"politeness": Politeness()})
    for rate in (1.0, 0.0, -1.0):
        with pytest.raises(BackfillError, match=r"up to 0\.5 requests a second"):
            await backfill(site, options(tmp_path, rate=rate))
    assert server.asked == []


async def test_a_backfill_wants_both_ends(server: Loopback, tmp_path: Path) -> None:
    site = site_of(server, LiveList("yw", [2, 1]))
    with pytest.raises(BackfillError, match="both --since and --until"):
        await backfill(site, options(tmp_path, Window(since=date(2024, 1, 1))))


class Crowd:
    """The most requests that a server had under way at once."""

    def __init__(self, server: Loopback) -> None:
        self.most = self._now = 0
        answer = server.answers.get
        server.answers.get = lambda path: self._counted(answer(path))  # type: ignore[method-assign]

    def _counted(self, answer: object) -> object:
        if not isinstance(answer, web.Response):
            return answer

        async def slowly(_request: web.BaseRequest) -> web.StreamResponse:
            self._now += 1
            self.most = max(self.most, self._now)
            await asyncio.sleep(0.001)
            self._now -= 1
            return answer

        return slowly
