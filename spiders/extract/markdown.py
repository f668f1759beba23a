"""A sanitised body as Markdown."""

import re
from html import unescape

_TOKENS = re.compile(r"(<(?:[^<>\"]|\"[^\"]*\")*+>)")
_NAME = re.compile(r"</?([a-z][a-z0-9]*)")
_ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")
_ESCAPE = re.compile(r"([\\`*_\[\]<>#|])")
_BOLD = frozenset({"b", "strong"})
_ITALIC = frozenset({"i", "em"})


def to_markdown(body_html: str) -> str:
    """The sanitised `body_html` of an article as Markdown: a blank line between two blocks."""
    lines: list[str] = []
    line: list[str] = []
    lists: list[int | None] = []
    rows: list[list[str]] | None = None
    href = ""
    quote = 0
    for place, token in enumerate(_TOKENS.split(body_html)):
        if place % 2 == 0:
            line.append(_ESCAPE.sub(r"\\\1", unescape(token)))
            continue
        name = match[1] if (match := _NAME.match(token)) else ""
        closing = token[1] == "/"
        attributes = {key: unescape(value) for key, value in _ATTRIBUTE.findall(token)}
        if name in _BOLD:
            line.append("**")
        elif name in _ITALIC:
            line.append("*")
        elif name == "a" and not closing:
            href = attributes.get("href", "")
            line.append("[")
        elif name == "a":
            line.append(f"]({href})" if href else "]")
        elif name == "img":
            line.append(f"![{attributes.get('alt', '')}]({attributes.get('src', '')})")
        elif name in {"ul", "ol"}:
            if closing:
                if lists:
                    lists.pop()
            else:
                lists.append(0 if name == "ol" else None)
        elif name == "blockquote":
            quote += -1 if closing else 1
        elif name == "table":
            if closing and rows is not None:
                lines.append(_table(rows))
            rows = None if closing else []
            line = []
        elif name == "tr" and rows is not None and not closing:
            rows.append([])
        elif name in {"td", "th"} and rows:
            if closing:
                rows[-1].append(" ".join("".join(line).split()))
            line = []
        elif name == "li" and closing:
            mark = "- "
            if lists and lists[-1] is not None:
                lists[-1] += 1
                mark = f"{lists[-1]}. "
            lines.append("  " * (len(lists) - 1) + mark + "".join(line).strip())
            line = []
        elif closing and rows is None and name != "li":
            text = "".join(line).strip()
            if text:
                heading = "#" * int(name[1]) + " " if re.fullmatch(r"h[1-6]", name) else ""
                lines.append("> " * quote + heading + text)
            line = []
    if text := "".join(line).strip():
        lines.append(text)
    return "\n\n".join(lines)


def _table(rows: list[list[str]]) -> str:
    """Rows as a table whose first row is its head."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    padded = [row + [""] * (width - len(row)) for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in padded]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)
