"""The stages of a pilot's life, construction beside its budget, and materials, as GraphQL."""

from typing import Self

import strawberry

from nzc_api.guide.terms import LifeCycleStage as DomainStage
from nzc_api.ids import PilotId
from nzc_api.measures.visibility import sees_measures
from nzc_api.plans import life_cycle as domain
from nzc_api.schema.guide.enums import LifeCycleStage
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.pilots.types import Pilot
from nzc_api.schema.plans.enums import MaterialGap
from nzc_api.schema.statements.enums import UnknownReason

# Periods, inventories, what they come to, and the plan; and as of which position, by whom.
LIFE_CYCLE = 7


@strawberry.type(description="What inventories say of a stage of a pilot's life.")
class LifeCycleStageEmissions:
    domain: strawberry.Private[domain.StageEmissions]

    stage = attribute(LifeCycleStage, "stage", "The stage.")
    co2e = number(
        "co2e", "The emission sources of that stage, t CO2e; null where not known.", optional=True
    )
    unknown = attribute(
        UnknownReason | None,
        "unknown",
        "Why it is not known: no inventory, no source of that stage, or inventories that use different warming "
        "potentials or methods for electricity.",
    )


@strawberry.type(
    description="What materials emitted, as the plan in force says, after GB/T 51366-2019: a memo, no part of any net."
)
class MaterialEmissions:
    domain: strawberry.Private[domain.MaterialEmissions]

    embodied_co2e = number(
        "embodied", "Σ M·F: making them, t CO2e; null where not known.", optional=True
    )
    transport_co2e = number(
        "transport", "Σ M·D·T: bringing them, t CO2e; null where not known.", optional=True
    )
    unknown = attribute(MaterialGap | None, "unknown", "Why what is null is not known.")


@strawberry.type(description="What construction emitted beside what it may.")
class ConstructionCarbon:
    domain: strawberry.Private[domain.ConstructionCarbon]

    budget_co2e = number("budget", "What it may, t CO2e; null where not said.", optional=True)
    co2e = number(
        "stage.co2e",
        "What inventories say of the stage CONSTRUCTION, t CO2e; null where not known.",
        optional=True,
    )
    unknown = attribute(UnknownReason | None, "stage.unknown", "Why it is not known.")
    remaining_co2e = number(
        "remaining",
        "What is left of the budget, t CO2e; below zero, by how much it is exceeded. Null where either is.",
        optional=True,
    )
    within_budget = attribute(
        bool | None, "within_budget", "Whether it is within its budget; null where not known."
    )


@registered
@strawberry.type(
    description="What is known of the stages of a pilot's life: of the inventories in force on one basis, of all its "
    "periods, as of one position. It is no part of any net."
)
class LifeCycle:
    domain: strawberry.Private[domain.LifeCycle]

    basis = attribute(Basis, "basis", "Which inventories it is of.")

    @strawberry.field(description="How many inventories it is of.")
    def inventory_count(self) -> int:
        return len(self.domain.inventories)

    @short_list("The guide's four stages, in order.", len(DomainStage))
    def stages(self) -> list[LifeCycleStageEmissions]:
        return [LifeCycleStageEmissions(domain=stage) for stage in self.domain.stages]

    @strawberry.field(description="What materials emitted, a memo.")
    def materials(self) -> MaterialEmissions:
        return MaterialEmissions(domain=self.domain.materials)

    @classmethod
    async def of_pilot(
        cls, info: Info, pilot: Pilot, basis: Basis, as_of: int | None
    ) -> Self | None:
        """What is known of a pilot's life, for those who see its measures."""
        if not sees_measures(await info.context.sight(), pilot.domain.operator_id):
            return None
        return cls(domain=await life_cycle_of(info, pilot.domain.id, basis, as_of))


async def life_cycle_of(
    info: Info, pilot_id: PilotId, basis: Basis, as_of: int | None
) -> domain.LifeCycle:
    at = (basis, await info.context.as_of(as_of), await info.context.sight())
    found = await info.context.loaders.life_cycle.load((pilot_id, at))
    assert found is not None
    return found
