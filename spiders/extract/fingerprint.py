"""The form in which two texts are compared, and the hash by which a text is known again."""

import hashlib
from unicodedata import is_normalized, normalize

# Full-width forms that fill Chinese prose; folding these first leaves most texts nothing for
# NFKC to do, which costs ten times as much.
_WIDE = tuple(zip("，：；！？（）％～．／－＋＂＇", ",:;!?()%~./-+\"'", strict=True))
# One mark under several code points, as editors and conversions between charsets swap them.
_TWINS = tuple(zip("“”„‘’—―–─−•・‧⋯…", '"""\'\'-----···……', strict=True))
_FOLDS = (*_WIDE, *_TWINS)


def folded(text: str) -> str:
    """The text with white space gone, widths folded (NFKC) and re-encoded punctuation alike."""
    text = "".join(text.split())
    for mark, plain in _FOLDS:
        text = text.replace(mark, plain)
    if not is_normalized("NFKC", text):
        text = "".join(normalize("NFKC", text).split())
    return text


def content_hash(text: str) -> str:
    """SHA-256, hex, of the folded text."""
    return hashlib.sha256(folded(text).encode()).hexdigest()
