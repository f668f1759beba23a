"""The bytes decide; declarations are witnesses."""

import pytest

from spiders.extract.charset import decode

TEXT = (
    "兰亭县召开秋季防汛工作会议，传达学习上级部署，研究安排近期重点任务。朱镕基、王堃、李喆参加。"
    * 3
)
TRADITIONAL = (
    "縣政府召開防汛工作會議，傳達學習上級部署，研究安排近期重點任務，確保群眾生命財產安全。" * 3
)


@pytest.mark.parametrize("header", ["", "text/html; charset=gb2312", "text/html; charset=utf-8"])
@pytest.mark.parametrize("meta", ["", '<meta charset="gbk">', '<meta charset="utf-8">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_bytes_decide(encoding: str, meta: str, header: str) -> None:
    decoded = decode(f"<html>{meta}<p>{TEXT}</p>".encode(encoding), header)
    assert TEXT in decoded.text
    assert not decoded.suspect


def test_characters_beyond_gb2312_under_a_gb2312_declaration() -> None:
    decoded = decode(f'<meta charset="gb2312"><p>{TEXT}镕堃喆𠮷</p>'.encode("gb18030"))
    assert "镕堃喆𠮷" in decoded.text
    assert decoded.encoding == "gb18030"
    assert "meta:gb2312" in decoded.evidence


def test_big5_without_a_word_about_it() -> None:
    decoded = decode(f"<p>{TRADITIONAL}</p>".encode("big5"))
    assert TRADITIONAL in decoded.text
    assert not decoded.suspect


def test_traditional_text_in_utf_8_is_not_suspect() -> None:
    assert not decode(f"<p>{TRADITIONAL}</p>".encode()).suspect


def test_a_few_gbk_characters_that_pass_for_utf_8() -> None:
    assert "联通" in decode("<meta charset=gbk><title>联通</title>".encode("gbk")).text


def test_a_page_cut_in_the_middle_of_a_character() -> None:
    decoded = decode(f"<p>{TEXT}</p>{TEXT}".encode()[:-1])
    assert decoded.encoding == "utf-8"
    assert not decoded.suspect


def test_one_bad_byte_among_thousands_stays_utf_8() -> None:
    body = bytearray(f"<p>{TEXT * 20}</p>".encode())
    body[300] = 0xFF
    decoded = decode(bytes(body))
    assert decoded.encoding == "utf-8"
    assert not decoded.suspect


@pytest.mark.parametrize("misread_as", ["gb18030", "latin-1"])
def test_text_that_was_misread_before_is_suspect(misread_as: str) -> None:
    assert decode(TEXT.encode().decode(misread_as, "replace").encode()).suspect


def test_bytes_that_are_no_text_are_suspect() -> None:
    assert decode(bytes(range(128, 256)) * 40).suspect


def test_plain_ascii_says_so() -> None:
    assert decode(b"<p>nothing but ASCII</p>").evidence == ("ascii",)
