"""The flow `reparse`: Prefect's wrapping of `flows.reparse`, a task a part of the archive.

Where its tasks run is a setting (`task_runner.py`). On several machines all of them need the data
folder at the same path, and a PostgreSQL.
"""

import os
from collections.abc import Sequence
from datetime import date
from typing import Any

from anyio import to_thread
from prefect import flow, runtime
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import as_completed
from prefect.states import Completed, Failed
from prefect.tasks import Task
from prefect.utilities.annotations import quote

import flows.reparse
from flows.options import RunOptions
from flows.orchestration.environment import DATA
from flows.orchestration.task_runner import task_runner
from flows.reparse import Finished, Work
from flows.steps.reread import Done, Job
from flows.storage.errors import StoreError
from schemas.dates import Window
from schemas.reparse import ReparseReport
from schemas.site import SiteError
from spiders.registry import UnknownSiteError, get_sites

# Faults of the set-up, whose one line says everything; a traceback would only hide it.
_EXPLAINED = (StoreError, SiteError, UnknownSiteError, ValueError, OSError)


@flow(name="reparse", persist_result=False, task_runner=task_runner())
async def reparse(
    sites: list[str] | None = None,
    since: date | None = None,
    until: date | None = None,
    dry_run: bool = False,
) -> State[ReparseReport]:
    """Read every archived page again with today's readers; first a report, then the changes.

    Args:
        sites: Ids of sites; none: all of them.
        since: The first day of fetching wanted.
        until: The first day of fetching not wanted any more.
        dry_run: Report what would change, and change nothing.
    """
    if runtime.deployment.id is not None and DATA not in os.environ:
        return Failed(
            message=f"{DATA} is not set for this worker: there is no archive to be read again"
        )
    try:
        options = RunOptions(window=Window(since=since, until=until))
        report = await flows.reparse.reparse(
            get_sites(sites or []), options, dry_run=dry_run, workers=_in_tasks
        )
    except _EXPLAINED as error:
        return Failed(message=" ".join(str(error).split()), data=error)
    await _publish(report)
    return Completed(message=report.summary, data=report)


async def _in_tasks(work: Work, jobs: Sequence[Job], finished: Finished) -> None:
    """Do every job as a task run."""
    task: Task[..., Any] = Task(
        work, name=work.__name__, cache_policy=NO_CACHE, persist_result=False
    )
    futures = {task.submit(quote(job)): job for job in jobs}
    completed = iter(as_completed(list(futures)))
    while future := await to_thread.run_sync(next, completed, None):
        done: Done = await to_thread.run_sync(future.result)
        finished(futures[future], done)


async def _publish(report: ReparseReport) -> None:
    """Attach the report to the flow run that is under way: what changes, with samples."""
    lines = [f"{report.summary}.", "", *(f"- {sentence}" for sentence in report.sentences)]
    if report.problems:
        lines += ["", "To look at:", "", *(f"- {problem}" for problem in report.problems)]
    rows = [
        {"what": str(change), "id": s.id, "title": s.title, "before": s.before, "after": s.after}
        for change in report.fields
        for s in change.samples
    ]
    await acreate_table_artifact(key="reparse-report", table=rows, description="\n".join(lines))
