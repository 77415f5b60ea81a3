"""The chain of digests: each entry's is SHA-256 of the one before and of what the entry says.

Whoever has seen an entry's digest has seen all that was logged up to there. PostgreSQL reckons the same
(``nzc_digest``): a guard compares as entries are appended, and the audit recomputes all of it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nzc_api.log.model import Entry

# What comes before the first entry.
GENESIS = bytes(32)

# The same in SQL, of an entry's columns and the digest that is ``prior``: for whoever trusts no function of the
# database's.
GENESIS_SQL = "decode(repeat('00', 32), 'hex')"
DIGEST_SQL = f"""
    sha256(coalesce(prior, {GENESIS_SQL}) || convert_to(
        "position"::text || ' ' || extract(epoch FROM at - timestamptz '1970-01-01 00:00:00+00')::text || ' '
        || kind || ' ' || subject_id::text || ' ' || coalesce(organisation_id::text, '-') || ' '
        || coalesce(api_key_id::text, '-') || ' ' || body::text, 'UTF8'))
"""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

encode = json.JSONEncoder(ensure_ascii=False).encode


def chained(prior: bytes, entries: Sequence["Entry"], bodies: Sequence[str]) -> list[bytes]:
    """The digests of entries that follow the one whose digest is ``prior``; ``bodies`` are theirs, as text."""
    digests = []
    for entry, body in zip(entries, bodies, strict=True):
        prior = _digest(prior, entry, body)
        digests.append(prior)
    return digests


def _digest(prior: bytes, entry: "Entry", body: str) -> bytes:
    seconds, micros = divmod((entry.at - _EPOCH) // _MICROSECOND, 1_000_000)
    actor = entry.actor
    text = (
        f"{entry.position} {seconds}.{micros:06d} {entry.kind} {entry.subject_id} "
        f"{_or_none(actor.organisation_id)} {_or_none(actor.api_key_id)} {body}"
    )
    return hashlib.sha256(prior + text.encode()).digest()


def body_text(body: Mapping[str, Any]) -> str:
    """A body as PostgreSQL writes it from ``jsonb``: shorter names first. It holds no fractions, which are
    written in several ways."""
    return encode(_in_order(body))


def _in_order(value: Any) -> Any:
    # By far the most; to ask whether one is a mapping takes five times as long.
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        return {name: _in_order(value[name]) for name in _ordered(tuple(value))}
    if isinstance(value, (list, tuple)):
        return [_in_order(item) for item in value]
    return value


@cache
def _ordered(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names, key=lambda name: (len(name.encode()), name.encode())))


def _or_none(number: int | None) -> str:
    return "-" if number is None else str(number)
