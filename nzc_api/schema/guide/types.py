"""The guide, as GraphQL."""

from decimal import Decimal

import strawberry

from nzc_api.guide import guide as domain
from nzc_api.guide import sizes
from nzc_api.refusal import LocalizedText as DomainText
from nzc_api.schema.guide.enums import (
    ApplicantKind,
    Category,
    CategoryRole,
    DocumentKind,
    Establishment,
    FinanceProduct,
    FormulaTerm,
    LifeCycleStage,
    Phase,
    PilotKind,
    PilotVariant,
)
from nzc_api.schema.kit.fields import attribute, short_list
from nzc_api.schema.kit.texts import LocalizedText, text_attribute, texts_attribute

# Of one variant's scope; and of categories that are a part of another. The guide does not grow: tests
# count these, and what is below.
MOST_CATEGORIES = 6
MOST_INCLUDED = 10

# Criteria of a kind, and what of one is judged by itself.
MOST_CRITERIA = 3
MOST_JUDGED = 7


@strawberry.type(description="A category of emission sources or sinks.")
class CategoryTerm:
    domain: strawberry.Private[domain.CategoryTerm]

    category = attribute(Category, "category", "Its code.")
    name = text_attribute("name", "Its name in the guide.")
    role = attribute(CategoryRole, "role", "What may be recorded under it.")
    named_by_guide = attribute(bool, "named_by_guide", "Whether the guide names it at all.")
    ipcc_1996 = attribute(
        str | None, "ipcc_1996", "Its heading in the IPCC 1996 guidelines, if it has one."
    )
    includes = attribute(
        list[Category],
        "includes",
        "Categories that are the same in other words, or a part of it: where this one is in scope, "
        "so are they. Our reading; the guide does not say.",
        at_most=MOST_INCLUDED,
    )
    counts_with = attribute(
        Category | None,
        "counts_with",
        "The category where whose scope it counts, too, as an emission source, without covering it: what "
        "is exported or generated is reckoned against what is purchased, the clearing of a forest against "
        "its uptake.",
    )


@strawberry.type(description="A stage of a pilot's life (section 四（一）).")
class LifeCycleStageTerm:
    domain: strawberry.Private[domain.StageTerm]

    stage = attribute(LifeCycleStage, "stage", "Its code.")
    name = text_attribute("name", "Its name in the guide.")
    phases = attribute(
        list[Phase],
        "phases",
        "The phases whose lines are of it, unless they say otherwise. Our reading.",
        at_most=2,
    )
    categories = attribute(
        list[Category],
        "categories",
        "The categories whose lines are of it whatever the phase, unless they say otherwise. Our reading.",
        at_most=1,
    )


@strawberry.type(description="An applicant that the guide names for a kind of pilot.")
class ApplicantTerm:
    domain: strawberry.Private[domain.ApplicantTerm]

    applicant = attribute(ApplicantKind, "applicant", "Its code.")
    name = text_attribute("name", "Its name in the guide.")


@strawberry.type(description="An older pilot scheme that gives a priority.")
class DemonstrationProgramme:
    domain: strawberry.Private[domain.DemonstrationProgramme]

    code = attribute(str, "code", "Its code.")
    name = text_attribute("name", "Its name.")


@strawberry.type(
    description="What is claimed and judged by itself of an application: a criterion, or a part of one."
)
class PriorityPart:
    domain: strawberry.Private[domain.PriorityPart]

    code = attribute(str, "code", "Its code, such as TOWN-3.c; ours, the guide has none.")
    text = text_attribute("text", "What it asks.")


@strawberry.type(description="One way to be preferred as a pilot (section 二).")
class PriorityCriterion:
    domain: strawberry.Private[domain.PriorityCriterion]

    code = attribute(str, "code", "Its code, such as TOWN-3; ours, the guide has none.")
    needs_all = attribute(
        bool,
        "needs_all",
        "Whether it is met only where all that is judged of it is met; else one suffices.",
    )

    text = text_attribute("text", "The criterion.")
    all_of = texts_attribute("all_of", "Its parts, where the guide joins several.", at_most=4)
    open_list = attribute(bool, "open_list", "Whether the guide's list is open (等).")

    @short_list(
        "What of it is claimed and judged: its parts, or the schemes that it names; itself where it has none, or "
        "where its list of schemes is open and another may be shown.",
        MOST_JUDGED,
    )
    def judged(self) -> list[PriorityPart]:
        return [PriorityPart(domain=part) for part in self.domain.judged]

    @short_list("The schemes within whose scope a pilot would lie.", 6)
    def within_scope_of(self) -> list[DemonstrationProgramme]:
        return [DemonstrationProgramme(domain=p) for p in self.domain.within_scope_of]


@strawberry.type(
    description="What a pilot of a variant plausibly emits in a year of operation: orders of magnitude of "
    "ours, to find slips by."
)
class PlausibleSize:
    domain: strawberry.Private[sizes.PlausibleSize]

    least_co2e = attribute(Decimal, "least", "The least, t CO2e a year.")
    most_co2e = attribute(Decimal, "most", "The most, t CO2e a year.")
    source = text_attribute("source", "How they were come by.")


@strawberry.type(description="What the guide asks of one variant of a kind (section 三).")
class VariantTerms:
    domain: strawberry.Private[domain.VariantTerms]

    variant = attribute(PilotVariant, "variant", "Its code.")
    name = text_attribute("name", "Its name.")
    establishment = attribute(
        Establishment | None, "establishment", "New or existing, where the variant says so."
    )
    phases = attribute(list[Phase], "phases", "The phases that are accounted.", at_most=2)
    scope = text_attribute("scope", "What is accounted, in the guide's words.")
    open_list = attribute(
        bool, "open_list", "Whether the list of categories is open (等): unlisted ones then count."
    )
    potential_basis = texts_attribute(
        "potential_basis",
        "What its analysis of the potential to reach zero carbon starts from.",
        at_most=3,
    )

    @strawberry.field(description="The document whose method the guide refers to, if it names one.")
    def method(self) -> LocalizedText | None:
        return None if self.domain.method is None else LocalizedText.of(self.domain.method)

    @strawberry.field(
        description="What such a pilot plausibly emits in a year; ours, the guide says nothing of it."
    )
    def plausible_size(self) -> PlausibleSize:
        return PlausibleSize(domain=sizes.plausible_size(self.domain.variant))

    @short_list("The categories in scope, by their names in its list.", MOST_CATEGORIES)
    def categories(self) -> list[CategoryTerm]:
        return [CategoryTerm(domain=term) for term in self.domain.categories]


@strawberry.type(description="What the guide asks of one kind of pilot.")
class KindTerms:
    domain: strawberry.Private[domain.KindTerms]

    kind = attribute(PilotKind, "kind", "Its code.")
    name = text_attribute("name", "Its name.")
    section_applicants = attribute(
        str, "section_applicants", "The section on who may apply, such as 二（一）."
    )
    section_accounting = attribute(
        str, "section_accounting", "The section on what is accounted, such as 三（一）."
    )
    applicants_open_list = attribute(
        bool, "applicants_open_list", "Whether the list of applicants is open (等)."
    )
    examples = texts_attribute("examples", "Examples that the guide names.", at_most=8)
    document = attribute(DocumentKind, "document", "The kind of document it hands in.")
    document_name = text_attribute("document_name", "The document's name in the guide.")
    note = text_attribute("note", "Where the guide is open or inconsistent, and what NZC does.")

    @short_list("Who may apply.", 4)
    def applicants(self) -> list[ApplicantTerm]:
        return [ApplicantTerm(domain=term) for term in self.domain.applicants]

    @short_list("Whom the guide prefers: any one of these.", MOST_CRITERIA)
    def priority_criteria(self) -> list[PriorityCriterion]:
        return [PriorityCriterion(domain=term) for term in self.domain.priority_criteria]

    @short_list("Its variants.", 2)
    def variants(self) -> list[VariantTerms]:
        return [VariantTerms(domain=term) for term in self.domain.variants]


@strawberry.type(description="A term of the formula.")
class TermOfFormula:
    domain: strawberry.Private[domain.TermOfFormula]

    term = attribute(FormulaTerm, "term", "Its code.")
    sign = attribute(int, "sign", "1 where it is added, -1 where it is subtracted.")
    name = text_attribute("name", "Its name in the guide.")


@strawberry.type(description="The formula of net emissions (section 五).")
class Formula:
    domain: strawberry.Private[domain.Formula]

    section = attribute(str, "section", "The guide's section.")
    text = text_attribute("text", "The formula in the guide's words.")
    note = text_attribute("note", "How NZC reads it.")

    @short_list("Its terms.", 3)
    def terms(self) -> list[TermOfFormula]:
        return [TermOfFormula(domain=term) for term in self.domain.terms]


@strawberry.type(description="A technology of one area.")
class Technology:
    domain: strawberry.Private[domain.Technology]

    code = attribute(str, "code", "Its code.")
    name = text_attribute("name", "Its name.")


@strawberry.type(description="One of the eight areas of technology (section 四（二）).")
class TechnologyArea:
    domain: strawberry.Private[domain.TechnologyArea]

    number = attribute(int, "number", "Its number in the guide, 1 to 8.")
    code = attribute(str, "code", "Its code.")
    name = text_attribute("name", "Its name.")
    open_list = attribute(bool, "open_list", "Whether the list is open (等).")

    @short_list("Its items.", 7)
    def items(self) -> list[Technology]:
        return [Technology(domain=item) for item in self.domain.items]


@strawberry.type(description="Something that the guide asks of every pilot.")
class Requirement:
    domain: strawberry.Private[domain.Requirement]

    code = attribute(str, "code", "Its code.")
    section = attribute(str, "section", "The guide's section.")
    text = text_attribute("text", "What is asked.")


@strawberry.type(description="A product of green finance that the guide names.")
class FinanceProductTerm:
    product: FinanceProduct = strawberry.field(description="Its code.")
    text: strawberry.Private[DomainText]

    @strawberry.field(description="What the guide calls it.")
    def name(self) -> LocalizedText:
        return LocalizedText.of(self.text)


@strawberry.type(description="A prefecture-level city of Guangdong.")
class AdministrativeDivision:
    domain: strawberry.Private[domain.AdministrativeDivision]

    code = attribute(str, "code", "Its code in GB/T 2260.")
    name = text_attribute("name", "Its name.")


@strawberry.type(description="Guangdong's guide for near-zero-carbon pilots, as data.")
class Guide:
    domain: strawberry.Private[domain.Guide]

    title = text_attribute("title", "Its title.")
    potential_analysis = text_attribute(
        "potential_analysis", "What every pilot's report analyses besides its emissions."
    )
    technology_section = attribute(
        str, "technology_section", "The section that names the technologies."
    )
    reference_catalogues = texts_attribute(
        "reference_catalogues",
        "The five catalogues of technologies that pilots may refer to.",
        at_most=5,
    )

    @strawberry.field(description="The formula of net emissions.")
    def formula(self) -> Formula:
        return Formula(domain=self.domain.formula)

    @short_list("The six kinds of pilot.", len(PilotKind))
    def kinds(self) -> list[KindTerms]:
        return [KindTerms(domain=kind) for kind in self.domain.kinds]

    @short_list("All categories of sources and sinks.", len(Category))
    def categories(self) -> list[CategoryTerm]:
        return [CategoryTerm(domain=term) for term in self.domain.categories]

    @short_list("The stages of a pilot's life.", len(LifeCycleStage))
    def life_cycle_stages(self) -> list[LifeCycleStageTerm]:
        return [LifeCycleStageTerm(domain=term) for term in self.domain.life_cycle_stages]

    @short_list("The products of green finance that it names.", len(FinanceProduct) - 1)
    def finance_products(self) -> list[FinanceProductTerm]:
        named = self.domain.finance_products.items()
        return [FinanceProductTerm(product=product, text=name) for product, name in named]

    @short_list("The eight areas of technology.", 8)
    def technology_areas(self) -> list[TechnologyArea]:
        return [TechnologyArea(domain=area) for area in self.domain.technology_areas]

    @short_list("What the guide asks of every pilot.", 21)
    def requirements(self) -> list[Requirement]:
        return [Requirement(domain=item) for item in self.domain.requirements]

    @short_list("Guangdong's 21 prefecture-level cities.", 21)
    def administrative_divisions(self) -> list[AdministrativeDivision]:
        return [AdministrativeDivision(domain=item) for item in self.domain.divisions]
