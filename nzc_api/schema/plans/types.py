"""Plans, as GraphQL."""

from datetime import date
from typing import Annotated, Self

import strawberry

from nzc_api.ids import PlanId
from nzc_api.plans import model as domain
from nzc_api.plans.model import Milestone as DomainMilestone
from nzc_api.plans.model import Reached
from nzc_api.plans.rules import MOST_MATERIALS, MOST_MEASURES, MOST_MILESTONES, MOST_PACKAGES
from nzc_api.schema.documents.types import Documented
from nzc_api.schema.guide.enums import LifeCycleStage
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import Connection, connection, counted, page_by_position
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, attribute, dear, number, short_list
from nzc_api.schema.kit.nodes import node
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.kit.texts import text_attribute
from nzc_api.schema.measures.types import Measure
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.plans.enums import PlanState
from nzc_api.schema.plans.life_cycles import LIFE_CYCLE, ConstructionCarbon, life_cycle_of

# A version is submitted, and decided.
MOST_STEPS = 2


@strawberry.type(description="A part of a plan's work.")
class WorkPackage:
    domain: strawberry.Private[domain.WorkPackage]

    name = text_attribute("name", "What it is called.")
    stage = attribute(LifeCycleStage, "stage", "At which stage of the life cycle it is done.")

    @short_list("The measures that it carries out.", MOST_MEASURES, statements=1)
    async def measures(self, info: Info) -> list[Measure]:
        found = await info.context.loaders.measure.load_many(self.domain.measures)
        return [Measure(domain=item) for item in found if item is not None]


@strawberry.type(description="That a milestone was reached.")
class MilestoneReached:
    domain: strawberry.Private[domain.Reached]

    position = attribute(BigInt, "id", "The position; its event says when it was recorded.")
    on = attribute(date, "on", "On which day.")
    document = attribute(str, "document", "The document that shows it.")


@strawberry.type(description="What a plan is to reach by a day.")
class Milestone:
    domain: strawberry.Private[domain.Milestone]
    was_reached: strawberry.Private[Reached | None]

    code = attribute(str, "code", "Its code; a later version's milestone of this code is this one.")
    name = text_attribute("name", "What it is called.")
    due_on = attribute(date, "due_on", "By which day.")
    building = attribute(bool, "building", "Whether the pilot is not built before it is reached.")

    @strawberry.field(
        description="That it was reached, under whichever version; null where it was not."
    )
    def reached(self) -> MilestoneReached | None:
        found = self.was_reached
        return None if found is None else MilestoneReached(domain=found)


@strawberry.type(
    description="A material that is built with. What making and bringing it emits is a memo item, after "
    "GB/T 51366-2019: no part of any net."
)
class PlanMaterial:
    domain: strawberry.Private[domain.Material]

    name = text_attribute("name", "What it is called.")
    quantity = number("quantity", "How much of it, M.")
    unit = attribute(str, "unit", "The unit of `quantity`.")
    factor = number("factor", "What making a unit emits, F, kg CO2e.")
    source = attribute(str, "source", "Where the factors are from.")
    embodied_co2e = number("embodied", "M·F, t CO2e.")
    transport_co2e = number(
        "transport", "M·D·T, t CO2e; null where it is not known how it comes.", optional=True
    )


@strawberry.type(description="That a version of a plan came into a state.")
class PlanStep:
    domain: strawberry.Private[domain.PlanStep]

    position = attribute(BigInt, "id", "The position; its event says when it was, and by whom.")
    state = attribute(PlanState, "state", "Into which state.")
    reason = attribute(str | None, "reason", "Why it was returned; else null.")


@node()
@strawberry.type(
    description="A version of a pilot's plan (建设方案, section 四(三) of the guide): what is built, by when, within "
    "which budget. Its operator sees it, and once it was submitted who sees of every pilot what was."
)
class Plan(Documented):
    domain: strawberry.Private[domain.Plan]

    position = attribute(BigInt, "id", "The position at which it was drafted.")
    version = attribute(int, "version", "1, 2, 3, … of the pilot's plan.")
    reason = attribute(str | None, "reason", "Why there is this version; null for the first.")
    plan_state = attribute(PlanState, "state", "Where it stands.")
    starts_on = attribute(date, "terms.span.starts_on", "Its first day.")
    ends_on = attribute(date, "terms.span.ends_on", "Its last day.")
    construction_budget_co2e = number(
        "terms.construction_budget",
        "What construction may emit at most, t CO2e; null where not said.",
        optional=True,
    )

    @short_list("Its work packages, in order.", MOST_PACKAGES)
    def packages(self) -> list[WorkPackage]:
        return [WorkPackage(domain=package) for package in self.domain.terms.packages]

    @short_list("Its milestones, in the order of their days.", MOST_MILESTONES)
    def milestones(self) -> list[Milestone]:
        return self._shown(self.domain.terms.milestones)

    @short_list("The building milestones that were not reached.", MOST_MILESTONES)
    def open_milestones(self) -> list[Milestone]:
        return self._shown(self.domain.open_milestones)

    @short_list(
        "The milestones that were due before a day, and were not reached by its end.",
        MOST_MILESTONES,
    )
    def overdue_milestones(self, on: Annotated[date, argument("The day.")]) -> list[Milestone]:
        return self._shown(self.domain.overdue(on))

    @short_list("What it is built with, in order.", MOST_MATERIALS)
    def materials(self) -> list[PlanMaterial]:
        return [PlanMaterial(domain=material) for material in self.domain.terms.materials]

    @dear(
        "What construction emitted beside the budget, as the inventories of all the pilot's periods say: a memo.",
        statements=LIFE_CYCLE,
    )
    async def construction(
        self,
        info: Info,
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> ConstructionCarbon:
        found = await life_cycle_of(info, self.domain.pilot_id, basis, as_of)
        return ConstructionCarbon(domain=found.construction(self.domain.terms.construction_budget))

    @short_list("What became of it, oldest first.", MOST_STEPS)
    def plan_steps(self) -> list[PlanStep]:
        return [PlanStep(domain=step) for step in self.domain.steps]

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await Pilot.at(info, self.domain.pilot_id)

    def _shown(self, milestones: tuple[DomainMilestone, ...]) -> list[Milestone]:
        return [
            Milestone(domain=milestone, was_reached=self.domain.reach_of(milestone.code))
            for milestone in milestones
        ]

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.plan.load((PlanId(position), await info.context.sight()))
        return None if found is None else cls(domain=found)

    @classmethod
    async def in_force(cls, info: Info, pilot: Pilot, as_of: int | None) -> Self | None:
        """The version of a pilot that is or was in force, for those who see it."""
        at = (await info.context.sight(), await info.context.as_of(as_of))
        found = await info.context.loaders.plan_in_force.load((pilot.domain.id, at))
        return None if found is None else cls(domain=found)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, first: int, after: str | None
    ) -> Connection[Self]:
        """The versions of a pilot's plan that are seen."""
        page, sight = page_by_position(first, after), await info.context.sight()
        return connection(
            await info.context.loaders.plans.load((pilot.domain.id, (sight, page))),
            page,
            lambda row: row.id,
            lambda row: cls(domain=row),
            counted(info.context.loaders.plans_count, (pilot.domain.id, sight)),
        )


@registered
@strawberry.type(
    description="That a pilot is built, and since when it runs stably: what section 五 of the guide lets evaluations "
    "begin with."
)
class Completion:
    domain: strawberry.Private[domain.Completion]

    position = attribute(
        BigInt, "id", "The position; its event says when it was recorded, and by whom."
    )
    built_on = attribute(date, "built_on", "On which day it was built.")
    stable_from = attribute(date, "stable_from", "Since when it runs stably.")
    document = attribute(str, "document", "The document that shows it.")

    @dear("The version of the plan that was in force then. Never null.", statements=2)
    async def plan(self, info: Info) -> Plan | None:
        return await Plan.seen(info, self.domain.plan_id)

    @classmethod
    async def of_pilot(cls, info: Info, pilot: Pilot, as_of: int | None) -> Self | None:
        """The completion that counts or counted, for those who see the plan."""
        key = (pilot.domain.id, await info.context.as_of(as_of))
        found = await info.context.loaders.completion.load((key, await info.context.sight()))
        return None if found is None else cls(domain=found)
