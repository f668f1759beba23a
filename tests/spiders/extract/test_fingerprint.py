"""Texts that differ in form only have one fingerprint."""

from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.extract.fingerprint import content_hash, folded

# Letters, marks that join with what stands before them, and what stands between.
ODD = "a中e國 \u0301\u0308\u3099かｶﾞ①㎡Ａ１、。《\u1100\u1161각ﬁ豈½\u2002\u3000"

# What counts as one mark whatever the standard says.
MARKS = set("，：；！？（）％～．／－＋＂＇“”„‘’—―–─−•・‧⋯…")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("２０２４年，第１期", "2024年,第1期"),
        ("第 一 条\n为了", "第一条为了"),
        ("“要闻”——简报……", '"要闻"--简报......'),
        ("cafe\u0301", "caf\u00e9"),
        ("面积5㎡", "面积5m2"),
    ],
)
def test_form_makes_no_difference(one: str, other: str) -> None:
    assert content_hash(one) == content_hash(other)


@given(
    st.one_of(st.text(alphabet=ODD, max_size=30), st.text(max_size=30)).filter(
        lambda text: not MARKS.intersection(text)
    )
)
@settings(max_examples=300, deadline=None)
def test_run_by_run_is_what_the_standard_says_of_the_whole(text: str) -> None:
    whole = normalize("NFKC", "".join(text.split()))
    assert folded(text) == "".join(whole.split())
