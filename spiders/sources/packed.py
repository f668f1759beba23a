"""Opens a WARC file however it is packed, so that reading can start at any of its records."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fastwarc.stream_io import GzipReader, ZstdReader

_WARC = b"WARC/"
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
# A skippable frame of this kind begins a file of the draft "WARC and zstd": the dictionary that
# all of its records are packed with, itself packed or not.
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_FRAME_HEADER = 8
# Zstandard trains dictionaries of 110 kB; no crawler writes one a hundredth of this.
_LARGEST_DICTIONARY = 64_000_000
# What stands in a zip before a file's bytes: thirty of its header, its name, an extra field.
_ZIP_HEADER = 30
_WACZ_FOLDER = "archive/"


@dataclass(frozen=True, slots=True)
class Packed:
    """A WARC file: one by itself, or one that lies in a zip as it is."""

    path: Path
    name: str
    start: int = 0
    size: int | None = None
    """None: the rest of the file."""

    def open(self, offset: int = 0) -> BinaryIO:
        """The file from an offset on; positions are those of the WARC file by itself."""
        file = self.path.open("rb")
        if self.size is None:
            file.seek(offset)
            return file
        part = _Part(file, self.start, self.size)
        part.seek(offset)
        return io.BufferedReader(part)

    @property
    def dictionary(self) -> bytes | None:
        """What its records are packed with, where a Zstandard file begins with that."""
        with self.open() as file:
            if file.read(len(_ZSTD_DICTIONARY)) != _ZSTD_DICTIONARY:
                return None
            size = int.from_bytes(file.read(_FRAME_HEADER - len(_ZSTD_DICTIONARY)), "little")
            frame = file.read(min(size, _LARGEST_DICTIONARY))
        if frame.startswith(_ZSTD):
            return ZstdReader(io.BytesIO(frame)).read(_LARGEST_DICTIONARY)
        return frame

    @property
    def is_warc(self) -> bool:
        """Whether it begins with a WARC record, whatever it is called."""
        with self.open() as file:
            head = file.read(len(_WARC))
            file.seek(0)
            try:
                if head.startswith(_GZIP):
                    head = GzipReader(file).read(len(_WARC))
                elif head.startswith((_ZSTD, _ZSTD_DICTIONARY)):
                    head = ZstdReader(file, dictionary=self.dictionary).read(len(_WARC))
            except OSError:
                return False
        return head == _WARC


def in_wacz(path: Path) -> Iterator[Packed]:
    """The WARC files of a WACZ file (or of any zip that has them in `archive/`).

    Raises:
        ValueError: It is no zip, has none, or has them packed once more.
    """
    try:
        with zipfile.ZipFile(path) as wacz:
            members = [m for m in wacz.infolist() if m.filename.startswith(_WACZ_FOLDER)]
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path}: not a whole WACZ file: {error}") from error
    members = [member for member in members if ".warc" in member.filename]
    if not members:
        raise ValueError(f"{path}: has no WARC file in {_WACZ_FOLDER}")
    with path.open("rb") as file:
        for member in members:
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(
                    f"{path}: {member.filename} is packed, where WACZ has it stored; unpack it "
                    f"and give the WARC file"
                )
            file.seek(member.header_offset)
            header = file.read(_ZIP_HEADER)
            lengths = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:], "little")
            start = member.header_offset + _ZIP_HEADER + sum(lengths)
            yield Packed(path, f"{path.name}:{member.filename}", start, member.file_size)


class _Part(io.RawIOBase):
    """A part of a file as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file = file
        self._start = start
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._file.seek(self._start + self._at)
        return self._at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        data = self._file.read(min(len(buffer), max(0, self._size - self._at)))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
