"""Warnings of inventories and what verifiers say of them, as GraphQL."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.inventories.model import Acknowledgement as DomainAcknowledgement
from nzc_api.inventories.model import AssuranceLevel, Opinion
from nzc_api.inventories.opinions import MOST_ACKNOWLEDGED, MOST_FINDINGS, acknowledgement_of
from nzc_api.inventories.warnings import InventoryWarning as DomainWarning
from nzc_api.inventories.warnings import WarningCode
from nzc_api.refusal import words_of
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, described_enum, short_list
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.nodes import text_attribute

if TYPE_CHECKING:
    from nzc_api.schema.inventories.types import InventoryLine

LINE_KINDS = ("EmissionSource", "Sink")

_Line = Annotated["InventoryLine", strawberry.lazy("nzc_api.schema.inventories.types")]

described_enum(
    WarningCode,
    "What there is to know of a line or an inventory. None of these refuses anything; which of them a "
    "verifier must acknowledge, `InventoryWarning.mustBeAcknowledged` says.",
    {code: words_of(WarningCode)[code].en for code in WarningCode},
)
described_enum(
    AssuranceLevel,
    "How sure a verifier says to be (ISO 14064-3:2019).",
    {"LIMITED": "limited assurance (有限保证)", "REASONABLE": "reasonable assurance (合理保证)"},
)


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
    async def line(self, info: Info) -> _Line | None:
        return await line_seen(info, self.domain.line_id)


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
    inventory_id: strawberry.Private[int | None]

    code = attribute(WarningCode, "code", "What it is about.")
    message = text_attribute("message", "What it says, with the facts of the case.")
    must_be_acknowledged = attribute(
        bool,
        "code.is_doubt",
        "Whether it is probably a slip: whoever verifies the inventory acknowledges it with a reason.",
    )

    @dear("The line; null where it is about the whole inventory.", statements=2)
    async def line(self, info: Info) -> _Line | None:
        return await line_seen(info, self.domain.line_id)

    @dear("The other line that it is about, if there is one.", statements=2)
    async def other_line(self, info: Info) -> _Line | None:
        return await line_seen(info, self.domain.other_line_id)

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
        line = None
        if self.line is not None:
            line = ids.position(self.line, *path, "line", kinds=LINE_KINDS)
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
            self.level,
            tuple(self.findings),
            tuple(
                said.acknowledgement(ids, "input", "opinion", "acknowledged", str(index))
                for index, said in enumerate(self.acknowledged)
            ),
            self.report_hash,
        )


async def line_seen(info: Info, line_id: int | None) -> _Line | None:
    """A line, if there is one and whoever asks sees it."""
    from nzc_api.schema.inventories.types import line_node  # noqa: PLC0415  (they know each other)

    if line_id is None:
        return None
    found = await info.context.loaders.line.load((line_id, await info.context.sight()))
    return None if found is None else line_node(found)
