"""Finding nodes by id, whatever their type."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from strawberry.dataloader import DataLoader

from nzc_api.access.principals import AccessDenied, may_see_keys_of
from nzc_api.accounting.factors import FACTORS_BY_ID, LISTS_BY_ID
from nzc_api.inventories.model import LineRole
from nzc_api.schema.context import Info
from nzc_api.schema.credits import CreditBatch, CreditTransfer, Project, Retirement
from nzc_api.schema.documents import Document, document_seen
from nzc_api.schema.factors import EmissionFactor, FactorList
from nzc_api.schema.inventories import (
    EmissionSource,
    Inventory,
    Sink,
    inventory_seen,
    line_node,
)
from nzc_api.schema.loaders import Loaders
from nzc_api.schema.metering import Meter, ReadingBatch, batch_seen, meter_seen
from nzc_api.schema.nodes import Node
from nzc_api.schema.organisations import ApiKey, Organisation
from nzc_api.schema.pilots import AccountingPeriod, Pilot
from nzc_api.schema.postings import CreditUse, LedgerPosting, RetirementRequest
from nzc_api.schema.proposals import Proposal, proposal_seen
from nzc_api.schema.targets import Target, target_seen

Finder = Callable[[Info, int], Awaitable[Node | None]]


def _by(loader: Callable[[Loaders], DataLoader[int, Any]], node: type[Node]) -> Finder:
    async def find(info: Info, position: int) -> Node | None:
        found = await loader(info.context.loaders).load(position)
        return None if found is None else node(domain=found)

    return find


def _line(role: LineRole) -> Finder:
    async def find(info: Info, position: int) -> Node | None:
        found = await info.context.loaders.line.load((position, await info.context.sight()))
        return line_node(found) if found is not None and found.role is role else None

    return find


async def _key(info: Info, position: int) -> ApiKey | None:
    """A key, for those who may see it; nobody else learns that there is one."""
    try:
        caller = await info.context.principal()
    except AccessDenied:
        return None
    found = None if caller is None else await info.context.loaders.api_key.load(position)
    if found is None or not may_see_keys_of(caller, found.organisation_id):
        return None
    return ApiKey(domain=found)


FINDERS: Mapping[str, Finder] = {
    "Organisation": _by(lambda loaders: loaders.organisation, Organisation),
    "ApiKey": _key,
    "Pilot": _by(lambda loaders: loaders.pilot, Pilot),
    "AccountingPeriod": _by(lambda loaders: loaders.period, AccountingPeriod),
    "Inventory": inventory_seen,
    "Meter": meter_seen,
    "ReadingBatch": batch_seen,
    "EmissionSource": _line(LineRole.SOURCE),
    "Sink": _line(LineRole.SINK),
    "Target": target_seen,
    "Document": document_seen,
    "Project": _by(lambda loaders: loaders.project, Project),
    "CreditBatch": _by(lambda loaders: loaders.batch, CreditBatch),
    "Retirement": _by(lambda loaders: loaders.retirement, Retirement),
    "CreditTransfer": _by(lambda loaders: loaders.transfer, CreditTransfer),
    "CreditUse": _by(lambda loaders: loaders.use, CreditUse),
    "RetirementRequest": _by(lambda loaders: loaders.request, RetirementRequest),
    "LedgerPosting": _by(lambda loaders: loaders.posting, LedgerPosting),
    "Proposal": proposal_seen,
}


async def find_node(info: Info, kind: str, name: int | UUID) -> Node | None:
    """The node that a decoded id names; None where there is none."""
    if isinstance(name, int):
        finder = FINDERS.get(kind)
        return None if finder is None else await finder(info, name)
    if kind == "EmissionFactor" and name in FACTORS_BY_ID:
        return EmissionFactor(domain=FACTORS_BY_ID[name])
    if kind == "FactorList" and name in LISTS_BY_ID:
        return FactorList(domain=LISTS_BY_ID[name])
    return None


NODE_TYPES = (
    Organisation, ApiKey, Pilot, AccountingPeriod, Inventory, EmissionSource, Sink, Target, Document, Meter,
    ReadingBatch, Project,
    CreditBatch, Retirement, CreditTransfer, CreditUse, RetirementRequest, LedgerPosting, Proposal,
    EmissionFactor, FactorList,
)  # fmt: skip
