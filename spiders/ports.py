"""What a crawl is given from outside: a memory of earlier runs, a sink for its visits, a ledger."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from schemas.ledger import Entry, Hint
from schemas.visit import Checkpoint, Due, Listed, PageState, Visit

Sink = Callable[[Visit, Checkpoint | None], Awaitable[None]]
"""Takes each visit as it is made, with the checkpoint where it completes its column."""


class Memory(Protocol):
    """What earlier runs left behind; the store is one."""

    async def states(self, site: str, urls: Sequence[str]) -> Mapping[str, PageState]:
        """The last visit to each of the canonical `urls` that was ever visited."""

    async def checkpoint(self, site: str, column: str) -> Checkpoint | None:
        """How far the column was taken."""

    async def due(self, site: str, now: datetime, limit: int) -> Sequence[Due]:
        """At most `limit` stored articles to be looked at again: the suspect, then the newest."""

    async def listed(self, site: str, column: str, after: date) -> Sequence[Listed]:
        """The stored articles, not gone, that the column's list named with a day after `after`."""


class NoMemory:
    """The memory of a crawl that stands alone."""

    async def states(self, _site: str, _urls: Sequence[str]) -> Mapping[str, PageState]:
        return {}

    async def checkpoint(self, _site: str, _column: str) -> Checkpoint | None:
        return None

    async def due(self, _site: str, _now: datetime, _limit: int) -> Sequence[Due]:
        return ()

    async def listed(self, _site: str, _column: str, _after: date) -> Sequence[Listed]:
        return ()


class Keeper(Protocol):
    """Keeps one entry of the ledger while its column is walked; the flows' has the store behind."""

    entry: Entry
    """As far as the walk has got; stored when the walk settles."""

    async def take(self, visit: Visit) -> None:
        """Take a visit as it is made."""

    async def settle(self) -> None:
        """Return once all that was taken is stored, and the entry with it.

        The lane may have been another's meanwhile: what was asked of the store is to be asked
        again.
        """

    async def owed(self) -> Sequence[Due]:
        """The articles of the entry's window whose page failed."""

    async def neighbours(self) -> Sequence[Hint]:
        """The hints of other windows over the column, of walks that found its list in order."""

    async def appeared(self, urls: Sequence[str]) -> Collection[str]:
        """Those of the canonical addresses that the column's list is known to have named."""


class NoContactError(ValueError):
    """A live crawl was asked for without saying who asks."""

    def __init__(self) -> None:
        super().__init__(
            "set DISTRICT_NEWS_CONTACT to an address that a site's administrator can write to "
            "(it goes into the user agent), or crawl a replay"
        )
