"""Pages from files: stored as fetched ones are, once, and in the order of their dates."""

import signal
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.ingest import ingest
from flows.locks import SiteBusyError, site_lock
from flows.options import RunOptions
from flows.reparse import reparse
from flows.sources import survey_sources, take_site
from flows.storage.store import Store
from schemas.article import Article
from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.report import RunReport
from schemas.source import Skipped
from spiders.archive import archive_files, read_record
from spiders.registry import get_site
from spiders.sources import SourceError
from tests.fixture_sites import FIXTURES, load_expected, load_responses
from tests.flows.killed import CONTEXT, Fuse, in_a_process, run_and_count, run_sources
from tests.flows.test_kill import problems_of_the_archive, rows_of
from tests.loopback import vsb_article
from tests.warcs import FETCHED, Warc, warc_of

pytestmark = pytest.mark.anyio

SITE = "lanshan"
URL = "http://www.lyls.gov.cn/info/1055/{}.htm"
MOMENTS = 7
TEXT = """兰山区召开会议-兰山区人民政府
兰山区召开会议
发布时间：2025-05-30
会议指出，兰山区召开会议是一件大事，要抓好落实。
"""


@pytest.fixture
def options(tmp_path: Path) -> RunOptions:
    return RunOptions(data=tmp_path / "data")


def article(title: str = "兰山区召开会议", day: str = "2025-05-30", text: str = "") -> bytes:
    body = vsb_article(title, day, text or f"会议指出，{title}是一件大事，要抓好落实。").body
    assert isinstance(body, bytes)
    return body


def fixture_warc(path: Path) -> Path:
    """The fixture site's pages as another tool's crawl, with what else such a crawl holds."""
    warc = Warc(path)
    for response in load_responses(SITE).values():
        headers = {"Content-Type": "text/html", **response.headers}
        status = f"{response.status} OK"
        warc.page(response.url, response.body, FETCHED, status=status, headers=headers)
    warc.page(URL.format("1.pdf"), b"%PDF-1.7", headers={"Content-Type": "application/pdf"})
    warc.page("http://www.elsewhere.example/info/1/1.htm", article())
    return warc.close()


async def take(options: RunOptions, *paths: Path, site: str = SITE) -> RunReport:
    survey = survey_sources(paths, None, (), options)
    with Store.open(options.database) as store:
        return await take_site(survey.sites[site], survey, store, options)


def stored(options: RunOptions) -> dict[str, Article]:
    with Store.open(options.database) as store:
        return {article.url: article for article in store.articles()}


def skipped(report: RunReport) -> dict[str, int]:
    assert report.source
    return {str(why): count for why, count in report.source.skipped.items() if count}


async def test_a_crawl_of_another_tool(
    options: RunOptions, tmp_path: Path, new_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISTRICT_NEWS_DATABASE_URL", new_database)
    report = await take(options, fixture_warc(tmp_path / "crawl.warc.gz"))
    expected = {e.url: e.article for e in load_expected(SITE) if e.article}
    records = stored(options)
    assert records.keys() == expected.keys()
    for url, record in records.items():
        assert record.title == expected[url]["title"]
        assert record.body_text == expected[url]["body_text"]
        assert record.column is None
        assert record.fetched_at == FETCHED
        assert record.archive
        status, _, body = read_record(options.archive, record.archive)
        assert (status, body) == (200, load_responses(SITE)[url].body)
    assert report.failure is None
    assert report.source
    assert report.source.other_hosts == {"www.elsewhere.example": 1}
    assert report.source.skipped[Skipped.OTHER_TYPE] == 1
    (column,) = report.columns
    assert column.new == len(expected)
    assert column.outcomes[Outcome.GONE] >= 1
    assert column.outcomes[Outcome.BLOCKED] == 3


async def test_taken_again_nothing_is_new(options: RunOptions, tmp_path: Path) -> None:
    path = fixture_warc(tmp_path / "crawl.warc.gz")
    first = await take(options, path)
    before = rows_of(options.data)
    size = sum(f.stat().st_size for f in options.archive.rglob("*.warc.gz"))
    again = await take(options, path)
    assert again.total("new") == again.total("changed") == 0
    assert again.source
    assert again.source.skipped[Skipped.KNOWN] == first.total("new") + sum(
        first.rejections.values()
    )
    assert "already known" in again.summary
    assert rows_of(options.data) == before
    assert sum(f.stat().st_size for f in options.archive.rglob("*.warc.gz")) == size


async def test_versions_become_revisions(options: RunOptions, tmp_path: Path) -> None:
    warc = Warc(tmp_path / "crawl.warc.gz")
    texts = [f"会议指出，这是第{number}稿，要抓好落实，务求实效。" for number in "三一二"]
    for text, day in zip(texts, (3, 1, 2), strict=True):
        warc.page(URL.format(1), article(text=text), datetime(2025, 6, day, tzinfo=UTC))
    report = await take(options, warc.close())
    assert (report.total("new"), report.total("changed")) == (1, 2)
    (record,) = stored(options).values()
    assert "第三稿" in record.body_text
    with Store.open(options.database) as store:
        earlier = [row["body_text"] for row in store.revisions(record.id)]
    assert ["第一稿" in earlier[0], "第二稿" in earlier[1]] == [True, True]


async def test_an_older_capture_overwrites_nothing(options: RunOptions, tmp_path: Path) -> None:
    newer, older = Warc(tmp_path / "newer.warc.gz"), Warc(tmp_path / "older.warc.gz")
    newer.page(URL.format(1), article(text="会议指出，这是后来的一稿，要抓好落实，务求实效。"))
    older.page(
        URL.format(1),
        article(text="会议指出，这是从前的一稿，要抓好落实，务求实效。"),
        FETCHED - timedelta(days=1),
    )
    await take(options, newer.close())
    before = rows_of(options.data)
    report = await take(options, older.close())
    assert skipped(report) == {"older than what is stored": 1}
    assert rows_of(options.data) == before


async def test_nor_does_one_from_before_it_was_last_seen(
    options: RunOptions, tmp_path: Path
) -> None:
    replayed = RunOptions(
        window=Window(since=date(2016, 1, 1)),
        replay=FIXTURES,
        data=options.data,
        at=datetime(2025, 5, 1, tzinfo=UTC),
    )
    await ingest(get_site(SITE), replayed)
    seen_again = replace(replayed, window=Window(), at=datetime(2025, 6, 2, tzinfo=UTC))
    await ingest(get_site(SITE), seen_again)
    before = rows_of(options.data)
    between = warc_of(tmp_path / "crawl.warc.gz", [(URL.format(200120), article())])
    assert skipped(await take(options, between)) == {"older than what is stored": 1}
    assert rows_of(options.data) == before


async def test_only_the_window(options: RunOptions, tmp_path: Path) -> None:
    days = ("2024-12-31", "2025-01-01", "2025-01-31", "2025-02-01")
    pages = [(URL.format(n), article(f"兰山区第{n}次会议", d)) for n, d in enumerate(days, 1)]
    path = warc_of(tmp_path / "crawl.warc.gz", pages)
    window = Window(since=date(2025, 1, 1), until=date(2025, 2, 1))
    report = await take(RunOptions(window=window, data=options.data), path)
    assert stored(options).keys() == {URL.format(2), URL.format(3)}
    assert skipped(report) == {"outside the window": 2}
    # What is outside must not come in when the archive is read again.
    again = await reparse([get_site(SITE)], options)
    assert (again.pages, again.new) == (2, 0)


async def test_pages_that_may_be_anything(options: RunOptions, tmp_path: Path) -> None:
    undated = article().replace("发布时间：2025-05-30".encode(), b"")
    path = warc_of(
        tmp_path / "crawl.warc.gz",
        [
            (URL.format(1), undated),
            ("http://www.lyls.gov.cn/zjls/lsgk.htm", undated),
            ("http://www.lyls.gov.cn/zt/2025/hy.htm", article("专题里的一次会议")),
            (URL.format(2), b"<html><body><form name=_newscontent></form></body></html>" * 9),
            ("http://www.lyls.gov.cn/zt/2025/kong.htm", b"<html><body></body></html>" * 9),
        ],
    )
    report = await take(options, path)
    assert stored(options).keys() == {URL.format(1), "http://www.lyls.gov.cn/zt/2025/hy.htm"}
    assert skipped(report) == {"no dated article on it": 2}
    with Store.open(options.database) as store:
        assert [rejected.url for rejected in store.rejections()] == [URL.format(2)]


async def test_beside_an_ingest(options: RunOptions, tmp_path: Path) -> None:
    path = fixture_warc(tmp_path / "crawl.warc.gz")
    replayed = RunOptions(window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=options.data)
    await ingest(get_site(SITE), replayed)
    before = rows_of(options.data)
    with (
        Store.open(options.database) as store,
        site_lock(store, SITE),
        pytest.raises(SiteBusyError),
    ):
        await take(options, path)
    report = await take(options, path)
    assert rows_of(options.data)["checkpoints"] == before["checkpoints"]
    assert rows_of(options.data)["appearances"] == before["appearances"]
    assert report.source
    # All seven of the list are stored; what lies beside them was on no list.
    assert report.source.skipped[Skipped.OLDER] == 7


async def test_our_own_archive_from_elsewhere(options: RunOptions, tmp_path: Path) -> None:
    elsewhere = RunOptions(
        window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=tmp_path / "elsewhere"
    )
    await ingest(get_site(SITE), elsewhere)
    report = await take(options, elsewhere.archive)
    theirs, ours = rows_of(elsewhere.data), rows_of(options.data)
    assert ours["articles"] == theirs["articles"]
    assert report.columns[0].new == 7


async def test_an_empty_database_is_rebuilt(options: RunOptions, tmp_path: Path) -> None:
    wet = Warc(tmp_path / "crawl.warc.wet.gz")
    wet.text(URL.format(1), TEXT)
    await take(options, fixture_warc(tmp_path / "crawl.warc.gz"), wet.close())
    before = rows_of(options.data)
    assert {row.reader for row in stored(options).values()} == {"vsb", "text"}
    (options.data / "district-news.db").unlink()
    await reparse([get_site(SITE)], options)
    assert rows_of(options.data) == before


async def test_a_text_gives_way_to_its_page(options: RunOptions, tmp_path: Path) -> None:
    wet = Warc(tmp_path / "crawl.warc.wet.gz")
    wet.text(URL.format(1), TEXT)
    wet_path = wet.close()
    await take(options, wet_path)
    (record,) = stored(options).values()
    assert (record.reader, record.title) == ("text", "兰山区召开会议")
    page = warc_of(tmp_path / "crawl.warc.gz", [(URL.format(1), article())])
    report = await take(options, page)
    (record,) = stored(options).values()
    assert record.reader == "vsb"
    assert report.total("changed") == 0
    assert skipped(await take(options, wet_path)) == {"already known": 1}
    assert stored(options) == {record.url: record}


async def test_nothing_of_a_known_site(options: RunOptions, tmp_path: Path) -> None:
    path = warc_of(tmp_path / "crawl.warc.gz", [("http://a.example/info/1/1.htm", article())])
    with pytest.raises(SourceError, match=r"no page of any site .* hosts: 1 × a\.example"):
        survey_sources([path], None, (), options)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any], int]:
    """A source, the rows of a run that nobody disturbed, and how many moments it had."""
    folder = tmp_path_factory.mktemp("source")
    path = fixture_warc(folder / "crawl.warc.gz")
    moments = CONTEXT.Value("i", 0)
    assert in_a_process(run_and_count, moments, run_sources, folder / "data", path) == 0
    return path, rows_of(folder / "data"), moments.value


@pytest.mark.parametrize("part", range(MOMENTS))
def test_killed_and_run_again(
    undisturbed: tuple[Path, dict[str, Any], int], tmp_path: Path, part: int
) -> None:
    path, expected, moments = undisturbed
    moment = 1 + part * (moments - 1) // (MOMENTS - 1)
    assert in_a_process(run_sources, tmp_path, path, Fuse(at=moment)) == -signal.SIGKILL
    assert problems_of_the_archive(tmp_path) == []
    assert in_a_process(run_sources, tmp_path, path, Fuse(at=None)) == 0
    assert rows_of(tmp_path) == expected
    assert archive_files(tmp_path / "archive", SITE)
    assert problems_of_the_archive(tmp_path) == []
