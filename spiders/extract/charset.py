"""Bytes to text. The bytes decide: what is declared is only one witness among several.

Sites declare gb2312 and send UTF-8, send GBK behind a UTF-8 header, or declare nothing. UTF-8 is
hard to meet by chance, so text that decodes as UTF-8 is UTF-8; for the rest the share of everyday
characters tells a good decoding from a bad one.
"""

import codecs
import re
from dataclasses import dataclass
from functools import cache

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# gb2312 and gbk are subsets of gb18030, and pages that declare them use characters beyond them.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "big5-tw": "big5hkscs",
    "utf8": "utf-8",
    "utf_8": "utf-8",
    "unicode": "utf-8",
    "utf-8-sig": "utf-8",
}
# A declaration stands in the first kilobyte by HTML's rule; templates with long comments push it.
_DECLARATION_WITHIN = 4096
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,20})""", re.IGNORECASE)
_DECLARED_IN_HEADER = re.compile(_DECLARED.pattern.decode(), re.IGNORECASE)
_ASCII = bytes(range(0x80))
_ACCENTED = re.compile(r"[\x80-\xff]")
_ACCENTED_WITHIN = 50_000
_MANY_ACCENTED = 60
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")

# Level 1 of GB 2312 (rows 16 to 55: 3,755 characters) makes up more than 99 % of running text;
# likewise level 1 of Big5 (5,401 characters) of traditional text. Lead bytes tell the levels.
_BEYOND_LEVEL_1 = bytes(byte for byte in range(0x100) if byte not in range(0xB0, 0xD8))
_BEYOND_BIG5_LEVEL_1 = bytes(byte for byte in range(0x100) if byte not in range(0xA4, 0xC7))
# Han characters looked at: enough to judge, little enough to cost nothing. Title and summary
# stand in the first kilobytes of a page.
_SAMPLE = 200
_SAMPLE_WITHIN = 4000
# Fewer Han characters than this say nothing about the charset.
_TOO_FEW_TO_TELL = 12
# Running text has a share above 0.97, a list of rare names above 0.9; UTF-8 read as GBK has
# about 0.45, Big5 read as GBK about 0.55.
_PLAUSIBLE_SHARE = 0.8
# A page cut in the middle of a character, or with a description cut by bytes, has one or two
# undecodable places among thousands.
_TOLERATED_DAMAGE = 0.005


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, with the charset that won and why."""

    text: str
    encoding: str
    evidence: tuple[str, ...]
    """Short strings: `bom`, `header:gbk`, `meta:gb2312`, `valid utf-8`, `everyday 0.98`."""
    suspect: bool
    """The text does not look right under any charset that anything speaks for."""


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode a page.

    Args:
        body: The page's bytes.
        content_type: The Content-Type header, where there was one.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            text = body[len(mark) :].decode(encoding, "replace")
            if _damage(text) <= _TOLERATED_DAMAGE:
                return _judged(text, encoding, ("bom",))
    evidence: list[str] = []
    header = _DECLARED_IN_HEADER.search(content_type)
    if header:
        evidence.append(f"header:{header[1].lower()}")
    meta = _DECLARED.search(body, 0, _DECLARATION_WITHIN)
    if meta:
        evidence.append(f"meta:{meta[1].decode('ascii').lower()}")

    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_clean_utf8(body, _declared(evidence), evidence)
    if body.isascii():
        return Decoded(text, "utf-8", (*evidence, "ascii"), suspect=False)
    if "gb18030" in _declared(evidence) and not _HAN_RUN.search(text):
        # A handful of GBK characters can pass for two-byte UTF-8 (联通 is the famous one).
        other = _try(body, "gb18030")
        if other and _everyday_share(other) >= _PLAUSIBLE_SHARE:
            return Decoded(other, "gb18030", (*evidence, "no Han as utf-8"), suspect=False)
    return _judged(text, "utf-8", (*evidence, "valid utf-8"))


def _not_clean_utf8(body: bytes, declared: list[str], evidence: list[str]) -> Decoded:
    """The best decoding of bytes that are not valid UTF-8."""
    if body.count(0) * 4 > len(body):
        text = body.decode("utf-16-le" if body[1:2] == b"\0" else "utf-16-be", "replace")
        return _judged(text, "utf-16", (*evidence, "every other byte is nought"))
    candidates = dict.fromkeys(["utf-8", "gb18030", *declared, "big5hkscs"])
    best: tuple[float, str, str] | None = None
    for encoding in candidates:
        text = body.decode(encoding, "replace")
        damage = _damage(text)
        # Each undecodable place weighs as much as the tolerated share of them would.
        score = _everyday_share(text) - damage / _TOLERATED_DAMAGE * (1 - _PLAUSIBLE_SHARE)
        if encoding in declared:
            score += 0.05  # of two readings that are equally good, the declared one
        if best is None or score > best[0]:
            best = (score, encoding, text)
        if score >= 1:
            break
    assert best is not None  # noqa: S101  (candidates is never empty)
    _, encoding, text = best
    damage = _damage(text)
    if damage:
        evidence.append(f"damage {damage:.4f}")
    decoded = _judged(text, encoding, tuple(evidence))
    if damage > _TOLERATED_DAMAGE:
        return Decoded(decoded.text, encoding, decoded.evidence, suspect=True)
    return decoded


def _judged(text: str, encoding: str, evidence: tuple[str, ...]) -> Decoded:
    """The decoding, with a look at whether its characters are those of running text."""
    share = _everyday_share(text)
    return Decoded(
        text, encoding, (*evidence, f"everyday {share:.2f}"), suspect=share < _PLAUSIBLE_SHARE
    )


def _everyday_share(text: str) -> float:
    """The share of everyday characters among the first Han ones; 1 where there are too few."""
    sample = _han(text[:_SAMPLE_WITHIN])
    if len(sample) < _SAMPLE // 2:
        sample = _han(text[: 4 * _SAMPLE_WITHIN])
        if len(sample) < _SAMPLE:
            sample = _han(text)
    if len(sample) < _TOO_FEW_TO_TELL:
        # No Chinese page is full of accented letters: those are bytes that someone read as Latin.
        return 0.0 if len(_ACCENTED.findall(text[:_ACCENTED_WITHIN])) > _MANY_ACCENTED else 1.0
    simplified = _in_level_1(sample, "gb2312", _BEYOND_LEVEL_1) / len(sample)
    if simplified >= _PLAUSIBLE_SHARE:
        return simplified
    traditional = _in_level_1(sample, "big5", _BEYOND_BIG5_LEVEL_1) / len(sample)
    if traditional < _PLAUSIBLE_SHARE or _is_mojibake(sample):
        return min(simplified, traditional)
    return traditional


def _in_level_1(han: str, charset: str, beyond: bytes) -> int:
    """How many Han characters are of a charset's level 1."""
    leads = han.encode(charset, "ignore")[::2]
    return len(leads.translate(None, beyond))


def _han(text: str) -> str:
    """The first Han characters of a text."""
    # Markup goes first, and as bytes: looking for Han among it costs ten times as much.
    beyond_ascii = text.encode("utf-8", "replace").translate(None, _ASCII).decode("utf-8")
    return "".join(_HAN_RUN.findall(beyond_ascii[: 2 * _SAMPLE]))[:_SAMPLE]


def _is_mojibake(sample: str) -> bool:
    """Whether the characters are UTF-8 bytes that someone read as GBK."""
    again = sample.encode("gb18030", "ignore").decode("utf-8", "replace")
    return _damage(again) < 1 - _PLAUSIBLE_SHARE


def _damage(text: str) -> float:
    """Undecodable places, as a share of the characters beyond ASCII."""
    lost = text.count("\ufffd")
    if not lost:
        return 0.0
    beyond_ascii = len(text.encode("utf-8", "replace")) - len(text)
    # Characters here are mostly three bytes long in UTF-8, two more than they count for.
    return lost / max(1, beyond_ascii // 2)


def _declared(evidence: list[str]) -> list[str]:
    """The codecs that header and meta tag speak for."""
    return [_superset(witness.partition(":")[2]) for witness in evidence]


@cache
def _superset(name: str) -> str:
    """The codec to decode a declared charset with; an unknown one counts as UTF-8."""
    name = name.lower()
    name = _SUPERSETS.get(name, name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def _try(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return None
