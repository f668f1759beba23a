"""One Prefect server for all tests of this folder."""

# ruff: noqa: PLC0415  (Prefect is imported once its server is known: see conftest.py)

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.orchestration.server import Server


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Prefect's server as `serve` starts it. Prefect reads its address when it is imported: tests
    import what knows Prefect only after they have asked for this.
    """
    before = dict(os.environ)
    os.environ.pop("PREFECT_API_URL", None)
    settings = {"PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false"}
    try:
        with Server(
            tmp_path_factory.mktemp("data"), any_port=True, quiet=True, settings=settings
        ) as server:
            server.wait()
            yield server
            from prefect.events.worker import EventsWorker
            from prefect.logging.handlers import APILogWorker

            EventsWorker.drain_all()
            APILogWorker.drain_all()
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture
def data(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that the runs of this test write to."""
    assert server.is_ours
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(tmp_path))
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)
    return tmp_path
