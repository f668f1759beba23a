"""Bodies of little prose, on pages whose elements have no telling names."""

# ruff: noqa: E501  (one case a line, as pages print it)

import pytest
from selectolax.lexbor import LexborHTMLParser

from spiders.extract.sparse import find_sparse

TITLE = "云溪区公布夏季用水安排"
FOOT = "<div><p>主办：云溪区人民政府　网站标识码：3799990001</p><p>地址：云溪区中心路1号</p></div>"
MENU = "<div><a href='/'>首页</a><a href='/a/'>政务公开，一网通办，请您监督</a></div>"
SIDE = "<div><h3>热点信息</h3><ul><li><a href='/1.html'>云溪区召开会议</a><span>2024-05-01</span></li></ul></div>"
A = "自六月一日起，各村分时供水。"
B = "请村民错峰取水，节约用水。"

# What stands below the title; the text of the place that is found, its pieces joined.
PAGES = [
    (f"<div>来源：云溪报 时间：2024-05-01</div><div id=x><div>{A}</div><div>{B}</div></div>", A + B),
    (f"<div id=x><span>{A}</span><br><span>{B}</span></div>", A + B),
    (f"<div id=x><section><section><span>{A}</span></section><section><p>{B}</p></section></section></div>", A + B),
    (f"<table id=x><tr><td>{A}</td></tr><tr><td>{B}</td></tr></table>", A + B),
    (f"<div id=x><p>{A}</p></div><div>版权声明：未经许可不得转载。<p>违者必究，本网将追究法律责任，特此说明，敬请谅解。</p></div>", A),
    (f"<div id=x><p>{A}</p><p>{B}</p></div><div><b>推荐阅读</b><div><p>甲村修渠，全长三公里，村民出工。</p></div><div><p>乙村植树，共计五百株，长势良好。</p></div></div>", A + B),
    ("<div id=x><p>详见附件。</p></div><p>附件：<a href='/1.pdf'>安排.pdf</a></p>", "详见附件。"),
    ("<div id=x><table><tr><td>东村</td><td>八时</td></tr><tr><td>西村</td><td>九时</td></tr></table></div>", "东村八时西村九时"),
    ("<div id=x><p><img src='/1.jpg'></p><p><img src='/2.jpg'></p></div>", ""),
]  # fmt: skip


@pytest.mark.parametrize(("below", "text"), PAGES)
def test_the_place_of_a_short_body(below: str, text: str) -> None:
    tree = LexborHTMLParser(f"<body>{MENU}<div><h1>{TITLE}</h1>{below}</div>{SIDE}{FOOT}</body>")
    place = find_sparse(tree, TITLE)
    assert place is not None
    assert "".join(place.text().split()) == text
    assert len(place.css("img")) == below.count("<img")


@pytest.mark.parametrize("below", ["", "<p>时间：2024-05-01</p>", "<p>【打印】【关闭】</p>"])
def test_nothing_below_the_title(below: str) -> None:
    tree = LexborHTMLParser(f"<body>{MENU}<div><h1>{TITLE}</h1>{below}</div>{SIDE}{FOOT}</body>")
    assert find_sparse(tree, TITLE) is None


def test_a_deep_and_a_long_page_take_one_pass() -> None:
    deep = "<div>" * 500 + f"<p>{A}</p>" + "</div>" * 500
    place = find_sparse(LexborHTMLParser(f"<body><h1>{TITLE}</h1>{deep}</body>"), TITLE)
    assert place is not None
    assert place.text(strip=True) == A
