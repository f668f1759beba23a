"""Text of files, read in a process that a hostile file cannot leave or outlast."""

import io
import zipfile

import pytest
from pypdf import PdfWriter

from schemas.file import FileKind
from spiders.attachments import reading
from spiders.attachments.reading import Extracted, extract
from tests import office

pytestmark = pytest.mark.anyio


async def test_pdf() -> None:
    found = await extract(FileKind.PDF, office.pdf("Budget of the district 2024"))
    assert found == Extracted(text="Budget of the district 2024")


async def test_docx_paragraphs_and_tables_in_their_order() -> None:
    body = office.docx("区财政局", "2024年预算公开", table=(("科目", "万元"), ("教育", "1,200")))
    assert (await extract(FileKind.DOCX, body)).text == (
        "区财政局\n2024年预算公开\n科目\t万元\n教育\t1,200"
    )


async def test_xlsx_sheet_by_sheet() -> None:
    body = office.xlsx("预算", ("科目", "万元"), ("教育", 1200), (None, None))
    assert (await extract(FileKind.XLSX, body)).text == "预算\n科目\t万元\n教育\t1200"


async def test_a_scan_has_no_text() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    buffer = io.BytesIO()
    writer.write(buffer)
    assert (await extract(FileKind.PDF, buffer.getvalue())).no_text == "no text in it (a scan?)"


async def test_a_password_is_asked_for() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = io.BytesIO()
    writer.write(buffer)
    assert (await extract(FileKind.PDF, buffer.getvalue())).no_text == "it asks for a password"


@pytest.mark.parametrize("kind", [FileKind.PDF, FileKind.DOCX, FileKind.XLSX])
async def test_a_broken_file_says_so(kind: FileKind) -> None:
    found = await extract(kind, b"%PDF-1.7 PK\x03\x04 and then nothing that any reader knows")
    assert found.text is None
    assert found.no_text
    assert found.no_text.startswith("it cannot be read: ")


async def test_a_bomb_is_not_unpacked() -> None:
    body = office.bomb(400_000_000)
    assert len(body) < 1_000_000
    assert (await extract(FileKind.DOCX, body)).no_text == "it unpacks to more than it may"


async def test_a_bomb_that_lies_of_its_size_takes_nothing_with_it() -> None:
    body = bytearray(office.bomb(400_000_000))
    central = body.rindex(b"PK\x01\x02")
    with zipfile.ZipFile(io.BytesIO(bytes(body))) as packed:
        assert packed.infolist()[0].file_size == 400_000_000
    body[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    found = await extract(FileKind.DOCX, bytes(body))
    assert found.text is None
    assert found.no_text


async def test_a_file_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_SECONDS", 0.01)
    found = await extract(FileKind.PDF, office.pdf("slow"))
    assert found.no_text == "reading it takes longer than it may"


async def test_a_kind_without_a_reader() -> None:
    found = await extract(FileKind.DOC, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert found == Extracted(no_text="no reader for doc files")
