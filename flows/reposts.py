"""Whose text an article carries, as far as its page says so: 来源, 转载自 in the text, links."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from flows.storage.precedence import names_another
from schemas.article import Article
from schemas.cluster import Clue, Repost
from schemas.division import divisions
from spiders.extract.fingerprint import folded

# 转载自：新华社。 The name ends with its mark, or with the line.
_SAID: Final = re.compile(
    r"(?:转载自|转自|摘自|原载于?|来源于|(?:信息|稿件|文章|内容)?来源)\s*[：:]?\s*"
    r"[《“\"【（(]?([^\s，。；、：:》”\"】）)]{2,30})"
)
_HREF: Final = re.compile(r'href="(https?://[^"]+)"')
# Of two characters a name may be a part of any other.
_SHORTEST_NAME: Final = 3


def reposts(article: Article, others: Sequence[Article]) -> tuple[Repost, ...]:
    """Whom an article reposts by its own word, the plainest word first.

    Args:
        article: The one that may be a repost.
        others: The other articles of its cluster, the first one first.
    """
    found = [
        *_by_source(article, others),
        *_by_text(article, others),
        *_by_links(article, others),
    ]
    return tuple({(one.article or folded(one.name)): one for one in reversed(found)}.values())[::-1]


def _by_source(article: Article, others: Sequence[Article]) -> Iterator[Repost]:
    if article.source and names_another(article.model_dump()):
        yield Repost(clue=Clue.SOURCE, name=article.source, article=_named(article.source, others))


def _by_text(article: Article, others: Sequence[Article]) -> Iterator[Repost]:
    for found in _SAID.finditer(article.body_text):
        name = found[1]
        own = (article.site_name, article.issuing_agency or "")
        if not any(_is_name(name, mine) for mine in own):
            yield Repost(clue=Clue.TEXT, name=name, article=_named(name, others))


def _by_links(article: Article, others: Sequence[Article]) -> Iterator[Repost]:
    hosts = {_host(other.url): other.id for other in reversed(others) if other.site != article.site}
    urls = {other.url: other.id for other in others}
    for url in dict.fromkeys(_HREF.findall(article.body_html)):
        if meant := urls.get(url) or hosts.get(_host(url)):
            yield Repost(clue=Clue.LINK, name=url, article=meant)


def _named(name: str, others: Iterable[Article]) -> str | None:
    """The first of the others that goes by a name: its site's, its agency's or its division's."""
    return next(
        (other.id for other in others if any(_is_name(name, n) for n in _names(other))), None
    )


def _names(article: Article) -> Iterator[str]:
    yield article.site_name
    if article.issuing_agency:
        yield article.issuing_agency
    if article.source and not names_another(article.model_dump()):
        yield article.source
    if article.publisher_division:
        yield divisions()[article.publisher_division].name
    yield _host(article.url)


def _is_name(said: str, name: str) -> bool:
    one, other = folded(said), folded(name)
    shorter = min(len(one), len(other))
    return shorter >= _SHORTEST_NAME and (one in other or other in one)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
