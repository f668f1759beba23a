"""How long a reader works on each page, in CPU time of one thread."""

import gc
import time
from collections.abc import Sequence

from tests.bench.gold import GoldPage
from tests.bench.peers import Reader

# Rounds are interleaved (every reader, then every reader again) and each page's fastest reading
# counts, so that a busy moment of the machine is nobody's figure. A fast reader goes over the pages
# again until it has worked for a second: one pass of a parser takes less than a busy moment does.
_ROUNDS = 3
_LEAST_SECONDS_A_ROUND = 1.0
# The size up to which pages are counted apart: an ordinary county page without inlined pictures.
SMALL_PAGE_BYTES = 80_000

Seconds = dict[str, float]
"""Page's name to CPU seconds."""


def measure(readers: Sequence[Reader], pages: Sequence[GoldPage]) -> dict[str, Seconds]:
    """Each reader's label to its fastest CPU seconds on each page."""
    fastest = {
        reader.label: dict.fromkeys((p.name for p in pages), float("inf")) for reader in readers
    }
    for _ in range(_ROUNDS):
        for reader in readers:
            gc.collect()
            _measure_once(reader, pages, fastest[reader.label])
    return fastest


def _measure_once(reader: Reader, pages: Sequence[GoldPage], fastest: Seconds) -> None:
    ends = time.process_time() + _LEAST_SECONDS_A_ROUND
    while True:
        for page in pages:
            started = time.process_time()
            reader.try_to_read(page)
            fastest[page.name] = min(fastest[page.name], time.process_time() - started)
        if time.process_time() > ends:
            return


def pages_per_second(seconds: Seconds, pages: Sequence[GoldPage]) -> float:
    """Over those pages; infinite for a reader too fast for the clock."""
    total = sum(seconds[page.name] for page in pages)
    return len(pages) / total if total else float("inf")
