"""An index in memory: which documents say the same."""

from collections import Counter, defaultdict
from itertools import product
from typing import Final

from flows.similarity.candidates import candidates, relate
from flows.similarity.clusters import Pair, Partition, common_keys, is_void, join_framed, surely
from flows.similarity.document import Document, Sketch, sketches
from flows.similarity.link import Kind, Link
from flows.similarity.listed import enlist, ids, records

# A sketch takes half the time where some are made together.
_TOGETHER: Final = 64


class MemoryIndex:
    """Documents by the keys of their texts."""

    def __init__(self) -> None:
        self._waiting: list[Document] = []
        self._documents: defaultdict[int, list[str]] = defaultdict(list)
        self._sketches: dict[int, Sketch] = {}
        self._listed: dict[int, bytes] = {}
        self._links: dict[Pair, Link] = {}
        self._found: Partition | None = None

    def add(self, document: Document) -> None:
        """Take a document in; it is compared with what it shares keys with when some have come."""
        self._waiting.append(document)
        if len(self._waiting) >= _TOGETHER:
            self._take()

    def _take(self) -> None:
        """Compare what has come."""
        for document, new in zip(self._waiting, sketches(self._waiting), strict=True):
            self._documents[new.id].append(document.id)
            if new.id not in self._sketches:
                self._compare(new)
        self._waiting.clear()

    def _compare(self, new: Sketch) -> None:
        self._sketches[new.id] = new
        self._found = None
        for candidate in candidates(new, self._listed):
            if link := relate(new, self._sketches[candidate.text], candidate):
                self._links[min(new.id, candidate.text), max(new.id, candidate.text)] = link
        for key, record in records(new):
            self._listed[key] = enlist(self._listed.get(key, b""), record)

    def clusters(self) -> dict[str, str]:
        """Each document's cluster: the least of its members' ids."""
        return {
            document: min(members)
            for members in self._members(self._partition()).values()
            for document in members
        }

    def excerpts(self) -> set[tuple[str, str]]:
        """Pairs of a digest and the original of a passage in it: each member of either cluster."""
        found = self._partition()
        weak = [(pair, link) for pair, link in self._links.items() if link.kind is Kind.EXCERPT]
        common = common_keys((link for _, link in weak), found, self._texts(Kind.EXCERPT))
        leans: Counter[Pair] = Counter()
        for (a, b), link in weak:
            one, other = found.of(a), found.of(b)
            if one != other and not is_void(link, common):
                leans[min(one, other), max(one, other)] += link.lean if one < other else -link.lean
        beside = Counter(cluster for pair in leans for cluster in pair)
        members = self._members(found)
        pairs: set[tuple[str, str]] = set()
        for (one, other), lean in leans.items():
            # A digest has to do with many stories, a story with a digest or two.
            one_is_original = (beside[other] - beside[one] or lean) > 0
            digest, original = (other, one) if one_is_original else (one, other)
            pairs.update(product(members[digest], members[original]))
        return pairs

    def _members(self, found: Partition) -> dict[int, list[str]]:
        return {
            cluster: [document for text in texts for document in self._documents[text]]
            for cluster, texts in found.sets().items()
        }

    def _partition(self) -> Partition:
        self._take()
        if self._found is None:
            self._found = surely(self._sketches, self._links)
            join_framed(self._found, self._links, self._texts(Kind.FRAMED))
        return self._found

    def _texts(self, kind: Kind) -> dict[int, list[int]]:
        """The texts under each key that links of a kind stand on."""
        keys = {key for link in self._links.values() if link.kind is kind for key in link.keys}
        return {key: ids(self._listed[key]) for key in keys}
