"""A backfill of a site that grows, shrinks and fails: killed, interrupted, and run again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.simulated.command import Command
from tests.simulated.killed import Check, backfill, backfill_arguments, check
from tests.simulated.plan import ROWS_A_PAGE, Plan
from tests.simulated.server import Running, simulated_site

# Busy for its size: an article added or withdrawn for every list page or two that is walked.
PLAN = Plan(articles=400, columns=3, grows_every=25, shrinks_every=60)
# Far more than an interrupted run takes, far less than an answer that never comes.
PATIENCE = 30.0


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Check, int, int]:
    """What a backfill has that was killed twice; the article requests of two runs after it."""
    data = tmp_path_factory.mktemp("killed")
    with simulated_site(PLAN) as server:
        campaign = backfill(server, data, kills=2)
        assert campaign.exit_code == 0, (data / "runs.log").read_text(encoding="utf-8")
        server.freeze()
        found = check(server.tally(), data)
        return found, run_again(server, data), run_again(server, data)


def run_again(server: Running, data: Path) -> int:
    """The article requests of one more run."""
    before = server.tally().article_requests
    run = Command.start(server.site, data, backfill_arguments(server.plan), data / "runs.log")
    run.process.join()
    return server.tally().article_requests - before


def test_every_reachable_article_is_stored_once(killed: tuple[Check, int, int]) -> None:
    found, _, _ = killed
    # Each column has 133 articles; of the second, four pages of seven have rows.
    assert found.reachable > 300
    assert found.missed == ()
    assert found.stored_twice == 0


def test_a_kill_costs_no_more_than_a_page_of_the_list(killed: tuple[Check, int, int]) -> None:
    found, _, _ = killed
    assert found.fetched_again <= 2 * ROWS_A_PAGE


def test_a_finished_backfill_asks_for_no_article(killed: tuple[Check, int, int]) -> None:
    _, first, second = killed
    # What was added while the last run was ending, the first run takes.
    assert first <= PLAN.columns
    assert second == 0


def test_interrupted_it_ends_with_all_stored_and_says_how_to_go_on(tmp_path: Path) -> None:
    plan = Plan(articles=400, columns=3, error_share=0, stalls_after=60)
    with simulated_site(plan) as server:
        said = json.dumps({"articles": plan.articles, "columns": plan.columns})
        line = [sys.executable, "-m", "tests.simulated.command", server.url, said, str(tmp_path)]
        run = subprocess.Popen(  # noqa: S603  (our own command)
            [*line, *backfill_arguments(plan)],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        try:
            while server.requests() < plan.stalls_after:  # type: ignore[operator]
                assert run.poll() is None
                time.sleep(0.01)
            run.send_signal(signal.SIGINT)
            _, errors = run.communicate(timeout=PATIENCE)
        finally:
            run.kill()
        served = sum(map(sum, server.tally().served))
    assert run.returncode == 130, errors
    with sqlite3.connect(tmp_path / "district-news.db") as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (served,)
        (state, reason) = database.execute(
            "SELECT state, reason FROM ledger WHERE column_id = 'lm0'"
        ).fetchone()
    assert (state, reason) == ("stopped", "interrupted")
    assert errors.endswith(
        "To go on from there:\n"
        "  district-news backfill simulated --since 2015-01-01 --until 2021-01-01\n"
    )
    assert "Traceback" not in errors
