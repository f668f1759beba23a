"""Walks a file's gzip members, one record each, whatever a crash or a bad disk did to it."""

import os
from collections.abc import Iterator
from io import FileIO
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
# The last record is one of metadata, some hundred bytes; the one before it seldom has more.
_TAIL = 1 << 16


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
    # Not mapped into memory: a run that writes the file may cut its end, and a map's reader dies.
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        while start < size:
            member = _member_at(file, start)
            if member.record is None:
                member = Member(start, _next_whole(file, start + 1, size), None)
            yield member
            start = member.end


def last_whole_end(path: Path) -> int:
    """Where the last whole record of a file ends: its size, unless something tore it."""
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        base, tail = size, _TAIL
        while base:
            base = max(0, size - tail)
            data = os.pread(file.fileno(), size - base, base)
            start = len(data)
            while (start := data.rfind(_MAGIC, 0, start)) >= 0:
                member = _member_at(file, base + start)
                if member.record is not None:
                    return member.end
            tail *= 8
    return 0


def _next_whole(file: FileIO, start: int, size: int) -> int:
    """Where the next whole record starts, or the end of the file."""
    data = os.pread(file.fileno(), size - start, start)
    found = -1
    while (found := data.find(_MAGIC, found + 1)) >= 0:
        if _member_at(file, start + found).record is not None:
            return start + found
    return size


def _member_at(file: FileIO, start: int) -> Member:
    """The member that starts there; its record is none unless it is whole."""
    unpacker = isal_zlib.decompressobj(GZIP_HEADER)
    parts: list[bytes] = []
    end = start
    try:
        while not unpacker.eof and (chunk := os.pread(file.fileno(), _CHUNK, end)):
            parts.append(unpacker.decompress(chunk))
            end += len(chunk) - len(unpacker.unused_data)
    except isal_zlib.error:  # type: ignore[misc]  # its stub calls the class an instance
        return Member(start, end, None)
    record = b"".join(parts)
    return Member(start, end, record if unpacker.eof and record.startswith(_RECORD) else None)
