"""How right clusters and excerpt links are, by the truth of a labelled corpus.

Two documents are a pair, once. **Precision** is the share of the pairs in one cluster that are in
one group too; **recall** the share of the pairs in one group that are in one cluster too; F1 their
harmonic mean. Pairs with the very same text (folded, as the store compares it) count like all
others; `recall_unlike` leaves them out, as any hash finds them.

**Recall by kind**: of the documents made in that way, the share that are in one cluster with the
text that they were made from.

A document is **merged** when its cluster holds a document of another group. The share of a family
counts its documents, the copies too: one wrong pair among a hundred weekly notices is 2 %.

**Excerpts**: a link says that a digest carries a piece of another document. One to any member of
that document's group is right, and counts once for each digest and group. Links within a group
and between two digests are neither right nor wrong: a trimmed text is an excerpt, and two digests
may quote the same text that the corpus does not have.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from spiders.extract.fingerprint import content_hash
from tests.bench.dedupe.corpus import ORIGINAL, Labelled

COMBINED = "combined"


@dataclass(frozen=True, slots=True)
class Found:
    """What a method says: each document's cluster, and the excerpts it saw."""

    clusters: Mapping[str, Hashable]
    excerpts: frozenset[tuple[str, str]] = frozenset()
    """Id of the digest, id of the document that it quotes."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; of nothing it is 1, as nothing was missed."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 1.0


@dataclass(frozen=True, slots=True)
class Scores:
    precision: Share
    recall: Share
    recall_unlike: Share
    kinds: Mapping[str, Share]
    """By kind: found with the text that it was made from."""
    merged: Mapping[str, Share]
    """By family: in one cluster with a document of another group."""
    excerpts: Share
    """Of the excerpts there are, those that were found."""
    excerpt_precision: Share
    """Of the links that were given, those that are right."""

    @property
    def f1(self) -> float:
        together = self.precision.value + self.recall.value
        return 2 * self.precision.value * self.recall.value / together if together else 0.0


def score(documents: Sequence[Labelled], found: Found) -> Scores:
    """Compare; a document that the method gave no cluster stands alone."""
    cluster = {one.id: found.clusters.get(one.id, ("alone", one.id)) for one in documents}
    group = {one.id: one.group for one in documents}
    text = {one.id: content_hash(one.body) for one in documents}
    in_both = _pairs((group[n], cluster[n]) for n in group)
    in_group = _pairs(group.values())
    alike = _pairs((group[n], text[n]) for n in group)
    alike_in_both = _pairs((group[n], cluster[n], text[n]) for n in group)
    return Scores(
        precision=Share(in_both, _pairs(cluster.values())),
        recall=Share(in_both, in_group),
        recall_unlike=Share(in_both - alike_in_both, in_group - alike),
        kinds=_by_kind(documents, cluster),
        merged=_merged(documents, cluster),
        **_excerpts(documents, found, group),
    )


def _pairs(labels: Iterable[Hashable]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(labels).values())


def _by_kind(documents: Sequence[Labelled], cluster: Mapping[str, Hashable]) -> dict[str, Share]:
    right: Counter[str] = Counter()
    whole: Counter[str] = Counter()
    for one in documents:
        if one.kind == ORIGINAL or one.made_from not in cluster:
            continue
        kind = COMBINED if "+" in one.kind else one.kind
        whole[kind] += 1
        right[kind] += cluster[one.id] == cluster[one.made_from]
    return {kind: Share(right[kind], whole[kind]) for kind in sorted(whole)}


def _merged(documents: Sequence[Labelled], cluster: Mapping[str, Hashable]) -> dict[str, Share]:
    groups: defaultdict[Hashable, set[str]] = defaultdict(set)
    for one in documents:
        groups[cluster[one.id]].add(one.group)
    whole = Counter(one.family for one in documents)
    wrong = Counter(one.family for one in documents if len(groups[cluster[one.id]]) > 1)
    return {family: Share(wrong[family], whole[family]) for family in sorted(whole)}


def _excerpts(
    documents: Sequence[Labelled], found: Found, group: Mapping[str, str]
) -> dict[str, Share]:
    true = {(one.id, group[quoted]) for one in documents for quoted in one.excerpts}
    digests = {one.id for one in documents if one.family == "digest"}
    given = {
        (digest, group[quoted])
        for digest, quoted in found.excerpts
        if group[digest] != group[quoted] and not {digest, quoted} <= digests
    }
    return {
        "excerpts": Share(len(true & given), len(true)),
        "excerpt_precision": Share(len(true & given), len(given)),
    }
