"""Killed while files are fetched and read, and run again: the rows of a run left alone."""

import signal
from pathlib import Path

import pytest

from flows.archive import verify
from flows.storage.store import Store
from tests import office
from tests.flows.killed import CONTEXT, Fuse, in_a_process, run_and_count, run_files
from tests.flows.test_kill import rows_of
from tests.loopback import vsb_article, vsb_list

MOMENTS = 10
URL = "http://www.somewhere.example/"
SITE = f"""
id = "somewhere"
name = "某某区人民政府"
url = "{URL}"
family = "vsb"

[attachments]
fetch = true

[[columns]]
id = "yw"
name = "要闻"
url = "/yw.htm"
"""
LINKS = "".join(f'<a href="/f/{name}">{name}</a>' for name in ("a.pdf", "b.docx", "page.pdf"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one article with three links: two files, and a page in a file's place."""
    folder = tmp_path_factory.mktemp("sites") / "somewhere"
    folder.mkdir()
    article = vsb_article("预算公开", "2026-03-01", f"{'全区预算公开，会议总结工作。' * 9}{LINKS}")
    listed = vsb_list({"/info/1/1.htm": ("预算公开", "2026-03-01")})
    bodies = {
        "yw.htm": listed.body,
        "info/1/1.htm": article.body,
        "f/a.pdf": office.pdf("Budget"),
        "f/b.docx": office.docx("预算"),
        "f/page.pdf": b"<html><body>not here</body></html>",
        "robots.txt": b"User-agent: *\nAllow: /\n",
    }
    index = []
    for number, (path, body) in enumerate(bodies.items()):
        assert isinstance(body, bytes)
        (folder / str(number)).write_bytes(body)
        index.append(f'[[response]]\nurl = "{URL}{path}"\nstatus = 200\nfile = "{number}"\n')
    (folder / "responses.toml").write_text("\n".join(index))
    (folder / "site.toml").write_text(SITE)
    return folder


@pytest.fixture(scope="module")
def undisturbed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, int]:
    data = tmp_path_factory.mktemp("undisturbed_files")
    moments = CONTEXT.Value("i", 0)
    assert in_a_process(run_and_count, moments, run_files, data, folder) == 0
    rows = rows_of(data)
    assert len(rows["files"]) == 2
    assert len(rows["downloads"]) == 3
    return rows, moments.value


@pytest.mark.parametrize("part", range(MOMENTS))
def test_killed_and_run_again(
    folder: Path, undisturbed: tuple[object, int], tmp_path: Path, part: int
) -> None:
    expected, moments = undisturbed
    moment = moments - part * moments // (2 * MOMENTS)
    assert in_a_process(run_files, tmp_path, folder, Fuse(at=moment)) == -signal.SIGKILL
    assert in_a_process(run_files, tmp_path, folder, Fuse(at=None)) == 0
    assert rows_of(tmp_path) == expected
    with Store.open(f"sqlite:///{tmp_path / 'district-news.db'}") as store:
        claims = store.claims("somewhere")
    check = verify(tmp_path / "archive", "somewhere", claims, lambda _: None)
    assert check.problems == []
    assert check.places == 3
