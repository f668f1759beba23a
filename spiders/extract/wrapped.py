"""Lines that a renderer broke for want of room, put together again."""

from unicodedata import east_asian_width

# A renderer that wraps does so within this many columns; the narrowest in use is 72, the widest
# that anyone sets is 132.
_NARROWEST = 60
_WIDEST = 140
# A wrapped line ends where the next character, or a short English word, found no room.
_ROOM = 12
# So many full lines are no accident.
_FULL_LINES = 3
# No line begins with one of these but where the one above was broken.
_NEVER_FIRST = ("，", "。", "、", "；", "：", "！", "？", "”", "）", "》")
_ENDS = ("。", "！", "？", "；", "：", "”")


def unwrapped(raw: list[str]) -> list[str]:
    """The lines with the breaks taken out that a renderer put in for want of room."""
    widths = [_width(line) for line in raw]
    widest = max(widths, default=0)
    if not _NARROWEST <= widest <= _WIDEST:
        return raw
    full = [
        width > widest - _ROOM and bool(below.strip()) and not below.startswith("\u3000")
        for width, below in zip(widths, [*raw[1:], ""], strict=False)
    ]
    both = zip(full, raw, strict=True)
    ends = sum(is_full and line.rstrip().endswith(_ENDS) for is_full, line in both)
    # lynx indents whatever it prints.
    broken = all(line.startswith(" ") for line in raw if line.strip()) or any(
        line.lstrip().startswith(_NEVER_FIRST) for line in raw
    )
    if not broken and (sum(full) < _FULL_LINES or ends * 3 > sum(full)):
        return raw
    joined: list[str] = []
    goes_on = False
    for line, is_full in zip(raw, full, strict=True):
        if goes_on:
            gap = " " if joined[-1][-1:].isascii() and line.strip()[:1].isascii() else ""
            joined[-1] = f"{joined[-1].rstrip()}{gap}{line.strip()}"
        else:
            joined.append(line)
        goes_on = is_full
    return joined


def _width(line: str) -> int:
    """How many columns of a terminal a line takes."""
    return len(line) + sum(east_asian_width(character) in "WF" for character in line)
