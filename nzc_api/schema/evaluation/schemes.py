"""Schemes of evaluation: product data, as GraphQL."""

import strawberry

from nzc_api.evaluation import schemes as domain
from nzc_api.evaluation.schemes import SCHEMES
from nzc_api.guide.terms import PilotKind as DomainKind
from nzc_api.schema.evaluation.enums import SchemeItemKind
from nzc_api.schema.guide.enums import PilotKind
from nzc_api.schema.kit.fields import attribute, number, short_list
from nzc_api.schema.kit.texts import text_attribute

# Tests count them.
MOST_ITEMS, MOST_BANDS = 20, 10


@strawberry.type(description="An item that each expert of a panel scores.")
class SchemeItem:
    domain: strawberry.Private[domain.SchemeItem]

    code = attribute(str, "code", "Its code: pass it to `scoreItem`.")
    item_kind = attribute(SchemeItemKind, "kind", "What it is to the result.")
    weight = number(
        "weight",
        "By which part the mean of its points counts; null where it has none.",
        optional=True,
    )
    text = text_attribute("text", "What it asks.")
    evidence = text_attribute("evidence", "What shows it.")


@strawberry.type(description="What scores are called, from one up to the next.")
class SchemeBand:
    domain: strawberry.Private[domain.Band]

    code = attribute(str, "code", "Its code.")
    name = text_attribute("name", "Its name.")
    from_score = number("start", "The least score that it is of.")
    passes = attribute(bool, "passes", "Whether such scores pass.")


@strawberry.type(
    description="A scheme that pilots are evaluated by: data, with the text that it is from. What was not confirmed "
    "from an official text says so."
)
class EvaluationScheme:
    domain: strawberry.Private[domain.Scheme]

    code = attribute(str, "code", "Its code: pass it to `openEvaluation`.")
    name = text_attribute("name", "Its name.")
    citation = text_attribute(
        "citation", "The text that sets it, and what of it is not known to NZC."
    )
    confirmed = attribute(
        bool, "confirmed", "Whether it was confirmed from an official text; if not, check it."
    )
    stable_months = attribute(
        int,
        "stable_months",
        "After how many calendar months of stable running; exactly so many are enough.",
    )
    retries = attribute(
        int | None,
        "retries",
        "How many times it may be tried again after it did not pass; null: as often as one likes.",
    )
    improvement_months = attribute(
        int | None,
        "improvement_months",
        "In how many months what did not pass is to be improved; null where it says nothing of that.",
    )
    pass_mark = number(
        "pass_mark", "The least score that passes; null where nothing is scored.", optional=True
    )

    @short_list("For which kinds of pilots it is.", len(DomainKind))
    def kinds(self) -> list[PilotKind]:
        return [
            kind for kind in DomainKind if self.domain.kinds is None or kind in self.domain.kinds
        ]

    @short_list("What each expert scores.", MOST_ITEMS)
    def items(self) -> list[SchemeItem]:
        return [SchemeItem(domain=item) for item in self.domain.items]

    @short_list(
        "What its scores are called, the highest first; none where nothing is scored.", MOST_BANDS
    )
    def bands(self) -> list[SchemeBand]:
        return [SchemeBand(domain=band) for band in self.domain.bands]


@strawberry.type
class EvaluationQueries:
    @short_list("The schemes that pilots are evaluated by.", len(SCHEMES))
    def evaluation_schemes(self) -> list[EvaluationScheme]:
        return [EvaluationScheme(domain=scheme) for scheme in SCHEMES.values()]
