"""`python -m tests.bench.dedupe [CORPUS.jsonl]`: who finds the reposts and lets the serials be."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from tests.bench.dedupe import compare, corpus, make, methods, tables, texts
from tests.bench.dedupe.mistakes import mistakes

_CONSOLE = Console()
# Without a terminal Rich falls back to 80 columns, where the tables' headings break.
_LOG_WIDTH = 170


def main(
    file: Annotated[
        Path | None, typer.Argument(help="A labelled corpus (tests/bench/dedupe/corpus.py).")
    ] = None,
    make_file: Annotated[
        Path | None, typer.Option("--make", help="Write a corpus there, and stop.")
    ] = None,
    documents: Annotated[int, typer.Option(help="Documents to make.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed, other documents.")] = 1,
    templates: Annotated[
        str, typer.Option(help="Sets of templates: a, b, c or several.")
    ] = make.PARTS,
    originals: Annotated[
        Path | None,
        typer.Option("--texts", help="Originals: a folder of .txt and .html, or a .jsonl file."),
    ] = None,
    peers: Annotated[str, typer.Option(help='"all", "none", or ids, comma separated.')] = "all",
    show: Annotated[int, typer.Option(help="This project's mistakes, N of each sort.")] = 0,
) -> None:
    """Cluster a labelled corpus with this project's index and its peers, and score them."""
    if set(templates) - set(make.PARTS) or not templates:
        raise typer.BadParameter(f"--templates {templates}: any of {', '.join(make.PARTS)}")
    chosen = _chosen(peers)
    with tempfile.TemporaryDirectory() as folder:
        if file is None:
            file = make_file or Path(folder) / "corpus.jsonl"
            try:
                given = texts.load(originals) if originals else ()
            except FileNotFoundError as error:
                raise typer.BadParameter(f"{error}: not there") from error
            corpus.write(file, make.make(documents, seed, parts=templates, given=given))
        elif not file.is_file():
            raise typer.BadParameter(f"{file}: not there")
        if not _CONSOLE.is_terminal:
            _CONSOLE.width = _LOG_WIDTH
        labelled = list(corpus.read(file))
        _print_contents(labelled)
        if make_file is not None:
            return
        rows, missing = compare.run(file, chosen)
    _CONSOLE.print(tables.quality(rows))
    _CONSOLE.print(tables.kinds(rows))
    for name, reason in missing.items():
        _CONSOLE.print(f"missing: {name} ({escape(reason)})", highlight=False)
    for line in mistakes(labelled, rows[0].found, show):
        _CONSOLE.print(escape(line), soft_wrap=True, highlight=False)


def _chosen(peers: str) -> list[str]:
    own = [methods.Ours.id, methods.ExactHash.id]
    known = [peer.id for peer in methods.PEERS]
    if peers == "all":
        return own + known
    wanted = set() if peers == "none" else {name.strip() for name in peers.split(",")}
    if wanted - set(known):
        raise typer.BadParameter(f"{', '.join(wanted - set(known))}: not among {', '.join(known)}")
    return own + [name for name in known if name in wanted]


def _print_contents(documents: Sequence[corpus.Labelled]) -> None:
    families = Counter(one.family for one in documents)
    _CONSOLE.print(
        f"{len(documents):,} documents of {len({one.group for one in documents}):,} groups, "
        f"{sum(len(one.body) for one in documents) / max(len(documents), 1):,.0f} characters each, "
        f"{sum(len(one.excerpts) for one in documents):,} excerpts: "
        + ", ".join(f"{count:,} {family}" for family, count in families.most_common()),
        highlight=False,
    )


if __name__ == "__main__":
    typer.run(main)
