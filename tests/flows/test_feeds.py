"""Articles that only a site map or a feed names: fetched politely, once."""

import gzip
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web

from flows.feeds import find_feeds, is_feed_source, take_feeds
from flows.options import RunOptions
from flows.storage.store import Store
from schemas.article import Article
from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.report import RunReport
from schemas.site import Site
from schemas.source import Skipped
from spiders import district, registry
from spiders.archive import archive_files, iterate_archived
from spiders.settings import site_settings
from tests.loopback import Loopback, loopback, page, vsb_article, vsb_site

pytestmark = pytest.mark.anyio

ARTICLES = {f"/info/1001/{n}.htm": (f"某某区第{n}次会议", f"2024-07-0{n}") for n in range(1, 6)}


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Loopback, Site]]:
    """A site whose articles stand on no list, and that site."""
    monkeypatch.setattr(district, "CONTACT", "news@tests.example")
    hurry = {"DOWNLOAD_DELAY": 0, "AUTOTHROTTLE_ENABLED": False, "RETRY_BACKOFF": [0, 0, 0]}
    monkeypatch.setattr(district, "site_settings", lambda site: site_settings(site) | hurry)
    async with loopback() as running:
        running.answers["/robots.txt"] = page("User-agent: *\nDisallow: /info/1001/5.htm")
        for path, (title, day) in ARTICLES.items():
            text = f"会议指出，{title}要抓好落实，务求实效。"
            running.answers[path] = vsb_article(title, day, text)
        site = vsb_site(running)
        monkeypatch.setattr(registry, "load_sites", lambda: {site.id: site})
        yield running, site


def sitemap(server: Loopback, paths: dict[str, str]) -> bytes:
    rows = "".join(
        f"<url><loc>{server.url[:-1]}{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in paths.items()
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{rows}</urlset>".encode()


def xml(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/xml")


async def take(options: RunOptions, source: str) -> RunReport:
    (feeds,) = find_feeds([source], ()).values()
    return await take_feeds(feeds, options)


def stored(options: RunOptions) -> list[Article]:
    with Store.open(options.database) as store:
        return sorted(store.articles(), key=lambda article: article.url)


def skipped(report: RunReport) -> dict[Skipped, int]:
    assert report.source
    return {why: count for why, count in report.source.skipped.items() if count}


async def test_an_index_of_site_maps(server: tuple[Loopback, Site], tmp_path: Path) -> None:
    running, site = server
    options = RunOptions(data=tmp_path)
    index = (
        "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        f"<sitemap><loc>{running.url}a.xml.gz</loc></sitemap></sitemapindex>"
    )
    named = {**dict.fromkeys(ARTICLES, ""), "/info/1001/9.htm": "", "/yw.htm": "", "/a.pdf": ""}
    running.answers["/sitemap.xml"] = xml(index.encode())
    running.answers["/a.xml.gz"] = web.Response(body=gzip.compress(sitemap(running, named)))
    report = await take(options, f"{running.url}sitemap.xml")

    assert [article.title for article in stored(options)] == [
        title for path, (title, _) in ARTICLES.items() if not path.endswith("5.htm")
    ]
    assert stored(options)[0].column is None
    (column,) = report.columns
    assert (column.new, column.requested) == (4, 6)
    assert column.outcomes == {Outcome.OK: 4, Outcome.GONE: 1, Outcome.DISALLOWED: 1}
    assert skipped(report) == {Skipped.OTHER_PAGE: 2}
    assert report.failure is None
    assert "/info/1001/5.htm" not in running.paths
    assert "/yw.htm" not in running.paths
    # Every answer is in the archive, the site maps too.
    archived = [
        answer.url.removeprefix(running.url[:-1])
        for file in archive_files(options.archive, site.id)
        for answer in iterate_archived(options.archive, file)
    ]
    assert archived[:3] == ["/robots.txt", "/sitemap.xml", "/a.xml.gz"]

    running.asked.clear()
    again = await take(options, f"{running.url}sitemap.xml")
    assert skipped(again) == {Skipped.OTHER_PAGE: 2, Skipped.KNOWN: 6}
    assert running.paths == ["/robots.txt", "/sitemap.xml", "/a.xml.gz"]


async def test_only_the_window(server: tuple[Loopback, Site], tmp_path: Path) -> None:
    running, _ = server
    window = Window(since=date(2024, 7, 2), until=date(2024, 7, 4))
    options = RunOptions(data=tmp_path, window=window)
    items = "".join(
        f"<item><title>{title}</title><link>{path}</link><pubDate>{day}</pubDate></item>"
        for path, (title, day) in ARTICLES.items()
    )
    running.answers["/rss.xml"] = xml(f"<rss><channel>{items}</channel></rss>".encode())
    report = await take(options, f"{running.url}rss.xml")
    assert [article.title for article in stored(options)] == ["某某区第2次会议", "某某区第3次会议"]
    assert skipped(report) == {Skipped.OUTSIDE: 3}


async def test_a_saved_site_map(server: tuple[Loopback, Site], tmp_path: Path) -> None:
    running, _ = server
    options = RunOptions(data=tmp_path / "data", window=Window(since=date(2024, 7, 2)))
    path = tmp_path / "sitemap.xml"
    path.write_bytes(sitemap(running, {"/info/1001/1.htm": "2024-07-01", "/info/1001/2.htm": ""}))
    assert is_feed_source(str(path))
    report = await take(options, str(path))
    assert [article.title for article in stored(options)] == ["某某区第2次会议"]
    assert skipped(report) == {Skipped.OUTSIDE: 1}
    assert running.paths == ["/robots.txt", "/info/1001/2.htm"]


async def test_an_address_that_is_none(server: tuple[Loopback, Site], tmp_path: Path) -> None:
    running, _ = server
    options = RunOptions(data=tmp_path)
    gone = await take(options, f"{running.url}sitemap.xml")
    assert gone.failure
    assert "sitemap.xml: gone" in gone.failure
    other = await take(options, f"{running.url}info/1001/1.htm")
    assert other.failure
    assert "neither a site map nor a feed" in other.failure


async def test_a_block_ends_it(server: tuple[Loopback, Site], tmp_path: Path) -> None:
    running, _ = server
    options = RunOptions(data=tmp_path)
    running.answers["/sitemap.xml"] = xml(sitemap(running, dict.fromkeys(ARTICLES, "")))
    running.answers["/info/1001/2.htm"] = web.Response(status=412, text="challenge")
    report = await take(options, f"{running.url}sitemap.xml")
    assert running.paths[-1] == "/info/1001/2.htm"
    assert any("stopped at" in problem for problem in report.problems)
    assert [article.title for article in stored(options)] == ["某某区第1次会议"]
