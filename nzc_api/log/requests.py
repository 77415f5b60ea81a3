"""What makes two requests the same: the key that the client chose, and a fingerprint of the input."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from json.encoder import encode_basestring as _quoted
from typing import Any, NamedTuple

from nzc_api.ids import ApiKeyId, OrganisationId
from nzc_api.later import LATER, LATER_ALONE, SHOWN

# Part of every fingerprint: raised when the canonical form below changes.
FORM = "nzc-request-1"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something: an organisation by one of its keys; both None for the operator's CLI."""

    organisation_id: OrganisationId | None = None
    api_key_id: ApiKeyId | None = None


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


def _canonical(value: Any) -> str:
    """JSON with sorted names, and each plain value written in one way. (Python's own encoder would
    have to be given all of it as dictionaries and lists first, which takes twice as long.)"""
    return _WRITERS[type(value)](value)


class _Writers(dict[type, Callable[[Any], str]]):
    """What writes values, by their kinds; made when one is met."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        self[kind] = _writer_of(kind)
        return self[kind]


_WRITERS = _Writers()


def _writer_of(kind: type) -> Callable[[Any], str]:  # noqa: PLR0911  (one return a kind of value)
    if issubclass(kind, Enum):
        # Of texts only: a number would be written as another kind of value is.
        return {member: _quoted(member.value) for member in kind}.__getitem__
    if kind in {bool, type(None)}:
        return _LITERALS.__getitem__
    if issubclass(kind, int):
        return repr
    if issubclass(kind, str):
        return _quoted
    if issubclass(kind, date):
        return lambda value: f'"{value.isoformat()}"'
    if issubclass(kind, Decimal):
        return _number
    if is_dataclass(kind):
        return _command(kind)
    if issubclass(kind, (list, tuple)):
        return lambda value: f"[{', '.join(map(_canonical, value))}]"
    if issubclass(kind, dict):
        return _mapping
    assert issubclass(kind, (frozenset, set)), kind
    return lambda value: _canonical(sorted(json.loads(_canonical(list(value)))))


def _command(kind: Any) -> Callable[[Any], str]:
    names = sorted(f.name for f in fields(kind) if not SHOWN.items() <= f.metadata.items())
    alone = _defaults(kind, LATER_ALONE)
    usual = _together([name for name in names if name not in alone], _defaults(kind, LATER))
    if not alone:
        return usual

    def write(value: Any) -> str:
        said = {name for name in alone if getattr(value, name) != alone[name]}
        if not said:
            return usual(value)
        given = [name for name in names if name not in alone or name in said]
        return _together(given, _defaults(kind, LATER))(value)

    return write


def _together(names: Sequence[str], later: Mapping[str, Any]) -> Callable[[Any], str]:
    """What writes fields: those that are ``later`` only where one of them has not its default."""
    whole, write = _fields(names), _fields([name for name in names if name not in later])
    if not later:
        return whole
    return lambda value: (
        write(value) if all(getattr(value, name) == later[name] for name in later) else whole(value)
    )


def _defaults(kind: Any, metadata: Mapping[str, bool]) -> dict[str, Any]:
    """The defaults of the fields that have the metadata."""
    return {f.name: f.default for f in fields(kind) if metadata.items() <= f.metadata.items()}


def _fields(names: Sequence[str]) -> Callable[[Any], str]:
    template = ", ".join(f"{_quoted(name)}: %s" for name in names)

    def write(value: Any) -> str:
        values = [getattr(value, name) for name in names]
        return f"{{{template % tuple([_WRITERS[type(v)](v) for v in values])}}}"

    return write


def _mapping(value: Mapping[str, Any]) -> str:
    parts = [f"{_quoted(name)}: {_canonical(value[name])}" for name in sorted(value)]
    return f"{{{', '.join(parts)}}}"


def _number(value: Decimal) -> str:
    # Never by Decimal.normalize: it rounds to the digits of the context.
    text = format(value, "f")
    return _quoted(text.rstrip("0").rstrip(".") if "." in text else text)
