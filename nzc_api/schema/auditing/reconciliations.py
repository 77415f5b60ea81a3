"""Registries' lists that were compared with the ledger, as GraphQL."""

from typing import Annotated, Self

import strawberry

from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.proposing.proposals_seen import programmes_seen
from nzc_api.ledger.reconciling import model as domain
from nzc_api.ledger.reconciling import reconcile
from nzc_api.ledger.reconciling.reconcile_file import Sum
from nzc_api.schema.auditing.loaders import AuditingLoaders
from nzc_api.schema.feed.types import Event, event_at
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear, described_enum, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.programmes.types import Programme, ProgrammeCode

described_enum(
    reconcile.ReconciliationOutcome,
    "What came of comparing a run of units.",
    {
        "MATCHED": "registry and ledger say the same",
        "MISSING_HERE": "in the registry's list only",
        "MISSING_THERE": "in the ledger only",
        "DIFFERENT": "both have it, and differ in status, holder or pilot",
        "UNREADABLE": "a line of the list that says nothing that could be compared",
    },
)


@strawberry.type(description="The rows of a reconciliation's report that have one outcome.")
class ReconciliationSum:
    outcome: reconcile.ReconciliationOutcome = strawberry.field(
        description="What came of comparing."
    )
    counted: strawberry.Private[Sum]

    @strawberry.field(description="How many rows.")
    def rows(self) -> BigInt:
        return BigInt(self.counted.rows)

    @strawberry.field(description="Tonnes; 0 of lines that could not be read.")
    def quantity(self) -> BigInt:
        return BigInt(self.counted.tonnes)


@node(AuditingLoaders.reconciliation)
@strawberry.type(
    description="A registry's list of units that was compared with the ledger, and kept: `POST /reconciliations` does "
    "it, and `GET /reconciliations/<id>/report.csv` has the report. Seen by registries of its programme and by who "
    "oversees them."
)
class Reconciliation(Node):
    domain: strawberry.Private[domain.Reconciliation]

    position = attribute(
        BigInt,
        "id",
        "The position of the log at which it was kept; its event says when and by whom.",
    )
    as_of_position = attribute(
        BigInt, "position", "The position of the log as of which the ledger was compared."
    )
    list_sha256 = attribute(str, "list_sha256", "The SHA-256 of the registry's list, in hex.")
    list_size = attribute(BigInt, "list_size", "The list's bytes.")
    report_sha256 = attribute(str, "report_sha256", "The SHA-256 of the report, in hex.")
    report_size = attribute(BigInt, "report_size", "The report's bytes.")

    @strawberry.field(description="The programme.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])

    @short_list(
        "What came of it, of each outcome that there is.", len(reconcile.ReconciliationOutcome)
    )
    def outcomes(self) -> list[ReconciliationSum]:
        return [
            ReconciliationSum(outcome=outcome, counted=self.domain.sums[outcome])
            for outcome in reconcile.ReconciliationOutcome
            if outcome in self.domain.sums
        ]

    @dear("The entry of the log that says it.", statements=1)
    async def event(self, info: Info) -> Event:
        return await event_at(info, self.domain.id)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.reconciliation.load(position)
        seen = programmes_seen(await info.context.principal())
        return cls(domain=found) if found is not None and found.programme in seen else None


@strawberry.type
class ReconciliationLists:
    @dear("The registries' lists that were compared and that you see, oldest first.", statements=3)
    async def reconciliations(
        self,
        info: Info,
        programmes: Annotated[
            list[ProgrammeCode] | None, argument("Of which programmes. Default: all.")
        ] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Reconciliation]:
        page = page_by_position(first, after, last=last, before=before)
        seen = programmes_seen(await info.context.principal())
        wanted = seen if programmes is None else seen & {one.value for one in programmes}
        service = info.context.services.reconciling
        return connection(
            await service.page(wanted, page),
            page,
            lambda row: row.id,
            lambda row: Reconciliation(domain=row),
            lambda: service.count(wanted),
        )
