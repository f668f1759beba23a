"""Where the parts of a large flow run: the cores of this machine, or a Dask or Ray cluster."""

import os
from importlib import import_module
from typing import Any, Final

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner

from flows.orchestration.server import ServerError

VARIABLE: Final = "DISTRICT_NEWS_TASK_RUNNER"
"""`processes`; or `dask` or `ray`, with the cluster's address behind a colon."""

# Neither is among our dependencies: who has a cluster installs what it is reached by.
_CLUSTERS: Final = {
    "dask": ("prefect_dask", "DaskTaskRunner", "prefect-dask"),
    "ray": ("prefect_ray", "RayTaskRunner", "prefect-ray"),
}


class TaskRunnerError(ServerError):
    """The setting names no task runner there is; the message says what to do."""


def task_runner() -> TaskRunner[Any]:
    """The task runner of DISTRICT_NEWS_TASK_RUNNER; without it, processes on every core.

    Raises:
        TaskRunnerError: It is none that we know, or its package is not installed.
    """
    kind, _, address = os.environ.get(VARIABLE, "processes").partition(":")
    if kind == "processes":
        return ProcessPoolTaskRunner(max_workers=len(os.sched_getaffinity(0)))
    if kind not in _CLUSTERS:
        known = ", ".join(["processes", *_CLUSTERS])
        raise TaskRunnerError(f"{VARIABLE}: expected one of {known}, got {kind!r}")
    module, name, package = _CLUSTERS[kind]
    try:
        runner = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        raise TaskRunnerError(
            f"{VARIABLE}={kind} needs {package}: pip install {package}"
        ) from error
    made: TaskRunner[Any] = runner(address=address or None)
    return made
