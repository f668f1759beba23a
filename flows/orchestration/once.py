"""Every site's flow once, at the same time, in this process."""

import inspect
from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

import anyio
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker

from flows.ingest import Progress
from flows.many import Results, run_sites
from flows.options import RunOptions
from flows.orchestration.flows import PROGRESS, FailedRunError, ingest
from flows.orchestration.zombies import register_automation
from schemas.report import RunReport
from schemas.site import Site

# A few hundred small records to a server on this machine: a second, but for a busy one.
_SETTLE_SECONDS = 10
_POLL_SECONDS = 0.2


async def run_once(
    sites: Sequence[Site], options: RunOptions, progress: Progress | None
) -> Results:
    """What became of each site; one site's error stops no other."""
    await register_automation()
    PROGRESS.set(progress)
    run_ids: list[UUID] = []
    results = await run_sites(sites, partial(_run, options, run_ids))
    with anyio.move_on_after(_SETTLE_SECONDS):
        await _settle(run_ids)
    return results


async def _run(options: RunOptions, run_ids: list[UUID], site: Site) -> RunReport:
    """One flow run, its report, or its error.

    Prefect says in its state what it came to; the command line shows the report all the same.
    """
    window = options.window
    state: State[Any] = await ingest(
        site.id, window.since, window.until, options.replay, return_state=True
    )
    if run_id := state.state_details.flow_run_id:
        run_ids.append(run_id)
    try:
        report: RunReport = await state.aresult()
    except FailedRunError as failed:
        return failed.report
    return report


async def _settle(run_ids: list[UUID]) -> None:
    """Return when the server has all there is to know of the runs; it ends with us.

    Prefect sends logs and the states of tasks in the background, and its server takes its time to
    write the states down.
    """
    for worker in (EventsWorker, APILogWorker):
        drained = worker.drain_all()
        if inspect.isawaitable(drained):
            await drained
    ours = FlowRunFilter(id=FlowRunFilterId(any_=run_ids))
    under_way = TaskRunFilterStateType(any_=[StateType.PENDING, StateType.RUNNING])
    unfinished = TaskRunFilter(state=TaskRunFilterState(type=under_way))
    async with get_client() as client:
        # The server has no way to call us when it is done.
        while await client.read_task_runs(  # noqa: ASYNC110
            flow_run_filter=ours, task_run_filter=unfinished, limit=1
        ):
            await anyio.sleep(_POLL_SECONDS)
