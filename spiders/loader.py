"""Makes Scrapy see every site as a spider: `scrapy list`, `scrapy crawl lanshan`."""

import builtins
from typing import Self

from scrapy import Request
from scrapy.settings import BaseSettings

from schemas.site import Site
from spiders.district import DistrictSpider
from spiders.registry import load_sites


def spider_class(site: Site) -> type[DistrictSpider]:
    """The spider of one site, named by the site's id."""
    name = f"{site.id.title().replace('_', '')}Spider"
    return type(name, (DistrictSpider,), {"name": site.id, "site": site})


class SiteLoader:
    """A Scrapy spider loader with one spider class a site."""

    def __init__(self) -> None:
        self._spiders = {site.id: spider_class(site) for site in load_sites().values()}

    @classmethod
    def from_settings(cls, _settings: BaseSettings) -> Self:
        return cls()

    def load(self, spider_name: str) -> type[DistrictSpider]:
        """The spider class of a site; KeyError where there is no such site."""
        return self._spiders[spider_name]

    def list(self) -> list[str]:
        return [*self._spiders]

    def find_by_request(self, request: Request) -> builtins.list[str]:
        return [name for name, spider in self._spiders.items() if spider.handles_request(request)]
