"""The scheduled mode: every site on its own cron for as long as we run; or every site once.

Prefect reads its settings when it is imported, so it is imported after the server has been chosen.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from flows.many import Results
from flows.options import RunOptions
from flows.orchestration.server import PORT, Server
from schemas.site import Site

if TYPE_CHECKING:
    from flows.ingest import Progress

# Flow runs at once, each a process of 150 MB that mostly waits for its site: one for each of the
# two cores of the small machine this is meant for.
RUNS_AT_ONCE = 2


def serve(
    sites: Sequence[Site],
    options: RunOptions,
    *,
    port: int = PORT,
    show: Callable[[str], None] = print,
) -> None:
    """Run each site on its cron (Asia/Shanghai) until Ctrl-C or SIGTERM.

    Raises:
        flows.orchestration.server.ServerError: There is no Prefect server to work with.
    """
    with Server(options.data, port=port) as server:
        show("Starting Prefect's server …" if server.is_ours else f"Prefect at {server.ui_url}")
        from flows.orchestration.runner import run_on_schedule  # noqa: PLC0415  (see above)

        server.wait()
        show(f"Runs, logs, schedules and reports: {server.ui_url}")
        asyncio.run(run_on_schedule(sites, options, limit=RUNS_AT_ONCE, show=show))


def serve_once(
    sites: Sequence[Site],
    options: RunOptions,
    *,
    port: int = PORT,
    progress: "Progress | None" = None,
) -> Results:
    """Run every site once, several at the same time, in this process, and end.

    Raises:
        flows.orchestration.server.ServerError: There is no Prefect server to work with.
    """
    # Blocks are for notifications and storage of Prefect's own; no run here needs them, and to
    # register their kinds takes a second of the first start.
    settings = {"PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false"}
    with Server(options.data, port=port, any_port=True, quiet=True, settings=settings) as server:
        from flows.orchestration.once import run_once  # noqa: PLC0415  (see above)

        server.wait()
        return asyncio.run(run_once(sites, options, progress))
