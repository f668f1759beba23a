"""Whether a page seen again says something else: two rows of `articles`, as a person reads them.

Counters, generation times and share bars never reach a record. What is left to be no change is
white space, re-encoded punctuation, the markup around the same words, and http for https.
"""

import hashlib
import json
from typing import Any, Final

from flows.storage.rows import Columns
from flows.storage.tables import articles
from schemas.dates import iso
from spiders.extract.fingerprint import folded
from spiders.families.text import TEXT

# Where it was read, by which rules, and what follows from them; the markup of the same words.
_UNSEEN: Final = {
    "id",
    "url",
    "site_name",
    "content_hash",
    "sketch",
    "cluster",
    "repeats",
    "archive_file",
    "archive_offset",
    "reader",
    "reader_version",
    "provenance",
    "body_html",
    "first_seen",
    "fetched_at",
}
_SEEN: Final = tuple(name for name in articles.c.keys() if name not in _UNSEEN)  # noqa: SIM118
_SCHEMES: Final = ("https:", "http:")


def is_revised(stored: Columns, incoming: Columns) -> bool:
    """Whether the page says something else now.

    The same place in the archive is the same page: read otherwise, but not changed. And a field
    that only one of two versions of the rules finds is no edit of the page.
    """
    if stored["archive_file"] is not None and _place(stored) == _place(incoming):
        return False
    same_rules = all(stored[name] == incoming[name] for name in ("reader", "reader_version"))
    return any(
        stored[name] != incoming[name]
        and (same_rules or (stored[name] and incoming[name]))
        and normalised(name, stored[name]) != normalised(name, incoming[name])
        for name in _SEEN
    )


def is_superseded(stored: Columns, incoming: Columns) -> bool:
    """Whether what is stored was read from a later page; from a text, any page says more."""
    return bool(incoming["fetched_at"] < stored["fetched_at"] and stored["reader"] != TEXT.id)


def version_hash(row: Columns) -> str:
    """SHA-256, hex, of all that a reader sees of a row, normalised."""
    seen = {name: normalised(name, row[name]) for name in _SEEN if name != "published_at"}
    if row["published_at"]:
        seen["published_at"] = iso(row["published_at"], row["published_precision"])
    return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()


def normalised(name: str, value: Any) -> Any:
    """A column's value in the form in which two are compared."""
    if isinstance(value, list):
        return [normalised(name, each) for each in value]
    if isinstance(value, dict):
        return {key: normalised(key, each) for key, each in value.items()}
    if not isinstance(value, str):
        return value
    if name == "url":
        return next((value.removeprefix(s) for s in _SCHEMES if value.startswith(s)), value)
    return folded(value)


def _place(row: Columns) -> tuple[Any, Any]:
    return row["archive_file"], row["archive_offset"]
