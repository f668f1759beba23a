"""The flows and tasks: Prefect's wrapping of ingest and backfill, and how a run's state is told."""

import os
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import flow, get_run_logger, runtime
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.deployments import arun_deployment
from prefect.states import Cancelled, Completed, Failed
from prefect.tasks import Task
from prefect.utilities.annotations import quote

import flows.backfill
import flows.ingest
from flows.backfill import BackfillError
from flows.backfills import as_known
from flows.ingest import Progress, Stages
from flows.keeper import Watch
from flows.locks import SiteBusyError
from flows.options import RunOptions
from flows.orchestration.artifact import publish
from flows.orchestration.environment import DATA
from flows.orchestration.progress import published
from flows.storage.errors import StoreError
from flows.storage.store import Store
from schemas.dates import SHANGHAI, Window
from schemas.outcome import Outcome
from schemas.report import RunReport
from schemas.site import Site, SiteError
from spiders.ports import NoContactError
from spiders.registry import UnknownSiteError, get_site

# A county's server that does not answer is mostly back within the hour; after that, the next
# scheduled run is near enough.
RETRY_AFTER = (timedelta(minutes=10), timedelta(minutes=40))
_RETRY_TAG = "retry-"

# Faults of the set-up, whose one line says everything; a traceback would only hide it.
_EXPLAINED = (
    BackfillError,
    StoreError,
    SiteError,
    UnknownSiteError,
    NoContactError,
    OSError,
)


class FailedRunError(Exception):
    """A run that came to nothing, with its report."""

    def __init__(self, report: RunReport) -> None:
        super().__init__(report.failure)
        self.report = report


PROGRESS: ContextVar[Progress | None] = ContextVar("PROGRESS", default=None)
"""Who is told of each stored batch. A parameter of a flow has to be JSON; this is not."""


WATCH: ContextVar[Watch | None] = ContextVar("WATCH", default=None)
"""Who is told how far a backfill is."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """A stage of the run as a task run of Prefect."""

    task: Task[..., Any]

    async def __call__(self, *inputs: object) -> None:
        """Run the stage. Prefect looks through a task's inputs; not through streams, quoted."""
        await self.task(*(quote(value) for value in inputs))


def _stage(function: Callable[..., Awaitable[None]], name: str) -> _Stage:
    return _Stage(Task(function, name=name, cache_policy=NO_CACHE, persist_result=False))


_WALK = _stage(flows.backfill.walk_column, "walk")
_STAGES = Stages(
    fetch=_stage(flows.ingest.fetch_stage, "fetch"),
    clean=_stage(flows.ingest.clean_stage, "clean"),
    dedupe=_stage(flows.ingest.dedupe_stage, "dedupe"),
    store=_stage(flows.ingest.store_stage, "store"),
)


@flow(name="ingest", flow_run_name="ingest-{site}", persist_result=False)
async def ingest(
    site: str, since: date | None = None, until: date | None = None, replay: Path | None = None
) -> State[RunReport]:
    """Bring a site's records up to date.

    Args:
        site: The site's id.
        since: The first publish day wanted; without it, the site goes on from its checkpoint.
        until: The first publish day not wanted.
        replay: A folder of fixtures or WARC files that answers in place of the network.
    """
    body = partial(flows.ingest.ingest, stages=_STAGES, progress=PROGRESS.get())
    return await _run(body, site, since, until, replay)


@flow(name="backfill", flow_run_name="backfill-{site}", persist_result=False)
async def backfill(
    site: str,
    since: date,
    until: date,
    replay: Path | None = None,
    columns: list[str] | None = None,
    max_pages: int | None = None,
    rate: float | None = None,
) -> State[RunReport]:
    """Fetch what is missing of a window in the past; a run that was stopped is gone on with.

    Args:
        site: The site's id.
        since: The first publish day wanted.
        until: The first publish day not wanted.
        replay: A folder of fixtures or WARC files that answers in place of the network.
        columns: Ids of the columns to walk; none: all.
        max_pages: List pages to pass in each column; none: as many as there are.
        rate: Requests a second at most; none: as the site's file allows.
    """
    asked = {"columns": tuple(columns or ()), "max_pages": max_pages, "rate": rate}
    return await _run(_backfill, site, since, until, replay, **asked)


async def _backfill(site: Site, options: RunOptions) -> RunReport:
    """The backfill, each column a task run, its progress an artifact."""
    asked = flows.backfill.as_asked(site, options)
    with Store.open(options.database) as store:
        known = as_known(asked, options.window, store.ledger(site.id))
    async with published(known, WATCH.get()) as watch:
        return await flows.backfill.backfill(site, options, walk=_WALK, watch=watch)


async def _run(
    body: Callable[[Site, RunOptions], Awaitable[RunReport]],
    site_id: str,
    since: date | None,
    until: date | None,
    replay: Path | None,
    **asked: Any,
) -> State[RunReport]:
    """Run the body and say in the flow run's state what became of it, in one sentence."""
    if since and until and since >= until:
        return Failed(message=f"since ({since}) must lie before until ({until})")
    if runtime.deployment.id is not None and DATA not in os.environ:
        return Failed(
            message=f"{DATA} is not set for this worker: its data would end in a temporary folder"
        )
    options = RunOptions(window=Window(since=since, until=until), replay=replay, **asked)
    try:
        report = await body(get_site(site_id), options)
    except SiteBusyError as busy:
        return Cancelled(name="Skipped", message=str(busy), data=busy)
    except Exception as error:  # noqa: BLE001  (whatever it is, it fails this run and no other)
        return _failed(error)
    await publish(report)
    if report.failure:
        parameters = {
            "site": site_id,
            "since": since and since.isoformat(),
            "until": until and until.isoformat(),
            "replay": replay and str(replay),
            **asked,
        }
        return await _came_to_nothing(report, parameters)
    return Completed(message=report.summary, data=report)


def _failed(error: Exception) -> State[RunReport]:
    reason = " ".join(str(error).split())
    if isinstance(error, _EXPLAINED) and reason:
        return Failed(message=reason, data=error)
    get_run_logger().error("The run failed.", exc_info=error)
    return Failed(message=f"{type(error).__name__}: {reason}", data=error)


async def _came_to_nothing(report: RunReport, parameters: dict[str, Any]) -> State[RunReport]:
    """Failed; and where the site did not answer a scheduled run, one more run is planned.

    The next attempt is a run of its own: a run that waits would hold its process and its place.
    """
    done = sum(tag.startswith(_RETRY_TAG) for tag in runtime.flow_run.tags)
    no_answer = any(column.lists[Outcome.FAILED] for column in report.columns)
    if not no_answer or runtime.deployment.id is None or done == len(RETRY_AFTER):
        return Failed(message=report.failure, data=FailedRunError(report))
    again = datetime.now(SHANGHAI) + RETRY_AFTER[done]
    await arun_deployment(
        UUID(runtime.deployment.id),
        parameters=parameters,
        scheduled_time=again,
        timeout=0,
        tags=[*runtime.flow_run.tags, f"{_RETRY_TAG}{done + 1}"],
        as_subflow=False,
    )
    message = f"{report.failure}; next try at {again:%H:%M} (Asia/Shanghai)"
    return Failed(message=message, data=FailedRunError(report))
