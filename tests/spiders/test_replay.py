"""A replay answers for the network, and refuses what it does not hold."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from schemas.dates import Window
from schemas.outcome import Outcome
from schemas.visit import Checkpoint, Visit
from spiders.archive import ArchiveWriter
from spiders.crawl import crawl
from spiders.ports import NoMemory
from spiders.registry import get_site
from spiders.replay import check_replay, open_replay
from tests.fixture_sites import FIXTURES

AT = datetime(2024, 7, 19, tzinfo=UTC)
LIST = "http://www.lyls.gov.cn/xw/lsyw.htm"


def test_a_fixture_folder_answers_with_its_bytes() -> None:
    response = open_replay(FIXTURES / "lanshan", "lanshan").find(LIST)
    assert response is not None
    assert response.status == 200
    assert response.headers["Server"] == b"VWebServer"
    assert response.body == (FIXTURES / "lanshan" / "list-1.html").read_bytes()


def test_a_folder_of_fixture_folders_answers_for_each_site() -> None:
    assert open_replay(FIXTURES, "lanshan").find(LIST) is not None
    assert open_replay(FIXTURES, "jdxwwcn").find(LIST) is None


def test_warc_files_answer_with_the_last_full_response(tmp_path: Path) -> None:
    for status, body in ((200, b"first"), (200, b"second"), (304, b"")):
        writer = ArchiveWriter(tmp_path, "somewhere", AT)
        writer.write(LIST, status, [("Content-Type", "text/html")], body, AT)
        writer.close()
        (file,) = tmp_path.rglob("*-*-????????.warc.gz")
        file.rename(tmp_path / f"{body.decode() or 'unchanged'}.warc.gz")
    replay = open_replay(tmp_path, "somewhere")
    response = replay.find(LIST)
    assert response is not None
    assert response.body == b"second"
    assert replay.find("http://www.lyls.gov.cn/") is None


def test_a_path_without_responses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"expected a folder with responses\.toml"):
        check_replay(tmp_path, "lanshan")


@pytest.mark.anyio
async def test_what_it_does_not_hold_is_refused_and_never_asked_for(tmp_path: Path) -> None:
    only_the_list = tmp_path / "responses.toml"
    only_the_list.write_text(
        f'[[response]]\nurl = "{LIST}"\nstatus = 200\nfile = "list.html"\n', encoding="utf-8"
    )
    (tmp_path / "list.html").write_bytes((FIXTURES / "lanshan" / "list-3.html").read_bytes())
    visits: list[Visit] = []

    async def sink(visit: Visit, _checkpoint: Checkpoint | None) -> None:
        visits.append(visit)

    settings = {"REPLAY": str(tmp_path), "ARCHIVE": str(tmp_path / "archive")}
    await crawl(get_site("lanshan"), Window(), memory=NoMemory(), sink=sink, settings=settings)
    refused = [visit for visit in visits if visit.outcome is Outcome.FAILED]
    assert refused
    assert all("is not in the replay" in visit.reason for visit in refused)
