"""The log's SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, sent
from nzc_api.database.driver import DriverStatement
from nzc_api.database.plans import BY_INDEX
from nzc_api.ids import Position
from nzc_api.log.chain import body_text, chained, encode
from nzc_api.log.model import Entry, Head, Outcome, StoredOutcome
from nzc_api.log.requests import Actor, Request
from nzc_api.refusal import Refusal

# Under the lock no other writer runs, so the clock is read here and never runs backwards. Where an entry that was
# seen is in the log, so is all that comes before it.
LOCK_HEAD = text(f"""
    SELECT log_id, position, greatest(at, clock_timestamp()) AS at, digest, former_ids, {BY_INDEX},
           CAST(:seen AS bigint) = 0 OR EXISTS (
               SELECT FROM log_entry AS seen
                WHERE seen.position = CAST(:seen AS bigint) AND seen.digest = CAST(:digest AS bytea)) AS follows
      FROM log_head FOR UPDATE
""")  # noqa: S608  (our own settings)

READ_HEAD = DriverStatement("""
    SELECT h.log_id, h.position, h.at, h.digest, h.former_ids,
           CAST(:seen AS bigint) = 0 OR seen.position IS NOT NULL AS follows
      FROM log_head AS h
      LEFT JOIN log_entry AS seen
        ON seen.position = CAST(:seen AS bigint) AND seen.digest = CAST(:digest AS bytea)
""")

# One statement, so that a batch costs one round trip while the head is locked.
APPEND = DriverStatement(f"""
    WITH entries AS (
        INSERT INTO log_entry (position, at, kind, subject_id, organisation_id, api_key_id, body, digest)
        SELECT position, :at, kind, subject_id, organisation_id, api_key_id, CAST(body AS jsonb), digest
          FROM unnest({sent("positions")}, CAST(:kinds AS text[]),
                      {sent("subjects")}, CAST(:organisations AS bigint[]),
                      CAST(:api_keys AS bigint[]), CAST(:bodies AS text[]), CAST(:digests AS bytea[]))
            AS e (position, kind, subject_id, organisation_id, api_key_id, body, digest)
         ORDER BY position
    ), outcomes AS (
        INSERT INTO outcome (organisation_id, key, fingerprint, position, refusal, as_of)
        SELECT organisation_id, key, fingerprint, position, CAST(refusal AS jsonb), as_of
          FROM unnest(CAST(:outcome_organisations AS bigint[]), CAST(:keys AS text[]),
                      CAST(:fingerprints AS bytea[]), CAST(:outcome_positions AS bigint[]),
                      CAST(:refusals AS text[]), CAST(:outcomes_as_of AS bigint[]))
            AS o (organisation_id, key, fingerprint, position, refusal, as_of)
    )
    UPDATE log_head SET position = :head, at = :at, digest = :digest
""")  # noqa: S608  (our own names)


async def read_head(connection: AsyncConnection, seen: Head | None) -> tuple[Head, bool]:
    """Where the log stands; beside it, whether what was seen is in it."""
    ((log_id, position, at, digest, former, follows),) = await READ_HEAD.rows(
        connection, _seen(seen)
    )
    return Head(log_id, position, at, digest, tuple(former)), follows


# Beside it, plans as the writing of the log has them.
READ_TIME = text(f"SELECT clock_timestamp(), {BY_INDEX}")


async def read_time(connection: AsyncConnection) -> datetime:
    """What time it is there; the rest of the transaction finds rows as the writing of the log does."""
    found: datetime = (await connection.execute(READ_TIME)).one()[0]
    return found


async def lock_head(connection: AsyncConnection, seen: Head | None) -> tuple[Head, bool]:
    """Lock the head until the transaction ends; ``at`` is the time of what it will append. Beside it,
    whether what was seen is in the log."""
    row = (await connection.execute(LOCK_HEAD, _seen(seen))).one()
    return Head(row.log_id, row.position, row.at, row.digest, tuple(row.former_ids)), row.follows


def _seen(seen: Head | None) -> dict[str, Any]:
    return {"seen": seen and seen.position, "digest": seen and seen.digest}


async def append(
    connection: AsyncConnection,
    head: Head,
    entries: Sequence[Entry],
    outcomes: Sequence[tuple[int, Request, Outcome]],
) -> Head:
    """Write entries and outcomes (organisation, request, outcome), and move the head: where it is then."""
    bodies = [body_text(e.body) for e in entries]
    digests = chained(head.digest, entries, bodies)
    moved = replace(
        head,
        position=Position(head.position + len(entries)),
        digest=digests[-1] if digests else head.digest,
    )
    await APPEND.rows(
        connection,
        {
            "at": moved.at,
            "head": moved.position,
            "digest": moved.digest,
            "positions": array(e.position for e in entries),
            "kinds": [e.kind for e in entries],
            "subjects": array(e.subject_id for e in entries),
            "organisations": [e.actor.organisation_id for e in entries],
            "api_keys": [e.actor.api_key_id for e in entries],
            "bodies": bodies,
            "digests": digests,
            "outcome_organisations": [organisation for organisation, _, _ in outcomes],
            "keys": [request.key for _, request, _ in outcomes],
            "fingerprints": [request.fingerprint for _, request, _ in outcomes],
            "outcome_positions": [result.position for _, _, result in outcomes],
            "refusals": [_frozen(result) for _, _, result in outcomes],
            "outcomes_as_of": [result.as_of for _, _, result in outcomes],
        },
    )
    return moved


OUTCOMES = DriverStatement(f"""
    SELECT k.organisation_id, k.key, o.fingerprint, o.position, o.refusal, o.as_of
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
        (organisation, key): StoredOutcome(fingerprint, _thawed(position, refusal, as_of))
        for organisation, key, fingerprint, position, refusal, as_of in rows
    }


# What is kept of a refusal beside its facts: the number of the refused item. No fact has this name.
_ITEM = "item_number"


def _frozen(outcome: Outcome) -> str | None:
    if outcome.refusal is None:
        return None
    item = {} if outcome.item is None else {_ITEM: outcome.item}
    return encode(outcome.refusal.freeze() | item)


def _thawed(
    position: Position | None, frozen: dict[str, Any] | None, as_of: Position | None
) -> Outcome:
    if frozen is None:
        return Outcome(position, None, replayed=True, as_of=as_of)
    item = frozen.pop(_ITEM, None)
    return Outcome(position, Refusal.thaw(frozen), replayed=True, as_of=as_of, item=item)


# What an entry says; its digest is nobody's business who follows the log. The body as text: the driver would have it
# read by Python's own reader, which takes four times as long.
SHOWN = "position, at, kind, subject_id, organisation_id, api_key_id, CAST(body AS text) AS body"

ENTRIES_AFTER = DriverStatement(f"""
    SELECT {SHOWN} FROM log_entry WHERE position > :after ORDER BY position LIMIT :first
""")  # noqa: S608  (our own names)


async def read_entries(connection: AsyncConnection, after: int, first: int) -> list[Entry]:
    """Up to ``first`` entries that follow position ``after``, in order."""
    rows = await ENTRIES_AFTER.rows(connection, {"after": after, "first": first})
    return list(map(entry_in, rows))


ENTRIES_AT = DriverStatement(f"""
    SELECT {SHOWN} FROM log_entry WHERE position = ANY({sent("positions")})
""")  # noqa: S608  (our own names)


async def read_entries_at(
    connection: AsyncConnection, positions: Sequence[Position]
) -> dict[Position, Entry]:
    entries = map(entry_in, await ENTRIES_AT.rows(connection, {"positions": array(positions)}))
    return {entry.position: entry for entry in entries}


def entry_in(row: Iterable[Any]) -> Entry:
    """The entry in a row of the log's columns, in their order, the body as text."""
    position, at, kind, subject_id, organisation_id, api_key_id, body = row
    actor = Actor(organisation_id, api_key_id)
    return Entry(position, at, kind, subject_id, actor, orjson.loads(body))
