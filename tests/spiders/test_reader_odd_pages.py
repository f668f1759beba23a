"""Whatever bytes come in, an article or a rejection comes out, in good time and the right charset."""

# ruff: noqa: E501  (one case a line, as pages print it)

import resource
import time
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from schemas.article import Article
from schemas.dates import SHANGHAI
from schemas.outcome import Outcome
from schemas.rejection import Rejection
from spiders.reader import read_saved

FETCHED_AT = datetime(2026, 11, 1, tzinfo=SHANGHAI)
URL = "http://www.lanting.example/info/1055/20012.htm"
TITLE = "兰亭县召开秋季防汛工作会议"
PARAGRAPHS = (
    "九月三日上午，兰亭县召开秋季防汛工作会议，传达学习上级部署，研究安排近期重点任务。",
    "会议指出，当前正值汛期，各镇街要强化值班值守，做好隐患排查，备足抢险物资和队伍。",
    "会议要求，水利、应急、气象等部门要加强会商研判，及时发布预警信息，确保群众安全。",
)
PAGE = f"""<!DOCTYPE html>
<html><head><title>{TITLE}-兰亭县人民政府</title></head>
<body><div class="nav"><a href="/">首页</a> <a href="/yw/">要闻</a></div>
<div class="main"><h1>{TITLE}</h1>
<div class="info">来源：兰亭日报　发布时间：2024-09-03 10:15</div>
<div id="zoom">{"".join(f"<p>　　{p}</p>" for p in PARAGRAPHS)}
<table><tr><td>镇街</td><td>物资</td></tr><tr><td>东镇</td><td>沙袋</td></tr></table>
<p><img src="/files/a.jpg"></p></div></div>
<div class="footer">版权所有：兰亭县人民政府　网站标识码：9901010001</div>
</body></html>"""
CHARACTERS = set(PAGE) | {"\t"}
BODY = "\n".join((*PARAGRAPHS, "镇街\t物资", "东镇\t沙袋"))


def read(body: bytes) -> Article | Rejection:
    return read_saved(body, url=URL, site=None, fetched_at=FETCHED_AT)


def test_the_page_as_it_is() -> None:
    article = read(PAGE.encode())
    assert isinstance(article, Article), article
    assert article.title == TITLE
    assert article.body_text == BODY
    assert article.source == "兰亭日报"
    assert str(article.published_at) == "2024-09-03 10:15:00+08:00"


# --- Charsets ------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "GBK", "iso-8859-1", "nonsense"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_bytes_decide_whatever_is_declared(encoding: str, declared: str) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    article = read(PAGE.replace("<title>", f"{meta}<title>").encode(encoding))
    assert isinstance(article, Article), article
    assert article.title == TITLE
    assert article.body_text == BODY


@pytest.mark.parametrize("encoding", ["gb18030", "latin-1", "cp1252"])
def test_text_that_someone_misread_is_no_article(encoding: str) -> None:
    misread = PAGE.encode().decode(encoding, "replace")
    record = read(misread.encode())
    assert isinstance(record, Rejection)
    assert record.outcome is Outcome.CHARSET_SUSPECT


@given(st.sampled_from(["utf-8", "gb18030", "big5", "shift_jis", "utf-16-le", "koi8-r"]))
@settings(max_examples=30, deadline=None)
def test_never_a_wrong_charset_kept_silently(encoding: str) -> None:
    record = read(PAGE.encode(encoding, "ignore"))
    if isinstance(record, Article):
        assert set(record.title + record.body_text) <= CHARACTERS


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_cut_anywhere(data: st.DataObject) -> None:
    encoding = data.draw(st.sampled_from(["utf-8", "gb18030"]))
    body = PAGE.encode(encoding)
    record = read(body[: data.draw(st.integers(0, len(body)))])
    if isinstance(record, Article):
        assert "\ufffd" not in record.title + record.body_text
        assert set(record.body_text) <= CHARACTERS


# --- Mangled markup ------------------------------------------------------------------------------

FRAGMENTS = st.sampled_from(
    [
        "</html>", "</body>", "<body>", "<table>", "</table>", "</td>", "<tr>", "</div>", "<div>", "<p", ">",
        '"', "<!--", "-->", "<script>", "</script>", "<a href=", "<img src=x", "\0", "&", "&#xd800;", "&#0;",
        "<style>", "<b>", "</b>", "<li>", "</ul>", "<title>", "</title>", "来源：", "2024-13-45", "\u200b", "\ufeff",
        "<meta name=PubDate content='2099-01-01'>", "<meta name=ArticleTitle content=''>", "<svg>", "<plaintext>",
        "<a href='javascript:x' onclick=y>", "<img src=x onerror=y>", "<b onload=z><p>", "<iframe src=x>", "<textarea>", "<form>", "<select>", "<template>", "<noscript>", "<frameset>", "<x-y>", "\x02", "\x03", "\x1f",
    ]
)  # fmt: skip

HARMLESS_TAGS = (
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote figcaption table thead tbody tfoot tr td th caption "
    "a b strong i em u s del sub sup img br colgroup div"
)
HARMLESS = set(HARMLESS_TAGS.split())


@given(st.lists(st.tuples(st.integers(0, len(PAGE)), FRAGMENTS), max_size=12))
@settings(max_examples=300, deadline=None)
def test_broken_markup_never_raises(insertions: list[tuple[int, str]]) -> None:
    page = PAGE
    for place, fragment in insertions:
        page = page[:place] + fragment + page[place:]
    record = read(page.encode("utf-8", "surrogatepass"))
    assert not (isinstance(record, Rejection) and record.reason == "reader_error"), record.errors
    if isinstance(record, Article):
        assert record.published_at is None or record.published_at <= FETCHED_AT
        for node in LexborHTMLParser(f"<body>{record.body_html}").css("body *"):
            assert node.tag in HARMLESS
            assert set(node.attributes) <= {"href", "src", "alt", "colspan", "rowspan"}


@given(st.binary(max_size=2000))
@settings(max_examples=200, deadline=None)
def test_any_bytes_never_raise(body: bytes) -> None:
    record = read(body)
    assert not (isinstance(record, Rejection) and record.reason == "reader_error"), record.errors


def test_a_stray_end_of_page_loses_nothing() -> None:
    broken = PAGE.replace(PARAGRAPHS[1], f"</body></html>{PARAGRAPHS[1]}")
    article = read(broken.encode())
    assert isinstance(article, Article)
    assert all(paragraph in article.body_text for paragraph in PARAGRAPHS)


# --- Sizes ---------------------------------------------------------------------------------------

# The limit is a second on an idle machine; tests share theirs.
SECONDS = 3.0
MEGABYTES = 200
LINE = "<p>兰亭县召开会议，部署下半年工作，要求各镇街抓好落实。</p>\n"
HEAD = f"<title>{TITLE}-兰亭县人民政府</title><h1>{TITLE}</h1><div id=zoom>"
MONSTERS = {
    "20 MB": HEAD + LINE * (20_000_000 // len(LINE.encode())),
    "50,000 paragraphs": HEAD + LINE * 50_000,
    "100,000 nested tags": HEAD + LINE * 5 + "<div>" * 100_000 + LINE + "</div>" * 100_000,
    "30,000 nested tables": HEAD + LINE * 5 + "<table><tr><td>" * 30_000,
    "180,000 cells": HEAD + LINE * 5 + "<table>" + ("<tr>" + "<td>1</td>" * 10) * 18_000,
    "130,000 cells": HEAD + LINE * 5 + "<table>" + ("<tr>" + "<td>1" * 14) * 9_300,
    "200,000 meta tags": "<meta name=a content=b>" * 200_000 + HEAD + LINE * 5,
    "140,000 links": HEAD + LINE * 5 + "<a href=a.html>兰" * 140_000,
    "1 MB on one line": HEAD + "<p>" + "兰亭县召开会议，部署工作。" * 26_000,
    "300 bolds around 70,000 paragraphs": HEAD + LINE * 5 + "<b>" * 300 + "<p>兰</p>" * 70_000,
    "700,000 preformatted lines": HEAD + LINE * 5 + "<pre>" + "兰\n" * 700_000,
    "70,000 styles": HEAD + "".join(f"<p style='margin:{n}px'>兰亭县" for n in range(70_000)),
    "a flood of entities": HEAD + LINE * 5 + "<p>" + "&amp;&nbsp;" * 200_000,
    "nothing but less-than": HEAD + "<" * 5_000_000,
    "open comments": HEAD + LINE * 5 + "<!--" * 500_000,
    "open scripts": HEAD + LINE * 5 + "<script" * 500_000,
    "a picture written in": HEAD
    + LINE * 9
    + f'<img src="data:image/png;base64,{"A" * 8_000_000}">',
}


@pytest.mark.parametrize("name", MONSTERS)
def test_no_page_takes_long(name: str) -> None:
    body = MONSTERS[name].encode()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    record = read(body)
    seconds = time.process_time() - start
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert seconds < SECONDS
    assert grown < MEGABYTES
    assert not (isinstance(record, Rejection) and record.reason == "reader_error"), record.errors


def test_fifty_thousand_paragraphs_are_all_kept() -> None:
    article = read(MONSTERS["50,000 paragraphs"].encode())
    assert isinstance(article, Article)
    assert article.body_text.count("\n") == 50_000 - 1


def test_a_page_too_large_says_so() -> None:
    record = read(MONSTERS["20 MB"].encode())
    assert isinstance(record, Rejection)
    assert record.outcome is Outcome.TOO_LARGE


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("fixtures/*/*.html"))[::7])
def test_fixtures_cut_in_the_middle(path: Path) -> None:
    body = path.read_bytes()
    for end in range(0, len(body), max(1, len(body) // 12)):
        record = read(body[:end])
        assert not (isinstance(record, Rejection) and record.reason == "reader_error"), (
            record.errors
        )
