"""The flows on the fixtures, as Prefect's API tells of them afterwards."""

# ruff: noqa: PLC0415  (Prefect is imported once its server is known: see conftest.py)

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from flows.locks import site_lock
from flows.options import RunOptions
from schemas.dates import Window
from schemas.report import RunReport
from spiders.registry import get_site, get_sites

pytestmark = [pytest.mark.prefect, pytest.mark.anyio, pytest.mark.usefixtures("server")]

FIXTURES = Path(__file__).parents[3] / "fixtures"
SINCE = date(2018, 1, 1)


async def stored_run(state: Any) -> Any:
    """The flow run of a state, as the server has it."""
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        return await client.read_flow_run(state.state_details.flow_run_id)


async def artifacts_of(run: Any, *keys: str) -> list[Any]:
    """The artifacts of a flow run under these keys."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

    of_run = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
    async with get_client() as client:
        found = {a.key: a for a in await client.read_artifacts(artifact_filter=of_run)}
    return [found[key] for key in keys]


def replay(folder: Path, status: int) -> Path:
    """A replay of lanshan that answers its list with nothing but a status."""
    (folder / "lanshan").mkdir(parents=True)
    (folder / "lanshan" / "responses.toml").write_text(
        f"""
        [[response]]
        url = "http://www.lyls.gov.cn/robots.txt"
        status = 404
        headers = {{}}
        [[response]]
        url = "http://www.lyls.gov.cn/xw/lsyw.htm"
        status = {status}
        headers = {{}}
        """,
        encoding="utf-8",
    )
    return folder


@pytest.mark.usefixtures("data")
async def test_a_run_its_tasks_and_its_report() -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import (
        ArtifactFilter,
        ArtifactFilterFlowRunId,
        FlowRunFilter,
        FlowRunFilterId,
    )
    from prefect.events.worker import EventsWorker

    from flows.orchestration.flows import ingest

    state = await ingest("lanshan", since=SINCE, replay=FIXTURES, return_state=True)
    report = await state.aresult()
    assert isinstance(report, RunReport)
    run = await stored_run(state)
    assert (run.name, run.state.name) == ("ingest-lanshan", "Completed")
    assert run.state.message == report.summary
    assert f"{report.total('new')} new" in run.state.message

    await EventsWorker.drain_all()
    async with get_client() as client:
        tasks = await client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id]))
        )
        (artifact,) = await client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id]))
        )
    assert sorted(task.name.split("-")[0] for task in tasks) == [
        "clean",
        "dedupe",
        "fetch",
        "store",
    ]
    assert (artifact.key, artifact.type) == ("run-report-lanshan", "table")
    assert artifact.description.startswith(report.summary)
    (row,) = json.loads(artifact.data)
    assert (row["column"], row["complete"]) == ("兰山要闻", "yes")
    # Of the fixture's list: seven articles, one page that is gone, one row that points elsewhere.
    assert (row["listed"], row["new"], row["gone"], row["external"]) == (9, 7, 1, 1)
    assert (row["changed"], row["unchanged"], row["rejected"], row["blocked"]) == (0, 0, 0, 0)


@pytest.mark.usefixtures("data")
async def test_a_site_that_nobody_knows_fails_in_one_sentence() -> None:
    from flows.orchestration.flows import ingest

    run = await stored_run(await ingest("nowhere", return_state=True))
    assert run.state.name == "Failed"
    assert run.state.message.startswith("no site 'nowhere'; there are: ")


async def test_a_site_that_is_being_ingested_is_skipped(data: Path) -> None:
    from flows.orchestration.flows import ingest

    assert RunOptions().data == data
    with site_lock(RunOptions().database, "lanshan"):
        state = await ingest("lanshan", replay=FIXTURES, return_state=True)
    run = await stored_run(state)
    assert (run.state.type.value, run.state.name) == ("CANCELLED", "Skipped")
    assert run.state.message.startswith("lanshan: a run is under way")


async def test_a_list_that_cannot_be_had_fails_with_the_reason(data: Path) -> None:
    from flows.orchestration.flows import FailedRunError, ingest

    state = await ingest("lanshan", replay=replay(data / "replay", 500), return_state=True)
    run = await stored_run(state)
    assert run.state.name == "Failed"
    assert "http://www.lyls.gov.cn/xw/lsyw.htm" in run.state.message
    assert "Traceback" not in run.state.message
    with pytest.raises(FailedRunError) as failed:
        await state.aresult()
    assert failed.value.report.failure == run.state.message


@pytest.mark.usefixtures("data")
async def test_a_backfill_takes_its_window_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from flows.orchestration import progress as publishing
    from flows.orchestration.flows import backfill

    # Many times within this short run.
    monkeypatch.setattr(publishing, "_SECONDS", 0.01)
    state = await backfill(
        "lanshan", date(2024, 7, 19), date(2024, 7, 20), FIXTURES, return_state=True
    )
    run = await stored_run(state)
    assert (run.name, run.state.name) == ("backfill-lanshan", "Completed")
    report = await state.aresult()
    assert report.total("new") == 1
    progress, columns = await artifacts_of(run, "backfill-lanshan", "backfill-lanshan-columns")
    # The list's last page is older than the window: all of it is walked.
    assert (progress.type, progress.data) == ("progress", 100)
    assert "[2024-07-19, 2024-07-20)" in progress.description
    assert "兰山要闻: done" in progress.description
    (row,) = json.loads(columns.data)
    assert (row["column"], row["state"], row["found"], row["stored"], row["owed"]) == (
        ("兰山要闻", "done", 1, 1, 0)
    )


@pytest.mark.usefixtures("data")
async def test_a_window_that_ends_before_it_begins() -> None:
    from flows.orchestration.flows import backfill

    state = await backfill("lanshan", date(2024, 8, 1), date(2024, 7, 1), return_state=True)
    assert (await stored_run(state)).state.message == (
        "since (2024-08-01) must lie before until (2024-07-01)"
    )


async def test_every_site_once(data: Path) -> None:
    from flows.orchestration.once import run_once

    seen: list[str] = []
    options = RunOptions(window=Window(since=SINCE), replay=FIXTURES, data=data)
    sites = get_sites(["lanshan", "jdxwwcn"])
    results = await run_once(sites, options, lambda report: seen.append(report.site))
    assert {site: isinstance(result, RunReport) for site, result in results.items()} == {
        "lanshan": True,
        "jdxwwcn": True,
    }
    assert set(seen) == {"lanshan", "jdxwwcn"}


async def test_a_site_that_did_not_answer_is_tried_again_twice(data: Path) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.objects import StateType
    from prefect.flow_engine import run_flow_async
    from prefect.states import Pending

    from flows.orchestration.deployments import deployments
    from flows.orchestration.flows import RETRY_AFTER, ingest

    deployment, *_ = await deployments([get_site("lanshan")], RunOptions())
    deployment_id = await deployment.aapply()
    folder = replay(data / "replay", 500)
    messages = []
    async with get_client() as client:
        run = await client.create_flow_run_from_deployment(
            deployment_id, parameters={"site": "lanshan", "replay": str(folder)}
        )
        for attempt in range(len(RETRY_AFTER) + 1):
            # As a runner does it; and without waiting for the planned time.
            await client.set_flow_run_state(run.id, Pending(), force=True)
            state = await run_flow_async(
                ingest, flow_run=run, parameters=run.parameters, return_type="state"
            )
            messages.append(state.message)
            planned = [
                later
                for later in await client.read_flow_runs(limit=20)
                if later.state_type is StateType.SCHEDULED
                and f"retry-{attempt + 1}" in later.tags
                and later.deployment_id == deployment_id
            ]
            if not planned:
                break
            (run,) = planned
            assert run.parameters["replay"] == str(folder)
        await client.delete_deployment(deployment_id)
    assert ["next try at" in message for message in messages] == [True, True, False]
