"""How values stand in the columns of both databases."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Integer, LargeBinary, String, TypeDecorator
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from flows.similarity.shingles import KEY_BITS
from schemas.dates import SHANGHAI

_KEY_BYTES = KEY_BITS // 8
# `2024-07-19T00:00:00+08:00`
_ISO_LENGTH = 25


class Instant(TypeDecorator[datetime]):
    """A moment to the second: timestamptz, or ISO 8601 in Asia/Shanghai on SQLite.

    One offset and one length, so the text sorts and compares as the moment does.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(_ISO_LENGTH))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        local = value.astimezone(SHANGHAI)
        if dialect.name == "sqlite":
            return local.isoformat(timespec="seconds")
        return local.replace(microsecond=0)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return moment.astimezone(SHANGHAI)


def packed(keys: Iterable[int]) -> bytes:
    """Keys as `PackedKeys` stores them."""
    return b"".join([key.to_bytes(_KEY_BYTES) for key in keys])


class PackedKeys(TypeDecorator[tuple[int, ...]]):
    """Keys of the index, six bytes each."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> bytes:  # noqa: ARG002
        return packed(value or ())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> tuple[int, ...]:  # noqa: ARG002
        if not value:
            return ()
        starts = range(0, len(value), _KEY_BYTES)
        return tuple([int.from_bytes(value[at : at + _KEY_BYTES]) for at in starts])


Json: TypeEngine[Any] = JSON().with_variant(JSONB(), "postgresql")
# What SQLite calls an INTEGER, and is the primary key, is the place of its row in the tree.
Number: TypeEngine[int] = BigInteger().with_variant(Integer, "sqlite")
# Compared byte by byte on either database, so that "the first" is the same article on both.
Key: TypeEngine[str] = String().with_variant(String(collation="C"), "postgresql")
