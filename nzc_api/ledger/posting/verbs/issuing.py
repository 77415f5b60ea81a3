"""Issuing: a serial block (or a certificate) of a project in a programme, to a holder."""

from dataclasses import dataclass, field
from datetime import date

from nzc_api.certificates.rules import check_not_credited
from nzc_api.ids import BatchId, OrganisationId, Position, ProjectId
from nzc_api.later import LATER, LATER_ALONE, SHOWN
from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    CreditBatch,
    DoubleIssuance,
    Issuance,
    Issued,
    Lot,
    LotId,
    Movement,
    ProductionBasis,
    Project,
    Unissued,
)
from nzc_api.ledger.posting.kit.dates import EARLIEST
from nzc_api.ledger.posting.kit.needs import Needs
from nzc_api.ledger.posting.kit.pieces import check_organisation
from nzc_api.ledger.posting.kit.posting import (
    Decision,
    Posting,
    account_of,
    holding_of,
    said_of,
)
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.issued_by_one import check_one_form, check_part, suspected_doubles
from nzc_api.ledger.posting.rules.issued_once import check_issued_once
from nzc_api.ledger.posting.rules.quantity import check_quantity, check_range, check_tonnes
from nzc_api.ledger.posting.rules.really_issued import (
    check_credited,
    check_reductions,
    check_rule,
)
from nzc_api.ledger.posting.rules.sold_sinks import check_production
from nzc_api.ledger.posting.rules.verified_as_said import check_labels, check_verification
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.programmes import PROGRAMMES
from nzc_api.ledger.serials import SerialRange
from nzc_api.ledger.verifications import CreditLabel, Verification, VerifiedReductions
from nzc_api.log.kinds import EntryKind
from nzc_api.numbers import check_number
from nzc_api.refusal import InvalidInput, NotFound, Refusal
from nzc_api.text import saying_problem

# More tonnes than any registration of reductions has.
LARGEST_ISSUANCE = 10**15


@dataclass(frozen=True, slots=True)
class IssueCredits:
    """Issue a serial block to a holder. ``quantity`` is what the registry states, in tonnes.

    ``written`` is how it writes the serials, and ``production_basis`` how the days of production were
    given: no parts of what is asked. ``production_document`` says that there is no monitoring period.
    ``issuance`` is what the block is a part of; ``verification`` and ``labels`` are what others say of it.
    """

    project_id: ProjectId
    serials: SerialRange
    programme: str
    quantity: int
    produced_from: date
    produced_to: date
    reductions_registered_on: date
    reductions_applied_on: date | None
    holder_id: OrganisationId
    by_certificate: bool = False
    written: str | None = field(default=None, metadata=SHOWN)
    production_basis: ProductionBasis = field(
        default=ProductionBasis.MONITORING_PERIOD, metadata=SHOWN
    )
    production_document: str | None = field(default=None, metadata=LATER)
    issuance: Issuance | None = field(default=None, metadata=LATER)
    verification: Verification | None = field(default=None, metadata=LATER_ALONE)
    labels: tuple[CreditLabel, ...] = field(default=(), metadata=LATER_ALONE)


def malformed(command: IssueCredits) -> Refusal | None:
    return (
        check_range(command.serials)
        or _check_days(command)
        or _check_issuance(command.issuance)
        or _check_document(command.production_document)
        or _check_verification(command)
        or check_labels(command.labels)
    )


def needs(command: IssueCredits) -> Needs:
    unissued = Unissued(
        project_id=command.project_id,
        programme=command.programme,
        serials=command.serials,
        produced_from=command.produced_from,
        produced_to=command.produced_to,
        by_certificate=command.by_certificate,
        issuance=command.issuance,
    )
    return Needs(unissued=unissued, organisations=(command.holder_id,))


def issue(state: State, command: IssueCredits, position: Position) -> Decision:
    """Issue a block of serials, a tonne of CO2e each, to a holder: a batch, born at ``position``.

    The project is enrolled in the programme, and its reductions were applied for and registered there. Refused
    besides: a quantity that is not the block's (`QuantityMismatch`), serials of another block
    (`SerialBlockOverlap`) or in another form (`IssuedInAnotherForm`), more than the reductions
    (`IssuanceExceeded`), forestry without its monitoring period, a monitoring period outside the crediting period
    (`OutsideCreditingPeriod`), and what the programme's rule of the enrolment has against it
    (`RefusedByProgrammeRule`).
    """
    problem = check_quantity(command.serials, command.quantity) or check_organisation(
        state, command.holder_id, "holder"
    )
    if problem is not None:
        return problem
    project = state.projects.get(command.project_id)
    if project is None:
        return NotFound.born_at(command.project_id, "项目", "project", "project")
    batch = _batch(command, project, position)
    enrolment = state.enrolments.get((project.id, batch.programme))
    problem = check_reductions(batch, project, enrolment, state.today)
    if problem is not None:
        return problem
    assert enrolment is not None
    rule = PROGRAMMES[batch.programme].rule(enrolment.rule)
    assert rule is not None
    problem = (
        check_production(batch, project)
        or check_credited(batch, enrolment.crediting_period)
        or check_rule(batch, rule)
        or check_issued_once(batch.serials, state.blocks.meeting_however_written(batch.serials))
        or check_one_form(batch, state.standing())
        or check_part(batch, _issued(state, batch))
        or check_not_credited(state.served.get(batch.production), "project")
    )
    return problem or _post(state, command, batch)


VERB = Verb(
    name="issueCredits",
    command=IssueCredits,
    malformed=malformed,
    needs=needs,
    decide=issue,
    kinds={EntryKind.CREDITS_ISSUED: Correction(withdraws=True)},
)


def _check_days(command: IssueCredits) -> Refusal | None:
    if EARLIEST <= command.produced_from <= command.produced_to:
        return None
    return InvalidInput(
        path=("production",),
        value=f"{command.produced_from} – {command.produced_to}",
        expected_zh=f"自{EARLIEST}起、首日不晚于末日的产生期",
        expected_en=f"a time of production from {EARLIEST} on whose first day is not after its last",
    )


def _check_issuance(issuance: Issuance | None) -> Refusal | None:
    if issuance is None:
        return None
    problem = check_number(issuance.reference, "reference") or check_tonnes(
        issuance.quantity, LARGEST_ISSUANCE
    )
    return None if problem is None else problem.under("issuance")


def _check_document(document: str | None) -> Refusal | None:
    path = ("production", "vintage_by_authority", "document")
    return None if document is None else saying_problem(document, *path)


def _check_verification(command: IssueCredits) -> Refusal | None:
    days = (command.produced_to, command.reductions_registered_on)
    problem = check_verification(command.verification, *days)
    return None if problem is None else problem.under("verification")


def _batch(command: IssueCredits, project: Project, position: Position) -> CreditBatch:
    return CreditBatch(
        id=BatchId(position),
        project_id=project.id,
        programme=command.programme,
        forestry=project.forestry,
        vintage=command.produced_to.year,
        produced_from=command.produced_from,
        produced_to=command.produced_to,
        reductions_registered_on=command.reductions_registered_on,
        serials=command.serials,
        by_certificate=command.by_certificate,
        written=command.written,
        production_basis=command.production_basis,
        production_document=command.production_document,
        issuance=command.issuance,
        reductions_applied_on=command.reductions_applied_on,
    )


def _issued(state: State, batch: CreditBatch) -> Issued | None:
    """What was issued before of the registration of reductions that the batch is a part of."""
    named = batch.issuance
    return None if named is None else state.issuances.get((batch.programme, named.key))


def _post(state: State, command: IssueCredits, batch: CreditBatch) -> Posting:
    holder_id = command.holder_id
    doubles: list[DoubleIssuance] = suspected_doubles(batch, state)
    opened: list[Account] = []
    source = account_of(state, AccountKey(AccountKind.ISSUANCE, batch.programme), opened)
    target = account_of(state, holding_of(holder_id, batch.programme), opened)
    position, serials = Position(batch.id), batch.serials
    lot = Lot(LotId(position, 0), target, batch.id, serials.lo, serials.hi, position)
    movement = Movement(position, 0, source, target, batch.id, serials.lo, serials.hi)
    state.issue(batch, doubles)
    state.make_lot(lot)
    facts = {
        "project": batch.project_id, "programme": batch.programme, "holder": holder_id,
        "quantity": serials.quantity, "serials": [said_of(movement, batch)],
        "vintage": batch.vintage, "produced_from": str(batch.produced_from),
        "produced_to": str(batch.produced_to),
    }  # fmt: skip
    if batch.issuance is not None:
        facts["issuance"] = batch.issuance.reference
    facts |= VerifiedReductions(command.verification, command.labels).said
    return Posting(
        position,
        EntryKind.CREDITS_ISSUED,
        facts,
        batch,
        tuple(opened),
        (movement,),
        (lot,),
        effects=tuple(doubles),
    )
