"""Projects, batches, retirements and transfers of credits, as GraphQL."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.guide.guide import GUIDE
from nzc_api.ledger import model as domain
from nzc_api.ledger.commands import (
    EnrolProject,
    IssueCredits,
    RegisterProject,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
)
from nzc_api.ledger.model import AccountKey, AccountKind, Movement, ProductionBasis
from nzc_api.ledger.programmes import PROGRAMMES, Mechanism, mechanism_of
from nzc_api.ledger.rules.quantity import check_range
from nzc_api.ledger.serials import (
    SerialRange,
    certificate_serials,
    certificate_written,
    normalise_prefix,
    read_block,
    read_serial,
)
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput, Refused, refuse
from nzc_api.schema.connections import (
    DEFAULT_FIRST,
    After,
    Before,
    Connection,
    First,
    Last,
    Trail,
    connection,
    counted,
    page_by_position,
    trail,
)
from nzc_api.schema.context import Info
from nzc_api.schema.credit_warnings import MOST_WARNINGS, CreditWarning, shown
from nzc_api.schema.fields import attribute, dear, described_enum, number, short_list
from nzc_api.schema.guide import AdministrativeDivision
from nzc_api.schema.ids import Ids
from nzc_api.schema.nodes import LocalizedTextInput, Node, text_attribute
from nzc_api.schema.organisations import Organisation
from nzc_api.schema.pilots import AccountingPeriod, AsOf, DateSpanInput, Pilot, pilot_at
from nzc_api.schema.programmes import Programme, ProgrammeCode
from nzc_api.schema.scalars import BigInt
from nzc_api.schema.serial_texts import bad_block, text_of
from nzc_api.schema.sites import AtSite, CoordinatesInput, at_site
from nzc_api.schema.words import Finding, Purpose

if TYPE_CHECKING:
    from nzc_api.schema.auditing import Beneficiary, CreditTile
    from nzc_api.schema.postings import LedgerPosting, RetirementRequest
    from nzc_api.schema.withdrawn import WithdrawnSerials

described_enum(
    AccountKind,
    "What it means that serials sit in an account.",
    {
        "ISSUANCE": "where they come from: the programme's issuance",
        "HOLDING": "held by an organisation",
        "PENDING": "set aside for a retirement that the registry is yet to confirm",
        "RETIREMENT": "retired for a pilot and one of its accounting periods",
        "OTHER_USE": "used for something else than a pilot",
        "FROZEN": "frozen by order of a court or the registry",
        "INVALIDATED": "invalidated by the issuer: they stand for nothing any more",
    },
)


described_enum(
    ProductionBasis,
    "How the days are known on which reductions were produced.",
    {
        "MONITORING_PERIOD": "by their monitoring period (监测期)",
        "VINTAGE": "by a calendar year alone",
        "AUTHORITY": "by a calendar year of which an authority states that there is no monitoring period",
    },
)

FORESTRY = (
    "Whether the activity is forestry or another carbon sink (林业和其他碳汇: forests, mangroves, "
    "grassland, wetlands, the sea). It follows from the methodology."
)


@strawberry.type(description="Serials first to last of one batch: one tonne each.")
class SerialBlock:
    domain: strawberry.Private[SerialRange]
    written: strawberry.Private[str | None] = None

    registry = attribute(str, "registry", "The registry that numbers them.")
    prefix = attribute(str, "prefix", "What precedes the number.")
    first = attribute(BigInt, "first", "The first serial.")
    last = attribute(BigInt, "last", "The last serial.")
    quantity = attribute(BigInt, "quantity", "last − first + 1, in tonnes.")

    @strawberry.field(description="The block as NZC writes it.")
    def text(self) -> str:
        return str(self.domain)

    @strawberry.field(
        description="The block as its registry writes it, such as “CR0000000001 to CR0000000500”, if its "
        "issuance said so; else as NZC does."
    )
    def registry_text(self) -> str:
        return text_of(self.domain, self.written)


@strawberry.type(description="A project's registration (项目登记) in a programme.")
class Enrolment:
    domain: strawberry.Private[domain.Enrolment]

    number = attribute(str, "number", "Its number in the programme.")
    methodology = attribute(
        str | None,
        "methodology",
        "The number or name of its methodology; null where it was not recorded.",
    )
    rule = attribute(str, "rule", "The code of the programme's rule that it was registered under.")
    registered_on = attribute(date, "registered_on", "The day of the registration.")

    @strawberry.field(description="The programme.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])


LazyPosting = Annotated["LedgerPosting", strawberry.lazy("nzc_api.schema.postings")]
LazyRequest = Annotated["RetirementRequest", strawberry.lazy("nzc_api.schema.postings")]
LazyWithdrawn = Annotated["WithdrawnSerials", strawberry.lazy("nzc_api.schema.withdrawn")]
LazyBeneficiary = Annotated["Beneficiary", strawberry.lazy("nzc_api.schema.auditing")]
LazyTile = Annotated["CreditTile", strawberry.lazy("nzc_api.schema.auditing")]


@strawberry.type(description="The physical activity behind credits.")
class Project(Node):
    domain: strawberry.Private[domain.Project]

    code = attribute(str, "code", "Its code: unique, never changed.")
    name = text_attribute("name", "Its name.")
    forestry = attribute(bool, "forestry", FORESTRY)
    site = attribute(str, "site", "Where it is.")
    latitude = number("latitude", "Decimal degrees north.", optional=True)
    longitude = number("longitude", "Decimal degrees east.", optional=True)
    site_code = attribute(str | None, "site_code", "What its site is known by elsewhere.")

    @strawberry.field(description="The city of Guangdong that it lies in; null elsewhere.")
    def administrative_division(self) -> AdministrativeDivision | None:
        code = self.domain.division_code
        division = None if code is None else GUIDE.division(code)
        return None if division is None else AdministrativeDivision(domain=division)

    @strawberry.field(
        description="The pilot whose boundary it lies in, if any: its credits never offset that pilot, "
        "nor a pilot around it."
    )
    async def pilot(self, info: Info) -> Pilot | None:
        inside = self.domain.pilot_id
        return None if inside is None else await pilot_at(info, inside)

    @strawberry.field(
        description="The pilots and projects at its site, in the order of their registration. It may lie inside such a "
        "pilot: until an administrator resolves that, its credits do not offset that pilot, nor one around it."
    )
    async def at_site(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[AtSite]:
        return await at_site(info, self.domain.id, first, after)

    @short_list("Its registrations in programmes, one in each.", len(ProgrammeCode))
    async def enrolments(self, info: Info) -> list[Enrolment]:
        found = await info.context.loaders.enrolments.load(self.domain.id)
        return [Enrolment(domain=enrolment) for enrolment in found]

    @strawberry.field(description="Its issuances, oldest first.")
    async def batches(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection["CreditBatch"]:
        page = page_by_position(first, after, last=last, before=before)
        rows = await info.context.loaders.batches.load((self.domain.id, page))
        return connection(
            rows,
            page,
            lambda row: row.id,
            lambda row: CreditBatch(domain=row),
            counted(info.context.loaders.batches_count, self.domain.id),
        )

    @dear(
        "The pilots and periods that its credits are retired for, all its batches together.",
        statements=4,
    )
    async def beneficiaries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[LazyBeneficiary]:
        from nzc_api.schema.auditing import beneficiaries  # noqa: PLC0415  (it is built on this)

        page = page_by_position(first, after)
        key = (self.domain.id, (await info.context.as_of(as_of), page))
        return beneficiaries(await info.context.loaders.project_beneficiaries.load(key), page)


@strawberry.type(
    description="A registration of reductions (减排量登记) that is issued in several blocks."
)
class Issuance:
    domain: strawberry.Private[domain.Issuance]

    reference = attribute(str, "reference", "The registry's own number of the registration.")
    quantity = attribute(
        BigInt,
        "quantity",
        "All the tonnes that were registered: its blocks together never have more.",
    )


@strawberry.type(description="Another batch that seems to be issued for the same reductions.")
class SuspectedDouble:
    domain: strawberry.Private[domain.DoubleIssuance]
    batch_id: strawberry.Private[int]

    finding = attribute(
        Finding | None,
        "finding",
        "What an administrator found; null while both batches are blocked.",
    )

    @strawberry.field(description="The other batch.")
    async def other(self, info: Info) -> "CreditBatch":
        return await batch_at(info, self.other_id)

    @property
    def other_id(self) -> int:
        double = self.domain
        return double.other_id if double.batch_id == self.batch_id else double.batch_id


@strawberry.type(
    description="A serial block of a project in a programme: one issuance (减排量登记), or a part of one."
)
class CreditBatch(Node):
    domain: strawberry.Private[domain.CreditBatch]

    vintage = attribute(int, "vintage", "The year in which the production of its reductions ended.")
    produced_from = attribute(date, "produced_from", "The first day of their production.")
    produced_to = attribute(date, "produced_to", "The last day of their production.")
    reductions_registered_on = attribute(
        date, "reductions_registered_on", "The day on which the reductions were registered."
    )
    reductions_applied_on = attribute(
        date | None,
        "reductions_applied_on",
        "The day on which that was applied for; null where the issuance did not say, or was before December 2026.",
    )
    forestry = attribute(bool, "forestry", FORESTRY)
    production_basis = attribute(
        ProductionBasis | None,
        "production_basis",
        "How the days of production are known; null for what was issued before that was kept.",
    )
    production_document = attribute(
        str | None,
        "production_document",
        "The authority's document that states that there is no monitoring period, where it is by one.",
    )
    quantity = attribute(BigInt, "serials.quantity", "Its tonnes.")
    position = attribute(BigInt, "id", "The position of the log at which it was issued.")
    by_certificate = attribute(
        bool,
        "by_certificate",
        "Whether the registry published no serials: the block is the certificate's number and "
        "quantity.",
    )

    @strawberry.field(
        description="The registration of reductions that it is a part of; null where it is a whole one."
    )
    def issuance(self) -> Issuance | None:
        part_of = self.domain.issuance
        return None if part_of is None else Issuance(domain=part_of)

    @strawberry.field(description="Its serial block.")
    def serials(self) -> SerialBlock:
        return block_of(self.domain, self.domain.serials.lo, self.domain.serials.hi)

    @strawberry.field(description="The programme that issued it.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])

    @dear("What froze all of it; null where it is not frozen as a whole.", statements=4)
    async def frozen(self, info: Info) -> LazyPosting | None:
        return await self._fact(info, "frozen")

    @dear("What invalidated all of it; null where it is in force.", statements=4)
    async def invalidated(self, info: Info) -> LazyPosting | None:
        return await self._fact(info, "invalidated")

    @dear("How many of its tonnes were invalidated, by serials or as a whole.", statements=3)
    async def invalidated_quantity(self, info: Info) -> BigInt:
        key = (self.domain.id, await info.context.now())
        return BigInt(await info.context.loaders.invalidated_of_batch.load(key))

    @dear(
        "What recorded its export with a corresponding adjustment, if it was exported.",
        statements=4,
    )
    async def exported(self, info: Info) -> LazyPosting | None:
        return await self._fact(info, "exported")

    @dear(
        "What took its issuance back, which was wrong: since then it is as if there had been none, and its serials may "
        "be issued again. Null as a rule.",
        statements=4,
    )
    async def correction(self, info: Info) -> LazyPosting | None:
        position = self.domain.withdrawn_position
        if position is None or position > await info.context.now():
            return None
        from nzc_api.schema.postings import posting_at  # noqa: PLC0415  (it is built on this)

        return await posting_at(info, position)

    @strawberry.field(
        description="The issuances that seem to be for the same reductions, by this programme or another, and what was "
        "found; in the order of those issuances. Of one issuance the first hundred are recorded."
    )
    async def suspected_doubles(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[SuspectedDouble]:
        page = page_by_position(first, after)
        found = await info.context.loaders.doubles.load((self.domain.id, page))
        rows = [SuspectedDouble(domain=double, batch_id=self.domain.id) for double in found]
        return connection(
            rows,
            page,
            lambda row: row.other_id,
            lambda row: row,
            counted(info.context.loaders.doubles_count, self.domain.id),
        )

    @dear("The pilots and periods that its credits are retired for.", statements=4)
    async def beneficiaries(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, as_of: AsOf = None
    ) -> Trail[LazyBeneficiary]:
        from nzc_api.schema.auditing import beneficiaries  # noqa: PLC0415  (it is built on this)

        page = page_by_position(first, after)
        key = (self.domain.id, (await info.context.as_of(as_of), page))
        return beneficiaries(await info.context.loaders.batch_beneficiaries.load(key), page)

    @dear(
        "The runs of serials that it is in now and where each is, in order: together they "
        "are the batch, without gap or overlap.",
        statements=2,
    )
    async def tiling(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Trail[LazyTile]:
        from nzc_api.schema.auditing import CreditTile  # noqa: PLC0415  (it is built on this)

        page = page_by_position(first, after)
        rows = await info.context.loaders.tiling.load((self.domain.id, page))
        return trail(rows, page, lambda row: row.hi - 1, lambda row: CreditTile(domain=row))

    async def _fact(self, info: Info, name: str) -> "LedgerPosting | None":
        now = await info.context.now()
        facts = await info.context.loaders.batch_facts.load((self.domain.id, now))
        position = getattr(facts, name)
        if position is None:
            return None
        from nzc_api.schema.postings import posting_at  # noqa: PLC0415  (it is built on this)

        return await posting_at(info, position)

    @strawberry.field(description="The one mechanism of the guide that it counts under.")
    def mechanism(self) -> Mechanism:
        programme = PROGRAMMES[self.domain.programme]
        return mechanism_of(programme, forestry=self.domain.forestry)

    @strawberry.field(description="The project.")
    async def project(self, info: Info) -> Project:
        return await project_at(info, self.domain.project_id)


@strawberry.type(description="Where serials sit: with a holder, or retired for a pilot.")
class LedgerAccount:
    domain: strawberry.Private[AccountKey]

    kind = attribute(AccountKind, "kind", "What it means to sit there.")
    programme = attribute(
        ProgrammeCode | None, "programme", "The programme of a holding or an issuance."
    )
    purpose = attribute(
        Purpose | None,
        "purpose",
        "What another use is for.",
    )

    @strawberry.field(description="Whose holding it is.")
    async def organisation(self, info: Info) -> Organisation | None:
        return await organisation_at(info, self.domain.organisation_id)

    @strawberry.field(
        description="The pilot that a retirement is for, or whose sink is given back."
    )
    async def pilot(self, info: Info) -> Pilot | None:
        pilot_id = self.domain.pilot_id
        return None if pilot_id is None else await pilot_at(info, pilot_id)

    @strawberry.field(description="The accounting period that it is for.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        if self.domain.period_id is None:
            return None
        found = await info.context.loaders.period.load(self.domain.period_id)
        return None if found is None else AccountingPeriod(domain=found)


@strawberry.type(
    description="Serials that moved from a debit to a credit account: both legs at once, so it cannot be "
    "unbalanced."
)
class LedgerMovement:
    domain: strawberry.Private[Movement]

    position = attribute(BigInt, "position", "The position of the log at which they moved.")
    line = attribute(int, "line", "Its number there, from 0.")
    quantity = attribute(BigInt, "tonnes", "How many tonnes.")

    @strawberry.field(description="The batch that the serials are of.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)

    @strawberry.field(description="The serials.")
    async def serials(self, info: Info) -> SerialBlock:
        batch = await batch_at(info, self.domain.batch_id)
        return block_of(batch.domain, self.domain.lo, self.domain.hi)

    @strawberry.field(description="Where they came from.")
    async def debit(self, info: Info) -> LedgerAccount:
        return await account_at(info, self.domain.debit_id)

    @strawberry.field(description="Where they went.")
    async def credit(self, info: Info) -> LedgerAccount:
        return await account_at(info, self.domain.credit_id)


@strawberry.type
class PostedCredits(Node):
    """What everything that moves credits says of itself."""

    domain: strawberry.Private[
        domain.Retirement | domain.Transfer | domain.CreditUse | domain.LedgerPosting
    ]

    position = attribute(BigInt, "id", "The position of the log at which it was posted.")
    posted_at = attribute(datetime, "at", "When it was posted.")
    quantity = attribute(BigInt, "quantity", "How many tonnes, as it was posted.")

    @strawberry.field(description="Who posted it; null for NZC itself.")
    async def posted_by(self, info: Info) -> Organisation | None:
        return await organisation_at(info, self.domain.posted_by)

    @strawberry.field(description="The programme of the credits.")
    def programme(self) -> Programme:
        return Programme(domain=PROGRAMMES[self.domain.programme])

    @strawberry.field(description="The serials that moved; none where a whole batch is meant.")
    async def movements(
        self,
        info: Info,
        first: First = DEFAULT_FIRST,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[LedgerMovement]:
        page = page_by_position(first, after, last=last, before=before)
        rows = await info.context.loaders.movements.load((self.domain.id, page))
        return connection(
            rows,
            page,
            lambda row: row.line,
            lambda row: LedgerMovement(domain=row),
            counted(info.context.loaders.movements_count, self.domain.id),
        )


@strawberry.type
class CorrectableCredits(PostedCredits):
    """What a posting that can be corrected says of itself, as of a position: that of the statement that
    it is shown in, or else now."""

    as_of: strawberry.Private[int | None] = None

    @dear(
        "What reversed it as a clerical error: since then it is as if it had not been. Null as a rule, and as of "
        "a statement of before.",
        statements=4,
    )
    async def correction(self, info: Info) -> LazyPosting | None:
        key = (self.domain.id, await self.shown_as_of(info))
        position = await info.context.loaders.correction.load(key)
        if position is None:
            return None
        from nzc_api.schema.postings import posting_at  # noqa: PLC0415  (it is built on this)

        return await posting_at(info, position)

    async def shown_as_of(self, info: Info) -> int:
        return await info.context.now() if self.as_of is None else self.as_of


@strawberry.type
class SpentCredits(CorrectableCredits):
    """What a retirement or another use says of itself: what of it is in force."""

    @dear(
        "The position of the log as of which it is told what is in force: that of the statement that it "
        "is shown in, or else now.",
        statements=1,
    )
    async def as_of_position(self, info: Info) -> BigInt:
        return BigInt(await self.shown_as_of(info))

    @dear(
        "How many of the tonnes are in force, which is what counts: neither invalidated, nor taken back by a "
        "correction; for a pilot, or its sink, nor exported with a corresponding adjustment; for a pilot, of "
        "no project inside its boundary. Frozen later, they still count.",
        statements=3,
    )
    async def quantity_in_force(self, info: Info) -> BigInt:
        return BigInt(self.domain.quantity - await self._withdrawn(info))

    @dear("How many of the tonnes are in force no more: `withdrawn` says which.", statements=3)
    async def quantity_not_in_force(self, info: Info) -> BigInt:
        return BigInt(await self._withdrawn(info))

    @dear(
        "The serials that are in force no more, since when and why: what was withdrawn first comes first.",
        statements=3,
    )
    async def withdrawn(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None
    ) -> Connection[LazyWithdrawn]:
        from nzc_api.schema.withdrawn import withdrawn_of  # noqa: PLC0415  (it is built on this)

        return await withdrawn_of(info, self.domain.id, await self.shown_as_of(info), first, after)

    async def _withdrawn(self, info: Info) -> int:
        key = (self.domain.id, await self.shown_as_of(info))
        return await info.context.loaders.withdrawn.load(key)


@strawberry.type(
    description="Credits retired (注销) for a pilot and one of its accounting periods. What of them is in "
    "force, `quantityInForce` says."
)
class Retirement(SpentCredits):
    domain: strawberry.Private[domain.Retirement]

    retired_on = attribute(date, "retired_on", "The day of the retirement in the registry.")
    registry_reference = attribute(str | None, "reference", "The registry's own number for it.")

    @strawberry.field(description="The pilot that it offsets. Never null.")
    async def pilot(self, info: Info) -> Pilot | None:
        return await pilot_at(info, self.domain.pilot_id)

    @strawberry.field(description="The accounting period that it offsets. Never null.")
    async def accounting_period(self, info: Info) -> AccountingPeriod | None:
        found = await info.context.loaders.period.load(self.domain.period_id)
        assert found is not None
        return AccountingPeriod(domain=found)

    @strawberry.field(description="Who held the credits.")
    async def holder(self, info: Info) -> Organisation:
        found = await organisation_at(info, self.domain.holder_id)
        assert found is not None
        return found

    @short_list(
        "What a reader should know of its credits: as it was posted, whatever is in force of it.",
        MOST_WARNINGS,
        statements=2,
    )
    async def credit_warnings(self, info: Info) -> list[CreditWarning]:
        loaders = info.context.loaders
        period = await loaders.period.load(self.domain.period_id)
        assert period is not None
        shares = await loaders.shares.load(self.domain.id) or []
        return shown(shares, period.span, self.domain.retired_on)

    @strawberry.field(description="The request that it confirmed, if it was requested.")
    async def request(self, info: Info) -> LazyRequest | None:
        if self.domain.request_id is None:
            return None
        from nzc_api.schema.postings import request_at  # noqa: PLC0415  (it is built on this)

        return await request_at(info, self.domain.request_id)


@strawberry.type(description="Credits moved from one holder to another.")
class CreditTransfer(CorrectableCredits):
    domain: strawberry.Private[domain.Transfer]

    @strawberry.field(name="from", description="Who held them before.")
    async def from_(self, info: Info) -> Organisation:
        found = await organisation_at(info, self.domain.from_id)
        assert found is not None
        return found

    @strawberry.field(description="Who holds them since.")
    async def to(self, info: Info) -> Organisation:
        found = await organisation_at(info, self.domain.to_id)
        assert found is not None
        return found


@strawberry.type(description="What an organisation holds of a batch.")
class CreditHolding:
    domain: strawberry.Private[domain.Holding]

    quantity = attribute(BigInt, "tonnes", "How many tonnes.")
    invalidated_quantity = attribute(
        BigInt,
        "invalidated",
        "How many of these stand for nothing any more: all, if the whole batch was invalidated.",
    )
    exported_quantity = attribute(
        BigInt,
        "exported",
        "How many of these offset no pilot any more: all, if the batch was exported with a corresponding "
        "adjustment.",
    )
    frozen_quantity = attribute(
        BigInt,
        "frozen",
        "How many of these cannot be moved: all, if the whole batch is frozen.",
    )

    @strawberry.field(description="The batch.")
    async def batch(self, info: Info) -> CreditBatch:
        return await batch_at(info, self.domain.batch_id)


DRY_RUN = (
    "Only show what would be: all is checked as without it, and a `LedgerPreview` shows what would come of it. "
    "Nothing is written, and the key is not used: the same one may do it afterwards."
)


@strawberry.input(description="Serials of one prefix, first to last, both included.")
class SerialRangeInput:
    prefix: str = strawberry.field(
        description="What precedes the number in the registry's serials."
    )
    first: BigInt = strawberry.field(description="The first serial.")
    last: BigInt = strawberry.field(description="The last serial.")


@strawberry.input(
    description="Tonnes of a certificate without published serials, first to last, both included."
)
class CertificateTonnesInput:
    number: str = strawberry.field(description="The certificate's number.")
    first: BigInt = strawberry.field(description="The first tonne, counted from 1.")
    last: BigInt = strawberry.field(description="The last tonne.")


@strawberry.input(description="A serial block: exactly one of these.", one_of=True)
class SerialBlockInput:
    range: SerialRangeInput | None = strawberry.field(
        default=strawberry.UNSET, description="Its prefix, first and last serial."
    )
    text: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its text as the registry writes it, such as “GD-2024-1 to 500”.",
    )
    certificate: CertificateTonnesInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="Where the registry publishes no serials: tonnes of a certificate.",
    )

    def serials(
        self, programme: ProgrammeCode, *path: str, tonnes: int | None = None
    ) -> SerialRange:
        """The serials that are meant; ``tonnes`` say it where the text may mean several things."""
        registry = PROGRAMMES[programme].registry
        if self.range:
            prefix = _prefix(self.range.prefix, *path, "range", "prefix")
            return SerialRange(registry, prefix, self.range.first, self.range.last)
        if self.certificate:
            number = _prefix(self.certificate.number, *path, "certificate", "number")
            return certificate_serials(
                registry, number, self.certificate.first, self.certificate.last
            )
        reading = read_block(self.text or "", tonnes)
        if reading is None:
            raise Refused(bad_block(self.text or "", (*path, "text")))
        return SerialRange(registry, reading.prefix, reading.first, reading.last)

    def written(self, tonnes: int | None = None) -> str | None:
        """How the registry writes them, where that is not as NZC does."""
        reading = read_block(self.text or "", tonnes)
        return None if reading is None else reading.written


@strawberry.input(
    description="A calendar year of which the programme's authority states that there is no monitoring "
    "period."
)
class VintageByAuthorityInput:
    vintage: int = strawberry.field(description="The calendar year.")
    document: str = strawberry.field(
        description="The authority's document that states it: 1 to 200 characters."
    )


@strawberry.input(description="When reductions were produced: exactly one of these.", one_of=True)
class ProductionInput:
    monitoring_period: DateSpanInput | None = strawberry.field(
        default=strawberry.UNSET, description="The monitoring period (监测期)."
    )
    vintage: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="The calendar year; not for forestry, whose sinks are sold by the days of the "
        "monitoring period.",
    )
    vintage_by_authority: VintageByAuthorityInput | None = strawberry.field(
        default=strawberry.UNSET,
        description="A calendar year, where an authority states that there is no monitoring period.",
    )

    @property
    def basis(self) -> ProductionBasis:
        if self.monitoring_period:
            return ProductionBasis.MONITORING_PERIOD
        by_authority = self.vintage_by_authority
        return ProductionBasis.AUTHORITY if by_authority else ProductionBasis.VINTAGE

    @property
    def document(self) -> str | None:
        return self.vintage_by_authority.document if self.vintage_by_authority else None

    def span(self) -> DateSpan:
        if self.monitoring_period:
            return self.monitoring_period.span()
        if self.vintage_by_authority:
            return _year(self.vintage_by_authority.vintage, "vintageByAuthority", "vintage")
        return _year(self.vintage or 0, "vintage")


def _year(year: int, *path: str) -> DateSpan:
    if not 1990 <= year <= 2100:  # noqa: PLR2004  (the years that a pilot may account for)
        raise Refused(
            InvalidInput(
                path=("input", "production", *path),
                value=str(year),
                expected_zh="1990至2100之间的年份",
                expected_en="a year from 1990 to 2100",
            )
        )
    return DateSpan(date(year, 1, 1), date(year, 12, 31))


@strawberry.input(description="A new project.")
class RegisterProjectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    code: str = strawberry.field(
        description="A unique code: 1 to 40 capital letters, digits or hyphens."
    )
    name: LocalizedTextInput = strawberry.field(description="Its name.")
    forestry: bool = strawberry.field(description=FORESTRY)
    site: str = strawberry.field(description="Where it is: 1 to 200 characters.")
    administrative_division: str | None = strawberry.field(
        default=None, description="The GB/T 2260 code of its city, if it is in Guangdong."
    )
    coordinates: CoordinatesInput | None = strawberry.field(
        default=None, description="Where it is, exactly."
    )
    site_code: str | None = strawberry.field(
        default=None,
        description="What its site is known by elsewhere, such as a registry's id of it: two projects "
        "with one code are at one site.",
    )
    pilot: strawberry.ID | None = strawberry.field(
        default=None, description="The pilot whose boundary it lies in, if any."
    )

    def command(self, ids: Ids, caller: Principal) -> RegisterProject:
        pilot = None
        if self.pilot is not None:
            pilot = ids.position(self.pilot, "input", "pilot", kinds=("Pilot",))
        at = self.coordinates
        return RegisterProject(
            self.code,
            self.name.text(),
            self.forestry,
            self.site,
            self.administrative_division,
            None if at is None else at.latitude,
            None if at is None else at.longitude,
            pilot,
            self.site_code,
        )


@strawberry.input(description="A project's registration in a programme, to record.")
class EnrolProjectInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    project: strawberry.ID = strawberry.field(description="The project.")
    programme: ProgrammeCode = strawberry.field(description="The programme.")
    rule: str = strawberry.field(
        description="The code of the programme's rule that it is registered under, such as CCER_2023."
    )
    number: str = strawberry.field(description="Its number in the programme.")
    registered_on: date = strawberry.field(description="The day of the registration.")
    methodology: str | None = strawberry.field(
        default=None,
        description="The number or name of its methodology, such as CCER-14-001-V01: it says whether the "
        "activity is forestry or another carbon sink. Needed of a project inside a pilot that is said to be "
        "none. 1 to 200 characters.",
    )

    def command(self, ids: Ids, caller: Principal) -> EnrolProject:
        return EnrolProject(
            ids.position(self.project, "input", "project", kinds=("Project",)),
            self.programme,
            self.rule,
            self.number,
            self.registered_on,
            self.methodology,
        )


@strawberry.input(
    description="A registration of reductions (减排量登记) that is issued in several blocks: its vintages, serial "
    "ranges, buffer shares."
)
class IssuanceInput:
    reference: str = strawberry.field(
        description="The registry's own number of the registration: the same for all its blocks."
    )
    quantity: BigInt = strawberry.field(
        description="All the tonnes that were registered: the blocks together never have more."
    )

    def issuance(self) -> domain.Issuance:
        return domain.Issuance(self.reference, self.quantity)


@strawberry.input(description="A serial block to issue.")
class IssueCreditsInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    project: strawberry.ID = strawberry.field(description="The project.")
    programme: ProgrammeCode = strawberry.field(description="The programme.")
    serials: SerialBlockInput | None = strawberry.field(
        default=None, description="The block; or else a `certificate`."
    )
    certificate: str | None = strawberry.field(
        default=None,
        description="Where the registry publishes no serials: the number of its certificate, unique in "
        "the programme. Its tonnes become serials 1 to `quantity` of that number.",
    )
    quantity: BigInt = strawberry.field(
        description="Its tonnes as the registry states them: of a block, last − first + 1."
    )
    production: ProductionInput = strawberry.field(description="When the reductions were produced.")
    reductions_registered_on: date = strawberry.field(
        description="The day on which the reductions were registered (减排量登记)."
    )
    reductions_applied_on: date | None = strawberry.field(
        default=None,
        description="The day on which that was applied for: not before the end of the production, nor after the "
        "registration. Default: the day of the registration.",
    )
    holder: strawberry.ID = strawberry.field(description="The organisation that gets them.")
    issuance: IssuanceInput | None = strawberry.field(
        default=None,
        description="What the block is a part of. Without it the block is a whole issuance: another one of the same "
        "project or site and days is a suspected double issuance.",
    )

    def command(self, ids: Ids, caller: Principal) -> IssueCredits:
        production = self.production.span()
        return IssueCredits(
            ids.position(self.project, "input", "project", kinds=("Project",)),
            self._serials(),
            self.programme,
            self.quantity,
            production.starts_on,
            production.ends_on,
            self.reductions_registered_on,
            self.reductions_applied_on,
            ids.position(self.holder, "input", "holder", kinds=("Organisation",)),
            by_certificate=self.serials is None,
            written=self._written(),
            issuance=None if self.issuance is None else self.issuance.issuance(),
            production_basis=self.production.basis,
            production_document=self.production.document,
        )

    def _serials(self) -> SerialRange:
        if (self.serials is None) == (self.certificate is None):
            zh, en = (
                "serials与certificate须且仅须填写一项",
                "give serials or a certificate, not both",
            )
            raise _refused("serials", self.certificate, zh, en)
        if self.serials is not None:
            if self.serials.certificate:
                number = self.serials.certificate.number
                zh, en = "签发证书时填写certificate", "to issue a certificate, give `certificate`"
                raise _refused("serials", number, zh, en)
            return self.serials.serials(self.programme, "input", "serials", tonnes=self.quantity)
        number = _prefix(self.certificate or "", "input", "certificate")
        return certificate_serials(PROGRAMMES[self.programme].registry, number, 1, self.quantity)

    def _written(self) -> str | None:
        if self.serials is not None:
            return self.serials.written(self.quantity)
        return certificate_written(self.certificate or "")


@strawberry.input(description="Credits to move from one holder to another.")
class TransferCreditsInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    programme: ProgrammeCode = strawberry.field(description="Their programme.")
    serials: SerialBlockInput = strawberry.field(description="Which: within one batch.")
    quantity: BigInt | None = strawberry.field(
        default=None, description="If given, must be last − first + 1."
    )
    from_: strawberry.ID = strawberry.field(name="from", description="Who holds them.")
    to: strawberry.ID = strawberry.field(description="Who gets them.")

    def command(self, ids: Ids, caller: Principal) -> TransferCredits:
        return TransferCredits(
            self.serials.serials(self.programme, "input", "serials", tonnes=self.quantity),
            self.programme,
            ids.position(self.from_, "input", "from", kinds=("Organisation",)),
            ids.position(self.to, "input", "to", kinds=("Organisation",)),
            self.quantity,
        )


@strawberry.input(
    description="Credits to retire for a pilot and one of its accounting periods: exact `serials`, or a "
    "`quantity` of a `holder`'s, the oldest vintage first."
)
class RetireCreditsInput:
    idempotency_key: str = strawberry.field(description="See `Mutation`.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    programme: ProgrammeCode = strawberry.field(description="The credits' programme.")
    serials: SerialBlockInput | None = strawberry.field(
        default=None, description="Exactly these, within one batch."
    )
    quantity: BigInt | None = strawberry.field(
        default=None,
        description="Without `serials`: how many tonnes. With them: must be last − first + 1.",
    )
    holder: strawberry.ID | None = strawberry.field(
        default=None,
        description="Without `serials`: from whom. With them: must be who holds them.",
    )
    project: strawberry.ID | None = strawberry.field(
        default=None, description="Only without `serials`: take credits of this project only."
    )
    pilot: strawberry.ID = strawberry.field(description="The pilot that they offset.")
    accounting_period: strawberry.ID = strawberry.field(
        description="The pilot's accounting period that they offset."
    )
    retired_on: date = strawberry.field(description="The day of the retirement in the registry.")
    registry_reference: str | None = strawberry.field(
        default=None, description="The registry's own number for it."
    )

    def command(self, ids: Ids, caller: Principal) -> RetireSerials | RetireQuantity:
        pilot = ids.position(self.pilot, "input", "pilot", kinds=("Pilot",))
        period = ids.position(
            self.accounting_period, "input", "accountingPeriod", kinds=("AccountingPeriod",)
        )
        holder = project = None
        if self.holder is not None:
            holder = ids.position(self.holder, "input", "holder", kinds=("Organisation",))
        if self.project is not None:
            project = ids.position(self.project, "input", "project", kinds=("Project",))
        if self.serials is not None:
            if project is not None:
                raise _refused(
                    "project", self.project, "仅在按数量注销时填写", "only without serials"
                )
            serials = self.serials.serials(self.programme, "input", "serials", tonnes=self.quantity)
            return RetireSerials(
                serials,
                self.programme,
                holder,
                self.quantity,
                pilot,
                period,
                self.retired_on,
                self.registry_reference,
            )
        if self.quantity is None:
            zh, en = "填写serials或quantity", "give serials or a quantity"
            raise _refused("serials", None, zh, en)
        if holder is None:
            zh, en = "按数量注销时须填写持有者", "a quantity is taken from a holder"
            raise _refused("holder", None, zh, en)
        return RetireQuantity(
            self.quantity,
            self.programme,
            holder,
            project,
            pilot,
            period,
            self.retired_on,
            self.registry_reference,
        )


@strawberry.input(description="Which batch is meant: exactly one of these.", one_of=True)
class CreditBatchBy:
    id: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Its id.")
    serial: Annotated["SerialBy", strawberry.lazy("nzc_api.schema.credits")] | None = (
        strawberry.field(default=strawberry.UNSET, description="A serial that it has.")
    )


@strawberry.input(description="A single serial.")
class SerialBy:
    programme: ProgrammeCode = strawberry.field(description="Its programme.")
    text: str = strawberry.field(description="The serial, such as GD-2024-17.")
    of_certificate: bool = strawberry.field(
        default=False,
        description="Whether it is a tonne of a certificate: its number, a dash, and which tonne.",
    )

    def serials(self, *path: str) -> SerialRange:
        reading = read_serial(self.text)
        if reading is None:
            raise Refused(
                InvalidInput(
                    path=(*path, "text"),
                    value=self.text[:80],
                    expected_zh="前缀-号码，如GD-2024-17",
                    expected_en="prefix-number, such as GD-2024-17",
                )
            )
        prefix, number = reading
        registry = PROGRAMMES[self.programme].registry
        serials = SerialRange(registry, prefix, number, number)
        if self.of_certificate:
            serials = certificate_serials(registry, prefix, number, number)
        refuse(check_range(serials), *path)
        return serials


async def organisation_at(info: Info, organisation_id: int | None) -> Organisation | None:
    if organisation_id is None:
        return None
    found = await info.context.loaders.organisation.load(organisation_id)
    return None if found is None else Organisation(domain=found)


async def project_at(info: Info, project_id: int) -> Project:
    found = await info.context.loaders.project.load(project_id)
    assert found is not None
    return Project(domain=found)


async def batch_at(info: Info, batch_id: int) -> CreditBatch:
    found = await info.context.loaders.batch.load(batch_id)
    assert found is not None
    return CreditBatch(domain=found)


async def account_at(info: Info, account_id: int) -> LedgerAccount:
    found = await info.context.loaders.account.load(account_id)
    assert found is not None
    return LedgerAccount(domain=found)


def block_of(batch: domain.CreditBatch, lo: int, hi: int) -> SerialBlock:
    serials = batch.serials
    part = SerialRange(serials.registry, serials.prefix, lo, hi - 1)
    return SerialBlock(domain=part, written=batch.written)


def _prefix(text: str, *path: str) -> str:
    """A prefix or a certificate's number, normalised; raises ``Refused`` where it cannot be one."""
    prefix = normalise_prefix(text)
    if prefix is None:
        raise Refused(
            InvalidInput(
                path=path,
                value=text[:80],
                expected_zh="1至80个汉字、字母、数字或 . _ / - 〔〕 组成的前缀，首尾为汉字、字母或数字，不含“至”“到”",
                expected_en="a prefix of 1 to 80 letters, Chinese characters, digits or . _ / - 〔〕, "
                "none of these signs at its ends, and without 至 or 到",
            )
        )
    return prefix


def _refused(field: str, value: str | None, zh: str, en: str) -> Refused:
    return Refused(
        InvalidInput(path=("input", field), value=value or "null", expected_zh=zh, expected_en=en)
    )
