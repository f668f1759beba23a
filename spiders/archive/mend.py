"""Opens an archive file for one process alone, and cuts off what a crash tore."""

import fcntl
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from isal import isal_zlib

from spiders.archive.members import GZIP_HEADER, last_whole_end

# As much of a torn record as holds its headers.
_HEAD = 4096


class BusyError(Exception):
    """A process that lives is writing the file."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What was cut off the end of a file."""

    path: Path
    start: int
    size: int
    record: str
    """What it was the beginning of."""

    def __str__(self) -> str:
        return (
            f"{self.path}: a crash tore the last record; cut off its {self.size:,} bytes "
            f"({self.record}), kept the {self.start:,} before it"
        )


def open_whole(path: Path) -> tuple[FileIO, Cut | None]:
    """A file opened to append to, held against every other process, its torn end cut off.

    The system gives the file free when it is closed or its process dies.

    Raises:
        BusyError: Another process is writing it; it was not touched.
        OSError: It cannot be opened or cut.
    """
    file = FileIO(path, "a")
    try:
        hold(file)
        cut = _mend(file, path)
    except BaseException:
        file.close()
        raise
    return file, cut


def hold(file: FileIO) -> None:
    """Keep every other process from appending to the file.

    Raises:
        BusyError: Another one does already.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BusyError(file.name) from error


def is_busy(path: Path) -> bool:
    """Whether a process that lives is writing the file."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _mend(file: FileIO, path: Path) -> Cut | None:
    end, size = last_whole_end(path), path.stat().st_size
    if end == size:
        return None
    with path.open("rb") as torn:
        torn.seek(end)
        record = _named(torn.read(_HEAD))
    file.truncate(end)
    file.seek(end)
    return Cut(path, end, size - end, record)


def _named(torn: bytes) -> str:
    """The type and address of a record, as far as its beginning tells."""
    try:
        head = isal_zlib.decompressobj(GZIP_HEADER).decompress(torn, _HEAD)
    except isal_zlib.error:  # type: ignore[misc]  # its stub calls the class an instance
        head = b""
    lines = head.decode(errors="replace").split("\r\n\r\n")[0].split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    kind, url = fields.get("WARC-Type", "record"), fields.get("WARC-Target-URI", "unknown address")
    return f"{kind} of {url}"
