"""One request at a time on a host or a shared platform, across runs and processes.

A daily run holds its site's lane while it fetches. A backfill holds it for a stretch at a time, a
list page and its articles, and lets whoever waits go first: a daily run before all, and backfills
in turn. Who waits says so by a lock of its own, which the holder of the lane probes.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import anyio

from flows.locks import SiteBusyError, site_lock
from flows.storage.store import Store
from schemas.site import Site

# A crawl on the lane takes minutes, a stretch most of one; asking more often would gain little.
_ASK_AGAIN_SECONDS = 1.0


@asynccontextmanager
async def lane(store: Store, site: Site) -> AsyncIterator[None]:
    """Hold the site's lane as a daily run, after waiting for it.

    Raises:
        StoreError: The lock cannot be asked for.
    """
    name = _Names(site)
    has_waited = says_so = False
    with ExitStack() as held:
        with ExitStack() as waiting:
            while not _took(held, store, name.lane):
                says_so = says_so or _took(waiting, store, name.daily_run_waits)
                has_waited = True
                await anyio.sleep(_ASK_AGAIN_SECONDS)
        if has_waited:
            # Who let go may have asked a moment ago.
            await anyio.sleep(site.politeness.delay_seconds)
        yield


class SharedLane:
    """The site's lane as a backfill has it: until someone else waits for it.

    Args:
        store: The store beside which the locks lie.
        site: The site.
        delay: Seconds between the last request of another and the first of ours.
    """

    def __init__(self, store: Store, site: Site, delay: float) -> None:
        self._store = store
        self._name = _Names(site)
        self._delay = delay
        self._held = ExitStack()

    async def take(self) -> None:
        """Return once the lane is ours.

        Raises:
            StoreError: The lock cannot be asked for.
        """
        has_waited = False
        with ExitStack() as next_in_turn:
            while not _took(next_in_turn, self._store, self._name.backfill_waits):
                await anyio.sleep(_ASK_AGAIN_SECONDS)
                has_waited = True
            while not self._may_take():
                await anyio.sleep(_ASK_AGAIN_SECONDS)
                has_waited = True
        if has_waited:
            await anyio.sleep(self._delay)

    async def give_way(self) -> None:
        """Between two stretches: where someone waits, let them go first.

        Raises:
            StoreError: The lock cannot be asked for.
        """
        waits = (self._name.daily_run_waits, self._name.backfill_waits)
        if not all(_is_free(self._store, name) for name in waits):
            self.release()
            await self.take()

    def release(self) -> None:
        """Let go of the lane, where it is ours."""
        self._held.close()

    def _may_take(self) -> bool:
        is_our_turn = _is_free(self._store, self._name.daily_run_waits)
        return is_our_turn and _took(self._held, self._store, self._name.lane)


class _Names:
    """What the locks of a site's lane are called."""

    def __init__(self, site: Site) -> None:
        self.lane = f"lane-{site.lane}"
        self.daily_run_waits = f"{self.lane}-daily-run-waits"
        self.backfill_waits = f"{self.lane}-backfill-waits"


def _took(held: ExitStack, store: Store, name: str) -> bool:
    """Take a lock, where it is free, for as long as `held` is open."""
    try:
        held.enter_context(site_lock(store, name))
    except SiteBusyError:
        return False
    return True


def _is_free(store: Store, name: str) -> bool:
    with ExitStack() as probe:
        return _took(probe, store, name)
