"""Ways to find reposts, side by side: each takes labelled documents and gives clusters.

A peer reads the text as this project folds it, with its own documented settings but for the unit:
Chinese has no words between spaces, so it is given characters or runs of them. Each is tried at
several thresholds, of which the table shows its default and its best.
"""

# ruff: noqa: PLC0415  (a peer is imported when it is made: those that are missing stay out)

import importlib.metadata
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from spiders.extract.fingerprint import content_hash, folded
from tests.bench.dedupe.corpus import Labelled
from tests.bench.dedupe.scoring import Found

# The usual shingle of the peers' examples for Chinese: about two words.
_SHINGLE = 5
# The permutations of datasketch's and rensa's own examples, and of text-dedup's default.
_PERMUTATIONS, _TEXT_DEDUP_PERMUTATIONS = 128, 250
_MINHASH_THRESHOLDS = (0.3, 0.5, 0.7, 0.8, 0.9)
_NOT_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Run:
    """What a method found under one setting, and the CPU seconds it took for all documents."""

    setting: str
    is_default: bool
    found: Found
    seconds: float


class Method(ABC):
    """One way to find reposts; making it imports its library."""

    id: ClassVar[str]
    distribution: ClassVar[str]
    """The package that it comes in, for the version."""
    finds_excerpts: ClassVar[bool] = False
    uses_dates: ClassVar[bool] = False

    @abstractmethod
    def runs(self, documents: Sequence[Labelled]) -> Iterator[Run]:
        """Cluster all documents, once a setting."""

    @property
    def label(self) -> str:
        """Name and version."""
        return f"{self.id} {importlib.metadata.version(self.distribution)}"


class Ours(Method):
    id = "district-news"
    distribution = "district-news"
    finds_excerpts = True
    uses_dates = True

    def __init__(self) -> None:
        from flows.similarity import Document, MemoryIndex

        self._document, self._index = Document, MemoryIndex()

    def runs(self, documents: Sequence[Labelled]) -> Iterator[Run]:
        started = time.process_time()
        for one in documents:
            self._index.add(
                self._document(
                    id=one.id,
                    title=one.title,
                    body=one.body,
                    published=one.published,
                    source=one.source,
                    site=one.site,
                )
            )
        found = Found(self._index.clusters(), frozenset(self._index.excerpts()))
        yield Run("", True, found, time.process_time() - started)


class ExactHash(Method):
    """The same folded text, and nothing else: what every store does."""

    id = "exact hash"
    distribution = "district-news"

    def __init__(self) -> None:
        self._clusters: dict[str, str] = {}

    def runs(self, documents: Sequence[Labelled]) -> Iterator[Run]:
        started = time.process_time()
        for one in documents:
            self._clusters[one.id] = content_hash(one.body)
        yield Run("", True, Found(self._clusters), time.process_time() - started)


class Signed(Method):
    """A peer that signs each text once and looks the signatures up at any threshold."""

    thresholds: ClassVar[Sequence[float]]
    default: ClassVar[float]

    def __init__(self) -> None:
        self._signatures: list[tuple[str, Any]] = []

    @abstractmethod
    def sign(self, text: str) -> Any:
        """The folded text's signature."""

    @abstractmethod
    def alike(self, threshold: float) -> Iterator[tuple[str, Iterable[str]]]:
        """Each document's id and those of earlier ones that are alike, streaming."""

    def runs(self, documents: Sequence[Labelled]) -> Iterator[Run]:
        started = time.process_time()
        self._signatures = [(one.id, self.sign(folded(one.body))) for one in documents]
        signing = time.process_time() - started
        for threshold in self.thresholds:
            started = time.process_time()
            sets = _Sets()
            for document, others in self.alike(threshold):
                for other in others:
                    sets.join(document, other)
            clusters = {document: sets.root(document) for document, _ in self._signatures}
            seconds = signing + time.process_time() - started
            yield Run(f"{threshold:g}", threshold == self.default, Found(clusters), seconds)


class Simhash(Signed):
    """Of runs of four characters, the library's own way with a text; bits that may differ."""

    id = "simhash"
    distribution = "simhash"
    thresholds = (2, 3, 6)
    default = 3  # of 64 bits, the paper's

    def __init__(self) -> None:
        super().__init__()
        import simhash

        self._library = simhash

    def sign(self, text: str) -> Any:
        return self._library.Simhash(text)

    def alike(self, threshold: float) -> Iterator[tuple[str, Iterable[str]]]:
        index = self._library.SimhashIndex([], k=int(threshold))
        for document, signature in self._signatures:
            yield document, index.get_near_dups(signature)
            index.add(document, signature)


class Datasketch(Signed):
    id = "datasketch"
    distribution = "datasketch"
    thresholds = _MINHASH_THRESHOLDS
    default = 0.9

    def __init__(self) -> None:
        super().__init__()
        import datasketch

        self._library = datasketch

    def sign(self, text: str) -> Any:
        signature = self._library.MinHash(num_perm=_PERMUTATIONS)
        signature.update_batch([one.encode() for one in _shingles(text)])
        return signature

    def alike(self, threshold: float) -> Iterator[tuple[str, Iterable[str]]]:
        index = self._library.MinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS)
        for document, signature in self._signatures:
            yield document, index.query(signature)
            index.insert(document, signature)


class Rensa(Signed):
    """Candidates of its LSH at 32 bands, kept where the estimate reaches the threshold."""

    id = "rensa"
    distribution = "rensa"
    thresholds = _MINHASH_THRESHOLDS
    default = 0.8

    def __init__(self) -> None:
        super().__init__()
        import rensa

        self._library = rensa

    def sign(self, text: str) -> Any:
        signature = self._library.RMinHash(num_perm=_PERMUTATIONS, seed=42)
        signature.update(list(_shingles(text)))
        return signature

    def alike(self, threshold: float) -> Iterator[tuple[str, Iterable[str]]]:
        index = self._library.RMinHashLSH(threshold=threshold, num_perm=_PERMUTATIONS, num_bands=32)
        for number, (document, signature) in enumerate(self._signatures):
            others = [
                self._signatures[other][0]
                for other in index.query(signature)
                if signature.jaccard(self._signatures[other][1]) >= threshold
            ]
            yield document, others
            index.insert(number, signature)


class TextDedup(Signed):
    """Its MinHash functions on characters; its script wants a dataset on disk and all cores."""

    id = "text-dedup"
    distribution = "text-dedup"
    thresholds = _MINHASH_THRESHOLDS
    default = 0.7

    def __init__(self) -> None:
        super().__init__()
        import numpy as np
        from text_dedup import minhash
        from text_dedup.utils import optimal_param, sha1_hash

        self._embed, self._bands = minhash.embed_func, optimal_param
        prime = np.uint64((1 << 61) - 1)
        chance = np.random.RandomState(minhash.SEED)
        size = (_TEXT_DEDUP_PERMUTATIONS,)
        self._settings: dict[str, Any] = {
            "num_perm": _TEXT_DEDUP_PERMUTATIONS,
            "ngram_size": _SHINGLE,
            "min_length": 5,
            "hashranges": [(n, n + 1) for n in range(_TEXT_DEDUP_PERMUTATIONS)],
            "permutations": (
                chance.randint(1, prime, size=size, dtype=np.uint64),
                chance.randint(0, prime, size=size, dtype=np.uint64),
            ),
            "hash_func": sha1_hash,
            "dtype": np.uint64,
            "max_hash": np.uint64((1 << 32) - 1),
            "modulo_prime": prime,
        }

    def sign(self, text: str) -> Any:
        # It divides at what is no word character: between spaces every character is a word.
        row = self._embed(" ".join(_NOT_WORD.sub("", text)), 0, **self._settings)
        return b"".join(row["__signatures__"])

    def alike(self, threshold: float) -> Iterator[tuple[str, Iterable[str]]]:
        bands, rows = self._bands(threshold, _TEXT_DEDUP_PERMUTATIONS)
        width = rows * 8
        tables: list[dict[bytes, str]] = [{} for _ in range(bands)]
        for document, signature in self._signatures:
            yield (
                document,
                {
                    table.setdefault(signature[n * width : (n + 1) * width], document)
                    for n, table in enumerate(tables)
                },
            )


class _Sets:
    """Disjoint sets: what is alike, and what is alike to that."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def root(self, one: Hashable) -> Hashable:
        while (above := self._above.get(one, one)) != one:
            self._above[one] = self._above.get(above, above)
            one = above
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        self._above[self.root(one)] = self.root(other)


def _shingles(text: str) -> set[str]:
    return {text[n : n + _SHINGLE] for n in range(max(len(text) - _SHINGLE + 1, 1))}


OURS: tuple[Callable[[], Method], ...] = (Ours, ExactHash)
PEERS: tuple[type[Method], ...] = (Simhash, Datasketch, Rensa, TextDedup)
