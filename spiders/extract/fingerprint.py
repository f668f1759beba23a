"""The hash by which the same text is known again in another frame."""

import hashlib
from unicodedata import is_normalized, normalize

# Full-width forms that fill Chinese prose; folding these first leaves most texts nothing for
# NFKC to do, which costs ten times as much.
_WIDE = tuple(zip("，：；！？（）％～．／－＋＂", ',:;!?()%~./-+"', strict=True))


def content_hash(text: str) -> str:
    """SHA-256, hex, of the text with white space gone and widths folded (NFKC)."""
    folded = "".join(text.split())
    for wide, narrow in _WIDE:
        folded = folded.replace(wide, narrow)
    if not is_normalized("NFKC", folded):
        folded = "".join(normalize("NFKC", folded).split())
    return hashlib.sha256(folded.encode()).hexdigest()
