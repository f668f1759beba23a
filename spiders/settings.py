"""Scrapy's settings: polite, quiet, and without anything that opens a port.

Read by `scrapy` itself through `scrapy.cfg`, and by every crawl of the flows.
"""

import os
from typing import Any

from schemas.site import Site

BOT_NAME = "district-news"
VERSION = "0.1"
SPIDER_LOADER_CLASS = "spiders.loader.SiteLoader"

# Who we are, and whom a site's administrator can write to.
CONTACT = os.environ.get("DISTRICT_NEWS_CONTACT", "")
USER_AGENT = f"{BOT_NAME}/{VERSION} (+{CONTACT})" if CONTACT else f"{BOT_NAME}/{VERSION}"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

# A folder of fixtures or of WARC files that answers every request in place of the network.
REPLAY = ""
# Where responses are kept before anyone reads them.
ARCHIVE = "data/archive"

# The running event loop carries the crawl: several crawls a process, and no reactor to restart.
TWISTED_REACTOR_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # would run any Python sent to its port
TELNETCONSOLE_ENABLED = False
COOKIES_ENABLED = False  # its middleware asks publicsuffix.org; no site here needs a cookie
CONCURRENT_ITEMS = 4  # the default of 100 starts as many tasks for every response
LOG_LEVEL = "INFO"
STATS_DUMP = False
FEED_EXPORT_ENCODING = "utf-8"

ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = BOT_NAME
# One at a time, none waiting behind it: a crawl that is blocked or stopped stops at once.
CONCURRENT_REQUESTS = 1
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY_JITTER = 0  # the default of a half would halve every other pause
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_START_DELAY = 2.0
AUTOTHROTTLE_MAX_DELAY = 60.0
METAREFRESH_ENABLED = False  # challenge pages use it; an article never does
HTTPERROR_ALLOW_ALL = True  # every answer becomes an outcome
# What is asked twice is decided by the spider, which counts it; a filter would drop it unseen.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # in the order of the list

RETRY_TIMES = 3
# Seconds before each retry; Retry-After may lengthen them. A county's server that fell over
# needs minutes, but a run must not hang on one page.
RETRY_BACKOFF = [5, 20, 60]

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.politeness.RobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "spiders.politeness.BackoffRetryMiddleware": 550,
    # Between the two: sees every response, redirects and errors too, with its encoding undone.
    "spiders.archiving.ArchiveMiddleware": 585,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "spiders.politeness.OnSiteRedirectMiddleware": 580,
}
ITEM_PIPELINES = {"spiders.pipeline.HandOver": 100}


def site_settings(site: Site) -> dict[str, Any]:
    """The settings that a site's data changes."""
    return {
        "DOWNLOAD_DELAY": site.politeness.delay_seconds,
        "DOWNLOAD_TIMEOUT": site.politeness.timeout_seconds,
        "DOWNLOAD_MAXSIZE": site.politeness.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
    }


def replay_settings() -> dict[str, Any]:
    """The settings of a crawl that REPLAY answers: nobody to wait for, no way to the network."""
    handler = "spiders.replay.ReplayHandler"
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "DOWNLOAD_DELAY": 0,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_BACKOFF": [0, 0, 0],
    }
