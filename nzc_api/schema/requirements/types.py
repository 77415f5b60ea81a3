"""How far pilots meet the guide's requirements, as GraphQL."""

from collections.abc import Mapping
from typing import Self

import strawberry

from nzc_api.requirements import model as domain
from nzc_api.requirements.visibility import sees_requirements
from nzc_api.schema.guide.types import Requirement
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.nodes import Node, find_node
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.requirements.enums import FactKind, Standing

# What a requirement is shown by at most.
MOST_FACTS = 5

# What the position of a fact is one of, by the types that ids have.
KINDS: Mapping[domain.FactKind, str] = {
    FactKind.TARGET: "Target",
    **dict.fromkeys(
        (
            FactKind.BASELINE_SUBMITTED,
            FactKind.BASELINE_VERIFIED,
            FactKind.OPERATION_SUBMITTED,
            FactKind.OPERATION_VERIFIED,
            FactKind.SINK_SUBMITTED,
        ),
        "Inventory",
    ),
    FactKind.RETIREMENT: "Retirement",
    FactKind.POTENTIAL_ANALYSED: "PotentialAnalysis",
    **dict.fromkeys((FactKind.PLAN_SUBMITTED, FactKind.PLAN_APPROVED), "Plan"),
    **dict.fromkeys((FactKind.EVALUATION_OPENED, FactKind.EVALUATION_PASSED), "Evaluation"),
    FactKind.FINANCING: "Financing",
    **{kind: "Post" for kind in FactKind if kind.endswith(("POST", "POST_HELD"))},
    FactKind.DUTY: "Duty",
    FactKind.RULE_IN_FORCE: "ManagementRule",
    **{kind: "Upkeep" for kind in FactKind if kind.startswith("UPKEEP")},
    **{kind: "Meter" for kind in FactKind if kind.startswith("METER")},
    **{
        kind: "Measure"
        for kind in FactKind
        if kind.startswith("MEASURE") or kind is FactKind.EFFECT_VERIFIED
    },
}


@strawberry.type(description="What shows that a requirement is met.")
class RequirementFact:
    domain: strawberry.Private[domain.RequirementFact]

    fact = attribute(FactKind, "kind", "What.")
    count = attribute(int, "count", "How many there are.")

    @dear("The latest of them; null where you do not see it.", statements=30)
    async def latest(self, info: Info) -> Node | None:
        return await find_node(info, KINDS[self.domain.kind], self.domain.latest)


@registered
@strawberry.type(
    description="A requirement of the guide, and how far a pilot meets it. The guide says what it asks for, not what "
    "shows it: which facts do is our own reading."
)
class RequirementStatus:
    domain: strawberry.Private[domain.RequirementStatus]

    standing = attribute(Standing, "standing", "How far it is met.")
    missing = attribute(
        list[FactKind], "missing", "What would show it besides.", at_most=MOST_FACTS
    )

    @strawberry.field(description="The requirement.")
    def requirement(self) -> Requirement:
        return Requirement(domain=self.domain.requirement)

    @short_list("What shows it.", MOST_FACTS)
    def facts(self) -> list[RequirementFact]:
        return [RequirementFact(domain=fact) for fact in self.domain.facts]

    @classmethod
    async def of_pilot(cls, info: Info, pilot: Pilot, as_of: int | None) -> list[Self]:
        """The requirements of a pilot, for those who see them; for others there are none."""
        at = await info.context.as_of(as_of)
        if not sees_requirements(await info.context.sight(), pilot.domain.operator_id):
            return []
        found = await info.context.loaders.requirements_of.load((pilot.domain.id, at))
        return [cls(domain=item) for item in found]
