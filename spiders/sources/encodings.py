"""Transfer and content encodings of a recorded response, undone; the tools disagree on who does it.

Some record what went over the wire, some what came out of it and keep the headers all the same. So
a coding is undone where the bytes are really in it.
"""

import io
import zlib
from collections.abc import Callable, Mapping

from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, WarcReader, ZstdReader

# As Scrapy's own limit in a crawl is there against pages that unpack to the size of the memory.
MOST_BYTES = 32_000_000
_READERS: Mapping[str, Callable[[io.BytesIO], WarcReader]] = {
    "br": BrotliReader,
    "gzip": GzipReader,
    "x-gzip": GzipReader,
    "zstd": ZstdReader,
}


def undone(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body without its encodings.

    Args:
        body: As it was recorded.
        headers: Names in lower case.

    Raises:
        ValueError: It is larger than any page.
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _read(ChunkedReader, body)
    codings = headers.get("content-encoding", "").lower().split(",")
    for coding in map(str.strip, reversed(codings)):
        if coding == "deflate":
            body = _inflated(body)
        elif coding in _READERS:
            body = _read(_READERS[coding], body)
    return body


def _read(reader: Callable[[io.BytesIO], WarcReader], body: bytes) -> bytes:
    try:
        read = reader(io.BytesIO(body)).read(MOST_BYTES + 1)
    except OSError:
        return body
    return _bounded(read)


def _inflated(body: bytes) -> bytes:
    """Undo `deflate`: with zlib's header as RFC 9110 has it, or without as some servers send it."""
    for window in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        try:
            return _bounded(zlib.decompressobj(window).decompress(body, MOST_BYTES + 1))
        except zlib.error:
            continue
    return body


def _bounded(body: bytes) -> bytes:
    if len(body) > MOST_BYTES:
        raise ValueError("larger than any page")
    return body
