"""What a method got wrong, a line each: for whoever wants to know why."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import islice

from tests.bench.dedupe.corpus import Labelled
from tests.bench.dedupe.scoring import Found

_TITLE = 28


def mistakes(documents: Sequence[Labelled], found: Found, count: int) -> Iterator[str]:
    """Clusters of several groups, copies not found, links that are wrong: so many of each sort."""
    by_id = {one.id: one for one in documents}
    clusters: defaultdict[Hashable, list[Labelled]] = defaultdict(list)
    for one in documents:
        clusters[found.clusters.get(one.id, one.id)].append(one)
    yield from islice(_merged(clusters), count)
    yield from islice(_missed(documents, found, by_id), count)
    yield from islice(_links(documents, found, by_id), count)


def _merged(clusters: Mapping[Hashable, Sequence[Labelled]]) -> Iterator[str]:
    for members in clusters.values():
        groups = {one.group: one for one in members}
        if len(groups) > 1:
            one, other = list(groups.values())[:2]
            yield f"merged, {len(groups)} groups of {len(members)}: {_named(one)} | {_named(other)}"


def _missed(
    documents: Sequence[Labelled], found: Found, by_id: Mapping[str, Labelled]
) -> Iterator[str]:
    for one in documents:
        if one.made_from and found.clusters.get(one.id) != found.clusters.get(one.made_from):
            yield f"missed: {_named(one)} | {_named(by_id[one.made_from])}"


def _links(
    documents: Sequence[Labelled], found: Found, by_id: Mapping[str, Labelled]
) -> Iterator[str]:
    true = {(one.id, by_id[quoted].group) for one in documents for quoted in one.excerpts}
    wrong = Counter[tuple[str, str]]()
    for digest, quoted in sorted(found.excerpts):
        pair = by_id[digest], by_id[quoted]
        families = (pair[0].family, pair[1].family)
        if (digest, pair[1].group) in true or pair[0].group == pair[1].group:
            continue
        wrong[families] += 1
        # One example of each sort of link: there may be thousands.
        if families != ("digest", "digest") and wrong[families] == 1:
            yield f"wrong link: {_named(pair[0])} | {_named(pair[1])}"


def _named(one: Labelled) -> str:
    kind = f"{one.kind} {one.style}".strip()
    return f"{one.id} {one.family} ({kind}), {len(one.body)} characters, {one.title[:_TITLE]}"
