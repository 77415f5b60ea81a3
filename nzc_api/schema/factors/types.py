"""Emission factors, their lists, reference values and warming potentials, as GraphQL."""

from collections.abc import Iterable
from decimal import Decimal

import strawberry

from nzc_api.accounting import factors as domain
from nzc_api.accounting.cautions import cautions_of
from nzc_api.accounting.exact import simplest
from nzc_api.accounting.factors import FACTORS_BY_ID, GWP_SETS, LISTS_BY_ID, lists_with
from nzc_api.accounting.factors import EmissionFactor as DomainFactor
from nzc_api.accounting.line import accepted_units, quantity_name, shown_value
from nzc_api.accounting.missing import MissingFactor as DomainMissing
from nzc_api.inventories.own_factor import MOST_PARTS
from nzc_api.refusal import words_of
from nzc_api.schema.factors.enums import Caution, Confidence, FactorKind, Gas, GwpSet
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_text,
    page_of,
)
from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.ids import encode_id
from nzc_api.schema.kit.nodes import Node, product_node
from nzc_api.schema.kit.texts import LocalizedText, text_attribute

# A published factor has fewer parts, whose sources are few; one of a pilot's own has one source.
MOST_SOURCES = 4

# What is wanted and was not found; tests count it.
MOST_MISSING = 40

# In which an activity may be stated; tests count them.
MOST_UNITS = 10


@strawberry.type(description="What to know before relying on a factor.")
class FactorCaution:
    code: Caution = strawberry.field(description="Which caution.")

    @strawberry.field(description="The caution in words.")
    def text(self) -> LocalizedText:
        return LocalizedText.of(words_of(Caution)[self.code])


@strawberry.type(
    description="A factor that is wanted and was not found in a citable place: none is invented instead."
)
class MissingFactor:
    domain: strawberry.Private[DomainMissing]

    code = attribute(str, "code", "Its code.")
    name = text_attribute("name", "What it would be.")
    would_be_in = text_attribute("would_be_in", "The document that would have it.")
    reason = text_attribute("reason", "Why it is missing, and what to use meanwhile.")

    @strawberry.field(description="The category that it would be for.")
    def category(self) -> Category:
        return Category(self.domain.category)


@strawberry.type(description="Where a value comes from, and how sure we are of it.")
class Source:
    domain: strawberry.Private[domain.Source]

    title = attribute(str, "title", "The document.")
    locator = attribute(str, "locator", "Where the value was seen.")
    confidence = attribute(Confidence, "confidence", "How the value was come by.")


@strawberry.type(description="A value of the reference table, as its source states it.")
class ReferenceValue:
    domain: strawberry.Private[domain.ReferenceValue]

    code = attribute(str, "code", "Its code.")
    category = attribute(str, "category", "What kind of value it is.")
    gas = attribute(str, "gas", "The gas it is about, or -.")
    subject = text_attribute("subject", "The fuel or activity it is about.")
    quantity = attribute(str, "quantity", "Which quantity it states.")
    value = number("value", "The value.")
    unit = attribute(str, "unit", "Its unit, as the source writes it.")
    region = attribute(str, "region", "The region it holds for.")
    valid_year = attribute(str, "valid_year", "The year or years it holds for.")

    @strawberry.field(description="Where it comes from.")
    def source(self) -> Source:
        return Source(domain=self.domain.source)


@strawberry.type(description="One multiplier of a factor.")
class FactorPart:
    domain: strawberry.Private[domain.FactorPart]

    value = number("value", "Its exact value.")
    unit = attribute(str, "unit", "Its unit; 1 where it has none.")

    @strawberry.field(description="Which quantity it is.")
    def quantity(self) -> LocalizedText:
        return LocalizedText.of(quantity_name(self.domain.quantity))

    @strawberry.field(description="Where it comes from.")
    def source(self) -> Source:
        return Source(domain=self.domain.source)


@strawberry.type(description="How much of one gas a factor gives: the product of its parts.")
class GasFactor:
    domain: strawberry.Private[domain.GasFactor]
    factor: strawberry.Private[DomainFactor]

    gas = attribute(Gas, "gas", "The gas.")

    @short_list("The multipliers, used unrounded; none where the activity is the gas.", MOST_PARTS)
    def parts(self) -> list[FactorPart]:
        return [FactorPart(domain=part) for part in self.domain.parts]

    @strawberry.field(
        description="The factor in `unit`: a single number as its source states it; a product rounded "
        "half-even to 12 decimals for showing. The accounting uses the exact parts."
    )
    def value(self) -> Decimal:
        return simplest(shown_value(self.factor, self.domain)[0])

    @strawberry.field(
        description="The unit of `value`: the source's own where it prints the factor (kgCO2/kWh, "
        "tCO2/10^4Nm3), else tonnes of the gas per t, m3, GJ, km, …"
    )
    def unit(self) -> str:
        return shown_value(self.factor, self.domain)[1]


@product_node(FACTORS_BY_ID)
@strawberry.type(description="An emission factor; a removal factor where a sink uses it.")
class EmissionFactor(Node):
    domain: strawberry.Private[domain.EmissionFactor]

    @strawberry.field(description="The opaque, stable id of the thing.")
    def id(self) -> strawberry.ID:
        return encode_id("EmissionFactor", self.domain.id)

    code = attribute(str, "code", "Its code: what lines name it by.")
    version = attribute(int, "version", "Its version; a published version never changes.")
    factor_kind = attribute(FactorKind, "kind", "What it is about.")
    subject = attribute(str, "subject", "The fuel or activity: a list has one factor for each.")
    name = text_attribute("name", "Its name.")
    region = attribute(str, "region", "The region it holds for.")
    valid_year = attribute(str, "valid_year", "The year or years it holds for.")
    usable = attribute(
        bool, "usable", "Whether inventories may use it; grid baselines are for projects only."
    )

    @short_list("What it gives of each gas.", len(Gas))
    def gases(self) -> list[GasFactor]:
        return [GasFactor(domain=gas, factor=self.domain) for gas in self.domain.gases]

    @strawberry.field(
        description="The value that its source prints, where it prints one: of a product it is "
        "rounded, and for comparison only."
    )
    def published(self) -> ReferenceValue | None:
        published = self.domain.published
        return None if published is None else ReferenceValue(domain=published)

    @short_list("Where its parts come from.", MOST_SOURCES)
    def sources(self) -> list[Source]:
        return [Source(domain=source) for source in self.domain.sources]

    @short_list("What to know before relying on it.", len(Caution))
    def cautions(self) -> list[FactorCaution]:
        return [FactorCaution(code=caution) for caution in cautions_of(self.domain)]

    @short_list("The units that an activity may be stated in.", MOST_UNITS)
    def accepted_units(self) -> list[str]:
        return list(accepted_units(self.domain)) if self.domain.usable else []

    @strawberry.field(
        description="The versions of curated lists that it is in, by code and version."
    )
    def lists(self, first: First = DEFAULT_FIRST, after: After = None) -> Connection["FactorList"]:
        return factor_lists(lists_with(self.domain), first, after)


@product_node(LISTS_BY_ID)
@strawberry.type(
    description="A curated list of factors, one for each subject: an inventory uses one list, so that "
    "mixing sources is a visible choice."
)
class FactorList(Node):
    domain: strawberry.Private[domain.FactorList]

    @strawberry.field(description="The opaque, stable id of the thing.")
    def id(self) -> strawberry.ID:
        return encode_id("FactorList", self.domain.id)

    code = attribute(str, "code", "Its code: what inventories name it by.")
    version = attribute(int, "version", "Its version; a published version never changes.")
    name = text_attribute("name", "Its name.")

    @strawberry.field(description="Its factors, by code.")
    def factors(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[EmissionFactor]:
        return emission_factors(self.domain.factors, first, after)


@strawberry.type(description="A 100-year global warming potential.")
class Gwp:
    domain: strawberry.Private[domain.Gwp]

    gas = attribute(Gas, "gas", "The gas.")
    value = number("value", "kg CO2e per kg of the gas.")

    @strawberry.field(description="Where it comes from.")
    def source(self) -> Source:
        return Source(domain=self.domain.source)


@strawberry.type(description="The warming potentials of one IPCC report.")
class GwpTable:
    gwp_set: GwpSet = strawberry.field(description="The report.")

    @short_list("The potentials.", len(Gas))
    def potentials(self) -> list[Gwp]:
        return [Gwp(domain=gwp) for gwp in GWP_SETS[self.gwp_set].values()]


def emission_factors(
    factors: Iterable[DomainFactor], first: int, after: str | None
) -> Connection[EmissionFactor]:
    """A page of factors, by code and version."""
    page = page_by_text(first, after)
    return page_of(factors, page, _by_version, lambda row: EmissionFactor(domain=row))


def factor_lists(
    lists: Iterable[domain.FactorList], first: int, after: str | None
) -> Connection[FactorList]:
    """A page of curated lists, by code and version."""
    page = page_by_text(first, after)
    return page_of(lists, page, _by_version, lambda row: FactorList(domain=row))


def _by_version(row: DomainFactor | domain.FactorList) -> str:
    # A space is before whatever a code is made of: versions stay together.
    return f"{row.code} {row.version:04}"
