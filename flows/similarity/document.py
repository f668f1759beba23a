"""What is compared: a document as it comes, and its sketch."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from flows.similarity.fold import Folded, fold_all
from flows.similarity.shingles import keys

# Picture news and covering notes say 详见附件 or 图片新闻 and nothing else. Such a text is the same
# under articles that have nothing in common; the shortest real notice is a sentence.
LEAST_TEXT: Final = 20
"""Characters, folded, below which a text is like no other."""

# Characters. More gain nothing: what is worked on then does not fit the processor's cache.
_AT_ONCE: Final = 32_768


@dataclass(frozen=True, slots=True)
class Document:
    """A text and what is known of it. Only title and body decide what it is the same as."""

    id: str
    title: str
    body: str
    published: datetime | None = None
    source: str | None = None
    site: str | None = None


class Sketch(NamedTuple):
    """Title and body as they are compared, and the keys under which the text is found."""

    id: int
    """A hash of both: 63 bits. Documents that say the same have one sketch."""
    title: Folded
    body: Folded
    keys: dict[int, int]
    """And where in the body each stands."""
    around: bytes
    """Of each key in turn what stands before and behind it, a byte each."""


def sketch(document: Document) -> Sketch:
    """What is compared of a document."""
    return next(sketches((document,)))


def sketches(documents: Iterable[Document]) -> Iterator[Sketch]:
    """What is compared of documents, in their order; together they take half the time."""
    some: list[Document] = []
    length = 0
    for document in documents:
        some.append(document)
        length += len(document.body)
        if length >= _AT_ONCE:
            yield from _sketches(some)
            some, length = [], 0
    if some:
        yield from _sketches(some)


def _sketches(documents: Sequence[Document]) -> Iterator[Sketch]:
    folded = fold_all([text for one in documents for text in (one.title, one.body)])
    titles, bodies = folded[::2], folded[1::2]
    found = keys([body.text for body in bodies])
    for document, title, body, its_keys in zip(documents, titles, bodies, found, strict=True):
        said = f"{title.text}\n{body.text}"
        if len(body.text) < LEAST_TEXT:
            yield Sketch(_hash(f"{said}\n{document.id}"), title, body, {}, b"")
        else:
            yield Sketch(_hash(said), title, body, *its_keys)


def _hash(text: str) -> int:
    """63 bits: what a signed column holds."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1
