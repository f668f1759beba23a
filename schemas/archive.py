"""What is in the archive, and whether it is whole."""

from collections import Counter

from pydantic import BaseModel, ConfigDict, Field, computed_field


class MonthOfArchive(BaseModel):
    """What a site's files of one month hold."""

    model_config = ConfigDict(extra="forbid")

    site: str
    month: str
    """`2024-07`."""
    files: int = 0
    records: Counter[str] = Field(default_factory=Counter)
    """By WARC type."""
    bytes: int = 0
    """On the disk."""
    saved_bytes: int = 0
    """What the full responses would take that revisit records refer to, less those records."""

    @property
    def pages(self) -> int:
        """Everything that was answered, unchanged or not."""
        return self.records["response"] + self.records["revisit"]

    @computed_field
    def bytes_per_page(self) -> int:
        return round(self.bytes / self.pages) if self.pages else 0

    @computed_field
    def saved_share(self) -> float:
        """Of what the month would take without revisit records."""
        return round(self.saved_bytes / ((self.bytes + self.saved_bytes) or 1), 4)


class ArchiveCheck(BaseModel):
    """What a look at every record of a site's archive found."""

    model_config = ConfigDict(extra="forbid")

    site: str
    files: int = 0
    records: int = 0
    bytes: int = 0
    places: int = 0
    """Articles, their revisions and rejections whose bytes were looked for."""
    busy: list[str] = Field(default_factory=list)
    """Files that a run is writing; their ends were left alone."""
    repaired: list[str] = Field(default_factory=list)
    problems: list[str] = Field(default_factory=list)
