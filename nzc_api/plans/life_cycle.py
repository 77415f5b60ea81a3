"""What is known of the stages of a pilot's life, of construction beside its budget, and of materials. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from nzc_api.accounting.exact import total
from nzc_api.guide.terms import LifeCycleStage
from nzc_api.inventories.model import Basis, Inventory, StageShare
from nzc_api.plans.model import Material, Plan
from nzc_api.statements.gross import electricity_methods_of, gwp_sets_of
from nzc_api.statements.reasons import UnknownReason


class MaterialGap(StrEnum):
    """Why what materials emitted is not known."""

    NO_PLAN = "NO_PLAN"
    NO_MATERIALS = "NO_MATERIALS"
    HAUL_UNKNOWN = "HAUL_UNKNOWN"


@dataclass(frozen=True, slots=True)
class StageEmissions:
    """What inventories say of a stage, t CO2e; None: not known, and why."""

    stage: LifeCycleStage
    co2e: Decimal | None
    unknown: UnknownReason | None = None


@dataclass(frozen=True, slots=True)
class MaterialEmissions:
    """What materials emitted, t CO2e: made (embodied) and brought (transport); None: not known, and why. A memo: no
    term of any net."""

    embodied: Decimal | None
    transport: Decimal | None
    unknown: MaterialGap | None = None


@dataclass(frozen=True, slots=True)
class ConstructionCarbon:
    """What construction emitted beside what it may, t CO2e; None: not said, or not known."""

    budget: Decimal | None
    stage: StageEmissions

    @property
    def remaining(self) -> Decimal | None:
        """What is left of the budget; below zero: by how much it is exceeded."""
        if self.budget is None or self.stage.co2e is None:
            return None
        return total((self.budget, -self.stage.co2e))

    @property
    def within_budget(self) -> bool | None:
        remaining = self.remaining
        return None if remaining is None else remaining >= 0


@dataclass(frozen=True)
class LifeCycle:
    """A pilot's life as far as it is known as of a position: what the ``inventories`` in force on a basis, of all
    periods, come to by stage, and the materials of the plan in force."""

    basis: Basis
    inventories: Sequence[Inventory]
    shares: Sequence[StageShare]
    plan: Plan | None

    @cached_property
    def stages(self) -> tuple[StageEmissions, ...]:
        """Each of the guide's four stages, in order (section 四（一）)."""
        return tuple(map(self._emissions, LifeCycleStage))

    @property
    def materials(self) -> MaterialEmissions:
        return materials_of(None if self.plan is None else self.plan.terms.materials)

    def construction(self, budget: Decimal | None) -> ConstructionCarbon:
        """What construction emitted beside a budget."""
        return ConstructionCarbon(budget, self._emissions(LifeCycleStage.CONSTRUCTION))

    def _emissions(self, stage: LifeCycleStage) -> StageEmissions:
        of_stage = [share.co2e for share in self.shares if share.stage is stage]
        unknown = self._why_unknown(of_stage)
        return StageEmissions(stage, None if unknown else total(of_stage), unknown)

    def _why_unknown(self, of_stage: Sequence[Decimal]) -> UnknownReason | None:
        if not self.inventories:
            return UnknownReason.NO_INVENTORY
        if not of_stage:
            return UnknownReason.NO_SOURCES
        if len(gwp_sets_of(self.inventories)) > 1:
            return UnknownReason.GWP_SETS_DIFFER
        methods = electricity_methods_of(self.inventories)
        return UnknownReason.ELECTRICITY_METHODS_DIFFER if len(methods) > 1 else None


def materials_of(materials: Iterable[Material] | None) -> MaterialEmissions:
    """What materials emitted: Σ M·F and Σ M·D·T (GB/T 51366-2019); None: there is no plan that says."""
    if materials is None:
        return MaterialEmissions(None, None, MaterialGap.NO_PLAN)
    listed = list(materials)
    if not listed:
        return MaterialEmissions(None, None, MaterialGap.NO_MATERIALS)
    embodied = total(material.embodied for material in listed)
    hauled = [material.transport for material in listed if material.transport is not None]
    if len(hauled) < len(listed):
        return MaterialEmissions(embodied, None, MaterialGap.HAUL_UNKNOWN)
    return MaterialEmissions(embodied, total(hauled))
