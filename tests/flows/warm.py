"""What every process of a killed run would do anew.

The table by which characters are folded, and the modules that a crawl loads by name when it starts:
most of a short run's time.
"""

from importlib import import_module

from flows.similarity.fold import fold

fold("文")
for name in (
    "aiohttp",
    "alembic.command",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.downloader.handlers.s3",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.extensions.feedexport",
    "scrapy.extensions.remote_control",
    "scrapy.extensions.telnet",
    "scrapy.pqueues",
    "scrapy.squeues",
    "spiders.archiving",
    "spiders.pipeline",
    "spiders.politeness",
):
    import_module(name)
