"""Answers every request of a crawl from fixtures or WARC files, and never asks the network.

A fixture folder holds `responses.toml`, a list of `[[response]]`: `url`, `status`, `headers` and
`file`, the body's bytes relative to the folder. A folder with one such folder a site serves too.
"""

import tomllib
from pathlib import Path
from typing import Protocol

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from spiders.archive import iterate_places, read_place

_NOT_MODIFIED = 304
_INDEX = "responses.toml"


class NotInReplayError(Exception):
    """The replay holds no response for a request; nothing was sent anywhere."""


class ReplayHandler(BaseDownloadHandler):
    """A Scrapy download handler that stands in for http and https."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        assert crawler.spider  # noqa: S101  (lazy: made for the first request)
        self._replay = open_replay(Path(crawler.settings["REPLAY"]), crawler.spider.name)

    async def download_request(self, request: Request) -> Response:
        """The recorded response, or 304 where its validators match the request's.

        Raises:
            NotInReplayError: Nothing is recorded for this url.
        """
        recorded = self._replay.find(request.url)
        if recorded is None:
            raise NotInReplayError(f"{request.url} is not in the replay")
        request.meta["download_latency"] = 0.0
        if recorded.status == 200 and _is_current(request, recorded):  # noqa: PLR2004
            return recorded.replace(status=_NOT_MODIFIED, body=b"")
        return recorded


class Replay(Protocol):
    """Recorded responses by their url."""

    def find(self, url: str) -> Response | None:
        """The response to `url`, or none where nothing is recorded."""


def open_replay(path: Path, site: str) -> Replay:
    """The responses below `path`, as `check_replay` takes it."""
    folder = _fixture_folder(path, site)
    return FixtureReplay(folder) if folder else WarcReplay(_warc_files(path))


def check_replay(path: Path, site: str) -> None:
    """See that `path` is a fixture folder, a WARC file or a folder of WARC files.

    Raises:
        FileNotFoundError: It is none of these; the message says what was expected.
    """
    if not _fixture_folder(path, site) and not _warc_files(path):
        raise FileNotFoundError(
            f"{path}: expected a folder with {_INDEX} (or {site}/{_INDEX}), "
            f"a WARC file or a folder of WARC files"
        )


def _fixture_folder(path: Path, site: str) -> Path | None:
    return next((f for f in (path, path / site) if (f / _INDEX).is_file()), None)


def _warc_files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.warc*"))


class FixtureReplay:
    """The responses of one fixture folder."""

    def __init__(self, folder: Path) -> None:
        index = tomllib.loads((folder / _INDEX).read_text(encoding="utf-8"))
        self._folder = folder
        self._entries = {entry["url"]: entry for entry in index["response"]}

    def find(self, url: str) -> Response | None:
        entry = self._entries.get(url)
        if entry is None:
            return None
        body = (self._folder / entry["file"]).read_bytes() if "file" in entry else b""
        headers = entry.get("headers", {})
        return HtmlResponse(url, status=entry["status"], headers=headers, body=body)


class WarcReplay:
    """The responses of WARC files; the last full response to a url stands."""

    def __init__(self, files: list[Path]) -> None:
        self._places = {
            url: (file, offset)
            for file in files
            for url, status, offset in iterate_places(file)
            if status != _NOT_MODIFIED
        }

    def find(self, url: str) -> Response | None:
        place = self._places.get(url)
        if place is None:
            return None
        status, headers, body = read_place(*place)
        return HtmlResponse(url, status=status, headers=headers, body=body)


def _is_current(request: Request, recorded: Response) -> bool:
    """Whether the request's validators match (RFC 9110 §13.2.2: the ETag decides where sent)."""
    if asked := request.headers.get("If-None-Match"):
        return asked == recorded.headers.get("ETag")
    asked = request.headers.get("If-Modified-Since")
    return asked is not None and asked == recorded.headers.get("Last-Modified")
