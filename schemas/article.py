"""One cleaned record."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    Field,
    StringConstraints,
    field_serializer,
    model_validator,
)

from schemas.base import Shape
from schemas.dates import Moment, Precision, iso
from schemas.division import DivisionCode
from schemas.page import ArchivePlace
from schemas.site import HttpUrl, Slug

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffd\ufeff\u200b]")


def _readable(text: str) -> str:
    if found := _UNPRINTABLE.search(text):
        raise ValueError(
            f"holds the unprintable character U+{ord(found[0]):04X} at {found.start()}"
        )
    return text


Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, strip_whitespace=True, pattern=r"^[^\n]*$"),
    AfterValidator(_readable),
]
"""One line of text with something in it."""
Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_readable)]
"""Paragraphs, a line feed between two; may be empty."""


class Image(Shape):
    """A picture in the body, in the order of the page."""

    url: HttpUrl
    caption: Line | None = None


class Attachment(Shape):
    """A file that the page offers, wherever on the page its link stands."""

    url: HttpUrl
    name: Line


class Article(Shape):
    """One cleaned record. A field that the page does not state is null, never a guess."""

    id: str
    """Stable: made of the site and the canonical url."""
    site: Slug
    site_name: Line
    column: Slug | None = None
    column_name: Line | None = None
    url: HttpUrl
    """Canonical: one form for every address of the same article on its site."""
    title: Line
    subtitle: Line | None = None
    published_at: AwareDatetime | None = None
    """When the page says it was published, never when its events were."""
    published_precision: Precision | None = None
    written_on: date | None = None
    """成文日期: the day a document was signed."""
    breadcrumb: tuple[Line, ...] = ()
    source: Line | None = None
    """来源: where the text comes from, as the page names it."""
    author: Line | None = None
    editor: Line | None = None
    """责任编辑."""
    issuing_agency: Line | None = None
    """发布机构 or 发文机关."""
    index_number: Line | None = None
    """索引号, as printed; not unique across sites."""
    document_number: Line | None = None
    """文号 in one form: 国资发改革规〔2024〕53号."""
    catalogue: Line | None = None
    """公开目录."""
    theme: Line | None = None
    """主题分类."""
    genre: Line | None = None
    """体裁."""
    disclosure: Line | None = None
    """公开方式."""
    keywords: tuple[Line, ...] = ()
    """Only those an editor wrote."""
    publisher_division: DivisionCode | None = None
    """Who runs the site."""
    subject_division: DivisionCode | None = None
    """The district that the article is about."""
    body_text: Text
    body_html: str
    """Sanitised: paragraphs, tables, lists, bold, links and images; no style, no script."""
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    language: str = "zh-Hans"
    """BCP 47."""
    content_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the normalised title-less text: the same for a repost in another frame."""
    fetched_at: Moment
    archive: ArchivePlace | None = None
    reader: str
    """The family whose rules read the page."""
    reader_version: str
    provenance: dict[str, str] = Field(default_factory=dict)
    """Where each field that has a value came from: `meta:PubDate`, `label:索引号`, `list`."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.body_text and not self.images and not self.attachments:
            raise ValueError("no text, no image and no attachment: the body was not found")
        if (self.published_at is None) != (self.published_precision is None):
            raise ValueError("published_at and published_precision come together or not at all")
        return self

    @field_serializer("published_at", when_used="json")
    def _to_its_precision(self, moment: AwareDatetime | None) -> str | None:
        if moment is None or self.published_precision is None:
            return None
        return iso(moment, self.published_precision)
