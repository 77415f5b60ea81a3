"""The SQL of what entries are about: their facts as they were, and how much of them there is."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.arrays import array
from nzc_api.database.driver import DriverStatement
from nzc_api.database.sql_files import sql_in
from nzc_api.feed.payloads.kinds import PAYLOADS
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
    connection: AsyncConnection, entries: Iterable[Entry]
) -> Mapping[int, Mapping[str, Any]]:
    """For each entry's position what rows say, beside the entry's body. Numbers that are not whole are texts."""
    kinds = {entry.position: entry.kind for entry in entries}
    found: dict[int, dict[str, Any]] = {position: {} for position in kinds}
    told = [at for at, kind in kinds.items() if kind in _SAID_BY_ROWS]
    for position, said in await _rows(FACTS, connection, told):
        facts = json.loads(said, parse_float=str)
        found[position] |= {name: of for name, of in facts.items() if name not in _NOT_FACTS}
    moving = [position for position, kind in kinds.items() if kind in _MOVING]
    for position, movements in (await _read_movements(connection, moving)).items():
        found[position]["movements"] = movements
    return found


async def _read_movements(
    connection: AsyncConnection, positions: Sequence[int]
) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    """The movements of each entry, in order. The correction of an order about a whole batch has none."""
    rows = await _rows(MOVEMENTS, connection, positions)
    named = {account for row in rows for account in row[4:]}
    accounts = {
        id_: tuple(account) for id_, *account in await _rows(ACCOUNTS, connection, [*named])
    }
    found: dict[int, list[Mapping[str, Any]]] = {position: [] for position in positions}
    for position, batch, first, last, debit, credit in rows:
        found[position].append(
            {"batch": batch, "first": first, "last": last, "from": accounts[debit], "to": accounts[credit]}
        )  # fmt: skip
    return found


async def read_weights(connection: AsyncConnection, entries: Sequence[Entry]) -> dict[int, int]:
    """For the position of each entry how many rows its facts have; of what names the serials that it moves, as many."""
    said: dict[int, int] = {
        e.position: len(e.body["serials"]) for e in entries if "serials" in e.body
    }
    others = [entry.position for entry in entries if entry.position not in said]
    return said | dict(await _rows(WEIGHTS, connection, others))


async def _rows(
    statement: DriverStatement, connection: AsyncConnection, numbers: Sequence[int]
) -> Sequence[Any]:
    """The rows of some positions or accounts; where there are none, nothing is asked."""
    return await statement.rows(connection, {"numbers": array(numbers)}) if numbers else ()
