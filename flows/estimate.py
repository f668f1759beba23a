"""What a backfill would cost: how many requests, how long. From what is known, without a request.

A list's rows stand in the order of their days. So a few sights of it, so many rows above such a
day, tell how many lie in a window: between two sights in proportion to the days.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from math import ceil
from operator import attrgetter

import anyio
from anyio import to_thread

from flows.backfill import as_asked, pause
from flows.backfills import unasked
from flows.lanes import lane
from flows.options import RunOptions
from flows.outlook import ROWS_A_PAGE, outlook
from flows.storage.store import Store
from schemas.dates import Window
from schemas.ledger import End, Entry
from schemas.page import ArchivePlace
from schemas.site import Column, Site
from spiders import mark
from spiders.archive import read_archived
from spiders.lists import read_list
from spiders.probe import SHELL, Look, look_at, probe

_SAME = "this backfill so far"
_LOOKED_AT = "its list did not tell"


@dataclass(frozen=True, slots=True)
class Sight:
    """A place on a list: so many rows stand above this day."""

    rows: float
    day: date


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one list."""

    source: str
    """Where from, in words."""
    sights: tuple[Sight, ...]
    """From the newest to the oldest; none where its rows have no days, but a total then."""
    total: int | None = None
    """Rows that it has, or that it shows where it ends in stubs."""
    rows_a_page: float = ROWS_A_PAGE
    begins: float = 0.0
    """Rows above the page where a walk over the window would begin."""


@dataclass(frozen=True, slots=True)
class ColumnEstimate:
    """What one column would take; no numbers where nothing is known of it."""

    column: str
    name: str
    source: str = ""
    pages: int | None = None
    articles: int | None = None
    """Articles to be asked for."""
    stored: int = 0
    """Articles of the window that need no request any more."""

    @property
    def requests(self) -> int | None:
        return None if self.pages is None else self.pages + (self.articles or 0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a backfill of a site would take."""

    site: Site
    window: Window
    columns: tuple[ColumnEstimate, ...]
    seconds_a_request: float
    looks: int = 0
    """Requests that were made to tell."""

    @property
    def requests(self) -> int:
        """Of the columns of which something is known."""
        return sum(column.requests or 0 for column in self.columns)

    @property
    def time(self) -> timedelta:
        return timedelta(seconds=self.requests * self.seconds_a_request)

    @property
    def unknown(self) -> list[ColumnEstimate]:
        return [column for column in self.columns if column.requests is None]


async def estimates(
    sites: Sequence[Site], options: RunOptions, *, may_probe: bool = False
) -> list[Estimate]:
    """What a backfill of each of these sites would take; as `estimate`."""
    found: dict[str, Estimate] = {}
    try:
        async with anyio.create_task_group() as group:
            for site in sites:
                group.start_soon(_into, found, site, options, may_probe)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors
    return [found[site.id] for site in sites]


async def _into(
    found: dict[str, Estimate], site: Site, options: RunOptions, may_probe: bool
) -> None:
    found[site.id] = await estimate(site, options, may_probe=may_probe)


async def estimate(site: Site, options: RunOptions, *, may_probe: bool = False) -> Estimate:
    """What a backfill would take.

    Args:
        site: The site.
        options: As for the backfill itself.
        may_probe: Look at a handful of list pages of the columns of which nothing is known.

    Raises:
        flows.backfill.BackfillError: The window, a column or the rate cannot be had.
        flows.storage.errors.StoreError: The database cannot be used.
        spiders.ports.NoContactError: A look at the live web without a contact.
    """
    site, pace = as_asked(site, options), pause(site, options)
    window, columns = options.window, site.columns
    with Store.open(options.database) as store:
        entries = [entry for entry, _ in store.ledger(site.id)]
        found = {
            column.id: await _known(site, column, entries, store, options) for column in columns
        }
        looks: dict[str, list[Look]] = {}
        if may_probe and (unknown := [i for i, known in found.items() if known is None]):
            looks = await _look(site, window, unknown, store, options)
            found |= {column: of_looks(seen) for column, seen in looks.items()}
        estimates = [
            await _estimate(site, column, window, found[column.id], store) for column in columns
        ]
    if looks:
        estimates = [replace(one, source=one.source or _LOOKED_AT) for one in estimates]
    return Estimate(site, window, tuple(estimates), pace, sum(map(len, looks.values())))


async def _estimate(
    site: Site, column: Column, window: Window, known: Known | None, store: Store
) -> ColumnEstimate:
    for entry, figures in store.ledger(site.id):
        if entry.column == column.id and entry.window == window and entry.moved_at:
            left = outlook(entry, figures)
            if left.pages is not None and left.articles is not None:
                articles = left.articles + left.owed
                # Even where it is done: what is new on the first page, a run has to see.
                pages = max(1, left.pages)
                return ColumnEstimate(
                    column.id, column.name, _SAME, pages, articles, figures.settled
                )
    figures = await store.figures(unasked(site, column, window))
    if known is None:
        return ColumnEstimate(column.id, column.name, stored=figures.settled)
    assert window.since and window.until  # noqa: S101, PT018  (the caller has seen to it)
    oldest, newest = float(known.total or 0), 0.0
    if known.sights:
        oldest, newest = rows_above(known, window.since), rows_above(known, window.until)
    return ColumnEstimate(
        column.id,
        column.name,
        known.source,
        # The walk sees on one more page that it is past the window, and reads the head again.
        pages=ceil(max(0.0, oldest - known.begins) / known.rows_a_page) + 2,
        articles=max(0, round(oldest - newest) - figures.settled),
        stored=figures.settled,
    )


def rows_above(known: Known, day: date) -> float:
    """How many rows of a list are newer than a day, or of it."""
    sights = known.sights
    if day > sights[0].day:
        is_head = not sights[0].rows or sights[0].day == sights[-1].day
        return 0.0 if is_head else max(0.0, _at(sights[0], sights[-1], day))
    rows = sights[0].rows
    for newer, older in pairwise(sights):
        if day > older.day:
            return _at(newer, older, day)
        rows = older.rows
    if len(sights) > 1 and sights[0].day > sights[-1].day:
        rows = _at(sights[0], sights[-1], day)
    elif known.total is not None and day < sights[-1].day:
        rows = float(known.total)
    return rows if known.total is None else min(rows, known.total)


def _at(newer: Sight, older: Sight, day: date) -> float:
    """Between two sights, or beyond them, were as much published every day."""
    days = (newer.day - older.day).days
    return newer.rows + (older.rows - newer.rows) * (newer.day - day).days / days


async def _known(
    site: Site, column: Column, entries: Sequence[Entry], store: Store, options: RunOptions
) -> Known | None:
    """The best that is known of a column's list."""
    walked = [e for e in entries if e.column == column.id and e.hints and e.mark_day]
    if walked:
        return _of_walk(max(walked, key=lambda entry: entry.rows), options.window, walked)
    checkpoint = await store.checkpoint(site.id, column.id)
    if checkpoint is None:
        return None
    first = None
    if checkpoint.list_archive:
        first = await to_thread.run_sync(_first_page, site, checkpoint.list_archive, options)
    total = first.total_rows if first else None
    rows_a_page = float(first.rows) if first and first.rows else ROWS_A_PAGE
    if checkpoint.since and checkpoint.newest and checkpoint.since < checkpoint.newest:
        days = Window(since=checkpoint.since, until=checkpoint.newest)
        stored = (await store.figures(unasked(site, column, days))).found
        sights = (Sight(0, checkpoint.newest), Sight(stored, checkpoint.since))
        return Known(f"{stored:,} rows seen by the daily runs", sights, total, rows_a_page)
    if first and first.day and checkpoint.newest and first.day < checkpoint.newest:
        sights = (Sight(0, checkpoint.newest), Sight(first.rows / 2, first.day))
        return Known("its first page alone", sights, total, rows_a_page)
    return None


def _of_walk(entry: Entry, window: Window, walked: Sequence[Entry]) -> Known:
    """What the longest walk over another window tells; and where one over this would begin."""
    sights = [Sight(0, entry.head_day)] if entry.head_day else []
    sights += [Sight(hint.rows, hint.day) for hint in reversed(entry.hints) if hint.day]
    sights += [Sight(entry.rows, entry.mark_day)] if entry.mark_day else []
    hints = [hint for one in walked if mark.is_in_order(one) for hint in one.hints]
    begins = mark.nearest_above(window, hints)
    total = entry.declared if entry.end is not End.STUBS else entry.rows
    rows_a_page = entry.rows / entry.pages if entry.pages and entry.rows else ROWS_A_PAGE
    source = f"the backfill of {entry.window}"
    return Known(
        source, tuple(sights), total, rows_a_page, float(begins[0].rows) if begins else 0.0
    )


def of_looks(looks: Sequence[Look]) -> Known | None:
    """What the looks of a probe tell; none where that is not enough."""
    looks = sorted((look for look in looks if look.page != SHELL), key=attrgetter("page"))
    if not looks or looks[0].page != 1 or not looks[0].rows:
        return None
    first, a_page = looks[0], float(looks[0].rows)
    seen = [look for look in looks if look.day]
    sights = tuple(Sight((k.page - 1) * a_page + k.rows / 2, k.day) for k in seen if k.day)
    total = first.total_rows
    if total is None and first.total_pages:
        total = round(first.total_pages * a_page)
    if not first.has_next:
        total = first.rows
    empty = [look.page for look in looks if not look.rows and not look.has_failed]
    if empty and total is not None:
        total = min(total, round((min(empty) - 1) * a_page))
    source = f"{len(looks)} looks at its list" if len(looks) > 1 else "its first page alone"
    if not first.newest:
        # Without days, every row is asked for.
        return Known(f"{source}, without days", (), total, a_page) if total else None
    head = Sight(0, first.newest)
    if total is None and head.day == sights[-1].day:
        return None  # all on one day, and nobody knows how many more
    return Known(source, (head, *sights), total, a_page)


async def _look(
    site: Site, window: Window, columns: Sequence[str], store: Store, options: RunOptions
) -> dict[str, list[Look]]:
    looks: dict[str, list[Look]] = {column: [] for column in columns}
    async with lane(store, site):
        await probe(
            site,
            window,
            columns,
            sink=partial(_note, looks),
            started_at=options.at,
            settings=options.crawl_settings,
        )
    return looks


async def _note(looks: dict[str, list[Look]], column: str, look: Look) -> None:
    looks[column].append(look)


def _first_page(site: Site, place: ArchivePlace, options: RunOptions) -> Look | None:
    """A list's first page as it was last seen, from the archive."""
    try:
        archived = read_archived(options.archive, place)
    except (OSError, ValueError):
        return None  # the archive may have been moved away; the estimate goes without
    page, _ = read_list(site, archived.url, archived.headers, archived.body)
    return look_at(1, page)
