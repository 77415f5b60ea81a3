"""Credits to issue, to transfer and to retire: the mutations' inputs."""

from datetime import date

import strawberry

from nzc_api.access.principals import Principal
from nzc_api.ids import OrganisationId, PeriodId, PilotId, ProjectId
from nzc_api.ledger import model as domain
from nzc_api.ledger.posting.verbs.issuing import IssueCredits
from nzc_api.ledger.posting.verbs.retiring import RetireQuantity, RetireSerials
from nzc_api.ledger.posting.verbs.transferring import TransferCredits
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.serials import SerialRange, certificate_serials, certificate_written
from nzc_api.pilots.model import DateSpan
from nzc_api.refusal import InvalidInput, Refused
from nzc_api.schema.credits.enums import ProductionBasis
from nzc_api.schema.credits.serials import SerialBlockInput, prefix_of
from nzc_api.schema.credits.verification_inputs import LABELS, CreditLabelInput, VerificationInput
from nzc_api.schema.kit.ids import Ids
from nzc_api.schema.kit.kinds import ACCOUNTING_PERIOD, ORGANISATION, PILOT, PROJECT
from nzc_api.schema.kit.scalars import BigInt
from nzc_api.schema.pilots.inputs import DateSpanInput
from nzc_api.schema.programmes.types import ProgrammeCode

DRY_RUN = (
    "Only show what would be: all is checked as without it, and a `LedgerPreview` shows what would come of it. "
    "Nothing is written, and the key is not used: the same one may do it afterwards."
)


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
    verification: VerificationInput | None = strawberry.field(
        default=None, description="Who verified the reductions (核查), by which report."
    )
    labels: list[CreditLabelInput] = strawberry.field(default_factory=list, description=LABELS)

    def command(self, ids: Ids, caller: Principal) -> IssueCredits:
        production = self.production.span()
        return IssueCredits(
            project_id=ids.read(self.project, "input", "project", kind=PROJECT),
            serials=self._serials(),
            programme=self.programme,
            quantity=self.quantity,
            produced_from=production.starts_on,
            produced_to=production.ends_on,
            reductions_registered_on=self.reductions_registered_on,
            reductions_applied_on=self.reductions_applied_on,
            holder_id=ids.read(self.holder, "input", "holder", kind=ORGANISATION),
            by_certificate=self.serials is None,
            written=self._written(),
            issuance=None if self.issuance is None else self.issuance.issuance(),
            production_basis=self.production.basis,
            production_document=self.production.document,
            verification=None if self.verification is None else self.verification.verification(),
            labels=tuple(label.label() for label in self.labels),
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
        number = prefix_of(self.certificate or "", "input", "certificate")
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
            serials=self.serials.serials(self.programme, "input", "serials", tonnes=self.quantity),
            programme=self.programme,
            from_id=ids.read(self.from_, "input", "from", kind=ORGANISATION),
            to_id=ids.read(self.to, "input", "to", kind=ORGANISATION),
            quantity=self.quantity,
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
        pilot = ids.read(self.pilot, "input", "pilot", kind=PILOT)
        period = ids.read(
            self.accounting_period, "input", "accountingPeriod", kind=ACCOUNTING_PERIOD
        )
        holder = ids.optional(self.holder, "input", "holder", kind=ORGANISATION)
        project = ids.optional(self.project, "input", "project", kind=PROJECT)
        if self.serials is None:
            return self._of_quantity(holder, project, pilot, period)
        if project is not None:
            raise _refused("project", self.project, "仅在按数量注销时填写", "only without serials")
        return RetireSerials(
            serials=self.serials.serials(self.programme, "input", "serials", tonnes=self.quantity),
            programme=self.programme,
            holder_id=holder,
            quantity=self.quantity,
            pilot_id=pilot,
            period_id=period,
            retired_on=self.retired_on,
            reference=self.registry_reference,
        )

    def _of_quantity(
        self,
        holder: OrganisationId | None,
        project: ProjectId | None,
        pilot: PilotId,
        period: PeriodId,
    ) -> RetireQuantity:
        if self.quantity is None:
            zh, en = "填写serials或quantity", "give serials or a quantity"
            raise _refused("serials", None, zh, en)
        if holder is None:
            zh, en = "按数量注销时须填写持有者", "a quantity is taken from a holder"
            raise _refused("holder", None, zh, en)
        return RetireQuantity(
            quantity=self.quantity,
            programme=self.programme,
            holder_id=holder,
            project_id=project,
            pilot_id=pilot,
            period_id=period,
            retired_on=self.retired_on,
            reference=self.registry_reference,
        )


def _refused(field: str, value: str | None, zh: str, en: str) -> Refused:
    return Refused(
        InvalidInput(path=("input", field), value=value or "null", expected_zh=zh, expected_en=en)
    )
