"""Making statements: of many pilots at once, in a constant number of database statements."""

from collections import defaultdict
from collections.abc import Sequence

from nzc_api.database.engine import Database
from nzc_api.inventories import store as inventories_store
from nzc_api.inventories.model import PeriodKey
from nzc_api.ledger import store as ledger_store
from nzc_api.ledger.model import CreditBatch
from nzc_api.ledger.trace import Trace
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import DateSpan
from nzc_api.statements.model import IssuedInside, NetEmissions, StatementKey
from nzc_api.statements.rules import assurance_of, coverage_of, share_of


class StatementService:
    """What the statements room can do."""

    def __init__(self, database: Database, trace: Trace) -> None:
        self._database = database
        self._trace = trace

    async def net_emissions(self, keys: Sequence[StatementKey]) -> dict[StatementKey, NetEmissions]:
        """The statement of each key; none where the pilot has no such period."""
        async with self._database.read() as connection:
            pilots = await pilots_store.read_pilots(connection, {k.pilot_id for k in keys})
            periods = await pilots_store.read_periods(connection, {k.period_id for k in keys})
            effective = await inventories_store.read_effective(
                connection, list(dict.fromkeys(map(_period_key, keys)))
            )
            totals = await inventories_store.read_totals(
                connection, {i.id for of_key in effective.values() for i in of_key}
            )
            at = list({(k.pilot_id, k.as_of) for k in keys})
            inside = await pilots_store.read_inside(connection, at)
            there = {p for k in keys for p in (k.pilot_id, *inside[k.pilot_id, k.as_of])}
            issued: dict[int, list[CreditBatch]] = defaultdict(list)
            for pilot_id, batch in await ledger_store.read_batches_inside(connection, there):
                issued[pilot_id].append(batch)
        retired = await self._trace.retired_as_of(
            [(k.pilot_id, k.period_id, k.as_of) for k in keys]
        )
        statements: dict[StatementKey, NetEmissions] = {}
        for key in keys:
            pilot, period = pilots.get(key.pilot_id), periods.get(key.period_id)
            if pilot is None or period is None or period.pilot_id != pilot.id:
                continue
            found = tuple(effective.get(_period_key(key), ()))
            sums = tuple(item for inventory in found for item in totals.get(inventory.id, ()))
            within = (pilot.id, *inside[pilot.id, key.as_of])
            statements[key] = NetEmissions(
                key,
                pilot,
                period,
                found,
                sums,
                tuple(retired.get((pilot.id, period.id, key.as_of), ())),
                _issued_inside(
                    [batch for pilot_id in within for batch in issued[pilot_id]],
                    period.span,
                    key.as_of,
                ),
                coverage_of(pilot, period, found, sums),
                assurance_of(found, key.as_of),
            )
        return statements


def _period_key(key: StatementKey) -> PeriodKey:
    return PeriodKey(key.period_id, key.basis, key.as_of)


def _issued_inside(
    batches: Sequence[CreditBatch], span: DateSpan, as_of: int
) -> tuple[IssuedInside, ...]:
    shares = [IssuedInside(b, share_of(b, span)) for b in batches if b.id <= as_of]
    return tuple(share for share in shares if share.tonnes)
