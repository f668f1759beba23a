"""Which documents say the same: near-duplicates, reposts and excerpts of Chinese texts.

A document's sketch is looked up by its keys (`candidates`), compared with what was found
(`relate`), and clusters follow from the links between texts (`Partition`). `MemoryIndex` does so in
memory; a store does the same with the same functions, so both decide alike.
"""

from flows.similarity.candidates import Candidate, candidates, relate
from flows.similarity.clusters import Pair, Partition
from flows.similarity.document import Document, Sketch, sketch, sketches
from flows.similarity.index import MemoryIndex
from flows.similarity.link import Kind, Link

__all__ = [
    "Candidate",
    "Document",
    "Kind",
    "Link",
    "MemoryIndex",
    "Pair",
    "Partition",
    "Sketch",
    "candidates",
    "relate",
    "sketch",
    "sketches",
]
