"""Walks a file's gzip members, one record each, whatever a crash or a bad disk did to it."""

import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from isal import isal_zlib

GZIP_HEADER = 16 + isal_zlib.MAX_WBITS
"""zlib's way to ask for gzip."""

# What every member begins with: gzip's magic number and its one method (RFC 1952 §2.3.1).
_MAGIC = b"\x1f\x8b\x08"
_RECORD = b"WARC/1."
# As much as most pages take when packed; what is read beyond a member is copied for nothing.
_CHUNK = 1 << 14


class Member(NamedTuple):
    """Bytes from `start` to `end`: a record, or, where `record` is none, what is no whole one."""

    start: int
    end: int
    record: bytes | None


def members(path: Path, start: int = 0) -> Iterator[Member]:
    """The members of a file from a member's start on; damage is passed over to the next whole one.

    Raises:
        OSError: The file cannot be read.
    """
    size = path.stat().st_size
    if start >= size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as data:
        while start < size:
            member = _member_at(data, start)
            if member.record is None:
                member = Member(start, _next_whole(data, start + 1), None)
            yield member
            start = member.end


def last_whole_end(path: Path) -> int:
    """Where the last whole record of a file ends: its size, unless something tore it."""
    size = path.stat().st_size
    if not size:
        return 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as data:
        start = size
        while (start := data.rfind(_MAGIC, 0, start)) >= 0:
            member = _member_at(data, start)
            if member.record is not None:
                return member.end
    return 0


def _next_whole(data: mmap.mmap, start: int) -> int:
    """Where the next whole record starts, or the end of the file."""
    while (start := data.find(_MAGIC, start)) >= 0:
        if _member_at(data, start).record is not None:
            return start
        start += 1
    return len(data)


def _member_at(data: mmap.mmap, start: int) -> Member:
    """The member that starts there; its record is none unless it is whole."""
    unpacker = isal_zlib.decompressobj(GZIP_HEADER)
    parts: list[bytes] = []
    end = start
    try:
        while not unpacker.eof and end < len(data):
            chunk = data[end : end + _CHUNK]
            parts.append(unpacker.decompress(chunk))
            end += len(chunk) - len(unpacker.unused_data)
    except isal_zlib.error:  # type: ignore[misc]  # its stub calls the class an instance
        return Member(start, end, None)
    record = b"".join(parts)
    return Member(start, end, record if unpacker.eof and record.startswith(_RECORD) else None)
