"""Article pages whose templates differ from what most templates do."""

# ruff: noqa: E501  (one case a line, as pages print it)

from datetime import UTC, datetime

import pytest

from schemas.article import Article
from spiders.reader import read_saved

FETCHED_AT = datetime(2026, 11, 1, tzinfo=UTC)
TITLE = "云溪区推进水库除险加固"
PARAGRAPHS = (
    "连日来，云溪区加快推进三座小型水库除险加固，施工人员抢抓晴好天气赶进度。",
    "区水务局负责人介绍，工程完工后可灌溉下游农田四千余亩，惠及两个镇十一个村。",
    "目前，坝体防渗已完成九成，溢洪道浇筑进入收尾阶段，预计汛期前投入使用。",
)
BODY = "".join(f"<p>　　{text}</p>" for text in PARAGRAPHS)
TEXT = "\n".join(PARAGRAPHS)


def page(inside: str, *, head: str = "", title: str = f"{TITLE}-云溪区人民政府") -> str:
    """A page with a menu and a foot around `inside`."""
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        '<div class="top"><a href="/">首页</a><a href="/zwgk/">政务公开</a></div>'
        f"{inside}"
        '<div class="foot"><p>主办：云溪区人民政府　网站标识码：3799990001</p></div></body></html>'
    )


def read(html: str) -> Article:
    result = read_saved(
        html.encode(), url="http://www.yunxi.example/a/1.html", site=None, fetched_at=FETCHED_AT
    )
    assert isinstance(result, Article), result
    return result


def published(html: str) -> str | None:
    record = read(html).model_dump(mode="json")
    return record["published_at"]


# What stands beside title and body, and the publish date that it tells.
DATES = [
    (f"<h1>{TITLE}</h1><p>更新时间：2024-06-01 10:00 发布日期：2024-05-06 09:12</p>{{}}", "2024-05-06T09:12+08:00"),
    (f"<h1>{TITLE}</h1><p>2024-05-06 09:12　更新时间：2024-06-01</p>{{}}", "2024-05-06T09:12+08:00"),
    (f"<h1>{TITLE}</h1><p>时间：2024-06-01　发布日期：2024-05-06</p>{{}}", "2024-05-06"),
    (f"<h1>{TITLE}</h1><p>更新时间：2024-06-01</p>{{}}", "2024-06-01"),
    (f"<h1>{TITLE}</h1><p>发布日期：20240506</p>{{}}", "2024-05-06"),
    (f"<h1>{TITLE}</h1><div><b>06</b><i>2024-05</i></div>{{}}", "2024-05-06"),
    (f"<h1>{TITLE}</h1><p>May 6, 2024</p>{{}}", "2024-05-06"),
    (f"<div>2024-05-06 09:12　来源：云溪报</div><h1>{TITLE}</h1>{{}}", "2024-05-06T09:12+08:00"),
    (f"<div>2024-05-06</div><h1>{TITLE}</h1>{{}}", None),
    (f"<h1>{TITLE}</h1>{{}}<p>发布日期：2024-05-06</p>", "2024-05-06"),
    (f"<h1>{TITLE}</h1>{{}}<p>更新日期：2024-05-06</p>", None),
    (f"<h1>{TITLE}</h1>{{}}<p>上一篇：云溪区启动清淤 2024-05-06</p>", None),
    (f"<h1>{TITLE}</h1>{{}}<div><p>网友 2024-05-06 12:00 评论：好</p></div>", None),
    (f"<h1>{TITLE}</h1><p>摘要：验收会将于2024年5月6日上午举行，请各村参加。</p>{{}}", None),
]  # fmt: skip


@pytest.mark.parametrize(("beside", "expected"), DATES)
def test_the_publish_date_that_a_page_shows(beside: str, expected: str | None) -> None:
    inside = beside.format(f"<div>{BODY}</div>")
    assert published(page(f"<div>{inside}</div>")) == expected


# PubDate, the line under the title, and what both say together.
TAGS = [
    ("2024-05-06 00:00", "2024-05-06 09:12", "2024-05-06T09:12+08:00"),
    ("2024-05-06 00:00:00", "发布时间：2024-05-06", "2024-05-06"),
    ("2024-05-06 09:12", "发布时间：2024-05-07", "2024-05-06T09:12+08:00"),
    ("2024-05-06 00:00", "2024-05-07 09:12", "2024-05-06"),
    ("20240506", "", "2024-05-06"),
    ("Mon May 06 09:12:00 CST 2024", "", "2024-05-06T09:12:00+08:00"),
    ("2024-05-06 下午 3:05", "", "2024-05-06T15:05+08:00"),
]


@pytest.mark.parametrize(("tag", "line", "expected"), TAGS)
def test_the_national_tag_and_the_line(tag: str, line: str, expected: str) -> None:
    html = page(
        f"<div><h1>{TITLE}</h1><p>{line}</p><div>{BODY}</div></div>",
        head=f'<meta name="PubDate" content="{tag}">',
    )
    assert published(html) == expected


def test_the_time_of_generation_is_the_last_resort() -> None:
    head = '<meta name="Maketime" content="2024-06-01 10:00:00">'
    line = "<h1>{}</h1><p>{}</p><div>{}</div>"
    assert (
        published(page(line.format(TITLE, "发布日期：2024-05-06", BODY), head=head)) == "2024-05-06"
    )
    assert published(page(line.format(TITLE, "", BODY), head=head)) == "2024-06-01T10:00:00+08:00"
