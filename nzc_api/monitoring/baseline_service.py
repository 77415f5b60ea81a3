"""What can be done with energy baselines: record them, and see days beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.exact import plain
from nzc_api.database.paging import Page
from nzc_api.ids import PilotId, Position
from nzc_api.inventories.owned import own_pilot
from nzc_api.log.asked import position_asked
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.metering.usage import Step, check_steps, steps_of
from nzc_api.monitoring import baseline_store
from nzc_api.monitoring.baseline import (
    EnergyBaseline,
    Observed,
    Performance,
    RecordEnergyBaseline,
    performance_of,
)
from nzc_api.monitoring.baseline_rules import check_baseline, check_whole, named, observed
from nzc_api.monitoring.errors import BaselineVariablesCollinear
from nzc_api.monitoring.model import Denominator
from nzc_api.monitoring.monitored import read_whole
from nzc_api.monitoring.series import Series, series_of
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import Refusal, Refused, refuse


@dataclass(frozen=True, slots=True)
class PerformanceAsked:
    """Which days are to stand beside a baseline, as of which position."""

    days: DateSpan
    as_of: Position


class BaselineService:
    """What can be done with energy baselines."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def record(
        self, principal: Principal | None, key: str, command: RecordEnergyBaseline
    ) -> Outcome:
        """Explain what a pilot used of a carrier by what moves it, as of a position, and keep that.

        It is computed before the head is locked: as of a position what it rests on never changes. Refused: days of
        which use or a variable is not known whole, fewer steps than variables and two, and variables that do not
        vary, or not by themselves.
        """
        caller = authorise(principal, Action.WRITE_METERS)
        made = await self._made(caller, command)

        async def work(transaction: Transaction) -> int:
            await own_pilot(transaction.connection, caller, command.pilot_id)
            if isinstance(made, Refusal):
                raise Refused(made)
            item = replace(made, id=transaction.next_position)
            transaction.append(caller.actor, EntryKind.ENERGY_BASELINE_RECORDED, _said(item))
            await baseline_store.insert_baseline(transaction.connection, item)
            return item.id

        request = Request.of(key, "recordEnergyBaseline", command)
        return await self._log.once(caller.actor, request, work)

    async def baselines(self, ids: Sequence[int]) -> dict[int, EnergyBaseline]:
        """The energy baselines of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await baseline_store.read_baselines(connection, ids)

    async def page_of(
        self, pilots: Sequence[PilotId], at: tuple[Position, Page]
    ) -> dict[PilotId, list[EnergyBaseline]]:
        """For each pilot a page of its energy baselines as of a position, and one more."""
        as_of, page = at
        async with self._log.database.read() as connection:
            return await baseline_store.page_baselines_of(connection, pilots, page, as_of)

    async def count_of(self, pilots: Sequence[PilotId], as_of: Position) -> dict[PilotId, int]:
        """How many energy baselines each pilot had as of a position."""
        async with self._log.database.read() as connection:
            return await baseline_store.count_baselines_of(connection, pilots, as_of)

    async def performance(
        self, baselines: Sequence[EnergyBaseline], asked: PerformanceAsked
    ) -> dict[EnergyBaseline, Performance]:
        """Days beside each baseline, by its steps: in a constant number of statements for each step there is."""
        found = dict[EnergyBaseline, Performance]()
        for step in sorted({baseline.step for baseline in baselines}):
            of_step = [baseline for baseline in baselines if baseline.step is step]
            refuse(check_steps(asked.days, step) or check_whole(asked.days, step, "to"))
            pilots = sorted({baseline.pilot_id for baseline in of_step})
            async with self._log.database.read() as connection:
                read = await _read(connection, pilots, asked.days, step, asked.as_of)
            moments = steps_of(asked.days, step)
            found |= {
                baseline: performance_of(baseline, *read[baseline.pilot_id], moments)
                for baseline in of_step
            }
        return found

    async def _made(
        self, caller: Principal, command: RecordEnergyBaseline
    ) -> EnergyBaseline | Refusal:
        """The baseline, without its id, or why there is none."""
        problem = check_baseline(command)
        if problem is not None:
            return problem
        now = (await self._log.head()).position
        try:
            position = position_asked(command.as_of, now, "as_of")
            async with self._log.database.read() as connection:
                await own_pilot(connection, caller, command.pilot_id)
                read = await _read(
                    connection, [command.pilot_id], command.days, command.step, position
                )
        except Refused as refused:
            return refused.refusal
        moments = steps_of(command.days, command.step)
        found = observed(command, *read[command.pilot_id], moments)
        return found if isinstance(found, Refusal) else _fitted(command, found, position)


def _fitted(
    command: RecordEnergyBaseline, observed: Observed, position: Position
) -> EnergyBaseline | BaselineVariablesCollinear:
    # It takes half a second to load, and only who fits needs it.
    from nzc_api.monitoring.fitting import collinear, fitted  # noqa: PLC0415

    number = collinear(observed.amounts)
    if number is not None:
        name = named(command.variables[number])
        path = ("variables", str(number), "denominator_kind")
        return BaselineVariablesCollinear(path=path, variable_zh=name.zh, variable_en=name.en)
    return EnergyBaseline(
        id=0,
        pilot_id=command.pilot_id,
        carrier=command.carrier,
        unit=observed.unit,
        days=command.days,
        step=command.step,
        position=position,
        fit=fitted(observed, command.variables),
    )


async def _read(
    connection: AsyncConnection,
    pilots: Sequence[PilotId],
    days: DateSpan,
    step: Step,
    as_of: Position,
) -> dict[int, tuple[list[Series], list[Denominator]]]:
    """What each pilot used by steps, and what was recorded of its variables."""
    read = await read_whole(connection, pilots, (days, step), as_of)
    return {pilot: (series_of(meters), recorded) for pilot, (meters, recorded) in read.items()}


def _said(item: EnergyBaseline) -> Mapping[str, object]:
    """What the log says of a baseline: all of it. Numbers are texts, so that they stay exact."""
    fit = item.fit
    return {
        "pilot": item.pilot_id,
        "carrier": item.carrier,
        "unit": item.unit,
        "step": item.step,
        "starts_on": str(item.days.starts_on),
        "ends_on": str(item.days.ends_on),
        "position": item.position,
        "points": fit.points,
        "intercept": plain(fit.intercept),
        "r_squared": plain(fit.r_squared),
        "cv_rmse": plain(fit.cv_rmse),
        "variables": [
            [
                variable.variable.kind,
                variable.variable.product,
                plain(variable.slope),
                plain(variable.least),
                plain(variable.most),
            ]
            for variable in fit.variables
        ],
    }
