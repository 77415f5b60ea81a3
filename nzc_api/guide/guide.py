"""The guide itself, read once from its files."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Context, Decimal, Inexact
from itertools import chain
from pathlib import Path
from typing import Any

from nzc_api.guide.terms import (
    ApplicantKind,
    Catalogue,
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
    Treatment,
)
from nzc_api.refusal import LocalizedText, name_words

DATA = Path(__file__).parent / "data"

# Wide enough for any sum of what an inventory can hold; a rounding would raise.
EXACT = Context(prec=80, traps=[Inexact])


@dataclass(frozen=True, slots=True)
class CategoryTerm:
    """A category: its name, what may be recorded under it, and its IPCC 1996 heading if it has one.

    ``includes`` are the categories that are the same thing in other words, or a part of it. The
    guide names its categories kind by kind and states no such order, so the table is ours and
    conservative: energy by any name is a building's 能源消耗 and a town's 能源活动 (biomass burnt and,
    after IPCC 2006 1A3b vi, urea in exhausts are in the latter); 畜禽养殖 is 农业; 林业碳汇 is part of
    土地利用变化和林业; purchased electricity and heat are building energy, as in its IPCC heading
    (1A4 + purchased electricity/heat); transport's energy by its three names is one thing. A broader
    category is never part of a narrower one: what else it may hold is not known.

    ``counts_with`` is the category where whose scope it counts, too, without being covered by it, as an
    emission source: what is exported or generated is reckoned against what is purchased, and the clearing
    of a forest against its uptake.
    """

    category: Category
    name: LocalizedText
    role: CategoryRole
    named_by_guide: bool
    ipcc_1996: str | None
    includes: tuple[Category, ...] = ()
    counts_with: Category | None = None

    @property
    def emits(self) -> bool:
        """Whether what is recorded under it is emitted or taken up inside the boundary."""
        return self.role not in {CategoryRole.EXPORT, CategoryRole.GENERATION}


@dataclass(frozen=True, slots=True)
class StageTerm:
    """A stage of a pilot's life, and what is of it unless a line says otherwise: emissions of categories, or else of
    phases that are accounted. The guide names the stages; which is which is our reading."""

    stage: LifeCycleStage
    name: LocalizedText
    phases: tuple[Phase, ...]
    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True)
class ApplicantTerm:
    applicant: ApplicantKind
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class DemonstrationProgramme:
    """An older pilot scheme that the guide gives priority to."""

    code: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class PriorityPart:
    """Something that is claimed and judged by itself: a criterion, or a part of one (TOWN-3.c)."""

    code: str
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class PriorityCriterion:
    """One way to be preferred (section 二): a text, and where the guide gives them, its parts, of which all
    are needed, or the schemes that it names, of which one is. The codes (TOWN-3) are ours."""

    code: str
    text: LocalizedText
    all_of: tuple[LocalizedText, ...]
    within_scope_of: tuple[DemonstrationProgramme, ...]
    open_list: bool
    parts: tuple[PriorityPart, ...]

    @property
    def judged(self) -> tuple[PriorityPart, ...]:
        """What of it is claimed and judged: its parts; itself where it has none, or where its list is open (等)
        and another scheme may be shown."""
        itself = (PriorityPart(self.code, self.text),) if self.open_list or not self.parts else ()
        return (*self.parts, *itself)

    @property
    def needs_all(self) -> bool:
        """Whether it is met only where all that is judged of it is met; else one suffices."""
        return bool(self.all_of)


@dataclass(frozen=True, slots=True)
class VariantTerms:
    """What the guide asks of one variant: phases, categories in scope, basis of its analysis.

    ``method`` is the document whose method it refers to; only a town's is named. The ``categories``
    have the names that the guide gives them there.
    """

    variant: PilotVariant
    name: LocalizedText
    establishment: Establishment | None
    phases: tuple[Phase, ...]
    scope: LocalizedText
    categories: tuple[CategoryTerm, ...]
    open_list: bool
    potential_basis: tuple[LocalizedText, ...]
    method: LocalizedText | None = None

    @property
    def operating_phase(self) -> Phase:
        """The phase that recurs every year; construction is counted once."""
        return self.phases[-1]


@dataclass(frozen=True, slots=True)
class KindTerms:
    """What the guide asks of one kind of pilot."""

    kind: PilotKind
    name: LocalizedText
    section_applicants: str
    section_accounting: str
    applicants: tuple[ApplicantTerm, ...]
    applicants_open_list: bool
    priority_criteria: tuple[PriorityCriterion, ...]
    examples: tuple[LocalizedText, ...]
    document: DocumentKind
    document_name: LocalizedText
    variants: tuple[VariantTerms, ...]
    note: LocalizedText


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that the guide asks of every pilot, with its section."""

    code: str
    section: str
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class TermOfFormula:
    term: FormulaTerm
    sign: int
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Formula:
    """The formula of section 五."""

    section: str
    text: LocalizedText
    terms: tuple[TermOfFormula, ...]
    note: LocalizedText


@dataclass(frozen=True, slots=True)
class Technology:
    code: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class TechnologyArea:
    """One of the eight areas of section 四（二）, with its items."""

    number: int
    code: str
    name: LocalizedText
    open_list: bool
    items: tuple[Technology, ...]


@dataclass(frozen=True, slots=True)
class AdministrativeDivision:
    """A prefecture-level city of Guangdong with its code in GB/T 2260."""

    code: str
    name: LocalizedText


@dataclass(frozen=True, slots=True)
class Guide:
    title: LocalizedText
    formula: Formula
    potential_analysis: LocalizedText
    categories: tuple[CategoryTerm, ...]
    kinds: tuple[KindTerms, ...]
    requirements: tuple[Requirement, ...]
    technology_section: str
    technology_areas: tuple[TechnologyArea, ...]
    catalogues: Mapping[Catalogue, LocalizedText]
    divisions: tuple[AdministrativeDivision, ...]
    life_cycle_stages: tuple[StageTerm, ...]
    finance_products: Mapping[FinanceProduct, LocalizedText]

    @property
    def reference_catalogues(self) -> tuple[LocalizedText, ...]:
        """The names of the catalogues."""
        return tuple(self.catalogues.values())

    def variant(self, variant: PilotVariant) -> VariantTerms:
        return _BY_VARIANT[variant][1]

    def kind_of(self, variant: PilotVariant) -> KindTerms:
        return _BY_VARIANT[variant][0]

    def variants_of(self, kinds: Collection[PilotKind]) -> frozenset[PilotVariant]:
        """Every variant of some kinds."""
        return frozenset(v.variant for k in self.kinds if k.kind in kinds for v in k.variants)

    def category(self, category: Category) -> CategoryTerm:
        return _BY_CATEGORY[category]

    def technology(self, code: str) -> Technology | None:
        return _BY_TECHNOLOGY.get(code)

    def division(self, code: str) -> AdministrativeDivision | None:
        return _BY_DIVISION.get(code)

    def life_cycle_stage(self, category: Category, phase: Phase) -> LifeCycleStage:
        """The stage that a line is of unless it says otherwise."""
        of_category = (t.stage for t in self.life_cycle_stages if category in t.categories)
        of_phase = (t.stage for t in self.life_cycle_stages if phase in t.phases)
        return next(chain(of_category, of_phase))

    def category_in_scope(self, variant: PilotVariant, category: Category) -> Category | None:
        """The listed category that a category is, or else that includes it; None if none does."""
        listed = self.variant(variant).categories
        same = (term.category for term in listed if term.category is category)
        broader = (term.category for term in listed if category in term.includes)
        return next(chain(same, broader), None)

    def treatment(
        self, variant: PilotVariant, category: Category, *, sink: bool = False
    ) -> Treatment:
        """How a line counts: listed, by its own name or within a listed category, or with one that is;
        unlisted, but the list is open (等); or a memo line. An export is deducted, or a memo line.

        A category that a closed list does not name is shown and kept outside the net: refusing it
        would only hide it.
        """
        term = self.category(category)
        export = term.role is CategoryRole.EXPORT
        beside = None if sink else term.counts_with
        if any(c and self.category_in_scope(variant, c) for c in (category, beside)):
            return Treatment.DEDUCTED if export else Treatment.IN_SCOPE
        counted = self.variant(variant).open_list and not export
        return Treatment.COUNTED_UNLISTED if counted else Treatment.MEMO


def net_emissions(gross: Decimal, sinks: Decimal, purchased_reductions: int) -> Decimal:
    """The guide's formula (section 五), in t CO2e; negative where more was removed than emitted."""
    return EXACT.subtract(EXACT.subtract(gross, sinks), Decimal(purchased_reductions))


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def _text(data: Mapping[str, str]) -> LocalizedText:
    return LocalizedText(zh=data["zh"], en=data["en"])


def _texts(data: list[Mapping[str, str]]) -> tuple[LocalizedText, ...]:
    return tuple(_text(item) for item in data)


def _load() -> Guide:
    guide, technologies = _read("guide.json"), _read("technologies.json")
    categories = tuple(map(_category, guide["categories"]))
    by_category = {term.category: term for term in categories}
    schemes = {
        p["code"]: DemonstrationProgramme(p["code"], _text(p["name"]))
        for p in guide["demonstration_programmes"]
    }
    return Guide(
        title=_text(guide["title"]),
        formula=_formula(guide["formula"]),
        potential_analysis=_text(guide["potential_analysis"]),
        categories=categories,
        kinds=tuple(_kind(kind, by_category, schemes) for kind in guide["kinds"]),
        requirements=tuple(
            Requirement(r["code"], r["section"], _text(r)) for r in guide["requirements"]
        ),
        technology_section=technologies["section"],
        technology_areas=tuple(map(_area, technologies["areas"])),
        catalogues={Catalogue(c["code"]): _text(c) for c in technologies["catalogues"]},
        divisions=tuple(
            AdministrativeDivision(d["code"], _text(d["name"]))
            for d in _read("divisions.json")["divisions"]
        ),
        life_cycle_stages=tuple(map(_stage, guide["life_cycle_stages"])),
        finance_products={
            FinanceProduct(p["code"]): _text(p["name"]) for p in guide["finance_products"]
        },
    )


def _category(data: Mapping[str, Any]) -> CategoryTerm:
    return CategoryTerm(
        category=Category(data["code"]),
        name=_text(data["name"]),
        role=CategoryRole(data["role"]),
        named_by_guide=data["named_by_guide"],
        ipcc_1996=data.get("ipcc_1996"),
        includes=tuple(map(Category, data.get("includes", ()))),
        counts_with=Category(data["counts_with"]) if "counts_with" in data else None,
    )


def _formula(data: Mapping[str, Any]) -> Formula:
    terms = tuple(
        TermOfFormula(FormulaTerm(term["code"]), term["sign"], _text(term["name"]))
        for term in data["terms"]
    )
    return Formula(
        section=data["section"], text=_text(data["text"]), terms=terms, note=_text(data["note"])
    )


def _area(data: Mapping[str, Any]) -> TechnologyArea:
    items = tuple(Technology(item["code"], _text(item["name"])) for item in data["items"])
    return TechnologyArea(
        number=data["number"],
        code=data["code"],
        name=_text(data["name"]),
        open_list=data["open_list"],
        items=items,
    )


def _stage(data: Mapping[str, Any]) -> StageTerm:
    return StageTerm(
        stage=LifeCycleStage(data["code"]),
        name=_text(data["name"]),
        phases=tuple(map(Phase, data.get("phases", ()))),
        categories=tuple(map(Category, data.get("categories", ()))),
    )


def _kind(
    data: Mapping[str, Any],
    categories: Mapping[Category, CategoryTerm],
    schemes: Mapping[str, DemonstrationProgramme],
) -> KindTerms:
    return KindTerms(
        kind=PilotKind(data["code"]),
        name=_text(data["name"]),
        section_applicants=data["section_applicants"],
        section_accounting=data["section_accounting"],
        applicants=tuple(
            ApplicantTerm(ApplicantKind(a["code"]), _text(a["name"])) for a in data["applicants"]
        ),
        applicants_open_list=data["applicants_open_list"],
        priority_criteria=tuple(_criterion(c, schemes) for c in data["priority_criteria"]),
        examples=_texts(data["examples"]),
        document=DocumentKind(data["document"]["code"]),
        document_name=_text(data["document"]["name"]),
        variants=tuple(
            VariantTerms(
                variant=PilotVariant(v["code"]),
                name=_text(v["name"]),
                establishment=Establishment(v["establishment"]) if "establishment" in v else None,
                phases=tuple(Phase(phase) for phase in v["phases"]),
                scope=_text(v["scope"]),
                categories=tuple(
                    _named(categories[Category(code)], v.get("wordings", {}))
                    for code in v["categories"]
                ),
                open_list=v["open_list"],
                potential_basis=_texts(v["potential_basis"]),
                method=_text(v["method"]) if "method" in v else None,
            )
            for v in data["variants"]
        ),
        note=_text(data["note"]),
    )


def _criterion(
    data: Mapping[str, Any], schemes: Mapping[str, DemonstrationProgramme]
) -> PriorityCriterion:
    all_of, within = data.get("all_of", []), data.get("within_scope_of", [])
    parts = [PriorityPart(part["code"], _text(part)) for part in all_of]
    parts += [PriorityPart(part["code"], schemes[part["programme"]].name) for part in within]
    return PriorityCriterion(
        code=data["code"],
        text=_text(data["text"]),
        all_of=_texts(all_of),
        within_scope_of=tuple(schemes[part["programme"]] for part in within),
        open_list=data.get("open_list", False),
        parts=tuple(parts),
    )


def _named(term: CategoryTerm, wordings: Mapping[str, Mapping[str, str]]) -> CategoryTerm:
    """The category, by the name that one variant's list has for it."""
    wording = wordings.get(term.category)
    return term if wording is None else replace(term, name=_text(wording))


def _name_words() -> None:
    guide = _read("guide.json")
    applicants = [a for kind in guide["kinds"] for a in kind["applicants"]]
    name_words(Category, {c["code"]: c["name"] for c in guide["categories"]})
    name_words(ApplicantKind, {a["code"]: a["name"] for a in applicants})
    name_words(LifeCycleStage, {s["code"]: s["name"] for s in guide["life_cycle_stages"]})
    products = {p["code"]: p["name"] for p in guide["finance_products"]}
    name_words(FinanceProduct, products | guide["words"]["finance_products"])
    name_words(Phase, guide["words"]["phases"])
    name_words(Establishment, guide["words"]["establishments"])
    name_words(CategoryRole, guide["words"]["roles"])


GUIDE = _load()

_name_words()

_BY_VARIANT = {terms.variant: (kind, terms) for kind in GUIDE.kinds for terms in kind.variants}
_BY_CATEGORY = {term.category: term for term in GUIDE.categories}
_BY_TECHNOLOGY = {item.code: item for area in GUIDE.technology_areas for item in area.items}
_BY_DIVISION = {division.code: division for division in GUIDE.divisions}
