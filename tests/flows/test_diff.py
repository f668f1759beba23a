"""What changed between two texts, as a person would mark it."""

import pytest

from flows.diff import Change, Piece, diff, diff_line


def same(text: str) -> Piece:
    return Piece(Change.SAME, text)


def removed(text: str) -> Piece:
    return Piece(Change.REMOVED, text)


def added(text: str) -> Piece:
    return Piece(Change.ADDED, text)


def test_a_paragraph_that_stayed_is_one_piece() -> None:
    assert diff("会议强调，要抓好落实。", "会议强调，要抓好落实。") == [
        (same("会议强调，要抓好落实。"),)
    ]


def test_a_number_changes_as_a_whole() -> None:
    assert diff_line("拨付资金1250万元", "拨付资金1350万元") == (
        same("拨付资金"),
        removed("1250"),
        added("1350"),
        same("万元"),
    )


def test_a_change_stays_within_its_sentence() -> None:
    before = "全区召开大会。会议由张三主持。大会于上午结束。"
    after = "全区召开大会。会议由李四主持。大会于上午结束。"
    assert diff(before, after) == [
        (
            same("全区召开大会。会议由"),
            removed("张三"),
            added("李四"),
            same("主持。大会于上午结束。"),
        )
    ]


def test_one_character_between_two_changes_is_part_of_the_change() -> None:
    assert diff_line("请张三和李四到会", "请王五和赵六到会") == (
        same("请"),
        removed("张三和李四"),
        added("王五和赵六"),
        same("到会"),
    )


def test_paragraphs_that_came_and_went() -> None:
    before = "第一段说防汛工作。\n第二段说果园修剪。"
    after = "第一段说防汛工作。\n市场里新开了检测室，每天公布结果。"
    assert diff(before, after) == [
        (same("第一段说防汛工作。"),),
        (removed("第二段说果园修剪。"),),
        (added("市场里新开了检测室，每天公布结果。"),),
    ]


def test_a_paragraph_put_before_an_edited_one_stands_before_it() -> None:
    before = "各街道要在三月二十日前完成隐患排查。"
    after = "茶农一早上山采摘春茶。\n各街道要在三月十五日前完成隐患排查。"
    first, second = diff(before, after)
    assert first == (added("茶农一早上山采摘春茶。"),)
    assert "".join(p.text for p in second if p.change is not Change.REMOVED) == (
        "各街道要在三月十五日前完成隐患排查。"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("他说：“好。”", '他说:"好。"'),
        ("三月　一日", "三月 一日"),
        ("推广站——果农……", "推广站――果农⋯⋯"),
    ],
)
def test_white_space_and_re_encoded_marks_are_no_change(before: str, after: str) -> None:
    assert {piece.change for paragraph in diff(before, after) for piece in paragraph} == {
        Change.SAME
    }


def test_from_and_to_nothing() -> None:
    assert diff("", "新的一段。") == [(added("新的一段。"),)]
    assert diff("旧的一段。", "") == [(removed("旧的一段。"),)]
    assert diff("", "") == []


def test_both_texts_can_be_read_off_the_pieces() -> None:
    before = "甲乙丙。丁戊己！\n庚辛壬癸，子丑。\n寅卯辰巳。"
    after = "甲乙丁。丁戊己！午未。\n庚辛壬，子丑。\n申酉。"
    pieces = [piece for paragraph in diff(before, after) for piece in paragraph]
    kept = "".join(p.text for p in pieces if p.change is not Change.ADDED)
    came = "".join(p.text for p in pieces if p.change is not Change.REMOVED)
    assert kept == before.replace("\n", "")
    assert came == after.replace("\n", "")
