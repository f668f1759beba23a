"""What a crawl over HTTP archives: an unchanged page once, and no page where it cannot."""

from datetime import date
from pathlib import Path

import anyio
import pytest

from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.page import ArchivePlace
from schemas.site import Site
from schemas.visit import Checkpoint, Kind, PageState, Visit
from spiders import district
from spiders.archive import ArchiveError, archive_files, iterate_archived, read_record, write
from spiders.crawl import crawl
from spiders.ports import NoMemory
from tests.loopback import Loopback, loopback, page, vsb_article, vsb_list, vsb_site

TEXT = "全区科学技术大会召开，" * 60
SINCE = Window(since=date(2024, 1, 1))


class LastRun(NoMemory):
    """Remembers what a crawl left behind, as the store does; every page is due for another look."""

    def __init__(self) -> None:
        self.visits: dict[str, Visit] = {}
        self.made: Checkpoint | None = None

    async def keep(self, visit: Visit, checkpoint: Checkpoint | None) -> None:
        self.visits[visit.url] = visit
        self.made = checkpoint or self.made

    async def checkpoint(self, _site: str, _column: str) -> Checkpoint | None:
        return self.made

    async def states(self, _site: str, urls) -> dict[str, PageState]:
        return {
            url: PageState(
                url=url,
                outcome=Outcome.FAILED,  # so that it is asked for again
                validators=visit.validators,
                body_hash=visit.body_hash,
                archive=visit.archive,
                first_seen=visit.at,
                last_seen=visit.at,
            )
            for url in urls
            if (visit := self.visits.get(url))
        }


@pytest.fixture(autouse=True)
def _contact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(district, "CONTACT", "tests@site.example")


def answer(server: Loopback, **headers: str) -> None:
    rows = {f"/info/1/{n}.htm": (f"第{n}条要闻", "2024-07-19") for n in range(1, 4)}
    server.answers = {
        "/robots.txt": page(""),
        "/yw.htm": vsb_list(rows, **headers),
        **{
            url: vsb_article(title, day, f"{title}{TEXT}", **headers)
            for url, (title, day) in rows.items()
        },
    }


async def run(site: Site, root: Path, memory: LastRun) -> None:
    settings = {
        "ARCHIVE": str(root),
        "AUTOTHROTTLE_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "RETRY_TIMES": 0,
    }
    await crawl(site, SINCE, memory=memory, sink=memory.keep, settings=settings)


def test_a_second_crawl_of_the_same_keeps_references(tmp_path: Path) -> None:
    memory = LastRun()

    async def twice() -> None:
        async with loopback() as server:
            answer(server)
            site = vsb_site(server)
            await run(site, tmp_path, memory)
            # Another row on the list, so that it is walked again.
            first = {url: visit.archive for url, visit in memory.visits.items()}
            server.answers["/yw.htm"] = vsb_list(
                {f"/info/1/{n}.htm": (f"第{n}条要闻", "2024-07-19") for n in range(1, 5)}
            )
            await run(site, tmp_path, memory)
            assert {u: memory.visits[u].archive for u in first if "info" in u} == {
                u: place for u, place in first.items() if "info" in u
            }

    anyio.run(twice)
    (file,) = archive_files(tmp_path, "somewhere")
    archived = list(iterate_archived(tmp_path, file))
    revisits = [a for a in archived if a.is_revisit]
    assert [a.url.rsplit("/", 1)[1] for a in revisits] == ["1.htm", "2.htm", "3.htm"]
    assert all(a.origin and a.origin.kind is Kind.ARTICLE and a.origin.listing for a in revisits)
    for revisit in revisits:
        status, headers, body = read_record(
            tmp_path, ArchivePlace(file=file, offset=revisit.offset)
        )
        assert status == 200
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert TEXT in body.decode()
    assert len({a.origin.run for a in archived if a.origin}) == 2


def test_an_unchanged_list_is_kept_once(tmp_path: Path) -> None:
    memory = LastRun()

    async def twice() -> None:
        async with loopback() as server:
            answer(server)
            for _ in range(2):
                await run(vsb_site(server), tmp_path, memory)

    anyio.run(twice)
    (file,) = archive_files(tmp_path, "somewhere")
    lists = [a for a in iterate_archived(tmp_path, file) if a.url.endswith("/yw.htm")]
    assert [a.is_revisit for a in lists] == [False, True]


def test_a_crawl_ends_where_it_cannot_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills up at the fourth response: no visit of it, no further request."""
    memory = LastRun()
    asked: list[str] = []
    append = write.ArchiveWriter._append
    written = 0

    def full(self: write.ArchiveWriter, file, records: bytes) -> None:
        nonlocal written
        written += 1
        if written > 4:  # the warcinfo record is the first
            raise OSError(28, "No space left on device")
        append(self, file, records)

    monkeypatch.setattr(write.ArchiveWriter, "_append", full)

    async def once() -> None:
        async with loopback() as server:
            answer(server)
            with pytest.raises(ArchiveError, match="free some space and run again"):
                await run(vsb_site(server), tmp_path, memory)
            asked.extend(server.paths)

    anyio.run(once)
    assert asked == ["/robots.txt", "/yw.htm", "/info/1/1.htm", "/info/1/2.htm"]
    assert [url.rsplit("/", 1)[1] for url in memory.visits] == ["yw.htm", "1.htm"]
    assert memory.made is None


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "archive"
    blocked.write_text("a file where the folder should be")
    memory = LastRun()

    async def once() -> None:
        async with loopback() as server:
            answer(server)
            with pytest.raises(ArchiveError, match="make the archive's folder writable"):
                await run(vsb_site(server), blocked, memory)

    anyio.run(once)
    assert memory.visits == {}
