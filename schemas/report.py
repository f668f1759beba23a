"""What a run did: one report a site, one row a column."""

from collections import Counter

from pydantic import BaseModel, ConfigDict, Field

from schemas.dates import Moment, Window
from schemas.outcome import Outcome


class ColumnReport(BaseModel):
    """What a run did in one column. Counts; every outcome is counted under its own name."""

    model_config = ConfigDict(extra="forbid")

    column: str
    list_pages: int = 0
    """List pages requested."""
    listed: int = 0
    """Rows seen on list pages, repeats left out."""
    declared: int | None = None
    """Rows the list itself claims to have, where it says so."""
    requested: int = 0
    """Article pages requested."""
    new: int = 0
    changed: int = 0
    repeats: int = 0
    """New articles whose text another article already carries."""
    outcomes: Counter[Outcome] = Field(default_factory=Counter)
    complete: bool = False
    """Whether the walk reached its end with nothing left unsettled."""


class RunReport(BaseModel):
    """What a run did at one site."""

    model_config = ConfigDict(extra="forbid")

    site: str
    site_name: str
    window: Window
    started_at: Moment
    finished_at: Moment | None = None
    columns: list[ColumnReport] = Field(default_factory=list)
    rejections: Counter[str] = Field(default_factory=Counter)
    """How often each reason was given."""
    problems: list[str] = Field(default_factory=list)
    """What someone should look at, a sentence each."""
    bytes_received: int = 0

    @property
    def new(self) -> int:
        return sum(column.new for column in self.columns)

    @property
    def complete(self) -> bool:
        return bool(self.columns) and all(column.complete for column in self.columns)
