"""Making statements: of many pilots at once, in a constant number of database statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.database.engine import Database
from nzc_api.inventories import store as inventories_store
from nzc_api.inventories.model import Basis, CategoryTotal, Inventory, PeriodKey
from nzc_api.ledger import store as ledger_store
from nzc_api.ledger.model import BatchFacts, CreditBatch, RetiredAsOf, Withdrawn
from nzc_api.ledger.trace import Trace
from nzc_api.ledger.withdrawn_store import read_withdrawn
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.statements.model import NetEmissions, RetiredInside, StatementKey
from nzc_api.statements.portfolio import Portfolio, roots_of
from nzc_api.statements.rules import (
    assurance_of,
    coverage_of,
    gone_of,
    issued_inside,
    periods_inside,
)

# A pilot's period as of a position: what was retired for it by then.
RetiredKey = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class _Read:
    """What the rooms say about the pilots of some statements, and about those inside them."""

    pilots: Mapping[int, Pilot]
    periods: Mapping[int, Sequence[AccountingPeriod]]
    inside: Mapping[tuple[int, int], tuple[int, ...]]
    effective: Mapping[PeriodKey, Sequence[Inventory]]
    totals: Mapping[int, Sequence[CategoryTotal]]
    issued: Mapping[int, Sequence[CreditBatch]]
    withdrawn: Sequence[Withdrawn]
    facts: Mapping[int, BatchFacts]

    def period_of(self, key: StatementKey) -> AccountingPeriod | None:
        """The period, if the pilot had it as of the position."""
        of_pilot = self.periods.get(key.pilot_id, ())
        return next((p for p in of_pilot if p.id == key.period_id and p.id <= key.as_of), None)

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
        pilot = self.pilots[key.pilot_id]
        inventories = [i.as_of(key.as_of) for i in self.effective.get(_period_key(key), ())]
        totals = [total for i in inventories for total in self.totals.get(i.id, ())]
        there = (pilot.id, *self._within(key))
        batches = [
            batch
            for pilot_id in there
            for batch in self.issued.get(pilot_id, ())
            if batch.id <= key.as_of
        ]
        gone = gone_of(self.withdrawn, self.facts, key.as_of)
        own = retired.get((pilot.id, period.id, key.as_of), RetiredAsOf())
        return NetEmissions(
            key,
            pilot,
            period,
            tuple(inventories),
            tuple(totals),
            own.in_force,
            own.invalidated,
            _by_pilot(self.retired_inside(key, period), retired),
            issued_inside(batches, period.span, gone),
            coverage_of(pilot, period, inventories, totals),
            assurance_of(inventories),
        )

    def _within(self, key: StatementKey) -> tuple[int, ...]:
        return self.inside[key.pilot_id, key.as_of]


class StatementService:
    """What the statements room can do."""

    def __init__(self, database: Database, trace: Trace) -> None:
        self._database = database
        self._trace = trace

    async def net_emissions(self, keys: Sequence[StatementKey]) -> dict[StatementKey, NetEmissions]:
        """The statement of each key; none where the pilot had no such period by then."""
        async with self._database.read() as connection:
            read = await _read(connection, keys)
        found = {key: period for key in keys if (period := read.period_of(key)) is not None}
        wanted = {(key.pilot_id, key.period_id, key.as_of) for key in found}
        wanted |= {of for key, period in found.items() for of in read.retired_inside(key, period)}
        retired = await self._trace.retired_as_of(sorted(wanted))
        return {key: read.statement(key, period, retired) for key, period in found.items()}

    async def portfolio(
        self, asked: Sequence[int], year: int, basis: Basis, as_of: int
    ) -> Portfolio:
        """The pilots taken together in a calendar year; a constant number of statements."""
        async with self._database.read() as connection:
            around = await pilots_store.read_around(connection, asked, as_of)
            roots = roots_of(asked, around)
            inside = await pilots_store.read_inside(connection, [(p, as_of) for p in roots])
            there = {*roots, *(p for of_root in inside.values() for p in of_root)}
            periods = {
                pilot_id: period.id
                for pilot_id, of in (await pilots_store.read_periods_of(connection, there)).items()
                for period in of
                if period.span.is_calendar_year(year) and period.id <= as_of
            }
            overlaps = await pilots_store.read_overlaps(connection, there, as_of)
        keys = [StatementKey(p, periods[p], basis, as_of) for p in roots if p in periods]
        statements = await self.net_emissions(keys)
        retired = await self._trace.retired_as_of([(p, a, as_of) for p, a in periods.items()])
        tonnes = [item for of in retired.values() for item in of.in_force]
        projects = await self._trace.projects({item.batch.project_id for item in tonnes})
        return Portfolio(
            as_of,
            tuple(statements[key] for key in keys if key in statements),
            tuple(p for p in dict.fromkeys(asked) if p not in roots),
            tuple(p for p in roots if p not in periods),
            overlaps,
            sum(item.tonnes for item in tonnes),
            sum(i.tonnes for i in tonnes if projects[i.batch.project_id].pilot_id in there),
        )


async def _read(connection: AsyncConnection, keys: Sequence[StatementKey]) -> _Read:
    asked = {key.pilot_id for key in keys}
    inside = await pilots_store.read_inside(
        connection, list({(key.pilot_id, key.as_of) for key in keys})
    )
    there = asked.union(*inside.values())
    effective = await inventories_store.read_effective(
        connection, list(dict.fromkeys(map(_period_key, keys)))
    )
    issued: dict[int, list[CreditBatch]] = defaultdict(list)
    for pilot_id, batch in await ledger_store.read_batches_inside(connection, there):
        issued[pilot_id].append(batch)
    inside_ids = {batch.id for of_pilot in issued.values() for batch in of_pilot}
    return _Read(
        await pilots_store.read_pilots(connection, asked),
        await pilots_store.read_periods_of(connection, there),
        inside,
        effective,
        await inventories_store.read_totals(
            connection, {i.id for of_key in effective.values() for i in of_key}
        ),
        issued,
        await read_withdrawn(connection, inside_ids) if inside_ids else (),
        await ledger_store.read_batch_facts(connection, inside_ids) if inside_ids else {},
    )


def _period_key(key: StatementKey) -> PeriodKey:
    return PeriodKey(key.period_id, key.basis, key.as_of)


def _by_pilot(
    keys: Sequence[RetiredKey], retired: Mapping[RetiredKey, RetiredAsOf]
) -> tuple[RetiredInside, ...]:
    tonnes: dict[int, int] = defaultdict(int)
    for key in keys:
        tonnes[key[0]] += sum(item.tonnes for item in retired.get(key, RetiredAsOf()).in_force)
    return tuple(RetiredInside(pilot_id, of) for pilot_id, of in tonnes.items() if of)
