"""What reading the archive again changes, or would change."""

from collections import Counter
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from schemas.base import Shape
from schemas.dates import Moment, Window

IN_CHINESE = {
    "title": "标题",
    "subtitle": "副标题",
    "published_at": "发布日期",
    "written_on": "成文日期",
    "breadcrumb": "当前位置",
    "source": "来源",
    "author": "作者",
    "editor": "责任编辑",
    "issuing_agency": "发布机构",
    "index_number": "索引号",
    "document_number": "文号",
    "catalogue": "公开目录",
    "theme": "主题分类",
    "genre": "体裁",
    "disclosure": "公开方式",
    "keywords": "关键词",
    "body_text": "正文",
    "images": "图片",
    "attachments": "附件",
}
"""What a page calls the fields of its record."""


class Effect(StrEnum):
    """What another reading does to one field."""

    GAIN = "gain"
    LOSE = "lose"
    CHANGE = "change"


class Sample(Shape):
    """One record whose field would differ."""

    id: str
    title: str
    before: str
    after: str


class FieldChange(BaseModel):
    """In how many records one field is gained, lost or changed."""

    model_config = ConfigDict(extra="forbid")

    field: str
    effect: Effect
    records: int = 0
    samples: list[Sample] = Field(default_factory=list)

    def __str__(self) -> str:
        """`312 records gain document_number (文号)`."""
        chinese = f" ({IN_CHINESE[self.field]})" if self.field in IN_CHINESE else ""
        return f"{_records(self.records, self.effect)} {self.field}{chinese}"


class Held(Shape):
    """A record that would get worse: it stays as it is until someone has looked."""

    id: str
    site: str
    url: str
    title: str
    reasons: tuple[str, ...]
    """What it would lose, in plain words."""
    reader: str
    """The family whose rules read it so."""
    reader_version: str
    held_at: Moment


class ReparseReport(BaseModel):
    """What reading the archive again changes. Counts are of records but where they say pages."""

    model_config = ConfigDict(extra="forbid")

    window: Window
    """Of the days on which the pages were fetched."""
    started_at: Moment
    finished_at: Moment | None = None
    stored: bool = False
    """Whether the changes are stored; false for a report of what would change."""
    pages: int = 0
    """Article pages read from the archive."""
    same: int = 0
    """Pages whose record is read as it is stored."""
    superseded: int = 0
    """Pages older than what is stored of their address, and no version of it that was kept."""
    changed: int = 0
    """Records of which a reader sees something differ."""
    restated: int = 0
    """Records that read the same by other rules: only reader and provenance are brought up."""
    earlier: int = 0
    """Earlier versions of articles that read differently."""
    kept: int = 0
    """Earlier versions that would get worse, and later pages of records held: nothing changes."""
    new: int = 0
    """Pages of which nothing was stored, as new records."""
    copies: int = 0
    """Pages of these that stand at further addresses of their sites."""
    revised: int = 0
    """Stored articles of which a later page says something else."""
    released: int = 0
    """Pages in quarantine that pass now."""
    rejected: Counter[str] = Field(default_factory=Counter)
    """Pages that go into quarantine, by reason."""
    waiting: Counter[str] = Field(default_factory=Counter)
    """Pages in quarantine that do not pass today either, by reason."""
    held: int = 0
    """Records that would get worse: held for review, not overwritten."""
    held_before: int = 0
    """Of these, how many were waiting for review already."""
    freed: int = 0
    """Records that waited for review and would not get worse any more."""
    held_samples: list[Held] = Field(default_factory=list)
    fields: list[FieldChange] = Field(default_factory=list)
    """The most frequent first."""
    problems: list[str] = Field(default_factory=list)
    """What someone should look at, a sentence each."""

    @property
    def changes(self) -> int:
        """How many rows of the database the run changes."""
        held = self.held - self.held_before
        rewritten = self.changed + self.restated + self.earlier + self.revised
        unstored = self.new + self.copies + self.released + self.rejected.total()
        return rewritten + unstored + held + self.freed

    @property
    def sentences(self) -> list[str]:
        """What changes, in plain words, a line each; none where nothing does."""
        named = [
            (self.new, "become", "new records: nothing was stored of their pages"),
            (self.copies, "become", "further addresses of new ones: the same page once more"),
            (self.revised, "get", "a revision: a later page of theirs says something else"),
            (self.released, "leave", "quarantine"),
            (self.rejected.total(), "go", "into quarantine"),
            (self.held, "would get", "worse: held for review, not overwritten"),
            (self.freed, "leave", "review: they would not get worse any more"),
            (self.earlier, "have", "an earlier version that reads differently"),
            (self.restated, "read", "the same by newer rules"),
        ]
        lines = [str(change) for change in self.fields]
        return lines + [f"{_records(count, verb)} {what}" for count, verb, what in named if count]

    @property
    def summary(self) -> str:
        """One sentence with the figures that matter."""
        did = "changed" if self.stored else "would change"
        what = f"{self.changed} of them {did}" if self.changed else "no stored record differs"
        return f"{self.pages} pages read again, {self.same} as stored; {what}"


def _records(count: int, verb: str) -> str:
    """`1 record gains`, `2 records gain`."""
    if count != 1:
        return f"{count} records {verb}"
    singular = {"have": "has", "go": "goes", "would get": "would get"}.get(verb, f"{verb}s")
    return f"1 record {singular}"
