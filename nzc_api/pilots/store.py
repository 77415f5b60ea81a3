"""The SQL of pilots."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, bindparam, exists, func, insert, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.driver import DriverStatement
from nzc_api.database.lookup import is_any_of, rows_by
from nzc_api.database.metadata import columns_of
from nzc_api.database.paging import (
    Page,
    Pages,
    count,
    count_for_each,
    counting,
    paged,
    paged_for_each,
)
from nzc_api.database.search import found_in, searched
from nzc_api.guide.terms import ApplicantKind, Establishment, PilotVariant
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.pilots.model import (
    DAYS,
    AccountingPeriod,
    DateSpan,
    Pilot,
    PilotAmendment,
    PilotFacts,
    PilotFilter,
    PilotOrderField,
    PilotsThere,
    PilotThen,
    PilotWithPeriods,
    Resting,
    Visibility,
)
from nzc_api.pilots.tables import (
    accounting_period,
    pilot,
    pilot_amendment,
    pilot_overlap,
    pilot_placement,
)
from nzc_api.refusal import LocalizedText

# As of any position: the latest placement of a pilot that is not after it.
SURROUNDING = DriverStatement("""
    WITH RECURSIVE surrounding (pilot_id, surrounding_id, depth) AS (
        SELECT p.id, latest.surrounding_id, 1
          FROM unnest(CAST(:pilots AS bigint[])) AS p (id)
         CROSS JOIN LATERAL (
                SELECT surrounding_id FROM pilot_placement
                 WHERE pilot_id = p.id AND position <= :as_of
                 ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL
        UNION ALL
        SELECT surrounding.pilot_id, latest.surrounding_id, depth + 1
          FROM surrounding
         CROSS JOIN LATERAL (
                SELECT surrounding_id FROM pilot_placement
                 WHERE pilot_id = surrounding.surrounding_id AND position <= :as_of
                 ORDER BY position DESC LIMIT 1) AS latest
         WHERE latest.surrounding_id IS NOT NULL AND depth < :last
    )
    SELECT pilot_id, surrounding_id, depth FROM surrounding WHERE depth > :after ORDER BY pilot_id, depth
""")

WITHIN = DriverStatement("""
    SELECT k.id AS surrounding_id, placed.pilot_id
      FROM unnest(CAST(:pilots AS bigint[])) AS k (id)
     CROSS JOIN LATERAL (
            SELECT pilot_id FROM pilot_placement AS placed
             WHERE placed.surrounding_id = k.id AND placed.pilot_id > :after
               AND placed.position <= :as_of
               AND NOT EXISTS (SELECT FROM pilot_placement AS later
                                WHERE later.pilot_id = placed.pilot_id
                                  AND later.position > placed.position
                                  AND later.position <= :as_of)
             ORDER BY placed.pilot_id LIMIT :first) AS placed
     ORDER BY k.id, placed.pilot_id
""")

# Each pilot, and what its facts were before the first amendment after a position, if there was one.
THEN = DriverStatement(f"""
    SELECT k.as_of, {columns_of(pilot, "p")}, next.before
      FROM unnest(CAST(:pilots AS bigint[]), CAST(:as_ofs AS bigint[])) AS k (pilot_id, as_of)
      JOIN pilot AS p ON p.id = k.pilot_id AND p.id <= k.as_of
      LEFT JOIN LATERAL (
            SELECT before FROM pilot_amendment AS a
             WHERE a.pilot_id = k.pilot_id AND a.position > k.as_of
             ORDER BY a.position LIMIT 1) AS next ON true
""")  # noqa: S608  (our own names)

OF_CODE = DriverStatement(select(pilot).where(pilot.c.code == bindparam("code", None)))

# Pilots, each beside each of its periods, in the order of their days.
_WITH_PERIODS = f"""
    SELECT {columns_of(pilot, "p")},
           period.id AS period_id, period.starts_on, period.ends_on, period.withdrawn_position
      FROM pilot AS p
      LEFT JOIN accounting_period AS period ON period.pilot_id = p.id
     WHERE {{which}}
     ORDER BY p.id, period.starts_on
"""  # noqa: S608  (our own names)
WITH_PERIODS_OF_CODE = DriverStatement(_WITH_PERIODS.format(which="p.code = :code"))
WITH_PERIODS_OF = DriverStatement(_WITH_PERIODS.format(which="p.id = ANY(CAST(:ids AS bigint[]))"))

# For how many filters the statement of a list is kept.
MOST_LISTS = 100

# How deep pilots lie in one another at most, of what is read.
DEEPEST = 1000


# Everything inside a pilot, at any depth, as of a position.
INSIDE = DriverStatement("""
    WITH RECURSIVE inside (root_id, as_of, pilot_id, depth) AS (
        SELECT k.pilot_id, k.as_of, placed.pilot_id, 1
          FROM unnest(CAST(:pilots AS bigint[]), CAST(:as_ofs AS bigint[])) AS k (pilot_id, as_of)
          JOIN pilot_placement AS placed
            ON placed.surrounding_id = k.pilot_id AND placed.position <= k.as_of
         WHERE NOT EXISTS (SELECT FROM pilot_placement AS later
                            WHERE later.pilot_id = placed.pilot_id
                              AND later.position > placed.position AND later.position <= k.as_of)
        UNION ALL
        SELECT inside.root_id, inside.as_of, placed.pilot_id, inside.depth + 1
          FROM inside
          JOIN pilot_placement AS placed
            ON placed.surrounding_id = inside.pilot_id AND placed.position <= inside.as_of
         WHERE inside.depth < 1000
           AND NOT EXISTS (SELECT FROM pilot_placement AS later
                            WHERE later.pilot_id = placed.pilot_id
                              AND later.position > placed.position
                              AND later.position <= inside.as_of)
    )
    SELECT root_id, as_of, pilot_id FROM inside ORDER BY root_id, as_of, depth, pilot_id
""")


PERIODS_OF_IDS = f"""
    SELECT {columns_of(accounting_period, "p")} FROM accounting_period AS p
     WHERE p.id = ANY(CAST(:periods AS bigint[]))"""  # noqa: S608  (our own names)

# After a common table ``inside``: the periods of pilots and of those inside them.
PERIODS = f"""
    SELECT {columns_of(accounting_period, "p")} FROM accounting_period AS p
     WHERE p.pilot_id = ANY(ARRAY(SELECT unnest(CAST(:pilots AS bigint[])) UNION SELECT pilot_id FROM inside))
     ORDER BY p.pilot_id, p.starts_on"""  # noqa: S608  (our own names)


_KEYS: Mapping[PilotOrderField, Any] = {
    PilotOrderField.CODE: pilot.c.code,
    PilotOrderField.REGISTERED: pilot.c.id,
    PilotOrderField.NAME_ZH: tuple_(pilot.c.name_zh, pilot.c.id),
    PilotOrderField.NAME_EN: tuple_(pilot.c.name_en, pilot.c.id),
}


async def insert_pilot(connection: AsyncConnection, item: Pilot) -> None:
    await connection.execute(
        insert(pilot).values(
            id=item.id,
            code=item.code,
            variant=item.variant,
            applicant_kind=item.applicant_kind,
            division_code=item.division_code,
            establishment=item.establishment,
            operator_id=item.operator_id,
            **_columns(item.facts),
        )
    )


async def amend_pilot(connection: AsyncConnection, item: PilotAmendment) -> None:
    """Write an amendment, and the pilot as it is from then on."""
    before, after = (_frozen(facts) for facts in (item.before, item.after))
    row = {"position": item.id, "pilot_id": item.pilot_id, "before": before, "after": after}
    await connection.execute(insert(pilot_amendment).values(row))
    changed = update(pilot).where(pilot.c.id == item.pilot_id).values(_columns(item.after))
    await connection.execute(changed)


async def insert_placement(
    connection: AsyncConnection,
    position: Position,
    pilot_id: PilotId,
    surrounding_id: PilotId | None,
) -> None:
    await connection.execute(
        insert(pilot_placement).values(
            position=position, pilot_id=pilot_id, surrounding_id=surrounding_id
        )
    )


async def insert_overlap(
    connection: AsyncConnection, position: Position, pair: tuple[int, int]
) -> None:
    await connection.execute(
        insert(pilot_overlap).values(position=position, pilot_id=min(pair), other_id=max(pair))
    )


async def read_overlaps(
    connection: AsyncConnection, pilots: Collection[PilotId], as_of: Position
) -> dict[int, tuple[PilotId, PilotId]]:
    """The pairs among the pilots that share ground, as of a position, by where it was recorded."""
    rows = await connection.execute(
        select(pilot_overlap)
        .where(
            is_any_of(pilot_overlap.c.pilot_id, pilots),
            is_any_of(pilot_overlap.c.other_id, pilots),
            pilot_overlap.c.position <= as_of,
        )
        .order_by(pilot_overlap.c.position)
    )
    return {row.position: (row.pilot_id, row.other_id) for row in rows}


async def insert_periods(connection: AsyncConnection, periods: Sequence[AccountingPeriod]) -> None:
    if periods:
        await connection.execute(
            insert(accounting_period),
            [
                {
                    "id": p.id,
                    "pilot_id": p.pilot_id,
                    "starts_on": p.span.starts_on,
                    "ends_on": p.span.ends_on,
                }
                for p in periods
            ],
        )


async def withdraw_period(
    connection: AsyncConnection, period_id: PeriodId, position: Position
) -> None:
    """Take a period back from a position on."""
    withdrawn = update(accounting_period).where(accounting_period.c.id == period_id)
    await connection.execute(withdrawn.values(withdrawn_position=position))


async def read_pilots(
    connection: AsyncConnection, ids: Collection[PilotId]
) -> dict[PilotId, Pilot]:
    rows = await rows_by(pilot.c.id).rows(connection, {"ids": list(ids)})
    return {row.id: _pilot(row) for row in rows}


async def read_pilots_then(
    connection: AsyncConnection, keys: Sequence[tuple[PilotId, Position]]
) -> dict[tuple[PilotId, Position], PilotThen]:
    """For each (pilot, position) the pilot now and then; none where it was not registered by then."""
    given = {"pilots": [pilot_id for pilot_id, _ in keys], "as_ofs": [as_of for _, as_of in keys]}
    return pilots_then_in(await THEN.rows(connection, given))


def pilots_then_in(rows: Iterable[Any]) -> dict[tuple[PilotId, Position], PilotThen]:
    """For each (pilot, position) the pilot now and then."""
    found: dict[tuple[PilotId, Position], PilotThen] = {}
    for row in rows:
        now = _pilot(row)
        then = now if row.before is None else now.amended(_thawed(row.before))
        found[row.id, row.as_of] = PilotThen(now, then)
    return found


async def page_amendments_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], page: Page
) -> dict[PilotId, list[PilotAmendment]]:
    """For each pilot a page of its amendments and one more, in order."""
    parent, key = pilot_amendment.c.pilot_id, pilot_amendment.c.position
    query = paged_for_each(select(pilot_amendment), parent, key, pilots, page)
    found: dict[PilotId, list[PilotAmendment]] = defaultdict(list)
    for row in await connection.execute(query):
        before, after = _thawed(row.before), _thawed(row.after)
        found[row.parent].append(
            PilotAmendment(id=row.position, pilot_id=row.pilot_id, before=before, after=after)
        )
    return found


async def count_amendments_of(
    connection: AsyncConnection, pilots: Sequence[PilotId]
) -> dict[PilotId, int]:
    """How many amendments each pilot has."""
    parent = pilot_amendment.c.pilot_id
    return await count_for_each(connection, select(pilot_amendment), parent, pilots)


async def find_pilot(connection: AsyncConnection, code: str) -> Pilot | None:
    return next(map(_pilot, await OF_CODE.rows(connection, {"code": code})), None)


async def find_pilot_with_periods(
    connection: AsyncConnection, code: str
) -> PilotWithPeriods | None:
    rows = await WITH_PERIODS_OF_CODE.rows(connection, {"code": code})
    return next(iter(_with_periods(rows).values()), None)


async def read_pilots_with_periods(
    connection: AsyncConnection, pilots: Collection[PilotId]
) -> dict[PilotId, PilotWithPeriods]:
    return _with_periods(await WITH_PERIODS_OF.rows(connection, {"ids": list(pilots)}))


def _with_periods(rows: Iterable[Any]) -> dict[PilotId, PilotWithPeriods]:
    found: dict[PilotId, PilotWithPeriods] = {}
    for row in rows:
        if row.id not in found:
            found[row.id] = PilotWithPeriods(_pilot(row), [])
        if row.period_id is not None:
            found[row.id].periods.append(_period(row.period_id, row.id, row))
    return found


async def list_pilots(
    connection: AsyncConnection, narrowed: PilotFilter, page: Page, order: PilotOrderField
) -> list[Pilot]:
    """A page of pilots and one more. Names are ordered by their code points; of one name, by id."""
    # What is searched for is seldom the same, and a name goes with an id.
    if narrowed.text is None and order in (PilotOrderField.CODE, PilotOrderField.REGISTERED):
        return [_pilot(row) for row in await _pages(narrowed, order).rows(connection, page)]
    rows = await connection.execute(paged(_narrowed(narrowed), _KEYS[order], page))
    return [_pilot(row) for row in rows]


@lru_cache(MOST_LISTS)
def _pages(narrowed: PilotFilter, order: PilotOrderField) -> Pages:
    return Pages(_narrowed(narrowed), _KEYS[order])


async def count_pilots(connection: AsyncConnection, narrowed: PilotFilter) -> int:
    return await count(connection, _narrowed(narrowed))


async def count_pilots_there(
    connection: AsyncConnection, narrowed: PilotFilter
) -> list[PilotsThere]:
    """How many pilots there are of each variant in each city, where there are any."""
    there = (pilot.c.variant, pilot.c.division_code)
    query = _narrowed(narrowed).with_only_columns(*there, func.count()).group_by(*there)
    rows = await connection.execute(query.order_by(*there))
    return [PilotsThere(PilotVariant(row[0]), row[1], row[2]) for row in rows]


async def read_surrounding(
    connection: AsyncConnection, ids: Collection[PilotId], as_of: Position
) -> dict[PilotId, tuple[PilotId, ...]]:
    """For each pilot the pilots around it, innermost first, as of a position."""
    given = {"pilots": list(ids), "as_of": as_of, "after": 0, "last": DEEPEST}
    rows = await SURROUNDING.rows(connection, given)
    surrounding: dict[PilotId, tuple[PilotId, ...]] = dict.fromkeys(ids, ())
    for row in rows:
        surrounding[row.pilot_id] += (row.surrounding_id,)
    return surrounding


async def read_innermost_surrounding(
    connection: AsyncConnection, ids: Collection[PilotId], as_of: Position
) -> dict[PilotId, PilotId]:
    """For each pilot that lies in another the innermost one around it, as of a position."""
    given = {"pilots": list(ids), "as_of": as_of, "after": 0, "last": 1}
    rows = await SURROUNDING.rows(connection, given)
    return {row.pilot_id: row.surrounding_id for row in rows}


async def page_surrounding(
    connection: AsyncConnection, ids: Collection[int], as_of: Position, page: Page
) -> dict[int, list[tuple[int, PilotId]]]:
    """For each pilot a page of the pilots around it, and one more, as of a position: how many lie
    between, counted from 1, and which it is."""
    after = page.after or 0
    given = {"pilots": list(ids), "as_of": as_of, "after": after, "last": after + page.first + 1}
    surrounding: dict[int, list[tuple[int, PilotId]]] = defaultdict(list)
    for row in await SURROUNDING.rows(connection, given):
        surrounding[row.pilot_id].append((row.depth, row.surrounding_id))
    return surrounding


async def count_surrounding(
    connection: AsyncConnection, ids: Collection[int], as_of: Position
) -> dict[int, int]:
    """How many pilots lie around each."""
    given = {"pilots": list(ids), "as_of": as_of, "after": 0, "last": DEEPEST}
    rows = await counting(SURROUNDING, "pilot_id").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def count_within(
    connection: AsyncConnection, ids: Collection[int], as_of: Position
) -> dict[int, int]:
    """How many pilots lie directly in each."""
    given = {"pilots": list(ids), "as_of": as_of, "after": 0, "first": None}
    rows = await counting(WITHIN, "surrounding_id").rows(connection, given)
    return {row[0]: row[1] for row in rows}


async def page_within(
    connection: AsyncConnection, ids: Collection[int], as_of: Position, page: Page
) -> dict[int, list[PilotId]]:
    """For each pilot a page of those directly inside it, and one more, as of a position."""
    given = {"pilots": list(ids), "as_of": as_of, "after": page.after or 0, "first": page.first + 1}
    within: dict[int, list[PilotId]] = defaultdict(list)
    for row in await WITHIN.rows(connection, given):
        within[row.surrounding_id].append(row.pilot_id)
    return within


async def read_inside(
    connection: AsyncConnection, keys: Sequence[tuple[PilotId, Position]]
) -> dict[tuple[PilotId, Position], tuple[PilotId, ...]]:
    """For each (pilot, position) every pilot inside it, at any depth, as of then."""
    rows = await INSIDE.rows(
        connection,
        {"pilots": [pilot_id for pilot_id, _ in keys], "as_ofs": [as_of for _, as_of in keys]},
    )
    return inside_in(rows, keys)


def inside_in(
    rows: Iterable[Any], keys: Iterable[tuple[PilotId, Position]]
) -> dict[tuple[PilotId, Position], tuple[PilotId, ...]]:
    """For each (pilot, position) every pilot inside it."""
    inside: dict[tuple[PilotId, Position], tuple[PilotId, ...]] = dict.fromkeys(keys, ())
    for root_id, as_of, pilot_id in rows:
        inside[root_id, as_of] += (pilot_id,)
    return inside


async def read_periods(
    connection: AsyncConnection, ids: Collection[PeriodId]
) -> dict[PeriodId, AccountingPeriod]:
    rows = await connection.execute(
        select(accounting_period).where(is_any_of(accounting_period.c.id, ids))
    )
    return {row.id: _period(row.id, row.pilot_id, row) for row in rows}


async def read_periods_of(
    connection: AsyncConnection, pilots: Collection[PilotId]
) -> dict[PilotId, list[AccountingPeriod]]:
    """The periods that each pilot has now, in the order of their days."""
    every = await read_every_period_of(connection, pilots)
    standing = {pilot_id: [p for p in periods if p.stands()] for pilot_id, periods in every.items()}
    return defaultdict(list, standing)


async def read_every_period_of(
    connection: AsyncConnection, pilots: Collection[PilotId]
) -> dict[PilotId, list[AccountingPeriod]]:
    """All periods of each pilot, those that were withdrawn too, in the order of their days."""
    by_days = rows_by(
        accounting_period.c.pilot_id, accounting_period.c.pilot_id, accounting_period.c.starts_on
    )
    return periods_in(await by_days.rows(connection, {"ids": list(pilots)}))


def periods_in(rows: Iterable[Any]) -> dict[PilotId, list[AccountingPeriod]]:
    """The periods of each pilot, in the order of the rows."""
    periods: dict[PilotId, list[AccountingPeriod]] = defaultdict(list)
    for row in rows:
        periods[row.pilot_id].append(_period(row.id, row.pilot_id, row))
    return periods


async def count_periods_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position
) -> dict[PilotId, int]:
    """How many periods each pilot has, as of a position."""
    parent = accounting_period.c.pilot_id
    return await count_for_each(connection, _standing(as_of), parent, pilots)


async def page_periods_of(
    connection: AsyncConnection, pilots: Sequence[PilotId], as_of: Position, page: Page
) -> dict[PilotId, list[AccountingPeriod]]:
    """For each pilot a page of its periods and one more, in the order of their registration, as of a position."""
    query = paged_for_each(
        _standing(as_of),
        accounting_period.c.pilot_id,
        accounting_period.c.id,
        pilots,
        page,
    )
    periods: dict[PilotId, list[AccountingPeriod]] = defaultdict(list)
    for row in await connection.execute(query):
        periods[row.parent].append(_period(row.id, row.pilot_id, row))
    return periods


def resting_in(rows: Iterable[Any]) -> Resting:
    """What rests on a period, of rows that have an ``id`` and, all of them, the ``total``."""
    found = list(rows)
    return Resting(tuple(row.id for row in found), found[0].total if found else 0)


def _standing(as_of: Position) -> Select[Any]:
    """The periods that pilots have as of a position."""
    withdrawn = accounting_period.c.withdrawn_position
    return select(accounting_period).where(
        accounting_period.c.id <= as_of, or_(withdrawn.is_(None), withdrawn > as_of)
    )


def _narrowed(narrowed: PilotFilter) -> Select[Any]:
    query = select(pilot)
    if narrowed.variants is not None:
        query = query.where(pilot.c.variant.in_(narrowed.variants))
    if narrowed.division_codes is not None:
        query = query.where(pilot.c.division_code.in_(sorted(narrowed.division_codes)))
    if narrowed.text is not None:
        names = searched(pilot.c.code, pilot.c.name_zh, pilot.c.name_en)
        query = query.where(found_in(names, narrowed.text))
    if narrowed.operator_id is not None:
        query = query.where(pilot.c.operator_id == narrowed.operator_id)
    if narrowed.surrounding_id is not None:
        later = pilot_placement.alias("later")
        query = query.where(
            exists().where(
                pilot_placement.c.pilot_id == pilot.c.id,
                pilot_placement.c.surrounding_id == narrowed.surrounding_id,
                ~exists().where(
                    later.c.pilot_id == pilot_placement.c.pilot_id,
                    later.c.position > pilot_placement.c.position,
                ),
            )
        )
    return query


def _pilot(row: Any) -> Pilot:
    facts = _facts(row)
    return Pilot(
        id=row.id,
        code=row.code,
        variant=PilotVariant(row.variant),
        name=facts.name,
        applicant_kind=ApplicantKind(row.applicant_kind),
        applicant_name=facts.applicant_name,
        division_code=row.division_code,
        establishment=Establishment(row.establishment),
        operation_starts_on=facts.operation_starts_on,
        operator_id=row.operator_id,
        closed_on=facts.closed_on,
        statement_visibility=facts.statement_visibility,
        line_visibility=facts.line_visibility,
    )


def _facts(row: Any) -> PilotFacts:
    return PilotFacts(
        name=LocalizedText(row.name_zh, row.name_en),
        applicant_name=LocalizedText(row.applicant_name_zh, row.applicant_name_en),
        operation_starts_on=row.operation_starts_on,
        closed_on=row.closed_on,
        statement_visibility=Visibility(row.statement_visibility),
        line_visibility=Visibility(row.line_visibility),
    )


def _columns(facts: PilotFacts) -> dict[str, Any]:
    """A pilot's facts as columns of its row."""
    return {
        "name_zh": facts.name.zh,
        "name_en": facts.name.en,
        "applicant_name_zh": facts.applicant_name.zh,
        "applicant_name_en": facts.applicant_name.en,
        "operation_starts_on": facts.operation_starts_on,
        "closed_on": facts.closed_on,
        "statement_visibility": facts.statement_visibility,
        "line_visibility": facts.line_visibility,
    }


def _frozen(facts: PilotFacts) -> dict[str, str | None]:
    """The columns as JSON."""
    return {name: value if value is None else str(value) for name, value in _columns(facts).items()}


def _thawed(frozen: Mapping[str, Any]) -> PilotFacts:
    """The facts that ``_frozen`` wrote."""
    days = {n: v and date.fromisoformat(v) for n, v in frozen.items() if n in DAYS}
    return _facts(SimpleNamespace(**{**frozen, **days}))


def _period(period_id: PeriodId, pilot_id: PilotId, row: Any) -> AccountingPeriod:
    """The period in a row that has its days."""
    span = DateSpan(row.starts_on, row.ends_on)
    return AccountingPeriod(
        id=period_id, pilot_id=pilot_id, span=span, withdrawn_position=row.withdrawn_position
    )
