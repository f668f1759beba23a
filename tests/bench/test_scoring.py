"""The benchmark's own arithmetic, on cases worked out by hand."""

import pytest

from tests.bench.gold import GoldPage, squashed
from tests.bench.scoring import Reading, day, document_number, minute, score
from tests.bench.worst import first_differences, mistakes

ALL = frozenset(Reading.__dataclass_fields__)


def page(html: str = "", **gold: object) -> GoldPage:
    return GoldPage("page.html", html.encode(), {"kind": "detail", "site": "a.gov.cn", **gold})


def scores(gold: GoldPage, **reading: object) -> dict[str, float]:
    return score(gold, Reading(**reading), ALL)  # type: ignore[arg-type]


def test_space_width_and_zero_width_characters_do_not_count() -> None:
    assert squashed("\u3000标 题（一）\u200b\n：Ａ") == "标题(一):A"


@pytest.mark.parametrize(
    ("notation", "expected_day", "expected_minute"),
    [
        ("2018-01-25T23:27+08:00", "2018-01-25", "2018-01-25 23:27"),
        ("2024年7月9日", "2024-07-09", None),
        ("2024-07-19 09:12:33", "2024-07-19", "2024-07-19 09:12"),
        ("2024/7/9 9:05", "2024-07-09", "2024-07-09 09:05"),
        ("no date", None, None),
        (None, None, None),
    ],
)
def test_dates_of_any_notation(
    notation: str | None, expected_day: str | None, expected_minute: str | None
) -> None:
    assert day(notation) == expected_day
    assert minute(notation) == expected_minute


def test_brackets_of_a_document_number_are_one() -> None:
    assert document_number("国资发〔2024〕5号") == document_number("国资发 [2024] 5号")
    assert document_number("国资发〔2024〕5号") != document_number("国资发〔2024〕6号")


def test_a_key_that_the_gold_leaves_out_is_not_scored() -> None:
    assert scores(page(title="甲"), title="甲", source="乙") == {"title": 1}


def test_a_null_in_the_gold_must_not_be_read() -> None:
    assert scores(page(source=None, author=None)) == {"source": 1, "names": 1}
    assert scores(page(source=None, author=None), source="本站", author="丁") == {
        "source": 0,
        "names": 0,
    }


def test_a_date_without_a_time_is_wrong_to_the_minute_only() -> None:
    gold = page(published="2024-07-19 09:12")
    assert scores(gold, published="2024-07-19") == {"day": 1, "minute": 0}
    assert scores(page(published="2024-07-19"), published="2024-07-19 09:12") == {"day": 1}


def test_a_field_that_the_reader_does_not_offer_is_not_held_against_it() -> None:
    assert score(page(title="甲", source="乙"), Reading(title="甲"), {"title"}) == {"title": 1}


def test_a_page_without_a_record_scores_nought_throughout() -> None:
    gold = page(title="甲", source=None, attachments=[], n_images_in_body=0)
    refused = scores(gold, refused="empty_body")
    assert refused == {"title": 0, "source": 0, "attachments": 0, "images": 0}


def test_every_character_of_a_body_counts_in_order() -> None:
    gold = page(body="一二三四五六七八")
    # Six of eight characters, in order, and two that do not belong: 2·6 / (8+8).
    assert scores(gold, body="一二三四五六甲乙") == {"precision": 0.75, "recall": 0.75, "f1": 0.75}
    # Halves exchanged: only one half is in order.
    assert scores(gold, body="五六七八一二三四")["f1"] == 0.5
    assert scores(gold, body="一二 三四\n\n五六七八")["f1"] == 1
    assert scores(gold) == {"precision": 0, "recall": 0, "f1": 0}


def test_a_body_is_cut_out_of_the_page_by_its_ends_and_length() -> None:
    html = "<p>全文见下</p><p>全文 见下第一段</p><p>第二段。</p><p>尾</p><script>第二段。</script>"
    gold = {"body_starts": "全文见下", "body_ends": "第二段。", "body_chars_no_space": 11}
    # Two beginnings; only the second one leaves eleven characters.
    assert page(html, **gold).body == "全文见下第一段第二段。"
    assert page(html, **{**gold, "body_chars_no_space": 13}).body is None


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312"])
def test_a_page_is_decoded_whatever_it_declares(encoding: str, declared: str) -> None:
    html = f"<meta charset={declared}><p>全文见下，第一段。</p>"
    assert "全文见下" in GoldPage("page.html", html.encode(encoding), {}).text


def test_ends_and_length() -> None:
    gold = page(body_starts="一二", body_ends="九十", body_chars_no_space=10)
    assert scores(gold, body="一二三四九") == {"starts": 1, "ends": 0, "length": 0.5}


def test_junk_is_counted_however_it_is_spaced() -> None:
    gold = page(must_not_contain=["索 引 号：", "[ 打印 ]", "分享"])
    assert scores(gold, body="索引号:1 正文 [打印]") == {"junk": 2}


def test_attachments_are_known_by_the_end_of_their_address() -> None:
    gold = page(attachments=["./P02.pdf", "/f/《甲》.docx"])
    found = ("http://a.gov.cn/x/P02.pdf", "http://a.gov.cn/f/%E3%80%8A%E7%94%B2%E3%80%8B.docx")
    assert scores(gold, attachments=found) == {"attachments": 1}
    # One of two found and nothing else: 2·1 / (1+2).
    assert scores(gold, attachments=found[:1])["attachments"] == pytest.approx(2 / 3)
    assert scores(page(attachments=[]), attachments=found) == {"attachments": 0}
    assert scores(page(attachments=[])) == {"attachments": 1}


def test_images_are_counted() -> None:
    assert scores(page(n_images_in_body=2), images=("a", "b", "c", "d")) == {"images": 0.5}
    assert scores(page(n_images_in_body=0)) == {"images": 1}


def test_the_first_differences_pass_over_chance_matches() -> None:
    # 「的」 stands in both surplus stretches by chance and must not split them.
    missing, superfluous = first_differences("正文开头甲的乙正文结尾", "正文开头丙的丁正文结尾")
    assert missing is not None
    assert superfluous is not None
    assert (missing.text, missing.at) == ("丙的丁", 4)
    assert (superfluous.text, superfluous.at) == ("甲的乙", 4)


def test_mistakes_name_what_was_read_and_what_was_right() -> None:
    gold = page(title="甲", source="乙", body="一二三四五六")
    reading = Reading(title="甲", source="丙", body="一二三四五六打印")
    lines = list(mistakes(gold, reading, score(gold, reading, ALL)))
    assert lines[0] == "source: got '丙', gold '乙'"
    assert lines[-1].endswith("[打印]")
    assert not any(line.startswith("title") for line in lines)
