"""store: a batch in one transaction, its checkpoints with it."""

from flows.batch import Deduped, Stored
from flows.storage.store import Store


async def store(batch: Deduped, store: Store) -> Stored:
    """Store a batch, all of it or nothing.

    Raises:
        StoreError: The database refused; the message says what to do.
    """
    return await store.save(batch)
