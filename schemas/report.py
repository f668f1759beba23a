"""What a run did: one report a site, one row a column."""

from collections import Counter

from pydantic import BaseModel, ConfigDict, Field

from schemas.dates import Moment, Window
from schemas.file import AttachmentReport
from schemas.history import IN_WORDS, Fate
from schemas.outcome import Outcome
from schemas.source import SourceReport

# Sources are named as far as a line goes.
_NAMED = 5
_READ = frozenset({Outcome.OK, Outcome.UNCHANGED})


class ColumnReport(BaseModel):
    """What a run did in one column. Counts; every outcome is counted under its own name."""

    model_config = ConfigDict(extra="forbid")

    column: str
    name: str
    lists: Counter[Outcome] = Field(default_factory=Counter)
    """List pages requested, by what became of them."""
    listed: int = 0
    """Rows seen on list pages, repeats left out."""
    declared: int | None = None
    """Rows the list itself claims to have, where it says so."""
    requested: int = 0
    """Article pages requested."""
    new: int = 0
    changed: int = 0
    looked_again: int = 0
    """Stored articles asked for without a list having named them; they count as requested."""
    repeats: int = 0
    """New articles whose text another article already carries."""
    outcomes: Counter[Outcome] = Field(default_factory=Counter)
    """List rows, by what became of them."""
    fates: Counter[Fate] = Field(default_factory=Counter)
    """Stored articles that were missed, found again or found elsewhere."""
    complete: bool = False
    """Whether the walk reached its end with nothing left to ask for again."""

    @property
    def was_read(self) -> bool:
        """Whether the list showed itself at all."""
        return any(outcome in _READ for outcome in self.lists)


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
    waiting: Counter[str] = Field(default_factory=Counter)
    """Pages of the site in quarantine when the run ended, of this run and of earlier ones."""
    originals: Counter[str] = Field(default_factory=Counter)
    """By name: whose texts the new articles repeat, how many of them."""
    attachments: AttachmentReport | None = None
    """None where the site's attachments are not fetched."""
    source: SourceReport | None = None
    """None where the pages were fetched."""
    problems: list[str] = Field(default_factory=list)
    """What someone should look at, a sentence each."""

    @property
    def failure(self) -> str | None:
        """Why the run came to nothing, or none where at least one list showed itself."""
        if any(column.was_read for column in self.columns):
            return None
        if self.source:
            return self.problems[0] if self.problems and not self.source.pages else None
        return self.problems[0] if self.problems else "no list was reached"

    def total(self, count: str) -> int:
        """The sum of a count (`new`, `listed`, `requested` …) over the columns."""
        return sum(getattr(column, count) for column in self.columns)

    def outcome(self, outcome: Outcome) -> int:
        """List rows that came to this outcome."""
        return sum(column.outcomes[outcome] for column in self.columns)

    def fate(self, fate: Fate) -> int:
        """Stored articles that came to this fate."""
        return sum(column.fates[fate] for column in self.columns)

    @property
    def in_quarantine(self) -> str:
        """`3 × missing_title, 1 × external_link`; empty where nothing waits."""
        return ", ".join(f"{n} × {reason}" for reason, n in self.waiting.most_common())

    @property
    def reposts(self) -> str:
        """`12 of 40 new articles are reposts of 新华社 (9), 人民日报 (3)`; empty without any."""
        count = self.total("repeats")
        if not count:
            return ""
        named = self.originals.most_common(_NAMED)
        whose = [f"{name} ({number})" for name, number in named]
        if more := self.originals.total() - sum(number for _, number in named):
            whose.append(f"others ({more})")
        new = self.total("new")
        are = "is a repost" if count == 1 else "are reposts"
        return f"{count} of {new} new articles {are} of {', '.join(whose)}"

    @property
    def summary(self) -> str:
        """One sentence with the figures that matter."""
        lists = sum(sum(column.lists.values()) for column in self.columns)
        counts = [f"{self.total('new')} new", f"{self.total('changed')} changed"]
        others = (outcome for outcome in Outcome if outcome is not Outcome.OK)
        counts += [f"{n} {o.replace('_', ' ')}" for o in others if (n := self.outcome(o))]
        counts += [f"{n} {IN_WORDS[fate]}" for fate in Fate if (n := self.fate(fate))]
        if self.source:
            return f"{self.site_name}: {', '.join(counts)}; {self.source.summary}"
        asked = f"asked for {lists} list and {self.total('requested')} article pages"
        return f"{self.site_name}: {', '.join(counts)}; {asked}"
