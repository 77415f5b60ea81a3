"""Everything that can be asked."""

import asyncio
from typing import Annotated

import strawberry

from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.auditing.queries import AuditingQueries
from nzc_api.schema.auditing.reconciliations import ReconciliationLists
from nzc_api.schema.credits.proposal_queries import ProposalLists
from nzc_api.schema.credits.queries import CreditLists, CreditQueries, SerialTextQueries
from nzc_api.schema.evaluation.schemes import EvaluationQueries
from nzc_api.schema.factors.queries import FactorQueries
from nzc_api.schema.feed.queries import FeedQueries
from nzc_api.schema.guide.queries import GuideQueries
from nzc_api.schema.inventories.queries import InventoryLists
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.nodes import OF_EVERY_KIND, OF_ONE_KIND, Node, find_node
from nzc_api.schema.labels.queries import Labels
from nzc_api.schema.organisations.queries import OrganisationLists, OrganisationQueries, Viewer
from nzc_api.schema.pilots.queries import PilotLists, PilotQueries
from nzc_api.schema.programmes.queries import ProgrammeQueries
from nzc_api.schema.proofs.queries import ProofQueries
from nzc_api.schema.province.queries import ProvinceQueries
from nzc_api.schema.retirement_certificates.queries import CertificateQueries
from nzc_api.schema.selection.queries import ApplicationLists
from nzc_api.schema.statements.queries import StatementQueries
from nzc_api.schema.statements.ranking import Rankings
from nzc_api.schema.webhooks.queries import WebhookQueries

MOST_NODES = 100


@strawberry.type
class Nodes:
    @dear(
        "The thing with an id; null where there is none, or none that you see.",
        statements=OF_ONE_KIND,
    )
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, argument("The id.")]
    ) -> Node | None:
        return await _node(info, id, "id")

    @dear(
        "The things with these ids, in order; null where there is none, or none that you see.",
        statements=OF_EVERY_KIND,
    )
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], argument("At most 100 ids.")]
    ) -> list[Node | None]:
        if len(ids) > MOST_NODES:
            raise too_many("ids", len(ids), MOST_NODES)
        found = [_node(info, text, "ids", str(index)) for index, text in enumerate(ids)]
        return list(await asyncio.gather(*found))


@strawberry.type(
    description="Everything that can be asked. What is public needs no key; what you may not see is as if "
    "it were not there. Lists are pages: `first` at most 100, `after` the cursor of the page before."
)
class Query(
    Rankings,
    OrganisationLists,
    PilotLists,
    InventoryLists,
    CreditLists,
    ProposalLists,
    ApplicationLists,
    ReconciliationLists,
    Labels,
    Nodes,
    GuideQueries,
    Viewer,
    FactorQueries,
    PilotQueries,
    OrganisationQueries,
    ProgrammeQueries,
    EvaluationQueries,
    CreditQueries,
    AuditingQueries,
    SerialTextQueries,
    CertificateQueries,
    StatementQueries,
    ProvinceQueries,
    FeedQueries,
    ProofQueries,
    WebhookQueries,
):
    pass


async def _node(info: Info, text: str, *path: str) -> Node | None:
    found = info.context.ids.find(text)
    if found is None:
        raise not_an_id(text, path)
    kind, name = found
    return await find_node(info, kind, name)


def too_many(field: str, count: int, most: int) -> Refused:
    return Refused(
        InvalidInput(
            path=(field,),
            value=str(count),
            expected_zh=f"至多{most}个",
            expected_en=f"at most {most}",
        )
    )


def not_an_id(text: str, path: tuple[str, ...]) -> Refused:
    return Refused(
        InvalidInput(
            path=path,
            value=text[:80],
            expected_zh="本系统给出的id，原样传入",
            expected_en="an id, exactly as this API gave it",
        )
    )
