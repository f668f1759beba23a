"""How backfills, and what is left of them, look on a terminal of 80 columns."""

from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.backfills import Backfill, ColumnOfBackfill
from flows.cli.words import count, duration
from flows.outlook import gap, in_all
from schemas.dates import SHANGHAI
from schemas.ledger import State
from schemas.report import RunReport

# A column's name takes at most so many cells; a Chinese character takes two.
NAME_CELLS = 12
# Where a mark is and what was in the list's head is for the walk, not for a reader.
_INNER = {"mark", "hints", "head", "head_day"}


def status(found: Iterable[Backfill]) -> RenderableType:
    """Every backfill: a table of its columns, the gaps in words, what is left, how to go on."""
    parts: list[RenderableType] = []
    for backfill in found:
        parts += [Text(backfill.title, style="bold"), _columns(backfill), *_sentences(backfill)]
        parts.append(Text())
    return Group(*parts[:-1])


def report(run: RunReport, backfill: Backfill) -> RenderableType:
    """What a run did, and where the backfill stands after it."""
    parts: list[RenderableType] = [Text(backfill.title, style="bold"), _columns(backfill)]
    parts += [Text(f"rejected: {n} × {reason}") for reason, n in run.rejections.most_common()]
    parts += [Text(f"look at: {problem}", style="yellow") for problem in run.problems]
    parts.append(_what_next(backfill))
    if run.finished_at:
        took = duration(run.finished_at - run.started_at)
        parts.append(Text(f"this run: {run.summary}; {took}\n", style="dim"))
    return Group(*parts)


def status_json(found: Iterable[Backfill]) -> list[dict[str, Any]]:
    """The same for a script."""
    return [
        {
            "site": backfill.site_id,
            "since": str(backfill.window.since),
            "until": str(backfill.window.until),
            "columns": [_column_json(column) for column in backfill.columns],
            "requests_left": backfill.left.requests,
            "seconds_left": backfill.time_left and round(backfill.time_left.total_seconds()),
            "done": backfill.is_done,
            "command": backfill.command,
        }
        for backfill in found
    ]


def _columns(backfill: Backfill) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("column", max_width=NAME_CELLS, no_wrap=True, overflow="ellipsis")
    for heading in ("state", "down to"):
        table.add_column(heading, no_wrap=True)
    for heading in ("declared", "reached", "found", "stored", "owed"):
        table.add_column(heading, justify="right", no_wrap=True)
    for column in backfill.columns:
        entry, figures = column.entry, column.figures
        table.add_row(
            column.name,
            Text(column.state, style="yellow" if column.state in {"cut off", "stopped"} else ""),
            str(entry.mark_day or ""),
            f"{entry.declared:,}" if entry.declared is not None else "",
            f"{entry.rows:,}",
            f"{figures.found:,}",
            f"{figures.settled:,}",
            Text(f"{figures.owed:,}", style="yellow" if figures.owed else ""),
        )
    return table


def _sentences(backfill: Backfill) -> list[Text]:
    said = [
        Text(f"{column.name}: {entry.reason}", style="yellow")
        for column in backfill.columns
        if (entry := column.entry).state is State.STOPPED
    ]
    said += [
        Text(f"{column.name}: the list {short}", style="yellow")
        for column in backfill.columns
        if (short := gap(column.entry))
    ]
    moved = backfill.moved_at
    when = f"last moved {moved.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moved else "not begun"
    return [*said, _what_next(backfill), Text(when, style="dim")]


def _what_next(backfill: Backfill) -> Text:
    """What is left, and the command that goes on with it: in one line, to be copied."""
    if backfill.is_done:
        return Text("done, nothing is left")
    left = f"left: {left_in_words(backfill)}"
    if backfill.is_running:
        return Text(left)
    return Text(f"{left}\ngo on: {backfill.command}", no_wrap=True, overflow="ignore")


def left_in_words(backfill: Backfill) -> str:
    """What is left, and how long that takes at the site's pace."""
    every = [column.left for column in backfill.columns]
    known = [left for left in every if left.requests is not None]
    left, unknown, said = in_all(known), len(every) - len(known), []
    if left.requests and backfill.site:
        articles, pages = left.articles or 0, left.pages or 0
        said.append(f"about {count(articles, 'article')} and {count(pages, 'list page')}")
        said += [f"{left.owed:,} owed"] if left.owed else []
        time = left.time(backfill.site.politeness.delay_seconds)
        said += [duration(time)] if time else []
    if unknown:
        said.append(f"{unknown} of {count(len(every), 'list')}, not seen yet")
    return ", ".join(said)


def _column_json(column: ColumnOfBackfill) -> dict[str, Any]:
    left = column.left
    return {
        "name": column.name,
        **column.entry.model_dump(mode="json", exclude={"site", "since", "until", *_INNER}),
        "state": column.state,
        **column.figures.model_dump(mode="json"),
        "stored": column.figures.settled,
        "unreached": column.entry.unreached,
        "gap": gap(column.entry),
        "articles_left": left.articles,
        "pages_left": left.pages,
    }
