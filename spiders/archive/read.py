"""Reads what the archive holds: one response by its place, or all of a file in one pass."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fastwarc.warc import WarcRecord, WarcRecordType

from schemas.page import ArchivePlace, Page
from schemas.visit import Kind, Origin
from spiders.archive.members import members

_log = logging.getLogger(__name__)

_SUFFIX = ".warc.gz"


@dataclass(frozen=True, slots=True)
class Archived:
    """One archived response with what it was asked for."""

    offset: int
    record_id: str
    url: str
    at: datetime
    status: int
    headers: dict[str, str]
    """Names in lower case; several of one name joined by commas (RFC 9110 §5.3)."""
    body: bytes
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
    """The response at a place.

    Raises:
        OSError: The file is not there.
        ValueError: No whole response starts at that offset.
    """
    for archived in _iterate(root, place.file, place.offset):
        if archived.offset == place.offset:
            return archived
        break
    raise ValueError(f"no response at {place}")


def iterate_archived(root: Path, file: str) -> Iterator[Archived]:
    """Every response of a file, in the order they came. A damaged one is left out and logged."""
    yield from _iterate(root, file)


def iterate_pages(root: Path, file: str) -> Iterator[Page]:
    """Every answer to a request for an article, whatever its status, in the order they came.

    Args:
        root: The archive.
        file: One of `archive_files`.
    """
    for archived in iterate_archived(root, file):
        if archived.origin and archived.origin.kind not in {None, Kind.LIST}:
            yield _page(file, archived, archived.origin)


def _iterate(root: Path, file: str, start: int = 0) -> Iterator[Archived]:
    """The responses from a place on; each waits for the metadata record behind it."""
    waiting: Archived | None = None
    for member in members(root / file, start):
        if member.record is None:
            _log.warning("%s is damaged from %d to %d", file, member.start, member.end)
            continue
        record = WarcRecord.from_bytes(member.record)
        if record.record_type == WarcRecordType.metadata:
            if waiting and record.headers.get("WARC-Concurrent-To") == waiting.record_id:
                yield replace(waiting, origin=_origin(record))
                waiting = None
            continue
        if waiting:
            yield waiting
        is_response = record.record_type == WarcRecordType.response
        waiting = _archived(record, member.start) if is_response else None
    if waiting:
        yield waiting


def _archived(record: WarcRecord, offset: int) -> Archived:
    record.parse_http()
    headers: dict[str, str] = {}
    for name, value in record.http_headers.items_bytes():
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return Archived(
        offset=offset,
        record_id=record.record_id or "",
        url=record.headers["WARC-Target-URI"],
        at=record.record_date,
        status=record.http_headers.status_code or 0,
        headers=headers,
        body=record.reader.read(),
    )


def _origin(record: WarcRecord) -> Origin | None:
    try:
        return Origin.model_validate_json(record.reader.read())
    except ValueError:
        return None


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
