"""Prefect's server as a child process that ends with the process that started it.

`python -m flows.orchestration.server_process HOST PORT`, with a pipe as standard input. The pipe
closes when the parent closes it, and also when the parent is killed.
"""

import os
import signal
import sys
import threading
import time

import uvicorn

# Enough to answer what is under way; a browser's open event stream would hold it for ever.
GRACEFUL_SECONDS = 3
# A server that has not ended by then hangs.
PATIENCE_SECONDS = 10


def main() -> None:
    host, port = sys.argv[1:]
    threading.Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host=host,
        port=int(port),
        log_level="warning",
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    main()
