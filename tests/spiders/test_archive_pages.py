"""Pages come back from the archive as the crawl handed them on, with nothing but the archive."""

from datetime import UTC, date, datetime
from pathlib import Path

import anyio
import pytest

from schemas.dates import Published, Window
from schemas.page import Listing
from schemas.visit import Checkpoint, Kind, Origin, Visit
from spiders.archive import (
    ArchiveWriter,
    archive_files,
    iterate_archived,
    iterate_pages,
    read_page,
)
from spiders.crawl import crawl
from spiders.ports import NoMemory
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES

AT = datetime(2024, 7, 19, 1, 30, 44, tzinfo=UTC)
ROW = Listing(
    url="http://site.example/./a.htm",
    title="全区科学技术大会“召开”",
    published=Published.on(date(2024, 7, 19)),
)
ORIGIN = Origin(
    site="somewhere",
    kind=Kind.ARTICLE,
    column="yw",
    url="http://site.example/a.htm",
    list_url="http://site.example/yw.htm",
    listing=ROW,
)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Visit]]:
    """An archive that a crawl of a fixture site wrote, and the visits it made."""
    root = tmp_path_factory.mktemp("archive")
    visits: list[Visit] = []

    async def keep(visit: Visit, _: Checkpoint | None) -> None:
        visits.append(visit)

    async def run() -> None:
        window = Window(since=date(2016, 1, 1))
        settings = {"ARCHIVE": str(root), "REPLAY": str(FIXTURES)}
        await crawl(get_site("lanshan"), window, memory=NoMemory(), sink=keep, settings=settings)

    anyio.run(run)
    return root, visits


def test_a_crawl_is_rebuilt_from_its_archive(crawled: tuple[Path, list[Visit]]) -> None:
    root, visits = crawled
    handed_on = {visit.page.url: visit.page for visit in visits if visit.page}
    assert handed_on
    rebuilt = {
        page.url: page
        for file in archive_files(root, "lanshan")
        for page in iterate_pages(root, file)
    }
    for url, page in handed_on.items():
        # The length is that of the bytes that are kept.
        headers = {**page.headers, "content-length": str(len(page.body))}
        assert rebuilt[url] == page.model_copy(update={"headers": headers})
        assert page.archive
        assert read_page(root, page.archive) == rebuilt[url]


def test_lists_and_robots_are_no_pages(crawled: tuple[Path, list[Visit]]) -> None:
    root, _ = crawled
    (file,) = archive_files(root, "lanshan")
    kinds = {a.url: a.origin.kind for a in iterate_archived(root, file) if a.origin}
    assert kinds["http://www.lyls.gov.cn/robots.txt"] is None
    assert kinds["http://www.lyls.gov.cn/xw/lsyw.htm"] is Kind.LIST
    pages = {page.url for page in iterate_pages(root, file)}
    assert pages == {url for url, kind in kinds.items() if kind is Kind.ARTICLE}


def test_what_a_response_was_asked_for_comes_back(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "somewhere", AT)
    place = writer.write("http://site.example/a.htm", 200, [], b"<p>x</p>", AT, ORIGIN)
    writer.close()
    (archived,) = iterate_archived(tmp_path, place.file)
    assert archived.origin == ORIGIN.model_copy(update={"run": writer.run})
    assert writer.run.startswith("20240719T093044-")
    page = read_page(tmp_path, place)
    assert (page.site, page.column, page.listing) == ("somewhere", "yw", ROW)
    assert (page.fetched_at, page.archive) == (AT, place)


def test_headers_come_back_as_bytes_and_several_of_one_name_joined(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "somewhere", AT)
    headers = [("X-Name", "caf\xe9 \xa4"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
    place = writer.write("http://site.example/a.htm", 200, headers, b"", AT, ORIGIN)
    writer.close()
    page = read_page(tmp_path, place)
    assert page.headers == {
        "x-name": "caf\xe9 \xa4",
        "set-cookie": "a=1, b=2",
        "content-length": "0",
    }


def test_keys_of_a_later_version_are_passed_over() -> None:
    later = ORIGIN.model_dump(mode="json") | {"weather": "fine"}
    assert Origin.model_validate(later) == ORIGIN


@pytest.mark.parametrize("cut", [1, 60, 400])
def test_a_torn_record_is_left_out(tmp_path: Path, cut: int) -> None:
    writer = ArchiveWriter(tmp_path, "somewhere", AT)
    places = [
        writer.write(f"http://site.example/{n}.htm", 200, [], bytes(range(256)) * 9, AT, ORIGIN)
        for n in range(2)
    ]
    writer.close()
    file = tmp_path / places[1].file
    file.write_bytes(file.read_bytes()[: places[1].offset + cut])
    assert [a.url for a in iterate_archived(tmp_path, places[0].file)] == [
        "http://site.example/0.htm"
    ]
    with pytest.raises(ValueError, match="no response at"):
        read_page(tmp_path, places[1])
