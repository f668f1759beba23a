"""Serves the deployments: starts each scheduled run as a process of its own, until we are ended."""

from collections.abc import Callable, Sequence
from uuid import UUID

import anyio
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runner import Runner

from flows.orchestration.deployments import deployments
from flows.orchestration.zombies import register_automation
from schemas.dates import SHANGHAI
from schemas.site import Site

# The server plans the runs of a new deployment within five seconds.
_PLANNING_SECONDS = 15
_POLL_SECONDS = 1


async def run_on_schedule(
    sites: Sequence[Site], *, limit: int, show: Callable[[str], None]
) -> None:
    """Run each site on its cron until Ctrl-C or SIGTERM."""
    await register_automation()
    # Prefect would pause every schedule when we end, and nobody would resume them.
    runner = Runner(name="district-news", limit=limit, pause_on_shutdown=False)
    ids = {
        deployment.name: await runner.aadd_deployment(deployment)
        for deployment in await deployments(sites)
    }
    async with anyio.create_task_group() as group:
        for site in sites:
            group.start_soon(_tell_next_run, site, ids[site.id], show)
        await runner.start()


async def _tell_next_run(site: Site, deployment: UUID, show: Callable[[str], None]) -> None:
    async with get_client() as client:
        for _ in range(_PLANNING_SECONDS):
            if at := await _next_run(client, deployment):
                break
            await anyio.sleep(_POLL_SECONDS)
    show(f"{site.id}: {at or site.cron} (Asia/Shanghai), {site.name}")


async def _next_run(client: PrefectClient, deployment: UUID) -> str | None:
    runs = await client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC,
        limit=1,
    )
    at = runs[0].next_scheduled_start_time if runs else None
    return f"next run {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else None
