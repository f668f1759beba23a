"""The deployments: each site's ingest on its own cron, and backfill on demand."""

from collections.abc import Iterable

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.orchestration import flows
from schemas.site import Site

TIMEZONE = "Asia/Shanghai"
TAGS = ["district-news"]

# Two runs of one site at once would meet at its lock; better that the second one never starts.
_ONE_AT_A_TIME = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)


async def deployments(sites: Iterable[Site]) -> list[RunnerDeployment]:
    """One deployment a site, named by its id, and one for backfills of any site."""
    scheduled = [
        await flows.ingest.ato_deployment(
            name=site.id,
            schedule=Cron(site.cron, timezone=TIMEZONE),
            parameters={"site": site.id},
            description=f"{site.name}, {site.url}",
            tags=TAGS,
            concurrency_limit=_ONE_AT_A_TIME,
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        for site in sites
    ]
    backfill = await flows.backfill.ato_deployment(
        name="backfill", tags=TAGS, entrypoint_type=EntrypointType.MODULE_PATH
    )
    return [*scheduled, backfill]
