"""What can be done with measures: plan them, say how far they came, verify what came of them; and see what they cost,
how they add up, and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.exact import plain
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import MeasureId, PilotId, Position
from nzc_api.inventories.owned import own_pilot, period_of
from nzc_api.inventories.visibility import EVERYTHING, Sight
from nzc_api.log.asked import position_asked
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.measures import store
from nzc_api.measures.model import (
    Effect,
    EffectTerms,
    Measure,
    MeasurePlan,
    Period,
    PlanMeasure,
    PotentialAnalysis,
    PotentialTerms,
    Progress,
    RecordProgress,
    VerifyEffect,
    WritePotentialAnalysis,
)
from nzc_api.measures.potential import Potential
from nzc_api.measures.rules import (
    check_analysis,
    check_effect,
    check_excluded,
    check_known,
    check_metered,
    check_plan,
    check_potential,
    check_progress,
    check_projected,
    check_room,
)
from nzc_api.metering import store as metering_store
from nzc_api.metering.units import unit_of
from nzc_api.refusal import NotFound, Refused, refuse
from nzc_api.statements.model import NetEmissions, StatementKey
from nzc_api.statements.service import StatementService


@dataclass(frozen=True, slots=True)
class PotentialKey:
    """Whose potential is asked for, on what terms, as of a position."""

    pilot_id: PilotId
    terms: PotentialTerms
    as_of: Position

    @property
    def statement(self) -> StatementKey:
        return StatementKey(
            pilot_id=self.pilot_id,
            period_id=self.terms.period_id,
            basis=self.terms.basis,
            as_of=self.as_of,
        )


class MeasureService:
    """What the measures room can do."""

    def __init__(self, log: Log, statements: StatementService) -> None:
        self._log = log
        self._statements = statements

    async def plan(self, principal: Principal | None, key: str, command: PlanMeasure) -> Outcome:
        """Plan a measure of the caller's own pilot (section 四（二） of the guide), in CNY and t CO2e a year.

        Refused: one without an effect (`MeasureWithoutEffect`); a saving that no meter shows (`SavingNotMetered`), or
        in a unit of none (`UnitUnknown`, `UnitDoesNotFit`); what is no measure of the pilot as excluded
        (`MeasureNotOfPilot`); the 201st (`MeasuresFull`).
        """
        caller = authorise(principal, Action.WRITE_MEASURE)

        async def work(transaction: Transaction) -> int:
            connection, plan = transaction.connection, command.plan
            refuse(check_plan(plan))
            pilot = await own_pilot(connection, caller, command.pilot_id)
            others = (await store.read_measures_of(connection, [pilot.id])).get(pilot.id, [])
            refuse(check_room(pilot, len(others)))
            refuse(check_excluded(pilot, plan, {other.id for other in others}))
            metered = await metering_store.read_carriers(connection, pilot.id)
            refuse(check_metered(pilot, plan, metered))
            item = Measure(MeasureId(transaction.next_position), pilot.id, _in_our_units(plan))
            transaction.append(caller.actor, EntryKind.MEASURE_PLANNED, _said(item))
            await store.insert_measure(connection, item)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "planMeasure", command), work)

    async def record_progress(
        self, principal: Principal | None, key: str, command: RecordProgress
    ) -> Outcome:
        """Say how far a measure came; refused is a way back (`MeasureProgressRefused`)."""
        caller = authorise(principal, Action.WRITE_MEASURE)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            item = await _measure(connection, command.measure_id)
            await own_pilot(connection, caller, item.pilot_id)
            refuse(check_progress(item, command, china_day(transaction.head.at)))
            body = {"state": command.state, "on": str(command.on)}
            kind = EntryKind.MEASURE_PROGRESS_RECORDED
            position = transaction.append(caller.actor, kind, body, item.id)
            progress = Progress(
                id=position,
                measure_id=item.id,
                state=command.state,
                on=command.on,
                document=command.document,
            )
            await store.insert_progress(connection, progress)
            return item.id

        request = Request.of(key, "recordMeasureProgress", command)
        return await self._log.once(caller.actor, request, work)

    async def verify(self, principal: Principal | None, key: str, command: VerifyEffect) -> Outcome:
        """Say what was found to come of a measure, t CO2e; what was expected stays beside it.

        Refused: days before it ran (`EffectBeforeRunning`), or out of order (`DatesOutOfOrder`).
        """
        caller = authorise(principal, Action.VERIFY_EFFECT)

        async def work(transaction: Transaction) -> int:
            connection, terms = transaction.connection, command.terms
            item = await _measure(connection, command.measure_id)
            refuse(check_effect(item, terms, china_day(transaction.head.at)))
            kind = EntryKind.MEASURE_EFFECT_VERIFIED
            position = transaction.append(caller.actor, kind, _found(terms), item.id)
            effect = Effect(
                id=position, measure_id=item.id, verifier_id=caller.organisation_id, terms=terms
            )
            await store.insert_effect(connection, effect)
            return item.id

        request = Request.of(key, "verifyMeasureEffect", command)
        return await self._log.once(caller.actor, request, work)

    async def write_analysis(
        self, principal: Principal | None, key: str, command: WritePotentialAnalysis
    ) -> Outcome:
        """Write an analysis of a pilot's potential (section 三 of the guide), with the numbers as of a position, t
        CO2e, which stay.

        Refused: a period that is not the pilot's (`PeriodNotOfPilot`), or whose emissions are not known
        (`PotentialBaselineUnknown`).
        """
        caller = authorise(principal, Action.WRITE_MEASURE)
        now = (await self._log.head()).position
        at = position_asked(command.as_of, now, "as_of")
        asked = PotentialKey(command.pilot_id, command.terms, at)
        # As of a position nothing changes, so it is read before the head is locked.
        found = (await self.potentials([asked], EVERYTHING)).get(asked)

        async def work(transaction: Transaction) -> int:
            connection, terms = transaction.connection, command.terms
            refuse(check_analysis(command))
            pilot = await own_pilot(connection, caller, command.pilot_id)
            period = await period_of(connection, pilot, terms.period_id, "accounting_period")
            refuse(check_potential(terms, period.span.ends_on.year))
            refuse(check_known(None if found is None else found.statement))
            assert found is not None
            refuse(check_projected(terms.growth, found.business_as_usual))
            item = _written(transaction.next_position, command, at, found)
            transaction.append(caller.actor, EntryKind.POTENTIAL_ANALYSED, _numbers(item))
            await store.insert_analysis(connection, item)
            return item.id

        request = Request.of(key, "writePotentialAnalysis", command)
        return await self._log.once(caller.actor, request, work)

    async def measures(self, ids: Sequence[MeasureId]) -> dict[MeasureId, Measure]:
        """The measures of these ids as they are; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_measures(connection, ids)

    async def measures_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, list[Measure]]:
        """All measures of each pilot, as they stood."""
        async with self._log.database.read() as connection:
            return await store.read_measures_of(connection, pilots, as_of)

    async def potentials(
        self, keys: Sequence[PotentialKey], sight: Sight
    ) -> dict[PotentialKey, Potential]:
        """What is left of business as usual, in a constant number of statements for each position."""
        made = await self._statements.net_emissions([key.statement for key in keys], sight)
        found: dict[PotentialKey, Potential] = {}
        for as_of in {key.as_of for key in keys}:
            then = [key for key in keys if key.as_of == as_of]
            measures = await self.measures_of([key.pilot_id for key in then], as_of)
            found |= _potentials(then, made, measures)
        return found

    async def page_progress_of(
        self, measures: Sequence[int], page: Page
    ) -> dict[int, list[Progress]]:
        """For each measure a page of its progress, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_progress_of(connection, measures, page)

    async def count_progress_of(self, measures: Sequence[int]) -> dict[int, int]:
        """How often progress of each measure was recorded."""
        async with self._log.database.read() as connection:
            return await store.count_progress_of(connection, measures)

    async def page_effects_of(self, measures: Sequence[int], page: Page) -> dict[int, list[Effect]]:
        """For each measure a page of what was verified of it (t CO2e), and one more."""
        async with self._log.database.read() as connection:
            return await store.page_effects_of(connection, measures, page)

    async def count_effects_of(self, measures: Sequence[int]) -> dict[int, int]:
        """How often something was verified of each measure."""
        async with self._log.database.read() as connection:
            return await store.count_effects_of(connection, measures)

    async def analyses(self, ids: Sequence[int]) -> dict[int, PotentialAnalysis]:
        """The analyses of the potential of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_analyses(connection, ids)

    async def page_analyses_of(
        self, pilots: Sequence[PilotId], page: Page
    ) -> dict[PilotId, list[PotentialAnalysis]]:
        """For each pilot a page of the analyses that were written of it, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_analyses_of(connection, pilots, page)

    async def count_analyses_of(self, pilots: Sequence[PilotId]) -> dict[PilotId, int]:
        """How many analyses were written of each pilot."""
        async with self._log.database.read() as connection:
            return await store.count_analyses_of(connection, pilots)


async def _measure(connection: AsyncConnection, measure_id: MeasureId) -> Measure:
    found = await store.read_measures(connection, [measure_id])
    if measure_id not in found:
        raise Refused(NotFound.born_at(measure_id, "措施", "measure", "measure"))
    return found[measure_id]


def _potentials(
    keys: Sequence[PotentialKey],
    made: Mapping[StatementKey, NetEmissions],
    measures: Mapping[PilotId, Sequence[Measure]],
) -> dict[PotentialKey, Potential]:
    return {
        key: Potential.of(key.terms, made[key.statement], measures.get(key.pilot_id, ()))
        for key in keys
        if key.statement in made
    }


def _in_our_units(plan: MeasurePlan) -> MeasurePlan:
    """The plan with each unit by its one name."""
    savings = tuple(replace(saving, unit=unit_of(saving.unit).name) for saving in plan.savings)
    return replace(plan, savings=savings, excludes=tuple(sorted(plan.excludes)))


def _written(
    position: Position, command: WritePotentialAnalysis, at: Position, found: Potential
) -> PotentialAnalysis:
    gross, usual, remaining = (
        found.statement.gross_co2e,
        found.business_as_usual,
        found.remaining,
    )
    assert gross is not None
    assert usual is not None
    assert remaining is not None
    return PotentialAnalysis(
        id=position,
        pilot_id=command.pilot_id,
        terms=command.terms,
        growth_source=command.growth_source,
        paragraphs=command.paragraphs,
        position=at,
        gross=gross,
        business_as_usual=usual,
        expected=found.expected,
        sinks=found.sinks,
        remaining=remaining,
    )


def _said(item: Measure) -> Mapping[str, Any]:
    """What the log says of a measure: all but texts. Numbers are texts, so that they stay exact."""
    plan = item.plan
    return {
        "pilot": item.pilot_id,
        "technology": plan.technology,
        "catalogue": plan.catalogue,
        "route": plan.route,
        "stage": plan.stage,
        "capex": plain(plan.capex),
        "opex_change": plain(plan.opex_change),
        "life_years": plan.life_years,
        "starts_on": str(plan.starts_on),
        "expected": plain(plan.expected),
        "savings": [
            [saving.carrier, plain(saving.quantity), saving.unit, plain(saving.price)]
            for saving in sorted(plan.savings, key=lambda saving: saving.carrier)
        ],
        "excludes": list(plan.excludes),
    }


def _found(terms: EffectTerms) -> Mapping[str, Any]:
    """What the log says of an effect: all but the document."""
    return {
        "method": terms.method,
        "baseline": _period(terms.baseline),
        "routine": plain(terms.routine),
        "non_routine": plain(terms.non_routine),
        "reporting": _period(terms.reporting),
        "r_squared": None if terms.r_squared is None else plain(terms.r_squared),
        "cv_rmse": None if terms.cv_rmse is None else plain(terms.cv_rmse),
    }


def _period(period: Period) -> list[str]:
    return [str(period.span.starts_on), str(period.span.ends_on), plain(period.co2e)]


def _numbers(item: PotentialAnalysis) -> Mapping[str, Any]:
    """What the log says of an analysis: its numbers."""
    return {
        "pilot": item.pilot_id,
        "accounting_period": item.terms.period_id,
        "basis": item.terms.basis,
        "position": item.position,
        "year": item.terms.year,
        "growth": plain(item.terms.growth),
        "gross": plain(item.gross),
        "business_as_usual": plain(item.business_as_usual),
        "expected": plain(item.expected),
        "sinks": plain(item.sinks),
        "remaining": plain(item.remaining),
    }
