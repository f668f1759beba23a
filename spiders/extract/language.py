"""Which Chinese a text is written in, where that is evident."""

import re

# Characters that only one of the two scripts uses, each among the most frequent of its script.
_SIMPLIFIED = frozenset(
    "们这来时个为国会发对说学经过还进动开问关点应当现实业务产员设统论领导结组济议场门书长东车马语"
)
_TRADITIONAL = frozenset(
    "們這來時個為國會發對說學經過還進動開問關點應當現實業務產員設統論領導結組濟議場門書長東車馬語"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
# The start of a text is enough to know its script.
_SAMPLE = 300
# A page in another language quotes a few Han characters at most.
_HAN_SHARE = 0.2


def language_of(text: str) -> str:
    """BCP 47: `zh-Hans`, `zh-Hant`, or `und` for a text that is not Chinese."""
    sample = set(text[:_SAMPLE])
    simplified = len(_SIMPLIFIED & sample)
    traditional = len(_TRADITIONAL & sample)
    if traditional > simplified:
        return "zh-Hant"
    if simplified or not text:
        return "zh-Hans"
    han = len(_HAN.findall(text[:_SAMPLE]))
    return "zh-Hans" if han >= _HAN_SHARE * len(text[:_SAMPLE]) else "und"
