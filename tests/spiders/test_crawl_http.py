"""One crawl over real HTTP: robots, user agent, conditions, redirects, retries, limits, blocks."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.page import Listing, Validators
from schemas.visit import Checkpoint, Due, Kind, PageState, Visit
from spiders import district
from spiders.archive import read_record
from spiders.crawl import crawl
from spiders.ports import NoContactError, NoMemory
from tests.loopback import Loopback, loopback, page, vsb_article, vsb_list, vsb_site

pytestmark = pytest.mark.anyio

TEXT = "全区科技创新大会召开，会议总结工作，表彰先进，部署任务。" * 3
LONG_AGO = datetime(2024, 7, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "CONTACT", "news@tests.example")


class Remembered(NoMemory):
    """A memory of these page states."""

    def __init__(self, *states: PageState) -> None:
        self._states = {state.url: state for state in states}
        self.plan: Sequence[Due] = ()

    async def due(self, _site: str, _now: datetime, limit: int) -> Sequence[Due]:
        return self.plan[:limit]

    async def states(self, _site: str, urls: Sequence[str]) -> Mapping[str, PageState]:
        return {url: self._states[url] for url in urls if url in self._states}


async def visits_of(
    server: Loopback, archive: Path, memory: NoMemory | None = None, **settings: object
) -> list[Visit]:
    """Crawl the server's one column without waiting; every visit in order."""
    visits: list[Visit] = []

    async def sink(visit: Visit, _checkpoint: Checkpoint | None) -> None:
        visits.append(visit)

    hurry = {
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_BACKOFF": [0, 0, 0],
        "USER_AGENT": "district-news/0.1 (+news@tests.example)",
        "ARCHIVE": str(archive),
        **settings,
    }
    await crawl(vsb_site(server), Window(), memory=memory or NoMemory(), sink=sink, settings=hurry)
    return visits


def outcomes(visits: list[Visit]) -> dict[str, Outcome]:
    """What became of each address, by the last part of it."""
    return {visit.url.rsplit("/", 1)[-1]: visit.outcome for visit in visits}


async def test_pages_are_fetched_archived_and_handed_on(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list(
                {"info/1/2.htm": ("乙", "2024-07-19"), "info/1/1.htm": ("甲", "2024-07-18")}
            ),
            "/info/1/1.htm": vsb_article("甲", "2024-07-18", TEXT, ETag='"e1"'),
            "/info/1/2.htm": vsb_article("乙", "2024-07-19", TEXT),
        }
        visits = await visits_of(server, tmp_path)
        assert server.paths == ["/robots.txt", "/yw.htm", "/info/1/2.htm", "/info/1/1.htm"]
        agents = {request.headers["User-Agent"] for request in server.asked}
        assert agents == {"district-news/0.1 (+news@tests.example)"}
    assert outcomes(visits) == {"yw.htm": "ok", "2.htm": "ok", "1.htm": "ok"}
    last = visits[-1]
    assert last.page is not None
    assert last.page.archive is not None
    assert last.validators == Validators(etag='"e1"')
    assert last.listing is not None
    assert last.listing.title == "甲"
    status, _, body = read_record(tmp_path, last.page.archive)
    assert (status, body) == (200, last.page.body)


async def test_a_live_crawl_says_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "CONTACT", "")
    async with loopback() as server:
        with pytest.raises(NoContactError, match="DISTRICT_NEWS_CONTACT"):
            await visits_of(server, tmp_path)
        assert server.asked == []


async def test_one_request_at_a_time(tmp_path: Path) -> None:
    under_way, most = 0, 0

    async def slow(_request: web.Request) -> web.StreamResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.02)
        under_way -= 1
        return vsb_article("标题", "2024-07-19", TEXT)

    async with loopback() as server:
        rows = {f"info/1/{n}.htm": (f"第{n}条", "2024-07-19") for n in range(8)}
        server.answers = {"/yw.htm": vsb_list(rows)} | {f"/{path}": slow for path in rows}
        await visits_of(server, tmp_path)
    assert most == 1


async def test_the_delay_of_the_site_is_kept(tmp_path: Path) -> None:
    async with loopback() as server:
        rows = {f"info/1/{n}.htm": (f"第{n}条", "2024-07-19") for n in range(3)}
        server.answers = {"/yw.htm": vsb_list(rows)}
        started = asyncio.get_running_loop().time()
        await visits_of(server, tmp_path, DOWNLOAD_DELAY=0.2, DOWNLOAD_DELAY_JITTER=0)
        took = asyncio.get_running_loop().time() - started
    assert len(server.asked) == 5
    assert took >= 0.2 * 3


async def test_robots_txt_is_obeyed(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/robots.txt": web.Response(text="User-agent: *\nDisallow: /info/2/"),
            "/yw.htm": vsb_list(
                {"info/1/1.htm": ("甲", "2024-07-19"), "info/2/2.htm": ("乙", "2024-07-19")}
            ),
            "/info/1/1.htm": vsb_article("甲", "2024-07-19", TEXT),
        }
        visits = await visits_of(server, tmp_path)
        assert "/info/2/2.htm" not in server.paths
    assert outcomes(visits)["2.htm"] is Outcome.DISALLOWED


@pytest.mark.parametrize("status", [500, 503])
async def test_a_robots_txt_that_fails_disallows_everything(tmp_path: Path, status: int) -> None:
    async with loopback() as server:
        server.answers = {"/robots.txt": web.Response(status=status), "/yw.htm": vsb_list({})}
        visits = await visits_of(server, tmp_path)
        assert set(server.paths) == {"/robots.txt"}
    assert outcomes(visits) == {"yw.htm": "disallowed"}


async def test_a_page_that_is_due_is_asked_for_with_its_validators(tmp_path: Path) -> None:
    async def unless_changed(request: web.Request) -> web.StreamResponse:
        assert request.headers["If-None-Match"] == '"e1"'
        return web.Response(status=304, headers={"ETag": '"e1"'})

    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": unless_changed,
        }
        state = PageState(
            url=f"{server.url}info/1/1.htm",
            outcome=Outcome.OK,
            validators=Validators(etag='"e1"'),
            first_seen=LONG_AGO,
            last_seen=LONG_AGO,
        )
        visits = await visits_of(server, tmp_path, Remembered(state))
    assert outcomes(visits)["1.htm"] is Outcome.UNCHANGED
    assert all(visit.page is None for visit in visits)


async def test_the_same_bytes_are_unchanged_without_any_validator(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": vsb_article("甲", "2024-07-18", TEXT),
        }
        first = next(v for v in await visits_of(server, tmp_path) if v.kind is Kind.ARTICLE)
        state = PageState(
            url=first.url,
            outcome=Outcome.OK,
            body_hash=first.body_hash,
            first_seen=LONG_AGO,
            last_seen=LONG_AGO,
        )
        again = await visits_of(server, tmp_path, Remembered(state))
    assert outcomes(again)["1.htm"] is Outcome.UNCHANGED


async def test_a_redirect_away_from_the_site_is_not_followed(tmp_path: Path) -> None:
    async with loopback() as server, loopback() as elsewhere:
        target = elsewhere.url.replace("127.0.0.1", "localhost")
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": web.Response(status=302, headers={"Location": target}),
        }
        visits = await visits_of(server, tmp_path)
        assert elsewhere.asked == []
    moved = visits[-1] if visits[-1].kind is Kind.ARTICLE else visits[0]
    assert (moved.outcome, moved.reason) == (Outcome.MOVED, f"redirects to {target}")


async def test_a_redirect_to_the_front_page_is_not_followed(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": web.Response(status=302, headers={"Location": "/"}),
        }
        visits = await visits_of(server, tmp_path)
        assert "/" not in server.paths
    assert outcomes(visits)["1.htm"] is Outcome.GONE


async def test_a_redirect_within_the_site_is_followed(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": web.Response(status=301, headers={"Location": "/info/9/1.htm"}),
            "/info/9/1.htm": vsb_article("甲", "2024-07-18", TEXT),
        }
        visits = await visits_of(server, tmp_path)
    article = next(visit for visit in visits if visit.kind is Kind.ARTICLE)
    assert article.page is not None
    assert article.page.url == f"{server.url}info/9/1.htm"


async def test_the_validators_of_one_address_are_not_sent_to_another(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": web.Response(status=301, headers={"Location": "/info/9/1.htm"}),
            "/info/9/1.htm": vsb_article("甲", "2024-07-18", TEXT),
        }
        state = PageState(
            url=f"{server.url}info/1/1.htm",
            outcome=Outcome.OK,
            validators=Validators(etag='"e1"', last_modified="Thu, 18 Jul 2024 08:00:00 GMT"),
            first_seen=LONG_AGO,
            last_seen=LONG_AGO,
        )
        visits = await visits_of(server, tmp_path, Remembered(state))
        asked = {request.path: request.headers for request in server.asked}
    assert asked["/info/1/1.htm"]["If-None-Match"] == '"e1"'
    assert not {"If-None-Match", "If-Modified-Since"} & asked["/info/9/1.htm"].keys()
    article = next(visit for visit in visits if visit.kind is Kind.ARTICLE)
    assert article.address == f"{server.url}info/9/1.htm"


async def test_what_is_due_is_asked_for_though_no_list_names_it(tmp_path: Path) -> None:
    async def unless_changed(request: web.Request) -> web.StreamResponse:
        assert request.headers["If-None-Match"] == '"e1"'
        return web.Response(status=304, headers={"ETag": '"e1"'})

    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/2.htm": ("乙", "2024-07-19")}),
            "/info/1/2.htm": vsb_article("乙", "2024-07-19", TEXT),
            "/info/1/1.htm": unless_changed,
        }
        url = f"{server.url}info/1/1.htm"
        state = PageState(
            url=url,
            outcome=Outcome.OK,
            validators=Validators(etag='"e1"'),
            first_seen=LONG_AGO,
            last_seen=LONG_AGO,
        )
        due = Due(state=state, column="yw", listing=Listing(url=url, title="甲"))
        memory = Remembered()
        memory.plan = (due,)
        visits = await visits_of(server, tmp_path, memory)
        assert server.paths[-1] == "/info/1/1.htm"
    again = visits[-1]
    assert (again.kind, again.outcome) == (Kind.AGAIN, Outcome.UNCHANGED)


async def test_a_server_error_is_tried_again_and_then_reported(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": web.Response(status=503),
        }
        visits = await visits_of(server, tmp_path)
        assert server.paths.count("/info/1/1.htm") == 4
    assert outcomes(visits)["1.htm"] is Outcome.FAILED


async def test_a_page_over_the_limit_is_left(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {
            "/yw.htm": vsb_list({"info/1/1.htm": ("甲", "2024-07-18")}),
            "/info/1/1.htm": page("x" * 20_000),
        }
        visits = await visits_of(server, tmp_path, DOWNLOAD_MAXSIZE=10_000)
    assert outcomes(visits)["1.htm"] is Outcome.TOO_LARGE


async def test_a_challenge_ends_the_crawl(tmp_path: Path) -> None:
    async with loopback() as server:
        rows = {f"info/1/{n}.htm": (f"第{n}条", "2024-07-19") for n in range(8)}
        challenge = web.Response(
            status=412, body=b"<html><script>$_ts=window['$_ts'];</script></html>"
        )
        server.answers = {"/yw.htm": vsb_list(rows), "/info/1/0.htm": challenge}
        visits = await visits_of(server, tmp_path)
        articles = [path for path in server.paths if path.startswith("/info/")]
        assert len(articles) <= 2
    assert outcomes(visits)["0.htm"] is Outcome.BLOCKED


async def test_a_dead_server_is_a_failed_list(tmp_path: Path) -> None:
    async with loopback() as server:
        server.answers = {"/robots.txt": web.Response(text="")}
    visits = await visits_of(server, tmp_path, RETRY_TIMES=0)
    assert [(visit.kind, visit.outcome) for visit in visits] == [(Kind.LIST, Outcome.DISALLOWED)]
