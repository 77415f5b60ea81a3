"""The SQL of a stretch of the log: entries that follow one another, and how they moved serials."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.sql_files import sql_in
from nzc_api.feed.facts import Carried
from nzc_api.feed.model import Moved
from nzc_api.ids import Position

STRETCH = DriverStatement(sql_in("nzc_api.feed")("stretch"))


async def read_stretch(
    connection: AsyncConnection, after: int, until: int, entries: int, movements: int
) -> tuple[Carried, Mapping[Position, int | None]]:
    """The first entries after a position and up to another, with their bodies as facts: at most so many, and with so
    many movements. Beside them, for the position of each how many serials it names; None where it names none."""
    given = {"after": after, "until": until, "entries": entries, "movements": movements}
    ((said, moved, accounts),) = await STRETCH.rows(connection, given)
    if said is None:
        return Carried((), (), (), (), (), (), ()), {}
    positions, ats, kinds, subjects, organisations, named, bodies = zip(
        *orjson.loads(f"[{said}]"), strict=True
    )
    # What was posted together was posted at one moment.
    moments = {at: datetime.fromisoformat(at) for at in set(ats)}
    by_position = _movements(moved, accounts)
    carried = Carried(
        positions, [moments[at] for at in ats], kinds, subjects, organisations,
        [by_position.get(position, ()) for position in positions], bodies,
    )  # fmt: skip
    if sum(map(len, by_position.values())) == movements:
        # Of the last entry that moved something there may be more.
        carried = carried.first(bisect_left(positions, max(by_position)))
    return carried, dict(zip(carried.positions, named, strict=False))


def _movements(moved: str | None, accounts: str | None) -> Mapping[Position, Sequence[Moved]]:
    named = {id_: tuple(account) for id_, *account in orjson.loads(accounts or "[]")}
    found: dict[Position, list[Moved]] = defaultdict(list)
    for position, batch, first, last, debit, credit in orjson.loads(f"[{moved or ''}]"):
        found[position].append((batch, first, last, named[debit], named[credit]))
    return found
