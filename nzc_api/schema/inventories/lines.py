"""Emission sources and sinks, as GraphQL."""

from decimal import Decimal
from typing import Any, Self

import strawberry

from nzc_api.accounting.exact import total
from nzc_api.certificates.rules import MOST_CERTIFICATES
from nzc_api.ids import LineId
from nzc_api.inventories import model as domain
from nzc_api.inventories.electricity import electricity_of
from nzc_api.inventories.model import SinkBasis as DomainSinkBasis
from nzc_api.inventories.model import ZeroFactorBasis as DomainZeroFactorBasis
from nzc_api.inventories.shares import scope_of
from nzc_api.schema.certificates.types import GreenCertificates
from nzc_api.schema.documents.types import Document, documents_of
from nzc_api.schema.factors.enums import Gas
from nzc_api.schema.factors.types import EmissionFactor
from nzc_api.schema.guide.enums import Category, LifeCycleStage, Treatment
from nzc_api.schema.inventories.above import INVENTORY, LazyInventory
from nzc_api.schema.inventories.electricity import Electricity
from nzc_api.schema.inventories.enums import (
    DataQuality,
    LineRole,
    Rounding,
    Scope,
    WarningCode,
    ZeroFactorReason,
)
from nzc_api.schema.inventories.measures import GasMass, Measurement
from nzc_api.schema.inventories.warnings import InventoryWarning
from nzc_api.schema.inventories.workings import Explanation
from nzc_api.schema.kit.connections import DEFAULT_FIRST, After, Connection, First
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import attribute, dear, short_list
from nzc_api.schema.kit.nodes import Node, node
from nzc_api.schema.kit.registry import registered
from nzc_api.schema.kit.scalars import BigInt


@registered
@strawberry.interface(description="A line of an inventory.")
class InventoryLine(Node):
    domain: strawberry.Private[Any]

    category = attribute(Category, "category", "What it is accounted under.")
    label = attribute(str, "label", "What its operator calls it.")
    treatment = attribute(Treatment, "treatment", "Whether and how it counts.")
    rounding = attribute(Rounding, "rounding", "By which rule its figures were rounded.")
    position = attribute(
        BigInt,
        "position",
        "The position of the log at which it was accounted as it is: as it was recorded, or as it or its "
        "draft was last amended.",
    )

    @short_list("What a reader should know, as codes.", len(WarningCode))
    def warnings(self) -> list[WarningCode]:
        return [warning.code for warning in self.domain.warnings]

    @short_list("What a reader should know, with the facts of the case.", len(WarningCode))
    def explained_warnings(self) -> list[InventoryWarning]:
        return [
            InventoryWarning(domain=warning, inventory_id=self.domain.inventory_id)
            for warning in self.domain.warnings
        ]

    @strawberry.field(description="The activity data.")
    def activity(self) -> Measurement:
        return Measurement(domain=self.domain.activity)

    @strawberry.field(
        description="The stated density, concentration or heating value, where one is needed."
    )
    def density(self) -> Measurement | None:
        density = self.domain.density
        return None if density is None else Measurement(domain=density)

    @strawberry.field(description="The factor as it was used.")
    def factor(self) -> EmissionFactor:
        return EmissionFactor(domain=self.domain.factor)

    @short_list("What it comes to, by gas.", len(Gas))
    def gases(self) -> list[GasMass]:
        return [GasMass(domain=gas) for gas in self.domain.gases]

    @strawberry.field(description="What it comes to: the exact sum of its gases, t CO2e.")
    def co2e(self) -> Decimal:
        return total(gas.co2e for gas in self.domain.gases)

    data_quality = attribute(
        DataQuality | None,
        "data_quality",
        "What its activity rests on, as its operator states it; of a line that was drafted from a meter, as that "
        "tells: by bills or not. Null where it was not stated.",
    )

    life_cycle_stage = attribute(
        LifeCycleStage,
        "stage",
        "The stage of the pilot's life that it is of: as its operator states it, else by its category and the "
        "inventory's phase (`guide.lifeCycleStages`).",
    )

    duty_unit = attribute(
        str | None,
        "duty_unit",
        "The code of the unit of the pilot that it is of, whose duty it counts to (`Duty.actualCo2e`). Null where it "
        "is of none; sinks are of none.",
    )

    @strawberry.field(description="The documents that it rests on, oldest first.")
    async def evidence(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        return await documents_of(info, self.domain.id, first, after)

    @dear("The inventory.", statements=2)
    async def inventory(self, info: Info) -> LazyInventory:
        return await INVENTORY.type.at(info, self.domain.inventory_id)

    @strawberry.field(description="The numbers and steps that give the result.")
    def explain(self) -> Explanation:
        return Explanation(domain=self.domain.explained(), basis=self.domain.meter_basis)

    @classmethod
    async def seen(cls, info: Info, position: int) -> Self | None:
        found = await info.context.loaders.line.load((LineId(position), await info.context.sight()))
        line = None if found is None else line_node(found)
        return line if isinstance(line, cls) else None


@strawberry.type(description="Why power or heat that is bought is accounted at zero or nearly.")
class ZeroFactorBasis:
    domain: strawberry.Private[DomainZeroFactorBasis]

    reason = attribute(ZeroFactorReason, "reason", "Why nothing was emitted for it.")
    evidence = attribute(str, "evidence", "The document that shows it: its reference or hash.")

    @short_list(
        "The certificates of its green power; none of lines that were recorded before they were asked for.",
        MOST_CERTIFICATES,
    )
    def certificates(self) -> list[GreenCertificates]:
        return [GreenCertificates(domain=item) for item in self.domain.certificates]


@node()
@strawberry.type(
    description="An emission source inside the boundary. What is exported (`treatment` DEDUCTED) is recorded "
    "with them, and deducted."
)
class EmissionSource(InventoryLine):
    domain: strawberry.Private[domain.Line]

    @strawberry.field(
        description="Whose emissions they are: it follows from the category, and where that has fuels and bought "
        "energy, from the factor. Null where it does not follow (a factor of one's own there, or OTHER), and of "
        "what is exported."
    )
    def scope(self) -> Scope | None:
        line = self.domain
        return scope_of(line.category, line.role, line.factor.kind, line.activity.unit)

    @short_list(
        "The green certificates of it, at the factor of a grid: by market it is less what they are of. Those of green "
        "power at zero are in `zeroFactorBasis`.",
        MOST_CERTIFICATES,
    )
    def certificates(self) -> list[GreenCertificates]:
        return [GreenCertificates(domain=item) for item in self.domain.certificates]

    @strawberry.field(
        description="What it comes to by location and by market; which of them counts, its inventory's "
        "`electricityMethod` says. Null where it is no electricity that is bought."
    )
    def electricity(self) -> Electricity | None:
        found = electricity_of(self.domain)
        return None if found is None else Electricity(domain=found)

    @strawberry.field(
        description="Why its own factor is zero or nearly. Null where it is not, or was recorded before "
        "December 2026."
    )
    def zero_factor_basis(self) -> ZeroFactorBasis | None:
        basis = self.domain.zero_factor_basis
        return None if basis is None else ZeroFactorBasis(domain=basis)


@strawberry.type(description="What a sink rests on.")
class SinkBasis:
    domain: strawberry.Private[DomainSinkBasis]

    methodology = attribute(str, "methodology", "The methodology, by its name or number.")
    evidence = attribute(
        str, "evidence", "The document that has the figures: its reference or hash."
    )


@node()
@strawberry.type(description="A sink inside the boundary. A purchase of credits is never one.")
class Sink(InventoryLine):
    domain: strawberry.Private[domain.Line]

    @strawberry.field(
        description="What it rests on. Null where it is an area without one, or was recorded before "
        "December 2026."
    )
    def sink_basis(self) -> SinkBasis | None:
        basis = self.domain.sink_basis
        return None if basis is None else SinkBasis(domain=basis)


def line_node(line: domain.Line) -> EmissionSource | Sink:
    return EmissionSource(domain=line) if line.role is LineRole.SOURCE else Sink(domain=line)
