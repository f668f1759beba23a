"""Prefect's server as a child process that ends with the process that started it.

`python -m flows.orchestration.server_process HOST PORT`, with a pipe as standard input. The pipe
closes when the parent closes it, and also when the parent is killed.
"""

import os
import signal
import sys
import threading
import time
from typing import Any

import uvicorn

# Enough to answer what is under way; a browser's open event stream would hold it for ever.
GRACEFUL_SECONDS = 3
# A server that has not ended by then hangs.
PATIENCE_SECONDS = 10


def main() -> None:
    host, port = sys.argv[1:]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _let_schedules_work()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host=host,
        port=int(port),
        log_level="warning",
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )


def _end_with_parent() -> None:
    # Past Python's own buffer: its lock, held by this thread, would be fatal to an exit.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os._exit(1)


def _let_schedules_work() -> None:
    """Let Prefect's scheduler insert runs under SQLAlchemy 2.1.

    It hands a run's `state` to a bulk insert, expecting it to be ignored, as SQLAlchemy 2.0 does
    with a hybrid property; 2.1 raises where the property has no `bulk_dml` hook, and no run of any
    schedule is ever planned (Prefect 3.8.8).
    """
    from prefect.server.database import orm_models  # noqa: PLC0415  (slow: the thread comes first)

    for model in (orm_models.FlowRun, orm_models.TaskRun):
        state: Any = model.__mapper__.all_orm_descriptors["state"]
        if not state.bulk_dml_setter:
            state.bulk_dml_setter = _ignore


def _ignore(_model: object, _mapping: object, _value: object) -> None:
    """A `bulk_dml` hook that adds nothing to the row."""


if __name__ == "__main__":
    main()
