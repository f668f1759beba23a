"""An index in memory: which documents say the same."""

from collections import defaultdict

from flows.similarity.candidates import candidates, listed_with, relate
from flows.similarity.clusters import Pair, Partition, is_void, partition
from flows.similarity.document import Document, Sketch, sketch
from flows.similarity.link import Kind, Link


class MemoryIndex:
    """Documents by the keys of their texts."""

    def __init__(self) -> None:
        self._documents: defaultdict[int, list[str]] = defaultdict(list)
        self._sketches: dict[int, Sketch] = {}
        self._listed: dict[int, list[int]] = {}
        self._links: dict[Pair, Link] = {}

    def add(self, document: Document) -> None:
        """Take a document in and compare it with what it shares keys with."""
        new = sketch(document)
        self._documents[new.id].append(document.id)
        if new.id in self._sketches:
            return
        self._sketches[new.id] = new
        for candidate in candidates(new, self._listed):
            if link := relate(new, self._sketches[candidate.text], candidate):
                self._links[min(new.id, candidate.text), max(new.id, candidate.text)] = link
        for key in new.keys:
            self._listed[key] = listed_with(self._listed.get(key, []), new.id)

    def clusters(self) -> dict[str, str]:
        """Each document's cluster: the least of its members' ids."""
        return {
            document: min(members)
            for texts in self._partition().sets().values()
            for members in [[d for text in texts for d in self._documents[text]]]
            for document in members
        }

    def excerpts(self) -> set[tuple[str, str]]:
        """Pairs of a digest and the original of a passage in it."""
        partition = self._partition()
        found = {
            pair: link
            for pair, link in self._links.items()
            if link.kind is Kind.EXCERPT and not is_void(link, partition, self._listed)
        }
        pairs = set()
        for (a, b), link in found.items():
            digest, original = (b, a) if link.lean > 0 else (a, b)
            pairs |= {(d, o) for d in self._documents[digest] for o in self._documents[original]}
        return pairs

    def _partition(self) -> Partition:
        return partition(self._sketches, self._links, self._listed)
