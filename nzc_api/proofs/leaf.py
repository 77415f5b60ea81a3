"""The bytes of an entry that the tree is made of. Pure; ``docs/proofs.md`` says the same for other languages.

In plain they have what the public feed shows of an entry; of every other fact a salted commitment, which tells nothing
to whoever does not have its opening, and from which nobody can deny the fact to whoever has it.
"""

import hmac
from collections.abc import Iterator
from datetime import UTC
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


def leaf_of(entry: Entry, salt: bytes) -> bytes:
    """The bytes of an entry's leaf: canonical JSON in UTF-8."""
    facts = sorted(commitment(opening).hex() for opening in openings(entry, salt))
    organisation = entry.actor.organisation_id
    # In the order of their names.
    return orjson.dumps(
        {
            "at": f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
            "facts": facts,
            "form": FORM,
            "kind": entry.kind,
            "organisation": None if organisation is None else str(organisation),
            "position": str(entry.position),
        }
    )


def openings(entry: Entry, salt: bytes) -> Iterator[Opening]:
    """What opens the commitments of an entry's leaf: each fact that the feed does not show, under a salt of its own,
    which tells nothing of the others."""
    for name, value in _facts(entry):
        yield Opening(name, canonical(value), hmac.digest(salt, name.encode(), "sha256"))


def commitment(opening: Opening) -> bytes:
    """The commitment that an opening opens: SHA-256 of its salt, and of its name and value."""
    pair = b"[%b,%b]" % (orjson.dumps(opening.name), opening.value.encode())
    return sha256(opening.salt + pair).digest()


def canonical(value: Any) -> str:
    """JSON as RFC 8785 has it, save that whole numbers of any size are written to the last digit. There are no
    fractions among what entries say."""
    return orjson.dumps(_in_order(value)).decode()


def _facts(entry: Entry) -> Iterator[tuple[str, Any]]:
    yield "subject", str(entry.subject_id)
    yield "api_key", None if entry.actor.api_key_id is None else str(entry.actor.api_key_id)
    for name, value in entry.body.items():
        yield f"body.{name}", value


def _in_order(value: Any) -> Any:
    """The names of objects in order of their UTF-16 units."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return {name: _in_order(value[name]) for name in names}
    if isinstance(value, (list, tuple)):
        return [_in_order(item) for item in value]
    return value
