"""The benchmark's tables, readers as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from rich.table import Table

from tests.bench.gold import GoldPage
from tests.bench.scoring import Scores
from tests.bench.timing import SMALL_PAGE_BYTES, Seconds, pages_per_second

_FIELDS = {
    "title": "\ntitle",
    "day": "date\nto day",
    "minute": "date to\nminute",
    "source": "\nsource",
    "names": "author,\neditor",
    "index_number": "index\nnumber",
    "publisher": "\npublisher",
    "doc_number": "doc.\nnumber",
    "images": "\nimages",
    "attachments": "\nattachments",
}
_BODY = {
    "precision": "\nprecision",
    "recall": "\nrecall",
    "f1": "\nF1",
    "starts": "starts\nright",
    "ends": "ends\nright",
    "length": "length\nagrees",
}
# What counts as a clean body, and as one that was not found.
_CLEAN_F1, _LOST_F1 = 0.95, 0.5
_ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One reader, or its share of one site's pages."""

    label: str
    pages: Sequence[GoldPage]
    scores: dict[str, Scores]
    """By the page's name, for all pages."""
    refused: int = 0

    def values(self, metric: str, *, government: bool = False) -> list[float]:
        return [
            self.scores[page.name][metric]
            for page in self.pages
            if metric in self.scores[page.name] and (page.is_government or not government)
        ]

    def mean(self, metric: str, *, government: bool = False) -> str:
        values = self.values(metric, government=government)
        return f"{fmean(values):.3f}" if values else _ABSENT


def fields(rows: Sequence[Row]) -> Table:
    """Fields: the share of pages on which each is right; behind each name, pages scored."""
    table = _table("Fields", rows, _FIELDS)
    for row in rows:
        table.add_row(row.label, *(row.mean(metric) for metric in _FIELDS))
    return table


def bodies(rows: Sequence[Row]) -> Table:
    """Bodies: means over the pages, and how many government pages are clean or lost."""
    table = _table("Body", rows, _BODY)
    for heading in (
        "gov.\nF1",
        f"gov.\nF1 ≥ {_CLEAN_F1}",
        f"gov.\nF1 < {_LOST_F1}",
        "junk\nstrings",
        "no\nrecord",
    ):
        table.add_column(heading, justify="right")
    for row in rows:
        f1s = row.values("f1", government=True)
        table.add_row(
            row.label,
            *(row.mean(metric) for metric in _BODY),
            row.mean("f1", government=True),
            _share(sum(f1 >= _CLEAN_F1 for f1 in f1s), len(f1s)),
            _share(sum(f1 < _LOST_F1 for f1 in f1s), len(f1s)),
            f"{sum(row.values('junk')):.0f}" if row.values("junk") else _ABSENT,
            str(row.refused),
        )
    return table


def speed(timed: dict[str, Seconds], pages: Sequence[GoldPage], floor: str) -> Table:
    """Pages a second of one thread's CPU time, and beside the floor that only parses."""
    small = [page for page in pages if len(page.html) <= SMALL_PAGE_BYTES]
    table = Table(title="Speed, CPU time of one thread")
    table.add_column("reader", no_wrap=True)
    for group in (pages, small):
        mean_kb = fmean(len(page.html) for page in group) / 1000 if group else 0
        table.add_column(f"pages/s:\n{len(group)} of {mean_kb:.0f} KB", justify="right")
        table.add_column("×\nlexbor", justify="right")
    for label, seconds in timed.items():
        cells = []
        for group in (pages, small):
            rate = pages_per_second(seconds, group)
            cells += [f"{rate:,.0f}", f"{rate / pages_per_second(timed[floor], group):.3f}"]
        table.add_row(label, *cells)
    return table


def _table(title: str, rows: Sequence[Row], metrics: dict[str, str]) -> Table:
    table = Table(title=title)
    table.add_column("reader", no_wrap=True)
    for metric, heading in metrics.items():
        scored = max((len(row.values(metric)) for row in rows), default=0)
        table.add_column(f"{heading}\nof {scored}", justify="right")
    return table


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole}" if whole else _ABSENT
