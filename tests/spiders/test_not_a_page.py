"""Responses that are no page; and pages that look like such responses and are not."""

# ruff: noqa: E501  (one case a line, as pages print it)

import pytest

from schemas.outcome import Outcome
from spiders.not_a_page import recognise

HTML = {"content-type": "text/html; charset=utf-8"}
PROSE = (
    "<p>会议指出，当前正值汛期，各镇街要强化值班值守，做好隐患排查，备足抢险物资和队伍。</p>" * 12
)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (412, Outcome.BLOCKED), (468, Outcome.BLOCKED), (512, Outcome.BLOCKED), (521, Outcome.BLOCKED), (403, Outcome.BLOCKED),
        (429, Outcome.BLOCKED), (404, Outcome.GONE), (410, Outcome.GONE), (500, Outcome.FAILED), (503, Outcome.FAILED),
    ],
)  # fmt: skip
def test_status_says_it(status: int, outcome: Outcome) -> None:
    found = recognise(status, HTML, PROSE.encode())
    assert found is not None
    assert found.outcome is outcome


NOT_PAGES = [
    (b"", Outcome.EMPTY), (b"\xef\xbb\xbf\r\n", Outcome.EMPTY), (b"ok\n", Outcome.EMPTY), (b"<html></html>", Outcome.EMPTY),
    (b"%PDF-1.4 ...", Outcome.NOT_HTML), (b"PK\x03\x04....", Outcome.NOT_HTML),
    (b"<html><head><meta r='m' content='x'><script>$_ts=window['$_ts'];if(!$_ts)$_ts={};$_ts.cd='abc'</script></head><body></body></html>", Outcome.BLOCKED),
    (b"<script>document.cookie=('_')+('_')+('j');location.href=location.pathname</script>", Outcome.BLOCKED),
    ("<html><title>访问禁止</title><body><h1>访问禁止</h1><p>您的请求可能存在威胁，已被拦截。</p></body></html>".encode(), Outcome.BLOCKED),
    ("<html><title>提示</title><body>访问被拒绝</body></html>".encode("gb18030"), Outcome.BLOCKED),
    ("<html><title>404错误提示</title><body>您访问的页面不存在</body></html>".encode(), Outcome.GONE),
    (f"<html><title>404 Not Found</title><body>{PROSE}</body></html>".encode(), Outcome.GONE),
    ("<html><title>兰亭县人民政府</title><body>对不起，您访问的文章不存在或已被删除！</body></html>".encode(), Outcome.GONE),
    ("<html><title>用户登录</title><body><form>用户名<input name=u>密码<input type=password></form></body></html>".encode(), Outcome.BLOCKED),
    ('<html><title>兰亭县</title><body><noscript>请打开脚本</noscript><div id="app"></div><script src=/js/app.js></script></body></html>'.encode(), Outcome.EMPTY),
]  # fmt: skip


@pytest.mark.parametrize(("body", "outcome"), NOT_PAGES)
def test_no_page_under_status_200(body: bytes, outcome: Outcome) -> None:
    found = recognise(200, HTML, body)
    assert found is not None
    assert found.outcome is outcome


def test_a_picture_by_its_header() -> None:
    found = recognise(200, {"content-type": "image/svg+xml; x"}, b"<svg/>" * 100)
    assert found is not None
    assert found.outcome is Outcome.NOT_HTML


ARTICLES = [
    f"<html><title>我县清理404家违规网站</title><body>{PROSE}</body></html>",
    f"<html><title>关于禁止访问境外赌博网站的通告</title><body><p>禁止访问赌博网站。</p>{PROSE}</body></html>",
    f"<html><script>$_ts=window['$_ts']</script><title>防汛会议</title><body>{PROSE}</body></html>",
    f"<html><title>防汛会议</title><body><form>登录<input type=password></form>{PROSE}</body></html>",
    f'<html><title>防汛会议</title><body><div id="app">{PROSE}</div><script></script></body></html>',
    "<html><title>图片新闻：稻田丰收</title><body><h1>图片新闻：稻田丰收</h1><p><img src=/a.jpg></p><p>稻田里，农民正在收割，丰收在望，县里派出农机帮助抢收，预计三日内完成全部收割任务。</p></body></html>",
    '<html><title>404</title><meta name="ArticleTitle" content="404路公交车恢复运行"><body>404路公交车自明日起恢复运行。</body></html>',
]  # fmt: skip


@pytest.mark.parametrize("html", ARTICLES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_article_is_never_called_anything_else(html: str, encoding: str) -> None:
    assert recognise(200, HTML, html.encode(encoding)) is None


def test_a_long_broken_page_takes_no_time() -> None:
    assert recognise(200, HTML, b"<script" * 1_000_000) is None
