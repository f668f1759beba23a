"""How an estimate of a backfill looks on a terminal of 80 columns."""

from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.cli.render_backfill import NAME_CELLS
from flows.cli.words import count, duration
from flows.estimate import Estimate


def estimates(found: Iterable[Estimate]) -> RenderableType:
    """What each site's backfill would take, column by column, and all of it."""
    every = list(found)
    parts: list[RenderableType] = []
    for one in every:
        title = f"{one.site.name} ({one.site.id})  {one.window}"
        parts += [Text(title, style="bold"), _columns(one), *_sentences(one), Text()]
    if len(every) > 1:
        longest = max(every, key=lambda one: one.time)
        requests = sum(one.requests for one in every)
        about = "at least" if any(one.unknown for one in every) else "about"
        parts.append(
            Text(
                f"{len(every)} sites: {about} {count(requests, 'request')}; each site at its own "
                f"pace, the longest {duration(longest.time)} ({longest.site.name})"
            )
        )
    return Group(*parts)


def estimates_json(found: Iterable[Estimate]) -> list[dict[str, Any]]:
    """The same for a script."""
    return [
        {
            "site": one.site.id,
            "since": str(one.window.since),
            "until": str(one.window.until),
            "columns": [
                {
                    "column": column.column,
                    "name": column.name,
                    "list_pages": column.pages,
                    "articles": column.articles,
                    "stored": column.stored,
                    "source": column.source or None,
                }
                for column in one.columns
            ],
            "requests": None if one.unknown else one.requests,
            "seconds": None if one.unknown else round(one.time.total_seconds()),
            "seconds_a_request": one.seconds_a_request,
            "looks": one.looks,
        }
        for one in found
    ]


def _columns(one: Estimate) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("column", max_width=NAME_CELLS, no_wrap=True, overflow="ellipsis")
    for heading in ("list pages", "articles", "stored"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("known from")
    for column in one.columns:
        pages = "" if column.pages is None else f"{column.pages:,}"
        articles = "" if column.articles is None else f"{column.articles:,}"
        style = "yellow" if column.requests is None else ""
        source = Text(column.source or "nothing is known of it", style=style)
        table.add_row(column.name, pages, articles, f"{column.stored:,}", source)
    return table


def _sentences(one: Estimate) -> list[Text]:
    said = []
    pace = f"one every {one.seconds_a_request:g} s"
    if len(one.unknown) < len(one.columns):
        words = f"about {count(one.requests, 'request')}, {duration(one.time)} at {pace}"
        if one.unknown:
            words += f"; and {count(len(one.unknown), 'list')} of which nothing is known"
        said.append(Text(words))
    if one.unknown and not one.looks:
        said.append(
            Text(
                "nothing is known of some lists: `--dry-run --probe` looks at them first, a "
                "handful of pages each, never at an article",
                style="yellow",
            )
        )
    looked = f"{count(one.looks, 'look')} at the lists, no other request"
    asked = looked if one.looks else "no request was made"
    said.append(Text(f"{asked}; what fails is asked for again on top", style="dim"))
    return said
