"""Texts that are one, from links between two: strongest first, and never against the facts."""

from collections.abc import Container, Iterable, Mapping
from typing import Final

from flows.similarity.link import Kind, Link

COMMON: Final = 8
"""Clusters a key may stand in; what is in more is the site's or the country's, not the text's."""

_SURE: Final = frozenset({Kind.SAME, Kind.TRIMMED})

Pair = tuple[int, int]
"""Two texts, the lesser id first."""


class Partition:
    """Disjoint sets of texts.

    Two sets are joined by a link unless more pairs between them are told apart by their facts than
    are linked: a trimmed text without any figure is like two issues of a series, which makes them
    no more one than they were.
    """

    def __init__(self, texts: Iterable[int], apart: Iterable[Pair], linked: Iterable[Pair]) -> None:
        self._parent = {text: text for text in texts}
        self._members = {text: [text] for text in self._parent}
        self._votes: dict[int, dict[int, int]] = {text: {} for text in self._parent}
        for pairs, vote in ((apart, -1), (linked, 1)):
            for a, b in pairs:
                self._vote(a, b, vote)

    def of(self, text: int) -> int:
        """The set a text belongs to; one that is not among them stands for itself."""
        parents = self._parent
        while (parent := parents.get(text, text)) != text:
            parents[text] = text = parents[parent]
        return text

    def join(self, a: int, b: int) -> bool:
        """Make the sets of two texts one, unless facts forbid it."""
        kept, gone = self.of(a), self.of(b)
        if kept == gone:
            return True
        if self._votes[kept].get(gone, 0) < 0:
            return False
        if len(self._votes[kept]) < len(self._votes[gone]):
            kept, gone = gone, kept
        self._parent[gone] = kept
        self._members[kept] += self._members.pop(gone)
        for other, votes in self._votes.pop(gone).items():
            if other != kept:
                self._vote(kept, other, votes)
            del self._votes[other][gone]
        return True

    def _vote(self, a: int, b: int, votes: int) -> None:
        ours, theirs = self._votes[a], self._votes[b]
        ours[b] = theirs[a] = ours.get(b, 0) + votes

    def sets(self) -> Mapping[int, list[int]]:
        """The members of each set."""
        return self._members


def surely(texts: Iterable[int], links: Mapping[Pair, Link]) -> Partition:
    """The texts that are one beyond doubt, whatever frames they stand in."""
    apart = [pair for pair, link in links.items() if link.kind is Kind.OTHER_FACTS]
    sure = [pair for pair, _ in _strongest(links, _SURE)]
    found = Partition(texts, apart, sure)
    for a, b in sure:
        found.join(a, b)
    return found


def join_framed(
    found: Partition, links: Mapping[Pair, Link], listed: Mapping[int, Iterable[int]]
) -> None:
    """Join what stands in other frames, in whatever order the links were found.

    `listed` has the texts of the keys that framed texts are linked by; what is linked by nothing
    but keys that stand in many clusters is no cluster: it is one site's header and footer.
    """
    framed = _strongest(links, {Kind.FRAMED})
    common = common_keys((link for _, link in framed), found, listed)
    for (a, b), link in framed:
        if not is_void(link, common):
            found.join(a, b)


def _strongest(links: Mapping[Pair, Link], kinds: Container[Kind]) -> list[tuple[Pair, Link]]:
    """The links of these kinds, the strongest first."""
    found = [(pair, link) for pair, link in links.items() if link.kind in kinds]
    return sorted(found, key=lambda item: (-item[1].strength, item[0]))


def is_void(link: Link, common: Container[int]) -> bool:
    """Whether most of what a link stands on is common."""
    return sum(key in common for key in link.keys) * 2 > len(link.keys)


def common_keys(
    links: Iterable[Link], found: Partition, listed: Mapping[int, Iterable[int]]
) -> set[int]:
    """Those of the keys that links stand on that are in very many clusters."""
    keys = {key for link in links for key in link.keys}
    return {key for key in keys if len({*map(found.of, listed.get(key, ()))}) > COMMON}
