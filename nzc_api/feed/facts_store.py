"""The SQL of what entries are about: their facts as they were, and how much of them there is."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array
from nzc_api.database.driver import DriverStatement
from nzc_api.database.sql_files import sql_in
from nzc_api.feed.model import Moved
from nzc_api.feed.payloads.kinds import PAYLOADS
from nzc_api.ids import Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Entry

_sql = sql_in("nzc_api.feed")

FACTS = DriverStatement(_sql("facts"))
MOVEMENTS = DriverStatement(_sql("movements"))
ACCOUNTS = DriverStatement(_sql("accounts"))
WEIGHTS = DriverStatement(_sql("weights"))

# What a room's rows call what its entries are about, the entry says of itself.
_NOT_FACTS = ("id", "position", "subject_id")

# What moves serials.
_MOVING = frozenset(kind for kind, facts in PAYLOADS.items() if "movements" in facts.facts)

# What most of a log is: of these the entry and its movements say all.
SAID_BY_THEMSELVES = frozenset(
    {
        EntryKind.CREDITS_TRANSFERRED,
        EntryKind.CREDITS_RETIRED,
        EntryKind.RETIREMENT_REQUEST_CANCELLED,
        EntryKind.RETIREMENT_REQUEST_EXPIRED,
        EntryKind.CREDITS_USED,
        EntryKind.CREDITS_FROZEN,
        EntryKind.CREDITS_UNFROZEN,
        EntryKind.CREDITS_INVALIDATED,
        EntryKind.BATCH_FROZEN,
        EntryKind.BATCH_UNFROZEN,
        EntryKind.BATCH_INVALIDATED,
        EntryKind.BATCH_EXPORTED,
    }
)
_SAID_BY_ROWS = frozenset(PAYLOADS) - SAID_BY_THEMSELVES


async def read_facts(
    connection: AsyncConnection, kinds: Mapping[Position, str]
) -> Mapping[Position, Mapping[str, Any]]:
    """For the position of each entry, of whose kind it is known, what rows say, beside the entry's body, if they do.
    Numbers that are not whole are texts."""
    found: dict[Position, dict[str, Any]] = defaultdict(dict)
    told = [at for at, kind in kinds.items() if kind in _SAID_BY_ROWS]
    for position, said in await _rows(FACTS, connection, told):
        facts = json.loads(said, parse_float=str)
        found[position] |= {name: value for name, value in facts.items() if name not in _NOT_FACTS}
    return found


async def read_movements(
    connection: AsyncConnection, kinds: Mapping[Position, str]
) -> Mapping[Position, Sequence[Moved]]:
    """For the position of each entry, of whose kind it is known, its movements in order, if it has some."""
    moving = [position for position, kind in kinds.items() if kind in _MOVING]
    rows = await _rows(MOVEMENTS, connection, moving)
    named = {account for row in rows for account in row[4:]}
    accounts = {
        id_: tuple(account) for id_, *account in await _rows(ACCOUNTS, connection, [*named])
    }
    found: dict[Position, list[Moved]] = defaultdict(list)
    for position, batch, first, last, debit, credit in rows:
        found[position].append((batch, first, last, accounts[debit], accounts[credit]))
    return found


def serials_named(entry: Entry) -> int | None:
    """How many ranges of serials an entry names; None where it names none."""
    return len(entry.body["serials"]) if "serials" in entry.body else None


async def read_weights(
    connection: AsyncConnection, serials: Mapping[Position, int | None]
) -> Sequence[int]:
    """How many rows the facts of each entry have, of whose position it is known how many serials it names: of what
    names those that it moves, as many."""
    others = [position for position, named in serials.items() if named is None]
    weights = {**serials, **dict(await _rows(WEIGHTS, connection, others))}
    return [*weights.values()]


async def _rows(
    statement: DriverStatement, connection: AsyncConnection, numbers: Sequence[int]
) -> Sequence[Any]:
    """The rows of some positions or accounts; where there are none, nothing is asked."""
    return await statement.rows(connection, {"numbers": array(numbers)}) if numbers else ()
