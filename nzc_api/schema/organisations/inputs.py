"""What is registered and changed of organisations and keys: the mutations' inputs."""

from datetime import datetime

import strawberry

from nzc_api.access.model import AmendOrganisation, IssueApiKey, RegisterOrganisation
from nzc_api.access.principals import Principal
from nzc_api.grounds import Grounds
from nzc_api.ids import ApiKeyId
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import API_KEY, ORGANISATION
from nzc_api.schema.kit.texts import LocalizedTextInput
from nzc_api.schema.organisations.enums import Role
from nzc_api.schema.programmes.types import ProgrammeCode


@strawberry.input(description="A new organisation.")
class RegisterOrganisationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    name: LocalizedTextInput = strawberry.field(description="Its name.")
    role: Role = strawberry.field(description="What it may write and see.")
    programmes: list[ProgrammeCode] = strawberry.field(
        default_factory=list, description="The programmes of a registry, such as CCER; else none."
    )
    credit_code: str | None = strawberry.field(
        default=None,
        description="Its unified social credit code (统一社会信用代码): 18 characters, the last of which "
        "checks the others. No two organisations have one code.",
    )

    def command(self, ids: Ids, caller: Principal) -> RegisterOrganisation:
        return RegisterOrganisation(
            name=self.name.text(),
            role=self.role,
            programmes=tuple(self.programmes),
            credit_code=self.credit_code,
        )


@strawberry.input(
    description="What an organisation's facts are from now on: those that are left out stay as they are."
)
class AmendOrganisationInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    organisation: strawberry.ID = strawberry.field(description="The organisation.")
    name: LocalizedTextInput | None = strawberry.field(
        default=strawberry.UNSET, description="Its name."
    )
    credit_code: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its unified social credit code (统一社会信用代码); null: it is not known.",
    )
    document: str = strawberry.field(description="The document that shows it.")
    reason: str = strawberry.field(description="Why.")

    def command(self, ids: Ids, caller: Principal) -> AmendOrganisation:
        changes = said(self, ("name", "credit_code"), no_values=("credit_code",))
        if self.name:
            changes["name"] = self.name.text()
        return AmendOrganisation(
            ids.read(self.organisation, "input", "organisation", kind=ORGANISATION),
            changes,
            Grounds(self.document, self.reason),
        )


@strawberry.input(description="A new key.")
class IssueApiKeyInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    organisation: strawberry.ID = strawberry.field(description="Whose key it will be.")
    label: str = strawberry.field(description="What it is for: 1 to 200 characters.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it expires, a time to come. Default: never."
    )

    def command(self, ids: Ids, caller: Principal) -> IssueApiKey:
        organisation = ids.read(self.organisation, "input", "organisation", kind=ORGANISATION)
        return IssueApiKey(organisation, self.label, self.expires_at)


@strawberry.input(description="A key to revoke.")
class RevokeApiKeyInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    api_key: strawberry.ID = strawberry.field(description="The key.")

    def command(self, ids: Ids, caller: Principal) -> ApiKeyId:
        return ids.read(self.api_key, "input", "apiKey", kind=API_KEY)
