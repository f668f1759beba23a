"""A refusal says which field, what was expected, and what came."""

import pytest
from pydantic import ValidationError

from schemas.article import Article
from schemas.explain import explain

WHOLE = {
    "id": "1",
    "site": "hill",
    "site_name": "山区人民政府",
    "url": "http://www.hill.gov.cn/1.htm",
    "title": "一",
    "body_text": "一。",
    "body_html": "<p>一。</p>",
    "content_hash": "0" * 64,
    "fetched_at": "2026-01-05T09:30:00+08:00",
    "reader": "vsb",
    "reader_version": "1.1",
}


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {"title": "科" * 501},
            f"title: expected at most 500 characters, found 501, got '{'科' * 60}…'",
        ),
        ({"source": ""}, "source: expected at least 1 characters, got ''"),
        ({"title": "一\n二"}, r"title: expected one line, got '一\n二'"),
        (
            {"published_at": "2024-07-19T09:30", "published_precision": "minute"},
            "published_at: expected a time with its offset, such as +08:00, got '2024-07-19T09:30'",
        ),
        ({"written_on": "去年"}, "written_on: expected a day, such as 2024-07-19, got '去年'"),
        (
            {"url": "/1.htm"},
            "url: expected an absolute address, such as http://www.lyls.gov.cn/, got '/1.htm'",
        ),
        ({"keywords": [3]}, "keywords.0: expected text, got 3"),
        ({"clicks": 3}, "clicks: unknown key; remove it or check its spelling"),
        (
            {"body_text": ""},
            "article: no text, no image and no attachment: the body was not found",
        ),
        (
            {"body_text": "一\x01"},
            "body_text: holds the unprintable character U+0001 at 1, got '一\\x01'",
        ),
    ],
)
def test_a_problem_is_one_plain_line(fields: dict[str, object], line: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Article.model_validate({**WHOLE, **fields})
    assert explain(raised.value, "article") == (line,)


def test_every_problem_has_its_line() -> None:
    with pytest.raises(ValidationError) as raised:
        Article.model_validate({**WHOLE, "title": "", "source": ""})
    assert [line.partition(":")[0] for line in explain(raised.value, "article")] == [
        "title",
        "source",
    ]
