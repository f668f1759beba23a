"""One walk over one column: which rows it wants, when it may stop, when it is complete."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.page import ArchivePlace, Listing, Validators
from schemas.site import Column
from schemas.visit import Checkpoint, Kind, Visit

# Rows are now and then published late under an earlier date; a week covers a holiday.
OVERLAP = timedelta(days=7)
# Lists without dates cannot tell that they are past the window. Where all that is older is done,
# two pages of known rows can.
_KNOWN_PAGES_TO_STOP = 2
# Sticky rows stand on top of a list in no order of date. Where they end, the dates rise once; a
# list whose dates rise more often has another order, and its silence says nothing.
RISES_OF_A_LIST_IN_ORDER = 1


@dataclass(slots=True)
class Walk:
    """The state of one column's walk.

    A visit is owed for every request made; the walk is complete when its list has ended, nothing
    is owed, and every visit is one that the next run need not repeat.
    """

    site: str
    column: Column
    window: Window
    checkpoint: Checkpoint | None = None
    first_since: date | None = None
    """Where an open window starts in a column that was never taken; none: at its first article."""
    today: date | None = None
    """Rows of a later day are misprints and move nothing."""
    newest: date | None = None
    list_validators: Validators = field(default_factory=Validators)
    list_hash: str | None = None
    list_archive: ArchivePlace | None = None
    _ended: bool = False
    _reached: bool = False
    _seen: set[str] = field(default_factory=set)
    _rows: int = 0
    _owed: set[str] = field(default_factory=set)
    _unsettled: bool = False
    _pages_without_news: int = 0
    _doubted: date | None = None
    _last_day: date | None = None
    _rises: int = 0

    def start(self, checkpoint: Checkpoint | None, today: date) -> None:
        """Begin where the last walk ended: an open window closes at what is known."""
        self.checkpoint = checkpoint
        self.today = today
        if self.window.since is None and (since := self._since_known()):
            self.window = Window(since=since, until=self.window.until)

    def _since_known(self) -> date | None:
        if self.checkpoint and self.checkpoint.newest:
            return self.checkpoint.newest - OVERLAP
        return self.first_since

    @property
    def covered(self) -> bool:
        """Whether the checkpoint vouches for all of the window but what is new on the list."""
        if self.checkpoint is None:
            return False
        since = self.checkpoint.since
        return since is None or (self.window.since is not None and since <= self.window.since)

    def doubt(self, day: date) -> None:
        """Walk the list down to the rows of `day`, even where its first page is unchanged."""
        self._doubted = min(day, self._doubted or day)

    @property
    def vouched_for(self) -> Checkpoint | None:
        """The checkpoint, where an unchanged first page means that there is nothing to do."""
        return self.checkpoint if self.covered and not self._doubted else None

    @property
    def edge(self) -> date | None:
        """Rows older than this are done or not wanted."""
        edge = self.window.since
        if self.covered and self.checkpoint and self.checkpoint.newest:
            known = self.checkpoint.newest - OVERLAP
            edge = max(known, edge) if edge else known
        return min(edge, self._doubted) if edge and self._doubted else edge

    def is_first_time(self, url: str) -> bool:
        """Whether this walk meets the canonical `url` for the first time; it will remember."""
        if url in self._seen:
            return False
        self._seen.add(url)
        return True

    def owe(self, url: str) -> None:
        """A request was made for the canonical `url`; `settle` must follow."""
        self._owed.add(url)

    def goes_on(self, listings: tuple[Listing, ...], news: int) -> bool:
        """Whether an older list page is wanted after one with these rows, `news` of them new.

        The last dated row decides, not the oldest: sticky rows stand on top, out of order.
        """
        self._rows += len(listings)
        days = [listing.day for listing in listings if listing.day]
        newest = max((d for d in days if self._may_be(d)), default=None)
        if newest and (self.newest is None or newest > self.newest):
            self.newest = newest
        for day in days:
            self._rises += self._last_day is not None and day > self._last_day
            self._last_day = day
        self._pages_without_news = 0 if news else self._pages_without_news + 1
        if news:
            return True
        if days:
            return self.edge is None or days[-1] >= self.edge
        return not self.covered or self._pages_without_news < _KNOWN_PAGES_TO_STOP

    def _may_be(self, day: date) -> bool:
        return not self.window.is_after(day) and (self.today is None or day <= self.today)

    def end(self, *, reached: bool) -> None:
        """No more list pages; `reached` says whether the list's or the window's end was met."""
        self._ended = True
        self._reached = reached

    @property
    def has_ended(self) -> bool:
        return self._ended

    def has_met(self, url: str) -> bool:
        """Whether a list page of this walk named the canonical `url`."""
        return url in self._seen

    @property
    def shown_after(self) -> date | None:
        """The day after which the list has shown every row that it has; none: it cannot be said.

        Rows of the last day met may go on where the walk stopped.
        """
        if not self._reached or self._rises > RISES_OF_A_LIST_IN_ORDER:
            return None
        return self._last_day

    @property
    def has_rows(self) -> bool:
        """Whether this walk has met rows yet."""
        return self._rows > 0

    def without_rows(self) -> tuple[Outcome, str]:
        """What a list page without rows means here.

        Servers answer stubs past a certain page, whatever the pager claims: that is as far as
        the list goes.
        """
        if self.has_rows:
            return Outcome.EMPTY, "the list ends here, before the end it claims"
        if self.checkpoint:
            return Outcome.DRIFTED, "no rows where there were rows: has the site changed?"
        return Outcome.EMPTY, "no rows found: is this the list, and is the family right?"

    def settle(self, visit: Visit) -> Checkpoint | None:
        """Take note of a visit; the checkpoint, when it was the last one owed.

        Visits must come in the order in which they are handed on, so that the checkpoint is
        stored with, or after, everything that it vouches for.
        """
        if visit.kind is Kind.AGAIN:
            return None
        if visit.requested:
            self._owed.discard(visit.url)
            self._unsettled = self._unsettled or not visit.outcome.is_settled
        if visit.kind is Kind.LIST and visit.outcome is Outcome.UNCHANGED:
            return self._renewed(visit)
        return self._made(visit.at) if self.is_complete else None

    @property
    def is_complete(self) -> bool:
        return self._ended and self._reached and not self._owed and not self._unsettled

    def _renewed(self, visit: Visit) -> Checkpoint | None:
        return self.checkpoint.model_copy(update={"at": visit.at}) if self.checkpoint else None

    def _made(self, at: datetime) -> Checkpoint | None:
        """The column's new checkpoint; a window with an end is a backfill's and moves none."""
        if self.window.until is not None:
            return None
        since, newest = self.window.since, self.newest
        if self.covered and self.checkpoint and self._joins(self.checkpoint):
            since = self.checkpoint.since
            newest = max(filter(None, (newest, self.checkpoint.newest)), default=None)
        return Checkpoint(
            site=self.site,
            column=self.column.id,
            since=since,
            newest=newest,
            list_validators=self.list_validators,
            list_hash=self.list_hash,
            list_archive=self.list_archive,
            at=at,
        )

    def _joins(self, checkpoint: Checkpoint) -> bool:
        """Whether no day lies between what the checkpoint vouches for and this window."""
        since = self.window.since
        return since is None or checkpoint.newest is None or since <= checkpoint.newest
