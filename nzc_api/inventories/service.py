"""What can be done with inventories: record lines, submit, verify, make a new version."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.documents import store as documents_store
from nzc_api.ids import InventoryId, LineId, PilotId, Position
from nzc_api.inventories import accounted_store, line_store, store, sums_store, warning_store
from nzc_api.inventories.certifying import check_free, check_not_credited_since, listed_in
from nzc_api.inventories.electricity import Electricity
from nzc_api.inventories.line_rules import (
    FIELDS,
    AccountedLine,
    account_each,
    carry_over,
    check_carried,
    recorded,
    warnings_of,
)
from nzc_api.inventories.model import (
    CategoryTotal,
    Inventory,
    InventoryFilter,
    Line,
    LineRole,
    Opinion,
    QualityOfData,
    RecordLines,
    ReviseInventory,
    Shares,
    VerifyInventory,
)
from nzc_api.inventories.opinions import check_acknowledged, check_form
from nzc_api.inventories.owned import inventory_of, no_such_line, own_inventory
from nzc_api.inventories.preview import InventoryPreview, PreviewedLine, carried_lines, totals_of
from nzc_api.inventories.rules import (
    check_counted_once,
    check_draft,
    check_operation,
    check_revision,
    check_room,
    check_submission,
    check_verification,
    other_periods,
    revised,
)
from nzc_api.inventories.visibility import Sight
from nzc_api.inventories.warnings import DOUBTS, InventoryWarning
from nzc_api.inventories.whole_warnings import inventory_warnings
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import Pilot
from nzc_api.pilots.rules import new_bounds
from nzc_api.refusal import InvalidInput, Refusal, Refused, none_refused, refuse

C = TypeVar("C")

MOST_LINES_AT_ONCE = 100

_RECORDED = {
    LineRole.SOURCE: EntryKind.EMISSION_SOURCE_RECORDED,
    LineRole.SINK: EntryKind.SINK_RECORDED,
}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """What a step would make of an inventory: ``body`` is what the log would say of it, ``warnings`` what
    is found as it is taken, and ``carried`` the lines of a revision, each beside what is made of it."""

    pilot: Pilot
    before: Inventory
    after: Inventory
    body: Mapping[str, Any] = field(default_factory=dict)
    warnings: Sequence[InventoryWarning] = ()
    carried: Sequence[tuple[Line, AccountedLine]] | None = None


@dataclass(frozen=True, slots=True)
class InventoryStep(Generic[C]):
    """A step on an inventory's way: who may take it, what it would come to at a position (which reads
    and checks, and writes nothing), and the writing of that. ``content`` is what makes two requests of
    it the same."""

    verb: str
    action: Action
    plan: Callable[[AsyncConnection, Principal, C, Position], Awaitable[PlannedStep]]
    write: Callable[[Transaction, Principal, C, PlannedStep], Awaitable[int]]
    content: Callable[[C], object] = lambda command: command

    def request(self, key: str, command: C) -> Request:
        return Request.of(key, self.verb, self.content(command))


class InventoryService:
    """What the inventories room can do with what is there; `creation` makes it."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def record(self, principal: Principal | None, key: str, command: RecordLines) -> Outcome:
        """Record emission sources or sinks in a draft: all of them, or none.

        Activity data are exact decimals in the unit that each line names, and CO2e comes out in tonnes (the guide's
        section 三). Refused, with the line's number in the path: what is no draft of the caller's
        (`InventoryStatusConflict`), a category of the other kind or declared not to occur, a factor that is not of the
        inventory's list or the category's, a sink without a basis, more than 5,000 lines (`InventoryFull`).
        """
        caller = authorise(principal, Action.WRITE_INVENTORY)

        async def work(transaction: Transaction) -> int:
            item, pilot = await own_inventory(transaction.connection, caller, command.inventory_id)
            refuse(check_draft(item))
            refuse(_check_count(command))
            lines = await store.count_lines(transaction.connection, item.id)
            refuse(check_room(item, lines, len(command.lines)))
            accounted = none_refused(account_each(command.lines, command.role, item, pilot.variant))
            field = FIELDS[command.role]
            await check_free(transaction.connection, item, accounted, listed_in(field))
            await record_lines(transaction, caller, item, accounted)
            return item.id

        verb = f"record{command.role.title()}s"
        return await self._log.once(caller.actor, Request.of(key, verb, command), work)

    async def take(
        self, step: InventoryStep[C], principal: Principal | None, key: str, command: C
    ) -> Outcome:
        """Take a step on an inventory's way: submit it, verify it, make its next version. Section 三 of the guide.

        Refused: one that is not where the step begins (`InventoryStatusConflict`), an older version
        (`InventorySuperseded`), one that overlaps another (`InventoryOverlap`), an empty one (`InventoryEmpty`); by a
        verifier, one with what is probably a slip and was not acknowledged (`WarningsNotAcknowledged`).
        """
        caller = authorise(principal, step.action)

        async def work(transaction: Transaction) -> int:
            position = transaction.next_position
            planned = await step.plan(transaction.connection, caller, command, position)
            return await step.write(transaction, caller, command, planned)

        return await self._log.once(caller.actor, step.request(key, command), work)

    async def preview(
        self, step: InventoryStep[C], principal: Principal | None, key: str, command: C
    ) -> InventoryPreview | Outcome:
        """What a step would make of an inventory, or the outcome that it would have: a refusal, or
        that of an earlier request with the key. Nothing is written, and the key is not used."""
        caller = authorise(principal, step.action)

        async def plan(connection: AsyncConnection, head: Head) -> InventoryPreview:
            planned = await step.plan(connection, caller, command, head.next_position)
            return await _preview(connection, planned, head.position)

        return await self._log.rehearse(caller.actor, step.request(key, command), plan)

    async def inventories(
        self, ids: Collection[InventoryId], sight: Sight
    ) -> dict[InventoryId, Inventory]:
        """The inventories of these ids that whoever has the sight may see; others are left out."""
        async with self._log.database.read() as connection:
            return await store.read_inventories(connection, ids, sight)

    async def list_inventories(
        self, narrowed: InventoryFilter, sight: Sight, page: Page
    ) -> list[Inventory]:
        """A page of the inventories that are meant, and are seen, and one more."""
        async with self._log.database.read() as connection:
            return await store.list_inventories(connection, narrowed, sight, page)

    async def page_of(
        self, pilots: Sequence[PilotId], sight: Sight, page: Page
    ) -> dict[PilotId, list[Inventory]]:
        """For each pilot a page of its inventories that are seen, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_inventories_of(connection, pilots, sight, page)

    async def count_inventories(self, narrowed: InventoryFilter, sight: Sight) -> int:
        """How many inventories are meant, and are seen."""
        async with self._log.database.read() as connection:
            return await store.count_inventories(connection, narrowed, sight)

    async def count_of(self, pilots: Sequence[PilotId], sight: Sight) -> dict[PilotId, int]:
        """How many inventories of each pilot are seen; none of which there is none."""
        async with self._log.database.read() as connection:
            return await store.count_inventories_of(connection, pilots, sight)

    async def count_versions(self, series: Sequence[int], sight: Sight) -> dict[int, int]:
        """How many versions of each inventory's series are seen."""
        async with self._log.database.read() as connection:
            return await store.count_versions_of(connection, series, sight)

    async def count_lines(
        self, inventories: Sequence[InventoryId], role: LineRole, sight: Sight
    ) -> dict[InventoryId, int]:
        """How many lines of a role each inventory has whose lines are seen."""
        async with self._log.database.read() as connection:
            return await line_store.count_lines_of(connection, inventories, role, sight)

    async def page_of_versions(
        self, series: Sequence[int], sight: Sight, page: Page
    ) -> dict[int, list[Inventory]]:
        """For each series a page of its versions and one more."""
        async with self._log.database.read() as connection:
            return await store.page_versions_of(connection, series, sight, page)

    async def page_of_warnings(
        self, inventories: Sequence[InventoryId], sight: Sight, page: Page
    ) -> dict[InventoryId, list[InventoryWarning]]:
        """For each inventory a page of the warnings that are noted of it, where its lines are seen, and one more."""
        async with self._log.database.read() as connection:
            return await warning_store.page_warnings_of(connection, inventories, sight, page)

    async def count_warnings(
        self, inventories: Sequence[InventoryId], sight: Sight
    ) -> dict[InventoryId, int]:
        """How many warnings are noted of each inventory whose lines are seen."""
        async with self._log.database.read() as connection:
            return await warning_store.count_warnings_of(connection, inventories, sight)

    async def opinions(self, inventories: Collection[InventoryId]) -> dict[InventoryId, Opinion]:
        """What verifiers said of inventories that whoever asks sees."""
        async with self._log.database.read() as connection:
            return await store.read_opinions(connection, inventories)

    async def quality(
        self, inventories: Collection[InventoryId]
    ) -> dict[InventoryId, QualityOfData]:
        """What the emissions of inventories rest on whose lines whoever asks sees."""
        async with self._log.database.read() as connection:
            return await sums_store.read_quality(connection, inventories)

    async def shares(self, inventories: Collection[InventoryId]) -> dict[InventoryId, Shares]:
        """What the emissions of inventories come to by scope and stage, whose lines whoever asks sees."""
        async with self._log.database.read() as connection:
            return await sums_store.read_shares(connection, inventories)

    async def electricity(
        self, inventories: Collection[InventoryId]
    ) -> dict[InventoryId, Electricity]:
        """What bought electricity of inventories comes to by both methods, whose lines whoever asks sees."""
        async with self._log.database.read() as connection:
            return await sums_store.read_electricity(connection, inventories)

    async def lines(self, ids: Collection[LineId], sight: Sight) -> dict[LineId, Line]:
        """The lines of these ids that are seen; others are left out."""
        async with self._log.database.read() as connection:
            return await line_store.read_lines(connection, ids, sight)

    async def page_of_lines(
        self, inventories: Sequence[InventoryId], role: LineRole, sight: Sight, page: Page
    ) -> dict[InventoryId, list[Line]]:
        """For each inventory a page of its lines of a role, where they are seen, and one more."""
        async with self._log.database.read() as connection:
            return await line_store.page_lines_of(connection, inventories, role, sight, page)


async def object_to_amendment(
    connection: AsyncConnection, before: Pilot, after: Pilot
) -> Refusal | None:
    """What the pilot's inventories have against an amendment of it."""
    if new_bounds(before, after) == (None, None):
        return None
    return check_operation(before, after, await store.read_all_of(connection, before.id))


async def _warnings_as_a_whole(
    connection: AsyncConnection,
    item: Inventory,
    pilot: Pilot,
    others: Sequence[Inventory],
    own: Sequence[CategoryTotal] | None = None,
) -> Sequence[InventoryWarning]:
    """Those of the whole inventory; ``own``: what its lines come to, where they are not kept."""
    periods = other_periods(item, others)
    totals = await sums_store.read_totals(connection, [item.id, *(other.id for other in periods)])
    beside = [(other.span, totals.get(other.id, [])) for other in periods]
    own = totals.get(item.id, []) if own is None else own
    today = china_day(await store.read_now(connection))
    return inventory_warnings(item, pilot.variant, own, beside, today)


async def _preview(
    connection: AsyncConnection, plan: PlannedStep, as_of: Position
) -> InventoryPreview:
    """What a plan comes to, with every warning: of a revision as if it were submitted as it is."""
    pilot, before, after = plan.pilot, plan.before, plan.after
    if plan.carried is None:
        kept = await line_store.read_lines_of(connection, before.id)
        earlier = await warning_store.read_warnings(connection, before.id)
        lines = [PreviewedLine(line, line) for line in kept]
        return InventoryPreview(
            pilot=pilot,
            before=before,
            after=after,
            lines=lines,
            warnings=[*earlier, *plan.warnings],
            as_of=as_of,
        )
    anew = [(line.id, carried) for line, carried in plan.carried]
    others = await store.read_beside(connection, before)
    totals = totals_of(after.id, [line for _, line in anew])
    whole = await _warnings_as_a_whole(connection, after, pilot, others, totals)
    warnings = warnings_of(anew, [])
    return InventoryPreview(
        pilot=pilot,
        before=before,
        after=after,
        lines=carried_lines(plan.carried, warnings),
        warnings=[*warnings, *whole],
        as_of=as_of,
    )


async def _plan_submission(
    connection: AsyncConnection, caller: Principal, inventory_id: InventoryId, position: Position
) -> PlannedStep:
    item, pilot = await own_inventory(connection, caller, inventory_id)
    others = await store.read_beside(connection, item)
    lines = await store.count_lines(connection, item.id)
    refuse(check_submission(item, others, lines))
    await _check_meters(connection, item)
    await check_not_credited_since(connection, item)
    warnings = await _warnings_as_a_whole(connection, item, pilot, others)
    submitted = replace(item, submitted_position=position)
    return PlannedStep(
        pilot=pilot, before=item, after=submitted, body={"lines": lines}, warnings=warnings
    )


async def _check_meters(connection: AsyncConnection, item: Inventory) -> None:
    """No meter's day that the inventory rests on counts twice: meters may be placed since their lines were drafted."""
    twice = await accounted_store.find_counted_twice(connection, item.id)
    refuse(check_counted_once(twice, "inventory"))


async def _submit(
    transaction: Transaction, caller: Principal, inventory_id: InventoryId, plan: PlannedStep
) -> int:
    connection, kind = transaction.connection, EntryKind.INVENTORY_SUBMITTED
    await warning_store.insert_warnings(connection, inventory_id, plan.warnings)
    position = transaction.append(caller.actor, kind, plan.body, inventory_id)
    await store.mark_submitted(connection, inventory_id, position)
    return inventory_id


async def _plan_verification(
    connection: AsyncConnection, caller: Principal, command: VerifyInventory, position: Position
) -> PlannedStep:
    refuse(check_form(command.opinion))
    item = await inventory_of(connection, command.inventory_id)
    others = await store.read_beside(connection, item)
    refuse(check_verification(item, others))
    doubts = await warning_store.read_warnings(connection, item.id, DOUBTS)
    refuse(check_acknowledged(command.opinion, doubts))
    pilots = await pilots_store.read_pilots(connection, [item.pilot_id])
    verified = replace(item, verified_position=position, verifier_id=caller.organisation_id)
    return PlannedStep(pilots[item.pilot_id], item, verified)


async def _verify(
    transaction: Transaction, caller: Principal, command: VerifyInventory, plan: PlannedStep
) -> int:
    connection, inventory_id = transaction.connection, command.inventory_id
    kind, verifier = EntryKind.INVENTORY_VERIFIED, caller.organisation_id
    position = transaction.append(caller.actor, kind, plan.body, inventory_id)
    await store.mark_verified(connection, inventory_id, position, verifier)
    if command.opinion is not None:
        await store.insert_opinion(connection, inventory_id, position, command.opinion)
    return inventory_id


async def _plan_revision(
    connection: AsyncConnection, caller: Principal, command: ReviseInventory, position: Position
) -> PlannedStep:
    item, pilot = await own_inventory(connection, caller, command.inventory_id)
    others = await store.read_beside(connection, item)
    refuse(check_revision(item, others))
    revision = revised(item, command, position, pilot.variant, others)
    if isinstance(revision, Refusal):
        raise Refused(revision)
    kept = _keep(await line_store.read_lines_of(connection, item.id), command.left_out)
    carried = _carry_over(kept, item, revision, pilot)
    return PlannedStep(
        pilot=pilot, before=item, after=revision, carried=list(zip(kept, carried, strict=True))
    )


async def _revise(
    transaction: Transaction, caller: Principal, _command: ReviseInventory, plan: PlannedStep
) -> int:
    await insert_new(transaction, caller, plan.after)
    carried = plan.carried or ()
    made = await record_lines(transaction, caller, plan.after, [line for _, line in carried])
    pairs = [(line.id, line_id) for (line, _), line_id in zip(carried, made, strict=True)]
    await documents_store.carry(transaction.connection, pairs)
    return plan.after.id


def _as_of_old(command: VerifyInventory) -> object:
    """Without an opinion it is the request that it was before there were any."""
    return command.inventory_id if command.opinion is None else command


SUBMISSION = InventoryStep(
    verb="submitInventory", action=Action.WRITE_INVENTORY, plan=_plan_submission, write=_submit
)
VERIFICATION = InventoryStep(
    verb="verifyInventory",
    action=Action.VERIFY_INVENTORY,
    plan=_plan_verification,
    write=_verify,
    content=_as_of_old,
)
REVISION = InventoryStep(
    verb="reviseInventory", action=Action.WRITE_INVENTORY, plan=_plan_revision, write=_revise
)


async def insert_new(transaction: Transaction, caller: Principal, item: Inventory) -> InventoryId:
    """Write a new inventory or version, without lines: its id."""
    body = {
        "pilot": item.pilot_id, "accounting_period": item.period_id, "series": item.series_id,
        "version": item.version,
    }  # fmt: skip
    position = transaction.append(caller.actor, EntryKind.INVENTORY_CREATED, body)
    assert InventoryId(position) == item.id
    await store.insert_inventory(transaction.connection, item)
    return item.id


def _check_count(command: RecordLines) -> Refusal | None:
    if 1 <= len(command.lines) <= MOST_LINES_AT_ONCE:
        return None
    return InvalidInput(
        path=(FIELDS[command.role],),
        value=str(len(command.lines)),
        expected_zh=f"每次1至{MOST_LINES_AT_ONCE}行",
        expected_en=f"1 to {MOST_LINES_AT_ONCE} lines at once",
    )


async def record_lines(
    transaction: Transaction, caller: Principal, item: Inventory, lines: Sequence[AccountedLine]
) -> list[LineId]:
    """Write lines: their ids."""
    body = {"inventory": item.id}
    numbered = [
        (LineId(transaction.append(caller.actor, _RECORDED[line.role], body)), line)
        for line in lines
    ]
    connection = transaction.connection
    standing = await line_store.read_alike(connection, item.id, recorded(numbered))
    await line_store.insert_lines(
        connection, item.id, [(line_id, line_id, accounted) for line_id, accounted in numbered]
    )
    await warning_store.insert_warnings(connection, item.id, warnings_of(numbered, standing))
    return [line_id for line_id, _ in numbered]


def _keep(lines: Sequence[Line], left_out: Sequence[LineId]) -> list[Line]:
    existing, without = {line.id for line in lines}, set(left_out)
    for index, line_id in enumerate(left_out):
        if line_id not in existing:
            raise Refused(no_such_line(line_id, "leave_out", str(index)))
    return [line for line in lines if line.id not in without]


def _carry_over(
    lines: Sequence[Line], item: Inventory, revision: Inventory, pilot: Pilot
) -> list[AccountedLine]:
    results = [carry_over(line, item, revision, pilot.variant) for line in lines]
    refuse(check_carried(lines, results))
    return [result for result in results if isinstance(result, AccountedLine)]
