"""Why numbers are not known, and what to know of those that are, as GraphQL."""

import strawberry

from nzc_api.accounting.factors import FACTOR_LISTS
from nzc_api.pilots.errors import MOST_PILOTS
from nzc_api.schema.factors.enums import GwpSet
from nzc_api.schema.guide.enums import Category
from nzc_api.schema.guide.types import MOST_CATEGORIES
from nzc_api.schema.inventories.enums import ElectricityMethod
from nzc_api.schema.kit.fields import attribute
from nzc_api.schema.kit.texts import text_attribute, texts_attribute
from nzc_api.schema.statements.enums import NoteCode, UnknownReason
from nzc_api.statements import reasons

# That nothing counts, and that potentials and methods differ; every other reason stands alone.
MOST_UNKNOWN = 3

MOST_FAMILIES = len({listed.family for listed in FACTOR_LISTS})


@strawberry.type(description="Why numbers are not known, and so are null.")
class Unknown:
    domain: strawberry.Private[reasons.Unknown]

    reason = attribute(UnknownReason, "reason", "Why; stable, for programs.")
    message = text_attribute("message", "The same for people.")
    gwp_sets = attribute(
        list[GwpSet],
        "gwp_sets",
        "The warming potentials that differ; empty for other reasons.",
        at_most=len(GwpSet),
    )
    electricity_methods = attribute(
        list[ElectricityMethod],
        "electricity_methods",
        "The methods for bought electricity that differ; empty for other reasons.",
        at_most=len(ElectricityMethod),
    )
    categories = attribute(
        list[Category],
        "categories",
        "The categories in scope that are not declared not to occur, where no source counts; empty for "
        "other reasons.",
        at_most=MOST_CATEGORIES,
    )


@strawberry.type(description="What a reader should know, though the numbers stand.")
class StatementNote:
    domain: strawberry.Private[reasons.Note]

    code = attribute(NoteCode, "code", "What it is about; stable, for programs.")
    message = text_attribute("message", "The same for people.")
    families = texts_attribute(
        "families", "The sources of fuel factors that are mixed.", at_most=MOST_FAMILIES
    )
    pilots = attribute(
        list[str],
        "pilots",
        "The codes of the pilots that seem to be the same.",
        at_most=MOST_PILOTS,
    )
