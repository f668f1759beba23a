"""`archive stats|verify|export`: figures counted by hand, damage found and named, other tools."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from flows.cli import render
from flows.cli.main import main
from schemas.dates import SHANGHAI
from schemas.page import ArchivePlace
from schemas.visit import Kind, Origin
from spiders.archive import ArchiveWriter, archive_files, iterate_archived, read_archived
from tests.fixture_sites import FIXTURES

JULY = datetime(2024, 7, 19, 9, 30, tzinfo=SHANGHAI)
AUGUST = datetime(2024, 8, 2, 9, 30, tzinfo=SHANGHAI)
BODY = "".join(f"<p>第{n}段，{n * 7919 % 10007}</p>" for n in range(300)).encode()

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "data" / "archive"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs `district-news`; its exit code and what it printed."""
    monkeypatch.setenv("DISTRICT_NEWS_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(render.console, "width", 200)
    monkeypatch.setattr(render.errors, "width", 200)
    monkeypatch.delenv("DISTRICT_NEWS_DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)

    def _run(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["district-news", *args])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return _run


def ingest(run: Run) -> None:
    assert run("ingest", "lanshan", "--since", "2016-01-01", "--replay", str(FIXTURES))[0] == 0


def crawl(root: Path, at: datetime, earlier: dict[str, ArchivePlace]) -> dict[str, ArchivePlace]:
    """Three pages, one of them too small for a revisit record to be worth it."""
    writer = ArchiveWriter(root, "somewhere", at)
    places = {}
    for name, body in (("a", BODY), ("b", BODY[::-1]), ("c", b"<p>c</p>")):
        url = f"http://site.example/{name}.htm"
        origin = Origin(site="somewhere", kind=Kind.ARTICLE, earlier=earlier.get(url))
        places[url] = writer.write(url, 200, [], body, at, origin)
    writer.close()
    return places


@pytest.fixture
def crawled_twice(root: Path) -> dict[str, ArchivePlace]:
    places = crawl(root, JULY, {})
    assert crawl(root, AUGUST, places)["http://site.example/a.htm"].file.startswith(
        "somewhere/2024-07/"
    )
    return places


@pytest.mark.usefixtures("crawled_twice")
def test_stats_by_month(run: Run, root: Path) -> None:
    july, august = json.loads(run("archive", "stats", "--json")[1])
    assert (july["site"], july["month"], july["files"]) == ("somewhere", "2024-07", 1)
    assert july["records"] == {"warcinfo": 1, "response": 3, "metadata": 3}
    assert august["records"] == {"warcinfo": 1, "response": 1, "revisit": 2, "metadata": 3}
    sizes = [(root / file).stat().st_size for file in archive_files(root, "somewhere")]
    assert [july["bytes"], august["bytes"]] == sizes
    assert july["bytes_per_page"] == round(sizes[0] / 3)
    assert july["saved_share"] == 0
    assert 0.5 < august["saved_share"] < 1
    assert "2024-08" in run("archive", "stats", "somewhere")[1]


@pytest.mark.usefixtures("crawled_twice")
def test_stats_of_some_days(run: Run) -> None:
    (month,) = json.loads(run("archive", "stats", "--since", "2024-08-01", "--json")[1])
    assert month["month"] == "2024-08"
    assert month["saved_share"] > 0.5
    assert json.loads(run("archive", "stats", "--until", "2024-07-19", "--json")[1]) == []


def test_a_crawl_verifies(run: Run) -> None:
    """It asks for robots.txt, three list pages and eight articles."""
    ingest(run)
    code, out, _ = run("archive", "verify")
    assert code == 0
    assert "lanshan: 25 records in 1 files read, 7 stored places looked for, 0 problems" in out


def test_other_tools_verify_it_too(run: Run, root: Path) -> None:
    ingest(run)
    ingest(run)
    (file,) = archive_files(root, "lanshan")
    for tool in ("warcio", "fastwarc"):
        command = [str(Path(sys.executable).with_name(tool)), "check", str(root / file)]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        assert checked.returncode == 0, checked.stdout + checked.stderr
    with (root / file).open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream, check_digests="raise")]
    assert kinds.count("revisit") == 1


def test_a_torn_end_is_found_and_repaired(run: Run, root: Path) -> None:
    ingest(run)
    (file,) = archive_files(root, "lanshan")
    with (root / file).open("ab") as tail:
        tail.write((root / file).read_bytes()[:200])
    code, _, err = run("archive", "verify", "lanshan")
    assert code == 1
    assert "tore the last record, 200 bytes; `district-news archive verify lanshan --repair`" in err
    code, out, _ = run("archive", "verify", "lanshan", "--repair")
    assert code == 0
    assert "cut off its 200 bytes (warcinfo of unknown address)" in out
    assert run("archive", "verify", "lanshan")[0] == 0


def test_what_the_store_claims_must_be_there(run: Run, root: Path) -> None:
    ingest(run)
    (article, *_) = json.loads(run("articles", "list", "--json")[1])
    place = ArchivePlace.model_validate(article["archive"])
    path = root / place.file
    whole = path.read_bytes()
    path.write_bytes(whole[: place.offset + 50] + bytes(20) + whole[place.offset + 70 :])
    code, out, _ = run("archive", "verify", "--json")
    assert code == 1
    problems = next(c for c in json.loads(out) if c["site"] == "lanshan")["problems"]
    assert any(f"damaged from byte {place.offset:,}" in problem for problem in problems)
    assert any(problem.startswith(f"article {article['id']}: {place}: ") for problem in problems)
    path.unlink()
    code, _, err = run("archive", "verify")
    assert code == 1
    assert err.count("the file is missing; restore the file from a copy") == 7


def test_a_changed_byte_that_gzip_does_not_see(run: Run, root: Path) -> None:
    """Another tool may pack a record anew; the digests still speak."""
    import zlib  # noqa: PLC0415

    place = crawl(root, JULY, {})["http://site.example/a.htm"]
    file = root / place.file
    data = file.read_bytes()
    unpacker = zlib.decompressobj(31)
    record = unpacker.decompress(data[place.offset :])
    packed = zlib.compress(record.replace(b"<p>", b"<q>", 1), 6, 31)
    file.write_bytes(data[: place.offset] + packed + unpacker.unused_data)
    code, _, err = run("archive", "verify", "somewhere")
    assert code == 1
    assert f"{place}: a digest does not match" in err


@pytest.mark.usefixtures("crawled_twice")
def test_a_revisit_without_its_original_is_found(run: Run, root: Path) -> None:
    (root / archive_files(root, "somewhere")[0]).unlink()
    code, _, err = run("archive", "verify", "somewhere")
    assert code == 1
    assert err.count("the file is missing") == 2


def test_a_file_being_written_is_left_alone(run: Run, root: Path) -> None:
    writer = ArchiveWriter(root, "somewhere", JULY)
    place = writer.write("http://site.example/a.htm", 200, [], BODY, JULY)
    with (root / place.file).open("ab") as half_written:
        half_written.write(b"\x1f\x8b\x08half a record")
    size = (root / place.file).stat().st_size
    code, out, _ = run("archive", "verify", "somewhere", "--repair")
    assert code == 0
    assert f"{place.file}: a run is writing it" in out
    assert (root / place.file).stat().st_size == size
    writer.close()


@pytest.mark.usefixtures("crawled_twice")
def test_an_export_reads_by_itself(run: Run, tmp_path: Path) -> None:
    """August alone: its revisits bring along the responses of July that they refer to."""
    code, out, _ = run("archive", "export", "somewhere", "--since", "2024-08-01")
    assert code == 0
    assert "somewhere-2024-08-01.warc.gz: 5 responses" in out
    file = "somewhere-2024-08-01.warc.gz"
    found = [(a.url[-5:], a.at.month, a.is_revisit) for a in iterate_archived(tmp_path, file)]
    assert found == [
        ("a.htm", 7, False),
        ("a.htm", 8, True),
        ("b.htm", 7, False),
        ("b.htm", 8, True),
        ("c.htm", 8, False),
    ]
    revisit = [a.offset for a in iterate_archived(tmp_path, file) if a.is_revisit][1]
    assert read_archived(tmp_path, ArchivePlace(file=file, offset=revisit)).body == BODY[::-1]
    with (tmp_path / file).open("rb") as stream:
        assert sum(1 for _ in ArchiveIterator(stream, check_digests="raise")) == 11


@pytest.mark.usefixtures("crawled_twice")
def test_an_export_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "kept.warc.gz"
    kept.write_bytes(b"kept")
    code, _, err = run("archive", "export", "somewhere", "--to", str(kept))
    assert code == 4
    assert "is there already; name another file with --to" in err
    assert kept.read_bytes() == b"kept"
    assert [path.name for path in tmp_path.iterdir()] == ["data", "kept.warc.gz"]


def test_a_crawl_replays_from_its_export(run: Run) -> None:
    ingest(run)
    code, out, _ = run("archive", "export", "lanshan", "--to", "all.warc.gz", "--json")
    assert code == 0
    assert json.loads(out)["pages"] == 12
    again = run("ingest", "lanshan", "--since", "2016-01-01", "--replay", "all.warc.gz")
    assert again[0] == 0
