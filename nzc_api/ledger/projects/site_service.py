"""What can be done with sites: amend those of projects, place projects in pilots, say what was found of two things
at one site."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import (
    Action,
    Principal,
    Role,
    authorise,
    authorise_programme,
)
from nzc_api.database.paging import Page
from nzc_api.grounds import Grounds, check_grounds
from nzc_api.later import LATER
from nzc_api.ledger import store
from nzc_api.ledger.errors import SameSiteResolved
from nzc_api.ledger.model import Enrolment, Project
from nzc_api.ledger.posting.rules.sold_sinks import check_amended, check_stated
from nzc_api.ledger.projects import project_store
from nzc_api.ledger.service import check_division, check_pilot, check_project_name, project_of
from nzc_api.log.kinds import EntryKind
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.log.store import Outcome
from nzc_api.pilots import site_store
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.sites import AtSite, SiteFinding, check_site
from nzc_api.pilots.stating import state_site
from nzc_api.refusal import LocalizedText, NotFound, Refusal, refuse


@dataclass(frozen=True, slots=True)
class AmendProject:
    """Change where a project is from now on: what is named in ``site``, to these values, and which pilot it lies in,
    where ``placed`` names one, or None for no pilot; what it is called, where there is a ``name``; and the
    ``methodology`` of its enrolments that named none."""

    project_id: int
    site: Mapping[str, Any]
    placed: tuple[int | None] | None
    grounds: Grounds
    name: LocalizedText | None = field(default=None, metadata=LATER)
    methodology: str | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True)
class ResolveSameSite:
    """Say what was found of a pilot, ``pilot_id``, and another pilot or a project at its site."""

    subject_id: int
    pilot_id: int
    finding: SiteFinding
    grounds: Grounds


class SiteService:
    """What the ledger can do with sites; ``same_site_metres`` apart, coordinates are those of one site."""

    def __init__(self, log: Log, same_site_metres: int) -> None:
        self._log = log
        self._same_site_metres = same_site_metres

    async def amend_project(
        self, principal: Principal | None, key: str, command: AmendProject
    ) -> Outcome:
        """Change where a project is and what it is called; where it is so already, nothing changes, and it succeeds.
        Only an administrator takes it out of a pilot. The outcome is at the position of that, or else the project's."""
        caller = authorise(principal, Action.REGISTER_PROJECT)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
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
            unsaid = await _check_enrolments(connection, caller, command, before, after)
            if after == before and site == before.stated and not unsaid:
                return before.id
            body: dict[str, object] = {"pilot": pilot_id, "restated": site != before.stated}
            body |= {"renamed": True} if name != before.name else {}
            body |= {"methodology": command.methodology} if unsaid else {}
            kind = EntryKind.PROJECT_AMENDED
            position = transaction.append(caller.actor, kind, body, before.id)
            if site != before.stated:
                await state_site(transaction, position, before.id, site, self._same_site_metres)
            if command.methodology is not None:
                await project_store.state_methodology(
                    connection, position, unsaid, command.methodology
                )
            if pilot_id != before.pilot_id:
                await project_store.insert_placement(connection, position, before.id, pilot_id)
            if name != before.name:
                await project_store.rename_project(connection, position, before, name)
            await store.insert_grounds(connection, position, command.grounds)
            return position

        return await self._log.once(caller.actor, Request.of(key, "amendProject", command), work)

    async def resolve(
        self, principal: Principal | None, key: str, command: ResolveSameSite
    ) -> Outcome:
        """Say what was found of two things at one site, once. The outcome is at the position of that."""
        caller = authorise(principal, Action.RESOLVE_SAME_SITE)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            refuse(check_grounds(command.grounds))
            pair = (command.subject_id, command.pilot_id)
            found = await site_store.page_at_site(
                connection, [command.pilot_id], Page(1, command.subject_id - 1)
            )
            refuse(_check_open(command, found.get(command.pilot_id, [])))
            of_pilots = command.subject_id in await pilots_store.read_pilots(
                connection, [command.subject_id]
            )
            kind = EntryKind.PILOT_SITE_RESOLVED if of_pilots else EntryKind.PROJECT_SITE_RESOLVED
            body = {"pilot": command.pilot_id, "finding": command.finding}
            position = transaction.append(caller.actor, kind, body, command.subject_id)
            await site_store.insert_resolution(connection, position, pair, command.finding)
            await store.insert_grounds(connection, position, command.grounds)
            return position

        return await self._log.once(caller.actor, Request.of(key, "resolveSameSite", command), work)


async def _check_enrolments(
    connection: AsyncConnection,
    caller: Principal,
    command: AmendProject,
    before: Project,
    after: Project,
) -> list[Enrolment]:
    """The enrolments whose methodology is stated now. Raises ``Refused`` where a project that is called so, or lies in
    that pilot, would not have been enrolled."""
    enrolments = (await project_store.read_enrolments_of(connection, [after.id]))[after.id]
    stated: list[Enrolment] = []
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
