"""Reads what the archive holds: one response by its place, or all of a file in one pass."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fastwarc.warc import WarcRecord, WarcRecordType

from schemas.page import ArchivePlace, Page
from schemas.visit import Kind, Origin
from spiders.archive.members import Member, members
from spiders.archive.records import NOT_MODIFIED

_log = logging.getLogger(__name__)

_RESPONSES = (WarcRecordType.response, WarcRecordType.revisit)
_OF_ARTICLES = frozenset({Kind.ARTICLE, Kind.AGAIN, Kind.BESIDE})
_SUFFIX = ".warc.gz"


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived response with what it was asked for."""

    offset: int
    end: int
    """Where its records end, the metadata record with it."""
    record_id: str
    url: str
    at: datetime
    status: int
    headers: dict[str, str]
    """Names in lower case; several of one name joined by commas (RFC 9110 §5.3)."""
    body: bytes
    """Empty in a revisit; `read_archived` fills it in."""
    is_revisit: bool
    refers_to: str | None
    """The record id of the full response, for a revisit that knows it."""
    origin: Origin | None = None
    """None where no metadata record follows."""


def archive_files(root: Path, site: str) -> list[str]:
    """A site's files, oldest first, each relative to the archive."""
    return [
        str(path.relative_to(root))
        for path in sorted((root / site).rglob(f"*{_SUFFIX}"), key=lambda path: path.name)
    ]


def read_record(root: Path, place: ArchivePlace) -> tuple[int, dict[str, str], bytes]:
    """The status, headers (names in lower case) and body of an archived response.

    Raises: As `read_archived`.
    """
    archived = read_archived(root, place)
    return archived.status, archived.headers, archived.body


def read_page(root: Path, place: ArchivePlace) -> Page:
    """An archived response as the crawl handed it on.

    Raises: As `read_archived`; ValueError too where nothing says what it was asked for.
    """
    archived = read_archived(root, place)
    if archived.origin is None:
        raise ValueError(f"{place}: no metadata record says what site it is of")
    return _page(place.file, archived, archived.origin)


def read_archived(root: Path, place: ArchivePlace) -> Archived:
    """The response at a place; for a revisit with the body that it refers to.

    A response 304 comes out as the one it refers to, its headers brought up to date (RFC 9111
    §3.2).

    Raises:
        OSError: The file, or the one it refers to, is not there.
        ValueError: No whole response starts at that offset, or what it refers to is not found.
    """
    found = _first(root, place)
    if not found.is_revisit:
        return found
    full = _full(root, place.file, found)
    if found.status == NOT_MODIFIED:
        headers = full.headers | found.headers | {"content-length": str(len(full.body))}
        return replace(found, status=full.status, headers=headers, body=full.body)
    return replace(found, body=full.body)


def origin_of(record: WarcRecord) -> Origin | None:
    """What a metadata record says; none where it is another program's."""
    try:
        return Origin.model_validate_json(record.reader.read())
    except ValueError:
        return None


def response_at(root: Path, place: ArchivePlace) -> WarcRecord | None:
    """The response record at a place, or none where no whole one is."""
    try:
        first = next(members(root / place.file, place.offset), None)
    except OSError:
        return None
    if first is None or first.record is None:
        return None
    record = WarcRecord.from_bytes(first.record)
    return record if record.record_type == WarcRecordType.response else None


def iterate_archived(root: Path, file: str, start: int = 0) -> Iterator[Archived]:
    """Every response and revisit of a file in their order. A damaged one is left out and logged.

    Args:
        root: The archive.
        file: One of `archive_files`.
        start: Where a record starts.
    """
    waiting: Archived | None = None
    for member in members(root / file, start):
        if member.record is None:
            _log.warning("%s is damaged from %d to %d", file, member.start, member.end)
            continue
        record = WarcRecord.from_bytes(member.record)
        if record.record_type == WarcRecordType.metadata:
            if waiting and record.headers.get("WARC-Concurrent-To") == waiting.record_id:
                yield replace(waiting, origin=origin_of(record), end=member.end)
                waiting = None
            continue
        if waiting:
            yield waiting
        is_response = record.record_type in _RESPONSES
        waiting = _archived(record, member) if is_response else None
    if waiting:
        yield waiting


def iterate_pages(root: Path, file: str) -> Iterator[Page]:
    """Every full answer to a request for an article, whatever its status, in the order they came.

    Revisits are passed over: their bytes have come before.

    Args:
        root: The archive.
        file: One of `archive_files`.
    """
    for archived in iterate_archived(root, file):
        if archived.is_revisit:
            continue
        if archived.origin and archived.origin.kind in _OF_ARTICLES:
            yield _page(file, archived, archived.origin)


def _first(root: Path, place: ArchivePlace) -> Archived:
    first = next(iterate_archived(root, place.file, place.offset), None)
    if first is None or first.offset != place.offset:
        raise ValueError(f"no response at {place}")
    return first


def _full(root: Path, file: str, revisit: Archived) -> Archived:
    """The response that a revisit refers to: where it says, or in the same file (an export)."""
    earlier = revisit.origin.earlier if revisit.origin else None
    if earlier and (root / earlier.file).is_file():
        return _first(root, earlier)
    for archived in iterate_archived(root, file):
        if archived.record_id == revisit.refers_to:
            return archived
    raise ValueError(f"{file}@{revisit.offset} refers to {earlier or 'a response'}, not found")


def _archived(record: WarcRecord, member: Member) -> Archived:
    record.parse_http()
    headers: dict[str, str] = {}
    for name, value in record.http_headers.items_bytes():
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return Archived(
        offset=member.start,
        end=member.end,
        record_id=record.record_id or "",
        url=record.headers["WARC-Target-URI"],
        at=record.record_date,
        status=record.http_headers.status_code or 0,
        headers=headers,
        body=record.reader.read(),
        is_revisit=record.record_type == WarcRecordType.revisit,
        refers_to=record.headers.get("WARC-Refers-To"),
    )


def _page(file: str, archived: Archived, origin: Origin) -> Page:
    return Page(
        url=archived.url,
        status=archived.status,
        headers=archived.headers,
        body=archived.body,
        fetched_at=archived.at,
        site=origin.site,
        column=origin.column,
        listing=origin.listing,
        archive=ArchivePlace(file=file, offset=archived.offset),
    )
