"""Killed at any moment and run again: the database is that of a run that nobody disturbed."""

import signal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from flows.archive import verify
from flows.storage.store import Store
from flows.storage.tables import metadata
from tests.flows.killed import CONTEXT, SITES, Fuse, in_a_process, run, run_and_count, run_day

# When and where a page was fetched is what two runs cannot share.
VOLATILE = {
    "fetched_at",
    "first_seen",
    "last_seen",
    "at",
    "asked_at",
    "moved_at",
    "suspected_at",
    "confirmed_at",
    "back_at",
    "archive_file",
    "archive_offset",
    "archive",
    "list_archive",
}
MOMENTS = 21
MOMENTS_OF_A_LATER_DAY = 12


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
    moments = CONTEXT.Value("i", 0)
    assert in_a_process(run_and_count, moments, run, data) == 0
    return rows_of(data), moments.value


@pytest.fixture(scope="module", params=[("second", 4), ("third", 5)], ids=["gone", "back"])
def later_day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, tuple[str, int], dict[str, Any], int]:
    """The data before a day on which articles are gone, or back; its rows and its moments."""
    today = request.param
    before = tmp_path_factory.mktemp("before")
    for earlier in (("first", 2), ("second", 3), ("second", 4)):
        if earlier[1] < today[1]:
            assert in_a_process(run_day, before, *earlier, Fuse(at=None)) == 0
    after = copytree(before, tmp_path_factory.mktemp("after") / "data")
    moments = CONTEXT.Value("i", 0)
    assert in_a_process(run_and_count, moments, run_day, after, *today) == 0
    return before, today, rows_of(after), moments.value


def problems_of_the_archive(data: Path) -> list[str]:
    """What is damaged in it, and what the store refers to and it does not hold."""
    with Store.open(f"sqlite:///{data / 'district-news.db'}") as store:
        checks = [
            verify(data / "archive", site, store.claims(site), lambda _: None) for site in SITES
        ]
    return [problem for check in checks for problem in check.problems]


@pytest.mark.parametrize("part", range(MOMENTS))
def test_killed_and_run_again(
    undisturbed: tuple[dict[str, Any], int], tmp_path: Path, part: int
) -> None:
    expected, moments = undisturbed
    assert moments > MOMENTS
    moment = 1 + part * (moments - 1) // (MOMENTS - 1)
    assert in_a_process(run, tmp_path, Fuse(at=moment)) == -signal.SIGKILL
    assert problems_of_the_archive(tmp_path) == []
    assert in_a_process(run, tmp_path, Fuse(at=None)) == 0
    assert rows_of(tmp_path) == expected
    assert problems_of_the_archive(tmp_path) == []


@pytest.mark.parametrize("part", range(MOMENTS_OF_A_LATER_DAY))
def test_killed_while_articles_are_missed_or_found(
    later_day: tuple[Path, tuple[str, int], dict[str, Any], int], tmp_path: Path, part: int
) -> None:
    before, today, expected, moments = later_day
    data = copytree(before, tmp_path / "data")
    moment = 1 + part * (moments - 1) // (MOMENTS_OF_A_LATER_DAY - 1)
    assert in_a_process(run_day, data, *today, Fuse(at=moment)) == -signal.SIGKILL
    assert in_a_process(run_day, data, *today, Fuse(at=None)) == 0
    assert rows_of(data) == expected
