"""Organisations and their keys, as GraphQL."""

from datetime import datetime
from typing import Annotated, Self

import strawberry

from nzc_api.access import model as domain
from nzc_api.access.principals import AccessDenied, may_see_keys_of
from nzc_api.ledger.reading.questions_model import CreditStatementKey
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
from nzc_api.schema.kit.fields import argument, attribute, dear, short_list
from nzc_api.schema.kit.kinds import CREDIT_BATCH
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.organisations.above import (
    CREDIT_HOLDING,
    CREDIT_STATEMENT_LINE,
    METER,
    LazyCreditHolding,
    LazyCreditStatementLine,
    LazyMeter,
)
from nzc_api.schema.organisations.enums import Role
from nzc_api.schema.organisations.loaders import OrganisationLoaders
from nzc_api.schema.programmes.types import ProgrammeCode


@strawberry.type(description="What can be amended of an organisation, as it was at some time.")
class OrganisationFacts:
    domain: strawberry.Private[domain.OrganisationFacts]

    name = text_attribute("name", "Its name.")
    credit_code = attribute(str | None, "credit_code", "Its unified social credit code, if known.")


@strawberry.type(
    description="A change of an organisation's facts. As of a position before its own they are what they were."
)
class OrganisationAmendment:
    domain: strawberry.Private[domain.OrganisationAmendment]

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


@node(OrganisationLoaders.organisation)
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
    ) -> Connection[LazyCreditHolding]:
        page = page_by_position(first, after)
        at = await info.context.as_of(as_of)
        rows = await info.context.loaders.holdings.load((self.domain.id, (at, page)))
        return connection(
            rows,
            page,
            lambda row: row.batch_id,
            lambda row: CREDIT_HOLDING.type(domain=row, as_of=at),
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
    ) -> Connection[LazyMeter]:
        return await METER.type.of_gateway(info, self.domain.id, first, after, as_of)

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
    ) -> Trail[LazyCreditStatementLine]:
        batch_id = None
        if batch is not None:
            batch_id = info.context.ids.read(batch, "batch", kind=CREDIT_BATCH)
        statement = CreditStatementKey(
            await info.context.as_of(as_of),
            organisation_id=self.domain.id,
            programme=programme,
            batch_id=batch_id,
        )
        return await CREDIT_STATEMENT_LINE.type.page(info, statement, first, after)


@node()
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

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        """A key, for those who may see it; nobody else learns that there is one."""
        try:
            caller = await info.context.principal()
        except AccessDenied:
            return None
        found = None if caller is None else await info.context.loaders.api_key.load(position)
        if found is None or not may_see_keys_of(caller, found.organisation_id):
            return None
        return cls(domain=found)
