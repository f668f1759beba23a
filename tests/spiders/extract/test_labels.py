"""Disclosure boxes: read by label, whatever the order, the markup and the gaps."""

# ruff: noqa: E501  (one case a line, as pages print it)

import pytest
from selectolax.lexbor import LexborHTMLParser

from spiders.extract.labels import BREAK, document_number, labelled_values


def read(html: str, title: str = "") -> dict[str, str]:
    tree = LexborHTMLParser(html)
    assert tree.body
    values = labelled_values(tree, tree.body.text(separator=BREAK), title)
    return {name: value for name, (value, _) in values.items()}


def test_pairs_of_cells_in_any_order() -> None:
    assert read(
        "<table><tr><td><b>标　　题：</b></td><td colspan=3>关于防汛的通知</td></tr>"
        "<tr><td><b>索 引 号：</b></td><td>30643-2026-001</td><td><b>发文机构：</b></td><td> 县水利局 </td></tr>"
        "<tr><td>成文日期：</td><td>2026年02月23日</td><td>发布日期：</td><td>2026年03月02日</td></tr>"
        "<tr><td>发文字号：</td><td> </td><td>有 效 性：</td><td>有效</td></tr></table>",
        "关于防汛的通知",
    ) == {
        "_title": "关于防汛的通知",
        "index_number": "30643-2026-001",
        "issuing_agency": "县水利局",
        "written_on": "2026年02月23日",
        "_published": "2026年03月02日",
    }


def test_label_and_value_in_one_cell() -> None:
    assert read(
        "<table><tr><td>索引号：ABC/2024-00012</td><td>主题分类：农业\\畜牧业</td></tr>"
        "<tr><td>公开方式：主动公开</td><td>文号：</td></tr></table>"
    ) == {
        "index_number": "ABC/2024-00012",
        "theme": "农业\\畜牧业",
        "disclosure": "主动公开",
    }


def test_lines_with_the_label_in_its_own_element() -> None:
    assert read(
        "<ul><li><span>索引号：</span>ABC/2024-00012</li><li><span>文&nbsp;&nbsp;号：</span></li>"
        "<li><span>发布机构：</span><em>县应急局</em></li><li><span>体裁分类</span><i>：</i>通知</li></ul>"
    ) == {"index_number": "ABC/2024-00012", "issuing_agency": "县应急局", "genre": "通知"}


def test_labels_that_are_elements_of_their_own() -> None:
    assert read(
        "<dl><dt>索引号</dt><dd>ABC/2024-00012</dd><dt>文号</dt><dd>兰政发〔2024〕5号</dd></dl>"
        "<div><b>索引号</b></div>"
    ) == {"index_number": "ABC/2024-00012", "document_number": "兰政发〔2024〕5号"}


def test_a_value_that_is_a_label_is_none_and_the_copy_that_says_something_wins() -> None:
    assert (
        read(
            "<table><tr><td>公开目录</td><td>公开目录</td><td>索引号</td><td>x/2024-1</td></tr></table>"
            "<ul><li>公开目录：会议公开</li><li>索引号：x/2024-1</li></ul>"
        )["catalogue"]
        == "会议公开"
    )


@pytest.mark.parametrize("empty", ["", "&nbsp;", "无", "-", "——", "暂无"])
def test_an_empty_value_is_none(empty: str) -> None:
    assert "document_number" not in read(
        f"<table><tr><td>索引号</td><td>a-1</td><td>文号</td><td>{empty}</td></tr>"
        "<tr><td>标题</td><td>通知</td></tr></table>"
    )


def test_prose_that_mentions_a_label_is_no_box() -> None:
    assert read("<p>请在申请表中填写索引号和文号，并注明公开方式。</p>") == {}


@pytest.mark.parametrize(
    ("printed", "normal"),
    [
        ("国资发改革规〔2024〕53号", "国资发改革规〔2024〕53号"),
        ("国资发改革规[2024]53号", "国资发改革规〔2024〕53号"),
        ("国资发改革规（2024）53 号", "国资发改革规〔2024〕53号"),
        ("临兰政办字［2024］31号", "临兰政办字〔2024〕31号"),
        ("临兰政办字【2024】第31号", "临兰政办字〔2024〕31号"),
        ("临兰政办字 〔 2024 〕 031号", "临兰政办字〔2024〕31号"),
        ("国务院令第782号", "国务院令第782号"),
        ("科学技术部令第23号", "科学技术部令第23号"),
        ("公告2024年第5号", "公告2024年第5号"),
        ("关于印发《办法》的通知", None),
        ("2024-07-19", None),
        ("", None),
        ("第三号楼", None),
    ],
)
def test_document_number_in_one_form(printed: str, normal: str | None) -> None:
    assert document_number(printed) == normal
