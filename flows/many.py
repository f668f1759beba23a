"""Several sites at the same time; one site's error stops no other."""

from collections.abc import Awaitable, Callable, Iterable

import anyio

from schemas.report import RunReport
from schemas.site import Site

# Each site is a lane of its own; eight lanes keep a core busy with reading at their pace.
_SITES_AT_ONCE = 8

Results = dict[str, RunReport | Exception]
"""By site id, the run's report, or the error of a run that has none."""


async def run_sites(
    sites: Iterable[Site],
    run: Callable[[Site], Awaitable[RunReport]],
    at_once: int = _SITES_AT_ONCE,
) -> Results:
    """What became of each site, in the order of the sites."""
    results: Results = {site.id: RuntimeError("not run") for site in sites}
    limiter = anyio.CapacityLimiter(at_once)
    async with anyio.create_task_group() as group:
        for site in sites:
            group.start_soon(_run, site, run, limiter, results)
    return results


async def _run(
    site: Site,
    run: Callable[[Site], Awaitable[RunReport]],
    limiter: anyio.CapacityLimiter,
    results: Results,
) -> None:
    async with limiter:
        try:
            results[site.id] = await run(site)
        except Exception as error:  # noqa: BLE001  (the caller shows it beside the others)
            results[site.id] = error
