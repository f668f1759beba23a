"""A run of the fixture sites that kills its own process at a given moment."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import anyio
from sqlalchemy import Engine, event

from flows.backfill import backfill
from flows.ingest import ingest
from flows.options import RunOptions
from flows.sources import survey_sources, take_site
from flows.steps import fetch, take
from flows.storage.store import Store
from schemas.dates import SHANGHAI, Window
from schemas.site import load_site
from spiders import backfill as walk
from spiders.archive import ArchiveWriter
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES

SITES = ("lanshan", "jdxwwcn")
# Small batches: many transactions to be killed between and within.
PAGES_A_BATCH = 2

# Processes come from a server that has imported the project and has no threads; those of the test
# runner may hold locks that a fork would inherit.
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["flows.ingest", "scrapy.crawler", "tests.flows.warm"])


@dataclass
class Fuse:
    """Counts moments and kills its own process at the given one."""

    at: int | None
    passed: int = 0

    def burn(self, *_: object) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_and_after(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def fused(*args: object, **kwargs: object) -> object:
            self.burn()
            result = function(*args, **kwargs)
            self.burn()
            return result

        return fused


def arm(fuse: Fuse) -> None:
    """Every archived record, statement and commit is a moment."""
    ArchiveWriter.write = fuse.before_and_after(ArchiveWriter.write)  # type: ignore[method-assign]
    event.listen(Engine, "before_cursor_execute", fuse.burn)
    event.listen(Engine, "commit", fuse.burn)
    fetch.BATCH_PAGES = PAGES_A_BATCH


def run(data: Path, fuse: Fuse) -> None:
    """Ingest the fixture sites."""
    arm(fuse)
    options = RunOptions(window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=data)
    # The last one's story is told again by the second: a cluster over two sites. In one column, for
    # of two copies of a page the one that is met first is the article.
    original = load_site(FIXTURES / "nanguan" / "site.toml")
    original = original.model_copy(update={"columns": original.columns[:1]})
    for site in (*map(get_site, SITES), original):
        anyio.run(ingest, site, options)


def run_day(data: Path, state: str, day: int, fuse: Fuse) -> None:
    """Ingest the site that changes, in one of its states, on a day of March."""
    arm(fuse)
    folder = FIXTURES / "changing"
    at = datetime(2026, 3, day, 8, 30, tzinfo=SHANGHAI)
    options = RunOptions(replay=folder / state, data=data, at=at)
    anyio.run(ingest, load_site(folder / "site.toml"), options)


def run_files(data: Path, folder: Path, fuse: Fuse) -> None:
    """Ingest a site whose attachments are fetched."""
    arm(fuse)
    options = RunOptions(replay=folder, data=data, at=datetime(2026, 3, 2, 8, 30, tzinfo=SHANGHAI))
    anyio.run(ingest, load_site(folder / "site.toml"), options)


def run_sources(data: Path, source: Path, fuse: Fuse) -> None:
    """Take what a source holds of a fixture site."""
    arm(fuse)
    take.BATCH_PAGES = PAGES_A_BATCH
    options = RunOptions(data=data)
    survey = survey_sources([source], None, (), options)
    with Store.open(options.database) as store:
        anyio.run(take_site, survey.sites["lanshan"], survey, store, options)


def run_backfill(data: Path, fuse: Fuse) -> None:
    """Backfill a fixture site, some rows a stretch."""
    arm(fuse)
    walk._ROWS_A_STRETCH = PAGES_A_BATCH
    window = Window(since=date(2016, 1, 1), until=date(2025, 1, 1))
    anyio.run(backfill, get_site("lanshan"), RunOptions(window=window, replay=FIXTURES, data=data))


def run_and_count(moments: Any, run_: Callable[..., None], *args: object) -> None:
    """Run to the end, and leave how many moments that had."""
    fuse = Fuse(at=None)
    run_(*args, fuse)
    moments.value = fuse.passed


def in_a_process(target: Callable[..., None], *args: object) -> int | None:
    """The exit code of a process that runs `target`."""
    process = CONTEXT.Process(target=target, args=args)
    process.start()
    process.join(timeout=60)
    return process.exitcode
