"""What refuses projects and issuances, as GraphQL."""

import strawberry

from nzc_api.ledger.errors import issuing, orders, projects, retiring
from nzc_api.schema.credits.batches import CreditBatch
from nzc_api.schema.credits.enums import Finding
from nzc_api.schema.credits.projects import Project
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.errors import UserError, explains
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import LocalizedText
from nzc_api.schema.sites.enums import SiteFinding


@explains(projects.ProjectCodeTaken)
class ProjectCodeTaken(UserError):
    @strawberry.field(description="The project that has the code.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)


@explains(projects.EnrolmentTaken)
class EnrolmentTaken(UserError):
    @strawberry.field(description="The project that is registered so.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)


@explains(issuing.SerialRangeInvalid)
class SerialRangeInvalid(UserError):
    first = attribute(BigInt, "first", "The first serial as it was given.")
    last = attribute(BigInt, "last", "The last serial as it was given.")


@explains(issuing.QuantityMismatch)
class QuantityMismatch(UserError):
    stated = attribute(BigInt, "stated", "The stated tonnes.")
    computed = attribute(BigInt, "computed", "last − first + 1.")


@explains(issuing.SerialBlockOverlap)
class SerialBlockOverlap(UserError):
    @strawberry.field(description="The batch that has some of the serials.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.at(info, self.domain.batch_id)


@explains(projects.ProjectNotEnrolled)
class ProjectNotEnrolled(UserError):
    programme = attribute(str, "programme", "The programme.")

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)


@explains(issuing.ReductionsNotRegistered)
class ReductionsNotRegistered(UserError):
    enrolled_on = attribute(str, "enrolled_on", "The day of the project's registration.")
    produced_to = attribute(str, "produced_to", "The last day of production.")


@explains(issuing.ReductionsNotAppliedFor)
class ReductionsNotAppliedFor(UserError):
    produced_to = attribute(str, "produced_to", "The last day of production.")
    registered_on = attribute(str, "registered_on", "The day of the registration.")


@explains(issuing.OutsideCreditingPeriod)
class OutsideCreditingPeriod(UserError):
    produced_from = attribute(str, "produced_from", "The first day of the monitoring period.")
    produced_to = attribute(str, "produced_to", "The last day of the monitoring period.")
    credited_from = attribute(str, "credited_from", "The first day of the crediting period.")
    credited_to = attribute(str, "credited_to", "The last day of the crediting period.")


@explains(retiring.RefusedByProgrammeRule)
class RefusedByProgrammeRule(UserError):
    rule = attribute(str, "rule", "The rule's code.")

    @strawberry.field(description="What the rule demands.")
    def reason(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.reason_zh, en=self.domain.reason_en)

    @strawberry.field(description="The text that sets the rule.")
    def citation(self) -> LocalizedText:
        return LocalizedText(zh=self.domain.citation_zh, en=self.domain.citation_en)


@explains(issuing.ForestryMislabelled)
class ForestryMislabelled(UserError):
    said = attribute(
        str, "said", "What says what the activity is: the methodology, or the project's name."
    )

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)


@explains(issuing.MethodologyRequired)
class MethodologyRequired(UserError):
    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)


@explains(issuing.MonitoringPeriodRequired)
class MonitoringPeriodRequired(UserError):
    vintage = attribute(str, "vintage", "The year that was given instead.")

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await Project.at(info, self.domain.project_id)


@explains(orders.ReferenceTaken)
class ReferenceTaken(UserError):
    programme = attribute(str, "programme", "The programme.")
    reference = attribute(str, "reference", "The registry's number, as it was given.")
    position = attribute(BigInt, "posting_id", "The position of the log of what it names.")


@explains(projects.SameSiteResolved)
class SameSiteResolved(UserError):
    found = attribute(SiteFinding, "finding", "What was found.")


@explains(issuing.IssuanceExceeded)
class IssuanceExceeded(UserError):
    reference = attribute(str, "reference", "The registry's number of the registration.")
    registered = attribute(BigInt, "registered", "All the tonnes that were registered.")
    issued = attribute(BigInt, "issued", "How many of them are issued.")
    stated = attribute(BigInt, "stated", "How many more were to be issued.")


@explains(issuing.DoubleIssuanceSuspected)
class DoubleIssuanceSuspected(UserError):
    @strawberry.field(description="The batch that was asked for.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.at(info, self.domain.batch_id)

    @strawberry.field(description="The batch that was issued for the same site and days.")
    async def other(self, info: Info) -> CreditBatch:
        return await CreditBatch.at(info, self.domain.other_id)


@explains(issuing.DoubleIssuanceResolved)
class DoubleIssuanceResolved(UserError):
    finding = attribute(Finding, "finding", "What was found.")

    @strawberry.field(description="The later batch.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.at(info, self.domain.batch_id)


@explains(issuing.IssuedInAnotherForm)
class IssuedInAnotherForm(UserError):
    @strawberry.field(description="The batch that was issued.")
    async def batch(self, info: Info) -> CreditBatch:
        return await CreditBatch.at(info, self.domain.batch_id)


@explains(orders.ItemsConflict)
class ItemsConflict(UserError):
    item = attribute(int, "item", "The number of the earlier item in the request, from 0.")
    refused_with = attribute(
        str,
        "refused_with",
        "The code of what this item would be refused with once that one were done.",
    )
