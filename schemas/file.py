"""A file that articles offer: what it is by its own bytes, and the text in it."""

from collections import Counter
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.base import Shape
from schemas.dates import Moment
from schemas.outcome import Outcome
from schemas.page import ArchivePlace

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""Of a file's bytes, hex."""


class FileKind(StrEnum):
    """What a file is, by the signature in its bytes; its name and its headers count for nothing."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    OFD = "ofd"
    """GB/T 33190."""
    DOC = "doc"
    XLS = "xls"
    OLE = "ole"
    """A compound file that is neither: PowerPoint's and WPS's older ones."""
    RTF = "rtf"
    ZIP = "zip"
    RAR = "rar"
    SEVEN_ZIP = "7z"
    JPEG = "jpeg"
    PNG = "png"
    GIF = "gif"
    WEBP = "webp"
    BMP = "bmp"
    TIFF = "tiff"


class FileVisit(Shape):
    """What became of one request for a file."""

    site: str
    url: str
    """As the article has it."""
    outcome: Outcome
    reason: str = ""
    status: int | None = None
    at: Moment
    sha256: Sha256 | None = None
    """None unless the outcome is `ok`; likewise the rest."""
    kind: FileKind | None = None
    size: int | None = None
    """Bytes."""
    archive: ArchivePlace | None = None


class StoredFile(Shape):
    """One content, however many addresses it has."""

    sha256: Sha256
    kind: FileKind
    size: int
    """Bytes."""
    archive: ArchivePlace
    text: str | None = None
    no_text: str | None = None
    """Why there is none; both are none until it has been read."""
    offered: tuple["Offer", ...] = ()
    """By whom, in the order of their addresses."""


class Offer(Shape):
    """An article's link to a file."""

    article: str
    """The article's id."""
    url: str
    name: str


class AttachmentReport(BaseModel):
    """What a run did for the files of a site's articles."""

    model_config = ConfigDict(extra="forbid")

    outcomes: Counter[Outcome] = Field(default_factory=Counter)
    """Requests, by what became of them."""
    new: int = 0
    """Contents not stored before; the others were known under another address."""
    bytes: int = 0
    """Of the new ones."""
    texts: int = 0
    without_text: Counter[str] = Field(default_factory=Counter)
    """Files read without finding text, by the reason."""
    problems: list[str] = Field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line; empty where nothing was asked for and nothing was read."""
        if not self.outcomes and not self.texts and not self.without_text:
            return ""
        counts = [f"{n} {o.replace('_', ' ')}" for o, n in self.outcomes.items()] or ["none asked"]
        without = [f"{n} × {why}" for why, n in self.without_text.most_common()]
        said = f"attachments: {', '.join(counts)}; {self.new} new contents, {self.bytes:,} bytes"
        return f"{said}; {self.texts} texts" + (
            f"; no text: {', '.join(without)}" if without else ""
        )
