"""Site maps and feeds: which pages they name, and what they say of their dates."""

import gzip

import pytest

from spiders.sources.feeds import is_feed, read_feed

BASE = "http://www.huaxi.example/sitemap.xml"
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <url><loc> http://www.huaxi.example/info/1001/1.htm </loc><lastmod>2024-07-19</lastmod></url>
  <url><loc>http://www.huaxi.example/info/1001/2.htm</loc>
    <lastmod>2024-07-20T09:30:00+08:00</lastmod><changefreq>never</changefreq></url>
  <!-- <url><loc>http://www.huaxi.example/info/1001/0.htm</loc></url> -->
  <url><loc>/info/1001/3.htm</loc></url>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>http://www.huaxi.example/a.xml.gz</loc></sitemap>
  <sitemap><loc>/b.xml</loc></sitemap>
</sitemapindex>"""
RSS = """<?xml version="1.0" encoding="gb2312"?>
<rss version="2.0"><channel><title>花溪要闻</title><link>http://www.huaxi.example/</link>
  <item><title><![CDATA[花溪县召开会议]]></title><link>/info/1001/1.htm</link>
    <pubDate>Fri, 19 Jul 2024 09:30:00 +0800</pubDate></item>
  <item><title>花溪县开展演练</title><link>http://www.huaxi.example/info/1001/2.htm</link>
    <pubDate>2024-07-20 16:05</pubDate></item>
  <item><title>没有地址</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>花溪要闻</title>
  <link href="http://www.huaxi.example/"/>
  <entry><title>花溪县召开会议</title><link rel="edit" href="/edit/1"/>
    <link href="/info/1001/1.htm"/><updated>2024-07-21T00:00:00Z</updated>
    <published>2024-07-19T01:30:00Z</published></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
  xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="/"><title>花溪要闻</title></channel>
  <item rdf:about="/1"><title>花溪县召开会议</title><link>/info/1001/1.htm</link>
    <dc:date>2024-07-19</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_site_map(packed: bool) -> None:
    data = gzip.compress(SITEMAP.encode()) if packed else SITEMAP.encode()
    feed = read_feed(data, BASE)
    assert [entry.url.rpartition("/")[2] for entry in feed.entries] == ["1.htm", "2.htm", "3.htm"]
    assert [str(e.changed) for e in feed.entries] == [
        "2024-07-19",
        "2024-07-20T09:30:00+08:00",
        "None",
    ]
    assert feed.entries[2].url == "http://www.huaxi.example/info/1001/3.htm"
    assert all(entry.published is None for entry in feed.entries)
    assert feed.further == []


def test_an_index_of_site_maps() -> None:
    feed = read_feed(INDEX.encode(), BASE)
    assert feed.further == ["http://www.huaxi.example/a.xml.gz", "http://www.huaxi.example/b.xml"]
    assert feed.entries == []


@pytest.mark.parametrize(
    ("text", "encoding", "published"),
    [
        (RSS, "gb2312", ["2024-07-19T09:30:00+08:00", "2024-07-20T16:05+08:00"]),
        (ATOM, "utf-8", ["2024-07-19T09:30:00+08:00"]),
        (RDF, "utf-8", ["2024-07-19"]),
    ],
    ids=["rss", "atom", "rdf"],
)
def test_a_feed(text: str, encoding: str, published: list[str]) -> None:
    feed = read_feed(text.encode(encoding), BASE)
    assert feed.entries[0].url == "http://www.huaxi.example/info/1001/1.htm"
    assert feed.entries[0].title == "花溪县召开会议"
    assert [str(entry.published) for entry in feed.entries] == published


@pytest.mark.parametrize(
    "data",
    [b"", b"<html><body>404</body></html>", b"\x1f\x8b torn", b'{"urls": []}'],
)
def test_neither(data: bytes) -> None:
    assert not is_feed(data)
    with pytest.raises(ValueError, match="neither a site map nor a feed"):
        read_feed(data, BASE)


def test_torn_and_hostile() -> None:
    torn = read_feed(SITEMAP[:400].encode(), BASE)
    assert [entry.url.rpartition("/")[2] for entry in torn.entries][:1] == ["1.htm"]
    entity = '<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    hostile = RSS.replace("<rss", f"{entity}<rss", 1).replace("花溪县开展演练", "&e;")
    assert "root" not in read_feed(hostile.encode("gb2312"), BASE).entries[1].title
