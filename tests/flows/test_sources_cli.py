"""`backfill --from`: what it prints, and how each error ends."""

import json
import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest

from flows.cli import render
from flows.cli.main import main
from flows.storage.store import Store
from schemas.dates import SHANGHAI
from tests.fixture_sites import FIXTURES
from tests.loopback import vsb_article
from tests.warcs import warc_of

SEEDS = sorted(str(path) for path in (FIXTURES / "seeds").glob("*.txt"))
URL = "http://www.lyls.gov.cn/info/1055/1.htm"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Runs `district-news backfill` with these arguments; gives code, output and errors."""
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)
    monkeypatch.setattr(render.console, "width", 200)
    monkeypatch.setattr(render.errors, "width", 200)
    monkeypatch.chdir(tmp_path)

    def _run(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["district-news", "backfill", *args])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return _run


def page(title: str = "兰山区召开会议", day: str = "2025-05-30") -> bytes:
    body = vsb_article(title, day, f"会议指出，{title}是一件大事，要抓好落实。").body
    assert isinstance(body, bytes)
    return body


def test_the_seeds_as_a_shell_gives_them(run, tmp_path: Path) -> None:
    code, out, _ = run("--from", *SEEDS)
    assert code == 0
    assert "中国焦点新闻网: 1 new, 0 changed; 1 page in 1 file" in out
    with Store.open(f"sqlite:///{tmp_path}/data/district-news.db") as store:
        articles = {article.site: article for article in store.articles()}
    assert articles["lanshan"].title == "全区科学技术大会召开"
    assert articles["lanshan"].reader == "text"
    assert articles["jdxwwcn"].editor == "杨戬"
    code, out, _ = run("--from", *SEEDS)
    assert code == 0
    assert "兰山区人民政府: 0 new, 0 changed; 1 page in 1 file: 1 already known" in out


def test_one_site_as_json(run) -> None:
    code, out, _ = run("lanshan", "--from", *SEEDS, "--json")
    assert code == 0
    (report,) = json.loads(out)
    assert report["site"] == "lanshan"
    assert report["source"]["files"] == ["004_ad5b13b2c3c9f607.txt"]


def test_hosts_without_a_site_are_named(run, tmp_path: Path) -> None:
    pages = [(URL, page()), ("http://a.example/1.htm", page()), ("http://a.example/2.htm", page())]
    path = warc_of(tmp_path / "crawl.warc.gz", pages)
    code, out, _ = run("--from", str(path), "--since", "2025-01-01")
    assert code == 0
    assert "2 pages of hosts without a site: 2 × a.example" in out


def test_a_table_that_is_named(run, tmp_path: Path) -> None:
    text = Path(shutil.copy(SEEDS[0], tmp_path / "text.txt"))
    table = tmp_path / "table.csv"
    url = "http://www.jdxwwcn.com/a/difangzhuankan/2018/0125/10286.html"
    table.write_text(f"file,url,date\n{text.name},{url},2018-02-01\n", encoding="utf-8")
    code, out, _ = run("--from", str(text), "--urls", str(table))
    assert code == 0
    assert "1 new" in out
    with Store.open(f"sqlite:///{tmp_path}/data/district-news.db") as store:
        (article,) = store.articles()
    assert article.fetched_at == datetime(2018, 2, 1, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--from", "nowhere.warc.gz"], 2, "nowhere.warc.gz: there is no such file or folder"),
        (["--from", "README.md"], 2, "README.md: expected a WARC, WET or WACZ file"),
        (["--from", "broken.warc.gz"], 2, "broken.warc.gz: not a WARC file"),
        (["--from", "text.txt"], 2, "text.txt: a text does not say which page it is"),
        (["--from", "page.html"], 2, "page.html: 1 of 1 files without an address"),
        (["--from", "other.warc.gz"], 2, "pages of other hosts: 1 × a.example"),
        (["nowhere", "--from", "other.warc.gz"], 2, "no site 'nowhere'"),
        (["--from", "other.warc.gz", "--urls", "bad.csv"], 2, "expected a first row `file,url`"),
        (["--from", "other.warc.gz", "--dry-run"], 2, "--from has none"),
        (["--from", "http://a.example/sitemap.xml"], 2, "no site claims its hosts: 1 × a.example"),
        (["--urls", "bad.csv"], 2, "--urls is for the files of --from"),
        (["lanshan"], 2, "needs SITE…, --since and --until"),
    ],
)
def test_errors(run, tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    (tmp_path / "README.md").write_text("no page")
    (tmp_path / "broken.warc.gz").write_bytes(b"no archive")
    (tmp_path / "text.txt").write_text("兰山区召开会议")
    (tmp_path / "page.html").write_bytes(page())
    (tmp_path / "bad.csv").write_text("name,address\n")
    warc_of(tmp_path / "other.warc.gz", [("http://a.example/1.htm", page())])
    found, out, err = run(*arguments)
    assert found == code
    assert message in err
    assert not out
    assert "Traceback" not in err
