"""The line under a title, in the forms that government and news sites print."""

# ruff: noqa: E501  (one case a line, as pages print it)

import pytest

from spiders.extract.byline import is_credit, named_at_end, read_byline

B = "\x1f"
"""Where one text node ends and the next begins."""

# text, source, author, editor, published
LINES = [
    (f"【来源：{B} | 发布日期：2026-06-16 】", None, None, None, "2026-06-16"),
    ("【来源：县应急局 | 发布日期：2026-06-16 】", "县应急局", None, None, "2026-06-16"),
    (f"作者:教务管理科    时间：2026-06-23    点击数：{B}", None, "教务管理科", None, "2026-06-23"),
    (f"| 发布时间: 2018-05-17 | 浏览次数: {B}", None, None, None, "2018-05-17"),
    (f"时间:{B}2018-01-25 23:27{B}来源:{B}未知 {B}作者:{B}admin {B}点击:{B}次", None, None, None, "2018-01-25T23:27+08:00"),
    (f"来源：{B}国家能源局{B}发布时间：2026/04/09", "国家能源局", None, None, "2026-04-09"),
    ("文章来源：产权局  发布时间：2024-12-17", "产权局", None, None, "2024-12-17"),
    ("信息来源：县教育局 时间：2024-05-06 10:11:12 【字体：大 中 小】", "县教育局", None, None, "2024-05-06T10:11:12+08:00"),
    ("2024年5月6日 10:11 来源：新华社", "新华社", None, None, "2024-05-06T10:11+08:00"),
    ("来源：兰亭日报 作者：王小明 编辑：李红 责任编辑：赵刚", "兰亭日报", "王小明", "李红", None),
    ("来 源：兰亭发布　　作　者：王小明　　责任编辑：赵 刚", "兰亭发布", "王小明", "赵 刚", None),
    ("发布时间：2024-05-06　来源：兰亭县人民政府办公室　浏览次数：128次　字体：[ 大 中 小 ]", "兰亭县人民政府办公室", None, None, "2024-05-06"),
    ("日期：2024-05-06 来源：（兰亭日报）", "（兰亭日报）", None, None, "2024-05-06"),
    ("来源：经济日报-中国经济网 | 2024-05-06 08:00", "经济日报-中国经济网", None, None, "2024-05-06T08:00+08:00"),
    ("来源：县委宣传部、县文明办", "县委宣传部、县文明办", None, None, None),
    ("来源：    时间：2024-05-06", None, None, None, "2024-05-06"),
    (f"来源：{B}作者：{B}发布时间：{B}2024-05-06", None, None, None, "2024-05-06"),
    ("发布时间：24-05-06", None, None, None, None),
    ("发布时间：2024—05—06 09∶12", None, None, None, "2024-05-06T09:12+08:00"),
    ("发布时间：2024-13-46", None, None, None, None),
    ("2024-05-06 &nbsp;点击数：".replace("&nbsp;", "\xa0"), None, None, None, "2024-05-06"),
    (f"成文日期{B}2024年4月1日{B}发布日期{B}2024年5月6日", None, None, None, "2024-05-06"),
    (f"今天是2026年1月1日{B}2024-05-06", None, None, None, "2024-05-06"),
    ("来源：兰亭网-《兰亭日报》 2024-05-20 03:15", "兰亭网-《兰亭日报》", None, None, "2024-05-20T03:15+08:00"),
    ("《来源：兰亭日报》 2024-05-20", "兰亭日报", None, None, "2024-05-20"),
    ("发布日期︰２０２４－０５－０６　０９：１２　稿源︰县水利局", "县水利局", None, None, "2024-05-06T09:12+08:00"),
    (f"[ 信息来源 ]{B}县水利局{B}[ 发布日期 ]{B}2024-05-06", "县水利局", None, None, "2024-05-06"),
    ("见《通知》[2024] 来源] 2024-05-06", None, None, None, "2024-05-06"),
    ("来源：本站 发布：2024-05-06", "本站", None, None, "2024-05-06"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "author", "editor", "published"), LINES)
def test_line(
    text: str, source: str | None, author: str | None, editor: str | None, published: str | None
) -> None:
    byline = read_byline(text)
    assert byline.source == source
    assert byline.author == author
    assert byline.editor == editor
    assert (str(byline.published) if byline.published else None) == published


def test_a_labelled_date_wins_over_one_that_stands_before_it() -> None:
    byline = read_byline("2023年1月1日起施行　发布时间：2024-05-06")
    assert str(byline.published) == "2024-05-06"
    assert byline.label == "发布时间"


def test_a_time_of_publishing_wins_over_one_of_updating() -> None:
    byline = read_byline("更新时间：2024-06-01 10:00　发布时间：2024-05-06 09:12")
    assert str(byline.published) == "2024-05-06T09:12+08:00"


# text, editor
ENDS = [
    ("落实落细。(责任编辑：杨戬)", "杨戬"),
    ("落实落细。【责任编辑：石运来】", "石运来"),
    ("责任编辑：杨戬", "杨戬"),
    (f"责任编辑：{B}杨戬{B}相关文章", "杨戬"),
    ("(责编：赵鹏、盛楚宜)", "赵鹏、盛楚宜"),
    ("责任编辑：", None),
    ("(责任编辑：admin)", None),
    ("编辑部：电话12345", None),
    ("编辑：王小明　审核：李红", "王小明"),
    ("责 任 编 辑 ：王小明", "王小明"),
]


@pytest.mark.parametrize(("text", "editor"), ENDS)
def test_editor_at_the_end(text: str, editor: str | None) -> None:
    assert named_at_end(text).editor == editor


@pytest.mark.parametrize(
    "line",
    [
        "责任编辑：杨戬",
        "（责任编辑：杨戬）",
        "【责任编辑：石运来】",
        "编辑：王小明 审核：李红",
        "[责编：王小明]",
    ],
)
def test_a_line_of_credits(line: str) -> None:
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    ["他说，责任编辑：这个岗位很重要。", "会议要求编辑好县志", "来源：新华社", "电话：12345"],
)
def test_no_line_of_credits(line: str) -> None:
    assert not is_credit(line)
