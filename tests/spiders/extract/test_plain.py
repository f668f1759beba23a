"""The plain text of article pages, as renderers make it, reads as the pages themselves do."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.article import Article
from schemas.page import Page
from schemas.rejection import Rejection
from spiders.extract.fingerprint import folded
from spiders.reader import read
from tests.fixture_sites import (
    FIXTURES,
    Expected,
    load_expected,
    load_fixture_site,
    load_page,
    site_names,
)
from tests.renderings import RENDERINGS

ARTICLES = [e for name in site_names() for e in load_expected(name) if e.article]
SEEDS = {
    "004_ad5b13b2c3c9f607.txt": ("lanshan", "200120"),
    "000_b6937f378c4ca126.txt": ("jdxwwcn", "10286"),
}
# What a text cannot hold, and what is of the reader itself.
NOT_IN_TEXT = {"images", "attachments", "body_html", "reader", "reader_version", "provenance"}
FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|zip)\b")
# A line below the body that may be a signature, and is the foot's.
ONE_LINE = 20


def read_text(page: Page, text: str) -> Article | Rejection:
    as_text = {"headers": {"content-type": "text/plain"}, "body": text.encode()}
    return read(page.model_copy(update=as_text), load_fixture_site(page.site))


def make_page(site: str, url: str = "http://a.example/info/1/1.htm") -> Page:
    return Page(
        url=url, status=200, body=b"", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), site=site
    )


def text_of(record: Article, captions: set[str]) -> str:
    lines = [line for line in record.body_text.split("\n") if not FILE.search(line)]
    return "".join(said for line in lines if (said := folded(line)) not in captions)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_reads_as_its_page_does(seed: str) -> None:
    site, name = SEEDS[seed]
    (expected,) = [e for e in load_expected(site) if e.name == name]
    assert expected.article
    text = (FIXTURES / "seeds" / seed).read_text(encoding="utf-8")
    record = read_text(load_page(expected).model_copy(update={"listing": None}), text)
    assert isinstance(record, Article)
    said = record.model_dump(mode="json")
    for field, value in expected.article.items():
        if field not in NOT_IN_TEXT:
            assert folded(str(said[field])) == folded(str(value)), field
    assert (record.reader, record.images, record.attachments) == ("text", (), ())
    for image in expected.article["images"]:
        assert folded(f"<figcaption>{image['caption']}</figcaption>") in folded(record.body_html)
    assert "<img" not in record.body_html


@pytest.mark.parametrize("rendering", RENDERINGS)
@pytest.mark.parametrize("expected", ARTICLES, ids=lambda e: e.id)
def test_a_rendering_reads_as_its_page_does(expected: Expected, rendering: str) -> None:
    page = load_page(expected).model_copy(update={"listing": None})
    html = read(page, load_fixture_site(expected.site))
    if isinstance(html, Rejection):
        pytest.skip("without its list row the page is none")
    record = read_text(page, RENDERINGS[rendering](page))
    assert isinstance(record, Article)
    assert folded(record.title) == folded(html.title)
    assert record.breadcrumb == html.breadcrumb
    assert record.index_number == html.index_number
    assert record.document_number == html.document_number

    # Without marks nothing tells a caption from a paragraph.
    captions = {folded(image.caption) for image in html.images if image.caption}
    text, whole = text_of(record, captions), text_of(html, captions)
    assert text.startswith(whole)
    assert len(text) - len(whole) <= ONE_LINE

    shown = ("label:", "page", "printed", "text", "list")
    if html.provenance.get("source", "").startswith(shown):
        assert record.source == html.source
    if record.published_at and html.published_at:
        assert record.published_at.date() == html.published_at.date()
    if html.provenance.get("published_at", "").startswith(shown):
        assert record.published_at == html.published_at


ORDINARY = """兰山区启动防汛演练
发布时间：2024-07-10 09:30 来源：区应急管理局 浏览次数：12
7月9日，兰山区在柳青河启动防汛演练，三百名队员参加。
演练为期两天，检验了转移、抢险和保障三个科目。
"""


@pytest.mark.parametrize(
    ("above", "below"),
    [
        ("首页\n政务公开\n当前位置：首页 > 新闻 > 正文\n", "上一篇：一则\n下一篇：二则\n"),
        ("兰山区启动防汛演练_兰山区人民政府\n首页 新闻 政务\n", "责任编辑：李某\n相关文章\n一则\n"),
        ("兰山区人民政府\n", "【打印】【关闭】\n主办：某办公室\n鲁ICP备00000000号\n"),
        ("", "版权所有：兰山区人民政府\n地址：某路1号，邮编276000，电话0539-0000000\n"),
        ("", "\n".join(["友情链接", *(f"某某网站{n}" for n in range(40))])),
    ],
)
def test_what_stands_around_the_article(above: str, below: str) -> None:
    record = read_text(make_page("lanshan"), above + ORDINARY + below)
    assert isinstance(record, Article)
    assert record.title == "兰山区启动防汛演练"
    assert record.source == "区应急管理局"
    assert str(record.published_at)[:16] == "2024-07-10 09:30"
    assert record.body_text == "\n".join(ORDINARY.split("\n")[2:4])


def test_a_signature_and_a_list_of_names_stay() -> None:
    tail = "特此通知。\n一、某某镇\n二、某某街道\n兰山区应急管理局\n2024年7月10日\n"
    record = read_text(make_page("lanshan"), ORDINARY + tail + "关闭窗口\n主办：某办公室\n")
    assert isinstance(record, Article)
    assert record.body_text.endswith(tail.rstrip())


def test_captions_after_marks() -> None:
    pictures = "[图片]\n          队员在堤上\n![](a.jpg)\n            群众在转移\n\\\n"
    text = f"{ORDINARY}{pictures}演练结束后讲评，要求补齐短板。\n"
    record = read_text(make_page("lanshan"), text)
    assert isinstance(record, Article)
    assert record.body_text.split("\n")[2:] == ["演练结束后讲评，要求补齐短板。"]
    assert record.body_html.count("<figcaption>") == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\n".join(f"某某新闻第{n}则 2024-07-{n:02}" for n in range(1, 20)), "no_article"),
        ("首页\n新闻\n" * 40, "no_article"),
        ("首页\n新闻\n政务公开\n", "stub"),
        ("", "empty_body"),
    ],
)
def test_no_article(text: str, reason: str) -> None:
    record = read_text(make_page("lanshan"), text)
    assert isinstance(record, Rejection)
    assert record.reason == reason


def test_a_page_that_a_server_calls_plain_text() -> None:
    body = (FIXTURES / "lanshan" / "200120.html").read_bytes()
    page = make_page("lanshan").model_copy(
        update={"headers": {"content-type": "text/plain; charset=utf-8"}, "body": body}
    )
    record = read(page, load_fixture_site("lanshan"))
    assert isinstance(record, Article)
    assert record.reader == "vsb"


def test_text_in_another_charset() -> None:
    page = make_page("lanshan")
    as_text = {"headers": {"content-type": "text/plain"}, "body": ORDINARY.encode("gb18030")}
    record = read(page.model_copy(update=as_text), load_fixture_site("lanshan"))
    assert isinstance(record, Article)
    assert record.title == "兰山区启动防汛演练"
    assert record.provenance["charset"].startswith("gb18030")


def test_the_table_of_the_seeds_names_every_seed() -> None:
    table = Path(FIXTURES / "seeds" / "urls.csv").read_text(encoding="utf-8")
    assert all(seed in table for seed in SEEDS)
