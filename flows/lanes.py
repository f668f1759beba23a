"""One request at a time on a host or a shared platform, across runs and processes.

A run holds its site's lane while it fetches; another site on the same lane waits for its turn.
"""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import anyio

from flows.locks import SiteBusyError, site_lock
from flows.storage.store import Store
from schemas.site import Site

# A crawl on the lane takes minutes; asking more often would gain nothing.
_ASK_AGAIN_SECONDS = 1.0


@asynccontextmanager
async def lane(store: Store, site: Site) -> AsyncIterator[None]:
    """Hold the site's lane, after waiting for it.

    Raises:
        StoreError: The lock cannot be asked for.
    """
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(site_lock(store, f"lane-{site.lane}"))
                break
            except SiteBusyError:
                await anyio.sleep(_ASK_AGAIN_SECONDS)
        yield
