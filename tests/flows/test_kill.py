"""Killed at any moment and run again: the database is that of a run that nobody disturbed."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import Engine, create_engine, event, select

from flows.ingest import ingest
from flows.options import RunOptions
from flows.steps import fetch
from flows.storage.tables import metadata
from schemas.dates import Window
from spiders.archive import ArchiveWriter
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES

SITES = ("lanshan", "jdxwwcn")
# When and where a page was fetched is what two runs cannot share.
VOLATILE = {
    "fetched_at",
    "first_seen",
    "last_seen",
    "at",
    "suspected_at",
    "confirmed_at",
    "back_at",
    "archive_file",
    "archive_offset",
    "archive",
    "list_archive",
}
MOMENTS = 24
# Small batches: many transactions to be killed between and within.
PAGES_A_BATCH = 2


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


def run(data: Path, fuse: Fuse) -> None:
    """Ingest the fixture sites; every archived record, statement and commit is a moment."""
    ArchiveWriter.write = fuse.before_and_after(ArchiveWriter.write)  # type: ignore[method-assign]
    event.listen(Engine, "before_cursor_execute", fuse.burn)
    event.listen(Engine, "commit", fuse.burn)
    fetch.BATCH_PAGES = PAGES_A_BATCH
    options = RunOptions(window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=data)
    for site in SITES:
        anyio.run(ingest, get_site(site), options)


def run_and_count(data: Path, moments: Any) -> None:
    fuse = Fuse(at=None)
    run(data, fuse)
    moments.value = fuse.passed


def in_a_process(target: Callable[..., None], *args: object) -> int | None:
    process = multiprocessing.get_context("fork").Process(target=target, args=args)
    process.start()
    process.join(timeout=60)
    return process.exitcode


def rows_of(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for what two runs cannot share."""
    engine = create_engine(f"sqlite:///{data / 'district-news.db'}")
    with engine.connect() as connection:
        return {
            table.name: sorted(
                connection.execute(select(*[c for c in table.c if c.name not in VOLATILE])),
                key=repr,
            )
            for table in metadata.sorted_tables
        }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    """The rows of a run that nobody disturbed, and how many moments it had."""
    data = tmp_path_factory.mktemp("undisturbed")
    moments = multiprocessing.get_context("fork").Value("i", 0)
    assert in_a_process(run_and_count, data, moments) == 0
    return rows_of(data), moments.value


@pytest.mark.parametrize("part", range(MOMENTS))
def test_killed_and_run_again(
    undisturbed: tuple[dict[str, Any], int], tmp_path: Path, part: int
) -> None:
    expected, moments = undisturbed
    assert moments > MOMENTS
    moment = 1 + part * (moments - 1) // (MOMENTS - 1)
    assert in_a_process(run, tmp_path, Fuse(at=moment)) == -signal.SIGKILL
    assert in_a_process(run, tmp_path, Fuse(at=None)) == 0
    assert rows_of(tmp_path) == expected
