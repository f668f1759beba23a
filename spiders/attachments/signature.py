"""What a file is by the signature in its bytes."""

from schemas.file import FileKind

_SIGNATURES = (
    (b"{\\rtf", FileKind.RTF),
    (b"Rar!\x1a\x07", FileKind.RAR),
    (b"7z\xbc\xaf\x27\x1c", FileKind.SEVEN_ZIP),
    (b"\xff\xd8\xff", FileKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", FileKind.PNG),
    (b"GIF87a", FileKind.GIF),
    (b"GIF89a", FileKind.GIF),
    (b"II*\x00", FileKind.TIFF),
    (b"MM\x00*", FileKind.TIFF),
)
# ISO 32000 lets up to a kilobyte of anything stand before it.
_PDF = b"%PDF-"
_PDF_WITHIN = 1024
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# Names of members stand unpacked in an archive; to look for one needs no library to unpack it.
_ZIP_MEMBERS = (
    (b"word/document.xml", FileKind.DOCX),
    (b"xl/workbook.xml", FileKind.XLSX),
    (b"ppt/presentation.xml", FileKind.PPTX),
    (b"OFD.xml", FileKind.OFD),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("WordDocument".encode("utf-16-le"), FileKind.DOC),
    ("Workbook".encode("utf-16-le"), FileKind.XLS),
)
_RIFF, _WEBP = b"RIFF", b"WEBP"
# A bitmap's header says its own size and four zero bytes; two letters alone would be chance.
_BMP, _BMP_RESERVED = b"BM", bytes(4)


def kind_of(body: bytes) -> FileKind | None:
    """The kind of file that these bytes are; none where no signature is known."""
    if _PDF in body[:_PDF_WITHIN]:
        return FileKind.PDF
    if body.startswith(_ZIP):
        return next((kind for name, kind in _ZIP_MEMBERS if name in body), FileKind.ZIP)
    if body.startswith(_OLE):
        return next((kind for name, kind in _OLE_STREAMS if name in body), FileKind.OLE)
    if body.startswith(_RIFF) and body[8:12] == _WEBP:
        return FileKind.WEBP
    if body.startswith(_BMP) and body[6:10] == _BMP_RESERVED:
        return FileKind.BMP
    return next((kind for start, kind in _SIGNATURES if body.startswith(start)), None)
