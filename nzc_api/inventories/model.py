"""The inventories room's things and commands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from nzc_api.accounting.factors import EmissionFactor
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import LineAccount, Measurement, Rounding, explain
from nzc_api.certificates.model import GreenCertificates
from nzc_api.guide.guide import GUIDE
from nzc_api.guide.terms import Category, LifeCycleStage, Phase, Treatment
from nzc_api.ids import InventoryId, LineId, MeterId, OrganisationId, PeriodId, PilotId, Position
from nzc_api.inventories.electricity_method import ElectricityMethod, counted_share
from nzc_api.inventories.warnings import InventoryWarning, WarningCode
from nzc_api.later import LATER
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import name_words


class Basis(StrEnum):
    """What an inventory's figures rest on (section 三 of the guide)."""

    HISTORICAL = "HISTORICAL"
    PROJECTED = "PROJECTED"
    OPERATIONAL = "OPERATIONAL"


class InventoryStatus(StrEnum):
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    VERIFIED = "VERIFIED"
    DISCARDED = "DISCARDED"


class LineRole(StrEnum):
    """Whether a line is an emission source or a sink inside the boundary."""

    SOURCE = "SOURCE"
    SINK = "SINK"


name_words(
    InventoryStatus,
    {
        InventoryStatus.DRAFT: {"zh": "草稿", "en": "a draft"},
        InventoryStatus.SUBMITTED: {"zh": "已提交", "en": "submitted"},
        InventoryStatus.VERIFIED: {"zh": "已核查", "en": "verified"},
        InventoryStatus.DISCARDED: {"zh": "已放弃", "en": "discarded"},
    },
)
name_words(
    LineRole,
    {
        LineRole.SOURCE: {"zh": "排放源", "en": "an emission source"},
        LineRole.SINK: {"zh": "碳汇", "en": "a sink inside the boundary"},
    },
)


@dataclass(frozen=True, slots=True)
class Inventory:
    """A GHG inventory of a pilot's phase, on one basis, over days of one accounting period.

    ``not_occurring`` are categories in scope that the pilot declares not to occur (NO). The
    versions of an inventory are a series, named by its first version.
    """

    id: InventoryId
    pilot_id: PilotId
    period_id: PeriodId
    phase: Phase
    basis: Basis
    gwp_set: GwpSet
    factor_list: str
    factor_list_version: int
    span: DateSpan
    not_occurring: tuple[Category, ...]
    series_id: int
    version: int
    submitted_position: Position | None = None
    verified_position: Position | None = None
    verifier_id: OrganisationId | None = None
    discarded_position: Position | None = None
    electricity_method: ElectricityMethod = ElectricityMethod.LOCATION_BASED

    @property
    def status(self) -> InventoryStatus:
        if self.verified_position is not None:
            return InventoryStatus.VERIFIED
        if self.submitted_position is not None:
            return InventoryStatus.SUBMITTED
        discarded = self.discarded_position is not None
        return InventoryStatus.DISCARDED if discarded else InventoryStatus.DRAFT

    @property
    def terms(self) -> dict[str, Any]:
        """What is its own to say beside its lines, as the log keeps it."""
        return {
            "starts_on": str(self.span.starts_on),
            "ends_on": str(self.span.ends_on),
            "gwp_set": self.gwp_set,
            "factor_list": self.factor_list,
            "factor_list_version": self.factor_list_version,
            "not_occurring": list(self.not_occurring),
            "electricity_method": self.electricity_method,
        }

    def as_of(self, position: Position) -> "Inventory":
        """The inventory as it stood at a position of the log."""
        submitted, verified = self.submitted_position, self.verified_position
        if submitted is not None and submitted > position:
            return replace(self, submitted_position=None, verified_position=None, verifier_id=None)
        if verified is not None and verified > position:
            return replace(self, verified_position=None, verifier_id=None)
        return self


@dataclass(frozen=True, slots=True)
class GasMass:
    """What a line comes to of one gas: its mass and its CO2e, both in tonnes."""

    gas: Gas
    tonnes: Decimal
    gwp: Decimal
    co2e: Decimal


@dataclass(frozen=True, slots=True)
class SinkBasis:
    """What a sink rests on: a methodology by its name or number, and the document that has the figures."""

    methodology: str
    evidence: str


class ZeroFactorReason(StrEnum):
    """Why nothing, or next to nothing, was emitted for power or heat that is bought."""

    RENEWABLE_POWER_SUPPLY = "RENEWABLE_POWER_SUPPLY"
    GREEN_POWER_CONTRACT = "GREEN_POWER_CONTRACT"
    RENEWABLE_HEAT_SUPPLY = "RENEWABLE_HEAT_SUPPLY"
    WASTE_HEAT_SUPPLY = "WASTE_HEAT_SUPPLY"
    NUCLEAR_SUPPLY = "NUCLEAR_SUPPLY"
    BIOMASS_SUPPLY = "BIOMASS_SUPPLY"
    COUNTED_HERE = "COUNTED_HERE"


name_words(
    ZeroFactorReason,
    {
        ZeroFactorReason.RENEWABLE_POWER_SUPPLY: {
            "zh": "可再生能源电力直供（不经公共电网）",
            "en": "renewable power supplied directly",
        },
        ZeroFactorReason.GREEN_POWER_CONTRACT: {
            "zh": "绿色电力交易（附绿证）",
            "en": "renewable power bought through the grid",
        },
        ZeroFactorReason.RENEWABLE_HEAT_SUPPLY: {
            "zh": "太阳能、地热等可再生热力",
            "en": "solar, geothermal or other renewable heat",
        },
        ZeroFactorReason.WASTE_HEAT_SUPPLY: {
            "zh": "边界外余热供热",
            "en": "waste heat of a process outside",
        },
        ZeroFactorReason.NUCLEAR_SUPPLY: {
            "zh": "核能直供的电力或热力",
            "en": "power or heat supplied directly by a nuclear plant",
        },
        ZeroFactorReason.BIOMASS_SUPPLY: {
            "zh": "生物质燃料的电力或热力",
            "en": "power or heat of biomass",
        },
        ZeroFactorReason.COUNTED_HERE: {
            "zh": "其燃料或电力已在本清单另行填报",
            "en": "its fuel or power is another line of the inventory",
        },
    },
)


@dataclass(frozen=True, slots=True)
class ZeroFactorBasis:
    """Why a factor of one's own for power or heat is zero or nearly, and the document that shows it; of green power
    its certificates, too."""

    reason: ZeroFactorReason
    evidence: str
    certificates: tuple[GreenCertificates, ...] = field(default=(), metadata=LATER)


class DataQuality(StrEnum):
    """What a line's activity rests on, the best first."""

    MEASURED = "MEASURED"
    BILLED = "BILLED"
    ESTIMATED = "ESTIMATED"
    DEFAULT = "DEFAULT"


class Scope(StrEnum):
    """Whose emissions they are (GHG Protocol, ISO 14064-1): direct, of energy bought, others that are caused."""

    SCOPE_1 = "SCOPE_1"
    SCOPE_2 = "SCOPE_2"
    SCOPE_3 = "SCOPE_3"


@dataclass(frozen=True, slots=True)
class ScopeShare:
    """What an inventory's emissions come to of a scope; None: of lines of which it does not follow."""

    scope: Scope | None
    co2e: Decimal


@dataclass(frozen=True, slots=True)
class StageShare:
    """What an inventory's emissions come to of a stage of the pilot's life."""

    stage: LifeCycleStage
    co2e: Decimal


@dataclass(frozen=True, slots=True)
class Shares:
    """What an inventory's emissions come to, by scope and by stage: each is the whole."""

    scopes: tuple[ScopeShare, ...] = ()
    stages: tuple[StageShare, ...] = ()


@dataclass(frozen=True, slots=True)
class QualityShare:
    """What an inventory's emissions come to that rest on a quality; None: on none that was stated."""

    quality: DataQuality | None
    co2e: Decimal


@dataclass(frozen=True, slots=True)
class QualityOfData:
    """What an inventory's emissions rest on, by quality; and the lines that no document and no meter shows."""

    shares: tuple[QualityShare, ...] = ()
    unshown_lines: int = 0
    unshown_co2e: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class MeterBasis:
    """What a line rests on that was drafted from a meter: what that used on the inventory's days as of a position,
    in the meter's unit, how much of it is estimated, and how many seconds are measured, estimated and not known."""

    meter_id: MeterId
    days: DateSpan
    as_of: Position
    quantity: Decimal
    estimated_quantity: Decimal
    measured: int
    estimated: int
    missing: int


@dataclass(frozen=True, slots=True)
class Line:
    """An emission source, or a sink inside the boundary, with what it comes to.

    ``position`` is that of the entry that recorded it as it is; ``days_a_year`` are those with which days were
    reckoned as years, or years as days; ``rounding`` is what was rounded.
    """

    id: LineId
    inventory_id: InventoryId
    role: LineRole
    category: Category
    label: str
    activity: Measurement
    density: Measurement | None
    factor: EmissionFactor
    treatment: Treatment
    warnings: tuple[InventoryWarning, ...]
    gases: tuple[GasMass, ...]
    days_a_year: int
    rounding: Rounding
    position: Position
    sink_basis: SinkBasis | None = None
    zero_factor_basis: ZeroFactorBasis | None = None
    meter_basis: MeterBasis | None = None
    data_quality: DataQuality | None = None
    life_cycle_stage: LifeCycleStage | None = None
    phase: Phase = Phase.OPERATION
    certificates: tuple[GreenCertificates, ...] = ()
    electricity_method: ElectricityMethod = ElectricityMethod.LOCATION_BASED
    duty_unit: str | None = None

    @property
    def stage(self) -> LifeCycleStage:
        """The stage that it is of: as stated, else as its category and its inventory's phase tell."""
        return self.life_cycle_stage or GUIDE.life_cycle_stage(self.category, self.phase)

    def explained(
        self, activity: Measurement | None = None, method: ElectricityMethod | None = None
    ) -> LineAccount:
        """The working of it, as it was recorded; or of another ``activity`` in its place, or by another ``method``."""
        used = activity or self.activity
        return explain(
            used,
            self.factor,
            {mass.gas: mass.gwp for mass in self.gases},
            self.rounding,
            density=self.density,
            days_a_year=self.days_a_year,
            share=counted_share(method or self.electricity_method, used, self.certificates),
        )

    def said(self, factor: "str | OwnFactor") -> "NewLine":
        """What was said of it, with a factor that may be another."""
        return NewLine(
            category=self.category,
            label=self.label,
            activity=self.activity,
            density=self.density,
            factor=factor,
            sink_basis=self.sink_basis,
            zero_factor_basis=self.zero_factor_basis,
            meter_basis=self.meter_basis,
            data_quality=self.data_quality,
            life_cycle_stage=self.life_cycle_stage,
            certificates=self.certificates,
            duty_unit=self.duty_unit,
        )


@dataclass(frozen=True, slots=True)
class DutyUnitEmissions:
    """What units of a pilot emitted in a calendar year, by their codes, t CO2e; ``whole``: whether the inventories
    that say so cover the year."""

    whole: bool
    co2e: dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One multiplier of a factor that the pilot measured itself."""

    quantity: str
    value: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class OwnGas:
    gas: Gas
    parts: tuple[OwnPart, ...]


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """A factor that the pilot measured itself, with where it comes from."""

    name: str
    source: str
    gases: tuple[OwnGas, ...]


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line to record: ``factor`` is a code of the inventory's list, or a factor of its own."""

    category: Category
    label: str
    activity: Measurement
    density: Measurement | None
    factor: str | OwnFactor
    sink_basis: SinkBasis | None = field(default=None, metadata=LATER)
    zero_factor_basis: ZeroFactorBasis | None = field(default=None, metadata=LATER)
    meter_basis: MeterBasis | None = field(default=None, metadata=LATER)
    data_quality: DataQuality | None = field(default=None, metadata=LATER)
    life_cycle_stage: LifeCycleStage | None = field(default=None, metadata=LATER)
    certificates: tuple[GreenCertificates, ...] = field(default=(), metadata=LATER)
    duty_unit: str | None = field(default=None, metadata=LATER)

    @property
    def green_power(self) -> tuple[GreenCertificates, ...]:
        """The certificates by which it is zero."""
        return () if self.zero_factor_basis is None else self.zero_factor_basis.certificates


@dataclass(frozen=True, slots=True)
class CreateInventory:
    """A new inventory with its first lines, if any. ``span`` None: the whole accounting period."""

    pilot_id: PilotId
    period_id: PeriodId
    phase: Phase
    basis: Basis
    gwp_set: GwpSet
    factor_list: str
    span: DateSpan | None
    not_occurring: tuple[Category, ...]
    sources: tuple[NewLine, ...] = field(default=(), metadata=LATER)
    sinks: tuple[NewLine, ...] = field(default=(), metadata=LATER)
    electricity_method: ElectricityMethod = field(
        default=ElectricityMethod.LOCATION_BASED, metadata=LATER
    )


@dataclass(frozen=True, slots=True)
class AccountedMeter:
    """A line of an inventory that rests on a meter; one that is being drafted has no id yet."""

    meter_id: MeterId
    line_id: LineId | None
    label: str


@dataclass(frozen=True, slots=True)
class CountedTwice:
    """A line, and another one that has the same in it: what its meter measured, or one around that or inside it."""

    label: str
    other_label: str
    other_id: LineId


@dataclass(frozen=True, slots=True)
class RecordLines:
    inventory_id: InventoryId
    role: LineRole
    lines: tuple[NewLine, ...]


@dataclass(frozen=True, slots=True)
class AmendLine:
    """Change facts of a draft's line: those of ``NewLine`` that are named in ``changes``, to these values."""

    line_id: LineId
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AmendInventory:
    """Change terms of a draft: those of ``TERMS`` that are named in ``changes``, to these values."""

    inventory_id: InventoryId
    changes: Mapping[str, Any]


# What a draft's own terms are; ``covers`` None: the whole accounting period.
TERMS = ("covers", "gwp_set", "factor_list", "not_occurring", "electricity_method")


@dataclass(frozen=True, slots=True)
class ReviseInventory:
    """Make the next version; None keeps what the version before has.

    ``left_out`` are lines of the version before that the next one does not take over.
    """

    inventory_id: InventoryId
    gwp_set: GwpSet | None = None
    factor_list: str | None = None
    not_occurring: tuple[Category, ...] | None = None
    left_out: tuple[LineId, ...] = ()
    electricity_method: ElectricityMethod | None = field(default=None, metadata=LATER)


class AssuranceLevel(StrEnum):
    """How sure a verifier says to be (ISO 14064-3:2019, 3.6.5)."""

    LIMITED = "LIMITED"
    REASONABLE = "REASONABLE"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Why a warning is right as it is: all of a code, or only the one of a line."""

    code: WarningCode
    line_id: LineId | None
    reason: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a verifier says of an inventory; ``report_hash`` is the SHA-256 of its report, in hex."""

    level: AssuranceLevel
    findings: tuple[str, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
    report_hash: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyInventory:
    inventory_id: InventoryId
    opinion: Opinion | None = None


@dataclass(frozen=True, slots=True)
class FactorBasis:
    """What an inventory is accounted with; None: whatever it is."""

    factor_list: str | None = None
    gwp_set: GwpSet | None = None


@dataclass(frozen=True, slots=True)
class FactorChange:
    """Another basis for the inventories of one, of a pilot or of all."""

    before: FactorBasis
    after: FactorBasis
    pilot_id: PilotId | None = None


@dataclass(frozen=True, slots=True)
class InventoryFilter:
    """What a list of inventories is narrowed to."""

    status: InventoryStatus | None = None
    pilot_id: PilotId | None = None
    period_id: PeriodId | None = None


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """The sum of an inventory's lines of one role, treatment, category and gas.

    Of what is deducted it is negative, so that whatever is added up is right. ``missing``: of how many seconds at most
    one of the lines lacks what its meter measured.
    """

    inventory_id: InventoryId
    role: LineRole
    treatment: Treatment
    category: Category
    gas: Gas
    tonnes: Decimal
    co2e: Decimal
    missing: int = 0

    @classmethod
    def of(
        cls,
        inventory_id: InventoryId,
        role: LineRole,
        treatment: Treatment,
        category: Category,
        gas: Gas,
        tonnes: Decimal,
        co2e: Decimal,
        missing: int,
    ) -> "CategoryTotal":
        """The total of lines whose masses and CO2e add up to these."""
        if treatment is Treatment.DEDUCTED:
            tonnes, co2e = tonnes.copy_negate(), co2e.copy_negate()
        return cls(inventory_id, role, treatment, category, gas, tonnes, co2e, missing)

    @property
    def counts(self) -> bool:
        """Whether it is part of the net, and not a memo item."""
        return self.treatment is not Treatment.MEMO


@dataclass(frozen=True, slots=True)
class PeriodKey:
    """What a statement is about: a pilot's period on one basis, as of a position of the log."""

    period_id: PeriodId
    basis: Basis
    as_of: Position
