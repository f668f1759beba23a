"""An article over time, in words: what each revision changed, when it was missing and back."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from flows.diff import Change, diff
from flows.storage.sameness import normalised
from schemas.article import Article
from schemas.base import Shape
from schemas.dates import Moment, iso
from schemas.history import Absence, History

# In the order in which a reader would ask; title, body and files have words of their own.
_FIELDS: Final = (
    "subtitle",
    "written_on",
    "breadcrumb",
    "source",
    "author",
    "editor",
    "issuing_agency",
    "index_number",
    "document_number",
    "catalogue",
    "theme",
    "genre",
    "disclosure",
    "keywords",
    "publisher_division",
    "subject_division",
)


class FieldChange(NamedTuple):
    """A field, as it was and as it is; empty where there is nothing."""

    field: str
    before: str
    after: str


class Event(Shape):
    """One line of an article's history."""

    at: Moment
    what: str
    """In words."""
    revision: int | None = None
    hash: str | None = None
    """Of a revision: SHA-256 of all that a reader sees, normalised."""
    content_hash: str | None = None


def events(history: History) -> list[Event]:
    """What happened to an article, in the order in which it was noticed."""
    found = [*_revisions(history)]
    for absence in history.absences:
        found += _absence(absence)
    found += [
        Event(at=address.first_seen, what=f"also at {address.url}") for address in history.addresses
    ]
    return sorted(found, key=lambda event: event.at)


def in_words(before: Article, after: Article) -> str:
    """What changed from one revision to another, such as `title; body: 2 paragraphs changed`."""
    said: list[str] = []
    if not _same("title", before.title, after.title):
        said.append("title")
    if not _same("body_text", before.body_text, after.body_text):
        said.append(body_in_words(before.body_text, after.body_text))
    for kind in ("attachments", "images"):
        said += _files(kind, getattr(before, kind), getattr(after, kind))
    said += [
        f"{c.field.replace('_', ' ')}: {c.before or 'none'} → {c.after or 'none'}"
        for c in field_changes(before, after)
    ]
    return "; ".join(said) or "read by other rules"


def field_changes(before: Article, after: Article) -> list[FieldChange]:
    """The fields beside title, body and files that say something else."""
    found = []
    if (old := _published(before)) != (new := _published(after)):
        found.append(FieldChange("published_at", old, new))
    for name in _FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if not _same(name, old, new):
            found.append(FieldChange(name, _shown(old), _shown(new)))
    return found


def _revisions(history: History) -> Iterator[Event]:
    before: Article | None = None
    for version in history.versions:
        yield Event(
            at=version.article.fetched_at,
            what=in_words(before, version.article) if before else "first seen",
            revision=version.number,
            hash=version.hash,
            content_hash=version.article.content_hash,
        )
        before = version.article


def _absence(absence: Absence) -> Iterator[Event]:
    missed = absence.suspected
    yield Event(at=missed.at, what=f"suspected gone: {missed.reason}")
    if absence.confirmed:
        yield Event(at=absence.confirmed.at, what=f"gone: {absence.confirmed.reason}")
    if absence.back_at:
        what = "back again" if absence.confirmed else "there after all"
        yield Event(at=absence.back_at, what=what)


def body_in_words(before: str, after: str) -> str:
    """`body: 1 paragraph changed, 2 added (+35 −12 characters)`."""
    changed = added = removed = plus = minus = 0
    for paragraph in diff(before, after):
        kinds = {piece.change for piece in paragraph}
        changed += len(kinds) > 1
        added += kinds == {Change.ADDED}
        removed += kinds == {Change.REMOVED}
        plus += sum(len(p.text) for p in paragraph if p.change is Change.ADDED)
        minus += sum(len(p.text) for p in paragraph if p.change is Change.REMOVED)
    counts = ((changed, "changed"), (added, "added"), (removed, "removed"))
    parts = [f"{_count(n, 'paragraph')} {what}" for n, what in counts if n]
    return f"body: {', '.join(parts)} (+{plus} −{minus} characters)"


def _files(kind: str, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[str]:
    old = {str(_comparable(kind, one)) for one in before}
    new = {str(_comparable(kind, one)) for one in after}
    singular = kind.removesuffix("s")
    if new - old:
        yield f"{_count(len(new - old), singular)} added"
    if old - new:
        yield f"{_count(len(old - new), singular)} removed"
    if old == new and not _same(kind, before, after):
        yield f"{kind} in another order"


def _comparable(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        return [_comparable(name, one) for one in value]
    return normalised(name, value.model_dump() if isinstance(value, Shape) else value)


def _same(name: str, before: Any, after: Any) -> bool:
    return bool(_comparable(name, before) == _comparable(name, after))


def _published(article: Article) -> str:
    if article.published_at is None or article.published_precision is None:
        return ""
    return iso(article.published_at, article.published_precision)


def _shown(value: Any) -> str:
    return " › ".join(value) if isinstance(value, tuple) else str(value or "")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number != 1 else ''}"
