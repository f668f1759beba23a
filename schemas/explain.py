"""What a shape refuses, field by field, in plain words."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

# Pydantic's own words speak of inputs and patterns; whoever mends a page's reader or a site's
# file wants to know what was expected and what came.
_WORDS: Final = {
    "missing": "missing",
    "extra_forbidden": "unknown key; remove it or check its spelling",
    "string_type": "expected text",
    "string_too_short": "expected at least {min_length} characters",
    "string_too_long": "expected at most {max_length} characters, found {length}",
    "string_pattern_mismatch": "expected text of the form {pattern}",
    "too_short": "expected at least {min_length} of them",
    "greater_than_equal": "expected at least {ge}",
    "less_than_equal": "expected at most {le}",
    "enum": "expected {expected}",
    "literal_error": "expected {expected}",
    "timezone_aware": "expected a time with its offset, such as +08:00",
    "date_from_datetime_parsing": "expected a day, such as 2024-07-19",
    "datetime_from_date_parsing": "expected a time, such as 2024-07-19T09:30+08:00",
}
_FORMS: Final = {
    r"^[^\n]*$": "expected one line",
    r"^[a-z][a-z0-9_]*$": "expected lower-case letters, digits and _, a letter first",
    r"^[0-9a-f]{64}$": "expected a SHA-256 in hex",
}
"""The patterns of our own types, as a person says them."""
# Says all there is to say without the value.
_WITHOUT_VALUE: Final = {"missing", "extra_forbidden"}
# As much of a value as tells which one it is.
_SHOWN: Final = 60


def explain(error: ValidationError, whole: str) -> tuple[str, ...]:
    """One line a problem: `politeness.delay_seconds: expected at least 0.5, got 0.1`.

    Args:
        error: What pydantic raised.
        whole: What to call the shape where a problem is of no single field.
    """
    return tuple(_line(problem, whole) for problem in error.errors())


def _line(problem: Mapping[str, Any], whole: str) -> str:
    key = ".".join(str(part) for part in problem["loc"]) or whole
    kind, value = problem["type"], problem["input"]
    length = len(value) if isinstance(value, str) else 0
    context = {**problem.get("ctx", {}), "length": length}
    words = _FORMS.get(context.get("pattern", "")) or _WORDS.get(kind, "").format_map(context)
    words = words or _plain(problem["msg"])
    if kind in _WITHOUT_VALUE or not isinstance(value, str | int | float):
        return f"{key}: {words}"
    if isinstance(value, str) and length > _SHOWN:
        value = f"{value[:_SHOWN]}…"
    return f"{key}: {words}, got {value!r}"


def _plain(message: str) -> str:
    message = message.removeprefix("Value error, ")
    return message.replace("Input should be", "expected").replace("should", "has to")
