"""What can be done with credits: post any command of the ledger, one, each of several or all together; register and
enrol projects, resolve suspected doubles; and, of each, find out what it would do."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import TypeVar
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import (
    Action,
    Principal,
    Role,
    authorise,
    authorise_programme,
)
from nzc_api.china_time import china_day
from nzc_api.grounds import check_grounds
from nzc_api.guide.guide import GUIDE
from nzc_api.ids import PilotId, Position, ProjectId
from nzc_api.ledger import store
from nzc_api.ledger.commands import EnrolProject, RegisterProject, ResolveDoubleIssuance
from nzc_api.ledger.errors.projects import EnrolmentTaken, ProjectCodeTaken
from nzc_api.ledger.errors.retiring import RetiredAfterClosure
from nzc_api.ledger.model import Enrolment, Project, RequestEnd
from nzc_api.ledger.posting.command import Command
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.poster import Poster
from nzc_api.ledger.posting.posting_unit import PostingUnit
from nzc_api.ledger.posting.preview import PostingPreview
from nzc_api.ledger.posting.rehearsal import Rehearsed, rehearse
from nzc_api.ledger.posting.rules.issued_by_one import check_resolution
from nzc_api.ledger.posting.rules.really_issued import check_crediting_period, check_enrolment
from nzc_api.ledger.posting.rules.sold_sinks import check_forestry
from nzc_api.ledger.posting.rules.verified_as_said import check_verification, check_version
from nzc_api.ledger.posting.verb_table import verb_of
from nzc_api.ledger.posting.verbs.ending import EndRequest
from nzc_api.ledger.programmes import PROGRAMMES, ProgrammeRule
from nzc_api.ledger.projects import project_store
from nzc_api.ledger.proposing import proposal_store
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Actor, Request
from nzc_api.log.service import Log, Transaction
from nzc_api.numbers import check_number
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.errors import pilot_not_found
from nzc_api.pilots.model import DateSpan, Pilot
from nzc_api.pilots.rules import PILOT_CODE, new_bounds
from nzc_api.pilots.sites import check_site
from nzc_api.pilots.stating import compare_site, state_site
from nzc_api.refusal import InvalidInput, LocalizedText, NotFound, Refused, refuse
from nzc_api.text import checked_name, saying_problem

C = TypeVar("C")

# What is checked of a command before it is done; raises ``Refused``.
Check = Callable[[AsyncConnection, Head, C], Awaitable[None]]

# Requests that are ended at once when their time is over.
MOST_EXPIRED = 100


class LedgerService:
    """What the ledger room can do."""

    def __init__(self, log: Log, poster: Poster, same_site_metres: int) -> None:
        self._log = log
        self._poster = poster
        self._same_site_metres = same_site_metres

    async def post(
        self, principal: Principal | None, key: str, command: Command, alone: int = 0
    ) -> Outcome:
        """Post a command; the caller must be a registry of its programme. ``alone``: see ``PostingUnit``.

        A refusal is in the outcome: which there are, the verb says (``posting/verbs``). Raises ``AccessDenied`` where
        whoever calls may not, and ``Overloaded`` where too many wait; nothing is posted then.
        """
        unit = await self._unit(principal, key, command)
        return await self._poster.post(unit._replace(alone=alone))

    async def preview(
        self, principal: Principal | None, key: str, command: Command, alone: int = 0
    ) -> PostingPreview | Outcome:
        """What posting a command would do now, or the outcome that it would have; nothing is kept. Refused as that
        would be, by the verb's own file."""
        unit = await self._unit(principal, key, command)
        found = (await self._rehearsed({0: unit._replace(alone=alone)}))[0]
        return found if isinstance(found, Outcome) else found[0]

    async def post_each(
        self, principal: Principal | None, items: Mapping[int, tuple[str, Command]]
    ) -> dict[int, Outcome]:
        """Post commands in order, each under its own key; one that is refused stops no other.

        Items are named by their numbers in the request, and so are the outcomes; what is refused is in them, as by
        ``post``.
        """
        units = await self._units(principal, items)
        return dict(zip(units, await self._poster.post_all([*units.values()]), strict=True))

    async def preview_each(
        self, principal: Principal | None, items: Mapping[int, tuple[str, Command]]
    ) -> dict[int, Rehearsed]:
        """What ``post_each`` would do now; nothing is kept. Refused as that is, each by itself."""
        return await self._rehearsed(await self._units(principal, items))

    async def post_together(
        self, principal: Principal | None, key: str, commands: Sequence[Command]
    ) -> Outcome:
        """Post all commands under one key, or none; the first one's position is the outcome's. Refused: whichever of
        them its verb refuses, told with its number."""
        return await self._poster.post(await self._together(principal, key, commands))

    async def preview_together(
        self, principal: Principal | None, key: str, commands: Sequence[Command]
    ) -> Rehearsed:
        """What ``post_together`` would do now; nothing is kept. Refused as that is."""
        return (await self._rehearsed({0: await self._together(principal, key, commands)}))[0]

    async def _rehearsed(self, units: Mapping[int, PostingUnit]) -> dict[int, Rehearsed]:
        return await rehearse(self._log, units, self._poster.most_alone)

    async def _together(
        self, principal: Principal | None, key: str, commands: Sequence[Command]
    ) -> PostingUnit:
        caller = authorise(principal, Action.POST_CREDITS)
        named = await self._with_programmes(caller, commands)
        content = [[verb_of(command).name, command] for command in named]
        request = Request.of(key, "together", content)
        return PostingUnit(caller.actor, request, tuple(named), numbered=True)

    async def _unit(self, principal: Principal | None, key: str, command: Command) -> PostingUnit:
        caller = authorise(principal, Action.POST_CREDITS)
        (named,) = await self._with_programmes(caller, [command])
        return _unit(caller, key, named)

    async def _units(
        self, principal: Principal | None, items: Mapping[int, tuple[str, Command]]
    ) -> dict[int, PostingUnit]:
        caller = authorise(principal, Action.POST_CREDITS)
        named = await self._with_programmes(caller, [command for _, command in items.values()])
        return {
            number: _unit(caller, key, command)
            for (number, (key, _)), command in zip(items.items(), named, strict=True)
        }

    async def _with_programmes(
        self, caller: Principal, commands: Sequence[Command]
    ) -> list[Command]:
        """The commands, with the programmes of those that are about a posting or a batch, which says what its
        programme is; the caller must be a registry of each."""
        about = {
            number: verb_of(command).needs(command)
            for number, command in enumerate(commands)
            if not command.programme
        }
        found = list(commands)
        if about:
            programmes = await self._programmes_of(about.values())
            for number, needs in about.items():
                programme = programmes.get(needs.about) or min(caller.programmes)
                found[number] = verb_of(found[number]).in_programme(found[number], programme)
        for command in found:
            authorise_programme(caller, command.programme)
        return found

    async def _programmes_of(self, needs: Collection[Needs]) -> dict[int, str]:
        """The programmes of the batches, proposals and postings that commands are about."""
        of_batches = {n.batch_id for n in needs if n.batch_id is not None}
        of_proposals = {n.proposal_id for n in needs if n.proposal_id is not None}
        of_postings = {Position(n.posting_id) for n in needs if n.posting_id is not None}
        async with self._log.database.read() as connection:
            batches = await store.read_batches(connection, of_batches) if of_batches else {}
            proposals = (
                await proposal_store.read_programmes(connection, of_proposals)
                if of_proposals
                else {}
            )
            posted = await store.read_posted(connection, of_postings) if of_postings else {}
        return proposals | {
            found.id: found.programme for things in (batches, posted) for found in things.values()
        }

    async def end_expired(self) -> int:
        """End requests whose time is over, as the operator; how many were ended."""
        async with self._log.database.read() as connection:
            expired = await store.read_expired(connection, MOST_EXPIRED)
        units = [
            PostingUnit(Actor(), Request.of(f"expire-{uuid4()}", "expire", command), (command,))
            for command in (EndRequest(r, p, RequestEnd.EXPIRED) for r, p in expired)
        ]
        outcomes = await self._poster.post_all(units) if units else []
        return sum(outcome.position is not None for outcome in outcomes)

    async def resolve_double_issuance(
        self, principal: Principal | None, key: str, command: ResolveDoubleIssuance
    ) -> Outcome:
        """Say what was found of two batches that looked like one reduction issued twice. By an administrator.

        Refused: what is not suspected (`NotFound`), or was resolved (`DoubleIssuanceResolved`); the earlier batch
        named for the later one (`InvalidInput`).
        """
        caller = authorise(principal, Action.RESOLVE_DOUBLE_ISSUANCE)

        async def work(transaction: Transaction) -> int:
            await _check_resolution(transaction.connection, transaction.head, command)
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

    async def preview_resolution(
        self, principal: Principal | None, key: str, command: ResolveDoubleIssuance
    ) -> PostingPreview | Outcome:
        """What ``resolve_double_issuance`` would do now; nothing is kept. Refused as that is."""
        caller = authorise(principal, Action.RESOLVE_DOUBLE_ISSUANCE)
        request = Request.of(key, "resolveDoubleIssuance", command)
        kind = EntryKind.DOUBLE_ISSUANCE_RESOLVED
        return await self._checked(caller, request, kind, command, _check_resolution)

    async def register_project(
        self, principal: Principal | None, key: str, command: RegisterProject
    ) -> Outcome:
        """Register a project: the physical activity, wherever it may be enrolled later.

        Refused: a code that another one has (`ProjectCodeTaken`); a pilot that there is not (`NotFound`); texts, sites
        and divisions that are none (`InvalidInput`).
        """
        caller = authorise(principal, Action.REGISTER_PROJECT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            await _check_registration(connection, transaction.head, command)
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

    async def preview_project(
        self, principal: Principal | None, key: str, command: RegisterProject
    ) -> PostingPreview | Outcome:
        """What ``register_project`` would do now; nothing is kept. Refused as that is."""
        caller = authorise(principal, Action.REGISTER_PROJECT)

        async def check(connection: AsyncConnection, head: Head, command: RegisterProject) -> None:
            await _check_registration(connection, head, command)
            project = _new_project(head.next_position, command)
            await compare_site(connection, project.id, project.stated, self._same_site_metres)

        request = Request.of(key, "registerProject", command)
        kind = EntryKind.PROJECT_REGISTERED
        return await self._checked(caller, request, kind, command, check)

    async def enrol_project(
        self, principal: Principal | None, key: str, command: EnrolProject
    ) -> Outcome:
        """Record a project's registration (项目登记) in a programme, which a registry does for its own.

        Refused: a second one there, or the number of another (`EnrolmentTaken`); a day to come (`InvalidInput`), or on
        which the rule was not in force (`RefusedByProgrammeRule`); a methodology that says otherwise of a sink than
        the project (`ForestryMislabelled`), or none of a project inside a pilot (`MethodologyRequired`).
        """
        caller = _enrolling(principal, command)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            await self._check_enrolment(connection, transaction.head, command)
            body = {
                "project": command.project_id, "programme": command.programme,
                "rule": command.rule, "number": command.number,
                "methodology": command.methodology,
            } | _said_of_enrolment(command)  # fmt: skip
            position = transaction.append(
                caller.actor, EntryKind.PROJECT_ENROLLED, body, command.project_id
            )
            await project_store.insert_enrolment(connection, _new_enrolment(position, command))
            return command.project_id

        request = Request.of(key, "enrolProject", command)
        return await self._log.once(caller.actor, request, work)

    async def preview_enrolment(
        self, principal: Principal | None, key: str, command: EnrolProject
    ) -> PostingPreview | Outcome:
        """What ``enrol_project`` would do now; nothing is kept. Refused as that is."""
        caller = _enrolling(principal, command)
        request = Request.of(key, "enrolProject", command)
        kind = EntryKind.PROJECT_ENROLLED
        return await self._checked(caller, request, kind, command, self._check_enrolment)

    async def _checked(
        self, caller: Principal, request: Request, kind: EntryKind, command: C, check: Check[C]
    ) -> PostingPreview | Outcome:
        """What a command would do that moves nothing, if what is checked before it is done finds nothing."""

        async def plan(connection: AsyncConnection, head: Head) -> PostingPreview:
            await check(connection, head, command)
            return PostingPreview(kind, head.position)

        return await self._log.rehearse(caller.actor, request, plan)

    async def _check_enrolment(
        self, connection: AsyncConnection, head: Head, command: EnrolProject
    ) -> None:
        rule = self._rule(command)
        refuse(check_number(command.number, "number"))
        if command.methodology is not None:
            refuse(saying_problem(command.methodology, "methodology"))
        refuse(check_version(command.methodology_version, command.methodology))
        refuse(check_crediting_period(command.crediting_period))
        refuse(check_verification(command.validation, None, command.registered_on), "validation")
        if command.registered_on > china_day(head.at):
            raise Refused(_future(command))
        refuse(check_enrolment(command, rule))
        project = await _check_not_enrolled(connection, command)
        refuse(check_forestry(project, command.methodology))

    def _rule(self, command: EnrolProject) -> ProgrammeRule:
        programme = PROGRAMMES[command.programme]
        rule = programme.rule(command.rule)
        if rule is None:
            rules = ", ".join(rule.code for rule in programme.rules)
            raise Refused(
                InvalidInput(
                    path=("rule",),
                    value=command.rule[:80],
                    expected_zh=f"{programme.code}的规则之一：{rules}",
                    expected_en=f"one of the rules of {programme.code}: {rules}",
                )
            )
        return rule


def _unit(caller: Principal, key: str, command: Command) -> PostingUnit:
    request = Request.of(key, verb_of(command).name, command)
    return PostingUnit(caller.actor, request, (command,))


def _enrolling(principal: Principal | None, command: EnrolProject) -> Principal:
    """Who may enrol a project in the programme."""
    caller = authorise(principal, Action.REGISTER_PROJECT)
    if caller.role is Role.REGISTRY:
        authorise_programme(caller, command.programme)
    return caller


async def _check_resolution(
    connection: AsyncConnection, _head: Head, command: ResolveDoubleIssuance
) -> None:
    refuse(check_grounds(command.grounds))
    doubles = await store.read_doubles(connection, [command.batch_id])
    refuse(check_resolution(command, doubles))


async def _check_registration(
    connection: AsyncConnection, _head: Head, command: RegisterProject
) -> None:
    _check_project(command)
    taken = await project_store.find_project(connection, command.code)
    if taken is not None:
        raise Refused(
            ProjectCodeTaken(path=("code",), project_code=taken.code, project_id=taken.id)
        )
    await check_pilot(connection, command.pilot_id)


async def _check_not_enrolled(connection: AsyncConnection, command: EnrolProject) -> Project:
    """The project, which is not registered in the programme."""
    project = await project_of(connection, command.project_id)
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
                path=("number",),
                programme=taken.programme,
                number=taken.number,
                project_id=taken.project_id,
            )
        )
    return project


async def check_pilot(connection: AsyncConnection, pilot_id: PilotId | None) -> None:
    """Refuse a pilot that there is not."""
    if pilot_id is not None and not await pilots_store.read_pilots(connection, [pilot_id]):
        raise Refused(pilot_not_found(pilot_id, "pilot"))


async def project_of(connection: AsyncConnection, project_id: ProjectId) -> Project:
    """The project of an id. Raises ``Refused`` where there is none such."""
    found = await project_store.read_projects(connection, [project_id])
    if project_id not in found:
        raise Refused(NotFound.born_at(project_id, "项目", "project", "project"))
    return found[project_id]


def _check_project(command: RegisterProject) -> None:
    if not PILOT_CODE.fullmatch(command.code):
        raise Refused(
            InvalidInput(
                path=("code",),
                value=command.code[:80],
                expected_zh="1至40个大写字母、数字或连字符，首尾不为连字符",
                expected_en="1 to 40 capital letters, digits or hyphens, no hyphen at the ends",
            )
        )
    check_project_name(command.name)
    checked_name(command.site, "site")
    refuse(check_site(_new_project(Position(0), command).stated))
    refuse(check_division(command.division_code))


def check_project_name(name: LocalizedText) -> None:
    """Raise ``Refused`` unless a project can be called so."""
    checked_name(name.zh, "name", "zh")
    checked_name(name.en, "name", "en")


def check_division(code: str | None) -> InvalidInput | None:
    """Refuse a code that is no city's of Guangdong."""
    if code is None or GUIDE.division(code) is not None:
        return None
    return InvalidInput(
        path=("administrative_division",),
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
    return RetiredAfterClosure.of(closed_on, tonnes, "closed_on") if tonnes else None


def _future(command: EnrolProject) -> InvalidInput:
    return InvalidInput(
        path=("registered_on",),
        value=str(command.registered_on),
        expected_zh="不晚于今天的日期",
        expected_en="a day that is not after today",
    )


def _new_project(position: Position, command: RegisterProject) -> Project:
    return Project(
        id=ProjectId(position),
        code=command.code,
        name=command.name,
        forestry=command.forestry,
        site=command.site,
        division_code=command.division_code,
        latitude=command.latitude,
        longitude=command.longitude,
        pilot_id=command.pilot_id,
        site_code=command.site_code,
    )


def _new_enrolment(position: Position, command: EnrolProject) -> Enrolment:
    return Enrolment(
        id=position,
        project_id=command.project_id,
        programme=command.programme,
        rule=command.rule,
        number=command.number,
        registered_on=command.registered_on,
        methodology=command.methodology,
        methodology_version=command.methodology_version,
        crediting_period=command.crediting_period,
        validation=command.validation,
    )


def _said_of_enrolment(command: EnrolProject) -> dict[str, object]:
    """What an entry says of an enrolment beside what each one has: nothing where nothing was said."""
    said: dict[str, object] = {}
    if command.methodology_version is not None:
        said["methodology_version"] = command.methodology_version
    if command.crediting_period is not None:
        said["crediting_period"] = said_of_days(command.crediting_period)
    if command.validation is not None:
        said["validation"] = command.validation.said
    return said


def said_of_days(days: DateSpan) -> dict[str, str]:
    """Days as an entry says them."""
    return {"starts_on": str(days.starts_on), "ends_on": str(days.ends_on)}
