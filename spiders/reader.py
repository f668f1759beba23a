"""A page's bytes to a validated article, or to the reason why there is none.

A pure function of the bytes and the site's data: no network, no clock, no store, and no
exception whatever the bytes hold.
"""

import re
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from pydantic import ValidationError

from schemas.article import Article
from schemas.dates import Published
from schemas.division import county_named_in, divisions
from schemas.explain import explain
from schemas.outcome import Outcome
from schemas.page import Page
from schemas.rejection import Rejection
from schemas.site import Column, Site
from spiders.extract.bounds import is_too_large
from spiders.extract.document import Document
from spiders.extract.draft import Draft
from spiders.extract.fingerprint import content_hash
from spiders.extract.language import language_of
from spiders.extract.own_address import own_address
from spiders.extract.published import finer, is_possible
from spiders.extract.text import one_line
from spiders.extract.title import site_name
from spiders.families import FAMILIES
from spiders.families.base import Family
from spiders.families.detect import detect
from spiders.families.text import TEXT, is_plain_text
from spiders.identity import article_id, canonical_url
from spiders.not_a_page import recognise

# Goes up when the same bytes would give another record on every family.
READER_VERSION = "1"
# The first paragraphs say what district a story is about, or tell two of one name apart.
_CONTEXT = 400
# A list's text stands in links but for its dates; an article with files or references has a
# text of its own.
_LIST_SHARE = 0.6
_SITE_CODE = re.compile(r"^\d{10}$")
_NOWHERE = "http://saved.invalid/"


def read(page: Page, site: Site) -> Article | Rejection:
    """Read one page of `site`: an article, or why it is none. Never raises."""
    return _read_guarded(page, site)


def read_saved(
    body: bytes, *, url: str | None, site: Site | None, fetched_at: datetime
) -> Article | Rejection:
    """Read the bytes of a saved HTML file. Never raises.

    Args:
        body: The file's bytes.
        url: The page's address; otherwise what the page says of its own.
        site: The site it is from; otherwise one made of what the page says of its publisher.
        fetched_at: When the file was saved, as far as anyone knows.
    """
    address = url if url and urlsplit(url).hostname else _NOWHERE
    document = None
    if not is_too_large(body):
        try:
            document = Document.from_bytes(address, body)
            document.url = address = url or own_address(document) or _NOWHERE
            site = site or _unknown_site(document, address)
        except Exception:  # noqa: BLE001, S110  (bytes of any kind come in; the next read says why)
            pass
    site = site or _site_at(_root(address), urlsplit(address).hostname or "?")
    page = Page(url=address, status=200, body=body, fetched_at=fetched_at, site=site.id)
    return _read_guarded(page, site, document)


def _read_guarded(page: Page, site: Site, document: Document | None = None) -> Article | Rejection:
    """Read the page with whatever may go wrong turned into a rejection."""
    family = FAMILIES.get(site.family, FAMILIES["generic"])
    try:
        if found := recognise(page.status, page.headers, page.body):
            return _rejected(page, site, family, found.outcome, found.reason)
        if is_too_large(page.body):
            return _rejected(page, site, family, Outcome.TOO_LARGE, "page_too_large")
        if document is None and is_plain_text(page.headers, page.body):
            return _read(TEXT.document_of(page), page, site, TEXT)
        document = document or Document.from_page(page)
        if site.family not in FAMILIES:
            found_family = detect(page.url, page.headers, document.html).family
            family = FAMILIES.get(found_family or "generic", family)
        return _read(document, page, site, family)
    except Exception as error:  # noqa: BLE001  (one odd page must not end a run; it is kept and seen)
        return _rejected(
            page, site, family, Outcome.REJECTED, "reader_error", f"{type(error).__name__}: {error}"
        )


def _read(document: Document, page: Page, site: Site, family: Family) -> Article | Rejection:
    if document.charset_suspect:
        evidence = ", ".join(document.charset_evidence)
        return _rejected(
            page,
            site,
            family,
            Outcome.CHARSET_SUSPECT,
            "charset_suspect",
            f"decoded as {document.charset}: {evidence}",
        )
    draft = family.read_article(document)
    if not _has_body(draft):
        if target := family.external_target(document):
            return _rejected(
                page, site, family, Outcome.EXTERNAL, "external_link", f"leads to {target}"
            )
        if "title" not in draft.fields:
            return _rejected(
                page, site, family, Outcome.EMPTY, "no_article", "no title and no body"
            )
        return _rejected(page, site, family, Outcome.EMPTY, "empty_body", "body: nothing was found")
    is_list = draft.linked_share > _LIST_SHARE and not draft.get("attachments")
    if is_list and page.listing is None and "articletitle" not in document.metas:
        return _rejected(page, site, family, Outcome.EMPTY, "list_page", "body: nothing but links")
    _add_listing(draft, page)
    _choose_date(draft, page.fetched_at)
    _add_site(draft, document, page, site)
    if "title" not in draft.fields:
        return _rejected(
            page, site, family, Outcome.REJECTED, "missing_title", "title: nothing was found"
        )
    try:
        return Article.model_validate(
            {
                **draft.fields,
                "reader": family.id,
                "reader_version": f"{READER_VERSION}.{family.version}",
                "provenance": {
                    **{k: v for k, v in draft.provenance.items() if k in draft.fields},
                    "charset": f"{document.charset}: {', '.join(document.charset_evidence)}",
                },
            }
        )
    except ValidationError as error:
        problems = explain(error, "article")
        field = str(error.errors()[0]["loc"][0]) if error.errors()[0]["loc"] else "article"
        if any("U+FFFD" in problem for problem in problems):
            return _rejected(
                page, site, family, Outcome.CHARSET_SUSPECT, "charset_suspect", *problems
            )
        return _rejected(page, site, family, Outcome.REJECTED, f"invalid_{field}", *problems)


def _has_body(draft: Draft) -> bool:
    fields = draft.fields
    return any(fields.get(name) for name in ("body_text", "images", "attachments"))


def _add_listing(draft: Draft, page: Page) -> None:
    """What the list row said, where the page says less."""
    if page.listing is None:
        return
    title = one_line(page.listing.title)
    draft.put("title", title, "list")
    shown = draft.get("title")
    # A list cuts long titles and a page may cut its own; the longer of two that begin alike wins.
    if title and len(title) > len(shown) and title.startswith(shown):
        draft.replace("title", title, "list")
    if page.listing.published:
        draft.put("listed", ((page.listing.published, "list"),), "list")


def _choose_date(draft: Draft, fetched_at: datetime) -> None:
    """The first possible candidate in the order of precedence; finer where another says so."""
    candidates: list[tuple[Published, str]] = list(draft.fields.pop("published", ()))
    candidates += draft.fields.pop("listed", ())
    if url_day := draft.fields.pop("url_day", None):
        candidates.append((url_day, "url"))
    for name in ("published", "listed", "url_day"):
        draft.provenance.pop(name, None)
    possible = [(found, origin) for found, origin in candidates if is_possible(found, fetched_at)]
    if not possible:
        return
    best, origin = possible[0]
    for other, other_origin in possible[1:]:
        if (refined := finer(best, other)) is not best:
            best, origin = refined, other_origin
            break
    draft.put("published_at", best.at, origin)
    draft.put("published_precision", best.precision, origin)


def _add_site(draft: Draft, document: Document, page: Page, site: Site) -> None:
    """What the site and the request add: identity, place, divisions, hash, language."""
    url = canonical_url(site, page.url)
    draft.put("id", article_id(site.id, url), "url")
    draft.put("url", url, "url")
    draft.put("site", site.id, "site")
    draft.put("site_name", site.name, "site")
    if page.column:
        draft.put("column", page.column, "site")
        # A column that the site's file has no more was there when the page was archived.
        name = next((column.name for column in site.columns if column.id == page.column), None)
        draft.put("column_name", name, "site")
    elif name := one_line(document.metas.get("columnname", "")):
        draft.put("column_name", name[:200], "meta:ColumnName")
    text = draft.fields.setdefault("body_text", "")
    draft.fields.setdefault("body_html", "")
    draft.fields["content_hash"] = content_hash(text)
    draft.fields["language"] = language_of(text or draft.fields.get("title", ""))
    draft.fields["fetched_at"] = page.fetched_at
    draft.fields["archive"] = page.archive
    code = document.metas.get("siteidcode", "")
    told = code[:6] if _SITE_CODE.match(code) and code[:6] in divisions() else None
    if site.division:
        # Worth a look where the page's own code names another division.
        origin = "site" if told in {None, site.division} else f"site (SiteIDCode says {told})"
        draft.put("publisher_division", site.division, origin)
        draft.put("subject_division", site.division, "site")
        return
    draft.put("publisher_division", told, "meta:SiteIDCode")
    draft.put(
        "subject_division", county_named_in(draft.get("title") or "", text[:_CONTEXT]), "title"
    )


def _rejected(
    page: Page, site: Site, family: Family, outcome: Outcome, reason: str, *errors: str
) -> Rejection:
    return Rejection(
        url=canonical_url(site, page.url),
        site=page.site,
        column=page.column,
        outcome=outcome,
        reason=reason,
        errors=errors,
        listing=page.listing,
        archive=page.archive,
        fetched_at=page.fetched_at,
        reader=family.id,
        reader_version=f"{READER_VERSION}.{family.version}",
    )


def _unknown_site(document: Document, address: str) -> Site:
    """A site made of what one page says of its publisher; its family shows in its pages."""
    return _site_at(_root(address), site_name(document) or urlsplit(address).hostname or "?")


def _root(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


@lru_cache(maxsize=256)
def _site_at(root: str, name: str) -> Site:
    # The pages of one folder are mostly of a few sites.
    column = Column(id="unknown", name=name, url=root)
    return Site(id="unknown", name=name, url=root, family="auto", columns=(column,))
