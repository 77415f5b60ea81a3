"""Everything that changes something: one verb a mutation, one union of failures each."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol

import strawberry

from nzc_api.access.principals import Principal, unauthenticated
from nzc_api.access.service import IssueApiKey
from nzc_api.log.store import Outcome
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.context import Info
from nzc_api.schema.credits import (
    EnrolProjectInput,
    IssueCreditsInput,
    RegisterProjectInput,
    RetireCreditsInput,
    TransferCreditsInput,
)
from nzc_api.schema.errors import as_error
from nzc_api.schema.fields import argument
from nzc_api.schema.ids import Ids
from nzc_api.schema.inventories import (
    CreateInventoryInput,
    InventoryInput,
    RecordEmissionSourcesInput,
    RecordSinksInput,
    RemoveInventoryLineInput,
    ReviseInventoryInput,
)
from nzc_api.schema.lookup import find_node
from nzc_api.schema.organisations import (
    IssueApiKeyInput,
    RegisterOrganisationInput,
    RevokeApiKeyInput,
)
from nzc_api.schema.payloads import (
    CreateInventoryPayload,
    CreateInventorySuccess,
    EnrolProjectPayload,
    EnrolProjectSuccess,
    IssueApiKeyPayload,
    IssueApiKeySuccess,
    IssueCreditsPayload,
    IssueCreditsSuccess,
    PlacePilotPayload,
    PlacePilotSuccess,
    RecordEmissionSourcesPayload,
    RecordEmissionSourcesSuccess,
    RecordSinksPayload,
    RecordSinksSuccess,
    RegisterAccountingPeriodPayload,
    RegisterAccountingPeriodSuccess,
    RegisterOrganisationPayload,
    RegisterOrganisationSuccess,
    RegisterPilotPayload,
    RegisterPilotSuccess,
    RegisterProjectPayload,
    RegisterProjectSuccess,
    RemoveInventoryLinePayload,
    RemoveInventoryLineSuccess,
    RetireCreditsPayload,
    RetireCreditsSuccess,
    ReviseInventoryPayload,
    ReviseInventorySuccess,
    RevokeApiKeyPayload,
    RevokeApiKeySuccess,
    SubmitInventoryPayload,
    SubmitInventorySuccess,
    TransferCreditsPayload,
    TransferCreditsSuccess,
    VerifyInventoryPayload,
    VerifyInventorySuccess,
)
from nzc_api.schema.pilots import (
    PlacePilotInput,
    RegisterAccountingPeriodInput,
    RegisterPilotInput,
)

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,128}")


class Input(Protocol):
    """What every mutation's input can do."""

    idempotency_key: str

    def command(self, ids: Ids, caller: Principal) -> object:
        """The command that the input stands for."""


GIVEN = argument("What to do, and under which idempotency key.")

Verb = Callable[[Principal, str, Any], Awaitable[Outcome]]


@strawberry.type(
    description="Every change. Each input has an `idempotencyKey`, chosen by the client and new for each "
    "new request: the same key with the same input gets the same outcome again, flagged as "
    "`replayed`, so it is always safe to send a request again. Expected failures are members of the "
    "payload's union; top-level errors are malformed values, missing authorisation, limits and bugs."
)
class Mutation:
    @strawberry.mutation(description="Register an organisation. For administrators.")
    async def register_organisation(
        self, info: Info, input: Annotated[RegisterOrganisationInput, GIVEN]
    ) -> RegisterOrganisationPayload:
        verb = info.context.services.access.register_organisation
        return await _answer(info, input, verb, RegisterOrganisationSuccess)

    @strawberry.mutation(
        description="Issue an API key to an organisation; its secret is shown once. For administrators."
    )
    async def issue_api_key(
        self, info: Info, input: Annotated[IssueApiKeyInput, GIVEN]
    ) -> IssueApiKeyPayload:
        service = info.context.services.access
        secret: str | None = None

        async def issue(caller: Principal, key: str, command: IssueApiKey) -> Outcome:
            nonlocal secret
            issued = await service.issue_api_key(caller, key, command)
            secret = issued.secret
            return issued.outcome

        answer = await _answer(info, input, issue, IssueApiKeySuccess)
        if isinstance(answer, IssueApiKeySuccess):
            answer.secret = secret
        return answer

    @strawberry.mutation(description="Revoke an API key, for good. For administrators.")
    async def revoke_api_key(
        self, info: Info, input: Annotated[RevokeApiKeyInput, GIVEN]
    ) -> RevokeApiKeyPayload:
        verb = info.context.services.access.revoke_api_key
        return await _answer(info, input, verb, RevokeApiKeySuccess)

    @strawberry.mutation(
        description="Register a pilot with its place and periods. For pilot operators and administrators."
    )
    async def register_pilot(
        self, info: Info, input: Annotated[RegisterPilotInput, GIVEN]
    ) -> RegisterPilotPayload:
        verb = info.context.services.pilots.register_pilot
        return await _answer(info, input, verb, RegisterPilotSuccess)

    @strawberry.mutation(
        description="Say which pilot surrounds a pilot from now on. For its operator and administrators."
    )
    async def place_pilot(
        self, info: Info, input: Annotated[PlacePilotInput, GIVEN]
    ) -> PlacePilotPayload:
        verb = info.context.services.pilots.place_pilot
        return await _answer(info, input, verb, PlacePilotSuccess)

    @strawberry.mutation(
        description="Give a pilot one more accounting period. For its operator and administrators."
    )
    async def register_accounting_period(
        self, info: Info, input: Annotated[RegisterAccountingPeriodInput, GIVEN]
    ) -> RegisterAccountingPeriodPayload:
        verb = info.context.services.pilots.register_period
        return await _answer(info, input, verb, RegisterAccountingPeriodSuccess)

    @strawberry.mutation(
        description="Create an inventory of a pilot's period, as a draft. For the pilot's operator."
    )
    async def create_inventory(
        self, info: Info, input: Annotated[CreateInventoryInput, GIVEN]
    ) -> CreateInventoryPayload:
        verb = info.context.services.inventories.create
        return await _answer(info, input, verb, CreateInventorySuccess)

    @strawberry.mutation(
        description="Record emission sources in a draft: all, or none. For the pilot's operator."
    )
    async def record_emission_sources(
        self, info: Info, input: Annotated[RecordEmissionSourcesInput, GIVEN]
    ) -> RecordEmissionSourcesPayload:
        verb = info.context.services.inventories.record
        return await _answer(info, input, verb, RecordEmissionSourcesSuccess)

    @strawberry.mutation(
        description="Record sinks inside the boundary in a draft: all, or none. For the pilot's operator."
    )
    async def record_sinks(
        self, info: Info, input: Annotated[RecordSinksInput, GIVEN]
    ) -> RecordSinksPayload:
        verb = info.context.services.inventories.record
        return await _answer(info, input, verb, RecordSinksSuccess)

    @strawberry.mutation(
        description="Take an emission source or a sink out of a draft. For the pilot's operator."
    )
    async def remove_inventory_line(
        self, info: Info, input: Annotated[RemoveInventoryLineInput, GIVEN]
    ) -> RemoveInventoryLinePayload:
        verb = info.context.services.inventories.remove_line
        return await _answer(info, input, verb, RemoveInventoryLineSuccess)

    @strawberry.mutation(
        description="Submit a draft: its lines are frozen and count from now on. For the pilot's operator."
    )
    async def submit_inventory(
        self, info: Info, input: Annotated[InventoryInput, GIVEN]
    ) -> SubmitInventoryPayload:
        verb = info.context.services.inventories.submit
        return await _answer(info, input, verb, SubmitInventorySuccess)

    @strawberry.mutation(description="Verify a submitted inventory. For verifiers.")
    async def verify_inventory(
        self, info: Info, input: Annotated[InventoryInput, GIVEN]
    ) -> VerifyInventoryPayload:
        verb = info.context.services.inventories.verify
        return await _answer(info, input, verb, VerifyInventorySuccess)

    @strawberry.mutation(
        description="Make the next version of a submitted or verified inventory: a draft with the same "
        "days and lines, which supersedes it once it is verified. With another list or other "
        "potentials every line is accounted anew, with the list's factor of the same code, or "
        "else of the same subject. For the pilot's operator."
    )
    async def revise_inventory(
        self, info: Info, input: Annotated[ReviseInventoryInput, GIVEN]
    ) -> ReviseInventoryPayload:
        verb = info.context.services.inventories.revise
        return await _answer(info, input, verb, ReviseInventorySuccess)

    @strawberry.mutation(
        description="Register a project: the physical activity. For registries and administrators."
    )
    async def register_project(
        self, info: Info, input: Annotated[RegisterProjectInput, GIVEN]
    ) -> RegisterProjectPayload:
        verb = info.context.services.ledger.register_project
        return await _answer(info, input, verb, RegisterProjectSuccess)

    @strawberry.mutation(
        description="Record a project's registration (项目登记) in a programme. For registries of the "
        "programme and administrators."
    )
    async def enrol_project(
        self, info: Info, input: Annotated[EnrolProjectInput, GIVEN]
    ) -> EnrolProjectPayload:
        verb = info.context.services.ledger.enrol_project
        return await _answer(info, input, verb, EnrolProjectSuccess)

    @strawberry.mutation(
        description="Issue a serial block of credits (减排量登记) to a holder. For registries of the programme."
    )
    async def issue_credits(
        self, info: Info, input: Annotated[IssueCreditsInput, GIVEN]
    ) -> IssueCreditsPayload:
        verb = info.context.services.ledger.post
        return await _answer(info, input, verb, IssueCreditsSuccess)

    @strawberry.mutation(
        description="Transfer exact serials from one holder to another. For registries of the programme."
    )
    async def transfer_credits(
        self, info: Info, input: Annotated[TransferCreditsInput, GIVEN]
    ) -> TransferCreditsPayload:
        verb = info.context.services.ledger.post
        return await _answer(info, input, verb, TransferCreditsSuccess)

    @strawberry.mutation(
        description="Retire credits (注销) for a pilot and one of its accounting periods, for good. For "
        "registries of the programme."
    )
    async def retire_credits(
        self, info: Info, input: Annotated[RetireCreditsInput, GIVEN]
    ) -> RetireCreditsPayload:
        verb = info.context.services.ledger.post
        return await _answer(info, input, verb, RetireCreditsSuccess)


async def _answer(info: Info, given: Input, verb: Verb, success: Any) -> Any:
    """Do what a mutation is for; a refusal becomes its GraphQL error."""
    caller = await info.context.principal()
    if caller is None:
        raise unauthenticated()
    key = given.idempotency_key
    if not IDEMPOTENCY_KEY.fullmatch(key):
        return as_error(_bad_key(key), info.context.ids)
    try:
        outcome = await verb(caller, key, given.command(info.context.ids, caller))
    except Refused as refused:
        return as_error(refused.refusal, info.context.ids)
    if outcome.refusal is not None:
        return as_error(outcome.refusal, info.context.ids)
    assert outcome.position is not None
    node = await find_node(info, success.kind, outcome.position)
    return success(**{success.field: node, "replayed": outcome.replayed})


def _bad_key(key: str) -> InvalidInput:
    return InvalidInput(
        path=("input", "idempotencyKey"),
        value=key[:80],
        expected_zh="1至128个可见ASCII字符，不含空格；每个新请求使用新的键，如UUID",
        expected_en="1 to 128 visible ASCII characters, no spaces; a new one, such as a UUID, for each "
        "new request",
    )
