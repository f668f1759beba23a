"""Every list page of every fixture site, against what was read off it."""

import json
from typing import Any

import pytest

from spiders.extract.document import Document
from spiders.families import get_family
from tests.fixture_sites import (
    FIXTURES,
    load_fixture_site,
    load_responses,
    make_page,
    site_names,
)


def _expected() -> list[tuple[str, dict[str, Any]]]:
    pages = []
    for path in sorted(FIXTURES.glob("*/expected/lists.json")):
        lists = json.loads(path.read_text(encoding="utf-8"))
        pages += [(path.parent.parent.name, page) for page in lists]
    return pages


EXPECTED = _expected()


@pytest.mark.parametrize(("site", "page"), EXPECTED, ids=[page["url"] for _, page in EXPECTED])
def test_list_page(site: str, page: dict[str, Any]) -> None:
    response = load_responses(site)[page["url"]]
    document = Document.from_page(make_page(response, site=site))
    read = get_family(load_fixture_site(site).family).read_list(document)
    rows = [
        {"url": row.url, "title": row.title, "date": row.published and str(row.published)}
        for row in read.listings
    ]
    for row, expected in zip(rows, page["listings"], strict=False):
        # A page read by the eye may leave the time of day out.
        if row["date"] and expected["date"] and len(expected["date"]) < len(row["date"]):
            row["date"] = row["date"][: len(expected["date"])]
    assert rows == page["listings"]
    assert read.next_url == page["next_url"]
    assert read.total_pages == page["total_pages"]
    assert read.total_rows == page["total_rows"]


def test_every_site_has_a_list() -> None:
    assert {site for site, _ in EXPECTED} == set(site_names())
