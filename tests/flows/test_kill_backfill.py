"""A backfill killed at any moment and run again: its records, and its mark, are undisturbed."""

import signal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select

from flows.storage.tables import ledger
from tests.flows.killed import CONTEXT, Fuse, in_a_process, run_and_count, run_backfill
from tests.flows.test_kill import VOLATILE, problems_of_the_archive, rows_of

MOMENTS = 8
# What a backfill cost is what it cost, with what was asked for twice.
COSTS = {"list_requests", "article_requests"}


def entries(data: Path) -> list[tuple[Any, ...]]:
    """The ledger, but for what two runs cannot share."""
    engine = create_engine(f"sqlite:///{data / 'district-news.db'}")
    shared = [column for column in ledger.c if column.name not in VOLATILE | COSTS]
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*shared))]


def others(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every other table."""
    return {table: rows for table, rows in rows_of(data).items() if table != ledger.name}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The data of a run that nobody disturbed, and how many moments it had."""
    data = tmp_path_factory.mktemp("undisturbed")
    moments = CONTEXT.Value("i", 0)
    assert in_a_process(run_and_count, moments, run_backfill, data) == 0
    return data, moments.value


@pytest.mark.parametrize("part", range(MOMENTS))
def test_killed_and_run_again(undisturbed: tuple[Path, int], tmp_path: Path, part: int) -> None:
    expected, moments = undisturbed
    assert moments > MOMENTS
    moment = 1 + part * (moments - 1) // (MOMENTS - 1)
    assert in_a_process(run_backfill, tmp_path, Fuse(at=moment)) == -signal.SIGKILL
    assert in_a_process(run_backfill, tmp_path, Fuse(at=None)) == 0
    assert others(tmp_path) == others(expected)
    assert entries(tmp_path) == entries(expected)
    assert problems_of_the_archive(tmp_path) == []
