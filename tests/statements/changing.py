"""What the log changes in statements, beside every statement of every position."""

from itertools import pairwise

from sqlalchemy import select

from nzc_api.database.engine import Database
from nzc_api.ids import Position
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import EVERYTHING
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import AccountingPeriod
from nzc_api.pilots.tables import pilot
from nzc_api.services import Nzc
from nzc_api.statements.changes import StatementChange, Terms, differ, terms_of
from nzc_api.statements.model import NetEmissions, StatementKey
from tests.statements.company import company_of


async def agree_on_changes(url: str) -> int:
    """That the changes of each pilot's statements are those of a comparison of all positions; how many they are."""
    async with Nzc.on(Database(url, pool_size=2)).running() as nzc:
        async with nzc.database.read() as reading:
            pilots = list((await reading.scalars(select(pilot.c.id))).all())
            periods = await pilots_store.read_every_period_of(reading, pilots)
        every = [period for of_pilot in periods.values() for period in of_pilot]
        return sum([await _agree_on(nzc, period) for period in every])


async def _agree_on(nzc: Nzc, period: AccountingPeriod) -> int:
    services = nzc.services
    basis, head = Basis.OPERATIONAL, (await services.log.head()).position
    keys = [
        StatementKey(pilot_id=period.pilot_id, period_id=period.id, basis=basis, as_of=Position(at))
        for at in range(head + 1)
    ]
    async with nzc.database.read() as reading:
        await company_of(reading, keys)
    made = await services.statements.net_emissions(keys, EVERYTHING)
    changes: list[StatementChange] = []
    scanned = 0
    while scanned < head:
        found = await services.statements.changes(
            [period.pilot_id], period.__eq__, basis, Position(scanned), head, EVERYTHING
        )
        changes, scanned = [*changes, *found.changes], found.scanned
    _agree(changes, [made.get(key) for key in keys])
    return len(changes)


def _agree(changes: list[StatementChange], every: list[NetEmissions | None]) -> None:
    pairs = list(pairwise(every))
    assert [c.position for c in changes] == [at for at, two in enumerate(pairs, 1) if differ(*two)]
    sums = terms_of(None)
    for change in changes:
        difference = change.difference
        assert (difference.before, difference.after) == pairs[change.position - 1]
        # What is known before and afterwards is told exactly; else it is not known.
        before, after = terms_of(difference.before), terms_of(difference.after)
        assert before == sums
        for less, more, by in zip(before, after, difference.terms, strict=True):
            assert by is None if less is None or more is None else by == more - less
        sums = after
        assert (None in Terms(*difference.terms)) == bool(difference.unknown)
    assert sums == terms_of(every[-1])
