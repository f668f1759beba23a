"""An article's fields while they are gathered, each with where it came from."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Draft:
    """Fields found so far. The first source that says something wins, so order is precedence."""

    fields: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)

    linked_share: float = 0.0
    """How much of the body's text stands in links."""

    def put(self, name: str, value: object, origin: str) -> None:
        """Take `value` for the field `name`, unless it says nothing or a better source spoke."""
        if name not in self.fields and value not in (None, "", ()):
            self.fields[name] = value
            self.provenance[name] = origin

    def replace(self, name: str, value: object, origin: str) -> None:
        """Take `value` in place of what is there: it says the same, and more of it."""
        self.fields[name] = value
        self.provenance[name] = origin

    def get(self, name: str) -> Any:
        return self.fields.get(name)
