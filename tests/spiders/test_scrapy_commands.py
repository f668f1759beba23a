"""The project is a Scrapy project like any other."""

import json
import subprocess
import sys
from pathlib import Path

from tests.fixture_sites import FIXTURES

ROOT = FIXTURES.parent


def scrapy(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own interpreter)
        [sys.executable, "-m", "scrapy", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )


def test_scrapy_lists_the_sites() -> None:
    assert {"jdxwwcn", "lanshan"} <= set(scrapy("list").stdout.split())


def test_scrapy_crawls_a_site_into_a_feed(tmp_path: Path) -> None:
    feed = tmp_path / "articles.jsonl"
    settings = ("-s", f"REPLAY={FIXTURES}", "-s", f"ARCHIVE={tmp_path}")
    scrapy("crawl", "lanshan", *settings, "-a", "since=2024-07-15", "-o", str(feed))
    titles = [json.loads(line)["title"] for line in feed.read_text("utf-8").splitlines()]
    assert "全区科学技术大会召开" in titles
    assert len(titles) == 3
