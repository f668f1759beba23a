"""`reparse`, `held` and `rejected replay` on the command line."""

import json
import sqlite3
from pathlib import Path

import pytest

from spiders.families.vsb import Vsb
from tests.flows.test_cli import SEED, ingest, run  # noqa: F401  (a fixture)


@pytest.fixture
def older(run, tmp_path: Path):  # noqa: F811  (the fixture)
    """Lets an older reader have written this into the seed's record."""
    ingest(run)

    def _older(assignment: str) -> None:
        statement = f"UPDATE articles SET {assignment} WHERE url = ?"  # noqa: S608  (our own)
        with sqlite3.connect(tmp_path / "data" / "district-news.db") as connection:
            connection.execute(statement, (SEED,))

    return _older


def test_reparse_says_what_would_change_and_then_changes_it(run, older) -> None:  # noqa: F811
    older("index_number = NULL")
    dry = run("reparse", "lanshan", "--dry-run")
    assert dry.code == 0
    assert "7 archived pages read again" in dry.out
    assert "1 record gains index_number (索引号)" in dry.out
    assert "— → lanshanqurmzfbgs/2024-0000076" in dry.out
    assert "would change: 1 of 7" in dry.out
    assert json.loads(run("articles", "show", SEED, "--json").out)["index_number"] is None

    real = run("reparse", "lanshan")
    assert real.code == 0
    assert "1 record gains index_number (索引号)" in real.out
    assert "Stored." in real.out
    assert json.loads(run("articles", "show", SEED, "--json").out)["index_number"]
    assert "nothing changes: every page reads as it is stored" in run("reparse").out


def test_reparse_prints_json_for_a_script(run, older) -> None:  # noqa: F811
    older("index_number = NULL")
    report = json.loads(run("reparse", "--dry-run", "--json").out)
    assert (report["pages"], report["changed"], report["stored"]) == (7, 1, False)
    assert report["fields"][0]["field"] == "index_number"
    assert report["fields"][0]["samples"][0]["title"] == "全区科学技术大会召开"


def test_a_held_record_is_listed_shown_and_accepted(run, older) -> None:  # noqa: F811
    older("body_text = body_text || body_text || body_text")
    result = run("reparse")
    assert "1 record would get worse: held for review, not overwritten" in result.out
    (held,) = json.loads(run("held", "list", "--json").out)
    assert held["url"] == SEED
    assert held["id"] in run("held", "list").out
    shown = run("held", "show", held["id"])
    assert "characters" in shown.out
    assert "body_text 正文" in shown.out
    accepted = run("held", "accept", held["id"])
    assert (accepted.code, accepted.out.strip()) == (0, f"{held['id']}: changed")
    assert "nothing is held" in run("held", "list").err
    again = run("held", "accept", held["id"])
    assert (again.code, len(again.err.strip().splitlines())) == (1, 1)
    assert "is not held" in again.err


def test_rejected_pages_are_replayed(run, monkeypatch) -> None:  # noqa: F811
    with monkeypatch.context() as broken:
        broken.setattr(Vsb, "read_article", _fails)
        report = ingest(run)
        assert "in quarantine: 7 × reader_error" in report.out
        waits = run("rejected", "replay", "--site", "lanshan")
        assert "0 pages pass now and are stored, 7 wait" in waits.out
        assert "waits: 7 × reader_error" in waits.out
    replayed = run("rejected", "replay", "--reason", "reader_error", "--json")
    assert json.loads(replayed.out)["released"] == 7
    assert "nothing is rejected" in run("rejected", "list").err
    assert "全区科学技术大会召开" in run("articles", "list").out


def _fails(*_: object) -> None:
    raise ValueError("the selector finds nothing")


@pytest.mark.parametrize("command", [("reparse", "nowhere"), ("rejected", "replay", "--site", "x")])
def test_an_unknown_site_is_said_so(run, command: tuple[str, ...]) -> None:  # noqa: F811
    result = run(*command)
    assert result.code == 2
    assert "no site" in result.err
