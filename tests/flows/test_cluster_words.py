"""A cluster in words: what each text is to the first, and why that is the first."""

import json
from datetime import datetime
from typing import Any

import pytest
from opencc import OpenCC

from flows.clusters import changes, relation, sketch_of, why_first
from flows.reposts import reposts
from schemas.article import Article
from schemas.cluster import Member, Relation
from schemas.dates import SHANGHAI, Precision
from tests.fixture_sites import FIXTURES
from tests.flows.storage.records import article

STORY = json.loads((FIXTURES / "jdxwwcn/expected/10286.json").read_text("utf-8"))["article"]
PARAGRAPHS = STORY["body_text"].split("\n")
BODY = "\n".join(PARAGRAPHS)
MORE = "又有新的进展另行报道，内容与前文没有一处相同。" * 14
FIRST = article(1, BODY, title=STORY["title"])


def other(body: str = BODY, **fields: Any) -> Article:
    return article(2, body, **{"title": FIRST.title, **fields})


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        (other(), Relation.SAME, "nothing"),
        (
            other(OpenCC("s2t").convert(BODY), language="zh-Hant"),
            Relation.SAME,
            "in traditional characters",
        ),
        (other(title="我区召开大会"), Relation.RETITLED, "another title"),
        (
            other(BODY.replace("隆重召开", "召开")),
            Relation.EDITED,
            "body: 1 paragraph changed (+0 −2 characters)",
        ),
        (
            other("\n".join(PARAGRAPHS[:-3])),
            Relation.SHORTENED,
            f"body: 3 paragraphs removed (+0 −{sum(map(len, PARAGRAPHS[-3:]))} characters)",
        ),
        (
            other(f"{BODY}\n{MORE}"),
            Relation.EXTENDED,
            f"body: 1 paragraph added (+{len(MORE)} −0 characters)",
        ),
        (article(2, "今日起河道清淤，沿线绕行。", title="通告"), Relation.AKIN, None),
    ],
    ids=["same", "traditional", "title", "edited", "shortened", "extended", "none"],
)
def test_what_a_text_is_to_the_first(text: Article, expected: Relation, said: str | None) -> None:
    assert relation(sketch_of(FIRST), sketch_of(text)) is expected
    if said:
        assert changes(FIRST, text) == said


def at(day: int, hour: int | None = None, **fields: Any) -> Article:
    moment = datetime(2026, 1, day, hour or 0, tzinfo=SHANGHAI)
    precision = Precision.DAY if hour is None else Precision.MINUTE
    defaults = {"published_at": moment, "published_precision": precision, "site_name": "某区政府"}
    return other(**{**defaults, "id": f"{day}-{hour}-{len(fields)}", **fields})


UNDATED = {"published_at": None, "published_precision": None}


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (at(1), at(3), "published 2 days before the next"),
        (at(1, 9), at(1, 11), "published 2 h 00 min before the next"),
        (at(1), at(1, source="新华社"), "the next, of the same day, names another source"),
        (
            at(1, publisher_division="220100"),
            at(1, publisher_division="220102"),
            "of the same day as the next, and from above (prefecture: 长春市)",
        ),
        (at(1), at(1, 8), "of the same day as the next; nothing says which was earlier"),
        (at(1), at(2, **UNDATED), "the others do not say when they were published"),
        (at(1, **UNDATED), at(2, **UNDATED), "no article says when it was published"),
    ],
)
def test_why_it_is_the_first(first: Article, second: Article, why: str) -> None:
    assert why_first([Member(article=first), Member(article=second)]) == why


def test_who_names_it_counts() -> None:
    first = at(1, site_name="南关区人民政府", url="http://www.nanguan.example/1.htm")
    second = at(2, source="南关区人民政府")
    member = Member(article=second, reposts=reposts(second, [first]))
    assert why_first([Member(article=first), member]) == (
        "published 1 day before the next; named as the source by 1 of the others"
    )
