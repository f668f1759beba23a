"""The benchmark's command on a folder of two pages, with this project's reader alone."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from schemas.article import Article
from schemas.dates import SHANGHAI
from spiders.reader import read_saved
from tests.bench.extract import main
from tests.bench.varied import grown

ARTICLE = """<html><head><meta charset="utf-8"><title>东湖桥通车-某区人民政府</title>
<meta name="ArticleTitle" content="东湖桥通车"><meta name="PubDate" content="2024-07-19 09:12">
</head><body><h1>东湖桥通车</h1><div class="TRS_Editor">
<p>7月19日，东湖桥正式通车，市民出行更加便捷。</p><p>该桥全长二百米，双向四车道。</p></div></body></html>"""
GOLD = {
    "file": "article.html",
    "kind": "detail",
    "site": "www.a.gov.cn",
    "title": "东湖桥通车",
    "published": "2024-07-18 09:12",
    "body": "7月19日，东湖桥正式通车，市民出行更加便捷。\n该桥全长二百米，双向四车道。",
}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "article.html").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "gold.jsonl").write_text(json.dumps(GOLD), encoding="utf-8")
    return tmp_path


def test_the_worst_pages_say_what_was_read_and_what_is_right(pages: Path) -> None:
    app = Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [str(pages), "--peers", "none", "--worst", "1"])
    assert result.exit_code == 0, result.output
    assert "day: got 2024-07-19, gold 2024-07-18" in result.output
    assert "title: got" not in result.output
    assert "body: F1" not in result.output


def test_an_unknown_peer_is_named_with_those_there_are(pages: Path) -> None:
    app = Typer()
    app.command()(main)
    result = CliRunner().invoke(app, [str(pages), "--peers", "gnu"])
    assert result.exit_code != 0
    assert "gnu" in result.output
    assert "trafilatura" in result.output


def test_a_grown_page_is_as_large_as_asked_for_and_says_the_same() -> None:
    html = ARTICLE.encode()
    larger = grown(html, 66_000)
    assert 65_000 < len(larger) - len(html) < 67_000
    at = datetime(2024, 8, 1, tzinfo=SHANGHAI)
    record = read_saved(larger, url="http://www.a.gov.cn/1.html", site=None, fetched_at=at)
    assert isinstance(record, Article)
    assert record.title == GOLD["title"]
    assert record.body_text == GOLD["body"]
