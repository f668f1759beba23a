"""Whatever bytes a list page turns out to hold, a reader says what it finds and never raises."""

from functools import cache
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.extract.document import Document
from spiders.families import FAMILIES, get_family
from spiders.families.detect import detect
from tests.fixture_sites import load_fixture_site, load_responses, site_names

# Markup that list readers look for, to be thrown in anywhere.
SHARDS = [
    b"<datastore><record><![CDATA[<li>",
    b"</recordset>",
    b"createPageHTML(9, 9999999999999999999999, ,",
    b"<a href='javascript:go(\"x.html\")'>",
    b"<li id=line_u1_0><a href='http://[::1'>",
    b"?totalpage=9&PAGENUM=9",
    b'<div url="/front/page/build/unit" queryData="{',
    b'{"articles": [{"url": 7}], "classify": 3}',
    b"9999-99-99",
    b"</html><body>",
    b"\x00\xff\xfe",
]
SETTINGS = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@cache
def bodies() -> list[tuple[str, str, bytes]]:
    """Every response of every fixture site: its family, its address, its bytes."""
    return [
        (load_fixture_site(site).family, response.url, response.body)
        for site in site_names()
        for response in load_responses(site).values()
    ]


def read_everywhere(family: str, url: str, body: bytes) -> None:
    document = Document.from_bytes(url, body)
    detect(url, {}, document.html)
    for reader in {get_family(family), get_family("generic"), get_family("hanweb")}:
        page = reader.read_list(document)
        for address in (*(row.url for row in page.listings), page.next_url or url):
            assert urlsplit(address).scheme in {"http", "https"}
            reader.canonical_url(address)


@SETTINGS
@given(data=st.data())
def test_cut_and_filled_with_shards(data: st.DataObject) -> None:
    family, url, body = data.draw(st.sampled_from(bodies()))
    start = data.draw(st.integers(0, max(len(body) - 1, 0)))
    end = data.draw(st.integers(start, len(body)))
    shard = data.draw(st.sampled_from(SHARDS))
    read_everywhere(family, url, body[:start] + shard + body[end:])


@SETTINGS
@given(body=st.binary(max_size=2_000), family=st.sampled_from(sorted(FAMILIES)))
def test_any_bytes(body: bytes, family: str) -> None:
    read_everywhere(family, "http://www.a.example/gkmlpt/api/all/0?page=x&sid=1", body)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "text",
    [
        '{"articles": [{"url": 7, "title": null, "date": "x"}], "classify": 3}',
        '{"articles": {"a": 1}}',
        '{"articles": [1, null], "classify": null}',
        "[]",
        "null",
        '{"data": {"html": null}}',
        '{"data": {"html": 3}}',
        '{"data": []}',
    ],
)
def test_json_of_another_shape(family: str, text: str) -> None:
    for path in ("/gkmlpt/api/all/0?page=1&sid=1", "/x/front/page/build/unit?paramJson=[]"):
        document = Document.from_bytes(f"http://www.a.example{path}", text.encode())
        assert get_family(family).read_list(document).next_url is None
