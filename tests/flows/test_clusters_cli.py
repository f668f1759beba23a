"""`clusters` and what else shows them, over the seed's repost and its invented original."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import anyio
import pytest

from flows.cli import render
from flows.cli.main import main
from flows.ingest import ingest
from flows.options import RunOptions
from schemas.dates import Window
from spiders import registry
from spiders.registry import get_site
from tests.fixture_sites import FIXTURES, load_fixture_site

REPOST = "http://www.jdxwwcn.com/a/difangzhuankan/2018/0125/10286.html"
ORIGINAL = "http://www.nanguan.example/info/1012/5016.htm"
COPY = "http://www.nanguan.example/info/1033/5016.htm"
DIGEST = "http://www.nanguan.example/info/1012/5021.htm"


@dataclass
class Result:
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The original's site and then the repost's, ingested."""
    folder = tmp_path_factory.mktemp("data")
    for site in (load_fixture_site("nanguan"), get_site("jdxwwcn")):
        options = RunOptions(window=Window(since=date(2016, 1, 1)), replay=FIXTURES, data=folder)
        anyio.run(ingest, site, options)
    return folder


@pytest.fixture
def run(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs `district-news` with these arguments, in 80 columns."""
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(data))
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)
    monkeypatch.setattr(registry, "OWN_SITES", str(FIXTURES / "nanguan"))
    monkeypatch.setattr(render.console, "width", 80)
    monkeypatch.setattr(render.errors, "width", 80)
    registry.load_sites.cache_clear()

    def _run(*args: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["district-news", *args])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Result(code, printed.out, printed.err)

    yield _run
    registry.load_sites.cache_clear()


def shown(run: Run, *args: str) -> dict[str, object]:
    return json.loads(run(*args, "--json").out)  # type: ignore[no-any-return]


def ids(run: Run) -> dict[str, str]:
    records = json.loads(run("articles", "list", "--json").out)
    return {record["url"]: record["id"] for record in records}


def test_the_report_says_whose_text_was_reposted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(tmp_path))
    window = ("--replay", str(FIXTURES), "--since", "2016-01-01")
    first = run("ingest", "nanguan", *window)
    assert "1 at a further address" in first.out
    second = run("ingest", "jdxwwcn", *window)
    assert "1 of 5 new articles is a repost of 南关区人民政府 (1)" in second.out


def test_the_repost_stands_with_its_original(run: Run) -> None:
    result = run("clusters", "show", REPOST)
    assert result.code == 0
    lines = [line.strip() for line in result.out.splitlines()]
    assert lines[0] == "我区召开科技创新总结表彰大会"
    assert lines[1].endswith(": 2 articles on 2 sites")
    assert "2018-01-24 17:40  南关区人民政府  来源: 区科技局" in lines
    assert "why: published 1 day before the next" in lines
    assert "changed: another title; body: 1 paragraph added (+64 −0 characters)" in lines
    assert "names no source" in lines
    quoted = lines.index("quoted in (a passage only: no repost)")
    assert "一周要闻（1月22日至28日）" in lines[quoted:]
    assert max(len(line) for line in result.out.splitlines()) <= 80


def test_any_address_leads_to_the_cluster(run: Run) -> None:
    id_ = ids(run)[ORIGINAL]
    assert {run("clusters", "show", which).out for which in (REPOST, ORIGINAL, COPY, id_)} == {
        run("clusters", "show", id_).out
    }


def test_what_was_changed_is_shown(run: Run) -> None:
    assert "{+表彰会后，" in run("clusters", "show", REPOST, "--diff").out
    found = shown(run, "clusters", "show", REPOST, "--diff")
    repost = found["members"][1]  # type: ignore[index]
    assert repost["article"]["url"] == REPOST
    assert repost["reposts"] == []
    added = [p for paragraph in repost["diff"] for p in paragraph if p["change"] == "added"]
    assert [piece["text"][:5] for piece in added] == ["表彰会后，"]
    (quote,) = found["quotes"]  # type: ignore[misc]
    assert (quote["article"]["url"], quote["quotes_it"]) == (DIGEST, True)
    assert quote["text"].startswith("会上，科技局局长")


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ((), 1),
        (("--newest",), 1),
        (("--site", "jdxwwcn"), 1),
        (("--site", "lanshan"), 0),
        (("--from", "南关区"), 1),
        (("--from", "区科技局"), 1),
        (("--from", "jdxwwcn"), 0),
        (("--since", "2018-01-24", "--until", "2018-01-25"), 1),
        (("--since", "2018-01-25"), 0),
    ],
)
def test_clusters_are_listed(run: Run, options: tuple[str, ...], count: int) -> None:
    result = run("clusters", "list", *options, "--json")
    found = json.loads(result.out)
    assert [one["first"]["url"] for one in found] == [ORIGINAL] * count
    table = run("clusters", "list", *options)
    assert ("我区召开科技创新总结表彰大会" in table.out) is bool(count)
    assert ("no clusters" in table.err) is not bool(count)


def test_a_cluster_folds_into_its_first_article(run: Run) -> None:
    records = json.loads(run("articles", "list", "--fold", "--json").out)
    reposts = {record["url"]: record["reposts"] for record in records}
    assert REPOST not in reposts
    assert reposts[ORIGINAL] == 1
    assert sum(reposts.values()) == 1
    assert "+ 1 repost" in run("articles", "list", "--fold").out


def test_split_stays_through_a_rebuild_and_is_taken_back(run: Run) -> None:
    by_url = ids(run)
    original, repost = by_url[ORIGINAL], by_url[REPOST]
    result = run("clusters", "split", original, REPOST, "--why", "another year")
    assert f"{repost} is in cluster {repost}" in result.out
    assert "no clusters" in run("clusters", "list").err
    rebuilt = run("clusters", "rebuild")
    assert "8 articles compared: 0 clusters" in rebuilt.out
    told = run("clusters", "show", original).out
    assert "told apart by hand" in told
    assert ": another year" in told
    back = run("clusters", "split", original, repost, "--undo")
    assert f"{repost} is in cluster {original}" in back.out
    assert run("clusters", "split", original, repost, "--undo").code == 1


@pytest.mark.parametrize("wrong", [(DIGEST,), (ORIGINAL, REPOST)], ids=["another", "all"])
def test_what_cannot_be_split_is_said(run: Run, wrong: tuple[str, ...]) -> None:
    result = run("clusters", "split", ORIGINAL, *wrong)
    assert result.code == 1
    assert "at least one that stays" in result.err


def test_an_unknown_cluster_is_said(run: Run) -> None:
    result = run("clusters", "show", "0123456789abcdef")
    assert result.code == 1
    assert "no article 0123456789abcdef" in result.err
