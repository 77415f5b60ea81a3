"""Warnings of inventories and what verifiers say of them, as GraphQL."""

import strawberry

from nzc_api.ids import InventoryId, LineId
from nzc_api.inventories.model import Acknowledgement as DomainAcknowledgement
from nzc_api.inventories.model import Opinion
from nzc_api.inventories.opinions import MOST_ACKNOWLEDGED, MOST_FINDINGS, acknowledgement_of
from nzc_api.inventories.warnings import InventoryWarning as DomainWarning
from nzc_api.schema.inventories.above import INVENTORY_LINE, LazyInventoryLine
from nzc_api.schema.inventories.enums import AssuranceLevel, WarningCode
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import LINE
from nzc_api.schema.kit.texts import text_attribute


@strawberry.type(description="Why a verifier holds that what a warning says is right as it is.")
class Acknowledgement:
    domain: strawberry.Private[DomainAcknowledgement]

    code = attribute(WarningCode, "code", "The warning.")
    reason = attribute(str, "reason", "Why it is right as it is.")

    @dear(
        "The line that it is about; null where it is about all warnings of the code, and where you do not "
        "see the line.",
        statements=2,
    )
    async def line(self, info: Info) -> LazyInventoryLine | None:
        return await _line_seen(info, self.domain.line_id)


@strawberry.type(description="What a verifier said of an inventory as it verified it.")
class VerificationOpinion:
    domain: strawberry.Private[Opinion]

    level = attribute(AssuranceLevel, "level", "How sure it says to be.")
    findings = attribute(list[str], "findings", "What it found.", at_most=MOST_FINDINGS)
    report_hash = attribute(
        str | None, "report_hash", "The SHA-256 of its report, in hexadecimal digits."
    )

    @short_list("The warnings that it acknowledged.", MOST_ACKNOWLEDGED)
    def acknowledged(self) -> list[Acknowledgement]:
        return [Acknowledgement(domain=said) for said in self.domain.acknowledged]


@strawberry.type(description="Something to know of an inventory or of one of its lines.")
class InventoryWarning:
    domain: strawberry.Private[DomainWarning]
    # None where it is of what would be, of which nothing was said yet.
    inventory_id: strawberry.Private[InventoryId | None]

    code = attribute(WarningCode, "code", "What it is about.")
    message = text_attribute("message", "What it says, with the facts of the case.")
    must_be_acknowledged = attribute(
        bool,
        "code.is_doubt",
        "Whether it is probably a slip: whoever verifies the inventory acknowledges it with a reason.",
    )

    @dear("The line; null where it is about the whole inventory.", statements=2)
    async def line(self, info: Info) -> LazyInventoryLine | None:
        return await _line_seen(info, self.domain.line_id)

    @dear("The other line that it is about, if there is one.", statements=2)
    async def other_line(self, info: Info) -> LazyInventoryLine | None:
        return await _line_seen(info, self.domain.other_line_id)

    @dear("What the verifier said of it, once it has.", statements=1)
    async def acknowledgement(self, info: Info) -> Acknowledgement | None:
        if self.inventory_id is None:
            return None
        opinion = await info.context.loaders.opinion.load(self.inventory_id)
        said = acknowledgement_of(opinion, self.domain)
        return None if said is None else Acknowledgement(domain=said)


@strawberry.input(description="Why what a warning says is right as it is.")
class AcknowledgementInput:
    code: WarningCode = strawberry.field(description="The warning.")
    line: strawberry.ID | None = strawberry.field(
        default=None, description="The line that it is about. Without it: all warnings of the code."
    )
    reason: str = strawberry.field(description="Why it is right as it is: 1 to 1,000 characters.")

    def acknowledgement(self, ids: Ids, *path: str) -> DomainAcknowledgement:
        line = ids.optional(self.line, *path, "line", kind=LINE)
        return DomainAcknowledgement(self.code, line, self.reason)


@strawberry.input(
    description="What a verifier says of an inventory. Each warning that must be acknowledged is, with a "
    "reason."
)
class VerificationOpinionInput:
    level: AssuranceLevel = strawberry.field(description="How sure you are.")
    findings: list[str] = strawberry.field(
        default_factory=list,
        description=f"What you found: at most {MOST_FINDINGS}, of 1 to 2,000 characters each.",
    )
    acknowledged: list[AcknowledgementInput] = strawberry.field(
        default_factory=list,
        description=f"The warnings that are right as they are: at most {MOST_ACKNOWLEDGED}.",
    )
    report_hash: str | None = strawberry.field(
        default=None, description="The SHA-256 of your report: 64 lower-case hexadecimal digits."
    )

    def opinion(self, ids: Ids) -> Opinion:
        return Opinion(
            level=self.level,
            findings=tuple(self.findings),
            acknowledged=tuple(
                said.acknowledgement(ids, "input", "opinion", "acknowledged", str(index))
                for index, said in enumerate(self.acknowledged)
            ),
            report_hash=self.report_hash,
        )


async def _line_seen(info: Info, line_id: LineId | None) -> LazyInventoryLine | None:
    """A line, if there is one and whoever asks sees it."""
    return None if line_id is None else await INVENTORY_LINE.type.seen(info, line_id)
