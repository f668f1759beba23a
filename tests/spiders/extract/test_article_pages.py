"""Article pages whose templates differ from what most templates do."""

# ruff: noqa: E501  (one case a line, as pages print it)

from datetime import UTC, datetime

import pytest

from schemas.article import Article
from schemas.rejection import Rejection
from spiders.extract.markdown import to_markdown
from spiders.reader import read_saved

FETCHED_AT = datetime(2026, 11, 1, tzinfo=UTC)
TITLE = "云溪区推进水库除险加固"
PARAGRAPHS = (
    "连日来，云溪区加快推进三座小型水库除险加固，施工人员抢抓晴好天气赶进度。",
    "区水务局负责人介绍，工程完工后可灌溉下游农田四千余亩，惠及两个镇十一个村。",
    "目前，坝体防渗已完成九成，溢洪道浇筑进入收尾阶段，预计汛期前投入使用。",
)
BODY = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
TEXT = "\n".join(PARAGRAPHS)


def page(inside: str, *, head: str = "", title: str = f"{TITLE}-云溪区人民政府") -> str:
    """A page with a menu and a foot around `inside`."""
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        '<div class="top"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>'
        f"{inside}"
        '<div class="foot"><p>主办：云溪区人民政府　网站标识码：3799990001</p></div></body></html>'
    )


def read(html: str) -> Article:
    result = read_saved(
        html.encode(), url="http://www.yunxi.example/a/1.html", site=None, fetched_at=FETCHED_AT
    )
    assert isinstance(result, Article), result
    return result


def published(html: str) -> str | None:
    record = read(html).model_dump(mode="json")
    return record["published_at"]


# What stands beside title and body, and the publish date that it tells.
DATES = [
    (f"<h1>{TITLE}</h1><p>更新时间：2024-06-01 10:00 发布日期：2024-05-06 09:12</p>{{}}", "2024-05-06T09:12+08:00"),
    (f"<h1>{TITLE}</h1><p>2024-05-06 09:12　更新时间：2024-06-01</p>{{}}", "2024-05-06T09:12+08:00"),
    (f"<h1>{TITLE}</h1><p>时间：2024-06-01　发布日期：2024-05-06</p>{{}}", "2024-05-06"),
    (f"<h1>{TITLE}</h1><p>更新时间：2024-06-01</p>{{}}", "2024-06-01"),
    (f"<h1>{TITLE}</h1><p>发布日期：20240506</p>{{}}", "2024-05-06"),
    (f"<h1>{TITLE}</h1><div><b>06</b><i>2024-05</i></div>{{}}", "2024-05-06"),
    (f"<h1>{TITLE}</h1><p>May 6, 2024</p>{{}}", "2024-05-06"),
    (f"<div>2024-05-06 09:12　来源：云溪报</div><h1>{TITLE}</h1>{{}}", "2024-05-06T09:12+08:00"),
    (f"<div>2024-05-06</div><h1>{TITLE}</h1>{{}}", None),
    (f"<h1>{TITLE}</h1>{{}}<p>发布日期：2024-05-06</p>", "2024-05-06"),
    (f"<h1>{TITLE}</h1>{{}}<p>更新日期：2024-05-06</p>", None),
    (f"<h1>{TITLE}</h1>{{}}<p>上一篇：云溪区启动清淤 2024-05-06</p>", None),
    (f"<h1>{TITLE}</h1>{{}}<div><p>网友 2024-05-06 12:00 评论：好</p></div>", None),
    (f"<h1>{TITLE}</h1><p>摘要：验收会将于2024年5月6日上午举行，请各村参加。</p>{{}}", None),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "expected"), DATES)
def test_the_publish_date_that_a_page_shows(beside: str, expected: str | None) -> None:
    inside = beside.format(f"<div>{BODY}</div>")
    assert published(page(f"<div>{inside}</div>")) == expected


# PubDate, the line under the title, and what both say together.
TAGS = [
    ("2024-05-06 00:00", "2024-05-06 09:12", "2024-05-06T09:12+08:00"),
    ("2024-05-06 00:00:00", "发布时间：2024-05-06", "2024-05-06"),
    ("2024-05-06 09:12", "发布时间：2024-05-07", "2024-05-06T09:12+08:00"),
    ("2024-05-06 00:00", "2024-05-07 09:12", "2024-05-06"),
    ("20240506", "", "2024-05-06"),
    ("Mon May 06 09:12:00 CST 2024", "", "2024-05-06T09:12:00+08:00"),
    ("2024-05-06 下午 3:05", "", "2024-05-06T15:05+08:00"),
]


@pytest.mark.parametrize(("tag", "line", "expected"), TAGS)
def test_the_national_tag_and_the_line(tag: str, line: str, expected: str) -> None:
    html = page(
        f"<div><h1>{TITLE}</h1><p>{line}</p><div>{BODY}</div></div>",
        head=f'<meta name="PubDate" content="{tag}">',
    )
    assert published(html) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("var ct = '1714957920';", "2024-05-06T09:12:00+08:00"),
        ('var createTime = "2024-05-06 09:12";', "2024-05-06T09:12+08:00"),
        ('{"datePublished": "2024-05-06T01:12:00Z"}', "2024-05-06T09:12:00+08:00"),
        ("var count = '1714957920';", None),
    ],
)
def test_a_date_that_only_a_script_knows(script: str, expected: str | None) -> None:
    html = page(f"<script>{script}</script><div><h1>{TITLE}</h1><div>{BODY}</div></div>")
    assert published(html) == expected


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        ("<h2>——云溪区水务局抓工程见闻</h2>", "云溪区水务局抓工程见闻"),
        ("<p class='sub'>--云溪区水务局抓工程见闻</p>", "云溪区水务局抓工程见闻"),
        ("<p>-云溪区水务局</p>", None),
        ("<p>——来源：云溪报 2024-05-06</p>", None),
        ("<p>云溪区水务局抓工程见闻</p>", None),
    ],
)
def test_a_dash_below_the_title_tells_a_subtitle(below: str, expected: str | None) -> None:
    assert read(page(f"<h1>{TITLE}</h1>{below}<div>{BODY}</div>")).subtitle == expected


def test_an_application_with_one_title_for_all_its_pages() -> None:
    html = page(
        f"<div class='t'><div class='detail-title'>{TITLE}</div><div>{BODY}</div></div>",
        head=f'<meta property="og:title" content="{TITLE}">',
        title="云溪日报客户端",
    )
    assert read(html).title == TITLE


def test_the_time_of_generation_is_the_last_resort() -> None:
    head = '<meta name="Maketime" content="2024-06-01 10:00:00">'
    line = "<h1>{}</h1><p>{}</p><div>{}</div>"
    assert (
        published(page(line.format(TITLE, "发布日期：2024-05-06", BODY), head=head)) == "2024-05-06"
    )
    assert published(page(line.format(TITLE, "", BODY), head=head)) == "2024-06-01T10:00:00+08:00"


LINE = "<p>发布时间：2024-05-06 09:12 来源：云溪报</p>"

# What a page shows in one container, and the text that is the article's.
BODIES = [
    pytest.param(f"<h1>{TITLE}</h1>{LINE}{BODY}", TEXT, id="heading and line"),
    pytest.param(f"<h2>{TITLE}</h2>{BODY}", TEXT, id="heading alone"),
    pytest.param(f"<div class='bt'>{TITLE}</div>{BODY}", TEXT, id="heading without an h"),
    pytest.param(f'<p align="center">{TITLE}</p>{BODY}', f"{TITLE}\n{TEXT}", id="the document's own"),
    pytest.param(f"<h3>{TITLE}</h3><p>（2024年5月1日区政府令第3号公布）</p>{BODY}", f"{TITLE}\n（2024年5月1日区政府令第3号公布）\n{TEXT}", id="a law's title"),
    pytest.param(f"<h1>{TITLE}</h1><p>摘要：三座水库年内完工，惠及十一个村。</p>{BODY}", TEXT, id="summary"),
    pytest.param(f"{BODY}<h3>相关政策</h3>{BODY.replace('云溪', '青溪').replace('目前', '其中').replace('区水务局', '市水务局')}", None, id="section called 相关政策"),
    pytest.param(f"{BODY}<h3>相关政策</h3><ul><li><a href='/1.html'>云溪区水库管理办法印发</a></li></ul>", TEXT, id="links below"),
    pytest.param(f"{BODY}<h3>推荐阅读</h3><div><h4><a href='/1.html'>甲</a></h4><p>甲村修渠，全长三公里，年内完工，村民拍手叫好，纷纷出工出力。</p></div>", TEXT, id="teasers below"),
    pytest.param(f"{BODY[:-4]}（责任编辑：高某）</p>", TEXT, id="credit behind the last sentence"),
    pytest.param(f"{BODY[:-4]}[责编：<b>高某</b>]</p>", f"{TEXT}[责编：高某]", id="credit with markup of its own"),
    pytest.param(f"{BODY[:-4]} 编辑：高某</p>", TEXT, id="credit without brackets"),
    pytest.param(f"{BODY}<p>编辑：高某</p><p>初审：李某 复审：王某 终审：赵某</p>", TEXT, id="three reviews"),
    pytest.param(f"{BODY}<p>责任人：李某</p><p>责任单位：区水务局</p>", f"{TEXT}\n责任人：李某\n责任单位：区水务局", id="a plan's lines"),
    pytest.param(f"{BODY}<p>版权声明：凡本网注明来源的作品，未经许可不得转载。</p><p>违者将追究其法律责任，特此说明。</p>", TEXT, id="rights on two lines"),
    pytest.param(f"<div id='player'>您的浏览器不支持 video 标签。</div>{BODY}", TEXT, id="a player's excuse"),
    pytest.param(f"{BODY}<aside><p>往届回顾：云溪区去年完成五座水库加固，欢迎点击观看。</p></aside>", TEXT, id="aside"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "expected"), BODIES)
def test_the_text_of_the_body(inside: str, expected: str | None) -> None:
    article = read(page(f"<div class='nr'>{inside}</div>"))
    if expected is None:
        assert "相关政策" in article.body_text
        assert "青溪区加快推进" in article.body_text
        return
    assert article.body_text == expected


def test_prose_beside_the_title_is_not_the_body() -> None:
    rows = "".join(
        f"<div><h4><a href='/{n}.html'>云溪区第{n}期水务简报</a></h4><p>本期简报刊登各镇清淤进展，"
        f"第{n}批清淤河段共十二公里，沿线村庄全部出工，区水务局逐段验收，群众反映良好。</p></div>"
        for n in range(1, 9)
    )
    html = page(f"<div>{rows}</div><div><h1>{TITLE}</h1>{LINE}<div>{BODY}</div></div>")
    assert read(html).body_text == TEXT


def test_the_name_in_a_credit_is_kept_as_the_editor() -> None:
    article = read(
        page(f"<h1>{TITLE}</h1>{LINE}<div class='nr'>{BODY[:-4]}（责任编辑：高某）</p></div>")
    )
    assert article.editor == "高某"
    assert article.body_html.endswith("投入使用。</p>")


# Pictures below the text, and whether they belong to it.
CODES = [
    ('<p><img src="/a/2024/1.jpg"></p><p>扫一扫在手机打开当前页</p>', False),
    ('<p><img src="/images/ewm.png"></p>', False),
    ('<p><img src="/images/qrcode_12.jpg"></p><p>欢迎关注“云溪发布”公众号</p>', False),
    ('<p><img src="/a/2024/1.jpg"></p><p>施工现场（张某 摄）</p>', True),
    ('<p><img src="/a/2024/1.jpg"></p>', True),
]  # fmt: skip


@pytest.mark.parametrize(("below", "is_kept"), CODES)
def test_pictures_to_be_scanned_are_no_pictures_of_the_article(below: str, is_kept: bool) -> None:
    article = read(page(f"<h1>{TITLE}</h1>{LINE}<div class='nr'>{BODY}{below}</div>"))
    assert bool(article.images) is is_kept
    assert article.body_text == TEXT


# A link below the text, and the file that it offers: address and name, or none.
FILES = [
    ("<a href='/f/1.pdf'>方案.pdf</a>", "/f/1.pdf", "方案.pdf"),
    ("<a href='/f/1.pdf'>点击下载：方案.pdf</a>", "/f/1.pdf", "方案.pdf"),
    ("<a href='/f/1.pdf'>方案（点击下载）</a>", "/f/1.pdf", "方案"),
    ("<a href='/f/1.pdf' title='方案.pdf'>下载</a>", "/f/1.pdf", "方案.pdf"),
    ("<a href='/WebBuilder/attachdown.action?AttachGuid=55aa'>方案</a>", "/WebBuilder/attachdown.action?AttachGuid=55aa", "方案"),
    ("<a href='/common/get?id=88'>反馈表.doc</a>", "/common/get?id=88", "反馈表.doc"),
    ("<a href='/common/get?id=88' title='反馈表.wps'>反馈表</a>", "/common/get?id=88", "反馈表"),
    ("<a href='javascript:void(0)' onclick=\"window.open('/f/1.docx')\">方案</a>", "/f/1.docx", "方案"),
    ("<a href=\"javascript:download('/common/get?id=9')\">方案.docx</a>", "/common/get?id=9", "方案.docx"),
    ("<a href='/a/2.html'>云溪区印发方案.pdf</a>", None, None),
    ("<a href='#' onclick='window.print()'>打印</a>", None, None),
    ("<div class='footer'><a href='/f/备案.pdf'>备案证书</a></div>", None, None),
    ("<div class='sidebar'><a href='/f/指南.pdf'>办事指南</a></div>", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("below", "address", "name"), FILES)
def test_files(below: str, address: str | None, name: str | None) -> None:
    article = read(page(f"<h1>{TITLE}</h1>{LINE}<div class='nr'>{BODY}</div><div>{below}</div>"))
    found = [(file.url, file.name) for file in article.attachments]
    assert found == ([(f"http://www.yunxi.example{address}", name)] if address else [])


BOXES = [
    pytest.param(
        "<table><tr><th>索引号</th><th>发布机构</th><th>文号</th><th>成文日期</th></tr>"
        "<tr><td>YX1/2024-8</td><td>区水务局</td><td>云水〔2024〕8号</td><td>2024-05-01</td></tr></table>",
        id="a row of labels above a row of values",
    ),
    pytest.param(
        "<table><tr><td>索 引 号</td><td>YX1/2024-8</td><td>发布机构</td><td>区水务局</td></tr>"
        "<tr><td>文　　号</td><td>云水〔2024〕8号</td><td>成文日期</td><td>2024-05-01</td></tr></table>",
        id="pairs of cells",
    ),
    pytest.param(
        "<dl><dt>索引号</dt><dd>YX1/2024-8</dd><dt>发布机构</dt><dd>区水务局</dd>"
        "<dt>文号</dt><dd>云水〔2024〕8号</dd><dt>成文日期</dt><dd>2024-05-01</dd></dl>",
        id="terms without colons",
    ),
    pytest.param(
        "<p>【索引号】YX1/2024-8 【发布机构】区水务局 【文号】云水〔2024〕8号 【成文日期】2024-05-01</p>",
        id="brackets",
    ),
    pytest.param(
        "<ul><li>索引号：YX1/2024-8</li><li>生成日期：2024-05-03</li><li>发布机构：区水务局</li>"
        "<li>文号：云水〔2024〕8号</li><li>成文日期：2024-05-01</li></ul>",
        id="the entry's own date beside the document's",
    ),
]


@pytest.mark.parametrize("box", BOXES)
def test_disclosure_boxes(box: str) -> None:
    article = read(page(f"{box}<h1>{TITLE}</h1>{LINE}<div class='nr'>{BODY}</div>"))
    assert article.index_number == "YX1/2024-8"
    assert article.issuing_agency == "区水务局"
    assert article.document_number == "云水〔2024〕8号"
    assert str(article.written_on) == "2024-05-01"
    assert article.theme is None
    assert article.provenance["index_number"] == "label:索引号"


def test_an_order_is_numbered_on_two_lines() -> None:
    head = '<p align="center">云溪区人民政府令</p><p align="center">第5号</p>'
    article = read(page(f"<h1>{TITLE}</h1>{LINE}<div class='nr'>{head}{BODY}</div>"))
    assert article.document_number == "云溪区人民政府令第5号"


# <title>, what shows the title on the page, and the title.
TITLES = [
    ("云溪区人民政府", f"<h1 class='logo'><a href='/'>云溪区人民政府</a></h1><div class='bt'>{TITLE}</div>", TITLE),
    ("通知公告", f"<p align='center'><strong>{TITLE}</strong></p>", TITLE),
    ("水务", f"<p>当前位置：<a href='/'>首页</a> &gt; <a href='/sw/'>水务</a> &gt; 正文</p><div class='tit'>{TITLE}</div>", TITLE),
    (f"云溪区人民政府-水务-{TITLE}", f"<h1>{TITLE}</h1>", TITLE),
    (f"{TITLE}-公示栏-云溪区人民政府", f"<h1>{TITLE}</h1>", TITLE),
    (f"【{TITLE}】-云溪区人民政府", "", TITLE),
    (f"{TITLE}-云溪区人民政府", f"<div class='title'>{TITLE} 来源：云溪报 2024-05-06</div>", TITLE),
    ("云溪区推进水库...-云溪区人民政府", f"<h2>{TITLE}</h2>", TITLE),
    (f"{TITLE}-云溪区人民政府", f"<div class='title'>{TITLE}</div><div class='subtitle'>{TITLE}侧记</div>", TITLE),
]  # fmt: skip


@pytest.mark.parametrize(("head", "shown", "expected"), TITLES)
def test_titles(head: str, shown: str, expected: str) -> None:
    article = read(page(f"<div>{shown}{LINE}<div class='nr'>{BODY}</div></div>", title=head))
    assert article.title == expected
    assert article.body_text == TEXT


def test_captions_stay_with_their_pictures_in_the_markup() -> None:
    pictures = (
        "<p align='center'><img src='/a/1.jpg' alt='图'></p><p align='center'>坝体 & 溢洪道</p>"
        "<p><img src='/a/2.jpg'></p>"
    )
    article = read(page(f"<h1>{TITLE}</h1>{LINE}<div class='nr'>{BODY}{pictures}</div>"))
    assert [image.caption for image in article.images] == ["坝体 & 溢洪道", None]
    assert (
        '<figure><img src="http://www.yunxi.example/a/1.jpg" alt="图">'
        "<figcaption>坝体 &amp; 溢洪道</figcaption></figure>"
    ) in article.body_html
    assert article.body_text == TEXT
    assert to_markdown(article.body_html).endswith(
        "![图](http://www.yunxi.example/a/1.jpg)\n\n坝体 & 溢洪道\n\n"
        "![](http://www.yunxi.example/a/2.jpg)"
    )


def test_paragraphs_are_not_padded_in_the_markup() -> None:
    padded = "<p>&nbsp; &nbsp; 年内完工。<b>&nbsp;甲&nbsp;乙&nbsp;</b>&nbsp;&nbsp;</p>"
    article = read(page(f"<h1>{TITLE}</h1>{LINE}<div class='nr'>{BODY}{padded}</div>"))
    assert article.body_html.endswith("<p>年内完工。<b>&nbsp;甲&nbsp;乙&nbsp;</b></p>")


def test_a_list_with_summaries_is_no_article() -> None:
    rows = "".join(
        f"<div><h3><a href='/a/{n}.html'>云溪区第{n}次用水安排公布</a></h3><p>第{n}次安排涉及{n}个村，请村民错峰取水。</p></div>"
        for n in range(6)
    )
    html = page(f"<div>{rows}</div><p><a href='index_1.html'>下一页</a></p>", title="要闻-云溪区")
    result = read_saved(html.encode(), url=None, site=None, fetched_at=FETCHED_AT)
    assert isinstance(result, Rejection)
    assert result.reason == "list_page"
