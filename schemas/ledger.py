"""The ledger of backfills: what was asked of each column, and how far each walk has got."""

from datetime import date
from enum import StrEnum

from pydantic import NonNegativeInt

from schemas.base import Shape
from schemas.dates import Moment, Window


class State(StrEnum):
    """Where a backfill of one column stands."""

    WAITING = "waiting"
    """Asked for, and not begun."""
    WALKING = "walking"
    """Under way; or cut off, where no process holds it any more."""
    STOPPED = "stopped"
    """Ended before its end; the entry says why, and the next run goes on."""
    DONE = "done"
    """The walk met its end, and the head of the list was read once more after it."""


class End(StrEnum):
    """Why there was no further to go on a list."""

    WINDOW = "window"
    """Its rows are older than the window."""
    LIST = "list"
    """Its last page says that it is the last."""
    STUBS = "stubs"
    """Its pager claims more pages; they come without rows, or not at all."""


class Hint(Shape):
    """A list page that the walk has passed: where to look for the mark again.

    Lists grow at their head while they are walked, so an address says roughly where, no more.
    """

    page: NonNegativeInt
    """Pages passed before it."""
    rows: NonNegativeInt = 0
    """Rows passed before it."""
    url: str
    day: date | None = None
    """The middle one of its days."""


class Entry(Shape):
    """One column over one window: what was asked, and up to which mark it is done.

    Everything in the window that stands above the mark is stored, or owed because it failed. An
    entry moves in the transaction that stores what it vouches for.
    """

    site: str
    column: str
    since: date
    until: date
    """The first day not wanted."""
    asked_at: Moment
    moved_at: Moment | None = None

    state: State = State.WAITING
    reason: str = ""
    """Why it stopped."""
    end: End | None = None
    """Why the walk down the list ended; none while there is further to go."""
    end_reason: str = ""
    """What the list's server said there, where it cut the list short."""

    declared: int | None = None
    """Rows that the list claimed to have, when it was last asked."""
    declared_pages: int | None = None
    pages: NonNegativeInt = 0
    """List pages passed: those above the mark."""
    rows: NonNegativeInt = 0
    """Rows on them, whatever their day, those seen twice left out."""
    skipped: NonNegativeInt = 0
    """Those that were not read, because another window's walk told where this one begins."""
    list_requests: NonNegativeInt = 0
    """Requests for list pages in all runs, with retries, redirects and robots.txt."""
    article_requests: NonNegativeInt = 0
    """Requests for articles in all runs, likewise."""

    mark_day: date | None = None
    """The middle one of the days on the last page passed; none where its rows have none."""
    mark: tuple[str, ...] = ()
    """The canonical addresses on that page, in its order: the last is the mark itself."""
    hints: tuple[Hint, ...] = ()
    """The last page passed, and some before it, ever further apart."""
    rises: NonNegativeInt = 0
    """How often the middle day has risen from one page to the next: a list in order has sticky
    rows on top, and no other reason to."""
    head_day: date | None = None
    """The middle day of the list's first page, when it was last read."""
    head: tuple[str, ...] = ()
    """The canonical addresses on that first page: what stands above them later is new."""

    @property
    def window(self) -> Window:
        return Window(since=self.since, until=self.until)

    @property
    def key(self) -> str:
        """What names the entry, and the lock of the run that walks it."""
        return entry_key(self.site, self.column, self.window)

    @property
    def requests(self) -> int:
        return self.list_requests + self.article_requests

    @property
    def unreached(self) -> int | None:
        """Rows that the list claims and did not show, once it was walked to its end."""
        if self.end in {None, End.WINDOW} or self.declared is None or self.skipped:
            return None
        return max(0, self.declared - self.rows)


def entry_key(site: str, column: str, window: Window) -> str:
    """What names the entry of a column over a window with both ends; safe as a file's name."""
    return f"{site}.{column}.{window.since}.{window.until}"


class Figures(Shape):
    """What the tables know of an entry's window, whichever run stored it."""

    found: int
    """Articles that the column's list names with a day in the window, or without a day."""
    owed: int
    """Those whose page failed when it was last asked for."""

    @property
    def settled(self) -> int:
        """Those that need no request any more: stored, rejected, gone, external."""
        return self.found - self.owed
