"""What can be done with pilots: register and amend them, place them in one another, give them periods."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access import store as access_store
from nzc_api.access.errors import organisation_not_found
from nzc_api.access.principals import (
    Action,
    Principal,
    Role,
    authorise,
    authorise_owner,
)
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import OrganisationId, PeriodId, PilotId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.pilots import site_store, store
from nzc_api.pilots.errors import PilotCodeTaken, pilot_not_found
from nzc_api.pilots.model import (
    AccountingPeriod,
    AmendPilot,
    Pilot,
    PilotAmendment,
    PilotFilter,
    PilotOrderField,
    PilotsThere,
    PilotWithPeriods,
    PlacePilot,
    RecordOverlap,
    RegisterAccountingPeriod,
    RegisterPilot,
    Resting,
)
from nzc_api.pilots.rules import (
    check_amendment,
    check_beside,
    check_overlap,
    check_pilot,
    check_placement,
    check_span,
    check_withdrawal,
)
from nzc_api.pilots.sites import AtSite, Site, check_site
from nzc_api.pilots.stating import state_site
from nzc_api.refusal import InvalidInput, NotFound, Refusal, Refused, refuse

# What a room that knows pilots has against it that one is amended from the first to the second.
Objection = Callable[[AsyncConnection, Pilot, Pilot], Awaitable[Refusal | None]]

# What of a room rests on an accounting period.
OnPeriod = Callable[[AsyncConnection, PeriodId], Awaitable[Resting]]


class PilotService:
    """What the pilots room can do; ``objections`` are asked before a pilot is amended, and what of inventories, of
    the ledger and of targets is ``on_period`` before one is withdrawn.

    What writes takes who asks, an idempotency key and a command, and returns an ``Outcome``: the position of what
    was done, or a refusal. It raises ``AccessDenied`` where the caller's role, or a pilot that is
    somebody else's, does not allow it, and ``DatabaseUnavailable``, after which the same key tells what became of it.
    """

    def __init__(
        self,
        log: Log,
        objections: Sequence[Objection],
        on_period: tuple[OnPeriod, OnPeriod, OnPeriod],
        same_site_metres: int,
    ) -> None:
        self._log = log
        self._objections = objections
        self._on_period = on_period
        self._same_site_metres = same_site_metres

    async def register_pilot(
        self, principal: Principal | None, key: str, command: RegisterPilot
    ) -> Outcome:
        """Register a pilot (试点) with its place and its periods.

        By its future operator, or an administrator. Refused: `PilotCodeTaken`; an applicant that the guide's section 二
        does not let apply for the kind (`ApplicantNotEligible`); days out of order or of two periods at once; a
        surrounding pilot or an operator that there is not (`NotFound`); texts, codes and sites that are none
        (`InvalidInput`).
        """
        caller = authorise(principal, Action.REGISTER_PILOT)
        authorise_owner(caller, command.operator_id)

        async def work(transaction: Transaction) -> int:
            return await register(transaction, caller, command, self._same_site_metres)

        return await self._log.once(
            caller.actor, Request.of(key, "registerPilot", command.content), work
        )

    async def amend_pilot(
        self, principal: Principal | None, key: str, command: AmendPilot
    ) -> Outcome:
        """Change facts of a pilot from now on; where they are so already, nothing changes, and it succeeds.

        Refused: days of operation that leave out what inventories, retirements or uses account for
        (`InventoriesOutsideOperation`, `RetiredAfterClosure`); as of earlier positions all stays what it was.
        """
        caller = authorise(principal, Action.REGISTER_PILOT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            before = await _pilot(connection, command.pilot_id, "pilot")
            authorise_owner(caller, before.operator_id)
            after = replace(before, **command.changes)
            refuse(check_amendment(after, china_day(transaction.head.at)))
            for objection in self._objections:
                refuse(await objection(connection, before, after))
            if after != before:
                position = transaction.next_position
                amendment = PilotAmendment(
                    id=position, pilot_id=before.id, before=before.facts, after=after.facts
                )
                body = {"changed": amendment.changed}
                transaction.append(caller.actor, EntryKind.PILOT_AMENDED, body, before.id)
                await store.amend_pilot(connection, amendment)
            await self._restate(transaction, caller, before, command.site or {})
            return before.id

        return await self._log.once(caller.actor, Request.of(key, "amendPilot", command), work)

    async def _restate(
        self,
        transaction: Transaction,
        caller: Principal,
        pilot: Pilot,
        changes: Mapping[str, Any],
    ) -> None:
        """State a pilot's site anew, where that changes it."""
        stated = (await site_store.read_sites(transaction.connection, [pilot.id])).get(pilot.id)
        before = stated or Site(division_code=pilot.division_code)
        after = replace(before, **changes)
        if after == before:
            return
        refuse(check_site(after))
        kind = EntryKind.PILOT_SITE_STATED
        position = transaction.append(caller.actor, kind, {}, pilot.id)
        await state_site(transaction, position, pilot.id, after, self._same_site_metres)

    async def place_pilot(
        self, principal: Principal | None, key: str, command: PlacePilot
    ) -> Outcome:
        """Say which pilot surrounds a pilot from now on. The outcome is at the position of that.

        Refused: a pilot that would lie in itself (`SurroundingPilotCycle`).
        """
        caller = authorise(principal, Action.REGISTER_PILOT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            pilot = await _pilot(connection, command.pilot_id, "pilot")
            authorise_owner(caller, pilot.operator_id)
            if command.surrounding_id is not None:
                outer = await _pilot(connection, command.surrounding_id, "surrounding_pilot")
                surrounding = await store.read_surrounding(
                    connection, [outer.id], transaction.head.position
                )
                found = await store.read_pilots(connection, surrounding[outer.id])
                chain = [outer, *(found[pilot_id] for pilot_id in surrounding[outer.id])]
                refuse(check_placement(pilot, chain))
            return await _place(transaction, caller, pilot.id, command.surrounding_id)

        return await self._log.once(caller.actor, Request.of(key, "placePilot", command), work)

    async def record_overlap(
        self, principal: Principal | None, key: str, command: RecordOverlap
    ) -> Outcome:
        """Say that two pilots share ground; saying it again changes nothing and succeeds. The outcome is at the
        position of that, or else the pilot's. Refused: another's pilot, one that there is not, itself, one that
        lies in the other."""
        caller = authorise(principal, Action.REGISTER_PILOT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            pilot = await _pilot(connection, command.pilot_id, "pilot")
            authorise_owner(caller, pilot.operator_id)
            other = await _pilot(connection, command.other_id, "other")
            surrounding = await store.read_surrounding(
                connection, [pilot.id, other.id], transaction.head.position
            )
            refuse(check_beside(pilot, other, surrounding))
            pair = (pilot.id, other.id)
            if await store.read_overlaps(connection, pair, transaction.head.position):
                return pilot.id
            position = transaction.append(
                caller.actor, EntryKind.PILOT_OVERLAP_RECORDED, {"other": other.id}, pilot.id
            )
            await store.insert_overlap(connection, position, pair)
            return position

        request = Request.of(key, "recordPilotOverlap", command)
        return await self._log.once(caller.actor, request, work)

    async def register_period(
        self, principal: Principal | None, key: str, command: RegisterAccountingPeriod
    ) -> Outcome:
        """Give a pilot one more accounting period (核算期): at most a year, as a rule a calendar year.

        Refused: days of another period of the pilot (`AccountingPeriodOverlap`); days out of order, or more than a
        year.
        """
        caller = authorise(principal, Action.REGISTER_PILOT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            pilot = await _pilot(connection, command.pilot_id, "pilot")
            authorise_owner(caller, pilot.operator_id)
            refuse(check_span(command.span))
            registered = await store.read_periods_of(connection, [pilot.id])
            refuse(check_overlap(command.span, registered.get(pilot.id, [])))
            period = _new_period(transaction, caller, pilot.id, command)
            await store.insert_periods(connection, [period])
            return period.id

        return await self._log.once(
            caller.actor, Request.of(key, "registerAccountingPeriod", command), work
        )

    async def withdraw_period(
        self, principal: Principal | None, key: str, period_id: PeriodId
    ) -> Outcome:
        """Take a period back that was registered wrongly, as long as nothing rests on it.

        Refused: `AccountingPeriodInUse`, which names what does; `AccountingPeriodWithdrawn`.
        """
        caller = authorise(principal, Action.REGISTER_PILOT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            period = await _registered(connection, period_id)
            pilot = (await store.read_pilots(connection, [period.pilot_id]))[period.pilot_id]
            authorise_owner(caller, pilot.operator_id)
            inventories, postings, targets = [
                await rests(connection, period.id) for rests in self._on_period
            ]
            refuse(
                check_withdrawal(period, inventories, postings, targets),
                "accounting_period",
            )
            kind = EntryKind.ACCOUNTING_PERIOD_WITHDRAWN
            position = transaction.append(caller.actor, kind, {"pilot": pilot.id}, period.id)
            await store.withdraw_period(connection, period.id, position)
            return period.id

        request = Request.of(key, "withdrawAccountingPeriod", period_id)
        return await self._log.once(caller.actor, request, work)

    async def pilots(self, ids: Collection[PilotId]) -> dict[PilotId, Pilot]:
        """The pilots of these ids as they are; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_pilots(connection, ids)

    async def pilots_then(
        self, keys: Sequence[tuple[PilotId, Position]]
    ) -> dict[tuple[PilotId, Position], Pilot]:
        """The pilots as they stood, by (pilot, position); none where it was not registered by then."""
        async with self._log.database.read() as connection:
            found = await store.read_pilots_then(connection, keys)
        return {key: pilot.then for key, pilot in found.items()}

    async def page_amendments_of(
        self, pilots: Sequence[PilotId], page: Page
    ) -> dict[PilotId, list[PilotAmendment]]:
        """For each pilot a page of what was amended of it, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_amendments_of(connection, pilots, page)

    async def count_amendments_of(self, pilots: Sequence[PilotId]) -> dict[PilotId, int]:
        """How often each pilot was amended; none that never was."""
        async with self._log.database.read() as connection:
            return await store.count_amendments_of(connection, pilots)

    async def sites(self, subjects: Collection[int]) -> dict[int, Site]:
        """Where pilots and projects are, as it was stated last; nothing of those that never were."""
        async with self._log.database.read() as connection:
            return await site_store.read_sites(connection, subjects)

    async def page_at_site(self, subjects: Sequence[int], page: Page) -> dict[int, list[AtSite]]:
        """What pilots and projects are at one site with, and what was found of it."""
        async with self._log.database.read() as connection:
            return await site_store.page_at_site(connection, subjects, page)

    async def count_at_site(self, subjects: Sequence[int]) -> dict[int, int]:
        """With how many things each pilot or project is at one site."""
        async with self._log.database.read() as connection:
            return await site_store.count_at_site(connection, subjects)

    async def find_pilot(self, code: str) -> Pilot | None:
        """The pilot of a code; None where there is none."""
        async with self._log.database.read() as connection:
            return await store.find_pilot(connection, code)

    async def find_pilot_with_periods(self, code: str) -> PilotWithPeriods | None:
        """The pilot of a code, with its accounting periods; None where there is none."""
        async with self._log.database.read() as connection:
            return await store.find_pilot_with_periods(connection, code)

    async def pilots_with_periods(
        self, ids: Collection[PilotId]
    ) -> dict[PilotId, PilotWithPeriods]:
        """The pilots of these ids, each with its accounting periods; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_pilots_with_periods(connection, ids)

    async def list_pilots(
        self, narrowed: PilotFilter, page: Page, order: PilotOrderField = PilotOrderField.CODE
    ) -> list[Pilot]:
        """A page of the pilots that are meant, in an order, and one more."""
        async with self._log.database.read() as connection:
            return await store.list_pilots(connection, narrowed, page, order)

    async def count_pilots(self, narrowed: PilotFilter) -> int:
        """How many pilots are meant."""
        async with self._log.database.read() as connection:
            return await store.count_pilots(connection, narrowed)

    async def count_pilots_there(self, narrowed: PilotFilter) -> list[PilotsThere]:
        """How many of the pilots that are meant there are of each variant and city."""
        async with self._log.database.read() as connection:
            return await store.count_pilots_there(connection, narrowed)

    async def count_surrounding(self, ids: Collection[int], as_of: Position) -> dict[int, int]:
        """How many pilots lay around each as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_surrounding(connection, ids, as_of)

    async def count_within(self, ids: Collection[int], as_of: Position) -> dict[int, int]:
        """How many pilots lay right in each as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_within(connection, ids, as_of)

    async def count_periods_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, int]:
        """How many accounting periods of each pilot stood as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_periods_of(connection, pilots, as_of)

    async def page_surrounding(
        self, ids: Collection[int], at: tuple[Position, Page]
    ) -> dict[int, list[tuple[int, PilotId]]]:
        """For each pilot a page of those around it as of a position, and one more: how many lie between, counted from
        1, and which it is."""
        async with self._log.database.read() as connection:
            return await store.page_surrounding(connection, ids, *at)

    async def page_within(
        self, ids: Collection[int], at: tuple[Position, Page]
    ) -> dict[int, list[PilotId]]:
        """For each pilot a page of those that lay right in it as of a position, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_within(connection, ids, *at)

    async def periods(self, ids: Collection[PeriodId]) -> dict[PeriodId, AccountingPeriod]:
        """The accounting periods of these ids, withdrawn ones too; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_periods(connection, ids)

    async def periods_of(
        self, pilots: Collection[PilotId]
    ) -> dict[PilotId, list[AccountingPeriod]]:
        """All periods of each pilot, those that were withdrawn too, in the order of their days."""
        async with self._log.database.read() as connection:
            return await store.read_every_period_of(connection, pilots)

    async def page_periods_of(
        self, pilots: Sequence[PilotId], at: tuple[Position, Page]
    ) -> dict[PilotId, list[AccountingPeriod]]:
        """For each pilot a page of the accounting periods that stood as of a position, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_periods_of(connection, pilots, *at)


async def register(
    transaction: Transaction, caller: Principal, command: RegisterPilot, same_site_metres: int
) -> PilotId:
    """Register a pilot within a change, with its place and its periods; where it was born."""
    connection = transaction.connection
    refuse(check_pilot(command, china_day(transaction.head.at)))
    if command.site is not None:
        refuse(check_site(command.site))
    await _check_operator(connection, command.operator_id)
    taken = await store.find_pilot(connection, command.code)
    if taken is not None:
        raise Refused(PilotCodeTaken(pilot_code=taken.code, pilot_id=taken.id, path=("code",)))
    if command.surrounding_id is not None:
        await _pilot(connection, command.surrounding_id, "surrounding_pilot")
    body = {"code": command.code, "variant": command.variant}
    pilot_id = PilotId(transaction.append(caller.actor, EntryKind.PILOT_REGISTERED, body))
    await store.insert_pilot(connection, _new_pilot(pilot_id, command))
    if command.site is not None:
        await state_site(transaction, Position(pilot_id), pilot_id, command.site, same_site_metres)
    await _place(transaction, caller, pilot_id, command.surrounding_id)
    await _add_periods(transaction, caller, pilot_id, command)
    return pilot_id


async def _registered(connection: AsyncConnection, period_id: PeriodId) -> AccountingPeriod:
    found = await store.read_periods(connection, [period_id])
    if period_id not in found:
        path = ("accounting_period",)
        raise Refused(NotFound.born_at(period_id, "核算期", "accounting period", *path))
    return found[period_id]


async def _check_operator(connection: AsyncConnection, operator_id: OrganisationId) -> None:
    found = await access_store.read_organisations(connection, [operator_id])
    if operator_id not in found:
        raise Refused(organisation_not_found(operator_id, "operator"))
    operator = found[operator_id]
    if operator.role is not Role.PILOT_OPERATOR:
        raise Refused(
            InvalidInput(
                path=("operator",),
                value=operator.name.en,
                expected_zh=f"角色为{Role.PILOT_OPERATOR}的组织",
                expected_en=f"an organisation with the role {Role.PILOT_OPERATOR}",
            )
        )


async def _pilot(connection: AsyncConnection, pilot_id: PilotId, field: str) -> Pilot:
    found = await store.read_pilots(connection, [pilot_id])
    if pilot_id not in found:
        raise Refused(pilot_not_found(pilot_id, field))
    return found[pilot_id]


def _new_pilot(pilot_id: PilotId, command: RegisterPilot) -> Pilot:
    return Pilot(
        id=pilot_id,
        code=command.code,
        variant=command.variant,
        name=command.name,
        applicant_kind=command.applicant_kind,
        applicant_name=command.applicant_name,
        division_code=command.division_code,
        establishment=command.establishment,
        operation_starts_on=command.operation_starts_on,
        operator_id=command.operator_id,
        statement_visibility=command.statement_visibility,
        line_visibility=command.line_visibility,
    )


async def _place(
    transaction: Transaction, caller: Principal, pilot_id: PilotId, surrounding_id: PilotId | None
) -> int:
    body = {"surrounding_pilot": surrounding_id}
    position = transaction.append(caller.actor, EntryKind.PILOT_PLACED, body, subject=pilot_id)
    await store.insert_placement(transaction.connection, position, pilot_id, surrounding_id)
    return position


async def _add_periods(
    transaction: Transaction, caller: Principal, pilot_id: PilotId, command: RegisterPilot
) -> None:
    periods = [
        _new_period(transaction, caller, pilot_id, RegisterAccountingPeriod(pilot_id, span))
        for span in command.periods
    ]
    await store.insert_periods(transaction.connection, periods)


def _new_period(
    transaction: Transaction,
    caller: Principal,
    pilot_id: PilotId,
    command: RegisterAccountingPeriod,
) -> AccountingPeriod:
    span = command.span
    body = {"pilot": pilot_id, "starts_on": str(span.starts_on), "ends_on": str(span.ends_on)}
    position = transaction.append(caller.actor, EntryKind.ACCOUNTING_PERIOD_REGISTERED, body)
    return AccountingPeriod(PeriodId(position), pilot_id, span)
