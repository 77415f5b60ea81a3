"""What makes two requests the same: the key that the client chose, and a fingerprint of the input."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from json.encoder import encode_basestring as _quoted
from typing import Any, NamedTuple

# Part of every fingerprint: raised when the canonical form below changes.
FORM = "nzc-request-1"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something: an organisation by one of its keys; both None for the operator's CLI."""

    organisation_id: int | None = None
    api_key_id: int | None = None


class Request(NamedTuple):
    """An idempotency key and the fingerprint (SHA-256) of what was asked under it."""

    key: str
    fingerprint: bytes

    @classmethod
    def of(cls, key: str, verb: str, content: object) -> "Request":
        """The request of ``verb`` with ``content``: a dataclass, a mapping, or plain values."""
        text = _canonical([FORM, verb, content])
        return cls(key, hashlib.sha256(text.encode()).digest())


_LITERALS = {None: "null", True: "true", False: "false"}


def _canonical(value: Any) -> str:  # noqa: PLR0911  (one return a kind of value)
    """JSON with sorted names, and each plain value written in one way. (Python's own encoder would
    have to be given all of it as dictionaries and lists first, which takes twice as long.)"""
    kind: Any = type(value)
    if kind is str:
        return _quoted(value)
    if kind is int:
        return repr(value)
    if value is None or kind is bool:
        return _LITERALS[value]
    names = _names(kind)
    if names is not None:
        parts = [quoted + _canonical(getattr(value, name)) for name, quoted in names]
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_canonical, value))}]"
    if isinstance(value, dict):
        parts = [f"{_quoted(name)}: {_canonical(value[name])}" for name in sorted(value)]
        return f"{{{', '.join(parts)}}}"
    if isinstance(value, (frozenset, set)):
        return _canonical(sorted(json.loads(_canonical(list(value)))))
    return _quoted(_plain(value))


def _plain(value: Any) -> str:
    if isinstance(value, Enum):
        assert isinstance(value.value, str), value
        return value.value
    if isinstance(value, Decimal):
        # Never by Decimal.normalize: it rounds to the digits of the context.
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, date):
        return value.isoformat()
    assert isinstance(value, str), type(value)
    return value


@cache
def _names(kind: Any) -> tuple[tuple[str, str], ...] | None:
    """A dataclass's fields, each with how it begins in JSON; None for any other kind."""
    if not is_dataclass(kind):
        return None
    names = sorted(field.name for field in fields(kind))
    return tuple((name, f"{_quoted(name)}: ") for name in names)
