"""Clusters through the store: speed, size, memory, and what a batch costs among more articles.

A labelled corpus is stored as a crawl stores it, batch by batch. Then documents that are new are
stored beside more and more texts that are in the index already: these are synthetic and loaded in
bulk, their keys drawn at random, as many a text as the corpus has, so that the tree is as large and
as scattered as real texts make it. What they lack is articles: the table `articles` does not grow
with them.
"""

import argparse
import hashlib
import random
import resource
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import anyio
from rich.console import Console
from rich.table import Table

from flows.batch import Cleaned
from flows.similarity.listed import ID, RECORD
from flows.similarity.shingles import KEY_BITS
from flows.steps.dedupe import dedupe, sketched
from flows.storage.store import Store
from schemas.article import Article
from schemas.dates import SHANGHAI, Precision
from spiders.extract.fingerprint import content_hash
from tests.bench.dedupe import corpus, make, scoring
from tests.bench.dedupe.methods import Ours

# As a crawl hands them on.
_BATCH = 64
LEAST_PER_SECOND = 800
MOST_BYTES = 1200
# Of the keys, when the index is loaded: so many rows at a time are no matter.
_SLICES = 64
_SIZES = (10_000, 100_000, 1_000_000)
_MEASURED = 2_000
_NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
_MB = 1_000_000
_INDEX = ("postings", "sketches", "excerpts", "frames", "common_keys", "ix_excerpts_other")
_INDEX += ("ix_frames_one", "ix_frames_other", "ix_articles_sketch")


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of storing documents."""

    documents: int
    sketching: float
    storing: float

    @property
    def per_second(self) -> float:
        return self.documents / (self.sketching + self.storing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help="a labelled corpus; without: made here")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most", type=int, default=_SIZES[-1], help="texts in the largest index")
    parser.add_argument("--folder", type=Path, help="keep the databases here")
    arguments = parser.parse_args()
    if arguments.file:
        documents = list(corpus.read(arguments.file))[: arguments.documents]
        there = {one.id for one in documents}
        documents = [
            replace(one, excerpts=tuple(id_ for id_ in one.excerpts if id_ in there))
            for one in documents
        ]
    else:
        documents = list(make.make(arguments.documents, arguments.seed))
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.folder or Path(temporary)
        console = Console(width=110)
        store_all(folder, documents, console)
        curve(folder, documents, arguments.most, console)


def article(one: corpus.Labelled) -> Article:
    """A document as a record."""
    site = f"site_{hashlib.sha256((one.site or '').encode()).hexdigest()[:8]}"
    url = f"http://{one.site or 'site.example'}/{one.id}.htm"
    published = one.published and datetime.combine(one.published, datetime.min.time(), SHANGHAI)
    return Article(
        id=hashlib.sha256(one.id.encode()).hexdigest()[:16],
        site=site,
        site_name=site,
        url=url,
        title=one.title,
        published_at=published,
        published_precision=Precision.DAY if published else None,
        source=one.source,
        body_text=one.body,
        body_html="".join(f"<p>{line}</p>" for line in one.body.splitlines()),
        content_hash=content_hash(one.body),
        fetched_at=_NOW,
        reader="generic",
        reader_version="1",
    )


def batches(documents: Sequence[corpus.Labelled]) -> Iterator[Cleaned]:
    for start in range(0, len(documents), _BATCH):
        records = tuple(article(one) for one in documents[start : start + _BATCH])
        yield Cleaned(site="many", articles=records)


async def save(store: Store, documents: Sequence[corpus.Labelled]) -> Cost:
    """Store documents batch by batch."""
    sketching = storing = 0.0
    for batch in batches(documents):
        started = time.process_time()
        deduped = await dedupe(batch)
        sketched = time.process_time()
        await store.save(deduped)
        sketching += sketched - started
        storing += time.process_time() - sketched
    return Cost(len(documents), sketching, storing)


def store_all(folder: Path, documents: Sequence[corpus.Labelled], console: Console) -> None:
    """The whole corpus through the store; whether it decides as the index in memory does."""
    file = folder / "corpus.db"
    with Store.open(f"sqlite:///{file}") as store:
        cost = anyio.run(save, store, documents)
        sizes = bytes_of(file)
        clusters, _ = store.clustered()
        started = time.process_time()
        for _ in store.compare_all():
            pass
        rebuilding = time.process_time() - started
        again, _ = store.clustered()
    index = sum(sizes[name] for name in _INDEX)
    console.print(
        f"{cost.documents:,} documents stored: {cost.per_second:,.0f} a second a core "
        f"(at least {LEAST_PER_SECOND} asked for), sketching {_ms(cost.sketching, cost)}, "
        f"storing {_ms(cost.storing, cost)} each; "
        f"{index / cost.documents:,.0f} bytes of index each (at most {MOST_BYTES}): "
        + ", ".join(f"{name} {sizes[name] / cost.documents:,.0f}" for name in _INDEX),
        highlight=False,
    )
    console.print(
        f"rebuilt: {len(documents) / rebuilding:,.0f} a second a core; "
        f"{clusters:,} clusters before, {again:,} after",
        highlight=False,
    )
    compare_with_memory(file, documents, console)


def compare_with_memory(file: Path, documents: Sequence[corpus.Labelled], console: Console) -> None:
    """The quality of the clusters in the store beside those of the index in memory."""
    with closing(sqlite3.connect(file)) as connection:
        cluster = dict(connection.execute("SELECT id, cluster FROM articles"))
    stored = {one.id: cluster[article(one).id] for one in documents}
    (run,) = Ours().runs(documents)
    table = Table("", "precision", "recall", "F1", "clusters", box=None)
    for name, found in (("store", scoring.Found(stored)), ("memory", run.found)):
        scores = scoring.score(documents, found)
        table.add_row(
            name,
            f"{scores.precision.value:.4f}",
            f"{scores.recall.value:.4f}",
            f"{scores.f1:.4f}",
            f"{sum(n > 1 for n in Counter(found.clusters.values()).values()):,}",
        )
    console.print(table)


def curve(folder: Path, documents: Sequence[corpus.Labelled], most: int, console: Console) -> None:
    """What storing costs beside more and more texts."""
    table = Table(title="storing beside texts that are in the index already (synthetic, in bulk)")
    for heading in ("texts", "documents/s/core", "storing, ms each", "wall ms each"):
        table.add_column(heading, justify="right")
    table.add_column("index, MB", justify="right")
    table.add_column("peak memory, MB", justify="right")
    measured = documents[:_MEASURED]
    keys = [len(one.sketch.keys) for one in sketched([article(one) for one in measured])]
    for size in (0, *(size for size in _SIZES if size <= most)):
        file = folder / f"beside-{size}.db"
        url = f"sqlite:///{file}"
        Store.open(url).close()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            pool.submit(load, file, size, keys).result()  # whose memory is not the store's
        with Store.open(url) as store:
            started = time.monotonic()
            cost = anyio.run(save, store, measured)
            wall = time.monotonic() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        table.add_row(
            f"{size:,}",
            f"{cost.per_second:,.0f}",
            _ms(cost.storing, cost),
            f"{wall * 1000 / len(measured):.2f}",
            f"{sum(bytes_of(file)[name] for name in _INDEX) / _MB:,.0f}",
            f"{peak / _MB:,.0f}",
        )
        file.unlink()
    console.print(table)
    console.print(
        "on paper: a key is found in a tree of four levels among a million texts (pages of 4 kB, "
        "some 200 keys each) and of five among ten million; the upper ones are in the cache, so "
        "each of an article's keys then has one more page looked at on its way. What it is "
        "compared with is bounded, however many texts there are.",
        highlight=False,
    )


def load(file: Path, texts: int, keys: Sequence[int]) -> None:
    """Fill the index with texts of random keys, as many as real ones have.

    A slice of the keys at a time, each in order: the tree is built from left to right.
    """
    chance = random.Random(1)  # noqa: S311  (nobody is to be kept out)
    ids = [chance.getrandbits(63) for _ in range(texts)]
    a_slice = texts * sum(keys) // len(keys) // _SLICES
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.executemany(
            "INSERT INTO sketches VALUES (?, ?, x'')", sorted(zip(ids, ids, strict=True))
        )
        for slice_ in range(_SLICES if texts else 0):
            least = slice_ * (1 << KEY_BITS) // _SLICES
            rows = sorted(
                (
                    least + chance.randrange((1 << KEY_BITS) // _SLICES),
                    chance.choice(ids).to_bytes(ID) + chance.randbytes(RECORD - ID),
                )
                for _ in range(a_slice)
            )
            connection.executemany("INSERT OR IGNORE INTO postings VALUES (?, ?)", rows)
        connection.commit()


def bytes_of(file: Path) -> Counter[str]:
    """Bytes of each table and index."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Counter(
            dict(connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
        )


def _ms(seconds: float, cost: Cost) -> str:
    return f"{seconds * 1000 / cost.documents:.2f} ms"


if __name__ == "__main__":
    main()
