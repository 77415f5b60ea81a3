"""The SQL of proofs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array, columns, sent, unnested
from nzc_api.database.driver import DriverStatement
from nzc_api.database.plans import BY_INDEX
from nzc_api.ids import Position
from nzc_api.log.model import Entry
from nzc_api.log.requests import Actor
from nzc_api.proofs.cosignatures import COSIGNATURE, Cosignature
from nzc_api.proofs.model import Checkpoint, SaltedEntry
from nzc_api.proofs.notes import Verifier
from nzc_api.proofs.stored import NodeSpan
from nzc_api.proofs.tables import log_checkpoint
from nzc_api.proofs.tree import Subtree

# Held until the end of the transaction: of all processes one lets the tree grow. Its guards find rows by index.
ALONE = text(f"SELECT pg_try_advisory_xact_lock(hashtext('nzc proofs')), {BY_INDEX}")

ENTRY = "e.position, e.at, e.kind, e.subject_id, e.organisation_id, e.api_key_id, e.body"

# Whether some entry has no leaf; asked every second.
IS_BEHIND = DriverStatement("""
    SELECT position > coalesce((SELECT max(size) FROM log_checkpoint), 0) FROM log_head
""")

# Span by span: joined, all of the tree would be read, for PostgreSQL takes spans to be long. (OFFSET 0: it joins none.)
NODES = DriverStatement(f"""
    SELECT n.height, n.index, n.hash
      FROM {unnested("heights firsts ends")} AS s (height, first, "end")
     CROSS JOIN LATERAL (
           SELECT height, index, hash FROM log_node
            WHERE height = s.height::smallint AND index >= s.first AND index < s."end" OFFSET 0) AS n
""")  # noqa: S608  (our own names)

# One statement, so that a guard finds leaves and salts together.
GROW = DriverStatement(f"""
    WITH salts AS (
        INSERT INTO log_salt (position, salt)
        SELECT position, salt FROM unnest({sent("positions")}, CAST(:salts AS bytea[])) AS s (position, salt)
    )
    INSERT INTO log_node (height, index, hash)
    SELECT height, index, hash
      FROM unnest({sent("heights")}, {sent("indexes")}, CAST(:hashes AS bytea[])) AS n (height, index, hash)
     ORDER BY height, index
""")  # noqa: S608  (our own names)

# With what witnesses signed of each.
CHECKPOINTS = """
    SELECT size, root, at, note, names, keys, times, signatures
      FROM log_checkpoint
      LEFT JOIN LATERAL (
          SELECT array_agg(s.name ORDER BY number) AS names, array_agg(s.key ORDER BY number) AS keys,
                 array_agg(s.time ORDER BY number) AS times, array_agg(s.signature ORDER BY number) AS signatures
            FROM log_cosignature AS s WHERE s.size = log_checkpoint.size) AS of_witnesses ON true
"""

LATEST = DriverStatement(f"{CHECKPOINTS} ORDER BY size DESC LIMIT 1")

OF_SIZE = DriverStatement(f"{CHECKPOINTS} WHERE size = :size")

LATEST_COSIGNED = DriverStatement(f"""
    {CHECKPOINTS} WHERE size = (SELECT max(size) FROM log_cosignature)
""")  # noqa: S608  (our own text)

# The first that covers a position and that a witness cosigned; where none did yet, the first that covers it.
COVERING = DriverStatement(f"""
    {CHECKPOINTS}
     WHERE size = coalesce((SELECT min(size) FROM log_cosignature WHERE size >= :position),
                           (SELECT min(size) FROM log_checkpoint WHERE size >= :position))
""")  # noqa: S608  (our own text)

SALTED = DriverStatement(f"""
    SELECT s.salt, {ENTRY} FROM log_entry AS e JOIN log_salt AS s USING (position)
     WHERE e.position BETWEEN :first AND :last ORDER BY e.position
""")  # noqa: S608  (our own names)


SALTED_AT = DriverStatement(f"""
    SELECT s.salt, {ENTRY} FROM log_entry AS e JOIN log_salt AS s USING (position)
     WHERE e.position = ANY({sent("positions")}) ORDER BY e.position
""")  # noqa: S608  (our own names)


async def grows_alone(connection: AsyncConnection) -> bool:
    """Whether no other process lets the tree grow, until the end of the transaction."""
    return bool((await connection.execute(ALONE)).scalar())


async def is_behind(connection: AsyncConnection) -> bool:
    """Whether some entry has no leaf yet."""
    ((behind,),) = await IS_BEHIND.rows(connection, {})
    return bool(behind)


async def read_latest(connection: AsyncConnection) -> Checkpoint | None:
    """The latest checkpoint; None where nothing was committed to yet."""
    return _checkpoint(await LATEST.rows(connection, {}))


async def read_checkpoint(connection: AsyncConnection, size: int) -> Checkpoint | None:
    """The checkpoint of a size, if there is one."""
    return _checkpoint(await OF_SIZE.rows(connection, {"size": size}))


async def read_latest_cosigned(connection: AsyncConnection) -> Checkpoint | None:
    """The latest checkpoint that a witness cosigned; None where none did."""
    return _checkpoint(await LATEST_COSIGNED.rows(connection, {}))


async def read_covering(connection: AsyncConnection, position: Position) -> Checkpoint | None:
    """The first checkpoint over a position that a witness cosigned, or else the first; None where there is none
    yet."""
    return _checkpoint(await COVERING.rows(connection, {"position": position}))


async def read_nodes(
    connection: AsyncConnection, spans: Iterable[NodeSpan]
) -> dict[Subtree, bytes]:
    """The stored nodes of spans."""
    rows = await NODES.rows(connection, columns(spans, "heights firsts ends"))
    return {Subtree(height, index): found for height, index, found in rows}


async def read_salted(connection: AsyncConnection, first: int, last: int) -> list[SaltedEntry]:
    """The entries from one position to another that have leaves, with their salts, in order."""
    return _salted(await SALTED.rows(connection, {"first": first, "last": last}))


async def read_salted_at(
    connection: AsyncConnection, positions: Iterable[Position]
) -> list[SaltedEntry]:
    """The entries of positions that have leaves, with their salts, in order."""
    return _salted(await SALTED_AT.rows(connection, {"positions": array(positions)}))


async def grow(
    connection: AsyncConnection, salted: Sequence[SaltedEntry], nodes: Mapping[Subtree, bytes]
) -> None:
    """Write the salts of entries, and the nodes that come with them."""
    given = {
        "positions": array(one.entry.position for one in salted),
        "salts": [one.salt for one in salted],
        **columns(nodes, "heights indexes"),
        "hashes": list(nodes.values()),
    }
    await GROW.rows(connection, given)


async def insert_checkpoint(connection: AsyncConnection, checkpoint: Checkpoint) -> None:
    row = {
        "size": checkpoint.size,
        "root": checkpoint.root,
        "at": checkpoint.at,
        "note": checkpoint.note,
    }
    await connection.execute(insert(log_checkpoint), row)


def _checkpoint(rows: Sequence[Any]) -> Checkpoint | None:
    return checkpoint_in(rows[0]) if rows else None


def checkpoint_in(row: Sequence[Any]) -> Checkpoint:
    """The checkpoint in a row of ``CHECKPOINTS``."""
    size, root, at, note, *of_witnesses = row
    signed = zip(*(signed_heads or () for signed_heads in of_witnesses), strict=True)
    return Checkpoint(size, root, at, note, tuple(map(cosignature_of, signed)))


def cosignature_of(row: Sequence[Any]) -> Cosignature:
    """The cosignature in a row of name, key, time and signature."""
    name, key, time, signature = row
    return Cosignature(Verifier(name, key, COSIGNATURE), time, signature)


def _salted(rows: Sequence[Any]) -> list[SaltedEntry]:
    return [SaltedEntry(entry_in(row[1:]), row[0]) for row in rows]


def entry_in(row: Sequence[Any]) -> Entry:
    """The entry in a row of ``ENTRY``."""
    position, at, kind, subject_id, organisation_id, api_key_id, body = row
    return Entry(position, at, kind, subject_id, Actor(organisation_id, api_key_id), body)
