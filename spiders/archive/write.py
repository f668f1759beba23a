"""Appends responses to the archive.

A file is written by one process only and only at its end, so a crash can cut off no more than
its last record.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from schemas.dates import SHANGHAI
from schemas.page import ArchivePlace
from schemas.visit import Origin
from spiders.archive.records import info_record, member, metadata_record, response_record

# The size that the Heritrix crawler's documentation recommends, and other tools expect.
_ROTATE_BYTES = 1_000_000_000


class ArchiveWriter:
    """Appends one site's responses to the archive."""

    def __init__(self, root: Path, site: str, started_at: datetime) -> None:
        self._root = root
        self._site = site
        self._started_at = started_at.astimezone(SHANGHAI)
        self._name = ""
        self._file: BinaryIO | None = None
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
        """Append one response; it is with the operating system when this returns."""
        file = self._open()
        place = ArchivePlace(file=self._name, offset=file.tell())
        response = response_record(url, status, headers, body, at)
        origin = (origin or Origin(site=self._site)).model_copy(update={"run": self.run})
        file.write(member(response) + member(metadata_record(response, origin, at)))
        file.flush()
        return place

    def sync(self) -> None:
        """Return when all that was written is on the disk."""
        if self._file:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        if self._file:
            self.sync()
            self._file.close()
            self._file = None

    def _open(self) -> BinaryIO:
        if self._file and self._file.tell() >= _ROTATE_BYTES:
            self.close()
        if not self._file:
            stamp = self._started_at.strftime("%Y%m%dT%H%M%S")
            file = f"{self._site}-{stamp}-{secrets.token_hex(4)}.warc.gz"
            self._name = f"{self._site}/{self._started_at:%Y-%m}/{file}"
            path = self._root / self._name
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("xb")
            self._file.write(member(info_record(file, self._started_at)))
        return self._file
