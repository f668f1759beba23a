"""A backfill of the simulated site that is killed on the way, and what became of it."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.simulated.command import Command
from tests.simulated.pages import parse_article
from tests.simulated.plan import ROWS_A_PAGE, Plan
from tests.simulated.server import SITE_ID, Running, Tally

# Often enough to kill a run near the moment that was drawn, seldom enough to cost it nothing.
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Campaign:
    """How a backfill went that was killed on the way and started again until it was done."""

    kills: int
    exit_code: int | None
    seconds: float
    peaks: tuple[int, ...]
    """The most memory that each run had, in bytes."""


@dataclass(frozen=True, slots=True)
class Check:
    """What the store has beside what the site had, and what that took."""

    reachable: int
    stored: int
    missed: tuple[tuple[int, int], ...]
    """Column and number of each article that could be had and is not there."""
    stored_twice: int
    fetched_again: int
    """Answers with an article's page beyond its first."""
    list_pages: int
    """Pages of the lists that have rows, each once."""
    articles: int
    """Articles that were served at least once."""
    errors: int
    """Answers that were errors; each one has to be asked again."""
    list_requests: int
    article_requests: int

    @property
    def least(self) -> int:
        """The least requests with which all of it could be had."""
        return self.list_pages + self.articles + self.errors

    @property
    def made(self) -> int:
        return self.list_requests + self.article_requests


def backfill_arguments(plan: Plan) -> list[str]:
    """The command: a window that holds everything."""
    return ["backfill", SITE_ID, "--since", str(plan.first_day), "--until", str(plan.until)]


def backfill(
    server: Running,
    data: Path,
    kills: int,
    *,
    told: Callable[[int, float], None] | None = None,
    arguments: Sequence[str] = (),
) -> Campaign:
    """Backfill the whole site; kill the run at so many random moments, and start it again.

    Args:
        server: The site.
        data: The data folder; what the runs print goes to `runs.log` in it.
        kills: How often a run is killed.
        told: Is called after each kill, with its number and the share of the requests made.
        arguments: Further ones for the command.
    """
    chance, started = server.plan.chance("kills"), time.monotonic()
    peaks: list[int] = []
    expected = int(server.plan.articles * (1 + 1 / ROWS_A_PAGE) * (1 + server.plan.error_share))
    moments = sorted(chance.randrange(expected // 50, expected * 19 // 20) for _ in range(kills))
    data.mkdir(parents=True, exist_ok=True)
    line = [*backfill_arguments(server.plan), *arguments]
    before = server.requests()
    for number, moment in enumerate(moments, start=1):
        command = Command.start(server.site, data, line, data / "runs.log")
        while command.is_running and server.requests() - before < moment:
            command.wait(_POLL_SECONDS)
        command.kill()
        peaks.append(command.peak_bytes)
        if told:
            told(number, moment / expected)
    command = Command.start(server.site, data, line, data / "runs.log")
    while (code := command.wait(_POLL_SECONDS)) is None:
        pass
    peaks.append(command.peak_bytes)
    return Campaign(kills, code, time.monotonic() - started, tuple(peaks))


def check(tally: Tally, data: Path) -> Check:
    """Compare what is stored with what there was to be had."""
    with sqlite3.connect(data / "district-news.db") as database:
        urls = [url for (url,) in database.execute("SELECT url FROM articles")]
    stored = Counter(parse_article(urlsplit(url).path) for url in urls)
    reachable = {(c.number, article) for c in tally.columns for article in c.reachable()}
    return Check(
        reachable=len(reachable),
        stored=len(urls),
        missed=tuple(sorted(reachable - stored.keys())),
        stored_twice=sum(times - 1 for times in stored.values()),
        fetched_again=sum(times - 1 for column in tally.served for times in column if times),
        list_pages=sum(column.pages_shown for column in tally.columns),
        articles=sum(1 for column in tally.served for times in column if times),
        errors=tally.errors.total(),
        list_requests=tally.list_requests,
        article_requests=tally.article_requests,
    )
