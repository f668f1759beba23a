"""Fields of an article, each from a page that makes it hard."""

# ruff: noqa: E501  (one case a line, as pages print it)

from datetime import datetime

import pytest

from schemas.article import Article
from schemas.dates import SHANGHAI
from schemas.outcome import Outcome
from schemas.page import Listing, Page
from schemas.rejection import Rejection
from schemas.site import Column, Site
from spiders.extract.dates import find_date
from spiders.extract.markdown import to_markdown
from spiders.reader import read, read_saved

FETCHED_AT = datetime(2026, 11, 1, tzinfo=SHANGHAI)
SITE = Site(
    id="lanting",
    name="兰亭县人民政府",
    url="http://www.lanting.example/",
    columns=(Column(id="yw", name="要闻", url="http://www.lanting.example/yw/"),),
)
TITLE = "兰亭县召开秋季防汛工作会议"
PROSE = (
    "<p>　　九月三日上午，兰亭县召开秋季防汛工作会议，传达学习上级部署，研究安排近期重点任务。</p>"
    "<p>　　会议指出，当前正值汛期，各镇街要强化值班值守，做好隐患排查，备足抢险物资和队伍。</p>"
    "<p>　　会议要求，水利、应急、气象等部门要加强会商研判，及时发布预警信息，确保群众安全。</p>"
)
TEXT = "\n".join(line.strip("　") for line in PROSE.replace("<p>", "").split("</p>") if line)


def page_of(
    body: str = f'<div id="zoom">{PROSE}</div>',
    *,
    head: str = "",
    title: str = f"{TITLE}-兰亭县人民政府",
    line: str = "2024-09-03",
    heading: str = f"<h1>{TITLE}</h1>",
) -> str:
    return (
        f"<html><head><title>{title}</title>{head}</head><body><ul class='nav'><li><a href='/'>首页</a></li></ul>"
        f"{heading}<div class='info'>{line}</div>{body}"
        "<div class='footer'>版权所有：兰亭县人民政府 备案号：示ICP备00000000号</div></body></html>"
    )


def read_page(html: str, listing: Listing | None = None, url: str = "/yw/1.html") -> Article:
    page = Page(
        url=f"http://www.lanting.example{url}",
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=html.encode(),
        fetched_at=FETCHED_AT,
        site="lanting",
        column="yw",
        listing=listing,
    )
    record = read(page, SITE)
    assert isinstance(record, Article), record
    return record


# --- Title ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "html",
    [
        page_of(),
        page_of(head=f'<meta name="ArticleTitle" content="{TITLE}">', title="兰亭县人民政府", heading=""),
        page_of(head=f'<META NAME="articletitle"content=" {TITLE} ">', heading="<h1>兰亭县</h1>"),
        page_of(title=f"{TITLE}_要闻_兰亭县人民政府", heading=f"<div class='bt'>{TITLE}</div>"),
        page_of(title=f"兰亭县人民政府 {TITLE}", heading=f"<h2>{TITLE}</h2>"),
        page_of(title=f"{TITLE[:8]}...", heading=f"<h1>{TITLE}</h1>"),
        page_of(heading="<h1>兰亭县人民政府</h1>"),
        page_of(head=f'<meta name="ArticleTitle" content="{TITLE[:8]}…">'),
        page_of(heading=f"<h1>{TITLE}<span>2024-09-03 来源：兰亭日报</span></h1>"),
        page_of(heading=f"<div class='title'>{TITLE}<br>来源：兰亭日报 时间：2024-09-03</div>"),
    ],
)  # fmt: skip
def test_title(html: str) -> None:
    assert read_page(html).title == TITLE


def test_a_title_with_a_dash_keeps_it() -> None:
    title = "从5-8月看汛期-兰亭县防汛纪实"
    html = page_of(title=f"{title}-兰亭县人民政府", heading=f"<h1>{title}</h1>")
    assert read_page(html).title == title


def test_the_list_completes_a_title_that_the_page_cuts() -> None:
    html = page_of(title=f"{TITLE[:8]}…", heading="")
    assert read_page(html, Listing(url="http://x.example/", title=TITLE)).title == TITLE


# --- Dates ---------------------------------------------------------------------------------------


def meta(date: str) -> str:
    return f'<meta name="PubDate" content="{date}">'


@pytest.mark.parametrize(
    ("html", "printed", "origin"),
    [
        (page_of(head=meta("2024-09-03 10:15"), line=""), "2024-09-03T10:15+08:00", "meta:PubDate"),
        (page_of(head=meta(" 2024-09-03 10:15:07 "), line=""), "2024-09-03T10:15:07+08:00", "meta:PubDate"),
        (page_of(head=meta("2024—09—03 10∶15"), line=""), "2024-09-03T10:15+08:00", "meta:PubDate"),
        (page_of(head=meta("2024-09-03 00:00:00"), line=""), "2024-09-03", "meta:PubDate"),
        (page_of(head=meta("2024-09-03"), line="发布时间：2024-09-03 10:15"), "2024-09-03T10:15+08:00", "label:发布时间"),
        (page_of(head=meta("2024-09-03"), line="发布时间：2024-09-04 10:15"), "2024-09-03", "meta:PubDate"),
        (page_of(line="发布时间：2024年9月3日"), "2024-09-03", "label:发布时间"),
        (page_of(line="来源：兰亭日报 2024/09/03 10:15"), "2024-09-03T10:15+08:00", "line under the title"),
        (page_of(head=meta("2099-01-01"), line="2024-09-03"), "2024-09-03", "line under the title"),
    ],
)  # fmt: skip
def test_date(html: str, printed: str, origin: str) -> None:
    article = read_page(html)
    assert article.model_dump(mode="json")["published_at"] == printed
    assert article.provenance["published_at"] == origin


@pytest.mark.parametrize(
    "line", ["", "发布时间：24-09-03", "2099-01-01", "2024-13-45", "点击：20240903"]
)
def test_no_date_rather_than_a_wrong_one(line: str) -> None:
    html = page_of(
        '<div id="zoom"><p>2023年5月1日，兰亭县召开会议，部署防汛工作，要求抓好落实。</p>'
        + PROSE
        + "</div>",
        line=line,
    )
    assert read_page(html).published_at is None


def test_the_list_and_the_address_stand_in_for_a_date() -> None:
    listed = Listing(url="http://x.example/", published=find_date("2024-09-04"))
    article = read_page(page_of(line=""), listed, "/yw/202409/t20240903_1.html")
    assert article.model_dump(mode="json")["published_at"] == "2024-09-04"
    article = read_page(page_of(line=""), url="/yw/202409/t20240903_1.html")
    assert article.model_dump(mode="json")["published_at"] == "2024-09-03"
    assert article.provenance["published_at"] == "url"


# --- The body ------------------------------------------------------------------------------------

FURNITURE = [
    "<div class='share'>分享到：<a href='#'>微信</a></div>",
    "<p>扫一扫在手机打开当前页</p>",
    "<p><a href='javascript:window.print()'>打印</a> <a href='javascript:window.close()'>关闭</a></p>",
    "<p>上一篇：<a href='/yw/0.html'>县里的另一条新闻</a></p><p>下一篇：没有了</p>",
    "<p style='text-align:right'>（责任编辑：杨戬）</p>",
    "<p>【打印本页】【关闭窗口】</p>",
    "<p>\\</p>",
    "<p style='display: none'>看不见的字</p><span style='line-height:0;display:none'>\u200b</span>",
    "<h3>相关文章</h3><ul><li><a href='/a'>县里的旧闻一则</a></li><li><a href='/b'>另一则</a></li></ul>",
    "<p>点击数：<script>count()</script>次</p>",
    "<p>浏览次数：128</p>",
]


@pytest.mark.parametrize("furniture", FURNITURE)
@pytest.mark.parametrize("container", ['<div id="zoom">', '<div class="x1">', "<td>"])
def test_furniture_is_not_body(furniture: str, container: str) -> None:
    opening = "<table><tr>" + container if container == "<td>" else container
    article = read_page(page_of(opening + PROSE + furniture))
    assert article.body_text == TEXT
    assert article.title == TITLE


def test_a_second_copy_is_left_out() -> None:
    assert (
        read_page(page_of(f'<div class="main">{PROSE}<div class="m">{PROSE}</div></div>')).body_text
        == TEXT
    )


def test_a_first_sentence_that_begins_with_a_date_stays() -> None:
    lead = "2020年2月3日，我县收到首批捐赠物资。"
    article = read_page(
        page_of(f'<div id="zoom"><h1>{TITLE}</h1><p>{lead}</p>{PROSE}</div>', heading="")
    )
    assert lead in article.body_text


def test_short_paragraphs_are_read_once() -> None:
    article = read_page(
        page_of(
            '<div class="view TRS_UEDITOR trs_paper_default zoom"><p>一、强化值班值守，做好隐患排查。</p><p>二、备足抢险物资，确保群众安全。</p></div>'
        )
    )
    assert article.body_text == "一、强化值班值守，做好隐患排查。\n二、备足抢险物资，确保群众安全。"


def test_text_parted_by_line_breaks() -> None:
    broken = PROSE.replace("<p>", "").replace("</p>", "<br/><br/>")
    assert read_page(page_of(f"<div class='c'>{broken}</div>")).body_text == TEXT


def test_paragraphs_right_in_the_page() -> None:
    assert TEXT in read_page(page_of(PROSE)).body_text


def test_tables_lists_bold_and_links_survive() -> None:
    article = read_page(
        page_of(
            f'<div id="zoom">{PROSE}<p><b>附表</b>见<a href="/b.html" onclick="x()">这里</a></p>'
            "<table border=1><tr><th>镇街</th><th>物资</th></tr><tr><td>东镇</td><td>沙袋</td></tr></table>"
            "<ul><li>一组</li><li>二组</li></ul><script>alert(1)</script></div>"
        )
    )
    assert article.body_text == TEXT + "\n附表见这里\n镇街\t物资\n东镇\t沙袋\n一组\n二组"
    assert '<b>附表</b>见<a href="http://www.lanting.example/b.html">这里</a>' in article.body_html
    assert "<tr><td>东镇</td><td>沙袋</td></tr>" in article.body_html
    assert "script" not in article.body_html
    assert "onclick" not in article.body_html
    markdown = to_markdown(article.body_html)
    assert "**附表**见[这里](http://www.lanting.example/b.html)" in markdown
    assert "| 镇街 | 物资 |\n| --- | --- |\n| 东镇 | 沙袋 |" in markdown
    assert "- 一组\n\n- 二组" in markdown


def test_pictures_and_their_captions() -> None:
    article = read_page(
        page_of(
            f'<div id="zoom">{PROSE}<p align="center"><img src="a.jpg" orisrc="/o/a.jpg"></p>'
            '<p align="center">会议现场 王小明 摄</p><figure><img src="data:image/gif;base64,AA" data-src="/b.jpg">'
            "<figcaption>值守人员在巡堤</figcaption></figure><p><img src='/c.jpg'>文中的图。</p></div>"
        )
    )
    assert [(image.url.rpartition("example")[2], image.caption) for image in article.images] == [
        ("/o/a.jpg", "会议现场 王小明 摄"),
        ("/b.jpg", "值守人员在巡堤"),
        ("/c.jpg", None),
    ]
    assert article.body_text == TEXT + "\n文中的图。"


def test_files_wherever_they_stand() -> None:
    article = read_page(
        page_of(
            f'<div id="zoom">{PROSE}<p><a href="./P020.pdf">通知全文</a></p></div><ul><li>附件：'
            '<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=1">登记表.xlsx</a></li>'
            '<li><a href="P020.pdf">又一次</a></li><li><a href="/f/%E8%A1%A8.doc" title="报名表">下载</a></li></ul>'
            '<iframe src="/pdfjs/viewer.html?file=/f/plan.pdf"></iframe>'
            "<div class='footer'><a href='/guide.pdf'>网站使用指南</a></div>"
        )
    )
    assert [(file.url.rpartition("example")[2], file.name) for file in article.attachments] == [
        ("/yw/P020.pdf", "通知全文"),
        ("/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=1", "登记表.xlsx"),
        ("/f/%E8%A1%A8.doc", "报名表"),
        ("/f/plan.pdf", "plan.pdf"),
    ]


# --- Identity ------------------------------------------------------------------------------------


def test_the_hash_knows_the_text_in_another_frame() -> None:
    one = read_page(page_of())
    other = read_page(
        page_of(
            f"<div class='c'>{PROSE.replace('，', ',').replace('　', '')}</div>", line="2020-01-01"
        ),
        url="/yw/2.html",
    )
    assert one.content_hash == other.content_hash
    assert one.id != other.id
    assert one.id == read_page(page_of(), url="/yw/1.html#top").id


@pytest.mark.parametrize(
    "head",
    [
        '<link rel="canonical" href="http://www.lanting.example/yw/7.html">',
        '<meta property="og:url" content="http://www.lanting.example/yw/7.html">',
        '<meta name="Url" content="www.lanting.example/yw/7.html">',
        "<!-- saved from url=(0039)http://www.lanting.example/yw/7.html -->",
    ],
)
def test_a_saved_page_tells_its_own_address(head: str) -> None:
    article = read_saved(page_of(head=head).encode(), url=None, site=None, fetched_at=FETCHED_AT)
    assert isinstance(article, Article)
    assert article.url == "http://www.lanting.example/yw/7.html"
    assert article.site_name == "兰亭县人民政府"


def test_a_saved_page_that_tells_nothing() -> None:
    article = read_saved(page_of().encode(), url=None, site=None, fetched_at=FETCHED_AT)
    assert isinstance(article, Article)
    assert article.url == "http://saved.invalid/"


@pytest.mark.parametrize("code", ["2201020001", "3713020009"])
def test_the_site_code_tells_who_publishes(code: str) -> None:
    head = f'<meta name="SiteIDCode" content="{code}">'
    article = read_saved(page_of(head=head).encode(), url=None, site=None, fetched_at=FETCHED_AT)
    assert isinstance(article, Article)
    assert article.publisher_division == code[:6]


# --- No article ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "outcome", "reason"),
    [
        (f"<title>{TITLE}</title><h1>{TITLE}</h1><script>location.href='http://mp.example/s/1'</script>", Outcome.EXTERNAL, "external_link"),
        (f"<title>{TITLE}</title><meta http-equiv=refresh content='0;url=http://mp.example/s/1'>", Outcome.EXTERNAL, "external_link"),
        ("<title>要闻</title><ul>" + "".join(f"<li><a href='/{i}.html'>兰亭县召开第{i}次会议，部署防汛工作</a> 2024-09-03</li>" for i in range(20)) + "</ul>", Outcome.EMPTY, "empty_body"),
    ],
)  # fmt: skip
def test_no_article(html: str, outcome: Outcome, reason: str) -> None:
    record = read_saved(
        html.encode(), url="http://www.lanting.example/1.html", site=None, fetched_at=FETCHED_AT
    )
    assert isinstance(record, Rejection)
    assert (record.outcome, record.reason) == (outcome, reason)
