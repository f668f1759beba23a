"""The fixture sites, as the tests see them: pages with their bytes, and what must come out."""

import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from schemas.dates import SHANGHAI, Published
from schemas.page import Listing, Page
from schemas.site import Site
from spiders.registry import get_site

FIXTURES = Path(__file__).parent.parent / "fixtures"
# A page's record does not depend on it; any moment after the newest page will do.
FETCHED_AT = datetime(2026, 1, 5, 9, 30, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Response:
    """One entry of a site's `responses.toml`."""

    url: str
    status: int
    headers: dict[str, str]
    file: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Expected:
    """One file of a site's `expected/`: an article page and its record, or its rejection."""

    site: str
    name: str
    url: str
    column: str | None
    listing: dict[str, str] | None
    article: dict[str, Any] | None
    rejection: dict[str, str] | None

    @property
    def id(self) -> str:
        return f"{self.site}/{self.name}"


def site_names() -> list[str]:
    """Every folder that is a site."""
    return sorted(index.parent.name for index in FIXTURES.glob("*/responses.toml"))


@cache
def load_fixture_site(name: str) -> Site:
    """The site of a fixture folder: its own `site.toml`, or the one in `spiders/sites/`."""
    own = FIXTURES / name / "site.toml"
    if not own.is_file():
        return get_site(name)
    return Site.model_validate(tomllib.loads(own.read_text(encoding="utf-8")))


@cache
def load_responses(site: str) -> dict[str, Response]:
    """A site's responses by their url, in the order of the file."""
    folder = FIXTURES / site
    index = tomllib.loads((folder / "responses.toml").read_text(encoding="utf-8"))
    return {
        entry["url"]: Response(
            url=entry["url"],
            status=entry["status"],
            headers=entry.get("headers", {}),
            file=entry.get("file"),
            body=(folder / entry["file"]).read_bytes() if "file" in entry else b"",
        )
        for entry in index["response"]
    }


@cache
def load_expected(site: str) -> tuple[Expected, ...]:
    """What must come out of a site's article pages."""
    return tuple(
        _expected(site, path)
        for path in sorted((FIXTURES / site / "expected").glob("*.json"))
        if path.name != "lists.json"
    )


def _expected(site: str, path: Path) -> Expected:
    entry = json.loads(path.read_text(encoding="utf-8"))
    return Expected(
        site=site,
        name=path.stem,
        url=entry["url"],
        column=entry["column"],
        listing=entry["listing"],
        article=entry.get("article"),
        rejection=entry.get("rejection"),
    )


def load_page(expected: Expected) -> Page:
    """The article page that `expected` speaks of, as a crawl would hand it on."""
    return make_page(
        load_responses(expected.site)[expected.url],
        site=expected.site,
        column=expected.column,
        listing=expected.listing,
    )


def make_page(
    response: Response,
    *,
    site: str,
    column: str | None = None,
    listing: dict[str, str] | None = None,
) -> Page:
    return Page(
        url=response.url,
        status=response.status,
        headers={name.lower(): value for name, value in response.headers.items()},
        body=response.body,
        fetched_at=FETCHED_AT,
        site=site,
        column=column,
        listing=listing
        and Listing(
            url=response.url,
            title=listing["title"],
            published=Published.on(date.fromisoformat(listing["date"])),
        ),
    )
