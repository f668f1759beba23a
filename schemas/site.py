"""A site and its columns, as `spiders/sites/<province>/<site>.toml` gives them."""

import tomllib
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urljoin, urlsplit

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from schemas.base import Shape
from schemas.division import DivisionCode
from schemas.explain import explain


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("expected an absolute address, such as http://www.lyls.gov.cn/")
    return url


def _cron(expression: str) -> str:
    if len(expression.split()) != 5:  # noqa: PLR2004  (minute, hour, day, month, weekday)
        raise ValueError('expected five cron fields, such as "30 6,18 * * *" (Asia/Shanghai)')
    return expression


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
"""A name that is safe as a file name, a spider name and a column of a report."""
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
Cron = Annotated[str, AfterValidator(_cron)]


class Politeness(Shape):
    """How gently a site is asked. The defaults suit the small server of a county."""

    # The gentlest habit found among public crawlers of these sites is one request a second, and
    # their servers are small: half of that.
    delay_seconds: Annotated[float, Field(ge=0.5, le=600)] = 2.0
    """Least pause between two requests on a lane; AutoThrottle lengthens it for a slow server."""
    lane: Name | None = None
    """Sites on one platform name the same lane and share its one request at a time."""
    timeout_seconds: Annotated[float, Field(ge=1, le=600)] = 60.0
    # The largest real article page seen is under 3 MB; what is larger is a file or an accident.
    max_bytes: Annotated[int, Field(ge=1_000, le=200_000_000)] = 20_000_000
    # A district publishes ten to thirty articles a day, each due three times in its first month:
    # with two runs a day that is at most fifty a run.
    look_again_per_run: Annotated[int, Field(ge=0, le=10_000)] = 50
    """Most stored articles that one run looks at again without a list naming them."""


class Attachments(Shape):
    """Whether the files that articles offer are fetched, and how large they may be."""

    fetch: bool = False
    """PDF, Office and other files linked as attachments, on the site's own hosts."""
    images: bool = False
    """The pictures in the bodies too."""
    # Scanned budgets reach tens of megabytes; few notices' files are over five.
    max_bytes: Annotated[int, Field(ge=1_000, le=200_000_000)] = 50_000_000
    # At two seconds each that is a few minutes of the site's lane a run.
    per_run: Annotated[int, Field(ge=1, le=10_000)] = 100
    """Most files that one run asks for; the rest wait for the next."""


class Column(Shape):
    """One list of articles on a site (栏目)."""

    id: Slug
    name: Name
    url: str
    """The list's first page; the loader makes it absolute."""


class Site(Shape):
    """One publisher's portal."""

    id: Slug
    name: Name
    url: HttpUrl
    family: Slug = "auto"
    """The CMS it runs on; `auto`: each page's own markers decide."""
    division: DivisionCode | None = None
    """Who runs the site; none for a portal that belongs to no division."""
    hosts: tuple[Name, ...] = ()
    """Further hosts that serve this site's articles."""
    cron: Cron = "30 6,18 * * *"
    """When the scheduled ingest runs, Asia/Shanghai."""
    politeness: Politeness = Politeness()
    attachments: Attachments = Attachments()
    columns: Annotated[tuple[Column, ...], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _absolute_columns(cls, data: object) -> object:
        """Resolve each column's address against the site's."""
        if not isinstance(data, dict) or not isinstance(data.get("columns"), list):
            return data
        base = data.get("url")
        columns = [
            {**column, "url": urljoin(base, column["url"])}
            if isinstance(base, str)
            and isinstance(column, dict)
            and isinstance(column.get("url"), str)
            else column
            for column in data["columns"]
        ]
        return {**data, "columns": columns}

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [column.id for column in self.columns]
        if len(set(ids)) < len(ids):
            raise ValueError(f"expected every column id once, found {', '.join(ids)}")
        for column in self.columns:
            if urlsplit(column.url).hostname not in self.all_hosts:
                raise ValueError(
                    f"column {column.id}: {column.url} is on none of the site's hosts; "
                    f"add its host to hosts"
                )
        return self

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def lane(self) -> str:
        """What requests queue on: the shared platform, or the site's own host."""
        return self.politeness.lane or self.host

    @property
    def all_hosts(self) -> tuple[str, ...]:
        """Every host whose pages are this site's own."""
        return (self.host, *self.hosts)

    def column(self, column_id: str) -> Column:
        """The column of that id; KeyError names those there are."""
        for column in self.columns:
            if column.id == column_id:
                return column
        known = ", ".join(column.id for column in self.columns)
        raise KeyError(f"{self.id} has no column {column_id}; it has {known}")


class SiteError(ValueError):
    """A site's file that cannot be used; the message names file, key and what was expected."""


def load_site(path: Path) -> Site:
    """Read one site's TOML file: `<site id>.toml`, or `site.toml` in a folder of that name.

    Raises:
        SiteError: The file is no TOML, has an unknown key or a bad value.
    """
    try:
        site = Site.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{path}: not valid TOML: {error}") from error
    except ValidationError as error:
        problems = "; ".join(explain(error, "site"))
        raise SiteError(f"{path}: {problems}") from error
    name = path.parent.name if path.name == "site.toml" else path.stem
    if site.id != name:
        raise SiteError(f"{path}: id: expected {name!r}, as the file is named, got {site.id!r}")
    return site
