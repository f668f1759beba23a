"""WARC files as other tools write them: made with warcio, the reference implementation."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.timeutils import datetime_to_iso_date
from warcio.warcwriter import WARCWriter

FETCHED = datetime(2025, 6, 1, 8, 0, tzinfo=UTC)
HTML = {"Content-Type": "text/html"}


class Warc:
    """A WARC file that is being written.

    Args:
        path: Where it goes.
        packed: Whether each record becomes a gzip member.
    """

    def __init__(self, path: Path, *, packed: bool = True) -> None:
        self.path = path
        self._file = path.open("wb")
        self._writer = WARCWriter(self._file, gzip=packed)
        self._writer.write_record(self._writer.create_warcinfo_record(path.name, {"software": "x"}))

    def page(
        self,
        url: str,
        body: bytes,
        at: datetime = FETCHED,
        *,
        status: str = "200 OK",
        headers: dict[str, str] | None = None,
    ) -> ArcWarcRecord:
        """Write a response, and the request before it, as crawlers do."""
        http = StatusAndHeaders(status, [*(headers or HTML).items()], protocol="HTTP/1.1")
        response = self._record(url, "response", io.BytesIO(body), at, http)
        asked = StatusAndHeaders("GET / HTTP/1.1", [("Accept", "*/*")], is_http_request=True)
        self._writer.write_record(self._record(url, "request", None, at, asked))
        self._writer.write_record(response)
        return response

    def revisit(self, url: str, of: ArcWarcRecord, at: datetime) -> None:
        """Write a record that says that a page was as that response has it."""
        headers = of.rec_headers
        http = StatusAndHeaders("200 OK", [*HTML.items()], protocol="HTTP/1.1")
        self._writer.write_record(
            self._writer.create_revisit_record(
                url,
                headers.get_header("WARC-Payload-Digest"),
                headers.get_header("WARC-Target-URI"),
                headers.get_header("WARC-Date"),
                http_headers=http,
                warc_headers_dict={"WARC-Date": datetime_to_iso_date(at)},
            )
        )

    def text(self, url: str, text: str, at: datetime = FETCHED) -> None:
        """Write a page's plain text, as WET files have it."""
        self._writer.write_record(
            self._writer.create_warc_record(
                url,
                "conversion",
                payload=io.BytesIO(text.encode()),
                warc_content_type="text/plain",
                warc_headers_dict={"WARC-Date": datetime_to_iso_date(at)},
            )
        )

    def close(self) -> Path:
        self._file.close()
        return self.path

    def _record(
        self,
        url: str,
        kind: str,
        payload: io.BytesIO | None,
        at: datetime,
        http: StatusAndHeaders,
    ) -> ArcWarcRecord:
        return self._writer.create_warc_record(
            url,
            kind,
            payload=payload,
            http_headers=http,
            warc_headers_dict={"WARC-Date": datetime_to_iso_date(at)},
        )


def warc_of(path: Path, pages: Iterable[tuple[str, bytes]]) -> Path:
    """A WARC file of some pages."""
    warc = Warc(path)
    for url, body in pages:
        warc.page(url, body)
    return warc.close()
