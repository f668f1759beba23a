"""Every fixture page gives exactly the record, or the rejection, that someone read off it."""

import hashlib
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from schemas.article import Article
from schemas.rejection import Rejection
from spiders.reader import read
from tests.fixture_sites import (
    FIXTURES,
    Expected,
    load_expected,
    load_fixture_site,
    load_page,
    load_responses,
    site_names,
)

EXPECTED = {expected.id: expected for site in site_names() for expected in load_expected(site)}
# What a page cannot say, and what its reader says of itself.
NOT_ON_THE_PAGE = {"id", "content_hash", "fetched_at", "archive", "reader_version"}
# Where a value came from, and the sanitised body, are tested on their own.
MAY_BE_EXPECTED = {"provenance", "body_html"}

SEEDS = {
    "jdxwwcn/10286": "000_b6937f378c4ca126.txt",
    "lanshan/200120": "004_ad5b13b2c3c9f607.txt",
}
SEED_SHA256 = {
    "000_b6937f378c4ca126.txt": "427e5c7162f2a005b77cb44e28233549189a650b9646c4f463ae1814412f1b95",
    "004_ad5b13b2c3c9f607.txt": "10571b1c8b3adfc6172971d8e954383cf553f11a40bce45ac1584e5c07944352",
}
SEED_PARAGRAPHS = {
    "jdxwwcn/10286": ("新年伊始", "进行专题授课。", 11),
    "lanshan/200120": ("7月17日上午", "实现新突破。", 9),
}
NEVER_IN_THE_BODY = {
    "jdxwwcn/10286": ["\\", "点击", "责任编辑", "相关文章", "关于我们", "ICP备"],
    "lanshan/200120": ["简体 繁体", "网站支持IPv6", "点击数", "索引号", "关闭窗口", "扫一扫"],
}


@cache
def read_fixture(expected_id: str) -> Article | Rejection:
    expected = EXPECTED[expected_id]
    return read(load_page(expected), load_fixture_site(expected.site))


def read_article(expected_id: str) -> Article:
    record = read_fixture(expected_id)
    assert isinstance(record, Article), record
    return record


def fields(of: str) -> list[Any]:
    """One parameter a field: `lanshan/200120/title`."""
    return [
        pytest.param(expected.id, field, value, id=f"{expected.id}/{field}")
        for expected in EXPECTED.values()
        for field, value in (getattr(expected, of) or {}).items()
    ]


@pytest.mark.parametrize(("page", "field", "value"), fields("article"))
def test_article_field(page: str, field: str, value: object) -> None:
    assert read_article(page).model_dump(mode="json")[field] == value


@pytest.mark.parametrize(("page", "field", "value"), fields("rejection"))
def test_rejection_field(page: str, field: str, value: object) -> None:
    record = read_fixture(page)
    assert isinstance(record, Rejection), record
    assert record.model_dump(mode="json")[field] == value


@pytest.mark.parametrize("expected", EXPECTED.values(), ids=EXPECTED)
def test_expectation_is_complete(expected: Expected) -> None:
    """A field that nobody wrote down would go untested."""
    if expected.article is None:
        assert expected.rejection
        assert set(expected.rejection) == {"outcome", "reason"}
        return
    assert set(expected.article) - MAY_BE_EXPECTED == (
        set(Article.model_fields) - NOT_ON_THE_PAGE - MAY_BE_EXPECTED
    )


# --- The two seeds ------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "sha256"), SEED_SHA256.items(), ids=SEED_SHA256)
def test_seed_file_is_untouched(name: str, sha256: str) -> None:
    assert hashlib.sha256((FIXTURES / "seeds" / name).read_bytes()).hexdigest() == sha256


@pytest.mark.parametrize("page", SEEDS)
def test_seed_page_says_what_the_seed_says_and_nothing_else(page: str) -> None:
    """Letter for letter over the visible page, so that nothing is invented and nothing lost."""
    html = load_page(EXPECTED[page]).body.decode("gb18030" if "jdxwwcn" in page else "utf-8-sig")
    text = VisibleText()
    text.feed(html)
    # The text kept a bullet for each list item and a backslash for each picture's alt.
    seed = read_seed(page).replace("•", "").replace("\\", "")
    assert squeeze(fold("".join(text.parts))) == squeeze(seed)


@pytest.mark.parametrize("page", SEEDS)
def test_seed_body_equals_the_seed(page: str) -> None:
    first, last, count = SEED_PARAGRAPHS[page]
    lines = [line.strip() for line in fold(read_seed(page)).splitlines() if line.strip()]
    begin = next(i for i, line in enumerate(lines) if line.startswith(first))
    paragraphs = lines[begin : begin + count]
    assert paragraphs[-1].endswith(last)
    assert fold(read_article(page).body_text).splitlines() == paragraphs


@pytest.mark.parametrize(
    ("page", "text"),
    [(page, text) for page, texts in NEVER_IN_THE_BODY.items() for text in texts],
)
def test_never_in_the_seed_body(page: str, text: str) -> None:
    article = read_article(page)
    assert text not in article.body_text
    assert text not in article.body_html


class VisibleText(HTMLParser):
    """The text that a reader of the page sees, by the standard library alone."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self._hidden += tag in {"head", "script"}

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"head", "script"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def read_seed(page: str) -> str:
    return (FIXTURES / "seeds" / SEEDS[page]).read_text(encoding="utf-8")


def fold(text: str) -> str:
    """The seeds' own fold: full-width forms to ASCII; with it, no-break spaces to spaces."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return text.translate(wide | {0xA0: " "})


def squeeze(text: str) -> str:
    return "".join(text.split())


# --- The bytes ----------------------------------------------------------------------------------


@pytest.mark.parametrize("site", site_names())
def test_every_file_is_referenced_and_every_reference_holds(site: str) -> None:
    responses = load_responses(site)  # reads every body: a missing file fails here
    on_disk = {
        path.relative_to(FIXTURES / site).as_posix()
        for path in (FIXTURES / site).rglob("*")
        if path.is_file() and "expected" not in path.parts
    }
    assert on_disk - {"site.toml"} == {"responses.toml"} | {
        response.file for response in responses.values() if response.file
    }
    assert {expected.url for expected in load_expected(site)} <= set(responses)


@pytest.mark.parametrize("name", ["list-1", "list-2", "list-3", "200120", "200187", "404"])
def test_lanshan_has_a_byte_order_mark_and_dos_line_ends(name: str) -> None:
    body = (FIXTURES / "lanshan" / f"{name}.html").read_bytes()
    assert body.startswith(b"\xef\xbb\xbf")
    assert body.count(b"\n") == body.count(b"\r\n") > 0
    body.decode("utf-8-sig")


@pytest.mark.parametrize("name", ["list-1", "list-2", "list-3", "10286", "10291"])
def test_jdxwwcn_is_gb2312(name: str) -> None:
    body = (FIXTURES / "jdxwwcn" / f"{name}.html").read_bytes()
    assert b"charset=gb2312" in body
    assert "中国焦点新闻网" in body.decode("gb2312")
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")


def test_jdxwwcn_has_a_page_with_more_than_it_declares() -> None:
    body = (FIXTURES / "jdxwwcn" / "10260.html").read_bytes()
    assert b"charset=gb2312" in body
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")
    assert "王堃、李镕" in body.decode("gb18030")
