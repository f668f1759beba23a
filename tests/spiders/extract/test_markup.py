"""What a body's markup becomes is harmless, and what a sanitiser would leave as it is."""

# ruff: noqa: E501  (one case a line, as pages print it)

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from schemas.article import Article
from spiders.extract.blocks import read_blocks
from spiders.reader import read
from tests.fixture_sites import Expected, load_expected, load_fixture_site, load_page, site_names

BASE = "http://www.a.gov.cn/xw/1.html"
TAGS = (
    "p h1 h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tfoot tr td th caption a b strong i em "
    "u s del sub sup br img figure figcaption"
)
JUDGE = nh3.Cleaner(
    tags=set(TAGS.split()),
    attributes={
        "a": {"href"},
        "img": {"src", "alt"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    link_rel=None,
    url_schemes={"http", "https"},
)


def written(markup: str) -> str:
    body = LexborHTMLParser(f"<body><div>{markup}</div>").body
    assert body is not None
    return "\n".join(block.html for block in read_blocks(body.html or "", BASE))


@pytest.mark.parametrize(
    "vector",
    [
        "<script>alert(1)</script>兰亭",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>兰亭</a>",
        "<a href='JaVa&#x09;Script:alert(1)'>兰亭</a>",
        "<a href='&#106;avascript:alert(1)'>兰亭</a>",
        "<a href=' data:text/html,<script>alert(1)</script>'>兰亭</a>",
        "<a href='vbscript:x'>兰亭</a><a href='http://a.cn/\" onclick=\"x'>兰亭</a>",
        "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
        "<img src='http://a.cn/\"onerror=\"x' alt='\"><script>x</script>'>",
        "<p onclick=x style='background:url(javascript:x)'>兰亭</p>",
        '<p "onclick="x" a"b=\'c>d\'>兰亭</p>',
        "<svg><p><style><a id='</style><img src=1 onerror=alert(1)>'></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "<xmp><script>alert(1)</script><b onclick=x>兰亭</b></xmp>",
        "<noembed><img src=x onerror=alert(1)></noembed><noframes><img src=x onerror=y></noframes>",
        "<plaintext><b onmouseover=alert(1)>兰亭<script>alert(1)</script>",
        "<textarea><img src=x onerror=alert(1)></textarea><title><img src=x onerror=y></title>",
        "<template><img src=x onerror=alert(1)></template>",
        "<!--><img src=x onerror=alert(1)>--><!--a--!><img src=x onerror=alert(1)>",
        "<![CDATA[<img src=x onerror=alert(1)>]]><?php <img src=x onerror=y> ?>",
        "<b<script>alert(1)</script>兰亭</b>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<iframe src=javascript:x></iframe><object data=x></object><embed src=x><base href=//e.cn>",
        "<table><td colspan='\"><img src=x onerror=y>' rowspan=2 onclick=x>兰亭<td>1</table>",
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;script&amp;gt;",
        "<form action=x><input onfocus=x autofocus><button formaction=javascript:x>兰亭</button></form>",
    ],
)
def test_nothing_that_acts_comes_out(vector: str) -> None:
    html = written(vector)
    assert JUDGE.clean(html) == html
    for node in LexborHTMLParser(f"<body>{html}").css("body *"):
        assert node.tag in TAGS.split()
        assert set(node.attributes) <= {"href", "src", "alt", "colspan", "rowspan"}
        for address in (node.attributes.get("href"), node.attributes.get("src")):
            assert address is None or address.startswith(("http://", "https://"))


PIECES = st.sampled_from(
    [
        "兰亭县", " ", "\n", "&nbsp;", "&lt;b&gt;", "&amp;lt;", "\u200b", "<", ">", '"', "'", "&", "=", "/",
        "<p>", "</p>", "<p align=center>", '<p a"b=c>', "<div>", "</div>", "<div style='display:none'>", "<h2>", "</h2>",
        "<b>", "</b>", "<i>", "</i>", "<sup>", "<a href=/a.htm>", "<a href=javascript:x>", "<a name=b>", "</a>",
        "<a href='http://b.cn/?a=1&b=\"2\"'>", "<a href='http://b c.cn/'>", "<span style=color:red>", "</span>", "<font>", "<o:p>",
        "<img src=a.jpg>", "<img src='b.png' alt='<\"a\">'>", "<img hidden src=c.png>", "<br>", "<hr>",
        "<ul>", "</ul>", "<ol>", "<li>", "</li>", "<blockquote>", "</blockquote>", "<pre>a\nb", "</pre>",
        "<table>", "</table>", "<tr>", "<td>", "<td colspan=2>", "<td rowspan='2\"'>", "</td>", "<th>", "<caption>", "</caption>", "<tbody>", "<col>",
        "<script>", "</script>", "<style>", "</style>", "<!--", "-->", "<svg>", "</svg>", "<math>", "<mtext>", "</math>", "<xmp>", "</xmp>",
        "<plaintext>", "<iframe>", "</iframe>", "<select>", "<option>", "</select>", "<textarea>", "</textarea>", "<button>", "</button>",
        "<noscript>", "<template>", "</template>", "<form>", "<input>", "<frame hidden>", "<x-y>", "</x-y>", "<center>", "<figure>", "<figcaption>", "<dl>", "<dt>", "<dd>", "<nobr>", "<object>",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_a_sanitiser_would_change_nothing(markup: str) -> None:
    html = written(markup)
    assert JUDGE.clean(html) == html


@pytest.mark.parametrize(
    "expected",
    [e for site in site_names() for e in load_expected(site) if e.article],
    ids=lambda expected: expected.id,
)
def test_a_sanitiser_would_change_nothing_in_the_records(expected: Expected) -> None:
    article = read(load_page(expected), load_fixture_site(expected.site))
    assert isinstance(article, Article)
    assert JUDGE.clean(article.body_html) == article.body_html
