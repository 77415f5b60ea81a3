"""The guide's words, each value described."""

from nzc_api.guide.guide import GUIDE
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
from nzc_api.schema.kit.fields import described_enum

__all__ = [
    "ApplicantKind",
    "Catalogue",
    "Category",
    "CategoryRole",
    "DocumentKind",
    "Establishment",
    "FinanceProduct",
    "FormulaTerm",
    "LifeCycleStage",
    "Phase",
    "PilotKind",
    "PilotVariant",
    "Treatment",
]

described_enum(
    PilotKind,
    "The six kinds of pilot (section 二 of the guide).",
    {kind.kind: f"{kind.name.en} ({kind.name.zh})" for kind in GUIDE.kinds},
)
described_enum(
    PilotVariant,
    "The kinds with the guide's distinctions (section 三): a building is new or existing, a "
    "community urban or rural.",
    {v.variant: f"{v.name.en} ({v.name.zh})" for kind in GUIDE.kinds for v in kind.variants},
)
described_enum(
    Establishment,
    "Whether a pilot is newly built or existing.",
    {"NEW": "newly built (新建)", "EXISTING": "existing (既有)"},
)
described_enum(
    Phase,
    "The phase of a pilot's life that an inventory accounts for.",
    {
        "CONSTRUCTION": "construction (施工建造): counted once, in its own period",
        "OPERATION": "operation (运营)",
        "OPERATION_MAINTENANCE": "operation and maintenance (运营维护)",
    },
)
described_enum(
    LifeCycleStage,
    "The stages of a pilot's life that planning considers (section 四（一）).",
    {t.stage: f"{t.name.en} ({t.name.zh})" for t in GUIDE.life_cycle_stages},
)
described_enum(
    ApplicantKind,
    "Who may apply for a pilot (section 二).",
    {a.applicant: f"{a.name.en} ({a.name.zh})" for kind in GUIDE.kinds for a in kind.applicants},
)
described_enum(
    DocumentKind,
    "What a pilot hands in.",
    {
        "INVENTORY": "a GHG inventory report (温室气体清单报告)",
        "ACCOUNTING_REPORT": "a carbon emission accounting report (碳排放核算报告)",
    },
)
described_enum(
    Category,
    "What an emission source or a sink is accounted under (section 三).",
    {term.category: f"{term.name.en} ({term.name.zh})" for term in GUIDE.categories},
)
described_enum(
    CategoryRole,
    "What may be recorded under a category.",
    {
        "SOURCE": "emission sources",
        "SINK": "sinks",
        "SOURCE_OR_SINK": "either",
        "EXPORT": "power or heat sold beyond the boundary, recorded with the emission sources: deducted",
        "GENERATION": "power or heat generated inside, recorded with the emission sources: zero",
    },
)
described_enum(
    Treatment,
    "How a line of a category counts for a variant.",
    {
        "IN_SCOPE": "the guide names the category: it counts",
        "COUNTED_UNLISTED": "the guide's list is open (等): it counts, with a warning",
        "DEDUCTED": "sold beyond the boundary: subtracted from the emissions inside it",
        "MEMO": "the guide's list is closed: it is shown, outside the net",
    },
)
described_enum(
    FormulaTerm,
    "The terms of the formula (section 五).",
    {term.term: f"{term.name.en} ({term.name.zh})" for term in GUIDE.formula.terms},
)
described_enum(
    Catalogue,
    "The five catalogues of technologies and products that pilots may refer to (section 四（二）).",
    {code: f"{name.en} ({name.zh})" for code, name in GUIDE.catalogues.items()},
)
described_enum(
    FinanceProduct,
    "The products of green finance that pilots may consider (section 四（三）); the guide's list is open.",
    {code: f"{name.en} ({name.zh})" for code, name in GUIDE.finance_products.items()}
    | {"OTHER": "another one, which has a name of its own"},
)
