"""The ledger as a person asks of it: each backfill whole, with what is left and how to go on."""

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby

from flows.locks import SiteBusyError, site_lock
from flows.outlook import Outlook, in_all, outlook
from flows.storage.store import Store
from schemas.dates import Window
from schemas.ledger import Entry, Figures, State
from schemas.site import Column, Site


@dataclass(frozen=True, slots=True)
class ColumnOfBackfill:
    """One column of a backfill."""

    name: str
    """As the site has it; the column's id where the site's file has it no more."""
    entry: Entry
    figures: Figures
    is_held: bool = False
    """Whether a run walks it now."""

    @property
    def left(self) -> Outlook:
        return outlook(self.entry, self.figures)

    @property
    def state(self) -> str:
        """Where it stands, in a word or two."""
        if self.is_held:
            return "running"
        if self.entry.state is State.WALKING:
            return "cut off"
        return "not begun" if self.entry.state is State.WAITING else str(self.entry.state)


@dataclass(frozen=True, slots=True)
class Backfill:
    """What was asked of one site over one window."""

    site_id: str
    site: Site | None
    """None where there is no file of it any more."""
    window: Window
    columns: tuple[ColumnOfBackfill, ...]

    @property
    def title(self) -> str:
        name = f"{self.site.name} ({self.site_id})" if self.site else self.site_id
        return f"{name}  {self.window}"

    @property
    def left(self) -> Outlook:
        return in_all(column.left for column in self.columns)

    @property
    def time_left(self) -> timedelta | None:
        """At the site's own pace; none where nothing tells."""
        return self.left.time(self.site.politeness.delay_seconds) if self.site else None

    @property
    def asked_at(self) -> datetime:
        return min(column.entry.asked_at for column in self.columns)

    @property
    def moved_at(self) -> datetime | None:
        moved = (column.entry.moved_at for column in self.columns)
        return max(filter(None, moved), default=None)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do, or to ask for again."""
        return all(c.entry.state is State.DONE and not c.figures.owed for c in self.columns)

    @property
    def is_running(self) -> bool:
        return any(column.is_held for column in self.columns)

    def moved(self, entry: Entry, figures: Figures) -> "Backfill":
        """As it is once the run that we watch has moved one of its columns."""
        is_held = entry.state is State.WALKING
        columns = tuple(
            replace(column, entry=entry, figures=figures, is_held=is_held)
            if column.entry.column == entry.column
            else column
            for column in self.columns
        )
        return replace(self, columns=columns)

    @property
    def command(self) -> str:
        """The command that goes on with it."""
        ids = [column.entry.column for column in self.columns]
        known = [column.id for column in self.site.columns] if self.site else ids
        return command(self.site_id, self.window, [] if set(ids) == set(known) else ids)


def command(site_id: str, window: Window, columns: Sequence[str] = ()) -> str:
    """The command of a backfill, as a shell takes it; without columns, of all of them."""
    line = ["district-news", "backfill", site_id]
    line += ["--since", str(window.since), "--until", str(window.until)]
    if columns:
        line += ["--columns", ",".join(columns)]
    return shlex.join(line)


def as_known(site: Site, window: Window, ledger: Iterable[tuple[Entry, Figures]]) -> Backfill:
    """A site's backfill over a window as the ledger has it; what it does not have is not begun."""
    known = {e.column: (e, f) for e, f in ledger if e.site == site.id and e.window == window}
    columns = []
    for column in site.columns:
        unknown = unasked(site, column, window), Figures(found=0, owed=0)
        columns.append(ColumnOfBackfill(column.name, *known.get(column.id, unknown)))
    return Backfill(site.id, site, window, tuple(columns))


def unasked(site: Site, column: Column, window: Window) -> Entry:
    """An entry as it is before anyone has asked for it; the window has both ends."""
    assert window.since and window.until  # noqa: S101, PT018  (the caller has seen to it)
    return Entry(
        site=site.id,
        column=column.id,
        since=window.since,
        until=window.until,
        asked_at=datetime.now(UTC),
    )


def backfills(store: Store, sites: Mapping[str, Site], wanted: Sequence[str]) -> list[Backfill]:
    """Every backfill of the ledger, by site, the newest window first.

    Args:
        store: The store.
        sites: The sites there are, by id.
        wanted: Ids of sites; none: all of them.
    """
    entries: Iterable[tuple[Entry, Figures]] = store.ledger()
    if wanted:
        entries = [(entry, figures) for entry, figures in entries if entry.site in wanted]
    found = []
    in_order = sorted(entries, key=_newest_first)
    for (site_id, _, _), of_window in groupby(in_order, key=lambda e: _newest_first(e)[:3]):
        site = sites.get(site_id)
        columns = [_column(entry, figures, site, store) for entry, figures in of_window]
        found.append(Backfill(site_id, site, columns[0].entry.window, _as_listed(columns, site)))
    return found


def _newest_first(found: tuple[Entry, Figures]) -> tuple[str, int, int, str]:
    entry = found[0]
    return entry.site, -entry.until.toordinal(), -entry.since.toordinal(), entry.column


def _as_listed(
    columns: Sequence[ColumnOfBackfill], site: Site | None
) -> tuple[ColumnOfBackfill, ...]:
    """The columns in the order of the site's file."""
    order = {column.id: n for n, column in enumerate(site.columns)} if site else {}
    return tuple(sorted(columns, key=lambda c: order.get(c.entry.column, len(order))))


def _column(entry: Entry, figures: Figures, site: Site | None, store: Store) -> ColumnOfBackfill:
    names = {column.id: column.name for column in site.columns} if site else {}
    name = names.get(entry.column, entry.column)
    return ColumnOfBackfill(name, entry, figures, is_held=_is_held(entry, store))


def _is_held(entry: Entry, store: Store) -> bool:
    """Whether a process walks the entry; only asked of those that say so."""
    if entry.state is not State.WALKING:
        return False
    try:
        with site_lock(store, entry.key):
            return False
    except SiteBusyError:
        return True
