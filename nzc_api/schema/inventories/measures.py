"""Values in units, and what lines come to of gases, as GraphQL."""

from decimal import Decimal

import strawberry

from nzc_api.accounting.line import Measurement as DomainMeasurement
from nzc_api.accounting.units import unit_name
from nzc_api.inventories import model as domain
from nzc_api.schema.factors.enums import Gas
from nzc_api.schema.kit.fields import attribute, number
from nzc_api.schema.kit.texts import LocalizedText

CO2E = (
    "Activity × factor × potential, unrounded, then rounded once, half-even, to 6 decimals (a gram): t CO2e. "
    "Where the line's `rounding` is MASS: the mass, rounded so, × potential."
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
