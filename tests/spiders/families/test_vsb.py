"""VSB's lists, in the variants that its templates come in."""

import pytest

from spiders.extract.document import Document
from spiders.families.base import ListPage
from spiders.families.vsb import Vsb

HOST = "http://www.luquan.example"
LINK = '<a href="../info/1089/3293.htm">'
HEAD = '<html><head><meta charset="utf-8"></head><body>'


def read(html: str, path: str = "/xw/zwyw.htm") -> ListPage:
    return Vsb().read_list(Document.from_bytes(HOST + path, (HEAD + html).encode()))


@pytest.mark.parametrize(
    "row",
    [
        f'<li id="line_u7_0">{LINK}<span>2026-06-25</span>全县防汛会议召开</a></li>',
        f'<li id="line_u7_0"><span> 2026-06-25</span>{LINK}<em>全县防汛会议召开</em></a></li>',
        (
            '<li id="line_u13_4"><span>2026-06-25</span>'
            '<a href="../info/1089/3293.htm" title="全县防汛会议召开">全县防汛…</a></li>'
        ),
        (
            f'<table><tr id="line_u4_0"><td>{LINK}全县防汛会议召开</a></td>'
            "<td>2026/06/25</td></tr></table>"
        ),
        (
            f'<table id="line_u7_0"><tr><td>{LINK}全县防汛会议召开</a></td>'
            "<td>2026-06-25</td></tr></table>"
        ),
        ('<a id="line_u8_0" href="../info/1089/3293.htm">全县防汛会议召开<i>2026-06-25</i></a>'),
        f"<ul><li>{LINK}全县防汛会议召开</a><b>2026年6月25日</b></li></ul>",
    ],
)
def test_row(row: str) -> None:
    page = read(f'<ul class="nav"><li><a href="../zjlq.htm">走进麓泉</a></li></ul>{row}')
    assert [(listing.url, listing.title, str(listing.published)) for listing in page.listings] == [
        (f"{HOST}/info/1089/3293.htm", "全县防汛会议召开", "2026-06-25")
    ]


def test_the_list_among_the_page_s_components() -> None:
    news = "".join(
        f'<li id="line_u9_{i}"><a href="../info/1055/{i}.htm">全县第{i}次工作会议召开</a>'
        f"<span>2026-06-0{9 - i}</span></li>"
        for i in range(1, 4)
    )
    links = "".join(
        f'<li id="line_u3_{i}"><a href="http://w{i}.example/">友情链接{i}</a></li>'
        for i in range(9)
    )
    page = read(f"<ul>{links}</ul><ul>{news}</ul>")
    assert [listing.url[-6:] for listing in page.listings] == ["/1.htm", "/2.htm", "/3.htm"]


def test_descending_pages() -> None:
    """Page 2 of 31 is 30.htm; the last page's button leads to 1.htm, whatever the total."""
    page = read(
        '<span class="p_pages"><span class="p_no_d">1</span>'
        '<span class="p_no"><a href="zwyw/30.htm">2</a></span>'
        '<span class="p_no"><a href="zwyw/1.htm">31</a></span>'
        '<span class="p_next p_fun"><a href="zwyw/30.htm">下页</a></span>'
        '<span class="p_last p_fun"><a href="zwyw/1.htm">尾页</a></span></span>'
    )
    assert page.next_url == f"{HOST}/xw/zwyw/30.htm"
    assert page.total_pages == 31


def test_total_from_the_next_page_s_number() -> None:
    page = read(
        '<a class="Next" href="zwyw/30.htm">下页</a><a class="Next" href="zwyw/1.htm">尾页</a>'
    )
    assert (page.next_url, page.total_pages) == (f"{HOST}/xw/zwyw/30.htm", 31)


def test_no_total_from_a_later_page_s_number() -> None:
    page = read('<a class="Next" href="29.htm">下页</a>', "/xw/zwyw/30.htm")
    assert (page.next_url, page.total_pages) == (f"{HOST}/xw/zwyw/29.htm", None)


def test_dynamic_list_without_a_next_button() -> None:
    query = "/lm_list.jsp?totalpage=3&PAGENUM={}&urltype=tree.TreeTempUrl&wbtreeid=1460"
    assert read("", query.format(2)).next_url == HOST + query.format(3)
    assert read("", query.format(2)).total_pages == 3
    assert read("", query.format(3)).next_url is None


def test_egovinfo_list() -> None:
    query = "/gk.jsp?ainfolist1501t=24&ainfolist1501p={}&urltype=egovinfo.EgovInfoList"
    rows = (
        '<div id="ainfolist1501"><div><table><tr><td>名称</td></tr><tr><td>1</td><td><span>'
        '<a href="gk_info.jsp?urltype=egovinfo.EgovInfoContent&indentifier=1030-%2F2017-0822001">'
        "关于做好秋收工作的通知</a></span></td><td>2017-08-22</td></tr></table></div></div>"
    )
    page = read(rows, query.format(1))
    assert [listing.title for listing in page.listings] == ["关于做好秋收工作的通知"]
    assert page.listings[0].url.endswith("indentifier=1030-%2F2017-0822001")
    assert page.next_url == HOST + query.format(2)
    assert page.total_pages == 24


def test_broken_links_are_no_rows() -> None:
    page = read(
        '<ul><li id="line_u1_0">'
        "<a href=\"<span style='color:red;font-size:9pt'>转换链接错误</span>\">竞赛</a></li></ul>"
    )
    assert page.listings == ()
