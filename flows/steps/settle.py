"""settle: what was weighed is stored, some dozens of pages a transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flows.batch import Cleaned
from flows.steps.dedupe import dedupe
from flows.steps.tally import held
from flows.steps.weigh import Verdict, Weighed
from flows.storage.reread import Changes, Reread
from flows.storage.store import Store
from schemas.article import Article
from schemas.rejection import Rejection

# As a crawl's batches: a transaction stays short, its cost is shared.
_BATCH = 64
_AS_CRAWLED = frozenset(
    {Verdict.NEW, Verdict.COPY, Verdict.REVISE, Verdict.RELEASE, Verdict.REJECT}
)
_REREAD = frozenset({Verdict.CHANGE, Verdict.RESTATE, Verdict.EARLIER})


async def settle(weighed: Iterable[Weighed], site: str, store: Store, at: datetime) -> None:
    """Store what becomes of the readings of one site, in their order.

    Raises:
        StoreError: The database refused; what was stored before stays.
    """
    batch: list[Weighed] = []
    urls: set[str] = set()
    for one in weighed:
        reading = one.reading
        if one.verdict in {Verdict.NOTHING, Verdict.KEEP} and not reading.is_held:
            continue
        # Two versions of one page are two transactions: the second is compared with the first.
        own = {reading.record.url, reading.visit.url if reading.visit else reading.record.url}
        if own & urls or len(batch) == _BATCH:
            await store.reread(await _changes(batch, site, at), at)
            batch.clear()
            urls.clear()
        batch.append(one)
        urls |= own
    if batch:
        await store.reread(await _changes(batch, site, at), at)


async def _changes(batch: Sequence[Weighed], site: str, at: datetime) -> Changes:
    crawled = [one.reading for one in batch if one.verdict in _AS_CRAWLED]
    cleaned = Cleaned(
        site=site,
        visits=tuple(reading.visit for reading in crawled if reading.visit),
        articles=tuple(r.record for r in crawled if isinstance(r.record, Article)),
        rejections=tuple(r.record for r in crawled if isinstance(r.record, Rejection)),
    )
    return Changes(
        unstored=await dedupe(cleaned),
        reread=[_reread(one) for one in batch if one.verdict in _REREAD],
        rejected_again=[
            one.reading.record
            for one in batch
            if one.verdict is Verdict.WAIT and isinstance(one.reading.record, Rejection)
        ],
        held=[held(one.reading, at) for one in batch if one.verdict is Verdict.HOLD],
        freed=[
            one.reading.stored["id"]
            for one in batch
            if one.reading.is_held and one.reading.stored and one.verdict is not Verdict.HOLD
        ],
    )


def _reread(one: Weighed) -> Reread:
    reading = one.reading
    place = reading.record.archive
    assert reading.stored and place  # noqa: S101, PT018  (a reading of a stored page)
    return Reread(
        id=str(reading.stored["id"]),
        number=reading.number,
        place=(place.file, place.offset),
        before=dict(reading.stored),
        after=dict(one.values),
    )
