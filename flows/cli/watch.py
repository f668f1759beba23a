"""A backfill as it runs: a live view on a terminal, a line now and then anywhere else."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from flows.backfills import Backfill, as_known
from flows.cli.render_backfill import NAME_CELLS
from flows.cli.words import count, duration
from flows.keeper import Progress
from flows.outlook import Outlook, in_all
from schemas.dates import Window
from schemas.ledger import Entry, Figures, State
from schemas.site import Site

# Often enough to see that it moves; a polite site answers every other second anyway.
_REFRESH_A_SECOND = 2.0
# Seconds between two lines of a site where there is no terminal: a log of hours stays readable.
_LINE_SECONDS = 30.0
# Seconds over which the rate is taken: a page's worth at a polite pace, and no older mood.
_RATE_SECONDS = 60.0
_BAR_CELLS = 10
_SITE_CELLS = 18
# What a site has beside its columns: title, headings, sum, and a line before the next.
_LINES_BESIDE = 4


@dataclass(slots=True)
class _Watched:
    """One site as it is shown."""

    backfill: Backfill
    samples: deque[tuple[float, int]] = field(default_factory=deque)
    """Moments and the requests made by then."""
    said_at: float = 0.0

    def take(self, progress: Progress, now: float) -> None:
        self.backfill = self.backfill.moved(progress.entry, progress.figures)
        requests = sum(column.entry.requests for column in self.backfill.columns)
        self.samples.append((now, requests))
        # Two are kept however old: a stretch at a polite pace may take longer.
        while len(self.samples) > 2 and now - self.samples[1][0] > _RATE_SECONDS:  # noqa: PLR2004
            self.samples.popleft()

    @property
    def rate(self) -> float | None:
        """Requests a second, of late; none before there have been any."""
        if len(self.samples) < 2:  # noqa: PLR2004  (a rate is between two moments)
            return None
        (then, before), (now, after) = self.samples[0], self.samples[-1]
        return (after - before) / (now - then) if now > then and after > before else None

    @property
    def known(self) -> list[Outlook]:
        """What is left of the columns of which that is known."""
        every = [column.left for column in self.backfill.columns]
        return [left for left in every if left.requests is not None]

    @property
    def time_left(self) -> timedelta | None:
        """For what is known, at the rate of late, or the site's own pace before there is one."""
        if not self.known or self.backfill.site is None:
            return None
        pace = self.backfill.site.politeness.delay_seconds
        return in_all(self.known).time(1 / self.rate if self.rate else pace)


class LiveView:
    """Shows the backfills of some sites until it is left.

    Args:
        sites: The sites, each with the columns that are walked.
        window: The window.
        ledger: How far earlier runs have got.
        console: Where to show it.
    """

    def __init__(
        self,
        sites: Sequence[Site],
        window: Window,
        ledger: Iterable[tuple[Entry, Figures]],
        console: Console,
    ) -> None:
        self._console = console
        known = list(ledger)
        self._sites = {site.id: _Watched(as_known(site, window, known)) for site in sites}
        self._started_at = 0.0
        self._live = Live(
            get_renderable=self._render,
            console=console,
            refresh_per_second=_REFRESH_A_SECOND,
            transient=True,
        )

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._started_at = monotonic()
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def update(self, progress: Progress) -> None:
        """Take note of what was stored."""
        watched = self._sites[progress.entry.site]
        now = monotonic()
        watched.take(progress, now)
        if self._live.is_started or now - watched.said_at < _LINE_SECONDS:
            return
        watched.said_at = now
        self._console.print(_line(watched), highlight=False, markup=False, soft_wrap=True)

    def _render(self) -> RenderableType:
        elapsed = timedelta(seconds=int(monotonic() - self._started_at))
        hint = Text(f"{elapsed} · Ctrl-C stops it, and the same command goes on", style="dim")
        return Group(board([*self._sites.values()], self._console.height - 1), hint)


def board(sites: Sequence[_Watched], height: int) -> RenderableType:
    """Every site with its columns; where that is too high for the terminal, a line a site."""
    lines = sum(len(watched.backfill.columns) + _LINES_BESIDE for watched in sites)
    if lines <= height:
        parts: list[RenderableType] = []
        for watched in sites:
            parts += [Text(watched.backfill.title, style="bold"), _columns(watched.backfill)]
            parts += [Text(f"{_sum(watched)}\n", no_wrap=True, overflow="ellipsis")]
        return Group(*parts)
    # Those that move stand first: what is cut off at the bottom waits or is done.
    in_order = sorted(sites, key=lambda watched: not watched.backfill.is_running)
    return Group(_sum_of_sites(sites), _table_of_sites(in_order))


def _columns(backfill: Backfill) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=True)
    table.add_column("column", max_width=NAME_CELLS, no_wrap=True, overflow="ellipsis")
    table.add_column("", width=_BAR_CELLS)
    for heading in ("", "list pages", "stored", "owed"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("down to", no_wrap=True)
    table.add_column("", no_wrap=True)
    for column in backfill.columns:
        share, entry = column.left.share, column.entry
        pages = f"{entry.pages:,}"
        if column.left.pages:
            pages += f"/{entry.pages + column.left.pages:,}"
        table.add_row(
            column.name,
            ProgressBar(total=1.0, completed=share or 0.0, width=_BAR_CELLS),
            "" if share is None else f"{share:.0%}",
            pages,
            f"{column.figures.settled:,}",
            Text(f"{column.figures.owed:,}", style="yellow" if column.figures.owed else "dim"),
            str(entry.mark_day or ""),
            Text(column.state, style="yellow" if entry.state is State.STOPPED else "dim"),
        )
    return table


def _sum(watched: _Watched) -> str:
    """What the whole site has done, its rate, and how long it still takes."""
    backfill = watched.backfill
    left = backfill.left
    stored = sum(column.figures.settled for column in backfill.columns)
    said = ["" if left.share is None else f"{left.share:.0%}", f"{stored:,} stored"]
    said.append(f"{left.owed:,} owed" if left.owed else "")
    said.append(f"{watched.rate:,.1f} requests/s" if watched.rate else "")
    if backfill.is_done:
        said.append("done")
    elif (time_left := watched.time_left) is not None:
        is_all = len(watched.known) == len(backfill.columns)
        said.append(f"{'about' if is_all else 'more than'} {duration(time_left)} left")
    return " · ".join(filter(None, said))


def _table_of_sites(sites: Sequence[_Watched]) -> Table:
    """A line a site."""
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("site", max_width=_SITE_CELLS, no_wrap=True, overflow="ellipsis")
    table.add_column("", width=_BAR_CELLS)
    for heading in ("", "list pages", "stored", "owed", "req/s", "left"):
        table.add_column(heading, justify="right", no_wrap=True)
    for watched in sites:
        backfill = watched.backfill
        share = in_all(watched.known).share if watched.known else None
        figures = [column.figures for column in backfill.columns]
        table.add_row(
            backfill.site.name if backfill.site else backfill.site_id,
            ProgressBar(total=1.0, completed=share or 0.0, width=_BAR_CELLS),
            "" if share is None else f"{share:.0%}",
            f"{sum(column.entry.pages for column in backfill.columns):,}",
            f"{sum(one.settled for one in figures):,}",
            f"{sum(one.owed for one in figures):,}",
            f"{watched.rate:,.1f}" if watched.rate else "",
            _left(watched),
        )
    return table


def _left(watched: _Watched) -> str:
    """How long a site still takes, in a word or two."""
    if watched.backfill.is_done:
        return "done"
    if watched.time_left is None:
        return ""
    more = ">" if len(watched.known) < len(watched.backfill.columns) else ""
    return f"{more}{duration(watched.time_left)}"


def _sum_of_sites(sites: Sequence[_Watched]) -> str:
    """All sites in one line."""
    done = sum(watched.backfill.is_done for watched in sites)
    running = sum(watched.backfill.is_running for watched in sites)
    stored = sum(c.figures.settled for watched in sites for c in watched.backfill.columns)
    return f"{count(len(sites), 'site')}: {done} done, {running} running · {stored:,} stored"


def _line(watched: _Watched) -> str:
    """One site in one line."""
    pages = sum(column.entry.pages for column in watched.backfill.columns)
    return f"{watched.backfill.site_id}: {count(pages, 'list page')} · {_sum(watched)}"
