"""One list row in every shape that templates give it."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from schemas.page import Listing
from spiders.extract.rows import read_row

BASE = "http://www.yunxi.example/xw/index.htm"


def row(html: str, tag: str = "li") -> Listing:
    node = LexborHTMLParser(html).css_first(tag)
    assert node is not None
    listing = read_row(node, BASE)
    assert listing is not None
    return listing


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ('<li><a href="1.htm">全区春耕备耕工作会召开</a></li>', "全区春耕备耕工作会召开"),
        ('<li>·<a href="1.htm">·&nbsp;全区春耕备耕工作会召开</a></li>', "全区春耕备耕工作会召开"),
        (
            '<li><a href="1.htm" title="全区春耕备耕工作会召开">全区春耕…</a></li>',
            "全区春耕备耕工作会召开",
        ),
        (
            '<li><a href="1.htm" title="全区春耕备耕工作会召开">全区春耕...</a></li>',
            "全区春耕备耕工作会召开",
        ),
        (
            '<li><a href="1.htm" title="全区春耕备耕工作会召开">全区春耕</a></li>',
            "全区春耕备耕工作会召开",
        ),
        (
            '<li><a href="1.htm" title="点击查看">全区春耕备耕工作会召开</a></li>',
            "全区春耕备耕工作会召开",
        ),
        (
            (
                '<li><a href="1.htm" title="标题：全区春耕备耕工作会召开&#10;'
                '点击数：12&#10;发表时间：2024-03-02">'
                "全区春耕备…</a></li>"
            ),
            "全区春耕备耕工作会召开",
        ),
        ('<li><a href="1.htm"><em>全区春耕备耕工作会召开</em></a></li>', "全区春耕备耕工作会召开"),
        ('<li><a href="1.htm"><span>2024-03-02</span>全区春耕会召开</a></li>', "全区春耕会召开"),
        ('<li><a href="1.htm">全区春耕会召开<span>[03-02]</span></a></li>', "全区春耕会召开"),
        ('<li><a href="1.htm">全区春耕会召开 2024-03-02</a></li>', "全区春耕会召开"),
        ('<li><a href="1.htm">[2024-03-02] 全区春耕会召开</a></li>', "全区春耕会召开"),
        ('<li><a href="1.htm">2024年3月2日天气预报</a></li>', "2024年3月2日天气预报"),
        ('<li><a href="1.htm">关于2023-2024年度评优的通知</a></li>', "关于2023-2024年度评优的通知"),
        (
            '<li>[<a href="dt/">工作动态</a>]<a href="1.htm">全区春耕会召开</a></li>',
            "全区春耕会召开",
        ),
        (
            '<li>[<b><a href="dt/">工作动态</a></b>] <a href="1.htm" class="title">春耕</a></li>',
            "春耕",
        ),
        ('<li><a href="1.htm">[图文] 全区春耕会召开</a></li>', "全区春耕会召开"),
        ('<li><a href="1.htm">[2024]12号文件公布</a></li>', "[2024]12号文件公布"),
        ('<li><a href="1.htm">【图解】春耕政策</a></li>', "【图解】春耕政策"),
        (
            (
                '<li><a href="1.htm"><h3>全区春耕会召开</h3>'
                "<p>3月2日，全区召开春耕备耕工作会议，部署……</p></a></li>"
            ),
            "全区春耕会召开",
        ),
        (
            (
                '<li><a href="1.htm"><div class="date"><b>02</b>2024-03</div>'
                '<p class="tit">全区春耕会召开</p>'
                '<p class="desc">3月2日，全区召开春耕备耕工作会议。</p></a></li>'
            ),
            "全区春耕会召开",
        ),
        (
            (
                '<li><a href="1.htm"><span class="til">全区春耕会召开</span>'
                '<span class="sub-til">（2023年5月6日印发）</span></a></li>'
            ),
            "全区春耕会召开",
        ),
        (
            (
                '<li><a href="1.htm"><img src="t.jpg" alt=""></a><a href="1.htm">全区春耕会召开</a>'
                '<p>摘要……<a href="1.htm">[详细]</a></p></li>'
            ),
            "全区春耕会召开",
        ),
        ('<li><a href="1.htm"><img src="t.jpg" alt="全区春耕会召开"></a></li>', "全区春耕会召开"),
        ('<li><a href="1.htm"><font color="red">全区</font>春耕会召开</a></li>', "全区春耕会召开"),
        ('<li><a href="1.htm">“两会”　专题报道</a></li>', "“两会” 专题报道"),
    ],
)
def test_title(html: str, title: str) -> None:
    listing = row(html)
    assert listing.title == title
    assert listing.url == "http://www.yunxi.example/xw/1.htm"


@pytest.mark.parametrize(
    ("html", "date"),
    [
        ('<li><a href="1.htm">春耕</a><span>2024-03-02</span></li>', "2024-03-02"),
        ('<li><span> 2024-03-02</span><a href="1.htm">春耕</a></li>', "2024-03-02"),
        ('<li><a href="1.htm"><span>2024-03-02</span>春耕</a></li>', "2024-03-02"),
        ('<li><a href="1.htm">春耕</a><td>2024/3/2</td></li>', "2024-03-02"),
        ('<li><a href="1.htm">春耕</a>[2024-03-02]</li>', "2024-03-02"),
        ('<li><a href="1.htm">春耕</a>（2024年3月2日）</li>', "2024-03-02"),
        ('<li><a href="1.htm">春耕</a><i>2024.03.02</i></li>', "2024-03-02"),
        ('<li><a href="1.htm">春耕</a><i>2024-03-02 09:12</i></li>', "2024-03-02T09:12+08:00"),
        (
            (
                '<li><a href="1.htm">春耕</a><span><small>日期：</small>2024-03-02 23:27:00 '
                "<small>点击：</small>156</span></li>"
            ),
            "2024-03-02T23:27:00+08:00",
        ),
        (
            '<li><a href="1.htm">春耕</a><span>发布时间：2024-03-02 09:12:33</span></li>',
            "2024-03-02T09:12:33+08:00",
        ),
        (
            '<li><a href="1.htm">春耕</a><span>来源：区农业局 2024-03-02 点击：7</span></li>',
            "2024-03-02",
        ),
        ('<li><b>02</b><i>2024-03</i><a href="1.htm">春耕</a></li>', "2024-03-02"),
        ('<li><div><b>02</b><i>2024-03</i></div><a href="1.htm">春耕</a></li>', "2024-03-02"),
        ('<li><div><b>02</b><i>2024.03</i></div><a href="1.htm">春耕</a></li>', "2024-03-02"),
        ('<li><div><b>03-02</b><i>2024</i></div><a href="1.htm">春耕</a></li>', "2024-03-02"),
        (
            '<li><div><i>2024</i>-<i>03</i>-<i>02</i></div><a href="1.htm">春耕</a></li>',
            "2024-03-02",
        ),
        ('<li><a href="1.htm">春耕 2024-03-02</a></li>', "2024-03-02"),
        ('<li><a href="1.htm">春耕</a><span>[03-02]</span></li>', None),
        ('<li><a href="1.htm">春耕</a><span>24-03-02</span></li>', None),
        ('<li><a href="1.htm">春耕</a><span>2024-13-02</span></li>', None),
        ('<li><a href="1.htm">2024年3月2日天气预报</a></li>', None),
        ('<li><a href="1.htm">春耕</a><p>2024年3月2日上午，全区召开会议。</p></li>', None),
        ('<li><a href="1.htm">2024年3月2日天气预报</a><span>2024-03-01</span></li>', "2024-03-01"),
        (
            (
                '<li><a href="1.htm">春耕</a><div class="box"><ul><li><a href="2.htm">解读</a>'
                "<span>2024-05-01</span></li></ul></div><span>2024/03/02</span></li>"
            ),
            "2024-03-02",
        ),
        ("<li><ul><li><a href='1.htm'>春耕</a></li><li>2024-03-02</li></ul></li>", "2024-03-02"),
        (
            (
                '<table><tr><td>1</td><td><a href="1.htm">春耕</a></td><td>2024-03-01</td>'
                "<td>2024-03-02</td></tr></table>"
            ),
            "2024-03-02",
        ),
    ],
)
def test_date(html: str, date: str | None) -> None:
    listing = row(html, "tr" if "<tr>" in html else "li")
    assert (listing.published and str(listing.published)) == date


def test_first_of_a_box_of_links() -> None:
    listing = row(
        '<li><a href="./202403/t20240302_11.html">《办法》印发</a><div class="popbox"><ul>'
        '<li><a href="../../jd/202403/t20240305_22.html">《办法》解读：一图读懂有关内容和要求</a>'
        "</li></ul></div>"
        "<span>2024/03/02</span></li>"
    )
    assert listing.url == "http://www.yunxi.example/xw/202403/t20240302_11.html"
    assert listing.title == "《办法》印发"


def test_files_beside_the_article_are_not_the_article() -> None:
    listing = row(
        '<table><tr><td><a href="/c1/content.shtml">管理办法</a></td>'
        '<td><a href="\n/files/a.docx\n">下载文字版全文文件</a></td></tr></table>',
        "tr",
    )
    assert listing.url == "http://www.yunxi.example/c1/content.shtml"


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "javascript:void(0)",
        "JavaScript:;",
        "mailto:a@b.example",
        "<span style='color:red;font-size:9pt'>转换链接错误</span>",
        "http://[bad/",
        "http://host:port/",
    ],
)
def test_links_that_lead_nowhere(href: str) -> None:
    node = LexborHTMLParser(f'<li><a href="{href}">竞赛相关</a></li>').css_first("li")
    assert node is not None
    assert read_row(node, BASE) is None


def test_host_with_a_trailing_dot() -> None:
    listing = row('<li><a href="http://www.yunxi.example./x/1.htm">春耕</a></li>')
    assert listing.url == "http://www.yunxi.example/x/1.htm"
