"""The list among a page's links, on sites never seen before."""

import pytest
from selectolax.lexbor import LexborHTMLParser

from spiders.extract.lists import find_rows

BASE = "http://www.yunxi.example/xw/index.htm"
NAV = (
    '<div class="nav"><ul>'
    + "".join(
        f'<li><a href="/c{i}/">{name}</a></li>'
        for i, name in enumerate(
            ["首页", "走进云溪", "政务公开", "重大建设项目批准和实施领域", "办事服务", "互动交流"]
        )
    )
    + "</ul></div>"
)
HOT = (
    '<div class="side"><h3>热点</h3><ul>'
    + "".join(f'<li><a href="/xw/9{i}.htm">热点新闻之第{i}条新闻标题</a></li>' for i in range(10))
    + "</ul></div>"
)
FOOT = (
    '<div class="foot"><a href="/sitemap.htm">网站地图</a><a href="/about.htm">关于我们</a></div>'
)


def found(body: str, base: str = BASE) -> list[tuple[str, str, str | None]]:
    tree = LexborHTMLParser(f"<html><body>{NAV}{body}{HOT}{FOOT}</body></html>")
    return [
        (row.url.rsplit("/", 1)[1], row.title, row.published and str(row.published))
        for row in find_rows(tree, base)
    ]


EXPECTED = [
    ("3.htm", "云溪区召开防汛工作会议", "2024-06-03"),
    ("2.htm", "云溪区启动图书漂流活动", "2024-06-02"),
    ("1.htm", "短讯", "2024-06-01"),
]


def test_items_of_a_list() -> None:
    rows = "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in EXPECTED)
    assert found(f'<div class="main"><ul class="list">{rows}</ul></div>') == EXPECTED


def test_blocks_of_five() -> None:
    rows = [f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in EXPECTED]
    assert found(f"<div class='m'><ul>{rows[0]}{rows[1]}</ul><ul>{rows[2]}</ul></div>") == EXPECTED


def test_table_rows() -> None:
    rows = "".join(
        f'<tr class="{"odd" if i % 2 else "even"}"><td>{i}</td><td><a href="{u}">{t}</a></td>'
        f"<td>{d.replace('-', '/')}</td></tr>"
        for i, (u, t, d) in enumerate(EXPECTED)
    )
    assert found(f"<table><tr><th>序号</th><th>标题</th></tr>{rows}</table>") == EXPECTED


def test_date_after_a_bare_link() -> None:
    rows = "".join(f'·<a href="{u}">{t}</a>&nbsp;[{d}]<br>' for u, t, d in EXPECTED)
    assert found(f'<div class="m"><div class="lb">{rows}</div></div>') == EXPECTED


def test_date_before_a_bare_link() -> None:
    rows = "".join(f'<span>{d}</span><a href="{u}">{t}</a><br>' for u, t, d in EXPECTED)
    assert found(f'<div class="m"><div class="lb">{rows}</div></div>') == EXPECTED


def test_definition_list() -> None:
    rows = "".join(f'<dt><a href="{u}">{t}</a></dt><dd>{d}</dd>' for u, t, d in EXPECTED)
    assert found(f"<dl class='lb'>{rows}</dl>") == EXPECTED


def test_cards_with_picture_summary_and_button() -> None:
    rows = "".join(
        f'<div class="card card{i}"><a href="{u}"><img src="p.jpg"></a>'
        f'<h4><a href="{u}">{t}</a></h4>'
        f'<p>2023年1月1日，这里是摘要文字，比标题长得多得多得多得多。</p><a href="{u}">查看详情</a>'
        f"<em>{d}</em></div>"
        for i, (u, t, d) in enumerate(EXPECTED)
    )
    assert found(f'<div class="cards">{rows}</div>') == EXPECTED


def test_one_link_around_each_row() -> None:
    rows = "".join(f'<a href="{u}"><p>{t}</p><i>{d}</i></a>' for u, t, d in EXPECTED)
    assert found(f'<div class="lb">{rows}</div>') == EXPECTED


def test_emphasis_does_not_split_a_list() -> None:
    rows = (
        f'<li><b><a href="3.htm">{EXPECTED[0][1]}</a></b><i>2024-06-03</i></li>'
        f'<li><a href="2.htm"><font color="red">{EXPECTED[1][1]}</font></a><i>2024-06-02</i></li>'
        '<li><a href="1.htm">短讯</a><i>2024-06-01</i></li>'
    )
    assert found(f"<ul class='lb'>{rows}</ul>") == EXPECTED


def test_last_page_with_a_single_row() -> None:
    row = '<ul class="lb"><li><a href="3.htm">云溪区召开防汛工作会议</a><i>2024-06-03</i></li></ul>'
    pager = (
        '<div class="page"><a href="index.htm">首页</a><a href="index_4.htm">上一页</a>5/5</div>'
    )
    dated = "".join(
        f'<li><a href="/zt/{i}.htm">专题专栏里的第{i}条旧闻</a><i>2020-01-0{i}</i></li>'
        for i in range(1, 8)
    )
    body = (
        f'<div class="c"><div class="l"><ul class="zt">{dated}</ul></div>'
        f'<div class="r">{row}{pager}</div></div>'
    )
    assert found(body, "http://www.yunxi.example/xw/index_5.htm") == EXPECTED[:1]


def test_rows_without_dates() -> None:
    rows = "".join(
        f'<li><a href="{i}.htm">云溪区第{i}号公告全文及有关附件说明</a></li>' for i in range(1, 6)
    )
    pager = '<div class="p"><a href="index_2.htm">下一页</a></div>'
    body = f'<div class="main"><ul class="gg">{rows}</ul>{pager}</div>'
    assert [url for url, _, _ in found(body)] == ["1.htm", "2.htm", "3.htm", "4.htm", "5.htm"]


def test_rows_to_other_sites_stay() -> None:
    body = (
        '<ul class="lb"><li><a href="http://www.city.example/a/9.html">市里召开会议部署工作</a>'
        '<i>2024-06-04</i></li><li><a href="2.htm">云溪区启动图书漂流活动</a>'
        "<i>2024-06-02</i></li></ul>"
    )
    assert [url for url, _, _ in found(body)] == ["9.html", "2.htm"]


def test_a_file_as_a_row_stays_and_a_file_beside_a_row_does_not() -> None:
    body = (
        '<table class="lb"><tr><td><a href="3.htm">云溪区召开防汛工作会议</a></td>'
        '<td><a href="3.pdf">下载全文</a></td><td>2024-06-03</td></tr>'
        '<tr><td><a href="2.pdf">云溪区水资源公报（2023年度）</a></td><td></td>'
        "<td>2024-06-02</td></tr></table>"
    )
    assert [url for url, _, _ in found(body)] == ["3.htm", "2.pdf"]


@pytest.mark.parametrize(
    "row",
    [
        "<table><tr><td>·</td><td><a href='{u}'>{t}</a></td><td>{d}</td></tr></table>",
        "<div class='i'><p><a href='{u}'>{t}</a></p><p class='fr'>{d}</p></div>",
        "<div class='n'><h2><a href='{u}'>{t}</a></h2><p>2023年5月6日，调研。</p><b>{d}</b></div>",
        "<p><a href='{u}'>{t}</a>　{d}</p>",
        "<div><a href='{u}'>{t}</a><i>来源：府办</i><i>{d}</i><i>7</i></div>",
        "<div><p class='rq'>{m}<br>{y}</p><a href='{u}'>{t}</a></div>",
        "<div><i>LS-2024-7</i><a href='{u}'>{t}</a><script>w('2020-01-01')</script>{d}</div>",
        "<img src='dot.gif'> <a href='{u}'>{t}</a> <font>[{d}]</font><br>",
    ],
)
def test_designs_beside_a_menu_in_a_table(row: str) -> None:
    rows = "".join(row.format(u=u, t=t, d=d, y=d[:4], m=d[5:]) for u, t, d in EXPECTED)
    cells = "".join(f'<td><a href="/c{i}/">栏目名称{i}</a></td>' for i in range(12))
    menu = f"<table><tr>{cells}</tr></table>"
    pager = '<p><a href="index_2.htm">下一页</a></p>'
    assert found(f'{menu}<div class="main">{rows}</div>{pager}') == EXPECTED


def test_a_column_beside_each_title() -> None:
    rows = "".join(
        f'<li><a href="/town{i}/">第{i}街道</a> <a href="{u}">{t}</a><span>{d}</span></li>'
        for i, (u, t, d) in enumerate(EXPECTED[:2])
    )
    assert found(f'<ul class="lb">{rows}</ul>') == EXPECTED[:2]


def test_two_rows_a_line() -> None:
    cells = "".join(f'<td><a href="{u}">{t}</a> {d}</td>' for u, t, d in EXPECTED)
    assert found(f"<table class='lb'><tr>{cells}</tr></table>") == EXPECTED


def test_nothing_on_an_empty_page() -> None:
    assert find_rows(LexborHTMLParser(""), BASE) == ()
    assert find_rows(LexborHTMLParser("<html><body>暂无内容</body></html>"), BASE) == ()


def test_menu_alone_is_no_list() -> None:
    menu = LexborHTMLParser(
        '<div class="nav"><a href="/a/">首页</a><a href="/b/">新闻</a><a href="/c/">公开</a></div>'
    )
    assert find_rows(menu, BASE) == ()
