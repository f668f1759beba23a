"""The texts under a key: a list that is the same in any order, and foretells who may be quoted."""

import json
import random
from itertools import combinations

from flows.similarity import Document, Sketch, candidates, sketch
from flows.similarity.excerpts import passages
from flows.similarity.listed import ID, LISTED, RECORD, enlist, ids, records, strike
from tests.fixture_sites import FIXTURES

STORY = json.loads((FIXTURES / "jdxwwcn/expected/10286.json").read_text("utf-8"))["article"]
PARAGRAPHS = STORY["body_text"].split("\n")


def text_of(*paragraphs: str) -> Sketch:
    return sketch(Document("", "题", "\n".join(paragraphs)))


def foretold(one: Sketch, other: Sketch) -> set[int]:
    """The keys of both around which a passage may stand."""
    found = candidates(one, dict(records(other)))
    return {key for candidate in found for key in candidate.telling}


def record(text: int) -> bytes:
    return text.to_bytes(ID) + b"\x07\x09"


def test_whatever_is_quoted_is_foretold() -> None:
    fillers = [f"另有第{n}件事与此无关，只为把引文隔开，各处说法不一。" for n in range(9)]
    quoting = [text_of(fillers[n], PARAGRAPHS[n + 1], fillers[n + 2]) for n in range(5)]
    story = text_of(*PARAGRAPHS)
    quoted = 0
    for digest in quoting:
        shared = story.keys.keys() & digest.keys.keys()
        for passage in passages(story, digest, shared):
            assert foretold(story, digest).issuperset(passage.keys)
            assert foretold(digest, story).issuperset(passage.keys)
            quoted += len(passage.keys)
    assert quoted >= len(quoting)


def test_a_quote_that_begins_or_ends_a_text_is_foretold_too() -> None:
    story, lead, end = text_of(*PARAGRAPHS), PARAGRAPHS[1], PARAGRAPHS[-2]
    for digest in (text_of(lead, "此外另有一事，与此无关。"), text_of("此外另有一事。", end)):
        (passage,) = passages(story, digest, story.keys.keys() & digest.keys.keys())
        assert foretold(story, digest).issuperset(passage.keys)


def test_a_turn_of_speech_is_seldom_foretold() -> None:
    phrase = "以高质量发展为主线"
    texts = [
        text_of(
            f"{chr(0x4E00 + 97 * n)}{chr(0x5200 + 89 * n)}{phrase}{chr(0x6100 + 83 * n) * 9}。" * 3
        )
        for n in range(24)
    ]
    pairs = [(a, b) for a, b in combinations(texts, 2) if a.keys.keys() & b.keys.keys()]
    assert len(pairs) > 100
    assert sum(bool(foretold(a, b)) for a, b in pairs) < len(pairs) / 50


def test_a_list_is_the_same_in_whatever_order_its_texts_came() -> None:
    chance = random.Random(3)  # noqa: S311  (nobody is to be kept out)
    texts = [chance.getrandbits(63) for _ in range(LISTED + 50)]
    lists = []
    for _ in range(3):
        chance.shuffle(texts)
        found = b""
        for text in texts:
            found = enlist(found, record(text))
        lists.append(found)
    assert lists[0] == lists[1] == lists[2]
    assert ids(lists[0]) == sorted(texts)[:LISTED]


def test_a_text_is_listed_once() -> None:
    twice = enlist(enlist(enlist(b"", record(5)), record(9)), record(5))
    assert ids(twice) == [5, 9]


def test_a_text_that_is_gone_is_struck() -> None:
    listed = enlist(enlist(enlist(b"", record(1)), record(2)), record(3))
    assert ids(strike(listed, record(2))) == [1, 3]
    assert strike(listed, record(4)) == listed
    assert strike(record(1), record(1)) == b""


def test_each_key_has_a_record() -> None:
    story = text_of(*PARAGRAPHS)
    found = dict(records(story))
    assert found.keys() == story.keys.keys()
    assert all(len(one) == RECORD and ids(one) == [story.id] for one in found.values())
