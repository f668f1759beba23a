"""What is compared: a document as it comes, and its sketch."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from flows.similarity.fold import Folded, fold
from flows.similarity.shingles import keys

# Picture news and covering notes say 详见附件 or 图片新闻 and nothing else. Such a text is the same
# under articles that have nothing in common; the shortest real notice is a sentence.
LEAST_TEXT: Final = 20
"""Characters, folded, below which a text is like no other."""


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
    title, body = fold(document.title), fold(document.body)
    said = f"{title.text}\n{body.text}"
    if len(body.text) < LEAST_TEXT:
        return Sketch(_hash(f"{said}\n{document.id}"), title, body, {}, b"")
    return Sketch(_hash(said), title, body, *keys(body.text))


def _hash(text: str) -> int:
    """63 bits: what a signed column holds."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) >> 1
