"""A file is what its bytes say."""

import pytest

from schemas.file import FileKind
from spiders.attachments.signature import kind_of
from tests import office

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (office.pdf("budget"), FileKind.PDF),
        (b"\xef\xbb\xbf\r\n" + office.pdf("budget"), FileKind.PDF),
        (office.docx("预算"), FileKind.DOCX),
        (office.xlsx("预算"), FileKind.XLSX),
        (OLE + "WordDocument".encode("utf-16-le"), FileKind.DOC),
        (OLE + "Workbook".encode("utf-16-le"), FileKind.XLS),
        (OLE, FileKind.OLE),
        (b"PK\x03\x04" + bytes(26) + b"OFD.xml", FileKind.OFD),
        (b"PK\x03\x04" + bytes(26) + b"readme.txt", FileKind.ZIP),
        (b"\xff\xd8\xff\xe0", FileKind.JPEG),
        (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", FileKind.WEBP),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"BM\x36\x00\x00\x00\x00\x00\x00\x00", FileKind.BMP),
        (b"BMW has a plant here", None),
        (b"MZ\x90\x00", None),
        (b"<!DOCTYPE html><html>", None),
        (b"", None),
    ],
)
def test_kind(body: bytes, kind: FileKind | None) -> None:
    assert kind_of(body) is kind
