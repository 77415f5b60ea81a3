"""The log's SQL."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, sent
from nzc_api.database.direct import DirectStatement
from nzc_api.database.plans import BY_INDEX
from nzc_api.log.ids import log_name
from nzc_api.log.requests import Actor, Request
from nzc_api.log.tables import log_entry, log_head
from nzc_api.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: its own id, its last position (0: empty), and that position's time."""

    log_id: int
    position: int
    at: datetime

    @property
    def name(self) -> str:
        """The log's id as it is shown."""
        return log_name(self.log_id)


class Mark(NamedTuple):
    """An entry that was seen: its position, and its time, which another log's entry there will not
    have. (A database that is put back to an earlier position goes on as another log.)"""

    position: int
    at: datetime


class Entry(NamedTuple):
    """One accepted change: what (``kind``), of what (``subject_id``), by whom, and its facts."""

    position: int
    at: datetime
    kind: str
    subject_id: int
    actor: Actor
    body: Mapping[str, Any]


class Outcome(NamedTuple):
    """What became of a request: the position it was accepted at, or why it was refused."""

    position: int | None
    refusal: Refusal | None
    replayed: bool = False


class StoredOutcome(NamedTuple):
    fingerprint: bytes
    outcome: Outcome


# Under the lock no other writer runs, so the clock is read here and never runs backwards.
LOCK_HEAD = text(f"""
    SELECT log_id, position, greatest(at, clock_timestamp()) AS at, {BY_INDEX},
           EXISTS (SELECT FROM log_entry AS seen
                    WHERE seen.position = CAST(:seen AS bigint)
                      AND seen.at = CAST(:seen_at AS timestamptz)) AS follows
      FROM log_head FOR UPDATE
""")  # noqa: S608  (our own settings)

# One statement, so that a batch costs one round trip while the head is locked.
APPEND = DirectStatement(f"""
    WITH entries AS (
        INSERT INTO log_entry (position, at, kind, subject_id, organisation_id, api_key_id, body)
        SELECT position, :at, kind, subject_id, organisation_id, api_key_id, CAST(body AS jsonb)
          FROM unnest({sent("positions")}, CAST(:kinds AS text[]),
                      {sent("subjects")}, CAST(:organisations AS bigint[]),
                      CAST(:api_keys AS bigint[]), CAST(:bodies AS text[]))
            AS e (position, kind, subject_id, organisation_id, api_key_id, body)
         ORDER BY position
    ), outcomes AS (
        INSERT INTO outcome (organisation_id, key, fingerprint, position, refusal)
        SELECT organisation_id, key, fingerprint, position, CAST(refusal AS jsonb)
          FROM unnest(CAST(:outcome_organisations AS bigint[]), CAST(:keys AS text[]),
                      CAST(:fingerprints AS bytea[]), CAST(:outcome_positions AS bigint[]),
                      CAST(:refusals AS text[]))
            AS o (organisation_id, key, fingerprint, position, refusal)
    )
    UPDATE log_head SET position = :head, at = :at
""")  # noqa: S608  (our own names)


_encode = json.JSONEncoder(ensure_ascii=False).encode


async def read_head(connection: AsyncConnection) -> Head:
    row = (await connection.execute(select(log_head))).one()
    return Head(row.log_id, row.position, row.at)


async def lock_head(connection: AsyncConnection, mark: Mark | None) -> tuple[Head, bool]:
    """Lock the head until the transaction ends; ``at`` is the time of what it will append. Beside it,
    whether it follows the mark."""
    seen = {"seen": mark and mark.position, "seen_at": mark and mark.at}
    row = (await connection.execute(LOCK_HEAD, seen)).one()
    return Head(row.log_id, row.position, row.at), row.follows


async def append(
    connection: AsyncConnection,
    head: Head,
    entries: Sequence[Entry],
    outcomes: Sequence[tuple[int, Request, Outcome]],
) -> None:
    """Write entries and outcomes (organisation, request, outcome), and move the head."""
    await APPEND.rows(
        connection,
        {
            "at": head.at,
            "head": head.position,
            "positions": array(e.position for e in entries),
            "kinds": [e.kind for e in entries],
            "subjects": array(e.subject_id for e in entries),
            "organisations": [e.actor.organisation_id for e in entries],
            "api_keys": [e.actor.api_key_id for e in entries],
            "bodies": [_encode(e.body) for e in entries],
            "outcome_organisations": [organisation for organisation, _, _ in outcomes],
            "keys": [request.key for _, request, _ in outcomes],
            "fingerprints": [request.fingerprint for _, request, _ in outcomes],
            "outcome_positions": [result.position for _, _, result in outcomes],
            "refusals": [
                None if result.refusal is None else _encode(result.refusal.freeze())
                for _, _, result in outcomes
            ],
        },
    )


OUTCOMES = DirectStatement(f"""
    SELECT k.organisation_id, k.key, o.fingerprint, o.position, o.refusal
      FROM unnest({sent("organisations")}, CAST(:keys AS text[])) AS k (organisation_id, key)
      JOIN outcome o USING (organisation_id, key)
""")  # noqa: S608  (our own names)


async def read_outcomes(
    connection: AsyncConnection, keys: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], StoredOutcome]:
    """The outcomes kept under (organisation, key); absent keys were never used."""
    rows = await OUTCOMES.rows(
        connection,
        {
            "organisations": array(organisation for organisation, _ in keys),
            "keys": [key for _, key in keys],
        },
    )
    return {
        (organisation, key): StoredOutcome(
            fingerprint,
            Outcome(position, refusal and Refusal.thaw(refusal), replayed=True),
        )
        for organisation, key, fingerprint, position, refusal in rows
    }


async def read_entries(connection: AsyncConnection, after: int, first: int) -> list[Entry]:
    """Up to ``first`` entries that follow position ``after``, in order."""
    rows = await connection.execute(
        select(log_entry)
        .where(log_entry.c.position > after)
        .order_by(log_entry.c.position)
        .limit(first)
    )
    return list(map(_entry, rows))


ENTRIES_AT = DirectStatement(f"""
    SELECT position, at, kind, subject_id, organisation_id, api_key_id, body
      FROM log_entry WHERE position = ANY({sent("positions")})
""")  # noqa: S608  (our own names)


async def read_entries_at(
    connection: AsyncConnection, positions: Sequence[int]
) -> dict[int, Entry]:
    entries = map(_entry, await ENTRIES_AT.rows(connection, {"positions": array(positions)}))
    return {entry.position: entry for entry in entries}


def _entry(row: Iterable[Any]) -> Entry:
    """The entry in a row of the log's columns, in their order."""
    position, at, kind, subject_id, organisation_id, api_key_id, body = row
    return Entry(position, at, kind, subject_id, Actor(organisation_id, api_key_id), body)
