"""fetch: a site and a window in, batches of visits out, every page archived before it is read."""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from anyio import to_thread

from flows.batch import Fetched
from flows.options import RunOptions
from schemas.ledger import Entry
from schemas.site import Site
from schemas.visit import Checkpoint, Visit
from spiders.archive import sync
from spiders.crawl import crawl
from spiders.ports import Memory
from spiders.replay import check_replay

# Some dozens of pages: memory stays flat, a transaction stays short, its cost is shared.
BATCH_PAGES = 32
# Visits without a page are small, but a long list of known rows should not pile up either.
_BATCH_VISITS = 512
# A polite crawl gathers pages slowly; what is fetched should not wait long to be stored.
_BATCH_SECONDS = 30.0


class Batcher:
    """Gathers visits and hands them on in batches."""

    def __init__(
        self, site: Site, archive: Path, send: Callable[[Fetched], Awaitable[None]]
    ) -> None:
        self._site = site
        self._archive = archive
        self._send = send
        self._visits: list[Visit] = []
        self._checkpoints: list[Checkpoint] = []
        self._pages = 0
        self._since = time.monotonic()

    async def take(self, visit: Visit, checkpoint: Checkpoint | None) -> None:
        """Take a visit, and hand all on where it is time to."""
        self.add(visit, checkpoint)
        if self.is_full:
            await self.flush()

    def add(self, visit: Visit, checkpoint: Checkpoint | None = None) -> None:
        """Take a visit."""
        self._visits.append(visit)
        if checkpoint:
            self._checkpoints.append(checkpoint)
        self._pages += visit.page is not None

    @property
    def is_empty(self) -> bool:
        """Whether there is no visit to hand on."""
        return not self._visits

    @property
    def is_full(self) -> bool:
        """Whether it is time to hand on what was taken."""
        full = self._pages >= BATCH_PAGES or len(self._visits) >= _BATCH_VISITS
        return full or time.monotonic() - self._since >= _BATCH_SECONDS

    async def flush(self, *ledger: Entry) -> None:
        """Hand on all that was taken, with what vouches for it."""
        if not self._visits and not ledger:
            return
        visits, checkpoints = tuple(self._visits), tuple(self._checkpoints)
        batch = Fetched(self._site.id, visits, checkpoints, ledger)
        self._visits, self._checkpoints, self._pages = [], [], 0
        self._since = time.monotonic()
        # What is stored must not outlive its bytes, even where the power fails.
        files = frozenset(visit.archive.file for visit in batch.visits if visit.archive)
        await to_thread.run_sync(sync, self._archive, files)
        await self._send(batch)


async def fetch(
    site: Site, options: RunOptions, memory: Memory, send: Callable[[Fetched], Awaitable[None]]
) -> None:
    """Crawl the site and hand on what comes, in batches.

    Raises:
        spiders.ports.NoContactError: A live crawl without a contact for the user agent.
        FileNotFoundError: The replay is not there.
    """
    if options.replay:
        check_replay(options.replay, site.id)
    batcher = Batcher(site, options.archive, send)
    try:
        await crawl(
            site,
            options.window,
            memory=memory,
            sink=batcher.take,
            first_since=options.first_since,
            started_at=options.at,
            settings=options.crawl_settings,
        )
    finally:
        await batcher.flush()
