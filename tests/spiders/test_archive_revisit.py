"""An unchanged page is archived as a reference to its bytes, and reads back as the full page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from schemas.page import ArchivePlace
from schemas.visit import Kind, Origin
from spiders.archive import (
    ArchiveWriter,
    archive_files,
    iterate_archived,
    iterate_pages,
    read_archived,
    read_record,
)

FIRST = datetime(2024, 7, 19, 1, 30, 44, tzinfo=UTC)
SECOND = datetime(2024, 8, 2, 3, 0, 0, tzinfo=UTC)
URL = "http://site.example/a.htm"
BODY = "".join(f"<p>第{n}段，全区科学技术大会召开</p>" for n in range(100)).encode()
HEADERS = [
    ("Content-Type", "text/html"),
    ("ETag", '"1"'),
    ("Date", "Fri, 19 Jul 2024 01:30:44 GMT"),
]
LATER = [("ETag", '"1"'), ("Date", "Fri, 02 Aug 2024 03:00:00 GMT")]
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def origin(earlier: ArchivePlace | None = None) -> Origin:
    return Origin(site="somewhere", kind=Kind.ARTICLE, column="yw", url=URL, earlier=earlier)


@pytest.fixture
def first(tmp_path: Path) -> ArchivePlace:
    """The record of the page as it was fetched in July."""
    return written(tmp_path, FIRST, 200, HEADERS, BODY)


def written(
    root: Path,
    at: datetime,
    status: int,
    headers: list[tuple[str, str]],
    body: bytes,
    earlier: ArchivePlace | None = None,
) -> ArchivePlace:
    writer = ArchiveWriter(root, "somewhere", at)
    writer.write(URL, status, headers, body, at, origin(earlier))
    writer.close()
    file = archive_files(root, "somewhere")[-1]
    return ArchivePlace(file=file, offset=[a.offset for a in iterate_archived(root, file)][-1])


def records(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            yield record.rec_type, dict(record.rec_headers.headers)


def test_the_same_body_is_kept_once(tmp_path: Path, first: ArchivePlace) -> None:
    second = written(tmp_path, SECOND, 200, LATER, BODY, first)
    original = dict(records(tmp_path / first.file))["response"]
    kinds = list(records(tmp_path / second.file))
    assert [kind for kind, _ in kinds] == ["warcinfo", "revisit", "metadata"]
    revisit = kinds[1][1]
    assert revisit["WARC-Profile"] == IDENTICAL
    assert revisit["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]
    assert revisit["WARC-Refers-To"] == original["WARC-Record-ID"]
    assert revisit["WARC-Refers-To-Target-URI"] == URL
    assert revisit["WARC-Refers-To-Date"] == "2024-07-19T01:30:44Z"
    assert kinds[2][1]["WARC-Concurrent-To"] == revisit["WARC-Record-ID"]


def test_the_place_handed_on_is_that_of_the_bytes(tmp_path: Path, first: ArchivePlace) -> None:
    for status, body in ((200, BODY), (304, b"")):
        writer = ArchiveWriter(tmp_path, "somewhere", SECOND)
        assert writer.write(URL, status, LATER, body, SECOND, origin(first)) == first
        writer.close()


def test_it_reads_back_as_the_full_page(tmp_path: Path, first: ArchivePlace) -> None:
    second = written(tmp_path, SECOND, 200, LATER, BODY, first)
    assert read_record(tmp_path, second) == (
        200,
        {
            "etag": '"1"',
            "date": "Fri, 02 Aug 2024 03:00:00 GMT",
            "content-length": str(len(BODY)),
        },
        BODY,
    )


def test_not_modified_reads_back_as_the_page_it_vouches_for(
    tmp_path: Path, first: ArchivePlace
) -> None:
    second = written(tmp_path, SECOND, 304, LATER, b"", first)
    revisit = list(records(tmp_path / second.file))[1][1]
    assert revisit["WARC-Profile"] == NOT_MODIFIED
    assert revisit["WARC-Refers-To-Target-URI"] == URL
    status, headers, body = read_record(tmp_path, second)
    assert (status, body) == (200, BODY)
    assert headers["content-type"] == "text/html"
    assert headers["date"] == "Fri, 02 Aug 2024 03:00:00 GMT"


def test_a_revisit_brings_no_page(tmp_path: Path, first: ArchivePlace) -> None:
    second = written(tmp_path, SECOND, 200, LATER, BODY, first)
    assert [page.archive for page in iterate_pages(tmp_path, first.file)] == [first]
    assert list(iterate_pages(tmp_path, second.file)) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [(BODY + b" ", "another body"), (b"<p>short</p>", "a body too small to be worth it")],
)
def test_what_differs_or_is_small_is_kept_in_full(
    tmp_path: Path, first: ArchivePlace, body: bytes, what: str
) -> None:
    second = written(tmp_path, SECOND, 200, LATER, body, first)
    assert [kind for kind, _ in records(tmp_path / second.file)][1] == "response", what
    assert read_record(tmp_path, second)[2] == body


def test_a_body_whose_earlier_record_is_lost_is_kept_again(
    tmp_path: Path, first: ArchivePlace
) -> None:
    (tmp_path / first.file).unlink()
    second = written(tmp_path, SECOND, 200, LATER, BODY, first)
    assert read_record(tmp_path, second)[2] == BODY
    archived = read_archived(tmp_path, second)
    assert archived.origin
    assert archived.origin.earlier is None


def test_a_revisit_is_never_the_reference_of_another(tmp_path: Path, first: ArchivePlace) -> None:
    second = written(tmp_path, SECOND, 200, LATER, BODY, first)
    third = written(tmp_path, SECOND, 200, LATER, BODY, second)
    assert [kind for kind, _ in records(tmp_path / third.file)].count("response") == 1
    (tmp_path / first.file).unlink()
    assert read_record(tmp_path, third)[2] == BODY
    with pytest.raises(ValueError, match=r"refers to .* not found"):
        read_record(tmp_path, second)
