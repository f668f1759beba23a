"""What a crawl is given from outside: a memory of earlier runs, and a sink for its visits."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from schemas.visit import Checkpoint, PageState, Visit

Sink = Callable[[Visit, Checkpoint | None], Awaitable[None]]
"""Takes each visit as it is made, with the checkpoint where it completes its column."""


class Memory(Protocol):
    """What earlier runs left behind; the store is one."""

    async def states(self, site: str, urls: Sequence[str]) -> Mapping[str, PageState]:
        """The last visit to each of the canonical `urls` that was ever visited."""

    async def checkpoint(self, site: str, column: str) -> Checkpoint | None:
        """How far the column was taken."""


class NoMemory:
    """The memory of a crawl that stands alone."""

    async def states(self, _site: str, _urls: Sequence[str]) -> Mapping[str, PageState]:
        return {}

    async def checkpoint(self, _site: str, _column: str) -> Checkpoint | None:
        return None


class NoContactError(ValueError):
    """A live crawl was asked for without saying who asks."""

    def __init__(self) -> None:
        super().__init__(
            "set DISTRICT_NEWS_CONTACT to an address that a site's administrator can write to "
            "(it goes into the user agent), or crawl a replay"
        )
