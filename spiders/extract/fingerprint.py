"""The form in which two texts are compared, and the hash by which a text is known again."""

import hashlib
import re
from unicodedata import is_normalized, normalize

# Full-width forms that fill Chinese prose; folding these first leaves most texts nothing for
# NFKC to do, which costs ten times as much.
_WIDE = tuple(zip("，：；！？（）％～．／－＋＂＇", ",:;!?()%~./-+\"'", strict=True))
# One mark under several code points, as editors and conversions between charsets swap them.
_TWINS = tuple(zip("“”„‘’—―–─−•・‧⋯…", '"""\'\'-----···……', strict=True))
_FOLDS = (*_WIDE, *_TWINS)
# All but Han, ASCII and the marks that NFKC leaves alone, with the letter that accents may follow:
# a text is folded run by run, for most of it needs no folding.
_UNSTABLE = re.compile(
    r"[\x00-\x7f]?[^\x00-\x7f\u3400-\u4dbf\u4e00-\u9fff\u3001-\u3003\u3008-\u3011\u3014\u3015]+"
)


def folded(text: str) -> str:
    """The text with white space gone, widths folded (NFKC) and re-encoded punctuation alike."""
    text = "".join(text.split())
    for mark, plain in _FOLDS:
        text = text.replace(mark, plain)
    if not is_normalized("NFKC", text):
        text = "".join(_UNSTABLE.sub(_normalised, text).split())
    return text


def _normalised(run: re.Match[str]) -> str:
    return normalize("NFKC", run[0])


def content_hash(text: str) -> str:
    """SHA-256, hex, of the folded text."""
    return hashlib.sha256(folded(text).encode()).hexdigest()
