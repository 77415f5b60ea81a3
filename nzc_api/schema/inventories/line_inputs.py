"""Lines to record and to change: the mutations' inputs."""

from decimal import Decimal
from typing import Any

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.certificates.model import GreenCertificates
from nzc_api.ids import LineId
from nzc_api.inventories.model import AmendLine, NewLine, OwnFactor, OwnGas, OwnPart, RecordLines
from nzc_api.inventories.model import SinkBasis as DomainSinkBasis
from nzc_api.inventories.model import ZeroFactorBasis as DomainZeroFactorBasis
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.certificates.inputs import GreenCertificatesInput
from nzc_api.schema.factors.enums import Gas
from nzc_api.schema.guide.enums import Category, LifeCycleStage
from nzc_api.schema.inventories.enums import DataQuality, LineRole, ZeroFactorReason
from nzc_api.schema.inventories.measures import MeasurementInput
from nzc_api.schema.kit.changes import said
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import INVENTORY, LINE
from nzc_api.schema.pilots.inputs import DateSpanInput


@strawberry.input(description="One multiplier of a factor of one's own.")
class OwnFactorPartInput:
    quantity: str = strawberry.field(description="What it is, such as “lower heating value”.")
    value: Decimal = strawberry.field(description="Its value, not negative.")
    unit: str = strawberry.field(description="Its unit, such as GJ/t, tC/TJ, kgCO2/kWh, or 1.")

    def part(self) -> OwnPart:
        return OwnPart(self.quantity, self.value, self.unit)


@strawberry.input(
    description="How much of one gas a factor of one's own gives: 1 to 8 multipliers."
)
class OwnGasFactorInput:
    gas: Gas = strawberry.field(description="The gas.")
    parts: list[OwnFactorPartInput] = strawberry.field(
        description="The multipliers. If they give carbon, 44/12 makes CO2 of it."
    )

    def gas_factor(self) -> OwnGas:
        return OwnGas(self.gas, tuple(part.part() for part in self.parts))


@strawberry.input(description="A factor that the pilot measured itself.")
class OwnFactorInput:
    name: str = strawberry.field(description="What it is about.")
    source: str = strawberry.field(description="Where it comes from: a report, a certificate, …")
    gases: list[OwnGasFactorInput] = strawberry.field(description="What it gives of each gas.")

    def factor(self) -> OwnFactor:
        return OwnFactor(self.name, self.source, tuple(gas.gas_factor() for gas in self.gases))


@strawberry.input(description="What a sink rests on.")
class SinkBasisInput:
    methodology: str = strawberry.field(
        description="The methodology, by its name or number: 1 to 200 characters."
    )
    evidence: str = strawberry.field(
        description="The document that has the figures, by its reference or hash: 1 to 500 characters."
    )

    def basis(self) -> DomainSinkBasis:
        return DomainSinkBasis(self.methodology, self.evidence)


@strawberry.input(description="Why power or heat that is bought is accounted at zero or nearly.")
class ZeroFactorBasisInput:
    reason: ZeroFactorReason = strawberry.field(description="Why nothing was emitted for it.")
    evidence: str = strawberry.field(
        description="The document that shows it, by its reference or hash: 1 to 500 characters."
    )
    certificates: list[GreenCertificatesInput] | None = strawberry.field(
        default=None,
        description="For GREEN_POWER_CONTRACT only, and needed there: the certificates of all of the line's power, "
        "1 to 50 ranges. Each serves one inventory once.",
    )

    def basis(self) -> DomainZeroFactorBasis:
        held = _certificates(self.certificates)
        return DomainZeroFactorBasis(self.reason, self.evidence, held)


@strawberry.input(
    description="A line to record: with a factor of the list, or with one of its own."
)
class InventoryLineInput:
    category: Category = strawberry.field(description="What it is accounted under.")
    label: str = strawberry.field(description="What you call it: 1 to 200 characters.")
    activity: MeasurementInput = strawberry.field(description="The activity data.")
    density: MeasurementInput | None = strawberry.field(
        default=None,
        description="Where the activity is a volume and the factor per mass: the density (kg/L, t/m3), "
        "or the concentration of a wastewater (mgBOD/L). Where it is a volume or a mass and the factor "
        "per heat: the heating value (MJ/m3, GJ/t).",
    )
    factor: str | None = strawberry.field(
        default=None, description="The code of a factor of the inventory's list."
    )
    own_factor: OwnFactorInput | None = strawberry.field(
        default=None, description="Or a factor that the pilot measured itself."
    )
    sink_basis: SinkBasisInput | None = strawberry.field(
        default=None,
        description="For sinks only, and needed where the activity is a mass of CO2 or carbon.",
    )

    zero_factor_basis: ZeroFactorBasisInput | None = strawberry.field(
        default=None,
        description="For purchased power and heat only, and needed where the own factor is zero or nearly.",
    )
    certificates: list[GreenCertificatesInput] | None = strawberry.field(
        default=None,
        description="For electricity that is bought only, at a grid's factor: the green certificates of it, or of a "
        "part of it, at most 50 ranges. By market the line is less what they are of; by location they change nothing. "
        "Each serves one inventory once.",
    )
    data_quality: DataQuality | None = strawberry.field(
        default=None, description="What the activity rests on."
    )
    life_cycle_stage: LifeCycleStage | None = strawberry.field(
        default=None,
        description="The stage of the pilot's life; where it is left out, as the category and the phase tell.",
    )
    duty_unit: str | None = strawberry.field(
        default=None,
        description="For emission sources only: the code of the unit of the pilot that it is of, whose duty "
        "(`assignDuty`) it counts to.",
    )

    def line(self, *path: str) -> NewLine:
        if (self.factor is None) == (self.own_factor is None):
            raise Refused(one_factor(self.factor, *path))
        factor: str | OwnFactor = self.factor or ""
        if self.own_factor is not None:
            factor = self.own_factor.factor()
        density = None if self.density is None else self.density.measurement()
        basis = None if self.sink_basis is None else self.sink_basis.basis()
        zero = None if self.zero_factor_basis is None else self.zero_factor_basis.basis()
        return NewLine(
            category=self.category,
            label=self.label,
            activity=self.activity.measurement(),
            density=density,
            factor=factor,
            sink_basis=basis,
            zero_factor_basis=zero,
            certificates=_certificates(self.certificates),
            data_quality=self.data_quality,
            life_cycle_stage=self.life_cycle_stage,
            duty_unit=self.duty_unit,
        )


@strawberry.input(description="Emission sources to record in a draft: all of them, or none.")
class RecordEmissionSourcesInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    inventory: strawberry.ID = strawberry.field(description="The draft.")
    sources: list[InventoryLineInput] = strawberry.field(description="1 to 100 sources.")

    def command(self, ids: Ids, caller: Principal) -> RecordLines:
        return _record(ids, self.inventory, LineRole.SOURCE, "sources", self.sources)


@strawberry.input(description="Sinks to record in a draft: all of them, or none.")
class RecordSinksInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    inventory: strawberry.ID = strawberry.field(description="The draft.")
    sinks: list[InventoryLineInput] = strawberry.field(description="1 to 100 sinks.")

    def command(self, ids: Ids, caller: Principal) -> RecordLines:
        return _record(ids, self.inventory, LineRole.SINK, "sinks", self.sinks)


@strawberry.input(
    description="What a draft's line is from now on: what is left out stays as it is. It is accounted anew, "
    "by the rules of recording, and keeps its id."
)
class AmendInventoryLineInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    line: strawberry.ID = strawberry.field(description="The emission source or sink.")
    category: Category | None = strawberry.field(
        default=strawberry.UNSET, description="What it is accounted under."
    )
    label: str | None = strawberry.field(
        default=strawberry.UNSET, description="What you call it: 1 to 200 characters."
    )
    activity: MeasurementInput | None = strawberry.field(
        default=strawberry.UNSET, description="The activity data."
    )
    density: MeasurementInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="The density, concentration or heating value; null where none is needed any more.",
    )
    factor: str | None = strawberry.field(
        default=strawberry.UNSET, description="The code of a factor of the inventory's list."
    )
    own_factor: OwnFactorInput | None = strawberry.field(
        default=strawberry.UNSET, description="Or a factor that the pilot measured itself."
    )
    sink_basis: SinkBasisInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="What a sink rests on; null where it is an area without one.",
    )
    zero_factor_basis: ZeroFactorBasisInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="Why an own factor is zero or nearly; null where it is not any more.",
    )
    certificates: list[GreenCertificatesInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="The green certificates of bought electricity at the factor of a grid, all of them; [] for none.",
    )
    data_quality: DataQuality | None = strawberry.field(
        default=strawberry.UNSET,
        description="What the activity rests on; null: nothing is stated of it.",
    )
    life_cycle_stage: LifeCycleStage | None = strawberry.field(
        default=strawberry.UNSET,
        description="The stage of the pilot's life; null: as the category and the phase tell.",
    )
    duty_unit: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The code of the unit whose duty it counts to; null: of none.",
    )

    def command(self, ids: Ids, caller: Principal) -> AmendLine:
        line = ids.read(self.line, "input", "line", kind=LINE)
        changes = said(self, LINE_FACTS, no_values=_NO_VALUES)
        if "own_factor" in changes:
            if "factor" in changes:
                raise Refused(one_factor(changes["factor"], "input"))
            changes["factor"] = changes.pop("own_factor")
        return AmendLine(line, {name: in_domain(value) for name, value in changes.items()})


LINE_FACTS = (
    "category", "label", "activity", "density", "factor", "own_factor", "sink_basis",
    "zero_factor_basis", "certificates", "data_quality", "life_cycle_stage", "duty_unit",
)  # fmt: skip

_NO_VALUES = (
    "density", "sink_basis", "zero_factor_basis", "data_quality", "life_cycle_stage", "duty_unit",
)  # fmt: skip


def in_domain(value: Any) -> Any:
    """What a part of an input stands for."""
    match value:
        case MeasurementInput():
            return value.measurement()
        case OwnFactorInput():
            return value.factor()
        case SinkBasisInput() | ZeroFactorBasisInput():
            return value.basis()
        case DateSpanInput():
            return value.span()
        case list():
            return tuple(
                one.certificates() if isinstance(one, GreenCertificatesInput) else one
                for one in value
            )
    return value


@strawberry.input(description="A line to take out of a draft.")
class RemoveInventoryLineInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    line: strawberry.ID = strawberry.field(description="The emission source or sink.")

    def command(self, ids: Ids, caller: Principal) -> LineId:
        return ids.read(self.line, "input", "line", kind=LINE)


def one_factor(factor: str | None, *path: str) -> InvalidInput:
    return InvalidInput(
        path=(*path, "factor"),
        value=(factor or "null")[:80],
        expected_zh="factor与ownFactor二者须且仅须填写一项",
        expected_en="exactly one of factor and ownFactor",
    )


def _record(
    ids: Ids, inventory: str, role: LineRole, field: str, lines: list[InventoryLineInput]
) -> RecordLines:
    return RecordLines(
        ids.read(inventory, "input", "inventory", kind=INVENTORY),
        role,
        lines_given(lines, field),
    )


def _certificates(given: list[GreenCertificatesInput] | None) -> tuple[GreenCertificates, ...]:
    return tuple(item.certificates() for item in given or ())


def lines_given(lines: list[InventoryLineInput], field: str) -> tuple[NewLine, ...]:
    return tuple(line.line("input", field, str(index)) for index, line in enumerate(lines))
