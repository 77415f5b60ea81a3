"""The SQL of questions to the ledger: read only, and as cheap however long its history is.

What is asked of many subjects is asked in one statement.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of
from nzc_api.database.paging import (
    Page,
    PagesOfEach,
    count_for_each,
    counting,
    paged_for_each,
)
from nzc_api.database.sql_files import sql_in
from nzc_api.ids import AccountId, BatchId, OrganisationId, PilotId, Position, ProjectId
from nzc_api.ledger.model import (
    CreditBatch,
    DoubleIssuance,
    Finding,
    Holding,
    Lot,
    MovedOf,
    Movement,
)
from nzc_api.ledger.reading.batch_order_store import ORDERS
from nzc_api.ledger.reading.boundary_store import INSIDE
from nzc_api.ledger.reading.questions_model import (
    Beneficiary,
    CreditStatementKey,
    CreditStatementRow,
    LifeStep,
    LineId,
    SerialAt,
    Vintage,
)
from nzc_api.ledger.rows import batch_in, lot_in, movement_in
from nzc_api.ledger.tables import LONGEST, SIZE, credit_batch, movement
from nzc_api.log.asked import LATEST
from nzc_api.log.store import entry_in

# What batches are grouped by.
K = TypeVar("K", bound=int)

_sql = sql_in(__package__)

# What ``entry_in`` makes an entry ``e`` of, the last columns of a row.
_ENTRY = (
    "e.position, e.at, e.kind, e.subject_id, e.organisation_id, e.api_key_id, CAST(e.body AS text)"
)
_OF_ENTRY = _ENTRY.count("e.")

# Times never run backwards, so the last position at or before a time is found by halving the log.
POSITION_AT = DriverStatement(_sql("position_at"))

# Where movements of a serial can begin, by the sizes of what moved (see `SIZE`): a range that is no
# longer than so much and holds the serial begins at most so far before it. Sizes, and beginnings within
# their reach, are found by skipping from one to the next, so the cost is their number.
_PLACES = _sql("places").format(size=SIZE, longest=LONGEST)

# Everything that happened to a serial, by itself or with its whole batch, with its entries. Movements are asked for
# ``position + 0``, which only the index of places has: one of positions would lead through all that
# happened meanwhile.
LIFE = DriverStatement(_sql("life").format(places=_PLACES, entry=_ENTRY, size=SIZE))

# The last movement of each serial as of a position: it says who has it.
LAST_MOVED = DriverStatement(_sql("last_moved").format(places=_PLACES, size=SIZE))

# The current lots of each batch, one probe a lot, from a serial on: of the lots that start at or
# before a serial, the one that starts last, ends first and was made last is its current one.
TILING = DriverStatement(_sql("tiling"))

# Which retirement accounts have tonnes of batches as of a position, and how many of those count. The accounts
# of a batch are found by skipping from one to the next, so the cost is their number, not that of movements.
BENEFICIARIES = DriverStatement(_sql("beneficiaries").format(orders=ORDERS, inside=INSIDE))

BATCHES_OF_VINTAGES = DriverStatement("""
    SELECT k.subject, b.id
      FROM unnest(CAST(:programmes AS text[]), CAST(:years AS int[]))
           WITH ORDINALITY AS k (programme, year, subject)
     CROSS JOIN LATERAL (SELECT id, programme FROM credit_batch AS c
                          WHERE c.vintage = k.year OFFSET 0) AS b
     WHERE b.programme = k.programme
""")

# What was issued of each vintage as of a position, in tonnes.
ISSUED_OF_VINTAGES = DriverStatement("""
    SELECT k.programme, k.year, coalesce(sum(b.quantity), 0) AS tonnes
      FROM unnest(CAST(:programmes AS text[]), CAST(:years AS int[])) AS k (programme, year)
     CROSS JOIN LATERAL (SELECT id, programme, quantity FROM credit_batch AS c
                          WHERE c.vintage = k.year
                            AND coalesce(c.withdrawn_position > :as_of, true) OFFSET 0) AS b
     WHERE b.programme = k.programme AND b.id <= :as_of
     GROUP BY k.programme, k.year
""")

# What moved at positions, by pages, with the batches that it is of.
MOVEMENTS_AT = PagesOfEach(
    select(
        credit_batch,
        *(movement.c[name] for name in ("position", "line", "debit_id", "credit_id", "batch_id")),
        movement.c.lo.label("moved_lo"),
        movement.c.hi.label("moved_hi"),
    ).join_from(movement, credit_batch, credit_batch.c.id == movement.c.batch_id),
    movement.c.position,
    movement.c.line,
)

STATED_ACCOUNTS = DriverStatement("""
    SELECT k.subject, a.id
      FROM unnest(CAST(:pilots AS bigint[])) WITH ORDINALITY AS k (pilot_id, subject)
      JOIN account AS a ON a.pilot_id = k.pilot_id AND a.kind = 'RETIREMENT'
    UNION ALL
    SELECT k.subject, a.id
      FROM unnest(CAST(:organisations AS bigint[]), CAST(:programmes AS text[]))
           WITH ORDINALITY AS k (organisation_id, programme, subject)
      JOIN account AS a ON a.organisation_id = k.organisation_id AND a.kind = 'HOLDING'
       AND a.programme = k.programme
""")

# After common tables ``own`` and ``pair``: during which positions something holds of all that an account has
# of a batch: that the whole batch is invalidated, exported or frozen; that its project lies inside the
# account's pilot; and that it counts no more, by any of these but freezing.
_STANDING = _sql("standing").format(inside=INSIDE, orders=ORDERS)

# What each standing is called in a statement.
STANDINGS = ("invalidated", "exported", "frozen", "withdrawn")

# The movements of accounts from a line on, with the balance after each, and how much of it is in each
# standing; where that changes without a movement, it is a line of its own. The balances say where the
# accounts changed: of each batch the next few places are found and merged, so the cost is the page and the
# number of batches, not the length of the history. What was before is one balance a batch.
STATEMENT = DriverStatement(_sql("statement").format(standing=_STANDING))

# How many movements a pilot's statement has, counted no further than so many.
MOVED_FOR_PILOT = DriverStatement("""
    SELECT count(*) AS many
      FROM (SELECT
              FROM account AS a
              JOIN balance AS b ON b.account_id = a.id AND b.position <= :as_of
              JOIN movement AS m ON m.position = b.position AND m.batch_id = b.batch_id
               AND a.id IN (m.debit_id, m.credit_id)
             WHERE a.pilot_id = :pilot AND a.kind = 'RETIREMENT'
             LIMIT :most) AS counted
""")

# What each organisation holds of each batch as of a position, found in the same way until there is a
# page of it in each of its accounts.
HOLDINGS = DriverStatement(_sql("holdings").format(orders=ORDERS))

# The suspected double issuances that each batch has a part in as of a position, as the later or the earlier one; none
# of them with what was withdrawn by then.
DOUBLES = DriverStatement(_sql("doubles"))


async def page_batches_of(
    connection: AsyncConnection, projects: Sequence[ProjectId], page: Page
) -> dict[ProjectId, list[CreditBatch]]:
    query = paged_for_each(
        select(credit_batch), credit_batch.c.project_id, credit_batch.c.id, projects, page
    )
    found: dict[ProjectId, list[CreditBatch]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.parent].append(batch_in(row))
    return found


async def count_batches_of(
    connection: AsyncConnection, projects: Sequence[ProjectId]
) -> dict[ProjectId, int]:
    """How many batches each project has."""
    parent = credit_batch.c.project_id
    return await count_for_each(connection, select(credit_batch), parent, projects)


async def count_positions_into(
    connection: AsyncConnection, accounts: Sequence[AccountId], as_of: Position
) -> dict[AccountId, int]:
    """At how many positions something had moved into each account by a position."""
    moved = select(movement.c.position, movement.c.credit_id).distinct()
    until = moved.where(movement.c.position <= as_of)
    return await count_for_each(connection, until, movement.c.credit_id, accounts)


async def count_movements_at(
    connection: AsyncConnection, positions: Sequence[Position]
) -> dict[Position, int]:
    """How many lines moved at each position."""
    return await count_for_each(connection, select(movement), movement.c.position, positions)


async def count_holdings(
    connection: AsyncConnection, organisations: Sequence[OrganisationId], as_of: Position
) -> dict[OrganisationId, int]:
    """Of how many batches each organisation holds some as of a position."""
    given = {"organisations": list(organisations), "as_of": as_of, "after": 0, "first": LATEST}
    rows = await counting(HOLDINGS, "organisation_id").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def count_doubles(
    connection: AsyncConnection, batches: Sequence[BatchId], as_of: Position
) -> dict[BatchId, int]:
    """How many suspected double issuances each batch has a part in as of a position."""
    given = {"batches": list(batches), "as_of": as_of, "after": 0, "first": None}
    rows = await counting(DOUBLES, "of_batch").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def page_holdings(
    connection: AsyncConnection,
    organisations: Sequence[OrganisationId],
    as_of: Position,
    page: Page,
) -> dict[OrganisationId, list[Holding]]:
    """For each organisation a page of what it holds of each batch as of a position, and one more."""
    rows = await HOLDINGS.rows(
        connection,
        {
            "organisations": list(organisations),
            "as_of": as_of,
            "after": page.after or 0,
            "first": page.first + 1,
        },
    )
    found: dict[OrganisationId, list[Holding]] = defaultdict(list)
    for row in rows:
        found[row.organisation_id].append(
            Holding(
                row.account_id,
                row.batch_id,
                row.tonnes,
                row.tonnes if row.invalidated else 0,
                row.tonnes if row.exported else 0,
                row.tonnes if row.frozen else 0,
            )
        )
    return {organisation: held[: page.first + 1] for organisation, held in found.items()}


async def page_doubles(
    connection: AsyncConnection, batches: Sequence[BatchId], as_of: Position, page: Page
) -> dict[BatchId, list[DoubleIssuance]]:
    """For each batch a page of its suspected double issuances as of a position, and one more, by the other batch."""
    given = {
        "batches": list(batches), "as_of": as_of, "after": page.after or 0, "first": page.first + 1,
    }  # fmt: skip
    found: dict[BatchId, list[DoubleIssuance]] = defaultdict(list)
    for row in await DOUBLES.rows(connection, given):
        finding = row.finding and Finding(row.finding)
        found[row.of_batch].append(
            DoubleIssuance(row.batch_id, row.other_id, row.position, finding)
        )
    return found


async def page_movements_at(
    connection: AsyncConnection, positions: Sequence[Position], page: Page
) -> dict[Position, list[MovedOf]]:
    """For each position a page of what moved there, line by line, and one more."""
    found: dict[Position, list[MovedOf]] = defaultdict(list)
    batches: dict[int, CreditBatch] = {}
    for row in await MOVEMENTS_AT.rows(connection, page, parents=positions):
        batch = batches.get(row.id) or batches.setdefault(row.id, batch_in(row))
        moved = Movement(
            row.position, row.line, row.debit_id, row.credit_id, row.batch_id, row.moved_lo, row.moved_hi
        )  # fmt: skip
        found[row.parent].append(MovedOf(moved, batch))
    return found


async def read_positions_at(
    connection: AsyncConnection, times: Collection[datetime]
) -> dict[datetime, Position]:
    """The last position at or before each time; 0 before the first."""
    # By their order: the driver gives the calendar's ends back without their offsets.
    rows = await POSITION_AT.rows(connection, {"times": list(times)})
    return {at: row.position for at, row in zip(times, rows, strict=True)}


async def page_life(
    connection: AsyncConnection, keys: Sequence[SerialAt], page: Page
) -> dict[SerialAt, list[LifeStep]]:
    """For each serial a page of what happened to it, and one more; with the movement, where that is what happened."""
    rows = await LIFE.rows(
        connection, _serials(keys) | {"after": page.after or 0, "first": page.first + 1}
    )
    found: dict[SerialAt, list[LifeStep]] = defaultdict(list)
    for row in rows:
        moved = None if row.line is None else movement_in(row)
        found[_serial_of(row)].append(LifeStep(entry_in(row[-_OF_ENTRY:]), moved))
    return found


async def read_last_moved(
    connection: AsyncConnection, keys: Sequence[SerialAt]
) -> dict[SerialAt, Movement]:
    """The movement that brought each serial to where it is as of its position."""
    rows = await LAST_MOVED.rows(connection, _serials(keys))
    return {_serial_of(row): movement_in(row) for row in rows}


async def page_tiling(
    connection: AsyncConnection, batches: Sequence[BatchId], page: Page
) -> dict[BatchId, list[Lot]]:
    """For each batch a page of its current lots in order of their serials, and one more; ``after``
    is the last serial of a lot."""
    start = 0 if page.after is None else page.after + 1
    given = {"batches": list(batches), "start": start, "first": page.first + 1}
    found: dict[BatchId, list[Lot]] = defaultdict(list)
    for row in await TILING.rows(connection, given):
        found[row.batch_id].append(lot_in(row))
    return found


async def page_beneficiaries(
    connection: AsyncConnection, batches: Sequence[tuple[K, BatchId]], as_of: Position, page: Page
) -> dict[K, list[Beneficiary]]:
    """For each subject, of (subject, batch) pairs, a page of whom its batches are retired for as of a
    position, and one more; in order of accounts."""
    rows = await BENEFICIARIES.rows(
        connection,
        {
            "subjects": [subject for subject, _ in batches],
            "batches": [batch_id for _, batch_id in batches],
            "as_of": as_of,
            "after": page.after or 0,
            "first": page.first + 1,
        },
    )
    found: dict[K, list[Beneficiary]] = defaultdict(list)
    for row in rows:
        found[row.subject].append(
            Beneficiary(
                row.id,
                row.pilot_id,
                row.period_id,
                int(row.tonnes),
                int(row.invalidated),
                int(row.in_force),
            )
        )
    return found


async def read_batch_ids_of_projects(
    connection: AsyncConnection, projects: Collection[ProjectId]
) -> list[tuple[ProjectId, BatchId]]:
    """The batches of projects, as (project, batch)."""
    rows = await connection.execute(
        select(credit_batch.c.project_id, credit_batch.c.id).where(
            is_any_of(credit_batch.c.project_id, projects)
        )
    )
    return [(row.project_id, row.id) for row in rows]


async def read_batch_ids_of_vintages(
    connection: AsyncConnection, vintages: Sequence[Vintage]
) -> list[tuple[int, BatchId]]:
    """The batches of vintages, as (number of the vintage in ``vintages``, from 1; batch)."""
    rows = await BATCHES_OF_VINTAGES.rows(connection, _vintages(vintages))
    return [(row.subject, row.id) for row in rows]


async def read_issued_of_vintages(
    connection: AsyncConnection, vintages: Sequence[Vintage], as_of: Position
) -> dict[Vintage, int]:
    """The tonnes issued of each vintage as of a position."""
    rows = await ISSUED_OF_VINTAGES.rows(connection, _vintages(vintages) | {"as_of": as_of})
    return {Vintage(row.programme, row.year): int(row.tonnes) for row in rows}


async def page_statement(
    connection: AsyncConnection, keys: Sequence[CreditStatementKey], page: Page
) -> dict[CreditStatementKey, list[CreditStatementRow]]:
    """For each statement a page of its lines, and one more."""
    # Numbers are given to pilots and to holders apart: each number names one of either.
    pilots = [key for key in keys if key.pilot_id is not None]
    holders = [key for key in keys if key.pilot_id is None]
    stated = await STATED_ACCOUNTS.rows(
        connection,
        {
            "pilots": [key.pilot_id for key in pilots] + [None] * len(holders),
            "organisations": [None] * len(pilots) + [key.organisation_id for key in holders],
            "programmes": [None] * len(pilots) + [key.programme for key in holders],
        },
    )
    numbered = [*pilots, *holders]
    owned = [(row.subject, row.id) for row in stated]
    after = page.after or LineId(Position(0), -1)
    rows = await STATEMENT.rows(
        connection,
        {
            "subjects": [subject for subject, _ in owned],
            "accounts": [account_id for _, account_id in owned],
            "only": [numbered[subject - 1].batch_id for subject, _ in owned],
            "as_ofs": [numbered[subject - 1].as_of for subject, _ in owned],
            "position": after.position,
            "line": after.line,
            "first": page.first + 1,
        },
    )
    found: dict[CreditStatementKey, list[CreditStatementRow]] = defaultdict(list)
    for row in rows:
        found[numbered[row.subject - 1]].append(
            CreditStatementRow(
                row.position,
                None if row.debit_id is None else movement_in(row),
                int(row.tonnes),
                int(row.balance),
                *(int(getattr(row, name)) for name in STANDINGS),
            )
        )
    return found


async def count_moved_for_pilot(
    connection: AsyncConnection, pilot: PilotId, as_of: Position, most: int
) -> int:
    """How many movements the statement of a pilot has as of a position; ``most`` where there are more."""
    given = {"pilot": pilot, "as_of": as_of, "most": most}
    [row] = await MOVED_FOR_PILOT.rows(connection, given)
    return int(row.many)


def _serials(keys: Sequence[SerialAt]) -> dict[str, list[int]]:
    return {
        "batches": [key.batch_id for key in keys],
        "serials": [key.serial for key in keys],
        "as_ofs": [key.as_of for key in keys],
    }


def _serial_of(row: Any) -> SerialAt:
    return SerialAt(row.of_batch, row.of_serial, row.as_of)


def _vintages(vintages: Sequence[Vintage]) -> dict[str, list[Any]]:
    return {
        "programmes": [vintage.programme for vintage in vintages],
        "years": [vintage.year for vintage in vintages],
    }
