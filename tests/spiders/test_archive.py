"""The archive: written record by record, read by any WARC tool."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from schemas.page import ArchivePlace
from spiders.archive import (
    ArchiveWriter,
    archive_files,
    iterate_archived,
    iterate_places,
    read_archived,
    read_record,
    write,
)

AT = datetime(2024, 7, 19, 1, 30, 44, tzinfo=UTC)
PAGES = {
    f"http://site.example/{number}.htm": f"<p>第{number}页，全区科学技术大会召开</p>".encode()
    for number in range(5)
}
HEADERS = [
    ("Content-Type", "text/html"),
    ("Content-Encoding", "gzip"),
    ("Set-Cookie", "a=1"),
    ("Set-Cookie", "b=2"),
]


@pytest.fixture
def archive(tmp_path: Path) -> tuple[Path, dict[str, ArchivePlace]]:
    writer = ArchiveWriter(tmp_path, "somewhere", AT)
    places = {url: writer.write(url, 200, HEADERS, body, AT) for url, body in PAGES.items()}
    writer.close()
    return tmp_path, places


def test_one_series_of_files_a_site_and_month(archive) -> None:
    root, places = archive
    names = {place.file for place in places.values()}
    assert len(names) == 1
    name = names.pop()
    assert name.startswith("somewhere/2024-07/somewhere-20240719T093044-")
    assert (root / name).is_file()


def test_a_record_is_found_by_its_place(archive) -> None:
    root, places = archive
    for url, body in PAGES.items():
        status, headers, found = read_record(root, places[url])
        assert (status, found) == (200, body)
        assert headers["content-type"] == "text/html"


def test_the_encoding_of_the_transfer_is_not_kept(archive) -> None:
    root, places = archive
    _, headers, body = read_record(root, next(iter(places.values())))
    assert "content-encoding" not in headers
    assert headers["content-length"] == str(len(body))


def test_another_tool_reads_it_with_its_digests(archive) -> None:
    root, places = archive
    file = root / next(iter(places.values())).file
    with file.open("rb") as stream:
        records = [
            (
                r.rec_type,
                r.rec_headers["WARC-Target-URI"],
                r.content_stream().read(),
                r.digest_checker,
            )
            for r in ArchiveIterator(stream, check_digests=True)
        ]
    assert records[0][0] == "warcinfo"
    assert {url: body for kind, url, body, _ in records if kind == "response"} == PAGES
    assert all(checker.passed for kind, _, _, checker in records if kind == "response")


def test_every_response_is_listed_with_its_place(archive) -> None:
    root, places = archive
    file = root / next(iter(places.values())).file
    assert list(iterate_places(file)) == [(url, 200, p.offset) for url, p in places.items()]


def test_a_later_run_goes_on_in_the_file_of_the_month(tmp_path: Path) -> None:
    places = []
    for number in range(2):
        writer = ArchiveWriter(tmp_path, "somewhere", AT)
        places.append(writer.write(f"http://site.example/{number}", 200, [], b"x", AT))
        writer.close()
    assert places[0].file == places[1].file
    for number, place in enumerate(places):
        assert read_archived(tmp_path, place).url == f"http://site.example/{number}"


def test_another_month_has_a_file_of_its_own(tmp_path: Path) -> None:
    names = []
    for month in (7, 8, 7):
        writer = ArchiveWriter(tmp_path, "somewhere", AT.replace(month=month))
        names.append(writer.write("http://site.example/", 200, [], b"x", AT).file)
        writer.close()
    assert [name.split("/")[1] for name in names] == ["2024-07", "2024-08", "2024-07"]


def test_two_runs_at_once_write_two_files(tmp_path: Path) -> None:
    writers = [ArchiveWriter(tmp_path, "somewhere", AT) for _ in range(2)]
    places = [
        writer.write(f"http://site.example/{turn}", 200, [], b"x", AT)
        for turn in range(3)
        for writer in writers
    ]
    assert len({place.file for place in places}) == 2
    assert all(read_archived(tmp_path, place).body == b"x" for place in places)


def test_a_full_file_is_followed_by_another(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(write, "_ROTATE_BYTES", 5_000)
    for _ in range(2):
        writer = ArchiveWriter(tmp_path, "somewhere", AT)
        for number in range(10):
            writer.write(f"http://site.example/{number}", 200, [], b"x", AT)
        writer.close()
    sizes = [path.stat().st_size for path in tmp_path.rglob("*.warc.gz")]
    assert len(sizes) >= 3
    assert max(sizes) < 7_000
    files = archive_files(tmp_path, "somewhere")
    assert sum(1 for file in files for _ in iterate_archived(tmp_path, file)) == 20


def test_a_place_survives_as_text() -> None:
    place = ArchivePlace(file="a/2024-07/a-1.warc.gz", offset=1234)
    assert ArchivePlace.parse(str(place)) == place
