"""Everything that can be asked."""

import asyncio
from datetime import datetime
from typing import Annotated

import strawberry

from nzc_api.accounting.factors import (
    EMISSION_FACTORS,
    FACTORS_BY_CODE,
    LISTS_BY_CODE,
    REFERENCE_VALUES,
    FactorKind,
)
from nzc_api.accounting.gases import GwpSet
from nzc_api.accounting.missing import MISSING_FACTORS
from nzc_api.guide.guide import GUIDE
from nzc_api.inventories.model import Basis, FactorChange
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.questions_model import SerialAt, Vintage
from nzc_api.ledger.serials import Unclear, read_block, read_blocks
from nzc_api.refusal import InvalidInput, NotFound, Refused
from nzc_api.schema.auditing import (
    HEALTH_STATEMENTS,
    AsOfInput,
    CreditSerial,
    LedgerHealth,
    VintageCredits,
    ledger_health,
    position_of,
)
from nzc_api.schema.connections import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    connection,
    page_by_position,
    page_by_text,
    page_of,
)
from nzc_api.schema.context import Info
from nzc_api.schema.credits import (
    CreditBatch,
    CreditBatchBy,
    Project,
    SerialBy,
)
from nzc_api.schema.events import Event, KnownLog, LogHead
from nzc_api.schema.factors import (
    MOST_MISSING,
    EmissionFactor,
    FactorList,
    GwpTable,
    MissingFactor,
    ReferenceValue,
    emission_factors,
    factor_lists,
)
from nzc_api.schema.fields import argument, dear, short_list
from nzc_api.schema.guide import Guide
from nzc_api.schema.impact import (
    STATEMENTS_OF_AN_IMPACT,
    FactorBasisInput,
    FactorChangeImpact,
)
from nzc_api.schema.labels import Labels
from nzc_api.schema.lists import Lists
from nzc_api.schema.lookup import find_node
from nzc_api.schema.nodes import OF_EVERY_KIND, OF_ONE_KIND, Node
from nzc_api.schema.organisations import Organisation
from nzc_api.schema.pilots import AsOf, Pilot
from nzc_api.schema.portfolio import Portfolio, asked
from nzc_api.schema.programmes import Programme, ProgrammeCode
from nzc_api.schema.proposals import ProposalLists
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.serial_texts import SerialBlockReading, SerialBlockReadings, bad_block
from nzc_api.statements.impact import MOST_LINES

MOST_NODES = 100

# Of a thing whose facts are amended.
FactsAsOf = Annotated[
    BigInt | None,
    argument(
        "A position of the log: its facts as they stood then; what hangs from it has an `asOf` of "
        "its own. Default: now."
    ),
]

BEGINNING = BigInt(0)


@strawberry.input(description="Which pilot or project is meant: exactly one of these.", one_of=True)
class ByIdOrCode:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its id.")
    code: str | None = strawberry.field(default=strawberry.UNSET, description="Its code.")

    def given_code(self) -> str | None:
        return None if self.code is strawberry.UNSET else self.code


@strawberry.type(
    description="Everything that can be asked. What is public needs no key; what you may not see is as if "
    "it were not there. Lists are pages: `first` at most 100, `after` the cursor of the page before."
)
class Query(Lists, ProposalLists, Labels):
    @dear(
        "The thing with an id; null where there is none, or none that you see.",
        statements=OF_ONE_KIND,
    )
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, argument("The id.")]
    ) -> Node | None:
        return await _node(info, id, "id")

    @dear(
        "The things with these ids, in order; null where there is none, or none that you see.",
        statements=OF_EVERY_KIND,
    )
    async def nodes(
        self, info: Info, ids: Annotated[list[strawberry.ID], argument("At most 100 ids.")]
    ) -> list[Node | None]:
        if len(ids) > MOST_NODES:
            raise too_many("ids", len(ids), MOST_NODES)
        found = [_node(info, text, "ids", str(index)) for index, text in enumerate(ids)]
        return list(await asyncio.gather(*found))

    @strawberry.field(description="The guide as data, in both languages.")
    def guide(self) -> Guide:
        return Guide(domain=GUIDE)

    @strawberry.field(description="Whose key this request carries; null without one.")
    async def viewer(self, info: Info) -> Organisation | None:
        caller = await info.context.principal()
        if caller is None:
            return None
        found = await info.context.loaders.organisation.load(caller.organisation_id)
        return None if found is None else Organisation(domain=found)

    @strawberry.field(description="Emission factors in every version, by code and version.")
    def emission_factors(
        self,
        kind: Annotated[FactorKind | None, argument("Only those about this.")] = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[EmissionFactor]:
        known = (f for f in EMISSION_FACTORS if kind in (None, f.kind))
        return emission_factors(known, first, after)

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
        known = (v for v in REFERENCE_VALUES.values() if category in (None, v.category))
        return page_of(known, page, lambda row: row.code, lambda row: ReferenceValue(domain=row))

    @short_list("The 100-year warming potentials of the IPCC reports.", len(GwpSet))
    def gwp_tables(self) -> list[GwpTable]:
        return [GwpTable(gwp_set=gwp_set) for gwp_set in GwpSet]

    @dear("A pilot; null if there is none, or was none then.", statements=3)
    async def pilot(
        self,
        info: Info,
        by: Annotated[ByIdOrCode, argument("Which one.")],
        as_of: FactsAsOf = None,
    ) -> Pilot | None:
        code = by.given_code()
        if code is None:
            pilot_id = info.context.ids.position(by.id or "", "by", "id", kinds=("Pilot",))
            found = await info.context.loaders.pilot.load(pilot_id)
        else:
            found = await info.context.services.pilots.find_pilot(code)
        if found is not None and as_of is not None:
            position = await info.context.as_of(as_of)
            found = await info.context.loaders.pilot_then.load((found.id, position))
        return None if found is None else Pilot(domain=found)

    @dear("An organisation; null if there is none, or was none then.", statements=2)
    async def organisation(
        self,
        info: Info,
        id: Annotated[strawberry.ID, argument("Its id.")],
        as_of: FactsAsOf = None,
    ) -> Organisation | None:
        organisation_id = info.context.ids.position(id, "id", kinds=("Organisation",))
        if as_of is None:
            found = await info.context.loaders.organisation.load(organisation_id)
        else:
            key = (organisation_id, await info.context.as_of(as_of))
            found = await info.context.loaders.organisation_then.load(key)
        return None if found is None else Organisation(domain=found)

    @short_list("The programmes that issue credits, with their rules.", len(ProgrammeCode))
    def programmes(self) -> list[Programme]:
        return [Programme(domain=programme) for programme in PROGRAMMES.values()]

    @dear("A project; null if there is none, or was none then.", statements=3)
    async def project(
        self,
        info: Info,
        by: Annotated[ByIdOrCode, argument("Which one.")],
        as_of: Annotated[
            BigInt | None,
            argument(
                "A position of the log: what it was called then, and where it was; what hangs from it has an "
                "`asOf` of its own. Default: now."
            ),
        ] = None,
    ) -> Project | None:
        code = by.given_code()
        if code is None:
            project_id = info.context.ids.position(by.id or "", "by", "id", kinds=("Project",))
            found = await info.context.loaders.project.load(project_id)
        else:
            found = await info.context.services.trace.find_project(code)
        if found is not None and as_of is not None:
            key = (found.id, await info.context.as_of(as_of))
            found = await info.context.loaders.project_then.load(key)
        return None if found is None else Project(domain=found)

    @dear("A batch of credits; null if there is none.", statements=2)
    async def credit_batch(
        self, info: Info, by: Annotated[CreditBatchBy, argument("Which one.")]
    ) -> CreditBatch | None:
        if by.serial:
            serials = by.serial.serials("by", "serial")
            key = (serials, await info.context.now())
            found = await info.context.loaders.serial_batch.load(key)
        else:
            batch_id = info.context.ids.position(by.id or "", "by", "id", kinds=("CreditBatch",))
            found = await info.context.loaders.batch.load(batch_id)
        return None if found is None else CreditBatch(domain=found)

    @dear(
        "Where a single serial is, and its life; null where it was not issued by then.",
        statements=7,
    )
    async def credit_serial(
        self,
        info: Info,
        by: Annotated[SerialBy, argument("Which one.")],
        as_of: Annotated[AsOfInput | None, argument("As of when. Default: now.")] = None,
    ) -> CreditSerial | None:
        serials = by.serials("by")
        position = await position_of(info, as_of)
        batch = await info.context.loaders.serial_batch.load((serials, position))
        if batch is None:
            return None
        at = SerialAt(batch.id, serials.first, position)
        last = await info.context.loaders.last_moved.load(at)
        return None if last is None else CreditSerial(at=at, last=last, owner=batch)

    @strawberry.field(description="The credits of a programme that have one vintage.")
    async def credits_by_vintage(
        self,
        info: Info,
        programme: Annotated[ProgrammeCode, argument("The programme.")],
        vintage: Annotated[
            int, argument("The year in which the production of their reductions ended.")
        ],
        as_of: AsOf = None,
    ) -> VintageCredits:
        position = await info.context.as_of(as_of)
        return VintageCredits(vintage_of=Vintage(programme, vintage), as_of=position)

    @dear(
        "The last position of the log at or before a time; 0 before the first. Pass it as `asOf`.",
        statements=3,
    )
    async def position_at(
        self, info: Info, at: Annotated[datetime, argument("The time.")]
    ) -> BigInt:
        return BigInt(await position_of(info, AsOfInput(at=at)))

    @dear(
        "Whether everything holds of the latest 100 positions of the ledger, of a thousand more each time, "
        "and of what guards them: cheap, for monitoring.",
        statements=HEALTH_STATEMENTS,
    )
    async def ledger_health(self, info: Info) -> LedgerHealth:
        return await ledger_health(info)

    @strawberry.field(description="What the text of a registry's serial block says.")
    def serial_block(
        self, text: Annotated[str, argument("The block, such as “GD-2024-1 to 500”.")]
    ) -> SerialBlockReading:
        reading = read_block(text)
        if reading is None:
            raise Refused(bad_block(text, ("text",)))
        return SerialBlockReading.of(reading)

    @strawberry.field(
        description="What a text says that lists serial blocks, with commas, semicolons or lines between "
        "them; or one."
    )
    def serial_blocks(
        self, text: Annotated[str, argument("The blocks, such as “GD-1 to 500; GD-601 to 700”.")]
    ) -> SerialBlockReadings:
        found = read_blocks(text)
        if isinstance(found, Unclear):
            raise Refused(bad_block(found.text, ("text",)))
        return SerialBlockReadings.of(found)

    @dear(
        "Pilots taken together in a calendar year (rule 7): roots' emissions once, each tonne "
        "once.",
        statements=33,
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
            pilot_id = info.context.ids.position(pilot, "pilot", kinds=("Pilot",))
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

    @strawberry.field(description="Where the log stands.")
    async def log(self, info: Info) -> LogHead:
        return LogHead(domain=await info.context.services.log.head())

    @strawberry.field(
        description="The log's entries after a position, in order: the same feed as the subscription."
    )
    async def events(
        self,
        info: Info,
        after: Annotated[BigInt, argument("A position; 0 for the beginning.")] = BEGINNING,
        first: First = DEFAULT_FIRST,
        log_id: KnownLog = None,
    ) -> list[Event]:
        info.context.ids.check_log(log_id)
        page = page_by_position(first, None)
        if after < 0:
            raise negative("after", after)
        entries = await info.context.services.feed.entries(after, page.first)
        return [Event(domain=entry) for entry in entries]


async def _node(info: Info, text: str, *path: str) -> Node | None:
    found = info.context.ids.find(text)
    if found is None:
        raise not_an_id(text, path)
    kind, name = found
    return await find_node(info, kind, name)


def negative(field: str, value: int) -> Refused:
    return Refused(
        InvalidInput(
            path=(field,),
            value=str(value),
            expected_zh="不小于0的位置",
            expected_en="a position, not negative",
        )
    )


def too_many(field: str, count: int, most: int) -> Refused:
    return Refused(
        InvalidInput(
            path=(field,),
            value=str(count),
            expected_zh=f"至多{most}个",
            expected_en=f"at most {most}",
        )
    )


def not_an_id(text: str, path: tuple[str, ...]) -> Refused:
    return Refused(
        InvalidInput(
            path=path,
            value=text[:80],
            expected_zh="本系统给出的id，原样传入",
            expected_en="an id, exactly as this API gave it",
        )
    )
