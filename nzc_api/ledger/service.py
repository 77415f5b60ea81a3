"""What can be done with credits: register and enrol projects, issue, transfer, retire."""

import re
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import (
    Action,
    Principal,
    Role,
    authorise,
    authorise_programme,
)
from nzc_api.guide.guide import GUIDE
from nzc_api.ledger import store
from nzc_api.ledger.errors import EnrolmentTaken, ProjectCodeTaken
from nzc_api.ledger.model import (
    Command,
    Enrolment,
    EnrolProject,
    IssueCredits,
    Project,
    RegisterProject,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
)
from nzc_api.ledger.poster import Poster
from nzc_api.ledger.programmes import Programme, ProgrammeRule
from nzc_api.ledger.rules.really_issued import check_enrolment
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.log.store import Outcome
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.rules import PILOT_CODE
from nzc_api.pilots.service import china_day, pilot_not_found
from nzc_api.refusal import InvalidInput, NotFound, Refusal, Refused, refuse
from nzc_api.text import checked_name

# A registry's own reference or number: an identifier, never a text about people.
REFERENCE = re.compile(r"[A-Za-z0-9〔〕（）()\[\]._/#-]{1,64}")

_VERBS: Mapping[type[Command], str] = {
    IssueCredits: "issueCredits",
    TransferCredits: "transferCredits",
    RetireSerials: "retireCredits",
    RetireQuantity: "retireCredits",
}


class LedgerService:
    """What the ledger room can do."""

    def __init__(self, log: Log, poster: Poster, programmes: Mapping[str, Programme]) -> None:
        self._log = log
        self._poster = poster
        self._programmes = programmes

    async def post(self, principal: Principal | None, key: str, command: Command) -> Outcome:
        """Issue, transfer or retire; the caller must be a registry of the command's programme."""
        caller = authorise(principal, Action.POST_CREDITS)
        authorise_programme(caller, command.programme)
        if isinstance(command, RetireSerials | RetireQuantity) and command.reference is not None:
            problem = _check_reference(command.reference, "registryReference")
            if problem is not None:
                return Outcome(None, problem.under("input"))
        request = Request.of(key, _VERBS[type(command)], command)
        return await self._poster.post(caller.actor, request, command)

    async def register_project(
        self, principal: Principal | None, key: str, command: RegisterProject
    ) -> Outcome:
        """Register a project: the physical activity, wherever it may be enrolled later."""
        caller = authorise(principal, Action.REGISTER_PROJECT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            _check_project(command)
            taken = await store.find_project(connection, command.code)
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
            await store.insert_project(connection, _new_project(position, command))
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
            refuse(_check_reference(command.number, "number"), "input")
            if command.registered_on > china_day(transaction.head.at):
                raise Refused(_future(command))
            refuse(check_enrolment(command, rule), "input")
            await _check_not_enrolled(connection, command)
            body = {
                "project": command.project_id, "programme": command.programme,
                "rule": command.rule, "number": command.number,
            }  # fmt: skip
            position = transaction.append(
                caller.actor, EntryKind.PROJECT_ENROLLED, body, command.project_id
            )
            await store.insert_enrolment(connection, _new_enrolment(position, command))
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


async def _check_not_enrolled(connection: AsyncConnection, command: EnrolProject) -> None:
    found = await store.read_projects(connection, [command.project_id])
    if not found:
        raise Refused(project_not_found(command.project_id))
    enrolments = (await store.read_enrolments_of(connection, [command.project_id]))[
        command.project_id
    ]
    taken = next((e for e in enrolments if e.programme == command.programme), None)
    taken = taken or await store.find_enrolment(connection, command.programme, command.number)
    if taken is not None:
        raise Refused(
            EnrolmentTaken(
                path=("input", "number"),
                programme=taken.programme,
                number=taken.number,
                project_id=taken.project_id,
            )
        )


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
    if command.division_code is not None and GUIDE.division(command.division_code) is None:
        raise Refused(
            InvalidInput(
                path=("input", "administrativeDivision"),
                value=command.division_code[:80],
                expected_zh="广东省地级市的行政区划代码；省外项目留空",
                expected_en="the code of a city of Guangdong; none for a project elsewhere",
            )
        )
    for field, value, limit in (
        ("latitude", command.latitude, 90),
        ("longitude", command.longitude, 180),
    ):
        if (command.latitude is None) != (command.longitude is None) or (
            value is not None and abs(value) > limit
        ):
            raise Refused(
                InvalidInput(
                    path=("input", "coordinates", field),
                    value=str(value),
                    expected_zh=f"−{limit}至{limit}之间的十进制度数，经纬度成对",
                    expected_en=f"decimal degrees from −{limit} to {limit}, both or neither",
                )
            )


def _check_reference(reference: str, field: str) -> Refusal | None:
    if REFERENCE.fullmatch(reference):
        return None
    return InvalidInput(
        path=(field,),
        value=reference[:80],
        expected_zh="1至64个字母、数字或 ._/#-()[]〔〕（） 组成的编号",
        expected_en="a number of 1 to 64 letters, digits or ._/#-()[]〔〕（）",
    )


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
    )


def _new_enrolment(position: int, command: EnrolProject) -> Enrolment:
    return Enrolment(
        position,
        command.project_id,
        command.programme,
        command.rule,
        command.number,
        command.registered_on,
    )
