"""What changes organisations and keys."""

from typing import Annotated

import strawberry

from nzc_api.access.model import IssueApiKey
from nzc_api.access.principals import Principal
from nzc_api.log.model import Outcome
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.mutations import GIVEN, answer
from nzc_api.schema.organisations.inputs import (
    AmendOrganisationInput,
    IssueApiKeyInput,
    RegisterOrganisationInput,
    RevokeApiKeyInput,
)
from nzc_api.schema.organisations.payloads import (
    AmendOrganisationPayload,
    AmendOrganisationSuccess,
    IssueApiKeyPayload,
    IssueApiKeySuccess,
    RegisterOrganisationPayload,
    RegisterOrganisationSuccess,
    RevokeApiKeyPayload,
    RevokeApiKeySuccess,
)


@strawberry.type
class OrganisationMutations:
    @strawberry.mutation(description="Register an organisation. For administrators.")
    async def register_organisation(
        self, info: Info, input: Annotated[RegisterOrganisationInput, GIVEN]
    ) -> RegisterOrganisationPayload:
        verb = info.context.services.access.register_organisation
        return await answer(info, input, verb, RegisterOrganisationSuccess)

    @strawberry.mutation(
        description="Change what an organisation is called, or its unified social credit code, from now on: as of "
        "earlier positions it stays as it was. For administrators."
    )
    async def amend_organisation(
        self, info: Info, input: Annotated[AmendOrganisationInput, GIVEN]
    ) -> AmendOrganisationPayload:
        verb = info.context.services.access.amend_organisation
        return await answer(info, input, verb, AmendOrganisationSuccess)

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

        answered = await answer(info, input, issue, IssueApiKeySuccess)
        if isinstance(answered, IssueApiKeySuccess):
            answered.secret = secret
        return answered

    @strawberry.mutation(description="Revoke an API key, for good. For administrators.")
    async def revoke_api_key(
        self, info: Info, input: Annotated[RevokeApiKeyInput, GIVEN]
    ) -> RevokeApiKeyPayload:
        verb = info.context.services.access.revoke_api_key
        return await answer(info, input, verb, RevokeApiKeySuccess)
