"""How a report of pages read again, and records held for review, look on a terminal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from schemas.dates import SHANGHAI
from schemas.rejection import Rejection
from schemas.reparse import IN_CHINESE, FieldChange, Held, ReparseReport

if TYPE_CHECKING:
    from flows.review import Review


def report(found: ReparseReport, *, dry_run: bool) -> RenderableType:
    """What changes in plain words, each with a few samples; what waits; what to look at."""
    would = "would change" if dry_run else "changes"
    fetched = f", fetched in {found.window}" if found.window.since or found.window.until else ""
    parts: list[RenderableType] = [
        Text(f"{found.pages} archived pages read again{fetched}", style="bold")
    ]
    if not found.changes:
        parts.append(Text("nothing changes: every page reads as it is stored"))
    for change in found.fields:
        parts += [Text(str(change)), _samples(change)]
    in_fields = len(found.fields)
    parts += [Text(sentence) for sentence in found.sentences[in_fields:]]
    if found.held_samples:
        parts.append(held(found.held_samples))
    if found.waiting:
        parts.append(Text(f"in quarantine still: {_by_reason(found)}"))
    parts.append(Text(f"{would}: {found.changes} of {found.pages}", style="dim"))
    return Group(*parts)


def replay(found: ReparseReport) -> RenderableType:
    """What became of pages in quarantine."""
    parts = [Text(f"{found.released} pages pass now and are stored, {found.waiting.total()} wait")]
    parts += [Text(f"waits: {n} × {reason}") for reason, n in found.waiting.most_common()]
    return Group(*parts)


def held(records: Iterable[Held]) -> Table:
    """Records held for review, a line each."""
    table = Table("held", "id", "site", "title", "why", box=None)
    for record in records:
        at = record.held_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        table.add_row(at, record.id, record.site, record.title, "; ".join(record.reasons))
    table.caption = "times in Asia/Shanghai"
    return table


def review(found: "Review") -> RenderableType:
    """A held record beside what its page reads now."""
    parts: list[RenderableType] = [
        Text(f"{found.held.title}  {found.held.url}", style="bold"),
        *(Text(reason, style="yellow") for reason in found.reading.reasons),
    ]
    if isinstance(found.reading.record, Rejection):
        parts += [Text(error) for error in found.reading.record.errors]
    table = Table("field", "stored", "today", box=None)
    for name, _, before, after in found.differences:
        table.add_row(_named(name), Text(before), Text(after))
    return Group(*parts, table) if found.differences else Group(*parts)


def _samples(change: FieldChange) -> Table:
    table = Table.grid(padding=(0, 2))
    for sample in change.samples:
        change_shown = Text.assemble((sample.before or "—", "dim"), " → ", sample.after or "—")
        table.add_row("", Text(sample.id, style="dim"), Text(sample.title), change_shown)
    return table


def _named(field: str) -> str:
    return f"{field} {IN_CHINESE[field]}" if field in IN_CHINESE else field


def _by_reason(found: ReparseReport) -> str:
    return ", ".join(f"{n} × {reason}" for reason, n in found.waiting.most_common())
