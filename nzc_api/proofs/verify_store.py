"""The SQL of verifying: what the tree is compared with, as it is."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.proofs.model import Checkpoint, KeptEntry
from nzc_api.proofs.store import CHECKPOINTS, ENTRY, checkpoint_in, entry_in

# Whatever of each is there.
KEPT = DriverStatement(f"""
    SELECT p.number, s.salt, n.hash, {ENTRY}
      FROM generate_series(CAST(:first AS bigint), :last) AS p (number)
      LEFT JOIN log_entry AS e ON e.position = p.number
      LEFT JOIN log_salt AS s ON s.position = p.number
      LEFT JOIN log_node AS n ON n.height = 0 AND n.index = p.number - 1
     ORDER BY p.number
""")  # noqa: S608  (our own names)

COMMITTED = DriverStatement(f"{CHECKPOINTS} WHERE size > :after AND size <= :last ORDER BY size")

# Up to where anything is there of the tree.
REACH = DriverStatement("""
    SELECT greatest((SELECT max(size) FROM log_checkpoint),
                    (SELECT max(index) + 1 FROM log_node WHERE height = 0),
                    (SELECT max(position) FROM log_salt), 0)
""")


async def read_kept(connection: AsyncConnection, first: int, last: int) -> list[KeptEntry]:
    """What is there of each position from one to another."""
    rows = await KEPT.rows(connection, {"first": first, "last": last})
    return [
        KeptEntry(
            position=number,
            entry=None if found[0] is None else entry_in(found),
            salt=salt,
            leaf_hash=leaf_hash,
        )
        for number, salt, leaf_hash, *found in rows
    ]


async def read_committed(
    connection: AsyncConnection, after: int, last: int
) -> Sequence[Checkpoint]:
    """The checkpoints of sizes beyond one and up to another."""
    rows = await COMMITTED.rows(connection, {"after": after, "last": last})
    return [checkpoint_in(row) for row in rows]


async def read_reach(connection: AsyncConnection) -> int:
    """Up to which position anything is there of the tree."""
    ((reach,),) = await REACH.rows(connection, {})
    return int(reach)
