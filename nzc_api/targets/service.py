"""What can be done with targets: record and revise them, and see how periods stand beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.exact import plain
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import PeriodId, PilotId, Position, TargetId
from nzc_api.inventories.model import Basis
from nzc_api.inventories.owned import own_pilot, period_of
from nzc_api.inventories.visibility import EVERYTHING, Sight
from nzc_api.log import store as log_store
from nzc_api.log.asked import position_asked
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import AccountingPeriod, Pilot
from nzc_api.refusal import NotFound, Refused, refuse
from nzc_api.statements.model import NetEmissions, StatementKey
from nzc_api.statements.service import StatementService
from nzc_api.targets import store
from nzc_api.targets.assessment import Assessment
from nzc_api.targets.errors import TargetAlreadyRecorded
from nzc_api.targets.model import (
    Baseline,
    BaselineTerms,
    RecordTarget,
    ReviseTarget,
    Target,
    TargetRevisionReason,
    TargetTerms,
)
from nzc_api.targets.rules import check_baseline, check_form, check_latest, check_start, weakens
from nzc_api.targets.trajectory import MOST_PERIODS, Trajectory


@dataclass(frozen=True, slots=True)
class AssessmentKey:
    """What is assessed: a pilot's period as of a position; ``period_id`` None: it has no such period."""

    pilot_id: PilotId
    period_id: PeriodId | None
    as_of: Position


@dataclass(frozen=True, slots=True)
class _Begun:
    """The position that a baseline is as of, and what is stated as of then, if anything is."""

    position: Position
    statement: NetEmissions | None


class TargetService:
    """What the targets room can do."""

    def __init__(self, log: Log, statements: StatementService) -> None:
        self._log = log
        self._statements = statements

    async def record(self, principal: Principal | None, key: str, command: RecordTarget) -> Outcome:
        """Record a pilot's first target: ceilings by years, in t CO2e, that fall from a baseline to zero (the guide's
        section 一).

        Refused: a second one (`TargetAlreadyRecorded`: revise it); a baseline whose net is not known, complete or
        positive (`TargetBaseline…`); years or ceilings that do not fall to zero (`TargetYearsDoNotRise`, `TargetRises`,
        `TargetDoesNotEndAtZero`).
        """
        caller = authorise(principal, Action.WRITE_TARGET)
        begun = await self._begun(command.pilot_id, command.terms.baseline)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            pilot = await own_pilot(connection, caller, command.pilot_id)
            latest = await store.read_latest(connection, pilot.id)
            if latest is not None:
                raise Refused(_already(pilot, latest))
            return await _write(transaction, caller, pilot, command.terms, begun)

        return await self._log.once(caller.actor, Request.of(key, "recordTarget", command), work)

    async def revise(self, principal: Principal | None, key: str, command: ReviseTarget) -> Outcome:
        """Make the next version of a target, with its reason; what is refused of a first one is of this, too.

        Refused: a version that is not the latest (`TargetSuperseded`).
        """
        caller = authorise(principal, Action.WRITE_TARGET)
        revised = (await self.targets([command.target_id], EVERYTHING)).get(command.target_id)
        if revised is None:
            raise Refused(NotFound.born_at(command.target_id, "目标", "target", "target"))
        begun = await self._begun(revised.pilot_id, command.terms.baseline)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            pilot = await own_pilot(connection, caller, revised.pilot_id)
            latest = await store.read_latest(connection, pilot.id)
            assert latest is not None
            refuse(check_latest(revised, latest))
            return await _write(
                transaction, caller, pilot, command.terms, begun, latest, command.reason
            )

        return await self._log.once(caller.actor, Request.of(key, "reviseTarget", command), work)

    async def targets(self, ids: Sequence[TargetId], sight: Sight) -> dict[TargetId, Target]:
        """The targets of these ids that are seen; others are left out."""
        async with self._log.database.read() as connection:
            return await store.read_targets(connection, ids, sight)

    async def stood(
        self, keys: Sequence[tuple[PilotId, Position]], sight: Sight
    ) -> dict[tuple[PilotId, Position], Target]:
        """For each (pilot, position) the version that stood then."""
        async with self._log.database.read() as connection:
            return await store.read_stood(connection, keys, sight)

    async def page_of(
        self, pilots: Sequence[PilotId], sight: Sight, page: Page
    ) -> dict[PilotId, list[Target]]:
        """For each pilot a page of its targets that are seen, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_targets_of(connection, pilots, sight, page)

    async def count_of(self, pilots: Sequence[PilotId], sight: Sight) -> dict[PilotId, int]:
        """How many targets of each pilot are seen."""
        async with self._log.database.read() as connection:
            return await store.count_targets_of(connection, pilots, sight)

    async def assessments(
        self, keys: Sequence[AssessmentKey], sight: Sight
    ) -> dict[AssessmentKey, Assessment]:
        """Each period beside its target, in a constant number of statements."""
        async with self._log.database.read() as connection:
            of_pilots = [(key.pilot_id, key.as_of) for key in keys]
            targets = await store.read_stood(connection, of_pilots, sight)
            ids = {key.period_id for key in keys if key.period_id is not None}
            periods = await pilots_store.read_periods(connection, ids)
            times = await _times(connection, {key.as_of for key in keys})
        wanted: dict[StatementKey, None] = {}
        for key in keys:
            wanted |= dict.fromkeys(_statements_of(key, targets.get((key.pilot_id, key.as_of))))
        made = await self._statements.net_emissions(list(wanted), sight)
        return {key: _assessed(key, targets, periods, times, made) for key in keys}

    async def trajectories(
        self, keys: Sequence[tuple[PilotId, Position]], sight: Sight
    ) -> dict[tuple[PilotId, Position], Trajectory]:
        """For each (pilot, position) all there is for a chart, in a constant number of statements."""
        async with self._log.database.read() as connection:
            targets = await store.read_stood(connection, keys, sight)
            pilots = {pilot for pilot, _ in keys}
            periods = await pilots_store.read_every_period_of(connection, pilots)
        standing = {
            (pilot, as_of): [p for p in periods.get(pilot, ()) if p.stands(as_of)]
            for pilot, as_of in keys
        }
        wanted = {
            (pilot, as_of): [
                StatementKey(pilot_id=pilot, period_id=period.id, basis=basis, as_of=as_of)
                for period in periods[-MOST_PERIODS:]
                for basis in (Basis.OPERATIONAL, Basis.PROJECTED)
            ]
            for (pilot, as_of), periods in standing.items()
        }
        made = await self._statements.net_emissions(
            [k for keys in wanted.values() for k in keys], sight
        )
        return {
            key: Trajectory.of(
                targets.get(key),
                [made[k] for k in keys if k in made],
                max(len(standing[key]) - MOST_PERIODS, 0),
            )
            for key, keys in wanted.items()
        }

    async def _begun(self, pilot_id: PilotId, terms: BaselineTerms) -> _Begun:
        """What a target begins with. As of a position it never changes, so it is read before the head is
        locked."""
        now = (await self._log.head()).position
        position = position_asked(terms.as_of, now, "baseline", "as_of")
        key = StatementKey(
            pilot_id=pilot_id, period_id=terms.period_id, basis=terms.basis, as_of=position
        )
        made = await self._statements.net_emissions([key], EVERYTHING)
        return _Begun(position, made.get(key))


async def _write(
    transaction: Transaction,
    caller: Principal,
    pilot: Pilot,
    terms: TargetTerms,
    begun: _Begun,
    before: Target | None = None,
    reason: TargetRevisionReason | None = None,
) -> int:
    """Write a version, after another or as the first."""
    refuse(check_form(terms))
    path = ("baseline", "accounting_period")
    period = await period_of(transaction.connection, pilot, terms.baseline.period_id, *path)
    statement, basis = begun.statement, terms.baseline.basis
    refuse(check_baseline(pilot, period, statement, basis))
    assert statement is not None
    gross, net = statement.gross_co2e, statement.net_co2e
    assert gross is not None
    assert net is not None
    base = Baseline(
        period_id=period.id,
        basis=basis,
        position=begun.position,
        year=period.span.ends_on.year,
        gross=gross,
        net=net,
    )
    item = Target(
        id=TargetId(transaction.next_position),
        pilot_id=pilot.id,
        version=1 if before is None else before.version + 1,
        baseline=base,
        ceilings=terms.ceilings,
        routes=terms.routes,
        reason=reason,
    )
    refuse(check_start(item))
    if before is not None:
        item = replace(item, weakened=weakens(before.net_points, item.net_points))
    kind = EntryKind.TARGET_RECORDED if before is None else EntryKind.TARGET_REVISED
    transaction.append(caller.actor, kind, _said(item))
    await store.insert_target(transaction.connection, item)
    return item.id


def _said(item: Target) -> Mapping[str, Any]:
    """What the log says of a version: all of it. Numbers are texts, so that they stay exact."""
    base = item.baseline
    return {
        "pilot": item.pilot_id,
        "version": item.version,
        "reason": item.reason,
        "weakened": item.weakened,
        "routes": list(item.routes),
        "baseline": {
            "accounting_period": base.period_id,
            "basis": base.basis,
            "position": base.position,
            "year": base.year,
            "gross": plain(base.gross),
            "net": plain(base.net),
        },
        "ceilings": [
            [c.year, plain(c.net), None if c.gross is None else plain(c.gross), c.credits]
            for c in item.ceilings
        ],
    }


def _statements_of(key: AssessmentKey, target: Target | None) -> list[StatementKey]:
    """What an assessment reads: the period's statement, and its target's baseline then and as of the
    assessment's position."""
    found = []
    if key.period_id is not None:
        found.append(
            StatementKey(
                pilot_id=key.pilot_id,
                period_id=key.period_id,
                basis=Basis.OPERATIONAL,
                as_of=key.as_of,
            )
        )
    if target is not None:
        found += [_baseline_of(target, target.baseline.position), _baseline_of(target, key.as_of)]
    return found


def _baseline_of(target: Target, as_of: Position) -> StatementKey:
    base = target.baseline
    return StatementKey(
        pilot_id=target.pilot_id, period_id=base.period_id, basis=base.basis, as_of=as_of
    )


def _assessed(
    key: AssessmentKey,
    targets: Mapping[tuple[PilotId, Position], Target],
    periods: Mapping[PeriodId, AccountingPeriod],
    times: Mapping[int, datetime],
    made: Mapping[StatementKey, NetEmissions],
) -> Assessment:
    target = targets.get((key.pilot_id, key.as_of))
    period = None if key.period_id is None else periods.get(key.period_id)
    if period is None or period.pilot_id != key.pilot_id or not period.stands(key.as_of):
        return Assessment(target)
    at = times.get(key.as_of)
    then = now = None
    if target is not None:
        then = made.get(_baseline_of(target, target.baseline.position))
        now = made.get(_baseline_of(target, key.as_of))
    return Assessment(
        target=target,
        period=period,
        statement=made.get(
            StatementKey(
                pilot_id=key.pilot_id, period_id=period.id, basis=Basis.OPERATIONAL, as_of=key.as_of
            )
        ),
        baseline=then,
        restated=now,
        over=at is not None and period.span.ends_on < china_day(at),
    )


async def _times(connection: AsyncConnection, positions: set[Position]) -> dict[int, datetime]:
    """When each position was taken."""
    entries = await log_store.read_entries_at(connection, sorted(positions))
    return {position: entry.at for position, entry in entries.items()}


def _already(pilot: Pilot, latest: Target) -> TargetAlreadyRecorded:
    return TargetAlreadyRecorded(
        path=("pilot",),
        pilot_code=pilot.code,
        target_id=latest.id,
        version=latest.version,
    )
