"""Appends responses to the archive.

A file is written by one process at a time and only at its end, so a crash can tear no more than
its last record; the next run of the site cuts that off and goes on behind it.
"""

import errno
import logging
import os
import secrets
from datetime import datetime
from io import FileIO
from pathlib import Path

from fastwarc.warc import WarcRecord

from schemas.dates import SHANGHAI
from schemas.page import ArchivePlace
from schemas.visit import Origin
from spiders.archive.mend import BusyError, hold, open_whole
from spiders.archive.read import response_at
from spiders.archive.records import (
    NOT_MODIFIED,
    REVISIT_FROM,
    info_record,
    member,
    metadata_record,
    payload_digest,
    response_record,
    revisit_record,
)

_log = logging.getLogger(__name__)

# Reading the archive again is spread over the cores by files: some for a large site's month, and
# one for a small one's.
_ROTATE_BYTES = 100_000_000
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class ArchiveError(OSError):
    """The archive cannot be written; the message is one line and names the way out."""

    def __init__(self, path: Path, error: OSError) -> None:
        full = error.errno in _FULL
        remedy = "free some space" if full else "make the archive's folder writable"
        super().__init__(
            f"{path}: {error.strerror}; {remedy} and run again: all that was archived before is "
            f"whole, and the run goes on from there"
        )


class ArchiveWriter:
    """Appends one site's responses to its file of the month.

    Args:
        root: The archive.
        site: The site's id.
        started_at: When the run started; it decides on the month.
    """

    def __init__(self, root: Path, site: str, started_at: datetime) -> None:
        self._root = root
        self._site = site
        self._started_at = started_at.astimezone(SHANGHAI)
        self._folder = root / site / f"{self._started_at:%Y-%m}"
        self._file: FileIO | None = None
        self._name = ""
        self._end = 0
        self.run = f"{self._started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
        """What tells this run's records from another's."""

    def write(
        self,
        url: str,
        status: int,
        headers: list[tuple[str, str]],
        body: bytes,
        at: datetime,
        origin: Origin | None = None,
    ) -> ArchivePlace:
        """Append one response; it is with the operating system when this returns.

        Where the origin says what earlier response the address gave, and the body is the same or
        the server says so, a revisit record refers to that one.

        Returns:
            Where the response lies in full: for a revisit that is the earlier place.

        Raises:
            ArchiveError: It cannot be written, and nothing of it was.
        """
        origin = origin or Origin(site=self._site)
        place = origin.earlier
        earlier = response_at(self._root, place) if place else None
        if _is_revisit(status, body, earlier):
            record = revisit_record(url, status, headers, body, at, earlier)
        else:
            record = response_record(url, status, headers, body, at)
            earlier = None
        origin = origin.model_copy(update={"run": self.run, "earlier": place if earlier else None})
        records = member(record) + member(metadata_record(record, origin, at))
        try:
            file = self._open()
            place = ArchivePlace(file=self._name, offset=self._end)
            self._append(file, records)
        except OSError as error:
            raise ArchiveError(self._folder, error) from error
        return origin.earlier or place

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _open(self) -> FileIO:
        """The file to append to: the month's last one where it has room, or a new one."""
        if self._file and self._end >= _ROTATE_BYTES:
            self.close()
        if self._file is None:
            self._file = self._resumed() or self._new()
        return self._file

    def _resumed(self) -> FileIO | None:
        """The month's last file that has room and no other writer.

        What a crashed run left torn is in the newest folder: none has been started since.
        """
        folders = sorted(self._folder.parent.glob("*/"))
        resumed: FileIO | None = None
        for path in sorted(folders[-1].glob("*.warc.gz")) if folders else ():
            try:
                file, cut = open_whole(path)
            except BusyError:
                continue
            if cut:
                _log.warning(cut)
            end = path.stat().st_size
            if not end:
                path.unlink()
            if folders[-1] != self._folder or end >= _ROTATE_BYTES or not end:
                file.close()
                continue
            if resumed:
                resumed.close()
            resumed, self._end = file, end
            self._name = str(path.relative_to(self._root))
        return resumed

    def _new(self) -> FileIO:
        name = f"{self._site}-{self._started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.warc.gz"
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        file = FileIO(path, "x")
        self._name, self._end = str(path.relative_to(self._root)), 0
        try:
            hold(file)
            self._append(file, member(info_record(name, self._started_at)))
        except BaseException:
            file.close()
            path.unlink()
            raise
        return file

    def _append(self, file: FileIO, records: bytes) -> None:
        """Write all, or take back what was written of it."""
        rest = memoryview(records)
        try:
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.truncate(self._end)
            file.seek(self._end)
            raise
        self._end += len(records)


def _is_revisit(status: int, body: bytes, earlier: WarcRecord | None) -> bool:
    """Whether a response says nothing that is not archived."""
    if status == NOT_MODIFIED:
        return True
    if earlier is None or len(body) < REVISIT_FROM:
        return False
    return earlier.headers.get("WARC-Payload-Digest") == payload_digest(body)


def sync(root: Path, files: frozenset[str]) -> None:
    """Return when all that was written to these files of the archive is on the disk."""
    for name in files:
        with (root / name).open("rb") as file:
            os.fsync(file.fileno())
