"""The benchmark's tables, methods as rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from tests.bench.dedupe.corpus import NEGATIVES
from tests.bench.dedupe.scoring import Found, Scores, Share

_ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Row:
    """One method under one setting."""

    label: str
    setting: str
    scores: Scores
    documents_a_second: float
    """Of one thread's CPU time."""
    bytes_an_article: float
    """Growth of the process's memory."""
    peak_mb: float
    finds_excerpts: bool
    found: Found


def quality(rows: Sequence[Row]) -> Table:
    """Pairs, what was merged wrongly, excerpts, and what it cost."""
    table = Table(title="Near-duplicates: pairs, merged by mistake, excerpts, cost")
    table.add_column("method", no_wrap=True)
    for heading in ("at", "P", "R", "F1", "R but\nsame text"):
        table.add_column(heading, justify="right")
    for family in NEGATIVES:
        table.add_column(f"merged\n{family}", justify="right")
    for heading in ("excerpts\nfound", "links\nright", "docs/s", "B an\narticle", "peak\nMB"):
        table.add_column(heading, justify="right")
    for row in rows:
        scores = row.scores
        table.add_row(
            row.label,
            row.setting,
            *(f"{one:.3f}" for one in (scores.precision.value, scores.recall.value, scores.f1)),
            f"{scores.recall_unlike.value:.3f}",
            *(_percent(scores.merged.get(family)) for family in NEGATIVES),
            _percent(scores.excerpts) if row.finds_excerpts else _ABSENT,
            _percent(scores.excerpt_precision) if row.finds_excerpts else _ABSENT,
            f"{row.documents_a_second:,.0f}",
            f"{row.bytes_an_article:,.0f}",
            f"{row.peak_mb:,.0f}",
        )
    return table


def kinds(rows: Sequence[Row]) -> Table:
    """Recall by what was done to a text: found with the one that it was made from."""
    table = Table(title="Found with the text that it was made from")
    table.add_column("method", no_wrap=True)
    table.add_column("at", justify="right")
    names = list(rows[0].scores.kinds) if rows else []
    for name in names:
        table.add_column(f"{name}\nof {rows[0].scores.kinds[name].whole}", justify="right")
    for row in rows:
        table.add_row(
            row.label, row.setting, *(f"{row.scores.kinds[name].value:.3f}" for name in names)
        )
    return table


def _percent(share: Share | None) -> str:
    return f"{share.value:.1%}" if share and share.whole else _ABSENT
