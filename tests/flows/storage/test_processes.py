"""Several processes on one database: they wait for each other and nothing is lost."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import anyio

from flows.storage.store import Store
from schemas.article import Article
from tests.flows.storage.records import TEXT, article, checkpoint, contents, deduped, visit

ROOT = Path(__file__).parents[3]
BATCHES = 12


def batch_articles(site: str, number: int) -> list[Article]:
    """Articles of one batch; every site carries the same texts."""
    return [
        article(
            day,
            f"第{number}批第{day}条。{TEXT}",
            id=f"{site}-{number}-{day}",
            site=site,
            url=f"http://{site}.gov.cn/{number}/{day}.htm",
        )
        for day in range(1, 9)
    ]


def write(database: str, site: str) -> None:
    async def save() -> None:
        with Store.open(database) as store:
            for number in range(BATCHES):
                articles = batch_articles(site, number)
                batch = deduped(*articles, visits=(visit(number + 1),))
                await store.save(replace(batch, site=site))
            await store.save(deduped(checkpoints=(checkpoint(9),)))

    anyio.run(save)


def start(database: str, site: str) -> subprocess.Popen[str]:
    program = f"from {__name__} import write; write({database!r}, {site!r})"
    return subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def test_two_processes_make_a_database_and_write_it_at_once(
    new_database: str, sqlite_template: Path
) -> None:
    writers = [start(new_database, site) for site in ("hill", "river")]
    errors = [writer.communicate(timeout=60)[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], errors

    one_after_the_other = f"sqlite:///{sqlite_template.with_name('sequence.db')}"
    for site in ("river", "hill"):
        write(one_after_the_other, site)
    assert contents(new_database) == contents(one_after_the_other)
    with Store.open(new_database) as store:
        assert store.counts()["articles"] == 2 * 8 * BATCHES
