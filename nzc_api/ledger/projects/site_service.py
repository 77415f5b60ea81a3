"""What can be done with sites: amend those of projects, place projects in pilots, say what was found of two things
at one site."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import (
    Action,
    Principal,
    Role,
    authorise,
    authorise_programme,
)
from nzc_api.database.paging import Page
from nzc_api.grounds import check_grounds
from nzc_api.ids import PilotId, Position, ProjectId
from nzc_api.ledger import store
from nzc_api.ledger.commands import AmendProject, CreditedDays, ResolveSameSite
from nzc_api.ledger.errors.projects import ProjectNotEnrolled, SameSiteResolved
from nzc_api.ledger.model import DoubleIssuance, Enrolment, Project
from nzc_api.ledger.posting.preview import PostingPreview
from nzc_api.ledger.posting.rules.issued_by_one import MOST_RAISED, check_raised
from nzc_api.ledger.posting.rules.really_issued import check_crediting_period, outside
from nzc_api.ledger.posting.rules.sold_sinks import check_amended, check_stated
from nzc_api.ledger.posting.rules.verified_as_said import check_version
from nzc_api.ledger.projects import doubled_store, project_store
from nzc_api.ledger.service import (
    check_division,
    check_pilot,
    check_project_name,
    project_of,
    said_of_days,
)
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Head, Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.pilots import site_store
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.sites import AtSite, Beside, Site, SiteFinding, check_site
from nzc_api.pilots.stating import compare_site, state_site
from nzc_api.refusal import NotFound, Refusal, Refused, refuse


class _Amended(NamedTuple):
    """What an amendment makes of a project: its site, of which enrolments the methodology is stated, and of which one
    the crediting period."""

    before: Project
    after: Project
    site: Site
    stated: list[Enrolment]
    credited: Enrolment | None

    @property
    def changes(self) -> bool:
        renewed = self.credited is not None
        return self.after != self.before or self.restated or bool(self.stated) or renewed

    @property
    def restated(self) -> bool:
        return self.site != self.before.stated


class SiteService:
    """What the ledger can do with sites; ``same_site_metres`` apart, coordinates are those of one site."""

    def __init__(self, log: Log, same_site_metres: int) -> None:
        self._log = log
        self._same_site_metres = same_site_metres

    async def amend_project(
        self, principal: Principal | None, key: str, command: AmendProject
    ) -> Outcome:
        """Change where a project is and what it is called; where it is so already, nothing changes, and it succeeds.
        What was issued of it and of what is found at its site is suspected, where it shares days and was not
        before. Only an administrator takes it out of a pilot. The outcome is at the position of that, or else the
        project's. Refused: another's project; a pilot that there is not; a site at which there is too much to be
        compared."""
        caller = authorise(principal, Action.REGISTER_PROJECT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            amended = await _amended(connection, caller, command)
            if not amended.changes:
                return command.project_id
            before, body = amended.before, _said(command, amended)
            position = transaction.append(caller.actor, EntryKind.PROJECT_AMENDED, body, before.id)
            if amended.restated:
                metres = self._same_site_metres
                others = await state_site(transaction, position, before.id, amended.site, metres)
                raised = await _raised(connection, position, before.id, others)
                await doubled_store.insert_raised(connection, raised)
            await _write(connection, position, command, amended)
            return position

        return await self._log.once(caller.actor, Request.of(key, "amendProject", command), work)

    async def preview_amendment(
        self, principal: Principal | None, key: str, command: AmendProject
    ) -> PostingPreview | Outcome:
        """What ``amend_project`` would do now; nothing is kept. Where it would change nothing, its outcome. Refused as
        that is."""
        caller = authorise(principal, Action.REGISTER_PROJECT)

        async def plan(connection: AsyncConnection, head: Head) -> PostingPreview | Outcome:
            amended = await _amended(connection, caller, command)
            if not amended.changes:
                return Outcome(Position(command.project_id), None, as_of=head.position)
            raised: list[DoubleIssuance] = []
            if amended.restated:
                project_id, metres = command.project_id, self._same_site_metres
                others = await compare_site(connection, project_id, amended.site, metres)
                raised = await _raised(connection, head.next_position, project_id, others)
            doubles = {batch for d in raised for batch in (d.batch_id, d.other_id)}
            return PostingPreview(
                EntryKind.PROJECT_AMENDED, head.position, double_ids=tuple(sorted(doubles))
            )

        request = Request.of(key, "amendProject", command)
        return await self._log.rehearse(caller.actor, request, plan)

    async def resolve(
        self, principal: Principal | None, key: str, command: ResolveSameSite
    ) -> Outcome:
        """Say what was found of two things at one site, once; by an administrator. The outcome is at its position.
        Refused: two that are not at one site (`NotFound`), and what was resolved (`SameSiteResolved`)."""
        caller = authorise(principal, Action.RESOLVE_SAME_SITE)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            kind = await _resolved(connection, command)
            pair = (command.subject_id, command.pilot_id)
            body = {"pilot": command.pilot_id, "finding": command.finding}
            position = transaction.append(caller.actor, kind, body, command.subject_id)
            await site_store.insert_resolution(connection, position, pair, command.finding)
            await store.insert_grounds(connection, position, command.grounds)
            return position

        return await self._log.once(caller.actor, Request.of(key, "resolveSameSite", command), work)

    async def preview_resolution(
        self, principal: Principal | None, key: str, command: ResolveSameSite
    ) -> PostingPreview | Outcome:
        """What ``resolve`` would do now; nothing is kept. Refused as that is."""
        caller = authorise(principal, Action.RESOLVE_SAME_SITE)

        async def plan(connection: AsyncConnection, head: Head) -> PostingPreview:
            return PostingPreview(await _resolved(connection, command), head.position)

        request = Request.of(key, "resolveSameSite", command)
        return await self._log.rehearse(caller.actor, request, plan)


async def _amended(
    connection: AsyncConnection, caller: Principal, command: AmendProject
) -> _Amended:
    """What a project would be. Raises ``Refused`` where it cannot be that."""
    refuse(check_grounds(command.grounds))
    before = await project_of(connection, command.project_id)
    site = replace(before.stated, **command.site)
    refuse(check_site(site) or check_division(site.division_code))
    pilot_id = before.pilot_id if command.placed is None else command.placed[0]
    if pilot_id != before.pilot_id:
        if before.pilot_id is not None:
            authorise(caller, Action.RESOLVE_SAME_SITE)
        await check_pilot(connection, pilot_id)
    name = before.name if command.name is None else command.name
    check_project_name(name)
    after = replace(before, name=name, pilot_id=pilot_id)
    enrolments = (await project_store.read_enrolments_of(connection, [after.id]))[after.id]
    stated = _check_enrolments(enrolments, caller, command, before, after)
    credited = await _credited(connection, enrolments, caller, before, command.credited)
    return _Amended(before=before, after=after, site=site, stated=stated, credited=credited)


def _said(command: AmendProject, amended: _Amended) -> dict[str, object]:
    """What the log says of an amendment."""
    before, after, _, stated, credited = amended
    body: dict[str, object] = {"pilot": after.pilot_id, "restated": amended.restated}
    body |= {"renamed": True} if after.name != before.name else {}
    body |= {"methodology": command.methodology} if stated else {}
    if command.methodology_version is not None:
        body["methodology_version"] = command.methodology_version
    if command.credited is not None and credited is not None:
        days = command.credited.crediting_period
        body["crediting_period"] = {"programme": credited.programme} | said_of_days(days)
    return body


async def _write(
    connection: AsyncConnection, position: Position, command: AmendProject, amended: _Amended
) -> None:
    """Write what an amendment changes, the site apart, and its grounds."""
    before, after, _, stated, credited = amended
    if command.methodology is not None:
        await project_store.state_methodology(connection, position, stated, command.methodology)
    if command.credited is not None and credited is not None:
        await project_store.state_crediting_period(
            connection, position, credited.id, command.credited.crediting_period
        )
    if after.pilot_id != before.pilot_id:
        await project_store.insert_placement(connection, position, before.id, after.pilot_id)
    if after.name != before.name:
        await project_store.rename_project(connection, position, before, after.name)
    await store.insert_grounds(connection, position, command.grounds)


async def _raised(
    connection: AsyncConnection, position: Position, project_id: ProjectId, others: Beside
) -> list[DoubleIssuance]:
    """The suspicions that a project's site raises of what was issued. Raises ``Refused`` where they are too many."""
    raised = await doubled_store.read_raised(
        connection, position, project_id, others, MOST_RAISED + 1
    )
    refuse(check_raised(project_id, len(raised)))
    return raised


async def _resolved(connection: AsyncConnection, command: ResolveSameSite) -> EntryKind:
    """What the log says of a finding. Raises ``Refused`` where it cannot be found."""
    refuse(check_grounds(command.grounds))
    subject_id, pilot_id = command.subject_id, command.pilot_id
    found = await site_store.page_at_site(connection, [pilot_id], Page(1, subject_id - 1))
    refuse(_check_open(command, found.get(pilot_id, [])))
    if subject_id in await pilots_store.read_pilots(connection, [PilotId(subject_id)]):
        return EntryKind.PILOT_SITE_RESOLVED
    if command.finding is SiteFinding.SAME:
        await _check_found_inside(connection, ProjectId(subject_id), pilot_id)
    return EntryKind.PROJECT_SITE_RESOLVED


async def _check_found_inside(
    connection: AsyncConnection, project_id: ProjectId, pilot_id: PilotId
) -> None:
    """Refuse to find a project inside a pilot that it would not be placed in."""
    before = await project_of(connection, project_id)
    after = replace(before, found_in=(*before.found_in, pilot_id))
    enrolments = (await project_store.read_enrolments_of(connection, [project_id]))[project_id]
    methodologies = [enrolment.methodology for enrolment in enrolments]
    problem = check_amended(after, methodologies, placed=True)
    refuse(None if problem is None else replace(problem, path=("subject",)))


async def _credited(
    connection: AsyncConnection,
    enrolments: Sequence[Enrolment],
    caller: Principal,
    before: Project,
    said: CreditedDays | None,
) -> Enrolment | None:
    """The enrolment whose crediting period is another one from now on. Raises ``Refused`` where there is none such, or
    what was issued of it would lie outside."""
    if said is None:
        return None
    refuse(check_crediting_period(said.crediting_period))
    found = next((e for e in enrolments if e.programme == said.programme), None)
    if found is None:
        raise Refused(
            ProjectNotEnrolled(
                path=("crediting_period", "programme"),
                project_code=before.code,
                project_id=before.id,
                programme=said.programme,
            )
        )
    if caller.role is Role.REGISTRY:
        authorise_programme(caller, said.programme)
    if found.crediting_period == said.crediting_period:
        return None
    issued = await project_store.find_monitored_outside(connection, found, said.crediting_period)
    if issued is not None:
        raise Refused(outside(issued, said.crediting_period, "crediting_period"))
    return found


def _check_enrolments(
    enrolments: Sequence[Enrolment],
    caller: Principal,
    command: AmendProject,
    before: Project,
    after: Project,
) -> list[Enrolment]:
    """The enrolments whose methodology is stated now. Raises ``Refused`` where a project that is called so, or lies in
    that pilot, would not have been enrolled."""
    stated: list[Enrolment] = []
    refuse(check_version(command.methodology_version, command.methodology))
    if command.methodology is not None:
        stated = [enrolment for enrolment in enrolments if enrolment.methodology is None]
        refuse(check_stated(command.methodology, stated))
        if caller.role is Role.REGISTRY:
            for enrolment in stated:
                authorise_programme(caller, enrolment.programme)
    placed = after.pilot_id not in (None, before.pilot_id)
    if placed or stated or after.name != before.name:
        methodologies = [enrolment.methodology or command.methodology for enrolment in enrolments]
        refuse(check_amended(after, methodologies, placed=placed))
    return stated


def _check_open(command: ResolveSameSite, found: list[AtSite]) -> Refusal | None:
    """Refuse to resolve what is not at one site, or was resolved."""
    at_site = next((item for item in found if item.other_id == command.subject_id), None)
    if at_site is None:
        return NotFound.born_at(command.subject_id, "同一场址", "match of sites", "subject")
    if at_site.finding is None:
        return None
    return SameSiteResolved(path=("subject",), finding=at_site.finding)
