"""What makes two requests the same: the key that the client chose, and a fingerprint of the input."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

# Part of every fingerprint: raised when the canonical form below changes.
FORM = "nzc-request-1"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something: an organisation by one of its keys; both None for the operator's CLI."""

    organisation_id: int | None = None
    api_key_id: int | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """An idempotency key and the fingerprint (SHA-256) of what was asked under it."""

    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, key: str, verb: str, content: object) -> "Request":
        """The request of ``verb`` with ``content``: a dataclass, a mapping, or plain values."""
        canonical = _JSON.encode([FORM, verb, _canonical(content)])
        return cls(key, hashlib.sha256(canonical.encode()).digest())


_JSON = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


def _canonical(value: Any) -> Any:  # noqa: PLR0911  (one return a kind of value)
    kind: type[Any] = type(value)
    if value is None or kind in (str, int, bool):
        return value
    if is_dataclass(kind):
        return {name: _canonical(getattr(value, name)) for name in _names(kind)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        # Never by Decimal.normalize: it rounds to the digits of the context.
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        items = [_canonical(item) for item in value]
        return sorted(items) if isinstance(value, (frozenset, set)) else items
    assert isinstance(value, (str, int, bool)), kind
    return value


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
