"""The flow `reparse`: its tasks in processes, its report, and where else they may run."""

# ruff: noqa: PLC0415  (Prefect is imported once its server is known: see conftest.py)

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.options import RunOptions
from schemas.dates import Window
from schemas.reparse import ReparseReport
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES

pytestmark = [pytest.mark.prefect, pytest.mark.anyio, pytest.mark.usefixtures("server")]


@pytest.fixture
async def archived(data: Path) -> None:
    options = RunOptions(window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=data)
    for site in ("lanshan", "jdxwwcn"):
        await ingest(get_site(site), options)
    with sqlite3.connect(data / "district-news.db") as connection:
        connection.execute("UPDATE articles SET index_number = NULL, editor = NULL")


@pytest.mark.usefixtures("archived")
async def test_the_archive_is_read_in_tasks_and_the_report_is_kept() -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        ArtifactFilter,
        ArtifactFilterFlowRunId,
        FlowRunFilter,
        FlowRunFilterId,
        TaskRunFilter,
        TaskRunFilterName,
    )

    from flows.orchestration.reparse import reparse

    state = await reparse(["lanshan", "jdxwwcn"], return_state=True)
    report: ReparseReport = await state.aresult()
    assert (report.pages, report.stored, report.problems) == (12, True, [])
    assert "2 records gain index_number (索引号)" in report.sentences
    assert state.message == report.summary
    run_id = state.state_details.flow_run_id
    async with get_client() as client:
        (artifact,) = await client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]))
        )
        tasks = await client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])),
            task_run_filter=TaskRunFilter(name=TaskRunFilterName(like_="reread")),
        )
    assert "lanshanqurmzfbgs/2024-0000076" in artifact.data
    assert len(tasks) == 2

    again = await reparse(["lanshan", "jdxwwcn"])
    assert again.changes == 0


async def test_an_unknown_site_fails_the_run_in_one_line(data: Path) -> None:
    from flows.orchestration.reparse import reparse

    state = await reparse(["nowhere"], return_state=True)
    assert state.is_failed()
    assert str(state.message).startswith("no site 'nowhere'; there are: ")
    assert not (data / "district-news.db").exists()


async def test_where_the_tasks_run_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.task_runners import ProcessPoolTaskRunner

    from flows.orchestration.task_runner import VARIABLE, TaskRunnerError, task_runner

    monkeypatch.delenv(VARIABLE, raising=False)
    assert isinstance(task_runner(), ProcessPoolTaskRunner)
    monkeypatch.setenv(VARIABLE, "spark")
    with pytest.raises(TaskRunnerError, match="expected one of processes, dask, ray, got 'spark'"):
        task_runner()
    monkeypatch.setenv(VARIABLE, "dask:tcp://scheduler:8786")
    with pytest.raises(TaskRunnerError, match="pip install prefect-dask"):
        task_runner()
