"""What can be asked of emission factors."""

from typing import Annotated

import strawberry

from nzc_api.accounting.factors import (
    EMISSION_FACTORS,
    FACTORS_BY_CODE,
    LISTS_BY_CODE,
    REFERENCE_VALUES,
)
from nzc_api.accounting.missing import MISSING_FACTORS
from nzc_api.schema.factors.enums import FactorKind, GwpSet
from nzc_api.schema.factors.types import (
    MOST_MISSING,
    EmissionFactor,
    FactorList,
    GwpTable,
    MissingFactor,
    ReferenceValue,
    emission_factors,
    factor_lists,
)
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    page_by_text,
    page_of,
)
from nzc_api.schema.kit.fields import argument, short_list


@strawberry.type
class FactorQueries:
    @strawberry.field(description="Emission factors in every version, by code and version.")
    def emission_factors(
        self,
        kind: Annotated[FactorKind | None, argument("Only those about this.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[EmissionFactor]:
        factors = (f for f in EMISSION_FACTORS if kind in (None, f.kind))
        return emission_factors(factors, first, after)

    @strawberry.field(
        description="The latest version of an emission factor; null if there is none."
    )
    def emission_factor(
        self, code: Annotated[str, argument("Its code, such as prov2025.diesel.")]
    ) -> EmissionFactor | None:
        found = FACTORS_BY_CODE.get(code)
        return None if found is None else EmissionFactor(domain=found)

    @strawberry.field(
        description="The curated lists of factors, each in its latest version, by code."
    )
    def factor_lists(
        self, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[FactorList]:
        return factor_lists(LISTS_BY_CODE.values(), first, after)

    @strawberry.field(
        description="The latest version of a curated list of factors; null if there is none."
    )
    def factor_list(
        self, code: Annotated[str, argument("Its code, such as prov2025-gd-2022.")]
    ) -> FactorList | None:
        found = LISTS_BY_CODE.get(code)
        return None if found is None else FactorList(domain=found)

    @short_list("Factors that are wanted and were not found in a citable place.", MOST_MISSING)
    def missing_factors(self) -> list[MissingFactor]:
        return [MissingFactor(domain=missing) for missing in MISSING_FACTORS]

    @strawberry.field(description="The reference values that factors are made of, by code.")
    def reference_values(
        self,
        category: Annotated[str | None, argument("Only this category, such as fuel.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[ReferenceValue]:
        page = page_by_text(first, after)
        values = (v for v in REFERENCE_VALUES.values() if category in (None, v.category))
        return page_of(values, page, lambda row: row.code, lambda row: ReferenceValue(domain=row))

    @short_list("The 100-year warming potentials of the IPCC reports.", len(GwpSet))
    def gwp_tables(self) -> list[GwpTable]:
        return [GwpTable(gwp_set=gwp_set) for gwp_set in GwpSet]
