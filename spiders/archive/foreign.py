"""WARC files whoever wrote them, packed in whatever way."""

from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from spiders.archive.members import members

# FastWARC undoes them, so what is read is without.
_ENCODINGS = frozenset({"content-encoding", "transfer-encoding"})


def iterate_places(path: Path) -> Iterator[tuple[str, int, int]]:
    """The url, status and offset of every whole HTTP response in a WARC file."""
    for offset, record in _responses(path):
        if record.is_http:
            url = record.headers["WARC-Target-URI"].strip("<>")
            yield url, record.http_headers.status_code or 0, offset


def _responses(path: Path) -> Iterator[tuple[int, WarcRecord]]:
    first = next(members(path), None) if path.suffix == ".gz" else None
    if first and first.end < path.stat().st_size:
        # FastWARC stops at a torn record or hands on what is left of it; a crash may leave one.
        for member in members(path):
            record = WarcRecord.from_bytes(member.record) if member.record else None
            if record and record.record_type == WarcRecordType.response:
                record.parse_http()
                yield member.start, record
        return
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            yield record.stream_pos, record


def read_place(path: Path, offset: int) -> tuple[int, dict[str, str], bytes]:
    """The status, headers (names in lower case) and body of a response; its encodings undone.

    Raises:
        OSError: The file is not there.
        ValueError: No response starts at that offset.
    """
    with path.open("rb") as file:
        file.seek(offset)
        for record in ArchiveIterator(
            file, record_types=WarcRecordType.response, auto_decode="all"
        ):
            pairs = [(name.lower(), value) for name, value in record.http_headers.to_tuples()]
            headers = {name: value for name, value in pairs if name not in _ENCODINGS}
            return record.http_headers.status_code or 0, headers, record.reader.read()
    raise ValueError(f"no response at {offset} in {path}")
