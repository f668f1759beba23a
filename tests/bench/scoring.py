"""What a reading of a page is worth beside its gold.

Fields are right or wrong. A body is compared character by character, in order: the longest common
subsequence (rapidfuzz's bit-parallel one: 6 ms for two texts of 10,000 characters) of both texts
without white space; precision is its share of what was read, recall its share of the gold. Two
unrelated Chinese texts have a tenth of their characters in common order, so a low F1 is a little
flattered; near 1, where it matters, every missing and every superfluous character counts.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from rapidfuzz.distance import LCSseq

from tests.bench.gold import GoldPage, squashed, unspaced

_DATE = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})(?:\D{1,3}(\d{1,2})[:：](\d{2}))?")
_BRACKETS = str.maketrans("[]()【】{}", "〔〕〔〕〔〕〔〕")

Scores = dict[str, float]
"""Metric to value of one page; a metric that the gold says nothing of is not there."""

FIELD_OF = {
    "title": "title",
    "day": "published",
    "minute": "published",
    "source": "source",
    "names": "author",
    "index_number": "index_number",
    "publisher": "publisher",
    "doc_number": "doc_number",
    "images": "images",
    "attachments": "attachments",
    **dict.fromkeys(("precision", "recall", "f1", "starts", "ends", "length", "junk"), "body"),
}
"""Every metric, and the field of a reading that it is of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader gave for one page."""

    title: str | None = None
    published: str | None = None
    """Any notation with the year first; hour and minute may follow."""
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    index_number: str | None = None
    publisher: str | None = None
    doc_number: str | None = None
    body: str = ""
    images: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    refused: str | None = None
    """Why there is no record."""


def score(page: GoldPage, reading: Reading, fields: Collection[str]) -> Scores:
    """Every metric that the page's gold allows, of the fields that the reader offers.

    A page without a record scores nought throughout, also where the gold has nothing to find.
    """
    scores = {
        **_fields(page.gold, reading),
        **_body(page, squashed(reading.body)),
        **_ends(page.gold, reading.body),
        **_things(page.gold, reading),
    }
    return {
        metric: 0.0 if reading.refused else value
        for metric, value in scores.items()
        if FIELD_OF[metric] in fields
    }


def day(date: str | None) -> str | None:
    """`2024-07-19` of any notation with the year first."""
    found = _DATE.search(date or "")
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


def minute(date: str | None) -> str | None:
    """`2018-01-25 23:27` of any notation with the year first; none if it has only a day."""
    found = _DATE.search(date or "")
    return f"{day(date)} {int(found[4]):02}:{found[5]}" if found and found[4] else None


def name(value: str | None) -> str | None:
    """The form in which titles, names and numbers are compared."""
    return squashed(value or "") or None


def document_number(value: str | None) -> str | None:
    """A 文号 with one kind of bracket."""
    return (name(value) or "").translate(_BRACKETS) or None


EXACT: Mapping[str, Callable[[str | None], str | None]] = {
    "title": name,
    "source": name,
    "index_number": name,
    "publisher": name,
    "doc_number": document_number,
}
"""The gold's keys that are right or wrong, each with the form in which it is compared."""


def _fields(gold: Mapping[str, Any], reading: Reading) -> Scores:
    scores = {
        key: float(form(getattr(reading, key)) == form(gold[key]))
        for key, form in EXACT.items()
        if key in gold
    }
    if "published" in gold:
        scores["day"] = float(day(reading.published) == day(gold["published"]))
        if minute(gold["published"]):
            scores["minute"] = float(minute(reading.published) == minute(gold["published"]))
    if people := [key for key in ("author", "editor") if key in gold]:
        scores["names"] = float(all(_named(gold, key, reading) for key in people))
    return scores


def _named(gold: Mapping[str, Any], key: str, reading: Reading) -> bool:
    if not gold[key]:
        return not getattr(reading, key)
    # Most peers have one field for author and editor.
    return name(gold[key]) in {name(reading.author), name(reading.editor)}


def _body(page: GoldPage, got: str) -> Scores:
    if page.body is None:
        return {}
    common = LCSseq.similarity(got, page.body)
    return {
        "precision": common / len(got) if got else 0.0,
        "recall": common / len(page.body),
        "f1": 2 * common / (len(got) + len(page.body)),
    }


def _ends(gold: Mapping[str, Any], body: str) -> Scores:
    scores = {}
    if "body_starts" in gold:
        scores["starts"] = float(squashed(body).startswith(squashed(gold["body_starts"])))
    if "body_ends" in gold:
        scores["ends"] = float(squashed(body).endswith(squashed(gold["body_ends"])))
    if length := gold.get("body_chars_no_space"):
        got = len(unspaced(body))
        scores["length"] = min(got, length) / max(got, length)
    return scores


def _things(gold: Mapping[str, Any], reading: Reading) -> Scores:
    scores = {}
    if "must_not_contain" in gold:
        scores["junk"] = float(len(junk(gold, reading)))
    if "n_images_in_body" in gold:
        got, wanted = len(reading.images), gold["n_images_in_body"]
        scores["images"] = min(got, wanted) / max(got, wanted) if got or wanted else 1.0
    if "attachments" in gold:
        got, wanted = len(reading.attachments), len(gold["attachments"])
        found = wanted - len(missing_attachments(gold, reading))
        scores["attachments"] = 2 * found / (got + wanted) if got or wanted else 1.0
    return scores


def junk(gold: Mapping[str, Any], reading: Reading) -> list[str]:
    """The strings that must not be in a body and are."""
    body = squashed(reading.body)
    return [string for string in gold["must_not_contain"] if squashed(string) in body]


def missing_attachments(gold: Mapping[str, Any], reading: Reading) -> list[str]:
    """The gold's attachments (as the page writes them) that no url of the reading ends with."""
    got = tuple(unquote(url) for url in reading.attachments)
    return [
        href
        for href in gold["attachments"]
        if not any(url.endswith(unquote(href).lstrip("./")) for url in got)
    ]
