"""The generated corpus: what its labels promise holds."""

import random
from datetime import date
from pathlib import Path

import pytest

from spiders.extract.fingerprint import content_hash
from tests.bench.dedupe import corpus, edits, texts
from tests.bench.dedupe.grammar import Grammar, Issue
from tests.bench.dedupe.make import make

DAY = date(2026, 3, 30)


@pytest.fixture(scope="module")
def documents() -> list[corpus.Labelled]:
    return make(1500, 7)


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  (the same every time)


def issue(tmp_path: Path, rules: str, **settings: object) -> Issue:
    file = tmp_path / "rules.txt"
    file.write_text(rules, "utf-8")
    return Issue(Grammar.load([file]), chance(1), DAY, **settings)  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_corpus(documents: list[corpus.Labelled]) -> None:
    assert make(1500, 7) == documents
    assert {one.body for one in make(200, 8)}.isdisjoint(
        one.body for one in documents if one.family == "story"
    )


def test_no_text_stands_in_two_groups(documents: list[corpus.Labelled]) -> None:
    groups: dict[str, set[str]] = {}
    for one in documents:
        groups.setdefault(content_hash(one.body), set()).add(one.group)
    assert [group for group in groups.values() if len(group) > 1] == []


def test_every_kind_and_family_is_there(documents: list[corpus.Labelled]) -> None:
    assert {one.family for one in documents} == {"story", *corpus.NEGATIVES}
    kinds = {one.kind for one in documents if "+" not in one.kind}
    assert kinds == {
        "original", "exact", "title", "framed", "edited",
        "trimmed", "extended", "traditional", "reflowed",
    }  # fmt: skip


def test_links_lead_to_documents_of_the_corpus(documents: list[corpus.Labelled]) -> None:
    group = {one.id: one.group for one in documents}
    for one in documents:
        assert one.made_from is None or group[one.made_from] == one.group
        assert all(group[quoted] != one.group for quoted in one.excerpts)
        assert not one.excerpts or one.family == "digest"


def test_a_file_gives_back_what_was_written(
    tmp_path: Path, documents: list[corpus.Labelled]
) -> None:
    file = tmp_path / "corpus.jsonl"
    assert corpus.write(file, documents) == 1500
    assert list(corpus.read(file)) == documents
    assert {one.published for one in corpus.read(file, hide_dates=True)} == {None}


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "corpus.jsonl"
    file.write_text('{"id": "1"}\n', "utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(corpus.read(file))


def test_a_trace_gives_the_same_text_again_but_for_the_day(tmp_path: Path) -> None:
    rules = "# body\n{date}，{name}领到{100-999}元。\n! name\n王强\n李敏\n赵磊\n"
    first = issue(tmp_path, rules)
    text = first.expand("body")
    again = issue(tmp_path, rules, trace=dict(first.trace))
    again.day = date(2026, 4, 6)
    assert again.expand("body") == text.replace("3月30日", "4月6日")
    assert len(first.facts) == 2


def test_a_name_is_kept_within_a_document(tmp_path: Path) -> None:
    text = issue(tmp_path, "# body\n{1-99999=n}与{n}\n").expand("body")
    first, _, second = text.partition("与")
    assert first == second


def test_dates_count_on_from_the_day(tmp_path: Path) -> None:
    rules = "# body\n{ymd+2}（星期{weekday+2}）|{month-3}月，{year-1}年\n"
    assert issue(tmp_path, rules).expand("body") == "2026年4月1日（星期三）\n12月，2025年"


def test_edits_leave_digits_alone_where_they_are_told_to() -> None:
    text = "全县3月完成投资12.5亿元，比上年同期增长7.8%，新开工项目36个。" * 10
    changed = edits.typos(chance(3), text, 0.1, digits=False)
    assert changed != text
    assert [c for c in changed if c.isdigit()] == [c for c in text if c.isdigit()]


def test_trimming_leaves_half_at_least() -> None:
    text = "\n".join(f"第{n}段说的是第{n}件事，前后都有交代。" * 3 for n in range(20))
    for seed in range(20):
        shorter, _ = edits.trimmed(chance(seed), text)
        assert 0.4 * len(text) < len(shorter) < 0.97 * len(text)


def test_texts_come_from_files_too(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("秋收过半\n" + "晒场上摊开了新收的玉米。" * 20, "utf-8")
    (tmp_path / "short.txt").write_text("太短\n不算。", "utf-8")
    assert [title for title, _ in texts.load(tmp_path)] == ["秋收过半"]
