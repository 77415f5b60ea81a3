"""What the values of enums are called in both languages, as GraphQL."""

import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

import strawberry

from nzc_api.guide.guide import GUIDE
from nzc_api.inventories.electricity_method import ElectricityMethod
from nzc_api.inventories.model import InventoryStatus, ZeroFactorReason
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.proposing.proposals import ProposalState
from nzc_api.management.model import ManagedThing
from nzc_api.metering.model import Carrier, GapMethod, MeterKind
from nzc_api.refusal import LocalizedText as DomainText
from nzc_api.refusal import words_of
from nzc_api.reports.value_names import VALUE_NAMES
from nzc_api.schema.evaluation.enums import EvaluationState, EvaluationStep, FindingState
from nzc_api.schema.factors.enums import Caution, FactorKind
from nzc_api.schema.guide.enums import (
    ApplicantKind,
    Category,
    CategoryRole,
    Establishment,
    FinanceProduct,
    LifeCycleStage,
    Phase,
)
from nzc_api.schema.kit.fields import argument, short_list
from nzc_api.schema.kit.texts import LocalizedText
from nzc_api.schema.measures.enums import MeasureState
from nzc_api.schema.monitoring.enums import DenominatorKind
from nzc_api.schema.plans.enums import PlanState
from nzc_api.schema.selection.enums import ApplicationState
from nzc_api.schema.targets.enums import TargetMeasure

# What messages name has its names already.
NAMED: tuple[type[StrEnum], ...] = (
    ApplicantKind, ApplicationState, Carrier, Category, CategoryRole, Caution, DenominatorKind, ElectricityMethod,
    Establishment, EvaluationState, EvaluationStep, FactorKind, FinanceProduct, FindingState, GapMethod,
    InventoryStatus, LifeCycleStage, ManagedThing, MeasureState, MeterKind, Phase, PlanState, ProposalState,
    TargetMeasure, ZeroFactorReason,
)  # fmt: skip

# The log's words are the most.
MOST_VALUES = 120


@strawberry.type(description="What a value of an enum is called.")
class EnumLabel:
    text: strawberry.Private[DomainText]
    value: str = strawberry.field(description="The value.")

    @strawberry.field(description="What it is called, for people.")
    def label(self) -> LocalizedText:
        return LocalizedText.of(self.text)


@strawberry.type
class Labels:
    @short_list(
        "What the values of an enum of this schema are called, in its order; null where there is no such "
        "enum.",
        MOST_VALUES,
    )
    def enum_labels(
        self, enum: Annotated[str, argument("Its name in this schema, such as PilotKind.")]
    ) -> list[EnumLabel] | None:
        found = labels().get(enum)
        if found is None:
            return None
        return [EnumLabel(value=value, text=text) for value, text in found.items()]


@cache
def labels() -> Mapping[str, Mapping[str, DomainText]]:
    """By the names of enums and values: the guide's and the programmes' own names, what messages and
    reports call things, and the rest in a file beside this one."""
    file = Path(__file__).with_name("labels.json").read_text("utf-8")
    rest = {
        enum: {value: DomainText(zh, en) for value, (zh, en) in values.items()}
        for enum, values in json.loads(file).items()
    }
    return (
        rest
        | {enum.__name__: texts for enum, texts in VALUE_NAMES.items()}
        | {enum.__name__: {value: words_of(enum)[value] for value in enum} for enum in NAMED}
        | {
            "PilotKind": {kind.kind: kind.name for kind in GUIDE.kinds},
            "PilotVariant": {v.variant: v.name for kind in GUIDE.kinds for v in kind.variants},
            "Catalogue": dict(GUIDE.catalogues),
            "FormulaTerm": {term.term: term.name for term in GUIDE.formula.terms},
            "ProgrammeCode": {programme.code: programme.name for programme in PROGRAMMES.values()},
        }
    )
