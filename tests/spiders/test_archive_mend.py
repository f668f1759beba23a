"""A crash tears no more than the last record: it is found, cut off and named; the rest is kept."""

import multiprocessing
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from schemas.page import ArchivePlace
from schemas.visit import Kind, Origin
from spiders.archive import (
    ArchiveWriter,
    archive_files,
    iterate_archived,
    iterate_places,
    read_archived,
)
from spiders.archive.members import members
from spiders.archive.mend import BusyError, is_busy, open_whole

AT = datetime(2024, 7, 19, 1, 30, 44, tzinfo=UTC)
ORIGIN = Origin(site="somewhere", kind=Kind.ARTICLE, column="yw")
BODIES = [f"<p>第{n}页，{n * 7919}</p>".encode() * (1 + n * 40) for n in range(4)]


def url(number: int) -> str:
    return f"http://site.example/{number}.htm"


def fill(root: Path, bodies: list[bytes] = BODIES) -> list[ArchivePlace]:
    writer = ArchiveWriter(root, "somewhere", AT)
    places = [writer.write(url(n), 200, [], body, AT, ORIGIN) for n, body in enumerate(bodies)]
    writer.close()
    return places


def check_with_other_tools(path: Path) -> None:
    """What `warcio check` and FastWARC's `check` do: read every record and compare its digests."""
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            record.content_stream().read()
    with path.open("rb") as stream:
        records = list(FastIterator(stream, parse_http=False))
    assert len(records) == sum(1 for _ in members(path))
    with path.open("rb") as stream:
        assert all(
            r.verify_block_digest(consume=True) for r in FastIterator(stream, parse_http=False)
        )


def test_a_file_torn_at_any_byte_is_mended(tmp_path: Path) -> None:
    places = fill(tmp_path)
    path = tmp_path / places[0].file
    whole = path.read_bytes()
    ends = [member.end for member in members(path)]
    for size in range(1, len(whole)):
        path.write_bytes(whole[:size])
        file, cut = open_whole(path)
        file.close()
        kept = max((end for end in ends if end <= size), default=0)
        assert path.stat().st_size == kept
        assert (cut is None) == (kept == size)
        if cut:
            assert (cut.start, cut.size) == (kept, size - kept)
    check_with_other_tools(path)


def test_the_message_says_what_was_cut(tmp_path: Path) -> None:
    places = fill(tmp_path)
    path = tmp_path / places[3].file
    path.write_bytes(path.read_bytes()[: places[3].offset + 300])
    file, cut = open_whole(path)
    file.close()
    assert str(cut) == (
        f"{path}: a crash tore the last record; cut off its 300 bytes "
        f"(response of {url(3)}), kept the {places[3].offset:,} before it"
    )


def test_a_tail_of_zeros_is_cut_off(tmp_path: Path) -> None:
    """What a power cut leaves of a file whose length was written and its data not."""
    places = fill(tmp_path)
    path = tmp_path / places[0].file
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(bytes(5000))
    whole, cut = open_whole(path)
    whole.close()
    assert cut
    assert cut.size == 5000
    assert path.stat().st_size == size


def test_damage_within_is_passed_over_and_nothing_cut(tmp_path: Path) -> None:
    places = fill(tmp_path)
    path = tmp_path / places[0].file
    data = bytearray(path.read_bytes())
    middle = places[1].offset + 100
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    file, cut = open_whole(path)
    file.close()
    assert cut is None
    found = [archived.url for archived in iterate_archived(tmp_path, places[0].file)]
    assert found == [url(0), url(2), url(3)]
    with pytest.raises(ValueError, match="no response at"):
        read_archived(tmp_path, places[1])
    assert read_archived(tmp_path, places[2]).body == BODIES[2]


def test_a_file_being_written_is_left_alone(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, "somewhere", AT)
    place = writer.write(url(0), 200, [], BODIES[0], AT, ORIGIN)
    path = tmp_path / place.file
    with path.open("ab") as half_written:
        half_written.write(b"\x1f\x8b\x08half a record")
    size = path.stat().st_size
    assert is_busy(path)
    with pytest.raises(BusyError):
        open_whole(path)
    other = ArchiveWriter(tmp_path, "somewhere", AT)
    assert other.write(url(1), 200, [], BODIES[1], AT, ORIGIN).file != place.file
    assert path.stat().st_size == size
    writer.close()
    assert not is_busy(path)


def test_what_is_torn_is_not_replayed(tmp_path: Path) -> None:
    places = fill(tmp_path)
    path = tmp_path / places[0].file
    whole = path.read_bytes()
    path.write_bytes(b"")
    assert list(iterate_places(path)) == []
    # Within the last metadata record, which is of some 350 bytes; within the response before it.
    for cut, left in ((1, 4), (200, 4), (400, 3)):
        path.write_bytes(whole[:-cut])
        found = [(at, offset) for at, _, offset in iterate_places(path)]
        assert found == [(url(n), places[n].offset) for n in range(left)]


def test_a_file_torn_within_its_first_record_goes(tmp_path: Path) -> None:
    places = fill(tmp_path)
    path = tmp_path / places[0].file
    path.write_bytes(path.read_bytes()[:50])
    again = fill(tmp_path)
    assert [
        a.url for f in archive_files(tmp_path, "somewhere") for a in iterate_archived(tmp_path, f)
    ]
    assert not path.exists()
    check_with_other_tools(tmp_path / again[0].file)


def write_and_die(root: Path, whole: int, torn: int, done) -> None:
    """Write `whole` records and `torn` bytes of another, and be killed in the midst of it."""
    writer = ArchiveWriter(root, "somewhere", AT)
    for number in range(whole):
        writer.write(url(number), 200, [], BODIES[number % len(BODIES)], AT, ORIGIN)
        done.value = number + 1

    def append(file, records: bytes) -> None:
        os.write(file.fileno(), records[:torn])
        os.kill(os.getpid(), signal.SIGKILL)

    writer._append = append  # type: ignore[method-assign]
    writer.write(url(whole), 200, [], BODIES[whole % len(BODIES)], AT, ORIGIN)


@pytest.mark.parametrize("torn", [0, 1, 9, 60, 200, 300])
@pytest.mark.parametrize("whole", [1, 2, 6, 7])
def test_killed_while_writing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, whole: int, torn: int
) -> None:
    fork = multiprocessing.get_context("fork")
    done = fork.Value("i", 0)
    process = fork.Process(target=write_and_die, args=(tmp_path, whole, torn, done))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == -signal.SIGKILL
    assert done.value == whole

    places = fill(tmp_path)
    (file,) = archive_files(tmp_path, "somewhere")
    assert {place.file for place in places} == {file}
    check_with_other_tools(tmp_path / file)
    found = [archived.url for archived in iterate_archived(tmp_path, file)]
    assert found == [url(n) for n in [*range(whole), *range(len(BODIES))]]
    bodies = [archived.body for archived in iterate_archived(tmp_path, file)][:whole]
    assert bodies == [BODIES[n % len(BODIES)] for n in range(whole)]
    assert ("a crash tore the last record" in caplog.text) == (torn > 0)
