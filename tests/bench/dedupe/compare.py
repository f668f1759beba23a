"""Each method in a process of its own: what it finds, how fast, and how much memory that takes."""

import gc
import logging
import multiprocessing
import resource
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.bench.dedupe import corpus, methods
from tests.bench.dedupe.scoring import score
from tests.bench.dedupe.tables import Row

_PAGE_BYTES = resource.getpagesize()
_METHODS = {method.id: method for method in (methods.Ours, methods.ExactHash, *methods.PEERS)}


def run(file: Path, chosen: Iterable[str]) -> tuple[list[Row], dict[str, str]]:
    """A row for each method at its default and at its best setting; and why which are missing."""
    rows: list[Row] = []
    missing: dict[str, str] = {}
    context = multiprocessing.get_context("spawn")
    for name, without_dates in _turns(chosen):
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            result = pool.submit(_run, name, file, without_dates).result()
        if isinstance(result, str):
            missing[name] = result
        else:
            rows += result
    return rows, missing


def _turns(chosen: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each method once, and what looks at dates once more without them."""
    for name in chosen:
        yield name, False
        if _METHODS[name].uses_dates:
            yield name, True


def _run(name: str, file: Path, hide_dates: bool) -> list[Row] | str:
    """One method at its default and at its best setting by F1; or why it cannot run."""
    warnings.simplefilter("ignore")
    logging.disable()
    documents = list(corpus.read(file, hide_dates=hide_dates))
    try:
        method = _METHODS[name]()
    except ImportError as error:
        return str(error)
    gc.collect()
    before = _resident()
    rows: list[tuple[bool, Row]] = []
    for run in method.runs(documents):
        gc.collect()
        row = Row(
            method.label,
            "no dates" if method.uses_dates and hide_dates else run.setting,
            score(documents, run.found),
            documents_a_second=len(documents) / run.seconds,
            bytes_an_article=(_resident() - before) / len(documents),
            peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
            finds_excerpts=method.finds_excerpts,
            found=run.found,
        )
        rows.append((run.is_default, row))
    best = max(rows, key=lambda one: one[1].scores.f1)
    return [row for is_default, row in rows if is_default or row is best[1]]


def _resident() -> int:
    """Bytes of memory of this process now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE_BYTES
