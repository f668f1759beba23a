"""`python -m tests.bench.extract FOLDER`: read every page of a gold folder with every reader."""

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from tests.bench import tables, timing, worst
from tests.bench.gold import GoldPage, load
from tests.bench.peers import FLOORS, PEERS, LexborFloor, Ours, Reader, make
from tests.bench.scoring import Reading, Scores, score
from tests.bench.varied import grown

_CONSOLE = Console()
# Without a terminal Rich falls back to 80 columns, where the tables' headings break.
_LOG_WIDTH = 150


def main(
    folder: Annotated[Path, typer.Argument(help="Pages with their gold.jsonl.")],
    peers: Annotated[str, typer.Option(help='"all", "none", or ids, comma separated.')] = "all",
    per_site: Annotated[bool, typer.Option("--per-site", help="A row for each site too.")] = False,
    show_worst: Annotated[int, typer.Option("--worst", help="This reader's N worst pages.")] = 0,
    seconds: Annotated[bool, typer.Option("--seconds", help="Measure the speed too.")] = False,
    grown_to: Annotated[
        int, typer.Option("--grown-to", help="And once more with pages grown to N KB on average.")
    ] = 0,
) -> None:
    """Score this reader and its peers on a folder of saved pages."""
    try:
        pages = load(folder)
    except FileNotFoundError as error:
        raise typer.BadParameter(f"{error.filename}: not there") from error
    articles = [page for page in pages if page.is_article]
    readers, missing = make((Ours, *_chosen(peers)))
    readings = {
        reader.label: {page.name: reader.try_to_read(page) for page in articles}
        for reader in track(readers, "reading", console=_CONSOLE, transient=True)
    }
    scores = {
        reader.label: {
            page.name: score(page, readings[reader.label][page.name], reader.fields)
            for page in articles
        }
        for reader in readers
    }
    if not _CONSOLE.is_terminal:
        _CONSOLE.width = _LOG_WIDTH
    rows = [
        row
        for reader in readers
        for row in _rows(
            reader.label, articles, readings[reader.label], scores[reader.label], per_site=per_site
        )
    ]
    _CONSOLE.print(tables.fields(rows))
    _CONSOLE.print(tables.bodies(rows))
    if seconds:
        floors, missing_floors = make(FLOORS)
        missing |= missing_floors
        timed = timing.measure([*readers, *floors], articles)
        _CONSOLE.print(tables.speed(timed, articles, LexborFloor().label))
        if grown_to:
            larger = _grown(articles, grown_to * 1000)
            timed = timing.measure([*readers, *floors], larger)
            _CONSOLE.print(tables.speed(timed, larger, LexborFloor().label))
    for reader_id, reason in missing.items():
        _CONSOLE.print(f"missing: {reader_id} ({escape(reason)})", highlight=False)
    ours = next((reader for reader in readers if isinstance(reader, Ours)), None)
    if ours is None:
        return
    _print_lists(ours, [page for page in pages if not page.is_article])
    _print_worst(articles, readings[ours.label], scores[ours.label], show_worst)


def _grown(pages: Sequence[GoldPage], mean: int) -> list[GoldPage]:
    """The pages with as much around their text as makes them so many bytes long on average."""
    by = max(0, mean - sum(len(page.html) for page in pages) // max(1, len(pages)))
    return [replace(page, html=grown(page.html, by)) for page in pages]


def _chosen(peers: str) -> tuple[type[Reader], ...]:
    if peers == "all":
        return PEERS
    wanted = set() if peers == "none" else {name.strip().lower() for name in peers.split(",")}
    known = {peer.id.lower() for peer in PEERS}
    if wanted - known:
        raise typer.BadParameter(f"{', '.join(wanted - known)}: not among {', '.join(known)}")
    return tuple(peer for peer in PEERS if peer.id.lower() in wanted)


def _rows(
    label: str,
    pages: Sequence[GoldPage],
    readings: dict[str, Reading],
    scores: dict[str, Scores],
    *,
    per_site: bool,
) -> Iterator[tables.Row]:
    groups = {label: list(pages)}
    if per_site:
        sites: dict[str, list[GoldPage]] = defaultdict(list)
        for page in pages:
            sites[f"  {page.host}"].append(page)
        groups |= sites
    for name, group in groups.items():
        refused = sum(readings[page.name].refused is not None for page in group)
        yield tables.Row(name, group, scores, refused)


def _print_lists(ours: Reader, lists: Sequence[GoldPage]) -> None:
    taken = [page.name for page in lists if not ours.try_to_read(page).refused]
    _CONSOLE.print(f"list pages taken for articles: {len(taken)}/{len(lists)} {' '.join(taken)}")


def _print_worst(
    pages: Sequence[GoldPage], readings: dict[str, Reading], scores: dict[str, Scores], count: int
) -> None:
    ranked = sorted(pages, key=lambda page: -worst.badness(scores[page.name]))
    for page in ranked[:count]:
        lines = list(worst.mistakes(page, readings[page.name], scores[page.name]))
        if not lines:
            continue
        _CONSOLE.print(f"\n[bold]{escape(page.name)}[/]", soft_wrap=True)
        for line in lines:
            _CONSOLE.print(f"  {escape(line)}", soft_wrap=True, highlight=False)


if __name__ == "__main__":
    # Peers warn and log about pages; the tables are to be read.
    warnings.simplefilter("ignore")
    logging.disable()
    typer.run(main)
