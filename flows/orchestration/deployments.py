"""The deployments: each site's ingest on its own cron, backfill and reparse on demand."""

from collections.abc import Iterable

from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.options import RunOptions
from flows.orchestration import flows
from flows.orchestration import reparse as reread
from schemas.site import Site

TIMEZONE = "Asia/Shanghai"
TAGS = ["district-news"]

# Two runs of one site at once would meet at its lock; better that the second one never starts.
_ONE_AT_A_TIME = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
)


async def deployments(sites: Iterable[Site], options: RunOptions) -> list[RunnerDeployment]:
    """One deployment a site, named by its id, and one each for backfills and for reading again.

    What the options name, a window or a replay, every scheduled run is given.
    """
    replay = options.replay and options.replay.resolve()
    named = {"since": options.window.since, "until": options.window.until, "replay": replay}
    given = {name: str(value) for name, value in named.items() if value}
    scheduled = [
        await flows.ingest.ato_deployment(
            name=site.id,
            schedule=Cron(site.cron, timezone=TIMEZONE),
            parameters={"site": site.id, **given},
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
    reparse = await reread.reparse.ato_deployment(
        name="reparse", tags=TAGS, entrypoint_type=EntrypointType.MODULE_PATH
    )
    return [*scheduled, backfill, reparse]
