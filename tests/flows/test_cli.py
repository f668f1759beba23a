"""The command line: what each command prints, and how each error ends."""

import json
import re
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.main import get_command

from flows.cli import render
from flows.cli.main import app, main
from flows.locks import site_lock
from spiders import district
from tests.fixture_sites import FIXTURES

SEED = "http://www.lyls.gov.cn/info/1055/200120.htm"


@dataclass
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs `district-news` with these arguments over an own data folder."""
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(render.console, "width", 200)
    monkeypatch.setattr(render.errors, "width", 200)
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)

    def _run(*args: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["district-news", *args])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    return _run


def ingest(run, *args: str) -> Result:
    return run("ingest", "lanshan", "--since", "2016-01-01", "--replay", str(FIXTURES), *args)


def test_ingest_prints_its_report(run) -> None:
    result = ingest(run)
    assert result.code == 0
    assert "兰山区人民政府 (lanshan)  [2016-01-01, …)" in result.out
    assert re.search(r"new +7 ", result.out)
    assert re.search(r"gone +1 ", result.out)


def test_ingest_prints_json_for_a_script(run) -> None:
    (report,) = json.loads(ingest(run, "--json").out)
    assert report["site"] == "lanshan"
    assert report["columns"][0]["new"] == 7


def test_a_list_that_is_gone_fails_the_run_and_says_so(run, tmp_path: Path) -> None:
    index = tmp_path / "gone" / "responses.toml"
    index.parent.mkdir()
    urls = ("http://www.lyls.gov.cn/robots.txt", "http://www.lyls.gov.cn/xw/lsyw.htm")
    index.write_text(
        "".join(f'[[response]]\nurl = "{url}"\nstatus = 404\n' for url in urls), encoding="utf-8"
    )
    result = run("ingest", "lanshan", "--replay", str(index.parent))
    assert result.code == 1
    assert "list http://www.lyls.gov.cn/xw/lsyw.htm: gone" in result.err


def test_a_second_ingest_says_that_nothing_is_new(run) -> None:
    ingest(run)
    result = ingest(run)
    assert "0 new, 0 changed; asked for 1 list and 0 article pages" in result.out


def test_backfill_takes_a_window(run) -> None:
    window = ("--since", "2024-07-15", "--until", "2024-07-20")
    result = run("backfill", "lanshan", *window, "--replay", str(FIXTURES), "--json")
    assert json.loads(result.out)[0]["columns"][0]["new"] == 1


def test_backfill_prints_where_it_stands_and_what_this_run_did(run) -> None:
    window = ("--since", "2024-07-15", "--until", "2024-07-20")
    result = run("backfill", "lanshan", *window, "--replay", str(FIXTURES))
    assert result.code == 0
    assert "兰山区人民政府 (lanshan)  [2024-07-15, 2024-07-20)" in result.out
    assert re.search(r"兰山要闻 +done ", result.out)
    assert "done, nothing is left" in result.out
    assert "this run: 兰山区人民政府: 1 new" in result.out


def test_a_backfill_of_a_column_that_is_not_there_names_those_that_are(run) -> None:
    window = ("--since", "2024-07-15", "--until", "2024-07-20")
    result = run("backfill", "lanshan", *window, "--columns", "nowhere")
    assert result.code == 2
    assert "lanshan has no column nowhere; it has lsyw" in result.err


def test_a_probe_without_a_contact_ends_in_one_line(run, monkeypatch) -> None:
    monkeypatch.setattr(district, "CONTACT", "")
    window = ("--since", "2024-07-15", "--until", "2024-07-20")
    result = run("backfill", "lanshan", *window, "--dry-run", "--probe")
    assert result.code == 2
    assert result.err.strip().startswith("district-news: set DISTRICT_NEWS_CONTACT to an address")


def test_the_status_of_a_site_that_nobody_knows_names_those_that_are(run) -> None:
    result = run("backfill", "status", "nowhere")
    assert result.code == 2
    assert "no site 'nowhere'; there are: " in result.err


def test_articles_are_listed_and_shown(run) -> None:
    ingest(run)
    listed = json.loads(run("articles", "list", "--json", "--limit", "3").out)
    assert [article["published_at"] for article in listed] == [
        "2024-07-24T16:05:32+08:00",
        "2024-07-22T10:20+08:00",
        "2024-07-19",
    ]
    assert "全区科学技术大会召开" in run("articles", "list").out
    shown = run("articles", "show", SEED)
    assert "lanshanqurmzfbgs/2024-0000076" in shown.out
    by_id = json.loads(run("articles", "show", listed[2]["id"], "--json").out)
    assert by_id["url"] == SEED


def test_an_article_is_shown_as_markdown(run) -> None:
    ingest(run)
    shown = run("articles", "show", SEED, "--markdown").out
    title, *paragraphs = shown.strip().split("\n\n")
    assert title == "# 全区科学技术大会召开"
    assert len(paragraphs) == 9
    assert paragraphs[0].startswith("7月17日上午，全区科学技术大会召开")


def test_an_unknown_article_is_said_so(run) -> None:
    result = run("articles", "show", "0000")
    assert result.code == 1
    assert "no article 0000" in result.err


def test_a_rejected_page_is_listed_with_its_reason(run, tmp_path: Path) -> None:
    responses = (FIXTURES / "lanshan" / "responses.toml").read_text(encoding="utf-8")
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in (FIXTURES / "lanshan").glob("*.html"):
        (broken / file.name).write_bytes(file.read_bytes())
    shell = (FIXTURES / "lanshan" / "external_shell.html").read_bytes()
    (broken / "200120.html").write_bytes(shell)
    (broken / "responses.toml").write_text(responses, encoding="utf-8")

    run("ingest", "lanshan", "--since", "2016-01-01", "--replay", str(broken))
    (rejected,) = json.loads(run("rejected", "list", "--json").out)
    assert rejected["url"] == SEED
    assert (rejected["outcome"], rejected["reason"]) == ("external", "external_link")
    assert rejected["archive"]["file"].endswith(".warc.gz")
    assert SEED in run("rejected", "list").out
    assert '"external_link"' in run("rejected", "show", "lanshan", SEED).out


def test_parse_reads_saved_files_without_a_database(run, tmp_path: Path) -> None:
    page = str(FIXTURES / "lanshan" / "200120.html")
    blocked = str(FIXTURES / "lanshan" / "ruishu_412.html")
    result = run("parse", page, blocked, "--url", SEED, "--site", "lanshan", "--jsonl")
    first, second = map(json.loads, result.out.splitlines())
    assert (first["file"], first["outcome"]) == (page, "ok")
    assert first["article"]["index_number"] == "lanshanqurmzfbgs/2024-0000076"
    assert second["outcome"] == "blocked"
    assert "rejection" in second
    assert not (tmp_path / "data").exists()


def test_sites_are_listed_shown_and_checked(run, tmp_path: Path) -> None:
    assert "371302 山东省临沂市兰山区" in run("sites", "list").out
    assert json.loads(run("sites", "show", "lanshan").out)["family"] == "vsb"
    assert run("sites", "lint").code == 0
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "bad"\nnme = "x"\n', encoding="utf-8")
    result = run("sites", "lint", str(bad))
    assert result.code == 1
    assert "bad.toml: name: missing" in result.err
    assert "nme: unknown key" in result.err


def test_the_database_is_made_and_counted(run, tmp_path: Path) -> None:
    result = run("db", "upgrade")
    assert "0 articles" in result.out
    tables = sqlite3.connect(tmp_path / "data" / "district-news.db").execute(
        "select count(*) from articles"
    )
    assert tables.fetchone() == (0,)


def test_a_live_crawl_without_a_contact_ends_in_one_line(run, monkeypatch) -> None:
    monkeypatch.setattr(district, "CONTACT", "")
    result = run("ingest", "lanshan")
    assert result.code == 2
    assert result.err.strip().startswith("district-news: set DISTRICT_NEWS_CONTACT to an address")
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("ingest", "nowhere"), 2, "no site 'nowhere'; there are: "),
        (("ingest", "lanshan", "--since", "yesterday"), 2, "expected a day such as 2024-07-19"),
        (("ingest", "--since", "2024-07-02", "--until", "2024-07-01"), 2, "must lie before"),
        (("ingest", "lanshan", "--replay", "missing"), 2, "does not exist"),
        (("ingest", "lanshan", "--replay", "."), 4, "expected a folder with responses.toml"),
    ],
)
def test_wrong_usage_says_what_to_do(run, args: tuple[str, ...], code: int, said: str) -> None:
    result = run(*args)
    assert result.code == code
    assert said in " ".join(result.err.replace("│", " ").split())
    assert "Traceback" not in result.err


def test_a_site_that_is_held_ends_with_its_own_code(run, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'data' / 'district-news.db'}"
    run("db", "upgrade")
    with site_lock(database, "lanshan"):
        result = ingest(run)
    assert result.code == 3
    assert "lanshan: a run is under way" in result.err


def test_a_database_that_cannot_be_used_ends_in_one_line(run, monkeypatch) -> None:
    monkeypatch.setenv("DISTRICT_NEWS_DATABASE_URL", "sqlite:////proc/nowhere/news.db")
    result = run("articles", "list")
    assert result.code == 4
    assert len(result.err.strip().splitlines()) == 1


def commands() -> list[str]:
    """Every command by its words; a group's hidden one by the group's."""
    top = get_command(app).commands  # type: ignore[attr-defined]
    return [
        f"{name} {'' if inner and inner.hidden else sub}".strip()
        for name, command in top.items()
        for sub, inner in getattr(command, "commands", {"": None}).items()
    ]


@pytest.mark.parametrize("command", commands())
def test_every_command_has_help_with_an_example(run, command: str) -> None:
    result = run(*command.split(), "--help")
    assert result.code == 0
    assert f"district-news {command}" in " ".join(result.out.split())
    assert "Example:" in result.out
