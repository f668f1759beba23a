"""Pages from elsewhere than the web: WARC files, saved pages, their plain text.

A source is gone through twice. First it is surveyed: which pages of which site it holds, from when,
and where in it. Then the pages are read one by one in the order of their dates, so that of several
versions of a page each follows the one before it. Nothing is unpacked, and only some dozens of
pages are in memory at a time.
"""

from spiders.sources.capture import Capture, Found, Source
from spiders.sources.mapping import SourceError
from spiders.sources.opening import open_sources
from spiders.sources.survey import Survey

__all__ = ["Capture", "Found", "Source", "SourceError", "Survey", "open_sources"]
