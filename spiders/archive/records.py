"""How a response and what is known of it are put into WARC records."""

import hashlib
import io
from base64 import b32encode
from datetime import datetime
from http.client import responses as REASONS  # noqa: N812  (a table of reason phrases)

from fastwarc.warc import WarcRecord, WarcRecordType
from isal import isal_zlib

from schemas.visit import Origin
from spiders.archive.members import GZIP_HEADER

# On county pages ISA-L's best packs to within a tenth of zlib's level 6 in a fifth of the time,
# and packing is nearly all that archiving costs.
_GZIP_LEVEL = isal_zlib.ISAL_BEST_COMPRESSION
# Below this a revisit record, with its references, takes as much room as the response itself.
REVISIT_FROM = 512
NOT_MODIFIED = 304
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
# They describe the transfer, which is over, not the bytes that are kept.
_TRANSFER_HEADERS = frozenset({"content-encoding", "transfer-encoding", "content-length"})


def response_record(
    url: str, status: int, headers: list[tuple[str, str]], body: bytes, at: datetime
) -> WarcRecord:
    record = _record(WarcRecordType.response, at)
    record.headers["WARC-Target-URI"] = url
    record.headers["Content-Type"] = "application/http; msgtype=response"
    record.headers["WARC-Payload-Digest"] = payload_digest(body)
    record.is_http = True
    record.set_bytes_content(_http_message(status, headers, body))
    return record


def revisit_record(
    url: str,
    status: int,
    headers: list[tuple[str, str]],
    body: bytes,
    at: datetime,
    earlier: WarcRecord | None,
) -> WarcRecord:
    """A response without its body: the one of `earlier`, or, under status 304, not sent at all."""
    record = _record(WarcRecordType.revisit, at)
    record.headers["WARC-Target-URI"] = url
    record.headers["Content-Type"] = "application/http; msgtype=response"
    if status == NOT_MODIFIED:
        record.headers["WARC-Profile"] = _PROFILE + "server-not-modified"
    else:
        record.headers["WARC-Profile"] = _PROFILE + "identical-payload-digest"
        record.headers["WARC-Payload-Digest"] = payload_digest(body)
    if earlier:
        record.headers["WARC-Refers-To"] = earlier.headers["WARC-Record-ID"]
        record.headers["WARC-Refers-To-Target-URI"] = earlier.headers["WARC-Target-URI"]
        record.headers["WARC-Refers-To-Date"] = earlier.headers["WARC-Date"]
    record.set_bytes_content(_http_message(status, headers, body)[: -len(body) or None])
    return record


def metadata_record(of: WarcRecord, origin: Origin, at: datetime) -> WarcRecord:
    """What the response `of` was asked for."""
    record = _record(WarcRecordType.metadata, at)
    record.headers["WARC-Target-URI"] = of.headers["WARC-Target-URI"]
    record.headers["WARC-Concurrent-To"] = of.headers["WARC-Record-ID"]
    record.headers["Content-Type"] = "application/json"
    record.set_bytes_content(origin.model_dump_json(exclude_none=True).encode())
    return record


def info_record(file: str, at: datetime) -> WarcRecord:
    """What the first record of a file says of the file."""
    record = _record(WarcRecordType.warcinfo, at)
    record.headers["WARC-Filename"] = file
    record.headers["Content-Type"] = "application/warc-fields"
    record.set_bytes_content(
        b"software: district-news\r\nformat: WARC File Format 1.1\r\n"
        b"description: bodies are kept with transfer and content encodings undone\r\n"
    )
    return record


def payload_digest(body: bytes) -> str:
    """SHA-1 in base 32, as every WARC tool writes it."""
    return f"sha1:{b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()}"


def digests_match(record: WarcRecord) -> bool:
    """Whether a record just read has the block and the payload that its headers vouch for."""
    if not record.verify_block_digest():
        return False
    if record.record_type != WarcRecordType.response:
        return True
    record.parse_http()
    return record.headers.get("WARC-Payload-Digest") == payload_digest(record.reader.read())


def member(record: WarcRecord) -> bytes:
    """The record as one gzip member, so that a reader can start at it."""
    buffer = io.BytesIO()
    record.write(buffer, checksum_data=True)
    return isal_zlib.compress(buffer.getbuffer(), _GZIP_LEVEL, GZIP_HEADER)


def _record(kind: WarcRecordType, at: datetime) -> WarcRecord:
    record = WarcRecord()
    record.init_headers(kind)
    record.record_date = at
    return record


def _http_message(status: int, headers: list[tuple[str, str]], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} {REASONS.get(status, '')}"]
    lines += [f"{k}: {v}" for k, v in headers if k.lower() not in _TRANSFER_HEADERS]
    lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body
