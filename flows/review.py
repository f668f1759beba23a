"""review: records that another reading would make worse, until someone has looked at them."""

from datetime import UTC, datetime
from typing import NamedTuple

from flows.options import RunOptions
from flows.reading import Reading
from flows.steps.compare import Difference, differences, values_of
from flows.steps.reread import Done, compare
from flows.steps.settle import settle
from flows.steps.weigh import Verdict, Weighed
from flows.storage.store import Store
from schemas.article import Article
from schemas.rejection import Rejection
from schemas.reparse import Held
from spiders.archive import read_page
from spiders.registry import get_site


class NotHeldError(LookupError):
    """No record of that id waits for review."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"{article_id} is not held; `district-news held list` shows what is")


class Review(NamedTuple):
    """A record that waits, and what today's readers make of its page."""

    held: Held
    reading: Reading
    differences: list[Difference]
    """Field by field; empty where it would be no article any more."""


def review(article_id: str, store: Store, options: RunOptions) -> Review:
    """Read the page of a held record again.

    Raises:
        NotHeldError: It is not held.
        OSError, ValueError: Its page is not in the archive.
    """
    found = store.for_review(article_id)
    if not found:
        raise NotHeldError(article_id)
    held, place = found[0]
    page = read_page(options.archive, place)
    (reading,) = compare([page], get_site(held.site), store, Done())
    assert reading.stored is not None  # noqa: S101  (it is the page of a stored record)
    record = reading.record
    changes = (
        list(differences(reading.stored, values_of(record))) if isinstance(record, Article) else []
    )
    return Review(held, reading, changes)


async def accept(article_id: str, store: Store, options: RunOptions) -> Review:
    """Let a held record be what today's readers make of its page.

    Where that is no article, the record leaves for quarantine. What it was is kept either way.

    Raises: As `review`.
    """
    found = review(article_id, store, options)
    now = datetime.now(UTC)
    record = found.reading.record
    if isinstance(record, Rejection):
        await store.withdraw(article_id, record, now)
    else:
        change = Weighed(Verdict.CHANGE, found.reading, values_of(record))
        await settle([change], record.site, store, now)
    return found
