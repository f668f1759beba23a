"""Pagers of every make: the next older page and the totals."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from spiders.extract.pager import Pager, read_pager
from spiders.extract.scripted import read_scripted_pager

BASE = "http://www.yunxi.example/xw/index.html"
XW = "http://www.yunxi.example/xw/"


@pytest.mark.parametrize(
    ("html", "base", "expected"),
    [
        (
            (
                '<div>首页 <a href="index_2.html">下一页</a> <a href="index_9.html">尾页</a> '
                "共9页 共85条</div>"
            ),
            BASE,
            Pager(XW + "index_2.html", 9, 85),
        ),
        (
            (
                '<div><a href="index.html">首页</a><a href="index_8.html">上一页</a> 下一页 尾页 '
                "共 <b>9</b> 页 <b>85</b> 条</div>"
            ),
            XW + "index_9.html",
            Pager(None, 9, 85),
        ),
        (
            (
                '<p>共49条&nbsp;&nbsp;1/5&nbsp;<a class="Next" href="djgz/4.htm">下页</a>'
                '<a class="Next" href="djgz/1.htm">尾页</a></p>'
            ),
            "http://www.yunxi.example/djgz.htm",
            Pager("http://www.yunxi.example/djgz/4.htm", 5, 49),
        ),
        ('<a href="index_2.html">下一页&gt;&gt;</a>', BASE, Pager(XW + "index_2.html")),
        ('<a href="index_2.html"><span>下一页</span></a>', BASE, Pager(XW + "index_2.html")),
        ('<li><a href="index_2.html">[下页]</a></li>', BASE, Pager(XW + "index_2.html")),
        ('<a rel="next" href="index_2.html"></a>', BASE, Pager(XW + "index_2.html")),
        ('<link rel="next" href="index_2.html">', BASE, Pager(XW + "index_2.html")),
        ('<a class="next" href="index_2.html">&gt;</a>', BASE, Pager(XW + "index_2.html")),
        (
            (
                '<a href="javascript:void(0);" '
                "onclick=\"location.href=encodeURI('index_2.jhtml');\">下一页</a>"
            ),
            BASE,
            Pager(XW + "index_2.jhtml"),
        ),
        (
            '<input type="button" value="下一页" onclick="location.href=\'index_2.jhtml\';">',
            BASE,
            Pager(XW + "index_2.jhtml"),
        ),
        (
            "<a href=\"javascript:goto('index_2.html')\">下一页</a>",
            BASE,
            Pager(XW + "index_2.html"),
        ),
        (
            (
                '<div><span class="cur">2</span><a href="index_3.html">3</a>'
                '<a href="index_1.html">1</a>'
                '<a href="index_9.html">末页</a></div>'
            ),
            XW + "index_2.html",
            Pager(XW + "index_3.html"),
        ),
        (
            (
                '<div class="pages"><a href="index_1.html">&lt;</a><a href="index_1.html">1</a>'
                '<span>2</span><a href="index_3.html">3</a> … <a href="index_9.html">9</a>'
                '<a href="index_3.html">&gt;</a></div>'
            ),
            XW + "index_2.html",
            Pager(XW + "index_3.html"),
        ),
        ('<div class="days"><b>1</b><a href="/d/2">2</a><a href="/d/3">3</a></div>', BASE, Pager()),
        (
            (
                '<div class="page"><a class="on" href="index.html">1</a>'
                '<a href="index_2.html">2</a>'
                "<a>上一页</a></div>"
            ),
            BASE,
            Pager(XW + "index_2.html"),
        ),
        ('<a href="123.html">下一篇</a><a href="122.html">上一篇</a>', BASE, Pager()),
        ('<a href="#">下一页</a>', BASE, Pager()),
        (
            "<button onclick=\"location.href='index_2.html'\">下一页</button>",
            BASE,
            Pager(XW + "index_2.html"),
        ),
        (
            (
                '<div>共 <b>2</b> 页 每页 <b>3</b> 条 <a href="#">上一页</a> <b>1</b>'
                '<a href="index_2.html">2</a><a href="index_3.html">3</a></div>'
            ),
            BASE,
            Pager(XW + "index_2.html", 2),
        ),
        ('<a href="index.html">下一页</a>', BASE, Pager()),
        ("<p>会议共12条措施，今天1/2的人到场</p>", BASE, Pager()),
        (
            (
                "<ul><li>每页 <em>14</em> 记录</li><li>总共 <em>305</em> 记录</li>"
                '<li><a href="list2.htm">'
                "<span>下一页&gt;&gt;</span></a></li><li>页码 <em>1</em>/<em>22</em></li></ul>"
            ),
            "http://www.yunxi.example/xw/list.htm",
            Pager(XW + "list2.htm", 22, 305),
        ),
        (
            (
                '<div><a title="Total record">&nbsp;<b>55</b> </a>&nbsp;<b>1</b>&nbsp;'
                '<a href="/xw/index_2.html">2</a>&nbsp;<a href="/xw/index_2.html">下一页</a></div>'
            ),
            BASE,
            Pager(XW + "index_2.html"),
        ),
    ],
)
def test_pager_in_html(html: str, base: str, expected: Pager) -> None:
    tree = LexborHTMLParser(f"<html><head></head><body>{html}</body></html>")
    assert read_pager(tree, base) == expected


@pytest.mark.parametrize(
    ("script", "url", "expected"),
    [
        ('createPageHTML(9, 0, "index", "html");', XW, Pager(XW + "index_1.html", 9)),
        ('createPageHTML(9,7,"index","html")', XW + "index_7.html", Pager(XW + "index_8.html", 9)),
        ('createPageHTML(9,8,"index","html")', XW + "index_8.html", Pager(None, 9)),
        ('createPageHTML(1,0,"index","html")', XW, Pager(None, 1)),
        (
            "createPageHTML(12, 1, 'index_7082', 'shtml', 'black2', 233);",
            XW + "index_7082_1.shtml",
            Pager(XW + "index_7082_2.shtml", 12, 233),
        ),
        (
            "createPageHTML('page_div',5, 1,'fg','shtml',89);",
            XW + "fg.shtml",
            Pager(XW + "fg_2.shtml", 5, 89),
        ),
        (
            "createPageHTML('page_div',5, 5,'fg','shtml',89);",
            XW + "fg_5.shtml",
            Pager(None, 5, 89),
        ),
        (
            'function createPageHTML(_nPageCount, _nCurrIndex){}createPageHTML(3,0,"index","htm");',
            XW,
            Pager(XW + "index_1.htm", 3),
        ),
        (
            "pagination_script_config = { pageNumber: '0', total: '4' }",
            XW,
            Pager(XW + "index_1.html", 4),
        ),
        (
            "var currentPage = 1;//所在页从0开始\nvar countPage = 5//共多少页",
            XW + "index_1.htm",
            Pager(XW + "index_2.htm", 5),
        ),
        ('$("#p").pagination("setPage",1,6)', XW + "index.html", Pager(XW + "index_2.html", 6)),
        (
            'var purl="../n1/index_260"; var maxPageNum=0; maxPageNum = 16;',
            XW + "index.html",
            Pager("http://www.yunxi.example/n1/index_260_15.html", 16),
        ),
        ("", XW + "index_2603340_2.html", Pager(XW + "index_2603340_1.html")),
        ("", XW + "index_2603340_1.html", Pager(None)),
    ],
)
def test_pager_in_a_script(script: str, url: str, expected: Pager) -> None:
    assert read_scripted_pager(f"<script>{script}</script>", url) == expected


def test_page_without_a_pager() -> None:
    assert read_scripted_pager("<p>createPageHTML</p>", BASE) is None
    assert read_scripted_pager("<script>createPageHTML(a, b, c, d)</script>", BASE) is None
