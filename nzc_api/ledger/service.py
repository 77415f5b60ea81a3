"""What can be done with credits: register and enrol projects, issue, transfer, retire."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import (
    Action,
    Principal,
    Role,
    authorise,
    authorise_programme,
)
from nzc_api.guide.guide import GUIDE
from nzc_api.ledger import project_store, store
from nzc_api.ledger.commands import (
    ActOnBatch,
    ActOnSerials,
    Command,
    ConfirmRetirement,
    CorrectPosting,
    EndRequest,
    EnrolProject,
    IssueCredits,
    RegisterProject,
    RequestEnd,
    RequestRetirement,
    ResolveDoubleIssuance,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
    UseCredits,
)
from nzc_api.ledger.errors import EnrolmentTaken, ProjectCodeTaken, RetiredAfterClosure
from nzc_api.ledger.form import check_grounds
from nzc_api.ledger.model import Enrolment, Project
from nzc_api.ledger.poster import Poster, Unit
from nzc_api.ledger.programmes import Programme, ProgrammeRule
from nzc_api.ledger.rules.issued_by_one import check_resolution
from nzc_api.ledger.rules.really_issued import check_enrolment
from nzc_api.ledger.rules.sold_sinks import check_forestry
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import Log, Transaction
from nzc_api.log.store import Outcome
from nzc_api.numbers import check_number
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.model import Pilot
from nzc_api.pilots.rules import PILOT_CODE, new_bounds
from nzc_api.pilots.service import china_day, pilot_not_found
from nzc_api.pilots.sites import check_site
from nzc_api.pilots.stating import state_site
from nzc_api.refusal import InvalidInput, NotFound, Refused, refuse
from nzc_api.text import checked_name, saying_problem

_VERBS: Mapping[type[Command], str] = {
    IssueCredits: "issueCredits",
    TransferCredits: "transferCredits",
    RetireSerials: "retireCredits",
    RetireQuantity: "retireCredits",
    RequestRetirement: "requestRetirement",
    ConfirmRetirement: "confirmRetirement",
    EndRequest: "endRetirementRequest",
    UseCredits: "useCredits",
    ActOnSerials: "actOnSerials",
    ActOnBatch: "actOnBatch",
    CorrectPosting: "correctPosting",
}

# Requests that are ended at once when their time is over.
MOST_EXPIRED = 100


class LedgerService:
    """What the ledger room can do."""

    def __init__(
        self, log: Log, poster: Poster, programmes: Mapping[str, Programme], same_site_metres: int
    ) -> None:
        self._log = log
        self._poster = poster
        self._programmes = programmes
        self._same_site_metres = same_site_metres

    async def post(self, principal: Principal | None, key: str, command: Command) -> Outcome:
        """Post a command; the caller must be a registry of its programme."""
        return await self._poster.post(self._unit(principal, key, command))

    async def post_about(self, principal: Principal | None, key: str, command: Command) -> Outcome:
        """Post a command about a posting or a batch, which says what its programme is."""
        caller = authorise(principal, Action.POST_CREDITS)
        if not command.programme:
            programme = await self._programme_of(command) or min(caller.programmes)
            command = replace(command, programme=programme)
        return await self.post(caller, key, command)

    async def post_each(
        self, principal: Principal | None, items: Mapping[int, tuple[str, Command]]
    ) -> dict[int, Outcome]:
        """Post commands in order, each under its own key; one that is refused stops no other.

        Items are named by their numbers in the request, and so are the outcomes.
        """
        units = [
            self._unit(principal, key, command)._replace(path=("input", "items", str(number)))
            for number, (key, command) in items.items()
        ]
        return dict(zip(items, await self._poster.post_all(units), strict=True))

    async def post_together(
        self, principal: Principal | None, key: str, commands: Sequence[Command]
    ) -> Outcome:
        """Post all commands under one key, or none; the first one's position is the outcome's."""
        caller = authorise(principal, Action.POST_CREDITS)
        for command in commands:
            authorise_programme(caller, command.programme)
        content = [[_VERBS[type(command)], command] for command in commands]
        unit = Unit(
            caller.actor,
            Request.of(key, "together", content),
            tuple(commands),
            path=("input", "items"),
            numbered=True,
        )
        return await self._poster.post(unit)

    async def _programme_of(self, command: Command) -> str | None:
        """The programme of what a command is about; None where there is no such thing."""
        async with self._log.database.read() as connection:
            if isinstance(command, ActOnBatch):
                batches = await store.read_batches(connection, [command.batch_id])
                return batches[command.batch_id].programme if batches else None
            assert isinstance(command, ConfirmRetirement | EndRequest | CorrectPosting)
            position = (
                command.posting_id if isinstance(command, CorrectPosting) else command.request_id
            )
            posted = await store.read_posted(connection, [position])
            return posted[position].programme if posted else None

    async def end_expired(self) -> int:
        """End requests whose time is over, as the operator; how many were ended."""
        async with self._log.database.read() as connection:
            expired = await store.read_expired(connection, MOST_EXPIRED)
        units = [
            Unit(Actor(), Request.of(f"expire-{uuid4()}", "expire", command), (command,))
            for command in (EndRequest(r, p, RequestEnd.EXPIRED) for r, p in expired)
        ]
        outcomes = await self._poster.post_all(units) if units else []
        return sum(outcome.position is not None for outcome in outcomes)

    def _unit(self, principal: Principal | None, key: str, command: Command) -> Unit:
        caller = authorise(principal, Action.POST_CREDITS)
        authorise_programme(caller, command.programme)
        request = Request.of(key, _VERBS[type(command)], command)
        return Unit(caller.actor, request, (command,))

    async def resolve_double_issuance(
        self, principal: Principal | None, key: str, command: ResolveDoubleIssuance
    ) -> Outcome:
        """Say what was found of two batches that looked like one reduction issued twice."""
        caller = authorise(principal, Action.RESOLVE_DOUBLE_ISSUANCE)

        async def work(transaction: Transaction) -> int:
            refuse(check_grounds(command.grounds), "input")
            doubles = await store.read_doubles(transaction.connection, [command.batch_id])
            refuse(check_resolution(command, doubles), "input")
            body = {
                "batch": command.batch_id, "other": command.other_id, "finding": command.finding,
            }  # fmt: skip
            position = transaction.append(
                caller.actor, EntryKind.DOUBLE_ISSUANCE_RESOLVED, body, command.batch_id
            )
            await store.insert_resolution(transaction.connection, position, command)
            return command.batch_id

        request = Request.of(key, "resolveDoubleIssuance", command)
        return await self._log.once(caller.actor, request, work)

    async def register_project(
        self, principal: Principal | None, key: str, command: RegisterProject
    ) -> Outcome:
        """Register a project: the physical activity, wherever it may be enrolled later."""
        caller = authorise(principal, Action.REGISTER_PROJECT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            _check_project(command)
            taken = await project_store.find_project(connection, command.code)
            if taken is not None:
                raise Refused(
                    ProjectCodeTaken(
                        path=("input", "code"), project_code=taken.code, project_id=taken.id
                    )
                )
            if command.pilot_id is not None:
                found = await pilots_store.read_pilots(connection, [command.pilot_id])
                if not found:
                    raise Refused(pilot_not_found(command.pilot_id, "pilot"))
            body = {
                "code": command.code, "forestry": command.forestry, "pilot": command.pilot_id,
            }  # fmt: skip
            position = transaction.append(caller.actor, EntryKind.PROJECT_REGISTERED, body)
            project = _new_project(position, command)
            await project_store.insert_project(connection, project)
            await state_site(
                transaction, position, position, project.stated, self._same_site_metres
            )
            return position

        request = Request.of(key, "registerProject", command)
        return await self._log.once(caller.actor, request, work)

    async def enrol_project(
        self, principal: Principal | None, key: str, command: EnrolProject
    ) -> Outcome:
        """Record a project's registration (项目登记) in a programme."""
        caller = authorise(principal, Action.REGISTER_PROJECT)
        if caller.role is Role.REGISTRY:
            authorise_programme(caller, command.programme)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            rule = self._rule(command)
            refuse(check_number(command.number, "number"), "input")
            if command.methodology is not None:
                refuse(saying_problem(command.methodology, "methodology"), "input")
            if command.registered_on > china_day(transaction.head.at):
                raise Refused(_future(command))
            refuse(check_enrolment(command, rule), "input")
            project = await _check_not_enrolled(connection, command)
            refuse(check_forestry(project, command.methodology), "input")
            body = {
                "project": command.project_id, "programme": command.programme,
                "rule": command.rule, "number": command.number,
                "methodology": command.methodology,
            }  # fmt: skip
            position = transaction.append(
                caller.actor, EntryKind.PROJECT_ENROLLED, body, command.project_id
            )
            await project_store.insert_enrolment(connection, _new_enrolment(position, command))
            return command.project_id

        request = Request.of(key, "enrolProject", command)
        return await self._log.once(caller.actor, request, work)

    def _rule(self, command: EnrolProject) -> ProgrammeRule:
        programme = self._programmes[command.programme]
        rule = programme.rule(command.rule)
        if rule is None:
            known = ", ".join(rule.code for rule in programme.rules)
            raise Refused(
                InvalidInput(
                    path=("input", "rule"),
                    value=command.rule[:80],
                    expected_zh=f"{programme.code}的规则之一：{known}",
                    expected_en=f"one of the rules of {programme.code}: {known}",
                )
            )
        return rule


async def _check_not_enrolled(connection: AsyncConnection, command: EnrolProject) -> Project:
    """The project, which is not registered in the programme."""
    found = await project_store.read_projects(connection, [command.project_id])
    if not found:
        raise Refused(project_not_found(command.project_id))
    enrolments = (await project_store.read_enrolments_of(connection, [command.project_id]))[
        command.project_id
    ]
    taken = next((e for e in enrolments if e.programme == command.programme), None)
    taken = taken or await project_store.find_enrolment(
        connection, command.programme, command.number
    )
    if taken is not None:
        raise Refused(
            EnrolmentTaken(
                path=("input", "number"),
                programme=taken.programme,
                number=taken.number,
                project_id=taken.project_id,
            )
        )
    return found[command.project_id]


def project_not_found(project_id: int) -> NotFound:
    return NotFound.born_at(project_id, "项目", "project", "input", "project")


def _check_project(command: RegisterProject) -> None:
    if not PILOT_CODE.fullmatch(command.code):
        raise Refused(
            InvalidInput(
                path=("input", "code"),
                value=command.code[:80],
                expected_zh="1至40个大写字母、数字或连字符，首尾不为连字符",
                expected_en="1 to 40 capital letters, digits or hyphens, no hyphen at the ends",
            )
        )
    checked_name(command.name.zh, "input", "name", "zh")
    checked_name(command.name.en, "input", "name", "en")
    checked_name(command.site, "input", "site")
    refuse(check_site(_new_project(0, command).stated), "input")
    refuse(check_division(command.division_code), "input")


def check_division(code: str | None) -> InvalidInput | None:
    """Refuse a code that is no city's of Guangdong."""
    if code is None or GUIDE.division(code) is not None:
        return None
    return InvalidInput(
        path=("administrativeDivision",),
        value=code[:80],
        expected_zh="广东省地级市的行政区划代码；省外项目留空",
        expected_en="the code of a city of Guangdong; none for a project elsewhere",
    )


async def object_to_closure(
    connection: AsyncConnection, before: Pilot, after: Pilot
) -> RetiredAfterClosure | None:
    """What the credits retired for a pilot have against its closure."""
    _, closed_on = new_bounds(before, after)
    if closed_on is None:
        return None
    tonnes = await store.read_retired_after(connection, before.id, closed_on)
    return RetiredAfterClosure.of(closed_on, tonnes, "closedOn") if tonnes else None


def _future(command: EnrolProject) -> InvalidInput:
    return InvalidInput(
        path=("input", "registeredOn"),
        value=str(command.registered_on),
        expected_zh="不晚于今天的日期",
        expected_en="a day that is not after today",
    )


def _new_project(position: int, command: RegisterProject) -> Project:
    return Project(
        position,
        command.code,
        command.name,
        command.forestry,
        command.site,
        command.division_code,
        command.latitude,
        command.longitude,
        command.pilot_id,
        command.site_code,
    )


def _new_enrolment(position: int, command: EnrolProject) -> Enrolment:
    return Enrolment(
        position,
        command.project_id,
        command.programme,
        command.rule,
        command.number,
        command.registered_on,
        command.methodology,
    )
