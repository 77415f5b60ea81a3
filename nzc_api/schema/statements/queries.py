"""What can be asked of statements: portfolios, and what other factors would change."""

from typing import Annotated

import strawberry

from nzc_api.inventories.model import FactorChange
from nzc_api.refusal import NotFound, Refused
from nzc_api.schema.kit.as_of import AsOf
from nzc_api.schema.kit.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    page_by_position,
)
from nzc_api.schema.kit.context import Info
from nzc_api.schema.kit.fields import argument, dear
from nzc_api.schema.kit.kinds import PILOT
from nzc_api.schema.pilots.enums import Basis
from nzc_api.schema.statements.impact import (
    STATEMENTS_OF_AN_IMPACT,
    FactorBasisInput,
    FactorChangeImpact,
)
from nzc_api.schema.statements.portfolio import Portfolio, asked
from nzc_api.statements.impact import MOST_LINES


@strawberry.type
class StatementQueries:
    @dear(
        "Pilots taken together in a calendar year (rule 7): roots' emissions once, each tonne "
        "once.",
        statements=16,
    )
    async def portfolio_net_emissions(
        self,
        info: Info,
        pilots: Annotated[list[strawberry.ID], argument("1 to 100 pilots.")],
        year: Annotated[int, argument("The calendar year.")],
        basis: Annotated[Basis, argument("Which inventories to use.")] = Basis.OPERATIONAL,
        as_of: AsOf = None,
    ) -> Portfolio:
        ids = asked(info, pilots)
        found = await info.context.loaders.pilot.load_many(ids)
        for number, pilot in enumerate(found):
            if pilot is None:
                path = ("pilots", str(number))
                raise Refused(
                    NotFound(path=path, value=pilots[number], kind_zh="试点", kind_en="pilot")
                )
        position = await info.context.as_of(as_of)
        statements = info.context.services.statements
        sight = await info.context.sight()
        return Portfolio(domain=await statements.portfolio(ids, year, basis, position, sight))

    @dear(
        "What another factor list or other warming potentials would change, inventory by inventory: as "
        "`reviseInventory` would account them anew. Of the inventories that count (of each series the latest "
        "verified version, else the latest submitted one) whose lines you see, oldest first. A page accounts "
        f"at most {MOST_LINES} lines anew, and so may be shorter than `first`.",
        statements=STATEMENTS_OF_AN_IMPACT,
    )
    async def factor_change_impact(
        self,
        info: Info,
        to: Annotated[FactorBasisInput, argument("The other basis; what it leaves out stays.")],
        from_: Annotated[
            FactorBasisInput | None,
            argument("Only inventories on this basis. Default: on any.", name="from"),
        ] = None,
        pilot: Annotated[strawberry.ID | None, argument("Only those of this pilot.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[FactorChangeImpact]:
        page = page_by_position(first, after)
        pilot_id = None
        if pilot is not None:
            pilot_id = info.context.ids.read(pilot, "pilot", kind=PILOT)
        change = FactorChange((from_ or FactorBasisInput()).basis(), to.basis(), pilot_id)
        sight, service = await info.context.sight(), info.context.services.statements
        found, more = await service.factor_change_impact(change, sight, page)
        return connection(
            found,
            page,
            lambda row: row.inventory.series_id,
            lambda row: FactorChangeImpact(domain=row),
            lambda: service.count_factor_change(change, sight),
            more=more,
        )
