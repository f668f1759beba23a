"""The arithmetic of the near-duplicate benchmark, on cases worked out by hand."""

from datetime import date

import pytest

from tests.bench.dedupe.corpus import Labelled
from tests.bench.dedupe.scoring import Found, Share, score


def document(name: str, group: str, family: str = "story", **truth: object) -> Labelled:
    return Labelled(
        name,
        "题",
        truth.pop("body", f"正文{name}"),
        date(2026, 3, 5),
        None,
        None,
        group,
        family,
        **truth,  # type: ignore[arg-type]
    )


def copy(name: str, group: str, kind: str, made_from: str) -> Labelled:
    return document(name, group, kind=kind, made_from=made_from)


# a1 a2 a3 are one article, b1 b2 another, c stands alone: four pairs.
ARTICLES = [
    document("a1", "a"),
    copy("a2", "a", "edited", "a1"),
    copy("a3", "a", "trimmed", "a1"),
    document("b1", "b"),
    copy("b2", "b", "edited", "b1"),
    document("c", "c"),
]


def test_the_truth_itself_is_perfect() -> None:
    scores = score(ARTICLES, Found({one.id: one.group for one in ARTICLES}))
    assert (scores.precision, scores.recall, scores.f1) == (Share(4, 4), Share(4, 4), 1.0)
    assert scores.merged == {"story": Share(0, 6)}


def test_a_document_without_a_cluster_stands_alone() -> None:
    scores = score(ARTICLES, Found({}))
    assert scores.precision == Share(0, 0)
    assert scores.recall == Share(0, 4)
    assert scores.f1 == 0


def test_pairs_are_counted_once_each() -> None:
    # Clusters {a1 a2} {a3 b1 b2} {c}: right are a1-a2 and b1-b2, wrong a3-b1 and a3-b2.
    found = Found({"a1": 1, "a2": 1, "a3": 2, "b1": 2, "b2": 2, "c": 3})
    scores = score(ARTICLES, found)
    assert scores.precision == Share(2, 4)
    assert scores.recall == Share(2, 4)
    assert scores.f1 == pytest.approx(0.5)


def test_kinds_are_found_with_what_they_were_made_from() -> None:
    found = Found({"a1": 1, "a2": 1, "a3": 2, "b1": 2, "b2": 2, "c": 3})
    assert score(ARTICLES, found).kinds == {"edited": Share(2, 2), "trimmed": Share(0, 1)}


def test_two_kinds_together_are_combined() -> None:
    documents = [document("a", "g"), copy("b", "g", "edited+framed", "a")]
    assert score(documents, Found({"a": 1, "b": 1})).kinds == {"combined": Share(1, 1)}


def test_every_document_of_a_mixed_cluster_is_merged() -> None:
    # Three weekly notices, two of them in one cluster; a digest in the cluster of a story.
    documents = [
        document("w1", "1", "serial"),
        document("w2", "2", "serial"),
        document("w3", "3", "serial"),
        document("d", "4", "digest"),
        document("s", "5"),
    ]
    found = Found({"w1": 1, "w2": 1, "w3": 2, "d": 3, "s": 3})
    merged = score(documents, found).merged
    assert merged == {"serial": Share(2, 3), "digest": Share(1, 1), "story": Share(1, 1)}


def test_a_repost_of_a_notice_is_not_merged_with_its_own() -> None:
    documents = [document("w1", "1", "serial"), copy("w2", "1", "framed", "w1")]
    assert score(documents, Found({"w1": 1, "w2": 1})).merged["story"] == Share(0, 1)


def test_the_same_text_counts_but_can_be_left_out() -> None:
    # a1 and a2 say the same but for width and space; a3 says something else.
    documents = [
        document("a1", "a", body="共有12人。"),
        document("a2", "a", body=" 共有１２人。\n"),
        document("a3", "a", body="来了十二人。"),
    ]
    scores = score(documents, Found({"a1": 1, "a2": 1}))
    assert scores.recall == Share(1, 3)
    assert scores.recall_unlike == Share(0, 2)


def test_a_link_to_any_copy_of_the_quoted_text_is_right() -> None:
    documents = [
        *ARTICLES,
        document("d", "d", "digest", excerpts=("a1", "b1")),
        document("e", "e", "digest", excerpts=("c",)),
    ]
    # d quotes a (said twice, through two copies) and, wrongly, c; b and e's c are missed.
    found = Found({}, frozenset({("d", "a2"), ("d", "a3"), ("d", "c")}))
    scores = score(documents, found)
    assert scores.excerpts == Share(1, 3)
    assert scores.excerpt_precision == Share(1, 2)


def test_links_within_a_group_and_between_digests_are_left_out() -> None:
    documents = [*ARTICLES, document("d", "d", "digest"), document("e", "e", "digest")]
    found = Found({}, frozenset({("a1", "a3"), ("d", "e"), ("a1", "c")}))
    assert score(documents, found).excerpt_precision == Share(0, 1)
