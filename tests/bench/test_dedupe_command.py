"""The near-duplicate benchmark's command on a small corpus, without the peers."""

from pathlib import Path

from typer import Typer
from typer.testing import CliRunner

from tests.bench.dedupe import corpus
from tests.bench.dedupe.__main__ import main


def run(*arguments: object) -> tuple[int, str]:
    app = Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_a_corpus_is_written_and_can_be_scored(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    code, output = run("--make", file, "--documents", 200, "--templates", "c")
    assert code == 0, output
    assert len(list(corpus.read(file))) == 200
    code, output = run(file, "--peers", "none", "--show", 1)
    assert code == 0, output
    assert "200 documents" in output
    assert "exact hash" in output
    assert "no dates" in output


def test_what_is_unknown_is_named_with_what_there_is(tmp_path: Path) -> None:
    code, output = run("--peers", "minhash")
    assert code == 2
    assert "datasketch" in output
    assert run("--templates", "x")[0] == 2
    assert run(tmp_path / "nothing.jsonl")[0] == 2
