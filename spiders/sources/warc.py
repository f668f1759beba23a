"""WARC files of any tool: full responses, revisits, and the plain text of WET files."""

import io
from collections.abc import Iterator
from typing import NamedTuple

from fastwarc.stream_io import ZstdReader
from fastwarc.warc import ArchiveIterator, HeaderMap, WarcRecord, WarcRecordType

from schemas.page import ArchivePlace
from schemas.source import Skipped
from schemas.visit import Kind
from spiders.archive import read_archived
from spiders.archive.members import members
from spiders.sources.capture import Capture, Found
from spiders.sources.encodings import MOST_BYTES, undone
from spiders.sources.packed import Packed
from spiders.sources.survey import OfSite, Survey

_RECORDS = (
    WarcRecordType.warcinfo
    | WarcRecordType.response
    | WarcRecordType.revisit
    | WarcRecordType.conversion
)
# What the first record of our own files says.
_OURS = b"software: district-news"
_OK = 200
_TEXT = "text/plain"
_NOT_MODIFIED = "server-not-modified"


class _Placed(NamedTuple):
    """A record, the offset of what is packed together with it, and its number in the file."""

    record: WarcRecord
    offset: int
    number: int


class WarcSource:
    """One WARC file.

    Where each record is packed by itself, as the standard wants it, a page is read from its
    offset; otherwise by its number, going on from the last one read.
    """

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._dictionary = packed.dictionary
        self._is_ours = False
        self._one_by_one = True
        """Whether reading can start at each record."""
        self._reading: Iterator[_Placed] | None = None
        self._number = -1

    @property
    def name(self) -> str:
        return self._packed.name

    def survey(self, survey: Survey) -> None:
        """Tell the survey of every response; what is torn or damaged becomes a problem of it."""
        last = -1
        for placed in self._whole(survey):
            record = placed.record
            self._one_by_one = self._one_by_one and placed.offset != last
            last = placed.offset
            if record.record_type == WarcRecordType.warcinfo:
                self._is_ours = self._is_ours or _OURS in record.reader.read()
                continue
            url = _url(record)
            of = survey.claim(url)
            if of:
                self._tell(survey, of, url, placed)

    def read(self, found: Found) -> Capture:
        offset, number = found.place
        if self._is_ours and self._packed.size is None and self._one_by_one:
            return self._read_ours(offset)
        records = self._records(offset) if self._one_by_one else self._from(number)
        placed = next(records, None)
        if placed is None:
            raise ValueError(f"{self.name}: nothing at {found.place}")
        capture = _capture(placed.record)
        if found.url is None:
            return capture
        return Capture(found.url, found.at, capture.status, capture.headers, capture.body)

    def _tell(self, survey: Survey, of: OfSite, url: str, placed: _Placed) -> None:
        record = placed.record
        found = Found(record.record_date, self, (placed.offset, placed.number))
        if found.at is None or record.content_length > MOST_BYTES:
            survey.skip(of, self.name, Skipped.TOO_LARGE if found.at else Skipped.DAMAGED)
        elif record.record_type == WarcRecordType.conversion:
            survey.take(of, url, _OK, _TEXT, found)
        elif record.record_type == WarcRecordType.response:
            record.parse_http()
            http = record.http_headers
            status = (http.status_code if http else None) or 0
            content_type = (record.http_content_type or "") if status else "unknown"
            digest = record.headers.get("WARC-Payload-Digest") or ""
            survey.take(of, url, status or _OK, content_type, found, digest)
        elif _NOT_MODIFIED in (record.headers.get("WARC-Profile") or ""):
            survey.skip(of, self.name, Skipped.KNOWN)
        else:
            digest = record.headers.get("WARC-Payload-Digest") or ""
            survey.revisit(of, self.name, url, found.at, digest)

    def _whole(self, survey: Survey) -> Iterator[_Placed]:
        """Every record that can be read, whatever is damaged between them."""
        start: int | None = 0
        while start is not None:
            last = start
            try:
                for placed in self._records(start):
                    last = placed.offset
                    yield placed
                start = None
            except OSError as error:
                start = self._next_whole(last)
                rest = "the rest of it was not read" if start is None else f"went on at {start}"
                survey.problems.append(f"{self.name}: damaged behind {last} ({error}); {rest}")

    def _next_whole(self, last: int) -> int | None:
        """Where the next whole record after damage starts, where that can be told."""
        if self._packed.size is not None or self._dictionary or not self._one_by_one:
            return None
        for member in members(self._packed.path, last):
            if member.record is None:
                return member.end
        return None

    def _records(self, offset: int = 0) -> Iterator[_Placed]:
        with self._packed.open(offset) as file:
            # From its start on a file brings the dictionary itself.
            brings_it = offset == 0 or self._dictionary is None
            stream = file if brings_it else ZstdReader(file, dictionary=self._dictionary)
            for number, record in enumerate(
                ArchiveIterator(stream, record_types=_RECORDS, parse_http=False)
            ):
                yield _Placed(record, record.stream_pos, number)

    def _from(self, number: int) -> Iterator[_Placed]:
        """The records from one on, by its number."""
        if self._reading is None or number <= self._number:
            self._reading, self._number = self._records(), -1
        while self._number < number - 1:
            self._number = next(self._reading).number
        self._number = number
        return self._reading

    def _read_ours(self, offset: int) -> Capture:
        """A page of our own archive, with what it was asked for."""
        path = self._packed.path
        archived = read_archived(path.parent, ArchivePlace(file=path.name, offset=offset))
        origin = archived.origin
        is_listed = origin is not None and origin.kind in {Kind.ARTICLE, Kind.AGAIN}
        return Capture(
            archived.url,
            archived.at,
            archived.status,
            archived.headers,
            archived.body,
            column=origin.column if origin and is_listed else None,
            listing=origin.listing if origin and is_listed else None,
            is_listed=is_listed,
        )


def _url(record: WarcRecord) -> str:
    # Some tools put it in angle brackets, as WARC 1.0's grammar had it.
    return (record.headers.get("WARC-Target-URI") or "").strip("<> ")


def _capture(record: WarcRecord) -> Capture:
    """The page in a record.

    Raises:
        ValueError: It is torn, or larger than any page.
    """
    url, at = _url(record), record.record_date
    size = record.content_length
    block = record.reader.read(size)
    if len(block) < size or at is None:
        raise ValueError(f"{url}: torn")
    if record.record_type == WarcRecordType.conversion:
        return Capture(url, at, _OK, {"content-type": _TEXT}, block)
    http = HeaderMap()
    body = block[http.parse(io.BytesIO(block)) :]
    headers: dict[str, str] = {}
    for name, value in http.to_tuples():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return Capture(url, at, http.status_code or 0, headers, undone(body, headers))
