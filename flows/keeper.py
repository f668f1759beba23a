"""Keeps an entry of the ledger while its column is walked: every stretch is one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from flows.batch import Fetched
from flows.lanes import SharedLane
from flows.options import RunOptions
from flows.report import Reporter
from flows.steps.clean import clean
from flows.steps.dedupe import dedupe
from flows.steps.fetch import Batcher
from flows.steps.store import store as store_batch
from flows.storage.store import Store
from schemas.ledger import Entry, Figures, Hint, State
from schemas.report import RunReport
from schemas.site import Site
from schemas.visit import Due, Visit
from spiders.walk import RISES_OF_A_LIST_IN_ORDER


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a column's backfill is, whenever something of it is stored."""

    entry: Entry
    figures: Figures
    report: RunReport
    """Of the run, all its columns so far."""
    requests: int
    """Made in this column by this run."""
    seconds: float
    """Since this run came to this column, waiting for the lane included."""


Watch = Callable[[Progress], None]
"""Called with the progress whenever something is stored."""


class StoreKeeper:
    """The keeper of a walk whose visits go through clean and dedupe into the store.

    Args:
        entry: The entry, as the store has it.
        site: The site.
        options: What the run is asked to do.
        store: The store.
        reporter: Counts what is stored.
        lane: The lane to share; none where nobody is asked.
        watch: Is told of each batch.
    """

    def __init__(
        self,
        entry: Entry,
        site: Site,
        options: RunOptions,
        store: Store,
        reporter: Reporter,
        lane: SharedLane | None,
        watch: Watch | None,
    ) -> None:
        self.entry = self._kept = entry
        self._site = site
        self._store = store
        self._reporter = reporter
        self._lane = lane
        self._watch = watch
        self._batcher = Batcher(site, options.archive, self._save)
        self._saving: asyncio.Task[None] | None = None
        self._before = entry.requests
        self._since = monotonic()

    async def take(self, visit: Visit) -> None:
        """Take a visit as it is made."""
        self._batcher.add(visit)
        if self._batcher.is_full:
            await self._flush()

    async def settle(self) -> None:
        """Store all that was taken, and the entry with it; then let go first who waits."""
        await self._flush()
        if self._lane:
            await self._lane.give_way()

    async def owed(self) -> Sequence[Due]:
        """The articles of the entry's window whose page failed."""
        return await self._store.owed(self.entry)

    async def neighbours(self) -> Sequence[Hint]:
        """The hints of other windows over the column, of walks that found its list in order."""
        return await self._store.neighbours(self.entry, RISES_OF_A_LIST_IN_ORDER)

    async def appeared(self, urls: Sequence[str]) -> set[str]:
        """Those of the canonical addresses that the column's list is known to have named."""
        return await self._store.appeared(self.entry.site, self.entry.column, urls)

    async def close(self, reason: str) -> None:
        """Store what is left of a walk that has ended, or was ended for that reason.

        Where something could not be stored, nothing later is: the mark must not pass over it.
        """
        if self._saving:
            await self._saving
        if self.entry.state is State.WALKING:
            self.entry = self.entry.model_copy(update={"state": State.STOPPED, "reason": reason})
        await self._flush()
        self._reporter.end_backfill(self.entry, await self._store.figures(self.entry))

    async def _flush(self) -> None:
        """Store what was taken. It is done to the end even where the walk is cancelled."""
        if self.entry is self._kept and self._batcher.is_empty:
            return
        self._kept = self.entry
        self._saving = asyncio.ensure_future(self._batcher.flush(self.entry))
        await asyncio.shield(self._saving)

    async def _save(self, batch: Fetched) -> None:
        deduped = await dedupe(await clean(batch, self._site))
        self._reporter.add(deduped, await store_batch(deduped, self._store))
        if self._watch:
            self._watch(
                Progress(
                    entry=self.entry,
                    figures=await self._store.figures(self.entry),
                    report=self._reporter.report,
                    requests=self.entry.requests - self._before,
                    seconds=monotonic() - self._since,
                )
            )
