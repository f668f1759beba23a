"""How an article's history and the difference of two revisions look on a terminal."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.diff import Change, Paragraph, Piece, diff, diff_line
from flows.history import Event, field_changes
from schemas.dates import SHANGHAI, Moment
from schemas.history import Absence, History, Version
from schemas.reparse import IN_CHINESE

# As much of what stayed as shows where a change stands.
_CONTEXT = 24
_DIGITS_OF_A_HASH = 8
_STYLES = {Change.REMOVED: "red strike", Change.ADDED: "green", Change.SAME: ""}
# The marks of `git diff --word-diff`: colour alone is lost in a file or a pipe.
_MARKS = {Change.REMOVED: ("[-", "-]"), Change.ADDED: ("{+", "+}"), Change.SAME: ("", "")}


def moment(at: Moment) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def absence(missing: Absence) -> str:
    """`gone since 2026-03-02 08:00 (HTTP 404; confirmed 2026-03-03 08:00: HTTP 404)`."""
    first = f"{moment(missing.suspected.at)} ({missing.suspected.reason}"
    if missing.confirmed is None:
        return f"suspected gone since {first}; a look on another day decides)"
    confirmed = f"confirmed {moment(missing.confirmed.at)}: {missing.confirmed.reason}"
    return f"gone since {first}; {confirmed})"


def history(lines: Iterable[Event]) -> Table:
    """A line a revision, and one for each time that the article was missed or found."""
    table = Table("rev", "seen", "what", "hash", box=None)
    for event in lines:
        number = str(event.revision) if event.revision else ""
        digest = event.hash[:_DIGITS_OF_A_HASH] if event.hash else ""
        table.add_row(number, moment(event.at), Text(event.what), digest)
    table.caption = "times in Asia/Shanghai"
    return table


def difference(before: Version, after: Version) -> RenderableType:
    """What a reader of the later revision would find changed."""
    old, new = before.article, after.article
    seen = " → ".join(
        f"revision {v.number}, {moment(v.article.fetched_at)}" for v in (before, after)
    )
    parts: list[RenderableType] = [Text(new.title, style="bold"), Text(seen, style="dim"), Text()]
    fields = Table.grid(padding=(0, 2))
    title = diff_line(old.title, new.title)
    if any(piece.change is not Change.SAME for piece in title):
        fields.add_row(IN_CHINESE["title"], _line(title))
    for change in field_changes(old, new):
        pieces = (Piece(Change.REMOVED, change.before), Piece(Change.ADDED, change.after))
        name = IN_CHINESE.get(change.field, change.field)
        fields.add_row(name, _line(piece for piece in pieces if piece.text))
    for kind in ("attachments", "images"):
        fields = _add_files(fields, kind, before, after)
    if fields.row_count:
        parts += [fields, Text()]
    body = diff(old.body_text, new.body_text)
    if any(_is_changed(paragraph) for paragraph in body):
        parts += [Text(IN_CHINESE["body_text"]), *_body(body)]
    return Group(*parts)


def _add_files(table: Table, kind: str, before: Version, after: Version) -> Table:
    old = {file.url: file for file in getattr(before.article, kind)}
    new = {file.url: file for file in getattr(after.article, kind)}
    for one, other, change in ((old, new, Change.REMOVED), (new, old, Change.ADDED)):
        for url, file in one.items():
            if other.get(url) != file:
                said = f"{getattr(file, 'name', getattr(file, 'caption', '')) or ''} {url}".strip()
                table.add_row(IN_CHINESE[kind], _line((Piece(change, said),)))
    return table


def body_difference(before: str, after: str) -> list[Text]:
    """What changed from one body to another, its marks and colours those of a revision's."""
    return list(_body(diff(before, after)))


def _body(paragraphs: list[Paragraph]) -> Iterator[Text]:
    for changed, run in groupby(paragraphs, key=_is_changed):
        if changed:
            yield from (_line(paragraph, indent="    ") for paragraph in run)
            continue
        count = len(list(run))
        yield Text(f"    … {count} paragraph{'s' if count > 1 else ''} unchanged", style="dim")


def _is_changed(paragraph: Paragraph) -> bool:
    return any(piece.change is not Change.SAME for piece in paragraph)


def _line(pieces: Iterable[Piece], indent: str = "") -> Text:
    """A paragraph with its changes marked; of long stretches that stayed, what is next to them."""
    text = Text(indent)
    row = tuple(pieces)
    for number, piece in enumerate(row):
        begin, end = _MARKS[piece.change]
        shown = piece.text
        if piece.change is Change.SAME:
            shown = _context(shown, is_first=number == 0, is_last=number == len(row) - 1)
        text.append(f"{begin}{shown}{end}", style=_STYLES[piece.change])
    return text


def _context(text: str, *, is_first: bool, is_last: bool) -> str:
    if len(text) <= 2 * _CONTEXT or (is_first and is_last):
        return text
    head = "" if is_first else text[:_CONTEXT]
    tail = "" if is_last else text[-_CONTEXT:]
    return f"{head}…{tail}"


def summary(found: History) -> str:
    """What stands beside a record: how many revisions, other addresses, whether it is missing."""
    said = [f"{len(found.versions)} revisions"] if len(found.versions) > 1 else []
    said += [f"also at {address.url}" for address in found.addresses]
    if found.absence:
        said.append(absence(found.absence))
    return "\n".join(said)
