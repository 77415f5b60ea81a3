"""What can be done with plans: draft, submit, decide, revise them, say what was reached, and that a pilot is built."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.exact import plain
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import PilotId, PlanId, Position
from nzc_api.inventories import store as inventories_store
from nzc_api.inventories import sums_store
from nzc_api.inventories.model import Basis, PeriodKey
from nzc_api.inventories.owned import own_pilot
from nzc_api.inventories.visibility import EVERYTHING, Sight
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.measures.store import read_measures_of
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import Pilot
from nzc_api.plans import store
from nzc_api.plans.life_cycle import LifeCycle
from nzc_api.plans.model import (
    ApprovePlan,
    Completion,
    DraftPlan,
    Material,
    Plan,
    PlanState,
    PlanStep,
    PlanTerms,
    Reached,
    ReachMilestone,
    RecordCompletion,
    ReturnPlan,
    RevisePlan,
    SubmitPlan,
)
from nzc_api.plans.rules import (
    DECIDED_FROM,
    IN_FORCE,
    REVISED_FROM,
    SUBMITTED_FROM,
    check_completion,
    check_first,
    check_latest,
    check_measures,
    check_reached,
    check_reason,
    check_state,
    check_terms,
)
from nzc_api.refusal import NotFound, Refused, refuse


class PlanService:
    """What the plans room can do."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def draft(self, principal: Principal | None, key: str, command: DraftPlan) -> Outcome:
        """Draft the first version of a pilot's plan (section 四（三） of the guide: 建设方案), in t CO2e and days.

        Refused: a second one (`PlanAlreadyDrafted`: revise it); milestones that are due outside its days
        (`MilestoneOutsidePlan`); measures of another pilot (`MeasureNotOfPilot`).
        """
        caller = authorise(principal, Action.WRITE_PLAN)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_terms(command.terms), "terms")
            pilot = await own_pilot(connection, caller, command.pilot_id)
            refuse(check_first(pilot, await store.read_latest(connection, pilot.id)))
            item = Plan(
                id=PlanId(transaction.next_position),
                pilot_id=pilot.id,
                version=1,
                terms=_sorted(command.terms),
            )
            return await _write(transaction, caller, pilot, item, EntryKind.PLAN_DRAFTED)

        return await self._log.once(caller.actor, Request.of(key, "draftPlan", command), work)

    async def revise(self, principal: Principal | None, key: str, command: RevisePlan) -> Outcome:
        """Draft the next version of a plan, with its reason; what was approved stays in force until that is.

        Refused: what is refused of a first version; a version that is not the last one (`PlanRevised`), or is being
        decided (`PlanNotInState`).
        """
        caller = authorise(principal, Action.WRITE_PLAN)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_reason(command.reason))
            refuse(check_terms(command.terms), "terms")
            revised, pilot = await _own(connection, caller, command.plan_id)
            latest = await store.read_latest(connection, pilot.id)
            assert latest is not None
            refuse(check_latest(revised, latest))
            refuse(check_state(revised, REVISED_FROM))
            item = Plan(
                id=PlanId(transaction.next_position),
                pilot_id=pilot.id,
                version=revised.version + 1,
                terms=_sorted(command.terms),
                reason=command.reason,
            )
            return await _write(transaction, caller, pilot, item, EntryKind.PLAN_REVISED)

        return await self._log.once(caller.actor, Request.of(key, "revisePlan", command), work)

    async def submit(self, principal: Principal | None, key: str, command: SubmitPlan) -> Outcome:
        """Hand a draft in, to be decided; refused is any other version (`PlanNotInState`)."""
        caller = authorise(principal, Action.WRITE_PLAN)

        async def work(transaction: Transaction) -> int:
            item, _ = await _own(transaction.connection, caller, command.plan_id)
            refuse(check_state(item, SUBMITTED_FROM))
            kind = EntryKind.PLAN_SUBMITTED
            return await _move(transaction, caller, item, PlanState.SUBMITTED, kind)

        return await self._log.once(caller.actor, Request.of(key, "submitPlan", command), work)

    async def approve(self, principal: Principal | None, key: str, command: ApprovePlan) -> Outcome:
        """Approve a version that was submitted: it is in force; refused is any other (`PlanNotInState`). Section
        四（三） of the guide."""
        caller = authorise(principal, Action.DECIDE_PLAN)

        async def work(transaction: Transaction) -> int:
            item = await _plan(transaction.connection, command.plan_id)
            refuse(check_state(item, DECIDED_FROM))
            kind = EntryKind.PLAN_APPROVED
            return await _move(transaction, caller, item, PlanState.APPROVED, kind)

        return await self._log.once(caller.actor, Request.of(key, "approvePlan", command), work)

    async def send_back(
        self, principal: Principal | None, key: str, command: ReturnPlan
    ) -> Outcome:
        """Return a version that was submitted, with the reason; refused is any other (`PlanNotInState`)."""
        caller = authorise(principal, Action.DECIDE_PLAN)

        async def work(transaction: Transaction) -> int:
            refuse(check_reason(command.reason))
            item = await _plan(transaction.connection, command.plan_id)
            refuse(check_state(item, DECIDED_FROM))
            kind, state = EntryKind.PLAN_RETURNED, PlanState.RETURNED
            return await _move(transaction, caller, item, state, kind, command.reason)

        return await self._log.once(caller.actor, Request.of(key, "returnPlan", command), work)

    async def reach(
        self, principal: Principal | None, key: str, command: ReachMilestone
    ) -> Outcome:
        """Say that a milestone of the version in force was reached, from its first day to today, and what shows it.
        Section 四（三） of the guide.

        Refused: a version that is not in force (`PlanNotInState`); a code that it does not have
        (`MilestoneNotInPlan`); what was reached already (`MilestoneAlreadyReached`).
        """
        caller = authorise(principal, Action.WRITE_PLAN)

        async def work(transaction: Transaction) -> int:
            item, pilot = await _own(transaction.connection, caller, command.plan_id)
            refuse(check_state(item, IN_FORCE))
            refuse(check_reached(item, command, china_day(transaction.head.at)))
            body = {"milestone": command.milestone, "on": str(command.on)}
            position = transaction.append(caller.actor, EntryKind.MILESTONE_REACHED, body, item.id)
            reached = Reached(
                id=position,
                plan_id=item.id,
                pilot_id=pilot.id,
                milestone=command.milestone,
                on=command.on,
                document=command.document,
            )
            await store.insert_reached(transaction.connection, reached)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "reachMilestone", command), work)

    async def complete(
        self, principal: Principal | None, key: str, command: RecordCompletion
    ) -> Outcome:
        """Say when the pilot was built and since when it runs stably; what is said last counts. Section 四（三） of the
        guide.

        Refused: open building milestones (`MilestonesOpen`); a version that is not in force (`PlanNotInState`).
        """
        caller = authorise(principal, Action.WRITE_PLAN)

        async def work(transaction: Transaction) -> int:
            item, pilot = await _own(transaction.connection, caller, command.plan_id)
            refuse(check_state(item, IN_FORCE))
            refuse(check_completion(item, command, china_day(transaction.head.at)))
            body = {"built_on": str(command.built_on), "stable_from": str(command.stable_from)}
            position = transaction.append(
                caller.actor, EntryKind.COMPLETION_RECORDED, body, item.id
            )
            built = Completion(
                id=position,
                pilot_id=pilot.id,
                plan_id=item.id,
                built_on=command.built_on,
                stable_from=command.stable_from,
                document=command.document,
            )
            await store.insert_completion(transaction.connection, built)
            return item.id

        request = Request.of(key, "recordCompletion", command)
        return await self._log.once(caller.actor, request, work)

    async def plans(self, ids: Sequence[PlanId], sight: Sight) -> dict[PlanId, Plan]:
        """The plans of these ids that are seen; others are left out."""
        async with self._log.database.read() as connection:
            return await store.read_plans(connection, ids, sight)

    async def in_force(
        self, pilots: Sequence[PilotId], sight: Sight, as_of: Position
    ) -> dict[PilotId, Plan]:
        """Of each pilot the version that was in force as of a position."""
        async with self._log.database.read() as connection:
            return await store.read_in_force(connection, pilots, sight, as_of)

    async def page_of(
        self, pilots: Sequence[PilotId], sight: Sight, page: Page
    ) -> dict[PilotId, list[Plan]]:
        """For each pilot a page of the versions of its plan that are seen, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_plans_of(connection, pilots, sight, page)

    async def count_of(self, pilots: Sequence[PilotId], sight: Sight) -> dict[PilotId, int]:
        """How many versions of each pilot's plan are seen."""
        async with self._log.database.read() as connection:
            return await store.count_plans_of(connection, pilots, sight)

    async def completions(
        self, keys: Sequence[tuple[PilotId, Position]], sight: Sight
    ) -> dict[tuple[PilotId, Position], Completion]:
        """For each (pilot, position) the completion that counted then."""
        async with self._log.database.read() as connection:
            return await store.read_completions(connection, keys, sight)

    async def life_cycles(
        self, pilots: Sequence[PilotId], basis: Basis, as_of: Position, sight: Sight
    ) -> dict[PilotId, LifeCycle]:
        """What is known of each pilot's life as of a position, in a constant number of statements."""
        async with self._log.database.read() as connection:
            periods = await pilots_store.read_every_period_of(connection, pilots)
            standing = [p for listed in periods.values() for p in listed if p.stands(as_of)]
            keys = {PeriodKey(period.id, basis, as_of): period.pilot_id for period in standing}
            effective = await inventories_store.read_effective(connection, list(keys), sight)
            ids = [item.id for plans in effective.values() for item in plans]
            shares = await sums_store.read_shares(connection, ids)
            in_force = await store.read_in_force(connection, pilots, sight, as_of)
        found: dict[PilotId, LifeCycle] = {}
        for pilot_id in pilots:
            own = [
                item for key, plans in effective.items() if keys[key] == pilot_id for item in plans
            ]
            stages = [
                stage for item in own if item.id in shares for stage in shares[item.id].stages
            ]
            found[pilot_id] = LifeCycle(
                basis=basis, inventories=own, shares=stages, plan=in_force.get(pilot_id)
            )
        return found


async def _plan(connection: AsyncConnection, plan_id: PlanId) -> Plan:
    found = await store.read_plans(connection, [plan_id], EVERYTHING)
    if plan_id not in found:
        raise Refused(NotFound.born_at(plan_id, "建设方案", "plan", "plan"))
    return found[plan_id]


async def _own(
    connection: AsyncConnection, caller: Principal, plan_id: PlanId
) -> tuple[Plan, Pilot]:
    item = await _plan(connection, plan_id)
    return item, await own_pilot(connection, caller, PilotId(item.pilot_id))


def _sorted(terms: PlanTerms) -> PlanTerms:
    """The terms as they are read again: measures and milestones in their orders."""
    packages = (
        replace(package, measures=tuple(sorted(package.measures))) for package in terms.packages
    )
    milestones = sorted(terms.milestones, key=lambda milestone: (milestone.due_on, milestone.code))
    return replace(terms, packages=tuple(packages), milestones=tuple(milestones))


async def _write(
    transaction: Transaction, caller: Principal, pilot: Pilot, item: Plan, kind: EntryKind
) -> int:
    """Write a version, over measures of its pilot."""
    connection = transaction.connection
    measures = (await read_measures_of(connection, [pilot.id])).get(pilot.id, [])
    refuse(
        check_measures(pilot, item.terms.packages, {measure.id for measure in measures}), "terms"
    )
    transaction.append(caller.actor, kind, _said(item))
    await store.insert_plan(connection, item)
    return item.id


async def _move(
    transaction: Transaction,
    caller: Principal,
    item: Plan,
    state: PlanState,
    kind: EntryKind,
    reason: str | None = None,
) -> int:
    """Let a version come into a state."""
    position = transaction.append(caller.actor, kind, {"state": state}, item.id)
    step = PlanStep(id=position, plan_id=item.id, state=state, reason=reason)
    await store.insert_step(transaction.connection, step)
    return item.id


def _said(item: Plan) -> Mapping[str, Any]:
    """What the log says of a version: all but texts. Numbers are texts, so that they stay exact."""
    terms = item.terms
    budget = terms.construction_budget
    return {
        "pilot": item.pilot_id,
        "version": item.version,
        "starts_on": str(terms.span.starts_on),
        "ends_on": str(terms.span.ends_on),
        "construction_budget": None if budget is None else plain(budget),
        "packages": [[package.stage, list(package.measures)] for package in terms.packages],
        "milestones": [
            [milestone.code, str(milestone.due_on), milestone.building]
            for milestone in sorted(terms.milestones, key=lambda milestone: milestone.code)
        ],
        "materials": [_weighed(material) for material in terms.materials],
    }


def _weighed(material: Material) -> list[str | None]:
    haul = material.haul
    hauled = (None,) * 3 if haul is None else (haul.mass, haul.distance, haul.factor)
    numbers = (material.quantity, material.factor, *hauled)
    return [material.unit, *(None if number is None else plain(number) for number in numbers)]
