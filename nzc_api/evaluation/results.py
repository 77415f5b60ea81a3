"""Making the results of ranges, and comparing them, in a constant number of statements for many positions at once."""

from collections.abc import Collection, Hashable, Mapping, Sequence

from nzc_api.database.engine import Database
from nzc_api.evaluation.disturbing import changed_by
from nzc_api.evaluation.indicators import RangeFacts, energy_a_year, years_of
from nzc_api.evaluation.model import EvaluatedRange, ResultKey
from nzc_api.evaluation.result import Result, from_inside, narrowed
from nzc_api.ids import PilotId, Position, ProjectId
from nzc_api.inventories.model import Basis
from nzc_api.inventories.visibility import EVERYTHING, Sight
from nzc_api.ledger.reading.standing import InsideKey
from nzc_api.ledger.reading.trace import Trace
from nzc_api.metering.visibility import sees_meters
from nzc_api.monitoring.store import read_counting
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import AccountingPeriod, DateSpan
from nzc_api.statements.model import NetEmissions, StatementKey
from nzc_api.statements.service import StatementService

Periods = Mapping[PilotId, Sequence[AccountingPeriod]]
Statements = tuple[NetEmissions | None, ...]


class Results:
    """What ranges come to."""

    def __init__(self, database: Database, statements: StatementService, trace: Trace) -> None:
        self._database = database
        self._statements = statements
        self._trace = trace

    async def read(
        self, asked: Sequence[ResultKey], sight: Sight = EVERYTHING
    ) -> dict[ResultKey, Result]:
        """What the formula gives for each range, as whoever has the sight sees it: pilots inside may be of others."""
        pilots = {pilot_id for key in asked for pilot_id in key.range.pilots}
        async with self._database.read() as connection:
            periods = await pilots_store.read_every_period_of(connection, pilots)
        wanted = {key: _keys(key, periods) for key in asked}
        keys = dict.fromkeys(
            one for statements in wanted.values() for one in statements if one is not None
        )
        made = await self._statements.net_emissions(list(keys), sight)
        stated = {
            key: tuple(
                narrowed(made.get(one) if one else None, key.range.categories) for one in statements
            )
            for key, statements in wanted.items()
        }
        inside = await self._inside(stated)
        return {
            key: Result(
                stated_of_range,
                from_inside(stated_of_range, inside[key]),
                any(one and one not in made for one in wanted[key]),
            )
            for key, stated_of_range in stated.items()
        }

    async def facts_of(
        self, asked: Sequence[tuple[EvaluatedRange, DateSpan]], as_of: Position, sight: Sight
    ) -> dict[tuple[EvaluatedRange, DateSpan], RangeFacts]:
        """What is known, as of a position, of what limits are of, for each range and span."""
        pilots = {pilot_id for range_, _ in asked for pilot_id in range_.pilots}
        async with self._database.read() as connection:
            operators = {
                pilot.id: pilot.operator_id
                for pilot in (await pilots_store.read_pilots(connection, list(pilots))).values()
            }
            recorded = await read_counting(connection, list(pilots), as_of)
        results = await self.read([ResultKey(*one, as_of) for one in asked], sight)
        return {
            (range_, span): RangeFacts(
                gross=results[ResultKey(range_, span, as_of)].terms.gross,
                energy_a_year=energy_a_year(
                    [recorded.get(pilot_id, []) for pilot_id in range_.pilots], span
                ),
                years=years_of(span),
                hidden=not all(
                    sees_meters(sight, operators[pilot_id]) for pilot_id in range_.pilots
                ),
            )
            for range_, span in asked
        }

    async def changed_since(self, key: ResultKey, since: Position, sight: Sight) -> list[Position]:
        """The positions of entries after ``since`` that changed the numbers of a range, as far as whoever has the sight
        sees them: who does not would learn when a pilot of others stated anew."""

        async def asked(positions: Sequence[Position]) -> Sequence[Hashable]:
            keys = [key._replace(as_of=position) for position in positions]
            found = await self.read(keys, sight)
            return [found[key].shown_terms for key in keys]

        return await changed_by(asked, since, key.as_of)

    async def _inside(
        self, stated: Mapping[ResultKey, Statements]
    ) -> dict[ResultKey, Collection[ProjectId]]:
        """Of each range of several pilots the projects inside one of them for which credits were retired; what is
        retired for a pilot from inside itself, its own statement leaves out."""
        wanted = {key: _retired_near(key, found) for key, found in stated.items()}
        every = set[InsideKey]().union(*wanted.values())
        inside = await self._trace.inside(every) if every else {}
        return {
            key: {near.project_id for near in retired if near in inside}
            for key, retired in wanted.items()
        }


def _keys(key: ResultKey, periods: Periods) -> list[StatementKey | None]:
    """The statements of a range: of each pilot those of its periods; None where they leave days out."""
    found: list[StatementKey | None] = []
    for pilot_id in key.range.pilots:
        whole = [
            period
            for period in periods.get(pilot_id, ())
            if period.stands(key.as_of) and key.span.contains(period.span)
        ]
        found += [
            StatementKey(
                pilot_id=pilot_id, period_id=p.id, basis=Basis.OPERATIONAL, as_of=key.as_of
            )
            for p in whole
        ]
        if sum(period.span.days for period in whole) != key.span.days:
            found.append(None)
    return found


def _retired_near(key: ResultKey, stated: Statements) -> set[InsideKey]:
    pilots = key.range.pilots
    if len(pilots) == 1:
        return set()
    return {
        InsideKey(retired.project_id, pilot_id, key.as_of)
        for statement in stated
        if statement is not None
        for retired in statement.retired
        for pilot_id in pilots
    }
