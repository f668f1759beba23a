"""compare: what another reading does to a record, and whether it makes it worse."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from flows.reading import Values
from flows.storage.reread import READ, SEEN
from flows.storage.rows import article_row
from schemas.article import Article
from schemas.dates import Precision, iso
from schemas.rejection import Rejection
from schemas.reparse import Effect

# Less of a body than this may be left. What a better reader takes away (share bars, a copy of the
# body, related links) seldom is as long as the text itself; a selector that has come to point at
# the first paragraph, or at nothing, leaves less.
LEAST_BODY_KEPT: Final = 0.5

# As much of a value as tells one from another in a report.
_SHOWN: Final = 60


class Difference(NamedTuple):
    """One field that reads differently."""

    field: str
    effect: Effect
    before: str
    after: str


def values_of(article: Article) -> dict[str, Any]:
    """The columns that a reading fills, as they would be stored."""
    row = article_row(article)
    return {name: row[name] for name in READ}


def is_same(stored: Values, read: Values, names: tuple[str, ...] = READ) -> bool:
    """Whether a reading says what is stored."""
    return all(stored[name] == read[name] for name in names)


def differences(stored: Values, read: Values) -> Iterator[Difference]:
    """What a reader of the article sees differ; a publish time and its precision are one field."""
    for name in SEEN:
        if name == "published_precision":
            continue
        before, after = _shown(stored, name), _shown(read, name)
        if before != after or stored[name] != read[name]:
            effect = Effect.CHANGE if before and after else Effect.GAIN if after else Effect.LOSE
            yield Difference(name, effect, _excerpt(before, after), _excerpt(after, before))


def worse(stored: Values, record: Article | Rejection) -> tuple[str, ...]:
    """What a stored article would lose that no better reader takes away, in plain words."""
    if isinstance(record, Rejection):
        return (f"it would be no article any more: {record.reason.replace('_', ' ')}",)
    lost: list[str] = []
    if stored["published_at"] and not record.published_at:
        lost.append("it would lose its publish date")
    before, after = (len("".join(text.split())) for text in (stored["body_text"], record.body_text))
    if after < before * LEAST_BODY_KEPT:
        lost.append(f"of its body's {before} characters {after} would be left")
    return tuple(lost)


def _shown(values: Values, name: str) -> str:
    """A value on one line; empty where there is none."""
    value = values[name]
    if not value:
        return ""
    if name == "published_at":
        return iso(value, Precision(values["published_precision"]))
    if isinstance(value, list):
        return " › ".join(
            each if isinstance(each, str) else each.get("name") or each["url"] for each in value
        )
    return " ".join(str(value).split())


def _excerpt(text: str, other: str) -> str:
    """`text` from shortly before where it begins to differ from `other`."""
    if len(text) <= _SHOWN:
        return text
    both = enumerate(zip(text, other, strict=False))
    same = next((i for i, (a, b) in both if a != b), min(len(text), len(other)))
    start = max(0, same - _SHOWN // 4)
    cut = text[start : start + _SHOWN]
    return f"{'…' if start else ''}{cut}{'…' if start + _SHOWN < len(text) else ''}"
