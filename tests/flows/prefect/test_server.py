"""Prefect's server: ours for as long as we run, or the one that is there."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from flows.orchestration import server as server_module
from flows.orchestration.server import HOST, Server, ServerError

pytestmark = pytest.mark.prefect

# A process that starts a server, says the server's process id and waits.
STARTER = """
import sys, time
from pathlib import Path
from flows.orchestration.server import Server
server = Server(Path(sys.argv[1]), any_port=True)
print(server._process.pid, flush=True)
time.sleep(60)
"""


def test_it_answers_and_its_page_is_the_ui(server: Server) -> None:
    with urllib.request.urlopen(  # noqa: S310  (on loopback)
        f"{server.ui_url}/ui-settings"
    ) as response:
        assert b'"api_url":"/api"' in response.read()


def test_a_second_process_on_the_same_data_shares_it(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL")
    with Server(server._home.parent) as second:
        second.wait()
        assert (second.url, second.is_ours) == (server.url, False)
    server.wait()


def test_prefect_api_url_is_used(server: Server, tmp_path: Path) -> None:
    with Server(tmp_path) as second:
        second.wait()
        assert (second.url, second.is_ours) == (server.url, False)


def test_a_taken_port_is_an_error_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port} is taken: .*--port"):
            Server(tmp_path, port=port)


def test_no_server_at_prefect_api_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", f"http://{HOST}:9/api")
    monkeypatch.setattr(server_module, "HEALTH_SECONDS", 0.3)
    with (
        Server(tmp_path) as nowhere,
        pytest.raises(ServerError, match="no Prefect server answers at"),
    ):
        nowhere.wait()


def test_a_server_that_cannot_start_shows_the_end_of_its_log(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert server.is_ours
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))  # put back after the test
    monkeypatch.delenv("PREFECT_API_URL")
    (tmp_path / "prefect" / "prefect.db").mkdir(parents=True)
    with (
        Server(tmp_path, any_port=True) as broken,
        pytest.raises(ServerError, match=r"(?s)ended at its start.*server\.log.*unable to open"),
    ):
        broken.wait()


def test_it_ends_with_a_parent_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with subprocess.Popen(  # noqa: S603  (the program above)
        [sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout
        child = Path("/proc") / parent.stdout.readline().decode().strip()
        assert child.exists()
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 15
    while child.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not child.exists()
