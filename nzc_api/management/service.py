"""What can be done to manage a pilot: establish posts and say who holds them, assign duties to units, publish rules and
repeal them, record upkeep."""

import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise
from nzc_api.accounting.exact import plain
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import AppointmentId, ManagementRuleId, PilotId, Position, PostId
from nzc_api.inventories.model import DutyUnitEmissions
from nzc_api.inventories.owned import own_pilot
from nzc_api.inventories.sums_store import read_units
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.management import store
from nzc_api.management.commitments import SALT_BYTES, commitment
from nzc_api.management.model import (
    AppointHolder,
    Appointment,
    AssignDuty,
    Duty,
    EraseHolderName,
    EstablishPost,
    ManagedThing,
    ManagementRule,
    Post,
    PublishRule,
    RecordUpkeep,
    Repeal,
    RepealRule,
    Upkeep,
    UpkeepSystem,
)
from nzc_api.management.rules import (
    check_appointment,
    check_code_free,
    check_duty,
    check_erasure,
    check_post,
    check_repeal,
    check_room,
    check_rule,
    check_upkeep,
)
from nzc_api.refusal import NotFound, Refused, refuse

K = TypeVar("K", bound=int)
T = TypeVar("T")

# What finds things by their ids: `store.read_…`.
Read = Callable[[AsyncConnection, Collection[K]], Awaitable[Mapping[K, T]]]


class ManagementService:
    """What the management room can do."""

    def __init__(self, log: Log) -> None:
        self._log = log

    async def establish_post(
        self, principal: Principal | None, key: str, command: EstablishPost
    ) -> Outcome:
        """Establish a post of the caller's own pilot (碳排放管理岗, section 四（三） of the guide).

        Refused: a code that another one has (`PostCodeTaken`); the 101st (`ManagementFull`).
        """
        caller = authorise(principal, Action.WRITE_MANAGEMENT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_post(command))
            pilot = await own_pilot(connection, caller, command.pilot_id)
            posts = (await store.read_posts_of(connection, [pilot.id])).get(pilot.id, [])
            refuse(check_room(pilot, ManagedThing.POST, len(posts)))
            refuse(check_code_free(pilot, command.code, posts))
            item = Post(
                id=PostId(transaction.next_position),
                pilot_id=pilot.id,
                code=command.code,
                post_kind=command.post_kind,
                name=command.name,
                responsibilities=command.responsibilities,
            )
            body = {"pilot": pilot.id, "code": item.code, "kind": item.post_kind}
            transaction.append(caller.actor, EntryKind.POST_ESTABLISHED, body)
            await store.insert_post(connection, item)
            return item.id

        return await self._once(caller, key, "establishPost", command, work)

    async def appoint_holder(
        self, principal: Principal | None, key: str, command: AppointHolder
    ) -> Outcome:
        """Say who holds a post from a day on; the log has a commitment, not the name. Section 四（三） of
        the guide.

        Refused: from a day on from which, or after which, somebody is appointed already (`AppointmentOutOfOrder`).
        """
        caller = authorise(principal, Action.WRITE_MANAGEMENT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            post = await _found(connection, store.read_posts, command.post_id, "岗位", "post")
            await own_pilot(connection, caller, post.pilot_id)
            refuse(check_appointment(post, command, china_day(transaction.head.at)))
            salt, holder = secrets.token_bytes(SALT_BYTES), command.holder
            bound = None if holder is None else commitment(salt, holder)
            item = Appointment(
                id=AppointmentId(transaction.next_position),
                post_id=post.id,
                starts_on=command.starts_on,
                document=command.document,
                commitment=bound,
                holder=holder,
            )
            body = {
                "post": post.id,
                "starts_on": str(item.starts_on),
                "commitment": None if bound is None else bound.hex(),
            }
            transaction.append(caller.actor, EntryKind.HOLDER_APPOINTED, body)
            await store.insert_appointment(connection, item, salt)
            return item.id

        return await self._once(caller, key, "appointHolder", command, work)

    async def erase_name(
        self, principal: Principal | None, key: str, command: EraseHolderName
    ) -> Outcome:
        """Erase the name of who held a post, with its salt; that somebody was appointed stays.

        Refused: where none is kept (`HolderNameNotKept`).
        """
        caller = authorise(principal, Action.ERASE_NAME)

        async def work(transaction: Transaction) -> int:
            connection, read = transaction.connection, store.read_appointments
            given = command.appointment_id
            item = await _found(connection, read, given, "任职记录", "appointment")
            posts = await store.read_posts(connection, [item.post_id])
            await own_pilot(connection, caller, posts[item.post_id].pilot_id)
            refuse(check_erasure(item))
            kind = EntryKind.HOLDER_NAME_ERASED
            position = transaction.append(caller.actor, kind, {}, item.id)
            await store.erase_name(connection, item.id, position)
            return item.id

        return await self._once(caller, key, "eraseHolderName", command, work)

    async def assign_duty(
        self, principal: Principal | None, key: str, command: AssignDuty
    ) -> Outcome:
        """Say what a unit of the caller's own pilot may emit in a year, t CO2e (目标责任制); the latest one of a unit
        and year counts. Refused: the 501st (`ManagementFull`). Section 四（三） of the guide."""
        caller = authorise(principal, Action.WRITE_MANAGEMENT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_duty(command))
            pilot = await own_pilot(connection, caller, command.pilot_id)
            others = (await store.read_duties_of(connection, [pilot.id])).get(pilot.id, [])
            refuse(check_room(pilot, ManagedThing.DUTY, len(others)))
            item = Duty(
                id=transaction.next_position,
                pilot_id=pilot.id,
                unit=command.unit,
                unit_name=command.unit_name,
                year=command.year,
                ceiling=command.ceiling,
                document=command.document,
            )
            body = {
                "pilot": pilot.id,
                "unit": item.unit,
                "year": item.year,
                "ceiling": plain(item.ceiling),
            }
            transaction.append(caller.actor, EntryKind.DUTY_ASSIGNED, body)
            await store.insert_duty(connection, item)
            return item.id

        return await self._once(caller, key, "assignDuty", command, work)

    async def publish_rule(
        self, principal: Principal | None, key: str, command: PublishRule
    ) -> Outcome:
        """Publish a rule of the caller's own pilot (碳排放管理制度). Refused: the 201st (`ManagementFull`). Section
        四（三） of the guide."""
        caller = authorise(principal, Action.WRITE_MANAGEMENT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_rule(command))
            pilot = await own_pilot(connection, caller, command.pilot_id)
            others = (await store.read_rules_of(connection, [pilot.id])).get(pilot.id, [])
            refuse(check_room(pilot, ManagedThing.RULE, len(others)))
            item = ManagementRule(
                id=ManagementRuleId(transaction.next_position),
                pilot_id=pilot.id,
                title=command.title,
                document=command.document,
                starts_on=command.starts_on,
                ends_on=command.ends_on,
            )
            body = {
                "pilot": pilot.id,
                "starts_on": str(item.starts_on),
                "ends_on": None if item.ends_on is None else str(item.ends_on),
            }
            transaction.append(caller.actor, EntryKind.RULE_PUBLISHED, body)
            await store.insert_rule(connection, item)
            return item.id

        return await self._once(caller, key, "publishRule", command, work)

    async def repeal_rule(
        self, principal: Principal | None, key: str, command: RepealRule
    ) -> Outcome:
        """Say that a rule is in force no longer than to a day. Refused: a second time (`RuleRepealed`). Section
        四（三） of the guide."""
        caller = authorise(principal, Action.WRITE_MANAGEMENT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            rule = await _found(connection, store.read_rules, command.rule_id, "制度", "rule")
            await own_pilot(connection, caller, rule.pilot_id)
            refuse(check_repeal(rule, command))
            body = {"on": str(command.on)}
            position = transaction.append(caller.actor, EntryKind.RULE_REPEALED, body, rule.id)
            repeal = Repeal(position, command.on, command.document)
            await store.insert_repeal(connection, rule.id, repeal)
            return int(rule.id)

        return await self._once(caller, key, "repealRule", command, work)

    async def record_upkeep(
        self, principal: Principal | None, key: str, command: RecordUpkeep
    ) -> Outcome:
        """Record what was done to keep up facilities or greenery of the caller's own pilot. Refused: another's pilot;
        a day to come; a text that is empty or too long. Section 四（三） of the guide."""
        caller = authorise(principal, Action.WRITE_MANAGEMENT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_upkeep(command, china_day(transaction.head.at)))
            pilot = await own_pilot(connection, caller, command.pilot_id)
            item = Upkeep(
                id=transaction.next_position,
                pilot_id=pilot.id,
                system=command.system,
                on=command.on,
                done=command.done,
                document=command.document,
            )
            body = {"pilot": pilot.id, "system": item.system, "on": str(item.on)}
            transaction.append(caller.actor, EntryKind.UPKEEP_RECORDED, body)
            await store.insert_upkeep(connection, item)
            return item.id

        return await self._once(caller, key, "recordUpkeep", command, work)

    async def posts(self, ids: Sequence[PostId]) -> dict[PostId, Post]:
        """The posts of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_posts(connection, ids)

    async def posts_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, list[Post]]:
        """All posts of each pilot, as they stood."""
        async with self._log.database.read() as connection:
            return await store.read_posts_of(connection, pilots, as_of)

    async def appointments(self, ids: Sequence[AppointmentId]) -> dict[AppointmentId, Appointment]:
        """The appointments of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_appointments(connection, ids)

    async def page_appointments_of(
        self, posts: Sequence[int], page: Page
    ) -> dict[int, list[Appointment]]:
        """For each post a page of who held it from when on, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_appointments_of(connection, posts, page)

    async def count_appointments_of(self, posts: Sequence[int]) -> dict[int, int]:
        """How often somebody was appointed to each post."""
        async with self._log.database.read() as connection:
            return await store.count_appointments_of(connection, posts)

    async def duties(self, ids: Sequence[int]) -> dict[int, Duty]:
        """The duties (t CO2e in a year) of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_duties(connection, ids)

    async def duties_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, list[Duty]]:
        """All duties of each pilot, as they stood."""
        async with self._log.database.read() as connection:
            return await store.read_duties_of(connection, pilots, as_of)

    async def units_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, dict[int, DutyUnitEmissions]]:
        """What the units of each pilot emitted by calendar year, by inventories that were verified by then."""
        async with self._log.database.read() as connection:
            return await read_units(connection, pilots, as_of)

    async def rules(
        self, ids: Sequence[ManagementRuleId]
    ) -> dict[ManagementRuleId, ManagementRule]:
        """The management rules of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_rules(connection, ids)

    async def rules_of(
        self, pilots: Sequence[PilotId], as_of: Position
    ) -> dict[PilotId, list[ManagementRule]]:
        """All rules of each pilot, as they stood."""
        async with self._log.database.read() as connection:
            return await store.read_rules_of(connection, pilots, as_of)

    async def upkeep(self, ids: Sequence[int]) -> dict[int, Upkeep]:
        """The upkeep of these ids; an id of none is left out."""
        async with self._log.database.read() as connection:
            return await store.read_upkeep(connection, ids)

    async def page_upkeep_of(
        self, pilots: Sequence[PilotId], asked: tuple[UpkeepSystem | None, Page]
    ) -> dict[PilotId, list[Upkeep]]:
        """For each pilot a page of what was done, of one system or of any, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_upkeep_of(connection, pilots, *asked)

    async def count_upkeep_of(
        self, pilots: Sequence[PilotId], system: UpkeepSystem | None
    ) -> dict[PilotId, int]:
        """How often something was done at each pilot, of one system or of any."""
        async with self._log.database.read() as connection:
            return await store.count_upkeep_of(connection, pilots, system)

    async def _once(
        self,
        caller: Principal,
        key: str,
        verb: str,
        command: object,
        work: Callable[[Transaction], Awaitable[int]],
    ) -> Outcome:
        return await self._log.once(caller.actor, Request.of(key, verb, command), work)


async def _found(connection: AsyncConnection, read: Read[K, T], thing_id: K, zh: str, en: str) -> T:
    found = await read(connection, [thing_id])
    if thing_id not in found:
        raise Refused(NotFound.born_at(thing_id, zh, en, en))
    return found[thing_id]
