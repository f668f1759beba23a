"""Serves the deployments: starts each scheduled run as a process of its own, until we are ended."""

import signal
from collections.abc import Callable, Sequence
from uuid import UUID

import anyio
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runner import Runner

from flows.options import RunOptions
from flows.orchestration.deployments import deployments
from flows.orchestration.zombies import register_automation
from schemas.dates import SHANGHAI
from schemas.site import Site

# The server plans the runs of a new deployment within five seconds; a busy one takes longer.
_PLANNING_POLLS = 20
_POLL_SECONDS = 1


async def run_on_schedule(
    sites: Sequence[Site], options: RunOptions, *, limit: int, show: Callable[[str], None]
) -> None:
    """Run each site on its cron until Ctrl-C or SIGTERM, which also cancel what is under way."""
    await register_automation()
    # Prefect would pause every schedule when we end, and nobody would resume them.
    runner = Runner(name="district-news", limit=limit, pause_on_shutdown=False)
    ids = {
        deployment.name: await runner.aadd_deployment(deployment)
        for deployment in await deployments(sites, options)
    }
    async with anyio.create_task_group() as group:
        group.start_soon(_stop_on_signal, runner)
        for site in sites:
            group.start_soon(_tell_next_run, site, ids[site.id], show)
        await runner.start()
        group.cancel_scope.cancel()


async def _stop_on_signal(runner: Runner) -> None:
    """Stop the runner and its runs in order.

    The handler that it sets for itself at its start leaves its runs behind as running for ever.
    """
    while not runner.started:  # noqa: ASYNC110  (it has no event for it)
        await anyio.sleep(_POLL_SECONDS)
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            await runner.astop()
            return


async def _tell_next_run(site: Site, deployment: UUID, show: Callable[[str], None]) -> None:
    async with get_client() as client:
        for _ in range(_PLANNING_POLLS):
            if at := await _next_run(client, deployment):
                show(f"{site.id}: next run {at} (Asia/Shanghai), {site.name}")
                return
            await anyio.sleep(_POLL_SECONDS)
    show(f"{site.id}: no run is planned yet for {site.cron} (Asia/Shanghai), {site.name}")


async def _next_run(client: PrefectClient, deployment: UUID) -> str | None:
    planned = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    runs = await client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        flow_run_filter=FlowRunFilter(state=planned),
        sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
        limit=1,
    )
    at = runs[0].next_scheduled_start_time if runs else None
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else None
