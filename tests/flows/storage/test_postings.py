"""The byte beside each key: it spares reading texts, and never one that shares a passage."""

import json
from itertools import combinations

from flows.similarity import Document, Sketch, sketch
from flows.similarity.excerpts import passages
from flows.storage.postings import around, may_quote
from tests.fixture_sites import FIXTURES

STORY = json.loads((FIXTURES / "jdxwwcn/expected/10286.json").read_text("utf-8"))["article"]
PARAGRAPHS = STORY["body_text"].split("\n")


def text_of(*paragraphs: str) -> Sketch:
    return sketch(Document("", "题", "\n".join(paragraphs)))


def test_whatever_is_quoted_is_read() -> None:
    fillers = [f"另有第{n}件事与此无关，只为把引文隔开，各处说法不一。" for n in range(9)]
    quoting = [text_of(fillers[n], PARAGRAPHS[n + 1], fillers[n + 2]) for n in range(5)]
    story = text_of(*PARAGRAPHS)
    quoted = 0
    for digest in quoting:
        shared = story.keys.keys() & digest.keys.keys()
        for passage in passages(story, digest, shared):
            for key in passage.keys:
                assert may_quote(around(story)[key], around(digest)[key])
                quoted += 1
    assert quoted >= len(quoting)


def test_a_turn_of_speech_alone_is_mostly_not_read() -> None:
    phrase = "以高质量发展为主线"
    texts = [
        text_of(
            f"{chr(0x4E00 + 97 * n)}{chr(0x5200 + 89 * n)}{phrase}{chr(0x6100 + 83 * n) * 9}。" * 3
        )
        for n in range(24)
    ]
    looks = [
        may_quote(around(one)[key], around(other)[key])
        for one, other in combinations(texts, 2)
        for key in one.keys.keys() & other.keys.keys()
    ]
    assert looks
    assert sum(looks) < len(looks) / 2


def test_a_byte_holds_it() -> None:
    assert all(-128 <= beside < 128 for beside in around(text_of(*PARAGRAPHS)).values())
