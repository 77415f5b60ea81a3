"""What can be done with applications: open, claim, submit, withdraw, judge and decide them, and see how they rank."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.access.principals import Action, Principal, authorise, forbidden
from nzc_api.china_time import china_day
from nzc_api.database.paging import Page
from nzc_api.ids import ApplicationId, PilotId, Position
from nzc_api.log.kinds import EntryKind
from nzc_api.log.model import Outcome
from nzc_api.log.requests import Request
from nzc_api.log.service import Log, Transaction
from nzc_api.pilots.rules import check_candidate
from nzc_api.pilots.service import register
from nzc_api.refusal import NotFound, Refused, refuse
from nzc_api.selection import store
from nzc_api.selection.model import (
    Application,
    ApplicationDecision,
    ApplicationFilter,
    ApplicationSight,
    ApplicationState,
    ApplicationStep,
    Claim,
    ClaimCriterion,
    DecideApplication,
    JudgeCriterion,
    Judgement,
    OpenApplication,
    SubmitApplication,
    Verdict,
    WithdrawApplication,
)
from nzc_api.selection.rules import (
    JUDGED,
    WITHDRAWABLE,
    WRITTEN,
    check_boundary,
    check_claim,
    check_decision,
    check_judgement,
    check_reason,
    check_state,
)
from nzc_api.selection.visibility import EVERYTHING, application_sight_of

_KINDS = {
    ApplicationState.SUBMITTED: EntryKind.APPLICATION_SUBMITTED,
    ApplicationState.WITHDRAWN: EntryKind.APPLICATION_WITHDRAWN,
}


class SelectionService:
    """What the selection room can do."""

    def __init__(self, log: Log, same_site_metres: int) -> None:
        self._log = log
        self._same_site_metres = same_site_metres

    async def open(
        self, principal: Principal | None, key: str, command: OpenApplication
    ) -> Outcome:
        """Open an application of the caller's (section 二 of the guide); hectares and degrees are decimal.

        Refused: an applicant that the guide does not name for the kind (`ApplicantNotEligible`).
        """
        caller = authorise(principal, Action.APPLY)

        async def work(transaction: Transaction) -> int:
            refuse(check_candidate(command, china_day(transaction.head.at)))
            refuse(check_boundary(command.boundary), "boundary")
            item = Application(
                id=ApplicationId(transaction.next_position),
                operator_id=caller.organisation_id,
                variant=command.variant,
                name=command.name,
                applicant_kind=command.applicant_kind,
                applicant_name=command.applicant_name,
                division_code=command.division_code,
                establishment=command.establishment,
                operation_starts_on=command.operation_starts_on,
                boundary=command.boundary,
            )
            body = {
                "operator": item.operator_id,
                "variant": item.variant,
                "applicant_kind": item.applicant_kind,
                "division": item.division_code,
                "establishment": item.establishment,
            }
            transaction.append(caller.actor, EntryKind.APPLICATION_OPENED, body)
            await store.insert_application(transaction.connection, item)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "openApplication", command), work)

    async def claim(
        self, principal: Principal | None, key: str, command: ClaimCriterion
    ) -> Outcome:
        """Claim that something of the guide is met; what was claimed of it before stays.

        Refused: a criterion of another kind (`CriterionNotOfKind`); files that are no documents (`DocumentTooLarge`,
        `DocumentTypeNotAccepted`); an application that is neither open nor returned (`ApplicationNotInState`,
        `ApplicationDecided`), as of all that follow.
        """
        caller = authorise(principal, Action.APPLY)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            item = await _own(connection, caller, command.application_id)
            refuse(check_claim(item.variant, command))
            refuse(check_state(item, WRITTEN))
            claim = Claim(
                id=transaction.next_position,
                application_id=item.id,
                criterion=command.criterion,
                statement=command.statement,
                documents=command.documents,
            )
            hashes = [document.sha256 for document in claim.documents]
            body = {"criterion": claim.criterion, "documents": hashes}
            transaction.append(caller.actor, EntryKind.CRITERION_CLAIMED, body, item.id)
            await store.insert_claim(connection, claim)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "claimCriterion", command), work)

    async def submit(
        self, principal: Principal | None, key: str, command: SubmitApplication
    ) -> Outcome:
        """Hand an application in: from now on it is judged, and nothing more is claimed. Refused: another's
        application, one that is neither open nor returned."""
        caller = authorise(principal, Action.APPLY)

        async def work(transaction: Transaction) -> int:
            item = await _own(transaction.connection, caller, command.application_id)
            refuse(check_state(item, WRITTEN))
            return await _move(transaction, caller, item, ApplicationState.SUBMITTED)

        request = Request.of(key, "submitApplication", command)
        return await self._log.once(caller.actor, request, work)

    async def withdraw(
        self, principal: Principal | None, key: str, command: WithdrawApplication
    ) -> Outcome:
        """Take an application back; it ends there. Refused: another's application, one that was decided or withdrawn,
        a reason that is empty or too long."""
        caller = authorise(principal, Action.APPLY)

        async def work(transaction: Transaction) -> int:
            refuse(check_reason(command.reason))
            item = await _own(transaction.connection, caller, command.application_id)
            refuse(check_state(item, WITHDRAWABLE))
            state = ApplicationState.WITHDRAWN
            return await _move(transaction, caller, item, state, command.reason)

        request = Request.of(key, "withdrawApplication", command)
        return await self._log.once(caller.actor, request, work)

    async def judge(
        self, principal: Principal | None, key: str, command: JudgeCriterion
    ) -> Outcome:
        """Find whether something of the guide is met; the latest finding counts, and all of them stay.

        Refused: a criterion of another kind (`CriterionNotOfKind`); an application that is not submitted.
        """
        caller = authorise(principal, Action.DECIDE_APPLICATION)

        async def work(transaction: Transaction) -> int:
            connection = transaction.connection
            item = await _submitted(connection, caller, command.application_id)
            refuse(check_judgement(item.variant, command))
            refuse(check_state(item, JUDGED))
            judgement = Judgement(
                id=transaction.next_position,
                application_id=item.id,
                criterion=command.criterion,
                verdict=command.verdict,
                reason=command.reason,
            )
            body = {"criterion": judgement.criterion, "verdict": judgement.verdict}
            transaction.append(caller.actor, EntryKind.CRITERION_JUDGED, body, item.id)
            await store.insert_judgement(connection, judgement)
            return item.id

        return await self._log.once(caller.actor, Request.of(key, "judgeCriterion", command), work)

    async def decide(
        self, principal: Principal | None, key: str, command: DecideApplication
    ) -> Outcome:
        """Decide an application; of one that is selected the pilot is registered in the same commit. Section 二 of the
        guide.

        Refused: one that is not submitted (`ApplicationNotInState`), or was decided (`ApplicationDecided`); a code that
        another pilot has (`PilotCodeTaken`).
        """
        caller = authorise(principal, Action.DECIDE_APPLICATION)

        async def work(transaction: Transaction) -> int:
            refuse(check_decision(command))
            item = await _submitted(transaction.connection, caller, command.application_id)
            refuse(check_state(item, JUDGED))
            pilot_id = None
            if command.decision is ApplicationDecision.SELECTED:
                pilot_id = await self._register(transaction, caller, item, command.pilot_code or "")
            state = ApplicationState(command.decision)
            return await _move(transaction, caller, item, state, command.reason, pilot_id)

        request = Request.of(key, "decideApplication", command)
        return await self._log.once(caller.actor, request, work)

    async def applications(
        self, ids: Sequence[ApplicationId], sight: ApplicationSight
    ) -> dict[ApplicationId, Application]:
        """The applications of these ids that are seen; others are left out."""
        async with self._log.database.read() as connection:
            return await store.read_applications(connection, ids, sight)

    async def list_applications(
        self, narrowed: ApplicationFilter, sight: ApplicationSight, as_of: Position, page: Page
    ) -> list[Application]:
        """A page of the applications that are meant, and are seen, as of a position, and one more."""
        async with self._log.database.read() as connection:
            return await store.list_applications(connection, narrowed, sight, as_of, page)

    async def count_applications(
        self, narrowed: ApplicationFilter, sight: ApplicationSight, as_of: Position
    ) -> int:
        """How many applications are meant, and are seen, as of a position."""
        async with self._log.database.read() as connection:
            return await store.count_applications(connection, narrowed, sight, as_of)

    async def verdicts(
        self, ids: Collection[int], as_of: Position
    ) -> dict[int, dict[str, Verdict]]:
        """What was judged last of each criterion of each application by a position."""
        async with self._log.database.read() as connection:
            return await store.read_verdicts(connection, ids, as_of)

    async def page_claims_of(
        self, applications: Sequence[int], page: Page
    ) -> dict[int, list[Claim]]:
        """For each application a page of what is claimed, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_claims_of(connection, applications, page)

    async def count_claims_of(self, applications: Sequence[int]) -> dict[int, int]:
        """How often something is claimed in each application."""
        async with self._log.database.read() as connection:
            return await store.count_claims_of(connection, applications)

    async def page_judgements_of(
        self, applications: Sequence[int], page: Page
    ) -> dict[int, list[Judgement]]:
        """For each application a page of what was judged, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_judgements_of(connection, applications, page)

    async def count_judgements_of(self, applications: Sequence[int]) -> dict[int, int]:
        """How often something was judged of each application."""
        async with self._log.database.read() as connection:
            return await store.count_judgements_of(connection, applications)

    async def page_steps_of(
        self, applications: Sequence[int], page: Page
    ) -> dict[int, list[ApplicationStep]]:
        """For each application a page of the states that it came into, and one more."""
        async with self._log.database.read() as connection:
            return await store.page_steps_of(connection, applications, page)

    async def count_steps_of(self, applications: Sequence[int]) -> dict[int, int]:
        """How often each application came into a state."""
        async with self._log.database.read() as connection:
            return await store.count_steps_of(connection, applications)

    async def of_pilots(self, pilots: Sequence[PilotId]) -> dict[PilotId, int]:
        """The application of each pilot that was chosen here."""
        async with self._log.database.read() as connection:
            return await store.read_of_pilots(connection, pilots)

    async def _register(
        self, transaction: Transaction, caller: Principal, item: Application, code: str
    ) -> PilotId:
        try:
            command = item.pilot(code)
            return await register(transaction, caller, command, self._same_site_metres)
        except Refused as refused:
            raise Refused(replace(refused.refusal, path=("pilot_code",))) from None


async def _move(
    transaction: Transaction,
    caller: Principal,
    item: Application,
    state: ApplicationState,
    reason: str | None = None,
    pilot_id: PilotId | None = None,
) -> int:
    """Let an application come into a state."""
    kind = _KINDS.get(state, EntryKind.APPLICATION_DECIDED)
    body = {"state": state, "pilot": pilot_id}
    position = transaction.append(caller.actor, kind, body, item.id)
    await store.insert_step(
        transaction.connection,
        ApplicationStep(
            id=position, application_id=item.id, state=state, reason=reason, pilot_id=pilot_id
        ),
    )
    return item.id


async def _own(
    connection: AsyncConnection, caller: Principal, application_id: ApplicationId
) -> Application:
    found = await store.read_applications(connection, [application_id], EVERYTHING)
    if application_id not in found:
        raise Refused(_not_found(application_id))
    item = found[application_id]
    if item.operator_id != caller.organisation_id:
        raise forbidden(
            "该申报属于另一单位，只有申报单位可以填写、提交或撤回",
            "This application belongs to another organisation; only the one that applies may claim, submit or "
            "withdraw",
        )
    return item


async def _submitted(
    connection: AsyncConnection, caller: Principal, application_id: ApplicationId
) -> Application:
    """An application that was handed in: before that nobody judges it, or sees it."""
    sight = application_sight_of(caller)
    found = await store.read_applications(connection, [application_id], sight)
    if application_id not in found:
        raise Refused(_not_found(application_id))
    return found[application_id]


def _not_found(application_id: ApplicationId) -> NotFound:
    return NotFound.born_at(application_id, "申报", "application", "application")
