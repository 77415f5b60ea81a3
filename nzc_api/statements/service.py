"""Making statements: of many pilots at once, in a constant number of database statements."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.database.paging import Page
from nzc_api.ids import PeriodId, PilotId, Position
from nzc_api.inventories import line_store, sums_store
from nzc_api.inventories import store as inventories_store
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import (
    Basis,
    FactorChange,
    PeriodKey,
)
from nzc_api.inventories.preview import InventoryPreview
from nzc_api.inventories.rules import check_factor_change
from nzc_api.inventories.visibility import Sight
from nzc_api.ledger.reading.standing import InsideKey
from nzc_api.ledger.reading.trace import Trace
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import AccountingPeriod
from nzc_api.refusal import refuse
from nzc_api.statements.changes import (
    StatementChange,
    StatementChanges,
    StatementDifference,
    differ,
)
from nzc_api.statements.changes_store import read_may_change
from nzc_api.statements.gross import electricity_methods_of, gross_of
from nzc_api.statements.impact import (
    MOST_LINES,
    FactorChangeImpact,
    count_looked_at,
    impact_of,
    not_looked_at,
)
from nzc_api.statements.making import Stated
from nzc_api.statements.model import NetEmissions, StatementKey
from nzc_api.statements.portfolio import (
    Nesting,
    Portfolio,
    RootCredits,
    credits_of_roots,
    least_inside,
    roots_of,
    unknown_roots,
)
from nzc_api.statements.store import read_stated

# How far one question about changes looks through the log, and at how many entries that may have changed something.
MOST_SCANNED = 10_000
MOST_LOOKED_AT = 100

# As of how many positions statements are made before others are answered.
AT_ONCE = 10

# Which of a pilot's periods are meant.
Meant = Callable[[AccountingPeriod], bool]


class StatementService:
    """What the statements room can do."""

    def __init__(self, database: Database, trace: Trace) -> None:
        self._database = database
        self._trace = trace

    async def net_emissions(
        self, keys: Sequence[StatementKey], sight: Sight
    ) -> dict[StatementKey, NetEmissions]:
        """The statement of each key, as whoever has the sight may see it; none where that is not at all,
        or the pilot had no such period by then."""
        async with self._database.read() as connection:
            stated = await read_stated(connection, keys, sight)
        return await self._made(stated, keys, sight)

    async def previewed(
        self, preview: InventoryPreview, sight: Sight, *, verified: bool
    ) -> NetEmissions:
        """The statement of an inventory's period as it would be, see ``Preview.handed_in``."""
        item = preview.handed_in(verified=verified)
        key = StatementKey(
            pilot_id=item.pilot_id, period_id=item.period_id, basis=item.basis, as_of=preview.as_of
        )
        async with self._database.read() as connection:
            stated = await read_stated(connection, [key], sight)
        totals = {**stated.totals, item.id: preview.totals}
        made = await self._made(replace(stated, changed=item, totals=totals), [key], sight)
        return made[key]

    async def _made(
        self, stated: Stated, keys: Sequence[StatementKey], sight: Sight
    ) -> dict[StatementKey, NetEmissions]:
        found = stated.periods_of(keys, sight)
        inside = {
            retired
            for key, period in found.items()
            for retired in stated.retired_inside(key, period)
        }
        if inside:
            further = await self._trace.retired_as_of(sorted(inside))
            stated = replace(stated, retired={**stated.retired, **further})
        return {key: stated.statement(key, period) for key, period in found.items()}

    async def changes(
        self,
        pilots: Collection[PilotId],
        meant: Meant,
        basis: Basis,
        after: Position,
        until: Position,
        sight: Sight,
    ) -> StatementChanges:
        """What the first entries after a position and up to another changed in the pilots' statements of the periods
        that are ``meant``, as whoever has the sight may see them."""
        scanned = min(until, Position(after + MOST_SCANNED))
        async with self._database.read() as connection:
            found = await read_may_change(connection, pilots, after, scanned, MOST_LOOKED_AT + 1)
            every = await pilots_store.read_every_period_of(connection, pilots)
        if len(found) > MOST_LOOKED_AT:
            found.pop()
            scanned = found[-1]
        periods = {pilot: [p.id for p in every.get(pilot, ()) if meant(p)] for pilot in pilots}
        changes: list[StatementChange] = []
        for start in range(0, len(found), AT_ONCE):
            changes += await self._changed(found[start : start + AT_ONCE], periods, basis, sight)
            await asyncio.sleep(0)  # Others are answered meanwhile.
        return StatementChanges(changes, scanned)

    async def _changed(
        self,
        positions: Sequence[Position],
        periods: Mapping[PilotId, Sequence[PeriodId]],
        basis: Basis,
        sight: Sight,
    ) -> list[StatementChange]:
        """What entries changed, of those that may have: each statement as of them beside the one before them."""
        before_each = {position: Position(position - 1) for position in positions}
        moments = {*before_each, *before_each.values()}
        keys = [
            StatementKey(pilot_id=pilot, period_id=period, basis=basis, as_of=moment)
            for pilot, of_pilot in periods.items()
            for period in of_pilot
            for moment in moments
        ]
        made = await self.net_emissions(keys, sight)
        # Of several periods that are meant one stands at a time.
        stood = {(key.pilot_id, key.as_of): statement for key, statement in made.items()}
        sides = [
            (position, pilot, stood.get((pilot, before)), stood.get((pilot, position)))
            for position, before in before_each.items()
            for pilot in periods
        ]
        return [
            StatementChange(position, pilot, StatementDifference(before, after))
            for position, pilot, before, after in sides
            if differ(before, after)
        ]

    async def factor_change_impact(
        self, change: FactorChange, sight: Sight, page: Page
    ) -> tuple[list[FactorChangeImpact], bool]:
        """A page of the inventories that another basis would change, and what it would, and whether more
        follow: it ends early where they have many lines. It is of those whose lines are seen."""
        refuse(check_factor_change(change))
        async with self._database.read() as connection:
            found = await inventories_store.page_changed(connection, change, sight, page)
            ids = [item.id for item in found[: page.first]]
            counts = await line_store.count_lines_of_each(connection, ids)
            shown = found[: count_looked_at(counts.get(item_id, 0) for item_id in ids)]
            small = [i.id for i in shown if counts.get(i.id, 0) <= MOST_LINES]
            lines = await line_store.read_lines_of_each(connection, small)
            totals = await sums_store.read_totals(connection, [i.id for i in shown])
            pilots = await pilots_store.read_pilots(connection, {i.pilot_id for i in shown})
        impacts = []
        for item in shown:
            emitted, pilot = totals.get(item.id, ()), pilots[item.pilot_id]
            if counts.get(item.id, 0) > MOST_LINES:
                impacts.append(not_looked_at(item, pilot, emitted, counts[item.id]))
            else:
                impacts.append(
                    impact_of(item, pilot, change.after, emitted, lines.get(item.id, ()))
                )
            await asyncio.sleep(0)  # Others are answered meanwhile.
        return impacts, len(found) > len(shown)

    async def count_factor_change(self, change: FactorChange, sight: Sight) -> int:
        """How many inventories that are seen a change of factors affects."""
        async with self._database.read() as connection:
            return await inventories_store.count_changed(connection, change, sight)

    async def portfolio(
        self, asked: Sequence[PilotId], year: int, basis: Basis, as_of: Position, sight: Sight
    ) -> Portfolio:
        """The pilots taken together in a calendar year; a constant number of statements."""
        nesting = await self.nesting(asked, year, basis, as_of, sight)
        periods = nesting.periods
        keys = [
            StatementKey(pilot_id=p, period_id=periods[p], basis=basis, as_of=as_of)
            for p in nesting.roots
            if p in periods
        ]
        made = await self.net_emissions(keys, sight)
        return await self.together(
            nesting, {key.pilot_id: statement for key, statement in made.items()}
        )

    async def nesting(
        self, asked: Sequence[PilotId], year: int, basis: Basis, as_of: Position, sight: Sight
    ) -> Nesting:
        """Which of the pilots lie in which, and what lies inside them, in a calendar year."""
        async with self._database.read() as connection:
            return await _read_nesting(connection, asked, year, basis, as_of, sight)

    async def together(
        self, nesting: Nesting, statements: Mapping[PilotId, NetEmissions]
    ) -> Portfolio:
        """The roots taken together, by what each of them states."""
        roots = nesting.roots
        return Portfolio(
            basis=nesting.basis,
            as_of=nesting.as_of,
            roots=tuple(statements[p] for p in roots if p in statements),
            inside=tuple(p for p in dict.fromkeys(nesting.asked) if p not in nesting.inside),
            without_statement=tuple(
                p for p in roots if p not in statements or not statements[p].inventories
            ),
            unknown=unknown_roots(roots, nesting.periods, statements, nesting.least),
            overlaps=nesting.overlaps,
            credits=await self._credits(nesting),
        )

    async def _credits(self, nesting: Nesting) -> dict[PilotId, RootCredits]:
        """What was retired for each root and for all pilots inside it."""
        as_of, root_of = nesting.as_of, nesting.root_of
        asked = [(p, period, as_of) for p, period in nesting.periods.items()]
        retired = await self._trace.retired_as_of(asked)
        tonnes = [
            (root_of[k[0]], i.project_id, i.tonnes)
            for k, shown in retired.items()
            for i in shown.stands
        ]
        projects = {project_id for _, project_id, _ in tonnes}
        keys = {InsideKey(project, root, as_of) for project in projects for root in nesting.roots}
        inside = {key.project_id for key in await self._trace.inside(keys)}
        return credits_of_roots(tonnes, inside)


async def _read_nesting(
    connection: AsyncConnection,
    asked: Sequence[PilotId],
    year: int,
    basis: Basis,
    as_of: Position,
    sight: Sight,
) -> Nesting:
    roots = roots_of(asked, await pilots_store.read_surrounding(connection, asked, as_of))
    of_roots = await pilots_store.read_inside(connection, [(p, as_of) for p in roots])
    inside = [pilot_id for of_root in of_roots.values() for pilot_id in of_root]
    there = {*roots, *inside}
    periods = {
        pilot_id: period.id
        for pilot_id, periods in (
            await pilots_store.read_every_period_of(connection, there)
        ).items()
        for period in periods
        if period.span.is_calendar_year(year) and period.stands(as_of)
    }
    overlaps = await pilots_store.read_overlaps(connection, there, as_of)
    surrounding = await pilots_store.read_innermost_surrounding(connection, inside, as_of)
    keys = {p: PeriodKey(periods[p], basis, as_of) for p in inside if p in periods}
    gross = await _read_gross(connection, keys, sight)
    least = {
        method: least_inside(inside, surrounding, emitted, overlaps.values())
        for method, emitted in gross.items()
    }
    within = {p: of_roots[p, as_of] for p in roots}
    return Nesting(
        asked=tuple(asked),
        basis=basis,
        as_of=as_of,
        inside=within,
        periods=periods,
        overlaps=overlaps,
        least=least,
    )


async def _read_gross(
    connection: AsyncConnection, keys: Mapping[PilotId, PeriodKey], sight: Sight
) -> dict[ElectricityMethod, dict[PilotId, Decimal]]:
    """The emissions of each pilot's period, t CO2e, where they are known to whoever has the sight; by how bought
    electricity counts in them."""
    pilots = await pilots_store.read_pilots(connection, keys)
    effective = await inventories_store.read_effective(connection, list(keys.values()), sight)
    totals = await sums_store.read_totals(
        connection, {i.id for of_key in effective.values() for i in of_key}
    )
    found: dict[ElectricityMethod, dict[PilotId, Decimal]] = {}
    for pilot_id, key in keys.items():
        inventories = effective.get(key, ())
        lines = [total for i in inventories for total in totals.get(i.id, ())]
        gross = gross_of(pilots[pilot_id].variant, inventories, lines)
        if gross is not None:
            [method] = electricity_methods_of(inventories)  # Of several it is not known.
            found.setdefault(method, {})[pilot_id] = gross
    return found
