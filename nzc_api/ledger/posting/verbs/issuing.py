"""Issuing: a serial block (or a certificate) of a project in a programme, to a holder."""

from collections.abc import Mapping

from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    CreditBatch,
    DoubleIssuance,
    Issued,
    Lot,
    LotId,
    Movement,
)
from nzc_api.ledger.posting.commands import IssueCredits
from nzc_api.ledger.posting.rules.credited_once import check_power_credited_once
from nzc_api.ledger.posting.rules.issued_by_one import check_one_form, check_part, suspected_doubles
from nzc_api.ledger.posting.rules.issued_once import check_issued_once
from nzc_api.ledger.posting.rules.quantity import check_quantity
from nzc_api.ledger.posting.rules.really_issued import check_reductions, check_rule
from nzc_api.ledger.posting.rules.sold_sinks import check_production
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.posting.verbs.pieces import check_organisation
from nzc_api.ledger.posting.verbs.posting import Decision, Posting, account_of, holding_of
from nzc_api.ledger.programmes import Programme
from nzc_api.refusal import NotFound


def issue(
    state: State, programmes: Mapping[str, Programme], command: IssueCredits, position: int
) -> Decision:
    problem = check_quantity(command.serials, command.quantity) or check_organisation(
        state, command.holder_id, "holder"
    )
    if problem is not None:
        return problem
    project = state.projects.get(command.project_id)
    if project is None:
        return NotFound.born_at(command.project_id, "项目", "project", "project")
    enrolment = state.enrolments.get((project.id, command.programme))
    problem = check_reductions(command, project, enrolment, state.today)
    if problem is not None:
        return problem
    assert enrolment is not None
    rule = programmes[command.programme].rule(enrolment.rule)
    assert rule is not None
    batch = CreditBatch(
        position,
        project.id,
        command.programme,
        project.forestry,
        command.produced_to.year,
        command.produced_from,
        command.produced_to,
        command.reductions_registered_on,
        command.serials,
        command.by_certificate,
        command.written,
        command.production_basis,
        command.production_document,
        command.issuance,
        command.reductions_applied_on,
    )
    problem = (
        check_production(command, project)
        or check_rule(command, rule)
        or check_issued_once(command.serials, state.blocks.meeting_however_written(command.serials))
        or check_one_form(batch, state.standing())
        or check_part(command, _issued(state, command))
        or check_power_credited_once(state.served.get(command.production))
    )
    return problem or _post(state, command.holder_id, batch)


def _issued(state: State, command: IssueCredits) -> Issued | None:
    """What was issued before of the registration of reductions that this is a part of."""
    named = command.issuance
    return None if named is None else state.issuances.get((command.programme, named.key))


def _post(state: State, holder_id: int, batch: CreditBatch) -> Posting:
    doubles: list[DoubleIssuance] = suspected_doubles(batch, state)
    opened: list[Account] = []
    source = account_of(state, AccountKey(AccountKind.ISSUANCE, batch.programme), opened)
    target = account_of(state, holding_of(holder_id, batch.programme), opened)
    position, serials = batch.id, batch.serials
    lot = Lot(LotId(position, 0), target, batch.id, serials.lo, serials.hi, position)
    movement = Movement(position, 0, source, target, batch.id, serials.lo, serials.hi)
    state.issue(batch, doubles)
    state.make_lot(lot)
    facts = {
        "project": batch.project_id, "programme": batch.programme, "holder": holder_id,
        "quantity": serials.quantity,
    }  # fmt: skip
    if batch.issuance is not None:
        facts["issuance"] = batch.issuance.reference
    return Posting(
        position, facts, batch, tuple(opened), (movement,), (lot,), effects=tuple(doubles)
    )
