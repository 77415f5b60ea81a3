"""Organisations and their keys, as GraphQL."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.access import amendment_store as amended
from nzc_api.access import store as domain
from nzc_api.access.principals import Principal, Role
from nzc_api.access.service import AmendOrganisation, IssueApiKey, RegisterOrganisation
from nzc_api.grounds import Grounds
from nzc_api.ledger.questions_model import StatementOf
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    Trail,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear, described_enum, short_list
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import LocalizedTextInput, Node, text_attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.programmes.types import ProgrammeCode

if TYPE_CHECKING:
    from nzc_api.schema.auditing.types import CreditStatementLine
    from nzc_api.schema.credits.types import CreditHolding
    from nzc_api.schema.metering.types import Meter

described_enum(
    Role,
    "What an organisation is to NZC, and so what it may write and see. No role skips the ledger's rules.",
    {
        "ADMINISTRATOR": "registers organisations, keys, and pilots on behalf of their operators",
        "REGISTRY": "posts issuances, transfers and retirements of its own programmes",
        "PILOT_OPERATOR": "writes its own pilots, their inventories, targets, meters and documents",
        "VERIFIER": "verifies inventories",
        "CREDIT_HOLDER": "holds credits; writes nothing",
        "AUDITOR": "reads everything that was submitted; writes nothing",
        "REGULATOR": "reads everything that was submitted; writes nothing",
        "METER_GATEWAY": "posts readings and bills of the meters that their operators assigned to it",
    },
)


@strawberry.type(description="What can be amended of an organisation, as it was at some time.")
class OrganisationFacts:
    domain: strawberry.Private[amended.OrganisationFacts]

    name = text_attribute("name", "Its name.")
    credit_code = attribute(str | None, "credit_code", "Its unified social credit code, if known.")


@strawberry.type(
    description="A change of an organisation's facts. As of a position before its own they are what they were."
)
class OrganisationAmendment:
    domain: strawberry.Private[amended.OrganisationAmendment]

    position = attribute(
        BigInt,
        "id",
        "The position of the log at which it was made; its event says when and by whom.",
    )
    document = attribute(str, "grounds.document", "The document that shows it.")
    reason = attribute(str, "grounds.reason", "Why.")

    @strawberry.field(description="What the facts were before.")
    def before(self) -> OrganisationFacts:
        return OrganisationFacts(domain=self.domain.before)

    @strawberry.field(description="What they were from then on.")
    def after(self) -> OrganisationFacts:
        return OrganisationFacts(domain=self.domain.after)


@strawberry.type(description="A party to NZC.")
class Organisation(Node):
    domain: strawberry.Private[domain.Organisation]

    name = text_attribute("name", "Its name.")
    role = attribute(Role, "role", "What it may write and see.")
    credit_code = attribute(
        str | None,
        "credit_code",
        "Its unified social credit code (统一社会信用代码), if it was given.",
    )

    @short_list("The programmes that it posts for, if any.", len(ProgrammeCode))
    def programmes(self) -> list[ProgrammeCode]:
        return [ProgrammeCode(code) for code in dict.fromkeys(self.domain.programmes)]

    @strawberry.field(description="The changes of its facts, oldest first.")
    async def amendments(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[OrganisationAmendment]:
        page = page_by_position(first, after)
        loaders = info.context.loaders
        rows = await loaders.organisation_amendments.load((self.domain.id, page))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: OrganisationAmendment(domain=row),
            counted(loaders.organisation_amendments_count, self.domain.id),
        )

    @dear("What it holds of each batch, oldest batch first.", statements=2)
    async def holdings(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        as_of: Annotated[
            BigInt | None, argument("A position of the log: what it held then. Default: now.")
        ] = None,
    ) -> Connection[Annotated["CreditHolding", strawberry.lazy("nzc_api.schema.credits.types")]]:
        from nzc_api.schema.credits.types import CreditHolding  # noqa: PLC0415  (they name each other)

        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        rows = await info.context.loaders.holdings.load((self.domain.id, (at, page)))
        return connection(
            rows,
            page,
            lambda row: row.batch_id,
            lambda row: CreditHolding(domain=row),
            counted(info.context.loaders.holdings_count, (self.domain.id, at)),
        )

    @dear(
        "The meters that it posts the readings of, where it is a METER_GATEWAY, in the order of their registration; "
        "none where you do not see them.",
        statements=3,
    )
    async def meters(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        as_of: Annotated[
            BigInt | None, argument("A position of the log: what it was then. Default: now.")
        ] = None,
    ) -> Connection[Annotated["Meter", strawberry.lazy("nzc_api.schema.metering.types")]]:
        from nzc_api.schema.metering.types import meters_of_gateway  # noqa: PLC0415  (they name each other)

        return await meters_of_gateway(info, self.domain.id, first, after, as_of)

    @dear(
        "The credits of a programme that it holds, movement by movement, with the balance "
        "after each.",
        statements=5,
    )
    async def credit_statement(
        self,
        info: Info,
        programme: Annotated[ProgrammeCode, argument("The programme.")],
        batch: Annotated[strawberry.ID | None, argument("Of this batch only.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        as_of: Annotated[
            BigInt | None, argument("A position of the log: what it was then. Default: now.")
        ] = None,
    ) -> Trail[Annotated["CreditStatementLine", strawberry.lazy("nzc_api.schema.auditing.types")]]:
        from nzc_api.schema.auditing.types import statement  # noqa: PLC0415  (it is built on this)

        batch_id = None
        if batch is not None:
            batch_id = info.context.ids.position(batch, "batch", kinds=("CreditBatch",))
        of = StatementOf(
            await info.context.as_of(as_of),
            organisation_id=self.domain.id,
            programme=programme,
            batch_id=batch_id,
        )
        return await statement(info, of, first, after)


@strawberry.type(
    description="A key of an organisation. Its secret is shown once and not kept. Only administrators and "
    "the organisation itself see it: to anyone else it is as if there were none."
)
class ApiKey(Node):
    domain: strawberry.Private[domain.ApiKey]

    label = attribute(str, "label", "What it is for.")
    revoked = attribute(bool, "revoked", "Whether it was revoked.")
    # Not `expiresAt`: that of a retirement request is never null, and both may be asked for side by side.
    valid_until = attribute(
        datetime | None, "expires_at", "When it expires, or expired; null where it never does."
    )
    last_used_at = attribute(
        datetime | None,
        "last_used_at",
        "When it was last used, known a minute later at most; null where it never was.",
    )

    @strawberry.field(description="Whose key it is.")
    async def organisation(self, info: Info) -> Organisation:
        found = await info.context.loaders.organisation.load(self.domain.organisation_id)
        assert found is not None
        return Organisation(domain=found)


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
            self.name.text(), self.role, tuple(self.programmes), self.credit_code
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
            ids.position(self.organisation, "input", "organisation", kinds=("Organisation",)),
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
        organisation = ids.position(
            self.organisation, "input", "organisation", kinds=("Organisation",)
        )
        return IssueApiKey(organisation, self.label, self.expires_at)


@strawberry.input(description="A key to revoke.")
class RevokeApiKeyInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    api_key: strawberry.ID = strawberry.field(description="The key.")

    def command(self, ids: Ids, caller: Principal) -> int:
        return ids.position(self.api_key, "input", "apiKey", kinds=("ApiKey",))
