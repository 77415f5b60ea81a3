"""The SQL of asking witnesses: how large a tree each has cosigned, and what it signed."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.proofs.cosignatures import Cosignature
from nzc_api.proofs.notes import Verifier

COSIGNED = DriverStatement("""
    SELECT w.name, w.key, coalesce((SELECT max(s.size) FROM log_cosignature AS s
                                     WHERE s.name = w.name AND s.key = w.key), 0)
      FROM unnest(CAST(:names AS text[]), CAST(:keys AS bytea[])) AS w (name, key)
""")

# After those that are there of a checkpoint. One that came twice, by two processes, is there once.
INSERT = DriverStatement("""
    INSERT INTO log_cosignature (size, number, name, key, time, signature)
    SELECT :size, (SELECT count(*) FROM log_cosignature WHERE size = :size) + number, name, key, time, signature
      FROM unnest(CAST(:names AS text[]), CAST(:keys AS bytea[]), CAST(:times AS bigint[]),
                  CAST(:signatures AS bytea[])) WITH ORDINALITY AS s (name, key, time, signature, number)
        ON CONFLICT (size, name, key) DO NOTHING
""")


async def read_cosigned(
    connection: AsyncConnection, witnesses: Sequence[Verifier]
) -> dict[Verifier, int]:
    """For each witness the size of the largest tree that it cosigned; 0 where it cosigned none."""
    given = {"names": [one.name for one in witnesses], "keys": [one.key for one in witnesses]}
    found = {(name, key): size for name, key, size in await COSIGNED.rows(connection, given)}
    return {one: found[one.name, one.key] for one in witnesses}


async def insert_cosignatures(
    connection: AsyncConnection, size: int, cosignatures: Sequence[Cosignature]
) -> None:
    """Keep what witnesses signed of the checkpoint of a size."""
    given = {
        "size": size,
        "names": [one.witness.name for one in cosignatures],
        "keys": [one.witness.key for one in cosignatures],
        "times": [one.time for one in cosignatures],
        "signatures": [one.signature for one in cosignatures],
    }
    await INSERT.rows(connection, given)
