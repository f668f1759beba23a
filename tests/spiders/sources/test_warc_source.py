"""WARC files of other tools: every page of a known site, whatever it is packed in."""

import gzip
import io
import zipfile
import zlib
from datetime import UTC, date, datetime
from pathlib import Path

import brotli
import pytest
from fastwarc.stream_io import ZstdWriter, zstd_train_dictionary_from_samples
from fastwarc.warc import ArchiveIterator, WarcRecordType

from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.site import Column, Site
from schemas.source import Skipped
from spiders.sources import Capture, SourceError, Survey, open_sources
from tests.warcs import FETCHED, Warc, warc_of

SITE = Site(
    id="huaxi",
    name="花溪县人民政府",
    url="http://www.huaxi.example/",
    family="vsb",
    columns=(Column(id="yw", name="要闻", url="http://www.huaxi.example/yw.htm"),),
)
URL = "http://www.huaxi.example/info/1001/{}.htm"
BODY = "<html><body><p>花溪县召开会议，部署下半年工作。</p></body></html>".encode() * 40
CHUNKED_GZIP = {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}
OTHER = "http://www.elsewhere.example/info/1001/1.htm"


def look(*paths: Path, window: Window | None = None) -> Survey:
    survey = Survey([SITE], window=window)
    for source in open_sources(paths):
        source.survey(survey)
    survey.resolve()
    return survey


def captures(survey: Survey) -> list[Capture]:
    return [found.source.read(found) for found in survey.sites["huaxi"].in_order()]


def pages(count: int) -> list[tuple[str, bytes]]:
    """Pages of the site, each followed by one of another."""
    return [
        page
        for n in range(count)
        for page in ((URL.format(n), BODY + str(n).encode()), (OTHER, BODY))
    ]


def records_of(path: Path) -> list[bytes]:
    """A WARC file's records, unpacked."""
    records = []
    for record in ArchiveIterator(path, parse_http=False):
        buffer = io.BytesIO()
        record.write(buffer)
        records.append(buffer.getvalue())
    return records


def repacked(path: Path, how: str) -> Path:
    """A copy of a WARC file, packed otherwise."""
    records = records_of(path)
    if how == "plain":
        copy = path.with_name("copy.warc")
        copy.write_bytes(b"".join(records))
    elif how == "one gzip member":
        copy = path.with_name("copy.warc.gz")
        copy.write_bytes(gzip.compress(b"".join(records)))
    elif how == "wacz":
        copy = path.with_name("copy.wacz")
        with zipfile.ZipFile(copy, "w") as wacz:
            wacz.writestr("datapackage.json", "{}", zipfile.ZIP_DEFLATED)
            wacz.write(path, "archive/data.warc.gz")
    else:
        copy = path.with_name("copy.warc.zst")
        dictionary = zstd_train_dictionary_from_samples(records * 5, 4000)
        writer = ZstdWriter(
            str(copy),
            dictionary=None if how == "zstd" else dictionary,
            compress_dictionary_frame=how == "zstd, packed dictionary",
        )
        for record in records:
            writer.write(record)
            writer.finish()
        writer.close()
    return copy


@pytest.mark.parametrize(
    "how",
    [
        "gzip",
        "plain",
        "one gzip member",
        "zstd",
        "zstd, dictionary",
        "zstd, packed dictionary",
        "wacz",
    ],
)
def test_packed_in_any_way(tmp_path: Path, how: str) -> None:
    path = warc_of(tmp_path / "crawl.warc.gz", pages(6))
    survey = look(path if how == "gzip" else repacked(path, how))
    found = captures(survey)
    assert [(c.url, c.body, c.at, c.status) for c in found] == [
        (URL.format(n), BODY + str(n).encode(), FETCHED, 200) for n in range(6)
    ]
    assert survey.other_hosts == {"www.elsewhere.example": 6}
    assert survey.problems == []


def test_called_otherwise(tmp_path: Path) -> None:
    path = warc_of(tmp_path / "CC-MAIN-0001.download", pages(1))
    assert [c.url for c in captures(look(path))] == [URL.format(0)]


def chunked(body: bytes) -> bytes:
    parts = [body[start : start + 700] for start in range(0, len(body), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


def deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encodings", "sent"),
    [
        ({"Content-Encoding": "gzip"}, gzip.compress(BODY)),
        ({"Content-Encoding": "br"}, brotli.compress(BODY)),
        ({"Content-Encoding": "deflate"}, zlib.compress(BODY)),
        ({"Content-Encoding": "deflate"}, deflated(BODY)),
        ({"Transfer-Encoding": "chunked"}, chunked(BODY)),
        (
            {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"},
            chunked(gzip.compress(BODY)),
        ),
        ({"Content-Encoding": "gzip, br"}, brotli.compress(gzip.compress(BODY))),
        # Tools that keep the headers and not the encodings.
        ({"Content-Encoding": "gzip"}, BODY),
        ({"Content-Encoding": "br"}, BODY),
        (CHUNKED_GZIP, gzip.compress(BODY)),
    ],
)
def test_encodings_undone(tmp_path: Path, encodings: dict[str, str], sent: bytes) -> None:
    warc = Warc(tmp_path / "crawl.warc.gz")
    warc.page(URL.format(1), sent, headers={"Content-Type": "text/html", **encodings})
    (capture,) = captures(look(warc.close()))
    assert capture.body == BODY


def test_a_page_that_unpacks_to_more_than_any_page(tmp_path: Path) -> None:
    warc = Warc(tmp_path / "crawl.warc.gz")
    bomb = gzip.compress(b"0" * 40_000_000)
    warc.page(URL.format(1), bomb, headers={"Content-Encoding": "gzip"})
    (found,) = look(warc.close()).sites["huaxi"].found
    with pytest.raises(ValueError, match="larger than any page"):
        found.source.read(found)


def test_what_is_no_page_is_counted(tmp_path: Path) -> None:
    warc = Warc(tmp_path / "crawl.warc.gz")
    warc.page(URL.format(1), BODY)
    warc.page(URL.format(2), b"", status="404 Not Found")
    warc.page(URL.format(3), b"", status="302 Found")
    warc.page(URL.format(4), b"", status="521 Down")
    warc.page(
        "http://www.huaxi.example/a", b"%PDF-1.7", headers={"Content-Type": "application/pdf"}
    )
    warc.page("http://www.huaxi.example/yw.htm", BODY)
    warc.page("http://www.huaxi.example/", BODY)
    warc.page("http://www.huaxi.example/system/resource/code/news/click/dynclicks.jsp?id=1", b"12")
    of = look(warc.close()).sites["huaxi"]
    assert len(of.found) == 1
    assert of.pages == 8
    assert of.outcomes == {Outcome.GONE: 1, Outcome.MOVED: 1, Outcome.BLOCKED: 1}
    assert of.skipped == {Skipped.OTHER_TYPE: 1, Skipped.OTHER_PAGE: 3}


def test_hosts_in_any_spelling(tmp_path: Path) -> None:
    paths = ("HTTP://WWW.huaxi.example/info/1/1.htm", "http://www.huaxi.example:80/info/1/2.htm")
    path = warc_of(tmp_path / "crawl.warc.gz", [(url, BODY) for url in paths])
    survey = look(path)
    assert survey.sites["huaxi"].pages == 2
    assert not survey.other_hosts


def test_nothing_published_later_than_it_was_fetched_is_looked_for(tmp_path: Path) -> None:
    path = warc_of(tmp_path / "crawl.warc.gz", pages(2))
    of = look(path, window=Window(since=date(2025, 6, 2))).sites["huaxi"]
    assert of.found == []
    assert of.skipped == {Skipped.OUTSIDE: 2}


def test_versions_come_in_the_order_of_their_dates(tmp_path: Path) -> None:
    newer, older = Warc(tmp_path / "a.warc.gz"), Warc(tmp_path / "b.warc.gz")
    days = [datetime(2025, 6, day, tzinfo=UTC) for day in (1, 2, 3)]
    newer.page(URL.format(1), b"third", days[2])
    older.page(URL.format(1), b"second", days[1])
    older.page(URL.format(1), b"first", days[0])
    found = captures(look(newer.close(), older.close()))
    assert [c.body for c in found] == [b"first", b"second", b"third"]


def test_revisits_are_followed(tmp_path: Path) -> None:
    first, second = Warc(tmp_path / "a.warc.gz"), Warc(tmp_path / "b.warc.gz")
    record = first.page(URL.format(1), BODY)
    later = datetime(2025, 7, 1, tzinfo=UTC)
    second.revisit(URL.format(2), record, later)
    second.revisit(OTHER, record, later)
    paths = first.close(), second.close()
    survey = look(*reversed(paths))
    assert [(c.url, c.at, c.body) for c in captures(survey)] == [
        (URL.format(1), FETCHED, BODY),
        (URL.format(2), later, BODY),
    ]
    alone = look(paths[1]).sites["huaxi"]
    assert alone.found == []
    assert alone.skipped == {Skipped.NO_TARGET: 1}


def test_a_torn_end(tmp_path: Path) -> None:
    path = warc_of(tmp_path / "crawl.warc.gz", [(URL.format(n), BODY) for n in range(3)])
    path.write_bytes(path.read_bytes()[:-100])
    found = look(path).sites["huaxi"].in_order()
    assert [f.source.read(f).url for f in found[:2]] == [URL.format(0), URL.format(1)]
    for torn in found[2:]:
        with pytest.raises(ValueError, match="torn"):
            torn.source.read(torn)


def test_damage_in_the_middle_is_passed_over_and_told(tmp_path: Path) -> None:
    path = warc_of(tmp_path / "crawl.warc.gz", [(URL.format(n), BODY) for n in range(4)])
    data = bytearray(path.read_bytes())
    responses = ArchiveIterator(path, record_types=WarcRecordType.response)
    starts = [record.stream_pos for record in responses]
    data[starts[1] + 40 : starts[1] + 60] = bytes(20)
    path.write_bytes(data)
    survey = look(path)
    assert [c.url for c in captures(survey)] == [URL.format(n) for n in (0, 2, 3)]
    (problem,) = survey.problems
    assert problem.startswith("crawl.warc.gz: damaged behind")
    assert "went on at" in problem


def test_plain_text_of_wet_files(tmp_path: Path) -> None:
    warc = Warc(tmp_path / "crawl.warc.wet.gz")
    warc.text(URL.format(1), "花溪县召开会议\n发布时间：2025-05-30\n会议部署下半年工作。")
    (capture,) = captures(look(warc.close()))
    assert capture.headers == {"content-type": "text/plain"}
    assert capture.body.decode().startswith("花溪县召开会议")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("crawl.warc.gz", b"no archive", "not a WARC file"),
        ("crawl.warc.gz", gzip.compress(b"no archive"), "not a WARC file"),
        ("crawl.warc", b"", "not a WARC file"),
        ("crawl.wacz", b"PK\x03\x04 torn", "not a whole WACZ file"),
        ("picture.jpg", b"\xff\xd8\xff", "expected a WARC, WET or WACZ file"),
    ],
)
def test_no_source(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        open_sources([path])


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="there is no such file or folder"):
        open_sources([tmp_path / "crawl.warc.gz"])


def test_a_wacz_without_a_warc_that_can_be_read_in_place(tmp_path: Path) -> None:
    path = warc_of(tmp_path / "crawl.warc.gz", pages(1))
    empty, packed = tmp_path / "empty.wacz", tmp_path / "packed.wacz"
    with zipfile.ZipFile(empty, "w") as wacz:
        wacz.writestr("datapackage.json", "{}")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as wacz:
        wacz.write(path, "archive/data.warc.gz")
    with pytest.raises(SourceError, match="has no WARC file"):
        open_sources([empty])
    with pytest.raises(SourceError, match="unpack it"):
        open_sources([packed])
