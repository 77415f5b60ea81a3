"""The bytes of an entry that the tree is made of. Pure; ``docs/proofs.md`` says the same for other languages.

In plain they have what the public feed shows of an entry; of every other fact a salted commitment, which tells nothing
to whoever does not have its opening, and from which nobody can deny the fact to whoever has it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from nzc_api.log.model import Entry

# Part of every leaf: raised when the form below changes.
FORM = "nzc-leaf-1"

# How many random bytes an entry's salt has.
SALT_BYTES = 16


class Opening(NamedTuple):
    """What opens a commitment: a fact's name, its value as canonical JSON, and 32 bytes of salt."""

    name: str
    value: str
    salt: bytes


# HMAC as RFC 2104 has it, of which the keys' half is made once for all facts of an entry: what hashes a key each time
# takes twice as long, and each entry of the log has a dozen facts.
_BLOCK_BYTES = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))

# Values that have others in them.
_NESTED = (dict, list, tuple)

# How many names, and orders of names, are kept: bodies have few.
_MOST_KEPT = 1_000


def leaf_of(entry: Entry, salt: bytes) -> bytes:
    """The bytes of an entry's leaf: canonical JSON in UTF-8."""
    keys = _keys_of(salt)
    facts = [_commitment(_salt_of(keys, name), name, _json(value)) for name, value in _facts(entry)]
    organisation = entry.actor.organisation_id
    # In the order of their names.
    return orjson.dumps(
        {
            "at": moment(entry.at),
            "facts": sorted([fact.hex() for fact in facts]),
            "form": FORM,
            "kind": entry.kind,
            "organisation": None if organisation is None else str(organisation),
            "position": str(entry.position),
        }
    )


def moment(at: datetime) -> str:
    """A time as leaves have it: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def openings(entry: Entry, salt: bytes) -> Iterator[Opening]:
    """What opens the commitments of an entry's leaf: each fact that the feed does not show, under a salt of its own,
    which tells nothing of the others."""
    keys = _keys_of(salt)
    for name, value in _facts(entry):
        yield Opening(name, canonical(value), _salt_of(keys, name))


def commitment(opening: Opening) -> bytes:
    """The commitment that an opening opens: SHA-256 of its salt, and of its name and value."""
    return _commitment(opening.salt, opening.name, opening.value.encode())


def canonical(value: Any) -> str:
    """JSON as RFC 8785 has it, save that whole numbers of any size are written to the last digit. There are no
    fractions among what entries say."""
    return _json(value).decode()


def _json(value: Any) -> bytes:
    return orjson.dumps(_in_order(value) if isinstance(value, _NESTED) else value)


def _keys_of(salt: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer key of HMAC under a salt, which is shorter than a block of SHA-256."""
    key = salt.ljust(_BLOCK_BYTES, b"\0")
    return key.translate(_INNER), key.translate(_OUTER)


def _salt_of(keys: tuple[bytes, bytes], name: str) -> bytes:
    """The salt of a fact: HMAC-SHA-256 of its name."""
    inner, outer = keys
    return sha256(outer + sha256(inner + name.encode()).digest()).digest()


def _commitment(salt: bytes, name: str, value: bytes) -> bytes:
    return sha256(b"%b[%b,%b]" % (salt, _quoted(name), value)).digest()


@lru_cache(_MOST_KEPT)
def _quoted(name: str) -> bytes:
    return orjson.dumps(name)


def _facts(entry: Entry) -> Iterator[tuple[str, Any]]:
    yield "subject", str(entry.subject_id)
    yield "api_key", None if entry.actor.api_key_id is None else str(entry.actor.api_key_id)
    for name, value in entry.body.items():
        yield f"body.{name}", value


def _in_order(value: Any) -> Any:
    """The names of objects in order of their UTF-16 units."""
    if isinstance(value, dict):
        return {name: _in_order(value[name]) for name in _ordered(tuple(value))}
    if isinstance(value, _NESTED):
        return [_in_order(item) for item in value]
    return value


@lru_cache(_MOST_KEPT)
def _ordered(names: tuple[str, ...]) -> list[str]:
    return sorted(names, key=lambda name: name.encode("utf-16-be"))
