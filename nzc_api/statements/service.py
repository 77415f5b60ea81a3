"""Making statements: of many pilots at once, in a constant number of database statements."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.database.paging import Page
from nzc_api.ids import PeriodId, PilotId
from nzc_api.inventories import store as inventories_store
from nzc_api.inventories.model import (
    Basis,
    CategoryTotal,
    FactorChange,
    Inventory,
    PeriodKey,
)
from nzc_api.inventories.preview import Preview, effective_with
from nzc_api.inventories.rules import check_factor_change
from nzc_api.inventories.visibility import Sight
from nzc_api.ledger import store as ledger_store
from nzc_api.ledger.model import BatchOrder, CreditBatch, RetiredAsOf, Withdrawn
from nzc_api.ledger.reading.boundary_store import InsideKey, read_issued_inside
from nzc_api.ledger.reading.trace import Trace
from nzc_api.ledger.reading.withdrawn_store import read_withdrawn
from nzc_api.pilots import site_store
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import AccountingPeriod, PilotThen
from nzc_api.refusal import refuse
from nzc_api.statements.coverage import coverage_of
from nzc_api.statements.impact import (
    MOST_LINES,
    FactorChangeImpact,
    count_looked_at,
    impact_of,
    not_looked_at,
)
from nzc_api.statements.known import gross_of, notes_of, twin_notes, unknown_of
from nzc_api.statements.model import NetEmissions, RetiredInside, StatementKey
from nzc_api.statements.portfolio import (
    Nesting,
    Portfolio,
    RootCredits,
    credits_of_roots,
    least_inside,
    roots_of,
    unknown_roots,
)
from nzc_api.statements.rules import assurance_of, gone_of, issued_inside, periods_inside

# A pilot's period as of a position: what was retired for it by then.
RetiredKey = tuple[PilotId, PeriodId, int]


@dataclass(frozen=True, slots=True)
class _Read:
    """What the rooms say about the pilots of some statements, and about those inside them."""

    pilots: Mapping[tuple[int, int], PilotThen]
    periods: Mapping[PilotId, Sequence[AccountingPeriod]]
    inside: Mapping[tuple[PilotId, int], tuple[PilotId, ...]]
    effective: Mapping[PeriodKey, Sequence[Inventory]]
    totals: Mapping[int, Sequence[CategoryTotal]]
    issued: Mapping[tuple[int, int], Sequence[CreditBatch]]
    withdrawn: Sequence[Withdrawn]
    orders: Mapping[int, Sequence[BatchOrder]]
    # The codes of pilots that seem to be the same as the one of a statement.
    twins: Mapping[tuple[int, int], tuple[str, ...]]
    changed: Inventory | None = None

    def is_shown(self, key: StatementKey, sight: Sight) -> bool:
        """Whether the pilot was registered by then, and its statements are shown: as it says now, of
        whatever position they are."""
        pilot = self.pilots.get((key.pilot_id, key.as_of))
        return pilot is not None and sight.sees_statements(pilot.now)

    def period_of(self, key: StatementKey) -> AccountingPeriod | None:
        """The period, if the pilot had it as of the position."""
        of_pilot = self.periods.get(key.pilot_id, ())
        return next((p for p in of_pilot if p.id == key.period_id and p.stands(key.as_of)), None)

    def retired_inside(self, key: StatementKey, period: AccountingPeriod) -> list[RetiredKey]:
        """The periods of pilots inside whose retirements the statement shows."""
        within = [p for pilot in self._within(key) for p in self.periods.get(pilot, ())]
        return [(p.pilot_id, p.id, key.as_of) for p in periods_inside(within, period, key.as_of)]

    def statement(
        self,
        key: StatementKey,
        period: AccountingPeriod,
        retired: Mapping[RetiredKey, RetiredAsOf],
    ) -> NetEmissions:
        pilot = self.pilots[key.pilot_id, key.as_of].then
        inventories = self._inventories(key)
        totals = [total for i in inventories for total in self.totals.get(i.id, ())]
        batches = self.issued.get((pilot.id, key.as_of), ())
        gone = gone_of(self.withdrawn, self.orders, key.as_of)
        own = retired.get((pilot.id, period.id, key.as_of), RetiredAsOf())
        return NetEmissions(
            key=key,
            pilot=pilot,
            period=period,
            inventories=tuple(inventories),
            totals=tuple(totals),
            retired=own.in_force,
            withdrawn=own.withdrawn,
            retired_inside=_by_pilot(self.retired_inside(key, period), retired),
            issued_inside=issued_inside(batches, period.span, gone),
            unknown=unknown_of(pilot.variant, inventories, totals),
            notes=notes_of(inventories) + twin_notes(self.twins.get((pilot.id, key.as_of), ())),
            coverage=coverage_of(pilot, period, inventories, totals),
            assurance=assurance_of(inventories),
        )

    def _inventories(self, key: StatementKey) -> list[Inventory]:
        stood = [i.as_of(key.as_of) for i in self.effective.get(_period_key(key), ())]
        return stood if self.changed is None else effective_with(stood, self.changed)

    def _within(self, key: StatementKey) -> tuple[PilotId, ...]:
        return self.inside[key.pilot_id, key.as_of]


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
            read = await _read(connection, keys, sight)
        return await self._made(read, keys, sight)

    async def previewed(self, preview: Preview, sight: Sight, *, verified: bool) -> NetEmissions:
        """The statement of an inventory's period as it would be, see ``Preview.handed_in``."""
        item = preview.handed_in(verified=verified)
        key = StatementKey(
            pilot_id=item.pilot_id, period_id=item.period_id, basis=item.basis, as_of=preview.as_of
        )
        async with self._database.read() as connection:
            read = await _read(connection, [key], sight)
        totals = {**read.totals, item.id: preview.totals}
        made = await self._made(replace(read, changed=item, totals=totals), [key], sight)
        return made[key]

    async def _made(
        self, read: _Read, keys: Sequence[StatementKey], sight: Sight
    ) -> dict[StatementKey, NetEmissions]:
        shown = [key for key in keys if read.is_shown(key, sight)]
        found = {key: period for key in shown if (period := read.period_of(key)) is not None}
        wanted = {(key.pilot_id, key.period_id, key.as_of) for key in found}
        wanted |= {of for key, period in found.items() for of in read.retired_inside(key, period)}
        retired = await self._trace.retired_as_of(sorted(wanted))
        return {key: read.statement(key, period, retired) for key, period in found.items()}

    async def factor_change_impact(
        self, change: FactorChange, sight: Sight, page: Page
    ) -> tuple[list[FactorChangeImpact], bool]:
        """A page of the inventories that another basis would change, and what it would, and whether more
        follow: it ends early where they have many lines. It is of those whose lines are seen."""
        refuse(check_factor_change(change))
        async with self._database.read() as connection:
            found = await inventories_store.page_changed(connection, change, sight, page)
            ids = [item.id for item in found[: page.first]]
            counts = await inventories_store.count_lines_of_each(connection, ids)
            shown = found[: count_looked_at(counts.get(item_id, 0) for item_id in ids)]
            small = [i.id for i in shown if counts.get(i.id, 0) <= MOST_LINES]
            lines = await inventories_store.read_lines_of_each(connection, small)
            totals = await inventories_store.read_totals(connection, [i.id for i in shown])
            pilots = await pilots_store.read_pilots(connection, {i.pilot_id for i in shown})
        impacts = []
        for item in shown:
            of, pilot = totals.get(item.id, ()), pilots[item.pilot_id]
            if counts.get(item.id, 0) > MOST_LINES:
                impacts.append(not_looked_at(item, pilot, of, counts[item.id]))
            else:
                impacts.append(impact_of(item, pilot, change.after, of, lines.get(item.id, ())))
            await asyncio.sleep(0)  # Others are answered meanwhile.
        return impacts, len(found) > len(shown)

    async def count_factor_change(self, change: FactorChange, sight: Sight) -> int:
        async with self._database.read() as connection:
            return await inventories_store.count_changed(connection, change, sight)

    async def portfolio(
        self, asked: Sequence[PilotId], year: int, basis: Basis, as_of: int, sight: Sight
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
        return await self.together(nesting, {key.pilot_id: of for key, of in made.items()})

    async def nesting(
        self, asked: Sequence[PilotId], year: int, basis: Basis, as_of: int, sight: Sight
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
            (root_of[k[0]], i.batch.project_id, i.tonnes)
            for k, of in retired.items()
            for i in of.stands
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
    as_of: int,
    sight: Sight,
) -> Nesting:
    roots = roots_of(asked, await pilots_store.read_around(connection, asked, as_of))
    of_roots = await pilots_store.read_inside(connection, [(p, as_of) for p in roots])
    inside = [pilot_id for of_root in of_roots.values() for pilot_id in of_root]
    there = {*roots, *inside}
    periods = {
        pilot_id: period.id
        for pilot_id, of in (await pilots_store.read_every_period_of(connection, there)).items()
        for period in of
        if period.span.is_calendar_year(year) and period.stands(as_of)
    }
    overlaps = await pilots_store.read_overlaps(connection, there, as_of)
    surrounding = await pilots_store.read_surrounding(connection, inside, as_of)
    keys = {p: PeriodKey(periods[p], basis, as_of) for p in inside if p in periods}
    gross = await _read_gross(connection, keys, sight)
    least = least_inside(inside, surrounding, gross, overlaps.values())
    within = {p: of_roots[p, as_of] for p in roots}
    return Nesting(tuple(asked), basis, as_of, within, periods, overlaps, least)


async def _read_gross(
    connection: AsyncConnection, keys: Mapping[PilotId, PeriodKey], sight: Sight
) -> dict[PilotId, Decimal]:
    """The emissions of each pilot's period, t CO2e, where they are known to whoever has the sight."""
    pilots = await pilots_store.read_pilots(connection, keys)
    effective = await inventories_store.read_effective(connection, list(keys.values()), sight)
    totals = await inventories_store.read_totals(
        connection, {i.id for of_key in effective.values() for i in of_key}
    )
    gross = {
        pilot_id: gross_of(
            pilots[pilot_id].variant,
            inventories := effective.get(key, ()),
            [total for i in inventories for total in totals.get(i.id, ())],
        )
        for pilot_id, key in keys.items()
    }
    return {pilot_id: co2e for pilot_id, co2e in gross.items() if co2e is not None}


async def _read(connection: AsyncConnection, keys: Sequence[StatementKey], sight: Sight) -> _Read:
    asked = list({(key.pilot_id, key.as_of) for key in keys})
    inside = await pilots_store.read_inside(connection, asked)
    there = {pilot_id for pilot_id, _ in asked}.union(*inside.values())
    effective = await inventories_store.read_effective(
        connection, list(dict.fromkeys(map(_period_key, keys))), sight
    )
    issued = await read_issued_inside(connection, asked)
    issued_ids = {batch.id for of_pilot in issued.values() for batch in of_pilot}
    return _Read(
        await pilots_store.read_pilots_then(connection, asked),
        await pilots_store.read_every_period_of(connection, there),
        inside,
        effective,
        await inventories_store.read_totals(
            connection, {i.id for of_key in effective.values() for i in of_key}
        ),
        issued,
        await read_withdrawn(connection, issued_ids) if issued_ids else (),
        await ledger_store.read_batch_orders(connection, issued_ids) if issued_ids else {},
        await site_store.read_twins(connection, asked),
    )


def _period_key(key: StatementKey) -> PeriodKey:
    return PeriodKey(key.period_id, key.basis, key.as_of)


def _by_pilot(
    keys: Sequence[RetiredKey], retired: Mapping[RetiredKey, RetiredAsOf]
) -> tuple[RetiredInside, ...]:
    tonnes: dict[PilotId, int] = defaultdict(int)
    for key in keys:
        tonnes[key[0]] += sum(item.tonnes for item in retired.get(key, RetiredAsOf()).in_force)
    return tuple(RetiredInside(pilot_id, of) for pilot_id, of in tonnes.items() if of)
