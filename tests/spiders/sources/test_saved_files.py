"""Saved pages: which page each is, and when it was fetched."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.site import Column, Site
from spiders.reader import read_saved
from spiders.sources import Capture, SourceError, Survey, open_sources

SITE = Site(
    id="huaxi",
    name="花溪县人民政府",
    url="http://www.huaxi.example/",
    family="vsb",
    columns=(Column(id="yw", name="要闻", url="http://www.huaxi.example/yw.htm"),),
)
BARE = "www.huaxi.example/info/1001/7.htm"
URL = f"http://{BARE}"
TEXT = "花溪县召开会议，部署下半年重点工作，要求抓好落实。"
PAGE = (
    "<html><head>{head}<title>花溪县召开会议-花溪县人民政府</title></head><body>"
    '<form name="_newscontent_fromname"><h2>花溪县召开会议</h2><div>发布时间：2025-05-30</div>'
    f'<div id="vsb_content"><div class="v_news_content"><p>{TEXT}</p></div></div></form></body>'
)


def look(*paths: Path, urls: Path | None = None) -> tuple[list[Capture], list[str]]:
    """The site's pages, and what the survey has to say."""
    survey = Survey([SITE])
    for source in open_sources(paths, urls):
        source.survey(survey)
    survey.resolve()
    found = survey.sites["huaxi"].in_order()
    return [each.source.read(each) for each in found], survey.problems


def save(path: Path, head: str = "", before: str = "", encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(before.encode() + PAGE.format(head=head).encode(encoding))
    return path


@pytest.mark.parametrize(
    "page",
    [
        {"before": f"<!-- saved from url=({len(URL):04})" + URL + " -->\r\n"},
        {"before": f"<!-- Mirrored from {BARE} by HTTrack Website Copier -->"},
        {"head": f'<link rel="canonical" href="{URL}">'},
        {"head": f'<meta property="og:url" content="{URL}">'},
    ],
)
def test_the_page_says_which_it_is(tmp_path: Path, page: dict[str, str]) -> None:
    (capture,), problems = look(save(tmp_path / "花溪.html", **page))
    assert capture.url == URL
    assert problems == []


def test_what_the_browser_wrote_counts_for_more_than_the_page(tmp_path: Path) -> None:
    path = save(
        tmp_path / "page.html",
        head='<link rel="canonical" href="http://www.huaxi.example/">',
        before=f"<!-- saved from url=(0040){URL} -->",
    )
    (capture,), _ = look(path)
    assert capture.url == URL


def test_a_mirror_says_it_by_its_folders(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror" / "www.huaxi.example"
    save(mirror / "info" / "1001" / "7.htm")
    # With and without wget's --adjust-extension.
    save(mirror / "content.jsp?urltype=news.NewsContentUrl&wbtreeid=1001&wbnewsid=8.html")
    save(mirror / "content.jsp?urltype=news.NewsContentUrl&wbtreeid=1001&wbnewsid=9")
    save(mirror / "index.html")
    save(mirror / "yw.htm")
    (mirror / "robots.txt").write_text("User-agent: *")
    found, problems = look(tmp_path / "mirror")
    dynamic = "http://www.huaxi.example/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1001"
    expected = {URL, f"{dynamic}&wbnewsid=8", f"{dynamic}&wbnewsid=9"}
    assert {capture.url for capture in found} == expected
    assert problems == []
    # The host's own folder may be what is given.
    assert len(look(mirror)[0]) == 3


def test_a_table_beside_the_files(tmp_path: Path) -> None:
    save(tmp_path / "a" / "1.html", head='<link rel="canonical" href="http://b.example/1">')
    (tmp_path / "a" / "2.txt").write_text(f"花溪县召开会议\n{TEXT}\n", encoding="utf-8")
    (tmp_path / "a" / "urls.csv").write_text(
        f"\ufefffile,url,date,column\n1.html,{URL},2025-06-01T08:00,yw\n"
        "2.txt,http://www.huaxi.example/info/1001/8.htm,2025-06-02,\n",
        encoding="utf-8",
    )
    found, _ = look(tmp_path / "a")
    assert [(c.url, c.column, c.is_listed) for c in found] == [
        (URL, "yw", True),
        ("http://www.huaxi.example/info/1001/8.htm", None, True),
    ]
    assert found[0].at == datetime(2025, 6, 1, tzinfo=UTC)
    assert found[1].headers == {"content-type": "text/plain"}


def test_when_it_was_fetched(tmp_path: Path) -> None:
    comment = (
        "<!-- Mirrored from www.huaxi.example/info/1001/7.htm by HTTrack Website Copier/3.x "
        "[XR&CO'2014], Thu, 18 Jul 2019 09:30:00 GMT -->"
    )
    (capture,), _ = look(save(tmp_path / "7.htm", before=comment))
    assert capture.at == datetime(2019, 7, 18, 9, 30, tzinfo=UTC)
    path = save(tmp_path / "8.htm", head=f'<link rel="canonical" href="{URL}">')
    (capture,), _ = look(path)
    assert capture.at.timestamp() == pytest.approx(path.stat().st_mtime)


def test_saved_again_in_another_charset(tmp_path: Path) -> None:
    """A browser saves a page of GB 2312 in UTF-8 and leaves what it declares."""
    head = f'<meta charset="gb2312"><link rel="canonical" href="{URL}">'
    for number, encoding in enumerate(("utf-8", "gb18030")):
        (capture,), _ = look(save(tmp_path / f"{number}.html", head=head, encoding=encoding))
        record = read_saved(capture.body, url=URL, site=SITE, fetched_at=capture.at)
        assert isinstance(record, Article)
        assert record.body_text == TEXT


def test_files_that_do_not_say_which_page_they_are(tmp_path: Path) -> None:
    save(tmp_path / "saved" / "1.html")
    save(tmp_path / "saved" / "2.html", head=f'<link rel="canonical" href="{URL}">')
    found, (problem,) = look(tmp_path / "saved")
    assert [capture.url for capture in found] == [URL]
    assert problem.startswith("saved: 1 of 2 files without an address, such as 1.html")
    assert "urls.csv" in problem


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,address\n", r"urls.csv: expected a first row `file,url`"),
        ("file,url\n1.html,/info/1.htm\n", r"urls.csv:2: url: expected an absolute address"),
        (f"file,url,date\n1.html,{URL},last summer\n", r"urls.csv:2: date: expected a moment"),
        (b"file,url\n\xff\xfe,x\n", r"urls.csv: not a CSV file in UTF-8"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, table: str | bytes, message: str) -> None:
    save(tmp_path / "1.html")
    data = table if isinstance(table, bytes) else table.encode()
    (tmp_path / "urls.csv").write_bytes(data)
    with pytest.raises(SourceError, match=message):
        open_sources([tmp_path])
