"""Every fixture article, read as a saved file of which nothing is known but its address."""

import pytest

from schemas.article import Article
from spiders.reader import read_saved
from tests.fixture_sites import Expected, load_expected, load_page, site_names

ARTICLES = {
    expected.id: expected
    for site in site_names()
    for expected in load_expected(site)
    if expected.article
}
# What only the site's data can say: its columns, its division, its own name.
SAID_BY_THE_PAGE = [
    "title",
    "body_text",
    "source",
    "author",
    "editor",
    "index_number",
    "document_number",
    "issuing_agency",
    "images",
    "attachments",
]


@pytest.mark.parametrize("expected", ARTICLES.values(), ids=ARTICLES)
def test_the_page_says_it_all(expected: Expected) -> None:
    page = load_page(expected)
    record = read_saved(page.body, url=page.url, site=None, fetched_at=page.fetched_at)
    assert isinstance(record, Article), record
    said = record.model_dump(mode="json")
    assert expected.article
    assert {name: said[name] for name in SAID_BY_THE_PAGE} == {
        name: expected.article[name] for name in SAID_BY_THE_PAGE
    }
    assert "charset" in said["provenance"]
