"""How far a backfill has come, and what is left of it: from its ledger alone, without a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from schemas.ledger import End, Entry, Figures, State

# Rows on a list page where none has been seen yet: most templates have 15 to 25.
ROWS_A_PAGE = 20.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is left to do. An estimate, but for `rows` and `owed`; none where nothing tells."""

    rows: int
    """List rows passed."""
    rows_left: int | None
    pages: int | None
    """List pages left."""
    articles: int | None
    """Articles left to be asked for, those that are owed left out."""
    owed: int

    @property
    def share(self) -> float | None:
        """How much of the way down the lists is done, from 0 to 1."""
        if self.rows_left is None:
            return None
        rows = self.rows + self.rows_left
        return self.rows / rows if rows else 1.0

    @property
    def requests(self) -> int | None:
        """Requests left."""
        if self.pages is None or self.articles is None:
            return None
        return self.pages + self.articles + self.owed

    def time(self, seconds_a_request: float) -> timedelta | None:
        """How long that takes."""
        left = self.requests
        return None if left is None else timedelta(seconds=left * seconds_a_request)


def outlook(entry: Entry, figures: Figures) -> Outlook:
    """What is left of one column over its window."""
    if entry.end is not None:
        # Before it is done, the head of the list is read once more.
        head = int(entry.state is not State.DONE)
        return Outlook(entry.rows, 0, head, 0, figures.owed)
    rows = _rows_left(entry)
    if rows is None:
        return Outlook(entry.rows, None, None, None, figures.owed)
    a_page = entry.rows / entry.pages if entry.pages and entry.rows else ROWS_A_PAGE
    articles = round(rows * _share_in_window(entry))
    return Outlook(entry.rows, round(rows), ceil(rows / a_page) + 1, articles, figures.owed)


def in_all(outlooks: Iterable[Outlook]) -> Outlook:
    """Several columns as one; what is unknown of one is unknown of all."""
    every = list(outlooks)
    return Outlook(
        rows=sum(one.rows for one in every),
        rows_left=_sum(one.rows_left for one in every),
        pages=_sum(one.pages for one in every),
        articles=_sum(one.articles for one in every),
        owed=sum(one.owed for one in every),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def gap(entry: Entry) -> str | None:
    """What the list claims to have and could not be reached, and why; none where there is no gap.

    A walk that ended with its window has not looked for the rest.
    """
    if entry.declared is None or not entry.unreached:
        return None
    said = f"declares {entry.declared:,} rows, {entry.rows:,} could be reached"
    why = entry.end_reason
    if entry.end is End.STUBS:
        why = why or f"past page {entry.pages:,} its pages come without rows"
    return f"{said}: {why}" if why else said


def _rows_left(entry: Entry) -> float | None:
    """Rows between the mark and the end of the window: by days, and no more than are declared."""
    guesses: list[float] = []
    if entry.declared is not None:
        guesses.append(max(0, entry.declared - entry.rows))
    elif entry.declared_pages is not None:
        a_page = entry.rows / entry.pages if entry.pages else ROWS_A_PAGE
        guesses.append(max(0, entry.declared_pages - entry.pages) * a_page)
    above = _above(entry)
    if above and entry.mark_day and entry.mark_day < above[1]:
        days = (above[1] - entry.mark_day).days
        rows = entry.rows - above[0]
        guesses.append(max(0, (entry.mark_day - entry.since).days) * rows / days)
    return min(guesses, default=None)


def _above(entry: Entry) -> tuple[int, date] | None:
    """A place above the mark, rows and day: the head, or the farthest page that is remembered."""
    if entry.head_day:
        return 0, entry.head_day
    hints = [(hint.rows, hint.day) for hint in entry.hints if hint.day]
    return hints[-1] if hints else None


def _share_in_window(entry: Entry) -> float:
    """How many of the rows left lie in the window: those above it are passed, not asked for."""
    if entry.mark_day is None or entry.mark_day <= entry.since:
        return 1.0
    left = (entry.mark_day - entry.since).days
    return (min(entry.mark_day, entry.until) - entry.since).days / left
