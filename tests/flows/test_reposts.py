"""Whose text an article carries, by its own word."""

from typing import Any

import pytest

from flows.reposts import reposts
from schemas.article import Article
from schemas.cluster import Clue
from tests.flows.storage.records import TEXT, article

ORIGINAL = article(
    1,
    site="river",
    site_name="南关区人民政府",
    url="http://www.nanguan.example/info/1.htm",
    publisher_division="220102",
    source="区科技局",
)


def repost(**fields: Any) -> Article:
    return article(2, fields.pop("text", TEXT), site_name="中国焦点新闻网", **fields)


@pytest.mark.parametrize(
    ("fields", "clue", "name"),
    [
        ({"source": "南关区人民政府网站"}, Clue.SOURCE, "南关区人民政府网站"),
        ({"source": "南关区"}, Clue.SOURCE, "南关区"),
        ({"text": f"{TEXT}\n（转载自：南关区人民政府）"}, Clue.TEXT, "南关区人民政府"),
        ({"text": f"{TEXT}\n稿件来源：区科技局。"}, Clue.TEXT, "区科技局"),
        (
            {"body_html": '<p><a href="http://www.nanguan.example/info/1.htm">原文</a></p>'},
            Clue.LINK,
            "http://www.nanguan.example/info/1.htm",
        ),
        (
            {"body_html": '<p><a href="http://nanguan.example/">南关</a></p>'},
            Clue.LINK,
            "http://nanguan.example/",
        ),
    ],
    ids=["source", "division", "text", "agency", "address", "site"],
)
def test_it_says_whose_text_it_is(fields: dict[str, Any], clue: Clue, name: str) -> None:
    (found,) = reposts(repost(**fields), [ORIGINAL])
    assert (found.clue, found.name, found.article) == (clue, name, ORIGINAL.id)


def test_a_source_that_is_not_among_them_is_named() -> None:
    (found,) = reposts(repost(source="吉林日报"), [ORIGINAL])
    assert (found.name, found.article) == ("吉林日报", None)


def test_the_plainest_word_counts_once() -> None:
    said = repost(source="南关区人民政府", text=f"{TEXT}\n转自南关区人民政府。")
    assert [one.clue for one in reposts(said, [ORIGINAL])] == [Clue.SOURCE]


def test_its_own_name_is_no_repost() -> None:
    assert reposts(ORIGINAL, [repost()]) == ()
    assert reposts(repost(text=f"{TEXT}\n来源：中国焦点新闻网"), [ORIGINAL]) == ()
