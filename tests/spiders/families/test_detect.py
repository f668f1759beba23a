"""The family of every fixture page, told by its markers alone."""

import pytest

from spiders.extract.document import Document
from spiders.families import FAMILIES
from spiders.families.detect import detect
from tests.fixture_sites import Response, load_fixture_site, load_responses, make_page, site_names


def pages() -> list[tuple[str, Response]]:
    """Every page with something on it that came with status 200 and is no list's empty stub."""
    return [
        (site, response)
        for site in site_names()
        for response in load_responses(site).values()
        if response.status == 200
        and response.url != "http://www.chengxi.example/zwdt/index_3.html"
        and not response.url.endswith("robots.txt")
    ]


@pytest.mark.parametrize(("site", "response"), pages(), ids=[r.url for _, r in pages()])
def test_page(site: str, response: Response) -> None:
    page = make_page(response, site=site)
    family = load_fixture_site(site).family
    found = detect(page.url, page.headers, Document.from_page(page).html)
    assert found.family == (None if family == "generic" else family), found.scores
    assert len(found.scores) <= 2


def test_every_family_is_detected_somewhere() -> None:
    families = {load_fixture_site(site).family for site in site_names()}
    assert families == set(FAMILIES)


def test_pasted_markup_does_not_decide() -> None:
    """A TRS page with a body pasted from a UCAP site."""
    body = '<div class="TRS_UEDITOR"><div id="UCAP-CONTENT"></div></div>'
    crumb = '<a class="CurrChnlCls">首页</a>'
    assert detect("http://a.example/", {}, crumb + body).family == "trs"
    thin = detect("http://a.example/", {}, body)
    assert thin.family is None
    assert [score.family for score in thin.scores] == ["ucap", "trs"]
    assert all(score.reasons for score in thin.scores)


def test_first_argument_tells_two_pagers_apart() -> None:
    trs = '<a class="CurrChnlCls"></a><script>createPageHTML(9, 0, "index", "html");</script>'
    ucap = "<script>createPageHTML('page_div',5, 1,'fg','shtml',89);</script>"
    assert detect("http://a.example/x/", {}, trs).family == "trs"
    assert detect("http://a.example/x/", {}, ucap).family == "ucap"


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/2018/0125/123.html",
        "http://a.example/info/1055/200120.htm",
        "http://a.example/202405/t20240531_191008.html",
    ],
)
def test_an_address_alone_is_not_enough(url: str) -> None:
    found = detect(url, {}, "<html><body><p>正文</p></body></html>")
    assert found.family is None
    assert found.scores


def test_headers_speak() -> None:
    headers = {"server": "VWebServer", "x-protected-by": "WebberRASP"}
    assert detect("http://a.example/", headers, "").family == "vsb"
    assert detect("http://a.example/", {"server": "Epoint-HTTPServer"}, "").family == "epoint"


def test_nothing_found() -> None:
    assert detect("http://a.example/", {}, "").family is None
    assert detect("http://a.example/", {}, "").scores == ()
