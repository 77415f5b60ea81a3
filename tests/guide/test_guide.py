"""The guide as data: everything that its terms say is in the product, in both languages."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nzc_api.guide.guide import GUIDE, Guide, KindTerms, VariantTerms, net_emissions
from nzc_api.guide.terms import (
    ApplicantKind,
    Category,
    CategoryRole,
    DocumentKind,
    Establishment,
    FormulaTerm,
    Phase,
    PilotKind,
    PilotVariant,
    Treatment,
)
from nzc_api.refusal import LocalizedText
from tests.examples import shared

CHINESE = re.compile(r"[\u4e00-\u9fff]")

KINDS = pytest.mark.parametrize("kind", PilotKind)
VARIANTS = pytest.mark.parametrize("variant", PilotVariant)

# The reference joins two words with the English "or"; ours is Chinese throughout.
REWORDED = {"历史碳排放摸查/核查 or 投产后碳排放预估": "历史碳排放摸查/核查或投产后碳排放预估"}

CITIES = {
    "440100": "广州市", "440200": "韶关市", "440300": "深圳市", "440400": "珠海市",
    "440500": "汕头市", "440600": "佛山市", "440700": "江门市", "440800": "湛江市",
    "440900": "茂名市", "441200": "肇庆市", "441300": "惠州市", "441400": "梅州市",
    "441500": "汕尾市", "441600": "河源市", "441700": "阳江市", "441800": "清远市",
    "441900": "东莞市", "442000": "中山市", "445100": "潮州市", "445200": "揭阳市",
    "445300": "云浮市",
}  # fmt: skip


@pytest.fixture(scope="module")
def terms() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(shared("guide/pilot_types.json").read_text("utf-8"))
    return data


@pytest.fixture(scope="module")
def technologies() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(shared("guide/technologies.json").read_text("utf-8"))
    return data


@pytest.fixture(scope="module")
def text() -> str:
    """The guide's full text, as one line."""
    return re.sub(r"\s+", "", shared("guide/guide-zh.txt").read_text("utf-8"))


def pair(data: dict[str, str]) -> tuple[str, str]:
    """A text of the reference; where a sentence starts with a capital is a matter of style."""
    return REWORDED.get(data["zh"], data["zh"]), data["en"].lower()


def said(text: LocalizedText) -> tuple[str, str]:
    return text.zh, text.en.lower()


def pairs(data: Iterable[dict[str, str]]) -> list[tuple[str, str]]:
    return list(map(pair, data))


def all_said(texts: Iterable[LocalizedText]) -> list[tuple[str, str]]:
    return list(map(said, texts))


def of_kind(terms: dict[str, Any], kind: PilotKind) -> tuple[dict[str, Any], KindTerms]:
    given_ = next(item for item in terms["pilot_types"] if item["code"] == kind)
    return given_, next(item for item in GUIDE.kinds if item.kind is kind)


def of_variant(
    terms: dict[str, Any], variant: PilotVariant
) -> tuple[dict[str, Any], dict[str, Any], VariantTerms]:
    for kind in terms["pilot_types"]:
        for item in kind["subtypes"]:
            if item["code"] == variant:
                return kind, item, GUIDE.variant(variant)
    raise AssertionError(variant)


def texts_in(value: object) -> Iterator[LocalizedText]:
    if isinstance(value, LocalizedText):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts_in(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from texts_in(item)


# Both languages, and the words as enumerations.


def test_every_text_is_in_both_languages() -> None:
    texts = list(texts_in(GUIDE))
    assert len(texts) > 150
    for item in texts:
        assert CHINESE.search(item.zh), item
        assert re.search(r"[A-Za-z]", item.en), item
        assert item.zh.strip() == item.zh
        assert item.en.strip() == item.en


def test_every_name_in_english_is_english() -> None:
    """A note may cite the guide's section 一; a name has no Chinese in it."""
    names = [
        *(kind.name for kind in GUIDE.kinds),
        *(variant.name for kind in GUIDE.kinds for variant in kind.variants),
        *(applicant.name for kind in GUIDE.kinds for applicant in kind.applicants),
        *(category.name for category in GUIDE.categories),
        *(area.name for area in GUIDE.technology_areas),
        *(item.name for area in GUIDE.technology_areas for item in area.items),
        *(division.name for division in GUIDE.divisions),
    ]
    assert [name for name in names if CHINESE.search(name.en)] == []


@pytest.mark.parametrize(
    ("words", "in_data"),
    [
        (PilotKind, [kind.kind for kind in GUIDE.kinds]),
        (PilotVariant, [v.variant for kind in GUIDE.kinds for v in kind.variants]),
        (Category, [term.category for term in GUIDE.categories]),
        (CategoryRole, [term.role for term in GUIDE.categories]),
        (ApplicantKind, [a.applicant for kind in GUIDE.kinds for a in kind.applicants]),
        (DocumentKind, [kind.document for kind in GUIDE.kinds]),
        (Phase, [p for kind in GUIDE.kinds for v in kind.variants for p in v.phases]),
        (
            Establishment,
            [v.establishment for k in GUIDE.kinds for v in k.variants if v.establishment],
        ),
        (FormulaTerm, [term.term for term in GUIDE.formula.terms]),
    ],
    ids=lambda item: item.__name__ if isinstance(item, type) else "",
)
def test_the_enumerations_hold_exactly_the_words_of_the_data(
    words: type[StrEnum], in_data: list[StrEnum]
) -> None:
    assert set(words) == set(in_data)


# Kinds.


def test_the_kinds_are_those_of_the_guide(terms: dict[str, Any]) -> None:
    assert [kind.kind for kind in GUIDE.kinds] == [item["code"] for item in terms["pilot_types"]]
    assert len(GUIDE.kinds) == 6
    assert GUIDE.title.zh == terms["source"]


@KINDS
def test_a_kind_says_what_the_guide_says(terms: dict[str, Any], kind: PilotKind) -> None:
    given_, ours = of_kind(terms, kind)
    assert said(ours.name) == pair(given_)
    assert ours.section_applicants == given_["section_applicants"]
    assert ours.section_accounting == given_["section_accounting"]
    assert ours.document == given_["document"]["kind"]
    assert said(ours.document_name) == pair(given_["document"])
    assert [v.variant for v in ours.variants] == [v["code"] for v in given_["subtypes"]]


@KINDS
def test_who_may_apply(terms: dict[str, Any], kind: PilotKind) -> None:
    """Where the guide's list ends in 等, we add one word for those that it does not name."""
    given_, ours = of_kind(terms, kind)
    named = [a for a in ours.applicants if a.applicant is not ApplicantKind.OTHER]
    assert [said(a.name) for a in named] == pairs(given_["applicants"])
    assert ours.applicants_open_list is given_.get("applicants_open_list", False)
    assert (len(named) < len(ours.applicants)) is ours.applicants_open_list


@KINDS
def test_who_is_preferred(terms: dict[str, Any], kind: PilotKind) -> None:
    given_, ours = of_kind(terms, kind)
    criteria = given_["priority"]["any_of"]
    assert len(ours.priority_criteria) == len(criteria)
    for wanted, criterion in zip(criteria, ours.priority_criteria, strict=True):
        programmes = [terms["programmes"][code] for code in wanted.get("within_scope_of", [])]
        assert all_said(criterion.all_of) == pairs(wanted.get("all_of", []))
        assert [said(scheme.name) for scheme in criterion.within_scope_of] == pairs(programmes)
        assert criterion.open_list is wanted.get("open_list", False)
        if "zh" in wanted:
            assert said(criterion.text) == pair(wanted)
        for part in (*wanted.get("all_of", []), *programmes):
            assert part["en"].lower() in criterion.text.en.lower()
        assert criterion.text.zh.endswith(wanted.get("zh_tail", ""))
    assert all_said(ours.examples) == pairs(given_["priority"].get("examples", []))


@KINDS
def test_a_criterion_with_older_schemes_quotes_the_guide(text: str, kind: PilotKind) -> None:
    """The scheme is cited to applicants, so the wording is the guide's own."""
    ours = next(item for item in GUIDE.kinds if item.kind is kind)
    quoted = [c.text.zh for c in ours.priority_criteria if c.within_scope_of]
    assert [quote for quote in quoted if quote not in text] == []


# Variants and categories.


@VARIANTS
def test_a_variant_says_what_the_guide_says(terms: dict[str, Any], variant: PilotVariant) -> None:
    kind, given_, ours = of_variant(terms, variant)
    assert GUIDE.kind_of(variant).kind == kind["code"]
    assert said(ours.name) == pair(given_)
    assert list(ours.phases) == given_["phases"]
    assert ours.operating_phase == given_["phases"][-1]
    assert [term.category.lower() for term in ours.categories] == given_["categories"]
    assert ours.open_list is given_.get("open_list", False)
    basis = given_.get("potential_basis") or kind["potential_basis"]
    assert [item.zh for item in ours.potential_basis] == basis
    assert given_.get("scope_words", "") in ours.scope.zh


@VARIANTS
def test_the_scope_and_the_basis_of_a_variant_quote_the_guide(
    text: str, variant: PilotVariant
) -> None:
    ours = GUIDE.variant(variant)
    quotes = [ours.scope.zh, *(item.zh for item in ours.potential_basis)]
    assert [quote for quote in quotes if quote not in text] == []


def test_buildings_are_new_or_existing_and_only_a_new_one_is_constructed() -> None:
    established = {v: GUIDE.variant(v).establishment for v in PilotVariant}
    assert {v: e for v, e in established.items() if e} == {
        PilotVariant.BUILDING_NEW: Establishment.NEW,
        PilotVariant.BUILDING_EXISTING: Establishment.EXISTING,
    }
    constructed = [v for v in PilotVariant if Phase.CONSTRUCTION in GUIDE.variant(v).phases]
    assert constructed == [PilotVariant.BUILDING_NEW]


def test_the_categories_are_those_of_the_guide_and_one_for_the_rest(terms: dict[str, Any]) -> None:
    ours_too = [term.category for term in GUIDE.categories if not term.named_by_guide]
    assert ours_too == [
        Category.OTHER, Category.EXPORTED_ELECTRICITY, Category.EXPORTED_HEAT, Category.OWN_GENERATION,
    ]  # fmt: skip
    assert [term.category.lower() for term in GUIDE.categories if term.named_by_guide] == [
        *terms["categories"]
    ]
    for code, wanted in terms["categories"].items():
        ours = GUIDE.category(Category(code.upper()))
        assert said(ours.name) == pair(wanted)
        assert ours.role.lower() == wanted["kind"]
        assert ours.ipcc_1996 == wanted.get("ipcc1996")
        assert ours.named_by_guide


EXPORTS = {Category.EXPORTED_ELECTRICITY, Category.EXPORTED_HEAT}

OPEN = {
    PilotVariant.COMMUNITY_URBAN,
    PilotVariant.COMMUNITY_RURAL,
    PilotVariant.PARK,
    PilotVariant.ENTERPRISE,
}


@VARIANTS
def test_a_line_counts_unless_a_closed_list_neither_names_nor_includes_it(
    variant: PilotVariant,
) -> None:
    listed = {term.category for term in GUIDE.variant(variant).categories}
    unlisted = Treatment.COUNTED_UNLISTED if variant in OPEN else Treatment.MEMO
    for category in Category:
        found = GUIDE.category_in_scope(variant, category)
        assert found is None or found in listed
        assert found is category or category not in listed
        expected = unlisted if found is None else Treatment.IN_SCOPE
        assert GUIDE.treatment(variant, category, sink=True) is expected or category in EXPORTS
        if GUIDE.category(category).counts_with is None:
            assert GUIDE.treatment(variant, category) is expected


# Which categories are the same as, or within, one that the guide lists for a variant of a closed list.
ENERGY_OF_A_BUILDING = {
    Category.ENERGY_CONSUMPTION, Category.ENERGY_ACTIVITIES, Category.BUILDING_ENERGY,
    Category.TRANSPORT_ENERGY, Category.VEHICLE_FUEL, Category.PURCHASED_ELECTRICITY,
    Category.PURCHASED_HEAT, Category.FUEL_FIXED_EQUIPMENT, Category.FUEL_TRANSPORT_MEANS,
    Category.BIOMASS_BURNING,
}  # fmt: skip

WITHIN: list[tuple[PilotVariant, Category, set[Category]]] = [
    (PilotVariant.BUILDING_EXISTING, Category.ENERGY_CONSUMPTION, ENERGY_OF_A_BUILDING),
    (PilotVariant.BUILDING_NEW, Category.ENERGY_CONSUMPTION, ENERGY_OF_A_BUILDING),
    (PilotVariant.BUILDING_EXISTING, Category.FORESTRY_SINK, {Category.FORESTRY_SINK}),
    (
        PilotVariant.TOWN,
        Category.ENERGY_ACTIVITIES,
        ENERGY_OF_A_BUILDING | {Category.EXHAUST_TREATMENT},
    ),
    (PilotVariant.TOWN, Category.AGRICULTURE, {Category.AGRICULTURE, Category.LIVESTOCK}),
    (PilotVariant.TOWN, Category.LUCF, {Category.LUCF, Category.FORESTRY_SINK}),
    (PilotVariant.TOWN, Category.WASTE, {Category.WASTE}),
    (
        PilotVariant.TRANSPORT,
        Category.VEHICLE_FUEL,
        {Category.VEHICLE_FUEL, Category.FUEL_TRANSPORT_MEANS, Category.TRANSPORT_ENERGY},
    ),
    (PilotVariant.TRANSPORT, Category.EXHAUST_TREATMENT, {Category.EXHAUST_TREATMENT}),
    (
        PilotVariant.COMMUNITY_URBAN,
        Category.TRANSPORT_ENERGY,
        {Category.VEHICLE_FUEL, Category.FUEL_TRANSPORT_MEANS, Category.TRANSPORT_ENERGY},
    ),
    (
        PilotVariant.PARK,
        Category.BUILDING_ENERGY,
        {Category.BUILDING_ENERGY, Category.PURCHASED_ELECTRICITY, Category.PURCHASED_HEAT},
    ),
    (
        PilotVariant.ENTERPRISE,
        Category.FUEL_TRANSPORT_MEANS,
        {Category.VEHICLE_FUEL, Category.FUEL_TRANSPORT_MEANS, Category.TRANSPORT_ENERGY},
    ),
    (PilotVariant.COMMUNITY_RURAL, Category.LIVESTOCK, {Category.LIVESTOCK}),
]


@pytest.mark.parametrize(("variant", "broader", "within"), WITHIN)
def test_the_same_thing_by_another_name_is_in_scope(
    variant: PilotVariant, broader: Category, within: set[Category]
) -> None:
    found = {c for c in Category if GUIDE.category_in_scope(variant, c) is broader}
    assert found == within


def test_what_really_is_outside_a_closed_list_stays_a_memo_item() -> None:
    outside = {
        variant: {c for c in Category if GUIDE.treatment(variant, c) is Treatment.MEMO}
        for variant in PilotVariant
        if variant not in OPEN
    }
    building = {
        Category.INDUSTRIAL_PROCESSES, Category.AGRICULTURE, Category.LIVESTOCK, Category.WASTE,
        Category.EXHAUST_TREATMENT, Category.OTHER,
    }  # fmt: skip
    assert outside[PilotVariant.BUILDING_NEW] == outside[PilotVariant.BUILDING_EXISTING] == building
    assert outside[PilotVariant.TOWN] == {Category.OTHER}
    assert {Category.WASTE, Category.OTHER, Category.FORESTRY_SINK, Category.BUILDING_ENERGY} <= (
        outside[PilotVariant.TRANSPORT]
    )


@VARIANTS
def test_what_is_exported_or_generated_counts_where_what_is_purchased_does(
    variant: PilotVariant,
) -> None:
    """Every variant has purchased power and heat in scope; an export or own generation covers nothing."""
    for category, beside in (
        (Category.EXPORTED_ELECTRICITY, Category.PURCHASED_ELECTRICITY),
        (Category.EXPORTED_HEAT, Category.PURCHASED_HEAT),
        (Category.OWN_GENERATION, Category.PURCHASED_ELECTRICITY),
    ):
        assert GUIDE.category(category).counts_with is beside
        assert GUIDE.treatment(variant, beside) is Treatment.IN_SCOPE
        counted = Treatment.DEDUCTED if category in EXPORTS else Treatment.IN_SCOPE
        assert GUIDE.treatment(variant, category) is counted
        assert GUIDE.category_in_scope(variant, category) is None
        assert not GUIDE.category(category).emits


@VARIANTS
def test_an_export_is_a_memo_item_where_what_is_purchased_is_outside(
    monkeypatch: pytest.MonkeyPatch, variant: PilotVariant
) -> None:
    """An open list adds sources, never a deduction."""
    monkeypatch.setattr(Guide, "category_in_scope", lambda *_: None)
    assert {GUIDE.treatment(variant, category) for category in EXPORTS} == {Treatment.MEMO}


@VARIANTS
def test_a_forest_that_is_cleared_counts_as_its_uptake_does(variant: PilotVariant) -> None:
    uptake = GUIDE.treatment(variant, Category.FORESTRY_SINK, sink=True)
    assert GUIDE.treatment(variant, Category.LUCF) is uptake


def test_nothing_includes_itself_or_what_is_of_another_role() -> None:
    for term in GUIDE.categories:
        assert term.category not in term.includes
        for category in term.includes:
            assert GUIDE.category(category).role in {term.role, CategoryRole.SINK}


def test_the_method_is_named_for_towns_alone(terms: dict[str, Any], text: str) -> None:
    stated = {v: GUIDE.variant(v).method for v in PilotVariant}
    method = stated.pop(PilotVariant.TOWN)
    assert method is not None
    assert terms["pilot_types"][0]["method"].split(" ")[0] in method.zh
    assert "《省级温室气体清单编制指南》" in text
    assert set(stated.values()) == {None}


def test_a_variants_list_has_the_guides_own_wording(terms: dict[str, Any], text: str) -> None:
    def wording(variant: PilotVariant) -> str:
        listed = GUIDE.variant(variant).categories
        return next(t.name.zh for t in listed if t.category is Category.TRANSPORT_ENERGY)

    park = terms["categories"]["transport_energy"]["park_wording"]
    assert wording(PilotVariant.PARK) == park
    assert park in text
    assert wording(PilotVariant.COMMUNITY_URBAN) == "交通能源消耗"


@pytest.mark.parametrize(
    ("variant", "category", "treatment"),
    [
        (PilotVariant.TOWN, Category.LUCF, Treatment.IN_SCOPE),
        (PilotVariant.TOWN, Category.BUILDING_ENERGY, Treatment.IN_SCOPE),
        (PilotVariant.BUILDING_EXISTING, Category.LUCF, Treatment.IN_SCOPE),
        (PilotVariant.TRANSPORT, Category.LUCF, Treatment.MEMO),
        (PilotVariant.COMMUNITY_RURAL, Category.LUCF, Treatment.COUNTED_UNLISTED),
        (PilotVariant.PARK, Category.LUCF, Treatment.IN_SCOPE),
        (PilotVariant.TRANSPORT, Category.EXPORTED_HEAT, Treatment.DEDUCTED),
        (PilotVariant.BUILDING_EXISTING, Category.WASTE, Treatment.MEMO),
        (PilotVariant.TRANSPORT, Category.ENERGY_CONSUMPTION, Treatment.MEMO),
        (PilotVariant.BUILDING_EXISTING, Category.OTHER, Treatment.MEMO),
        (PilotVariant.TRANSPORT, Category.FORESTRY_SINK, Treatment.MEMO),
        (PilotVariant.COMMUNITY_RURAL, Category.FORESTRY_SINK, Treatment.COUNTED_UNLISTED),
        (PilotVariant.PARK, Category.FUEL_FIXED_EQUIPMENT, Treatment.COUNTED_UNLISTED),
        (PilotVariant.ENTERPRISE, Category.WASTE, Treatment.COUNTED_UNLISTED),
        (PilotVariant.ENTERPRISE, Category.PURCHASED_HEAT, Treatment.IN_SCOPE),
    ],
)
def test_the_treatment_of_a_line(
    variant: PilotVariant, category: Category, treatment: Treatment
) -> None:
    assert GUIDE.treatment(variant, category) is treatment


# Requirements, technologies, divisions.


def test_the_requirements_are_those_of_the_guide(terms: dict[str, Any]) -> None:
    ours = [(r.code, r.section, *said(r.text)) for r in GUIDE.requirements]
    assert ours == [(r["code"], r["section"], *pair(r)) for r in terms["requirements"]]


def test_a_potential_analysis_is_asked_of_everyone(terms: dict[str, Any], text: str) -> None:
    judged = "judge the potential to reach zero carbon in future"
    assert terms["common_potential_requirement"].endswith(judged)
    assert GUIDE.potential_analysis.en.endswith(judged)
    assert text.count(GUIDE.potential_analysis.zh) == 7


def test_the_technologies_are_those_of_the_guide(technologies: dict[str, Any], text: str) -> None:
    assert GUIDE.technology_section == technologies["section"]
    for wanted, area in zip(technologies["areas"], GUIDE.technology_areas, strict=True):
        assert (area.number, area.code) == (wanted["no"], wanted["code"])
        assert said(area.name) == pair(wanted)
        assert area.open_list is wanted["open_list"]
        assert [(item.code, *said(item.name)) for item in area.items] == [
            (item["code"], *pair(item)) for item in wanted["items"]
        ]
        assert [item.name.zh for item in area.items if item.name.zh not in text] == []


def test_the_counts_are_those_of_the_guide(technologies: dict[str, Any]) -> None:
    counts = technologies["counts"]
    items = [item for area in GUIDE.technology_areas for item in area.items]
    assert len(GUIDE.technology_areas) == counts["areas"] == 8
    assert len(items) == counts["items"] == 36
    assert len({item.code for item in items}) == 36
    assert [area.code for area in GUIDE.technology_areas if not area.open_list] == [
        "CARBON_NEUTRALITY"
    ]


def test_the_catalogues_are_those_of_the_guide(technologies: dict[str, Any], text: str) -> None:
    assert all_said(GUIDE.reference_catalogues) == pairs(technologies["catalogues"])
    assert len(GUIDE.reference_catalogues) == 5
    assert all(f"《{item.zh}》" in text for item in GUIDE.reference_catalogues)


def test_the_divisions_are_the_21_cities_of_guangdong() -> None:
    assert {d.code: d.name.zh for d in GUIDE.divisions} == CITIES
    assert len(GUIDE.divisions) == len({d.name.en for d in GUIDE.divisions}) == 21
    assert all(re.fullmatch(r"44[0-9]{4}", d.code) for d in GUIDE.divisions)
    for division in GUIDE.divisions:
        assert GUIDE.division(division.code) is division
    assert GUIDE.division("110000") is None


# The formula.


def test_the_formula_is_that_of_the_guide(text: str) -> None:
    formula = GUIDE.formula
    assert formula.section == "五"
    assert formula.text.zh in text
    assert [(term.term, term.sign) for term in formula.terms] == [
        (FormulaTerm.GROSS, 1),
        (FormulaTerm.SINKS, -1),
        (FormulaTerm.PURCHASED_REDUCTIONS, -1),
    ]
    assert formula.text.zh.split("=")[1] == "-".join(term.name.zh for term in formula.terms)
    assert formula.text.en.split(" = ")[1].count(" − ") == 2


@pytest.mark.parametrize(
    ("gross", "sinks", "purchased", "net"),
    [
        ("548.409440", "12.5", 500, "35.909440"),
        ("0", "0", 0, "0"),
        ("100", "0", 150, "-50"),
        ("10", "30.000001", 0, "-20.000001"),
    ],
)
def test_net_emissions(gross: str, sinks: str, purchased: int, net: str) -> None:
    """Never clamped: who removed more than was emitted is below zero."""
    assert net_emissions(Decimal(gross), Decimal(sinks), purchased) == Decimal(net)


MASSES = st.decimals(min_value=0, max_value=10**15, places=7)


@given(MASSES, MASSES, st.integers(0, 10**15))
def test_net_emissions_are_the_signed_sum_of_the_terms(
    gross: Decimal, sinks: Decimal, purchased: int
) -> None:
    values = {
        FormulaTerm.GROSS: Fraction(gross),
        FormulaTerm.SINKS: Fraction(sinks),
        FormulaTerm.PURCHASED_REDUCTIONS: Fraction(purchased),
    }
    expected = sum(term.sign * values[term.term] for term in GUIDE.formula.terms)
    assert Fraction(net_emissions(gross, sinks, purchased)) == expected
