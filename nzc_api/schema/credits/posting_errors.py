"""What refuses to move credits, or what moved them, as GraphQL."""

import strawberry

from nzc_api.ledger.errors import orders, retiring
from nzc_api.ledger.errors.retiring import MOST_BATCHES
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.postings import LedgerPosting
from nzc_api.schema.credits.projects import Project
from nzc_api.schema.credits.requests import RetirementRequest
from nzc_api.schema.credits.retirements import Retirement
from nzc_api.schema.credits.uses import CreditUse
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.organisations.types import Organisation
from nzc_api.schema.pilots.types import Pilot


@explains(retiring.NotOwnSink)
class NotOwnSink(UserError):
    serials = attribute(str, "serials", "The serials.")

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)

    @strawberry.field(description="The pilot that it lies in.")
    async def inside(self, info: Info) -> Pilot:
        return await Pilot.at(info, self.domain.inside_id)


@explains(retiring.VintageAfterRetirement)
class VintageAfterRetirement(UserError):
    registered_on = attribute(str, "registered_on", "When the reductions were registered.")

    @strawberry.field(description="The batch.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.at(info, self.domain.batch_id)


@explains(retiring.SerialsNotIssued)
class SerialsNotIssued(UserError):
    serials = attribute(str, "serials", "The range as it was given.")
    programme = attribute(str, "programme", "The programme.")


@explains(retiring.SerialRangeSpansBatches)
class SerialRangeSpansBatches(UserError):
    more = attribute(int, "more", "How many more batches it spans.")

    @short_list("The batches, or the first of them.", MOST_BATCHES)
    async def batches(self, info: Info) -> list[CreditBatch]:
        found = await info.context.loaders.batch.load_many(self.domain.batch_ids)
        return [CreditBatch(domain=batch) for batch in found if batch is not None]


@explains(retiring.SerialsAlreadyRetired)
class SerialsAlreadyRetired(UserError):
    serials = attribute(str, "serials", "The serials of the request that are retired.")

    @dear("The retirement that has them.", statements=2)
    async def retirement(self, info: Info) -> Retirement:
        found = await info.context.loaders.retirement.load(self.domain.retirement_id)
        assert found is not None
        return Retirement(domain=found)


@explains(retiring.SerialsNotHeld)
class SerialsNotHeld(UserError):
    serials = attribute(str, "serials", "The serials of the request that somebody else holds.")

    @strawberry.field(description="Who holds them.")
    async def holder(self, info: Info) -> Organisation:
        return await Organisation.at(info, self.domain.holder_id)


@explains(retiring.InsufficientCredits)
class InsufficientCredits(UserError):
    requested = attribute(BigInt, "requested", "The tonnes asked for.")
    available = attribute(BigInt, "available", "The tonnes that could be retired.")
    excluded = attribute(BigInt, "excluded", "Tonnes held that a rule keeps from this pilot.")


@explains(retiring.CreditFromInsideBoundary)
class CreditFromInsideBoundary(UserError):
    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)

    @strawberry.field(description="The pilot that the project lies in.")
    async def inside(self, info: Info) -> Pilot:
        return await Pilot.at(info, self.domain.inside_id)


@explains(retiring.TooFragmented)
class TooFragmented(UserError):
    most = attribute(int, "most", "The most lots that one command may touch.")


@explains(retiring.SerialsAlreadyUsed)
class SerialsAlreadyUsed(UserError):
    serials = attribute(str, "serials", "The serials of the request that are used.")
    purpose = attribute(str, "purpose", "What for.")

    @strawberry.field(description="The use that has them.")
    async def use(self, info: Info) -> CreditUse:
        found = await info.context.loaders.use.load(self.domain.use_id)
        assert found is not None
        return CreditUse(domain=found)


@explains(retiring.SerialsPending)
class SerialsPending(UserError):
    serials = attribute(str, "serials", "The serials of the request that are set aside.")

    @strawberry.field(description="The request that has them.")
    async def request(self, info: Info) -> RetirementRequest:
        return await RetirementRequest.at(info, self.domain.request_id)


@explains(orders.CreditsFrozen)
class CreditsFrozen(UserError):
    serials = attribute(str, "serials", "What is frozen.")

    @dear("What froze it.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await LedgerPosting.at(info, self.domain.position)


@explains(orders.CreditsNotFrozen)
class CreditsNotFrozen(UserError):
    serials = attribute(str, "serials", "What is not frozen.")


@explains(orders.CreditsInvalidated)
class CreditsInvalidated(UserError):
    serials = attribute(str, "serials", "What is invalidated.")

    @dear("What invalidated it.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await LedgerPosting.at(info, self.domain.position)


@explains(orders.BatchWithdrawn)
class BatchWithdrawn(UserError):
    serials = attribute(str, "serials", "Its serials.")

    @dear("What took its issuance back.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await LedgerPosting.at(info, self.domain.position)


@explains(orders.CreditsExported)
class CreditsExported(UserError):
    serials = attribute(str, "serials", "What was exported.")

    @dear("What recorded the export.", statements=2)
    async def posting(self, info: Info) -> LedgerPosting:
        return await LedgerPosting.at(info, self.domain.position)


@explains(retiring.CreditFromInsideSuspected)
class CreditFromInsideSuspected(UserError):
    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)

    @strawberry.field(description="The pilot that it may lie in.")
    async def inside(self, info: Info) -> Pilot:
        return await Pilot.at(info, self.domain.inside_id)


@explains(retiring.RequestEnded)
class RequestEnded(UserError):
    position = attribute(BigInt, "position", "The position at which it ended.")

    @strawberry.field(description="The request.")
    async def request(self, info: Info) -> RetirementRequest:
        return await RetirementRequest.at(info, self.domain.request_id)


@explains(retiring.SerialsNotSetAside)
class SerialsNotSetAside(UserError):
    serials = attribute(str, "serials", "The range as it was given.")

    @strawberry.field(description="The request.")
    async def request(self, info: Info) -> RetirementRequest:
        return await RetirementRequest.at(info, self.domain.request_id)


@explains(retiring.TooManyParts)
class TooManyParts(UserError):
    most = attribute(int, "most", "In how many parts a request is confirmed at most.")

    @strawberry.field(description="The request.")
    async def request(self, info: Info) -> RetirementRequest:
        return await RetirementRequest.at(info, self.domain.request_id)


@explains(orders.NotCorrectable)
class NotCorrectable(UserError):
    kind = attribute(str, "kind", "What the entry is.")


@explains(orders.InvalidatedInUse)
class InvalidatedInUse(UserError):
    serials = attribute(str, "serials", "The serials that had been retired or used.")


@explains(orders.AlreadyCorrected)
class AlreadyCorrected(UserError):
    @dear("The correction.", statements=2)
    async def correction(self, info: Info) -> LedgerPosting:
        return await LedgerPosting.at(info, self.domain.correction_id)


@explains(orders.MovedSince)
class MovedSince(UserError):
    serials = attribute(str, "serials", "The serials that moved again.")
    later_position = attribute(BigInt, "later_id", "The position at which they did.")
