"""An index in memory: which documents say the same."""

from collections import defaultdict

from flows.similarity.candidates import candidates, enlist, relate
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
            enlist(self._listed.setdefault(key, []), new.id)

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
        found = [
            (a, b, link)
            for (a, b), link in self._links.items()
            if link.kind is Kind.EXCERPT and not is_void(link, partition, self._listed)
        ]
        quoted: defaultdict[int, set[int]] = defaultdict(set)
        for a, b, _ in found:
            quoted[a].add(partition.of(b))
            quoted[b].add(partition.of(a))
        pairs = set()
        for a, b, link in found:
            # A digest has to do with many stories, a story with a digest or two.
            a_is_original = (len(quoted[b]) - len(quoted[a]) or link.lean) > 0
            digest, original = (b, a) if a_is_original else (a, b)
            pairs |= {(d, o) for d in self._documents[digest] for o in self._documents[original]}
        return pairs

    def _partition(self) -> Partition:
        return partition(self._sketches, self._links, self._listed)
