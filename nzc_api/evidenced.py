"""What documents can be attached to, and whose each thing is."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Principal, Role
from nzc_api.documents.service import PilotOf
from nzc_api.evaluation import store as evaluation_store
from nzc_api.finance import store as finance_store
from nzc_api.ids import InventoryId, LineId, PilotId
from nzc_api.inventories.model import LineRole
from nzc_api.inventories.owned import no_such_line, own_inventory, own_line, own_pilot
from nzc_api.inventories.visibility import Sight, sight_of
from nzc_api.management import store as management_store
from nzc_api.measures import store as measures_store
from nzc_api.plans import store as plans_store
from nzc_api.refusal import NotFound, Refused
from nzc_api.targets import store as targets_store


class OfPilot(Protocol):
    """A thing of a pilot's."""

    @property
    def pilot_id(self) -> PilotId: ...


# Reads things by their ids, of whichever type; those that are drafts, as whoever has the sight sees them.
Read = Callable[[AsyncConnection, Collection[Any]], Awaitable[Mapping[Any, OfPilot]]]
ReadSeen = Callable[[AsyncConnection, Collection[Any], Sight], Awaitable[Mapping[Any, OfPilot]]]


async def _pilot(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
    return (await own_pilot(connection, caller, PilotId(subject_id))).id


async def _inventory(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
    return (await own_inventory(connection, caller, InventoryId(subject_id)))[1].id


def _line(role: LineRole) -> PilotOf:
    async def pilot_of(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
        line, _, pilot = await own_line(connection, caller, LineId(subject_id))
        if line.role is not role:
            raise Refused(no_such_line(line.id, "line"))
        return pilot.id

    return pilot_of


def _seen(read: ReadSeen, zh: str, en: str, other: Role | None = None) -> PilotOf:
    """Of things that their pilot's operator documents, and, where it has a part in them, an ``other`` role."""

    async def pilot_of(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
        found = (await read(connection, [subject_id], sight_of(caller))).get(subject_id)
        if found is None:
            raise Refused(NotFound.born_at(subject_id, zh, en, en))
        if caller.role is not other:
            await own_pilot(connection, caller, found.pilot_id)
        return found.pilot_id

    return pilot_of


def _pilot_of(read: Read, zh: str, en: str, other: Role | None = None) -> PilotOf:
    async def read_seen(
        connection: AsyncConnection, ids: Collection[int], _sight: Sight
    ) -> Mapping[int, OfPilot]:
        return await read(connection, ids)

    return _seen(read_seen, zh, en, other)


async def _evaluations_of_findings(
    connection: AsyncConnection, ids: Collection[int]
) -> Mapping[int, OfPilot]:
    evaluations = await evaluation_store.read_evaluation_ids(connection, ids)
    found = await evaluation_store.read_evaluations(connection, set(evaluations.values()))
    return {finding: found[evaluation] for finding, evaluation in evaluations.items()}


def _at_the_subject(find: PilotOf) -> PilotOf:
    """The same, whose refusals are about what the input attaches it to."""

    async def pilot_of(connection: AsyncConnection, caller: Principal, subject_id: int) -> PilotId:
        try:
            return await find(connection, caller, subject_id)
        except Refused as refused:
            raise Refused(replace(refused.refusal, path=("attached_to",))) from None

    return pilot_of


# By the types that ids have. A regulator approves plans and evaluates, a verifier verifies effects of measures: what
# they rest on is theirs to attach.
PILOTS_OF: Mapping[str, PilotOf] = {
    kind: _at_the_subject(find)
    for kind, find in {
        "Pilot": _pilot,
        "Inventory": _inventory,
        "EmissionSource": _line(LineRole.SOURCE),
        "Sink": _line(LineRole.SINK),
        "Target": _seen(targets_store.read_targets, "目标", "target"),
        "Plan": _seen(plans_store.read_plans, "建设方案", "plan", Role.REGULATOR),
        "Measure": _pilot_of(measures_store.read_measures, "措施", "measure", Role.VERIFIER),
        "Financing": _pilot_of(finance_store.read_financings, "融资", "financing"),
        "Post": _pilot_of(management_store.read_posts, "岗位", "post"),
        "Duty": _pilot_of(management_store.read_duties, "年度责任目标", "duty"),
        "ManagementRule": _pilot_of(management_store.read_rules, "管理制度", "rule"),
        "Upkeep": _pilot_of(management_store.read_upkeep, "维护记录", "upkeep"),
        "Evaluation": _pilot_of(
            evaluation_store.read_evaluations, "评价", "evaluation", Role.REGULATOR
        ),
        "EvaluationFinding": _pilot_of(_evaluations_of_findings, "问题", "finding", Role.REGULATOR),
    }.items()
}
