"""One form for every address of an article, and the addresses that are never requested."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from w3lib.url import canonicalize_url

from spiders.families import FAMILIES, get_family

HOST = "http://www.a.example"


@pytest.mark.parametrize(
    ("family", "url", "canonical"),
    [
        ("generic", "HTTP://WWW.A.Example:80/x/1.html#top", f"{HOST}/x/1.html"),
        ("generic", "https://www.a.example:443/x", "https://www.a.example/x"),
        ("generic", "http://www.a.example:8080/x", "http://www.a.example:8080/x"),
        ("generic", "http://www.a.example./x/1.html", f"{HOST}/x/1.html"),
        ("generic", f"{HOST}/x?b=2&a=1", f"{HOST}/x?a=1&b=2"),
        ("generic", f"{HOST}/x.jsp;jsessionid=0A1B2C?id=3", f"{HOST}/x.jsp?id=3"),
        ("generic", f"{HOST}/新闻/1.html", f"{HOST}/%E6%96%B0%E9%97%BB/1.html"),
        ("vsb", f"{HOST}/info/1055/200120.htm", f"{HOST}/info/1055/200120.htm"),
        (
            "vsb",
            f"{HOST}/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1055&wbnewsid=200120",
            f"{HOST}/info/1055/200120.htm",
        ),
        (
            "vsb",
            f"{HOST}/xw/c.jsp?wbnewsid=200120&urltype=news.NewsContentUrl&wbtreeid=1055",
            f"{HOST}/info/1055/200120.htm",
        ),
        (
            "vsb",
            f"{HOST}/gkml_info.jsp?urltype=egovinfo.EgovInfoContent&wbtreeid=1066&indentifier=1030-%2F2017-0822001",
            f"{HOST}/gkml_info.jsp?indentifier=1030-%2F2017-0822001&urltype=egovinfo.EgovInfoContent&wbtreeid=1066",
        ),
        ("trs", f"{HOST}/a/202404/t20240412_51_ext.html", f"{HOST}/a/202404/t20240412_51.html"),
        ("nfcms", f"{HOST}/x/content/mpost_91.html", f"{HOST}/x/content/post_91.html"),
        (
            "gkmlpt",
            f"{HOST}/gkmlpt/content/1/2/mpost_9.html",
            f"{HOST}/gkmlpt/content/1/2/post_9.html",
        ),
        ("phpcms", f"{HOST}/show-9-1523-2.html", f"{HOST}/show-9-1523-1.html"),
        ("dedecms", f"{HOST}/a/x/2018/0127/10291_2.html", f"{HOST}/a/x/2018/0127/10291.html"),
        ("dedecms", f"{HOST}/plus/view.php?aid=9&pageno=2", f"{HOST}/plus/view.php?aid=9"),
        ("dedecms", f"{HOST}/a/x/list_12_2.html", f"{HOST}/a/x/list_12_2.html"),
        ("empirecms", f"{HOST}/x/2024-11-08/5521_2.html", f"{HOST}/x/2024-11-08/5521.html"),
        ("empirecms", f"{HOST}/x/index_2.html", f"{HOST}/x/index_2.html"),
        ("jeecms", f"{HOST}/x/24011_2.jhtml", f"{HOST}/x/24011.jhtml"),
        ("jeecms", f"{HOST}/x/index_2.jhtml", f"{HOST}/x/index_2.jhtml"),
    ],
)
def test_canonical_url(family: str, url: str, canonical: str) -> None:
    assert get_family(family).canonical_url(url) == canonical
    assert get_family(family).canonical_url(canonical) == canonical


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize(
    "path",
    [
        "/system/resource/code/news/click/dynclicks.jsp?clickid=1",
        "/system/resource/code/datainput.jsp?owner=1",
        "/_dwr/interface/NewsvoteDWR.js",
        "/plus/count.php?view=yes&aid=123&mid=1",
        "/api.php?op=count&id=1&modelid=1",
        "/e/public/ViewClick/?classid=3&id=5&addclick=1",
        "/e/public/onclick/?enews=donews&classid=3&id=5",
        "/_visitcount?siteId=12&type=2",
        "/module/visitcount/articlehits.jsp?colid=1&artid=2",
    ],
)
def test_counters_are_never_requested(family: object, path: str) -> None:
    assert family.never_request.search(f"{HOST}{path}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize(
    "path",
    [
        "/info/1055/200120.htm",
        "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1055&wbnewsid=200120",
        "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2",
        "/plus/list.php?tid=12&TotalResult=300&PageNo=2",
        "/plus/view.php?aid=123",
        "/module/web/jpage/dataproxy.jsp?page=1&appid=1",
        "/e/action/ListInfo/?classid=3&page=2",
        "/2024/0719/c123a4567/page.htm",
    ],
)
def test_pages_are_requested(family: object, path: str) -> None:
    assert not family.never_request.search(f"{HOST}{path}")  # type: ignore[attr-defined]


def test_unknown_family() -> None:
    with pytest.raises(KeyError, match="no family 'wordpress'; there are: vsb"):
        get_family("wordpress")


@example("http://a.example/./b.htm")
@example("http://a.example/b/../c.htm")
@example("http://a.example/.")
@given(st.from_regex(r"https?://[a-z0-9]+([.-][a-z0-9]+)*/[A-Za-z0-9_./-]*", fullmatch=True))
def test_a_plain_address_is_the_one_that_canonicalising_gives(url: str) -> None:
    assert get_family("generic").canonical_url(url) == canonicalize_url(url)
