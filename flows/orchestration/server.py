"""Prefect's server: the one that is there, or one of our own for as long as we run."""

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from flows.orchestration.environment import TERMINAL_LEVEL, prefect_home, set_environment

HOST = "127.0.0.1"
PORT = 4200
"""Where Prefect's UI is expected, by its documentation and by bookmarks."""

# The first start makes Prefect's database: 12 s on two idle cores, 76 s seen on a busy machine.
START_SECONDS = 180
POLL_SECONDS = 0.1
# A server that answers at all answers in milliseconds.
HEALTH_SECONDS = 5
# Longer than the server's own patience with itself (`server_process.py`).
STOP_SECONDS = 15
LOG_TAIL_LINES = 15


class ServerError(RuntimeError):
    """No Prefect server to work with; the message says why and what to do."""


class Server:
    """Prefect's server, as a context manager. Prefect must not have been imported before.

    `PREFECT_API_URL` names the server to use. Without it, the one that another process of ours runs
    on the same data folder; without that, our own: a child process on loopback with its
    SQLite database under the data folder. It comes up while we do other things; `wait` for it.

    Args:
        data: The data folder.
        port: Where our own server listens.
        any_port: Take any free port where that one is taken.
        quiet: Keep Prefect's log lines off the terminal.
        settings: Further settings for our own server's environment.

    Raises:
        ServerError: The port is taken, the server does not come up or does not answer.
    """

    url: str
    """The API's address."""

    def __init__(
        self,
        data: Path,
        *,
        port: int = PORT,
        any_port: bool = False,
        quiet: bool = False,
        settings: dict[str, str] | None = None,
    ) -> None:
        self._home = prefect_home(data)
        self._log = self._home / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: TextIO | None = None
        if given := os.environ.get("PREFECT_API_URL"):
            self.url = given.rstrip("/")
            set_environment(data, quiet=quiet)
            return
        self._home.mkdir(parents=True, exist_ok=True)
        self._lock = (self._home / "server.lock").open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            self.url = self._lock.read().strip()
            self._lock.close()
            set_environment(data, self.url, quiet=quiet)
            return
        self._start(data, _free_port(port, any_port=any_port), quiet=quiet, settings=settings or {})

    def _start(self, data: Path, port: int, *, quiet: bool, settings: dict[str, str]) -> None:
        assert self._lock is not None  # noqa: S101  (taken just now)
        self.url = f"http://{HOST}:{port}/api"
        self._lock.truncate(0)
        self._lock.write(self.url)
        self._lock.flush()
        set_environment(data, self.url, quiet=quiet)
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603  (our own module)
                [sys.executable, "-m", "flows.orchestration.server_process", HOST, str(port)],
                # Its log is a file, whatever our terminal is to be spared.
                env={**os.environ, TERMINAL_LEVEL: "WARNING", **settings},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C on our terminal is ours to handle: the server is needed to the end.
                start_new_session=True,
                # It holds the lock, too: while it lives, its database is taken.
                pass_fds=(self._lock.fileno(),),
            )

    @property
    def is_ours(self) -> bool:
        """Whether it ends with us."""
        return self._process is not None

    @property
    def ui_url(self) -> str:
        return self.url.removesuffix("/api")

    def wait(self) -> None:
        """Return when the server answers."""
        deadline = time.monotonic() + (START_SECONDS if self._lock else HEALTH_SECONDS)
        while not self._answers():
            if self._process and self._process.poll() is not None:
                raise ServerError(f"Prefect's server ended at its start.{self._tail()}")
            if time.monotonic() > deadline:
                raise ServerError(self._no_answer())
            time.sleep(POLL_SECONDS)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(  # noqa: S310  (the address of an API)
                f"{self.url}/health", timeout=HEALTH_SECONDS
            ) as response:
                return bool(response.status == 200)  # noqa: PLR2004
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    def _no_answer(self) -> str:
        if self._process:
            return f"Prefect's server did not come up in {START_SECONDS} s.{self._tail()}"
        return f"no Prefect server answers at {self.url}: start it, or unset PREFECT_API_URL"

    def _tail(self) -> str:
        with self._log.open(encoding="utf-8", errors="replace") as log:
            lines = deque(log, LOG_TAIL_LINES)
        return f" The end of its log, {self._log}:\n{''.join(lines)}"

    def stop(self) -> None:
        """End our own server; another one stays."""
        if self._process:
            assert self._process.stdin is not None  # noqa: S101  (a pipe)
            self._process.stdin.close()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._lock:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _free_port(port: int, *, any_port: bool) -> int:
    """The port, or another one.

    Raises:
        ServerError: The port is taken, and no other will do.
    """
    for candidate in (port, 0) if any_port else (port,):
        with socket.socket() as probe:
            # As the server itself does: connections that have just ended do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, candidate))
                return int(probe.getsockname()[1])
    raise ServerError(
        f"port {port} is taken: choose another with --port, or set PREFECT_API_URL to the "
        "Prefect server that runs there"
    )
