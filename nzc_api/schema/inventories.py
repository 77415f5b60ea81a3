"""Inventories, emission sources and sinks, as GraphQL."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.accounting.exact import total
from nzc_api.accounting.gases import Gas, GwpSet
from nzc_api.accounting.line import GasAccount, LineAccount, Rounding, explain
from nzc_api.accounting.line import Measurement as DomainMeasurement
from nzc_api.accounting.line import Multiplier as DomainMultiplier
from nzc_api.accounting.units import unit_name
from nzc_api.guide.terms import Category, Phase, Treatment
from nzc_api.inventories import model as domain
from nzc_api.inventories.creation import MOST_LINES_TO_BEGIN_WITH
from nzc_api.inventories.model import (
    TERMS,
    AmendInventory,
    AmendLine,
    Basis,
    CreateInventory,
    DataQuality,
    InventoryFilter,
    InventoryStatus,
    LineRole,
    NewLine,
    OwnFactor,
    OwnGas,
    OwnPart,
    QualityOfData,
    RecordLines,
    ReviseInventory,
    VerifyInventory,
    ZeroFactorReason,
)
from nzc_api.inventories.model import MeterBasis as DomainMeterBasis
from nzc_api.inventories.model import SinkBasis as DomainSinkBasis
from nzc_api.inventories.model import ZeroFactorBasis as DomainZeroFactorBasis
from nzc_api.inventories.own_factor import MOST_PARTS
from nzc_api.inventories.rules import list_of
from nzc_api.inventories.warnings import WarningCode
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.changes import said
from nzc_api.schema.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    connection,
    counted,
    page_by_position,
)
from nzc_api.schema.context import Info
from nzc_api.schema.documents import Document, documents_of
from nzc_api.schema.factors import EmissionFactor, FactorList, Source
from nzc_api.schema.fields import attribute, dear, described_enum, number, short_list
from nzc_api.schema.guide import MOST_CATEGORIES
from nzc_api.schema.ids import Ids
from nzc_api.schema.nodes import LocalizedText, Node, text_attribute
from nzc_api.schema.organisations import Organisation
from nzc_api.schema.pilots import AccountingPeriod, DateSpanInput, Pilot, pilot_at
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.warnings import (
    LINE_KINDS,
    InventoryWarning,
    VerificationOpinion,
    VerificationOpinionInput,
)

if TYPE_CHECKING:
    from nzc_api.schema.metered_lines import MeterBasis

CO2E = (
    "Activity × factor × potential, unrounded, then rounded once, half-even, to 6 decimals (a gram): t CO2e. "
    "Where the line's `rounding` is MASS: the mass, rounded so, × potential."
)

DRY_RUN = (
    "Only show what would be: all is checked as without it, and an `InventoryPreview` shows what would "
    "come of it. Nothing is written, and the key is not used: the same one may do it afterwards."
)

_TOGETHER = f" Sources and sinks together are at most {MOST_LINES_TO_BEGIN_WITH}: all are recorded, or nothing is."

# The activity, its density, the parts, 44/12, a day's part of the year, a gas at 0 °C and the conversion of units.
MOST_MULTIPLIERS = 1 + 1 + MOST_PARTS + 1 + 1 + 1 + 1

described_enum(
    InventoryStatus,
    "Where an inventory stands on its way.",
    {
        "DRAFT": "may be changed by its operator",
        "SUBMITTED": "frozen, and counted in statements as submitted",
        "VERIFIED": "verified by a verifier",
        "DISCARDED": "given up by its operator before it was submitted: it counts for nothing",
    },
)
described_enum(
    ZeroFactorReason,
    "Why nothing, or next to nothing, was emitted for power or heat that is bought.",
    {
        "RENEWABLE_POWER_SUPPLY": "renewable power supplied directly, not through the public grid",
        "GREEN_POWER_CONTRACT": "renewable power bought through the grid under a contract, with its "
        "certificates",
        "RENEWABLE_HEAT_SUPPLY": "solar, geothermal or other renewable heat",
        "WASTE_HEAT_SUPPLY": "waste heat of a process outside the boundary",
        "NUCLEAR_SUPPLY": "power or heat supplied directly by a nuclear plant",
        "BIOMASS_SUPPLY": "power or heat of biomass, whose CO2 is a memo item",
        "COUNTED_HERE": "its fuel or power is another line of the same inventory",
    },
)
described_enum(
    DataQuality,
    "What a line's activity rests on.",
    {
        "MEASURED": "on the pilot's own meters or other measurements",
        "BILLED": "on bills or other documents of a supplier",
        "ESTIMATED": "on an estimate from data of the pilot",
        "DEFAULT": "on a default or a typical value that is none of the pilot's",
    },
)
described_enum(
    Rounding,
    "What was rounded half-even to a gram, once a line and gas.",
    {
        "CO2E": "the CO2e, from the unrounded product of activity, factor and potential",
        "MASS": "the mass, before it was multiplied by the potential: lines of before December 2026",
    },
)
described_enum(
    LineRole, "What a line is.", {"SOURCE": "an emission source", "SINK": "a sink in the boundary"}
)


@strawberry.type(description="A value in a unit.")
class Measurement:
    domain: strawberry.Private[DomainMeasurement]

    value = number("value", "The value, exactly.")
    unit = attribute(str, "unit", "The unit in its one spelling, for programs: 10^4kWh, head*yr.")

    @strawberry.field(description="The unit as people write it: 万千瓦时, 头·年.")
    def unit_name(self) -> LocalizedText:
        return LocalizedText.of(unit_name(self.domain.unit))


@strawberry.input(description="A value in a unit.")
class MeasurementInput:
    value: Decimal = strawberry.field(description="The value, not negative.")
    unit: str = strawberry.field(
        description="The unit, as on the bill: kWh, 万千瓦·时, GJ, t, kg, L, 万m³, km, 头, 亩·年, MMBtu, …"
    )

    def measurement(self) -> DomainMeasurement:
        return DomainMeasurement(self.value, self.unit)


@strawberry.type(description="What a line comes to of one gas.")
class GasMass:
    domain: strawberry.Private[domain.GasMass]

    gas = attribute(Gas, "gas", "The gas.")
    tonnes = attribute(Decimal, "tonnes", "Its mass in tonnes, to a milligram.")
    gwp = number("gwp", "Its 100-year warming potential, kg CO2e/kg.")
    co2e = attribute(Decimal, "co2e", CO2E)


@strawberry.type(description="One number of a line's working.")
class Multiplier:
    domain: strawberry.Private[DomainMultiplier]

    name = text_attribute("name", "What it is.")
    value = attribute(str, "value", "How much: a decimal number or a ratio such as 44/12.")
    unit = attribute(str, "unit", "In which unit, as people write it; empty where it has none.")

    @strawberry.field(description="The unit's name in each language; empty where it has none.")
    def unit_name(self) -> LocalizedText:
        return LocalizedText.of(unit_name(self.domain.unit))

    @strawberry.field(description="Where it comes from, if it is not the activity itself.")
    def source(self) -> Source | None:
        return None if self.domain.source is None else Source(domain=self.domain.source)


@strawberry.type(description="How a line's mass of one gas follows from its activity.")
class GasExplanation:
    domain: strawberry.Private[GasAccount]

    gas = attribute(Gas, "gas", "The gas.")
    tonnes = attribute(Decimal, "tonnes", "The product in tonnes, to a milligram.")
    co2e = attribute(Decimal, "co2e", CO2E)
    expression = attribute(
        str, "expression", "The whole working in one line, to redo with a pocket calculator."
    )

    @short_list("The numbers that are multiplied, in order.", MOST_MULTIPLIERS)
    def multipliers(self) -> list[Multiplier]:
        return [Multiplier(domain=m) for m in self.domain.multipliers]


@strawberry.type(description="A line's working: anyone can redo it.")
class Explanation:
    domain: strawberry.Private[LineAccount]
    basis: strawberry.Private[DomainMeterBasis | None] = None

    co2e = attribute(Decimal, "co2e", "The exact sum over the gases: t CO2e.")

    @short_list("The working for each gas.", len(Gas))
    def gases(self) -> list[GasExplanation]:
        return [GasExplanation(domain=gas) for gas in self.domain.gases]

    @strawberry.field(
        description="The meter, and the readings and bills, that the activity rests on; null where it was stated."
    )
    def meter_basis(
        self,
    ) -> Annotated["MeterBasis", strawberry.lazy("nzc_api.schema.metered_lines")] | None:
        from nzc_api.schema.metered_lines import MeterBasis  # noqa: PLC0415  (lines are built on this)

        return None if self.basis is None else MeterBasis(domain=self.basis)


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

    @strawberry.field(description="The documents that it rests on, oldest first.")
    async def evidence(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        return await documents_of(info, self.domain.id, first, after)

    @dear("The inventory.", statements=2)
    async def inventory(self, info: Info) -> "Inventory":
        return await inventory_at(info, self.domain.inventory_id)

    @strawberry.field(description="The numbers and steps that give the result.")
    def explain(self) -> Explanation:
        line = self.domain
        gwps = {gas.gas: gas.gwp for gas in line.gases}
        return Explanation(
            domain=explain(
                line.activity,
                line.factor,
                gwps,
                line.rounding,
                density=line.density,
                days_a_year=line.days_a_year,
            ),
            basis=line.meter_basis,
        )


@strawberry.type(description="Why power or heat that is bought is accounted at zero or nearly.")
class ZeroFactorBasis:
    domain: strawberry.Private[DomainZeroFactorBasis]

    reason = attribute(ZeroFactorReason, "reason", "Why nothing was emitted for it.")
    evidence = attribute(str, "evidence", "The document that shows it: its reference or hash.")


@strawberry.type(
    description="An emission source inside the boundary. What is exported (`treatment` DEDUCTED) is recorded "
    "with them, and deducted."
)
class EmissionSource(InventoryLine):
    domain: strawberry.Private[domain.Line]

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


@strawberry.type(description="What emissions come to that rest on one quality of data.")
class DataQualityShare:
    domain: strawberry.Private[domain.QualityShare]

    data_quality = attribute(
        DataQuality | None, "quality", "The quality; null: of lines of which none was stated."
    )
    co2e = attribute(Decimal, "co2e", "What they come to: t CO2e.")


@strawberry.type(
    description="What the emissions of an inventory rest on: of its emission sources that count, without what is "
    "deducted and without memo items."
)
class InventoryDataQuality:
    domain: strawberry.Private[QualityOfData]

    co2e_without_evidence = attribute(
        Decimal,
        "unshown_co2e",
        "What the lines come to that neither a document (`evidence`) nor a meter shows: t CO2e.",
    )
    lines_without_evidence = attribute(int, "unshown_lines", "How many lines they are.")

    @short_list(
        "By quality, the best first; they are the whole. Of a line that was drafted from a meter the part that rests "
        "on estimated readings or bills is ESTIMATED, by their share of its quantity, to a gram.",
        len(DataQuality) + 1,
    )
    def shares(self) -> list[DataQualityShare]:
        return [DataQualityShare(domain=share) for share in self.domain.shares]


@strawberry.type(
    description="A GHG inventory of a pilot's phase, on one basis, over days of one accounting period. "
    "Its versions are a series; the latest verified one, else the latest submitted one, counts."
)
class Inventory(Node):
    domain: strawberry.Private[domain.Inventory]

    phase = attribute(Phase, "phase", "The phase that it accounts for.")
    basis = attribute(Basis, "basis", "What its figures rest on.")
    status = attribute(InventoryStatus, "status", "Where it stands.")
    gwp_set = attribute(GwpSet, "gwp_set", "Whose warming potentials it uses.")
    version = attribute(int, "version", "Its number in the series, from 1.")
    starts_on = attribute(date, "span.starts_on", "The first day that it covers.")
    ends_on = attribute(date, "span.ends_on", "The last day that it covers.")
    not_occurring = attribute(
        list[Category],
        "not_occurring",
        "Categories in scope declared not to occur (NO).",
        at_most=MOST_CATEGORIES,
    )
    submitted_position = attribute(
        BigInt | None, "submitted_position", "The position of the log at which it was submitted."
    )
    verified_position = attribute(
        BigInt | None, "verified_position", "The position of the log at which it was verified."
    )
    discarded_position = attribute(
        BigInt | None,
        "discarded_position",
        "The position of the log at which the draft was given up.",
    )

    @strawberry.field(description="The pilot. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await pilot_at(info, self.domain.pilot_id)

    @strawberry.field(description="The accounting period that it reports into. Never null.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)

    @strawberry.field(description="The curated list whose factors it uses.")
    def factor_list(self) -> FactorList:
        return FactorList(domain=list_of(self.domain))

    @strawberry.field(description="Who verified it.")
    async def verifier(self, info: Info) -> Organisation | None:
        if self.domain.verifier_id is None:
            return None
        found = await info.context.loaders.organisation.load(self.domain.verifier_id)
        assert found is not None
        return Organisation(domain=found)

    @strawberry.field(
        description="The documents that are attached to it as a whole, oldest first; lines have their own."
    )
    async def documents(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[Document]:
        return await documents_of(info, self.domain.id, first, after)

    @dear("What the verifier said of it; null where it said nothing more.", statements=1)
    async def opinion(self, info: Info) -> VerificationOpinion | None:
        found = await info.context.loaders.opinion.load(self.domain.id)
        return None if found is None else VerificationOpinion(domain=found)

    @dear(
        "What there is to know of it and of its lines, in the order in which it was found: of lines where "
        "you see them; of the whole once it is submitted.",
        statements=3,
    )
    async def all_warnings(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[InventoryWarning]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.warnings.load((self.domain.id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.number,
            lambda row: InventoryWarning(domain=row, inventory_id=self.domain.id),
            counted(info.context.loaders.warnings_count, (self.domain.id, sight)),
        )

    @dear(
        "Whether you see its lines: those of a verified inventory as the pilot's `lineVisibility` says. "
        "Where not, its lists of lines are empty.",
        statements=2,
    )
    async def viewer_sees_lines(self, info: Info) -> bool:
        return await self._sees_lines(info)

    @dear(
        "What its emissions rest on, and what of them nothing shows; null where you do not see its lines.",
        statements=3,
    )
    async def quality_of_data(self, info: Info) -> InventoryDataQuality | None:
        if not await self._sees_lines(info):
            return None
        found = await info.context.loaders.quality.load(self.domain.id)
        return InventoryDataQuality(domain=found or QualityOfData())

    async def _sees_lines(self, info: Info) -> bool:
        sight = await info.context.sight()
        pilot = await pilot_at(info, self.domain.pilot_id)
        return sight.sees(pilot.domain, self.domain.status, lines=True)

    @dear("The versions of the series that you see, in order.", statements=2)
    async def versions(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection["Inventory"]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        rows = await info.context.loaders.versions.load((self.domain.series_id, (sight, page)))
        return connection(
            rows,
            page,
            lambda row: row.version,
            lambda row: Inventory(domain=row),
            counted(info.context.loaders.versions_count, (self.domain.series_id, sight)),
        )

    @dear(
        "Its emission sources, in the order of their recording; none where you do not see its lines.",
        statements=3,
    )
    async def emission_sources(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[EmissionSource]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        key = (self.domain.id, (LineRole.SOURCE, sight, page))
        rows = await info.context.loaders.lines.load(key)
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: EmissionSource(domain=row),
            counted(info.context.loaders.lines_count, (self.domain.id, (LineRole.SOURCE, sight))),
        )

    @dear(
        "Its sinks, in the order of their recording; none where you do not see its lines.",
        statements=3,
    )
    async def sinks(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Sink]:
        page = page_by_position(first, after, last=last, before=before)
        sight = await info.context.sight()
        key = (self.domain.id, (LineRole.SINK, sight, page))
        rows = await info.context.loaders.lines.load(key)
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: Sink(domain=row),
            counted(info.context.loaders.lines_count, (self.domain.id, (LineRole.SINK, sight))),
        )


@strawberry.input(
    description="What a list of inventories is narrowed to: all that is given must hold."
)
class InventoryFilterInput:
    status: InventoryStatus | None = strawberry.field(default=None, description="In this state.")
    pilot: strawberry.ID | None = strawberry.field(default=None, description="Of this pilot.")
    accounting_period: strawberry.ID | None = strawberry.field(
        default=None, description="Of this accounting period."
    )

    def narrowed(self, ids: Ids) -> InventoryFilter:
        pilot = period = None
        if self.pilot is not None:
            pilot = ids.position(self.pilot, "filter", "pilot", kinds=("Pilot",))
        if self.accounting_period is not None:
            period = ids.position(
                self.accounting_period, "filter", "accountingPeriod", kinds=("AccountingPeriod",)
            )
        return InventoryFilter(self.status, pilot, period)


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

    def basis(self) -> DomainZeroFactorBasis:
        return DomainZeroFactorBasis(self.reason, self.evidence)


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
    data_quality: DataQuality | None = strawberry.field(
        default=None, description="What the activity rests on."
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
            self.category,
            self.label,
            self.activity.measurement(),
            density,
            factor,
            basis,
            zero,
            data_quality=self.data_quality,
        )


@strawberry.input(description="A new inventory, as a draft, with the lines that it begins with.")
class CreateInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(
        default=False,
        description="Only show what would be: a `NewInventoryPreview` says of each line what it would come to, or why "
        "it cannot stand. Nothing is written, and the key is not used: the same one may do it afterwards.",
    )
    pilot: strawberry.ID = strawberry.field(description="The pilot.")
    accounting_period: strawberry.ID = strawberry.field(
        description="The pilot's period that it reports into."
    )
    phase: Phase = strawberry.field(description="A phase that the guide has for the variant.")
    basis: Basis = strawberry.field(
        default=Basis.OPERATIONAL, description="What its figures rest on."
    )
    gwp_set: GwpSet = strawberry.field(
        default=GwpSet.AR5, description="Whose warming potentials it uses."
    )
    factor_list: str = strawberry.field(
        description="The code of the curated list whose factors it uses, such as prov2025-gd-2022."
    )
    covers: DateSpanInput | None = strawberry.field(
        default=None,
        description="The days that it covers, in operation none before `operationStartsOn`. Default: the "
        "whole period.",
    )
    not_occurring: list[Category] = strawberry.field(
        default_factory=list, description="Categories in scope that do not occur (NO)."
    )
    sources: list[InventoryLineInput] = strawberry.field(
        default_factory=list, description=f"Emission sources that it begins with.{_TOGETHER}"
    )
    sinks: list[InventoryLineInput] = strawberry.field(
        default_factory=list, description=f"Sinks that it begins with.{_TOGETHER}"
    )

    def command(self, ids: Ids, caller: Principal) -> CreateInventory:
        return CreateInventory(
            ids.position(self.pilot, "input", "pilot", kinds=("Pilot",)),
            ids.position(
                self.accounting_period, "input", "accountingPeriod", kinds=("AccountingPeriod",)
            ),
            self.phase,
            self.basis,
            self.gwp_set,
            self.factor_list,
            None if self.covers is None else self.covers.span(),
            tuple(self.not_occurring),
            _lines(self.sources, "sources"),
            _lines(self.sinks, "sinks"),
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
    data_quality: DataQuality | None = strawberry.field(
        default=strawberry.UNSET,
        description="What the activity rests on; null: nothing is stated of it.",
    )

    def command(self, ids: Ids, caller: Principal) -> AmendLine:
        line = ids.position(self.line, "input", "line", kinds=LINE_KINDS)
        changes = said(self, LINE_FACTS, no_values=_NO_VALUES)
        if "own_factor" in changes:
            if "factor" in changes:
                raise Refused(one_factor(changes["factor"], "input"))
            changes["factor"] = changes.pop("own_factor")
        return AmendLine(line, {name: _domain(value) for name, value in changes.items()})


LINE_FACTS = (
    "category", "label", "activity", "density", "factor", "own_factor", "sink_basis",
    "zero_factor_basis", "data_quality",
)  # fmt: skip
_NO_VALUES = ("density", "sink_basis", "zero_factor_basis", "data_quality")


def _domain(value: Any) -> Any:
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
            return tuple(value)
    return value


@strawberry.input(
    description="What a draft's own terms are from now on: those that are left out stay as they are. Its "
    "lines are accounted anew, as in a revision, and keep their ids."
)
class AmendInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    inventory: strawberry.ID = strawberry.field(description="The draft.")
    covers: DateSpanInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="The days that it covers, of a first version only; null: the whole period.",
    )
    gwp_set: GwpSet | None = strawberry.field(
        default=strawberry.UNSET, description="Whose warming potentials it uses."
    )
    factor_list: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="The code of the curated list whose factors it uses: the latest version of it.",
    )
    not_occurring: list[Category] | None = strawberry.field(
        default=strawberry.UNSET,
        description="Categories in scope that do not occur (NO), all of them.",
    )

    def command(self, ids: Ids, caller: Principal) -> AmendInventory:
        inventory = ids.position(self.inventory, "input", "inventory", kinds=("Inventory",))
        changes = said(self, TERMS, no_values={"covers"})
        return AmendInventory(inventory, {name: _domain(of) for name, of in changes.items()})


@strawberry.input(description="A draft to give up.")
class DiscardInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    inventory: strawberry.ID = strawberry.field(description="The draft.")

    def command(self, ids: Ids, caller: Principal) -> int:
        return ids.position(self.inventory, "input", "inventory", kinds=("Inventory",))


@strawberry.input(description="A line to take out of a draft.")
class RemoveInventoryLineInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    line: strawberry.ID = strawberry.field(description="The emission source or sink.")

    def command(self, ids: Ids, caller: Principal) -> int:
        return ids.position(self.line, "input", "line", kinds=LINE_KINDS)


@strawberry.input(
    description="The next version of an inventory: what is not given stays as it is. Its days cannot "
    "change."
)
class ReviseInventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    inventory: strawberry.ID = strawberry.field(description="The latest version.")
    gwp_set: GwpSet | None = strawberry.field(
        default=None, description="Whose warming potentials the new version uses."
    )
    factor_list: str | None = strawberry.field(
        default=None, description="The code of the curated list whose factors it uses."
    )
    not_occurring: list[Category] | None = strawberry.field(
        default=None, description="Categories in scope that do not occur (NO), all of them."
    )
    leave_out: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Emission sources and sinks that it does not take over."
    )

    def command(self, ids: Ids, caller: Principal) -> ReviseInventory:
        return ReviseInventory(
            ids.position(self.inventory, "input", "inventory", kinds=("Inventory",)),
            self.gwp_set,
            self.factor_list,
            None if self.not_occurring is None else tuple(self.not_occurring),
            tuple(
                ids.position(line, "input", "leaveOut", str(index), kinds=LINE_KINDS)
                for index, line in enumerate(self.leave_out)
            ),
        )


@strawberry.input(description="An inventory to submit or verify.")
class InventoryInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    inventory: strawberry.ID = strawberry.field(description="The inventory.")
    opinion: VerificationOpinionInput | None = strawberry.field(
        default=None,
        description="What you say of it as you verify it; nothing where it is submitted. It is needed where "
        "the inventory has warnings that must be acknowledged.",
    )

    def command(self, ids: Ids, caller: Principal) -> VerifyInventory:
        opinion = None if self.opinion is None else self.opinion.opinion(ids)
        position = ids.position(self.inventory, "input", "inventory", kinds=("Inventory",))
        return VerifyInventory(position, opinion)


def one_factor(factor: str | None, *path: str) -> InvalidInput:
    return InvalidInput(
        path=(*path, "factor"),
        value=(factor or "null")[:80],
        expected_zh="factor与ownFactor二者须且仅须填写一项",
        expected_en="exactly one of factor and ownFactor",
    )


def submitted(command: VerifyInventory) -> int:
    """The inventory of an input that is to be submitted: whoever submits has no opinion of it."""
    if command.opinion is not None:
        raise Refused(
            InvalidInput(
                path=("input", "opinion"),
                value=command.opinion.level,
                expected_zh="提交时不填写核查意见，由核查机构在verifyInventory中填写",
                expected_en="nothing as it is submitted: the verifier gives it to `verifyInventory`",
            )
        )
    return command.inventory_id


async def inventory_seen(info: Info, inventory_id: int) -> Inventory | None:
    """An inventory, if whoever asks sees it."""
    key = (inventory_id, await info.context.sight())
    found = await info.context.loaders.inventory.load(key)
    return None if found is None else Inventory(domain=found)


async def inventory_at(info: Info, inventory_id: int) -> Inventory:
    """An inventory that whoever asks was shown something of already."""
    found = await inventory_seen(info, inventory_id)
    assert found is not None
    return found


def line_node(line: domain.Line) -> EmissionSource | Sink:
    return EmissionSource(domain=line) if line.role is LineRole.SOURCE else Sink(domain=line)


def _record(
    ids: Ids, inventory: str, role: LineRole, field: str, lines: list[InventoryLineInput]
) -> RecordLines:
    return RecordLines(
        ids.position(inventory, "input", "inventory", kinds=("Inventory",)),
        role,
        _lines(lines, field),
    )


def _lines(lines: list[InventoryLineInput], field: str) -> tuple[NewLine, ...]:
    return tuple(line.line("input", field, str(index)) for index, line in enumerate(lines))
