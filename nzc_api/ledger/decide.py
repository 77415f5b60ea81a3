"""Deciding: what a command does to the state, or why it does nothing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from nzc_api.ledger.errors import (
    InsufficientCredits,
    SerialRangeSpansBatches,
    SerialsNotIssued,
    TooFragmented,
)
from nzc_api.ledger.model import (
    Account,
    AccountKey,
    AccountKind,
    Command,
    CreditBatch,
    IssueCredits,
    Lot,
    LotId,
    Movement,
    Retire,
    RetireQuantity,
    RetireSerials,
    TransferCredits,
)
from nzc_api.ledger.programmes import Programme
from nzc_api.ledger.rules.issued_once import check_issued_once
from nzc_api.ledger.rules.outside_boundary import check_outside_boundary
from nzc_api.ledger.rules.quantity import check_quantity, check_range
from nzc_api.ledger.rules.really_issued import check_reductions, check_rule, check_vintage
from nzc_api.ledger.rules.used_once import check_held
from nzc_api.ledger.serials import LARGEST_BLOCK, SerialRange
from nzc_api.ledger.state import MOST_LOTS, State
from nzc_api.pilots.errors import PeriodNotOfPilot
from nzc_api.refusal import InvalidInput, NotFound, Refusal

EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True, slots=True)
class Piece:
    """Serials (half-open) of one lot."""

    lot: Lot
    lo: int
    hi: int

    @property
    def tonnes(self) -> int:
        return self.hi - self.lo


@dataclass(frozen=True, slots=True)
class Posting:
    """What an accepted command writes, at one position. ``facts`` is the body of its log entry."""

    position: int
    facts: dict[str, Any]
    batch: CreditBatch | None
    opened: tuple[Account, ...]
    movements: tuple[Movement, ...]
    made: tuple[Lot, ...]
    spent: tuple[Lot, ...]


Decision = Posting | Refusal


def check_form(command: Command) -> Refusal | None:
    """What is wrong with a command whatever the state of the world; None if it is well-formed."""
    match command:
        case IssueCredits():
            return check_range(command.serials) or _check_production(command)
        case TransferCredits():
            return check_range(command.serials) or _check_two_holders(command)
        case RetireSerials():
            return check_range(command.serials)
        case RetireQuantity():
            return _check_tonnes(command)


class Decider:
    """Decides commands one after another on one state."""

    def __init__(self, state: State, programmes: Mapping[str, Programme]) -> None:
        self.state = state
        self._programmes = programmes

    def decide(self, command: Command, position: int) -> Decision:
        """Decide one well-formed command; if it is accepted, it happened at ``position``.

        Raises ``MoreNeeded``, and changes nothing, where too few of a holder's lots are known.
        """
        match command:
            case IssueCredits():
                return self._issue(command, position)
            case TransferCredits():
                return self._transfer(command, position)
            case RetireSerials() | RetireQuantity():
                return self._retire(command, position)

    def _issue(self, command: IssueCredits, position: int) -> Decision:
        state = self.state
        problem = check_quantity(command.serials, command.quantity) or self._check_holder(
            command.holder_id, "holder"
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
        rule = self._programmes[command.programme].rule(enrolment.rule)
        assert rule is not None
        problem = check_rule(command, rule) or check_issued_once(
            command.serials, state.batches_in(command.serials)
        )
        if problem is not None:
            return problem
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
        )
        state.batches[batch.id] = batch
        return self._post_issue(command, batch, position)

    def _post_issue(self, command: IssueCredits, batch: CreditBatch, position: int) -> Posting:
        opened: list[Account] = []
        source = self._account(AccountKey(AccountKind.ISSUANCE, batch.programme), opened)
        holding = _holding(command.holder_id, batch.programme)
        target = self._account(holding, opened)
        serials = batch.serials
        lot = Lot(LotId(position, 0), target, batch.id, serials.lo, serials.hi)
        movement = Movement(position, 0, source, target, batch.id, serials.lo, serials.hi)
        self.state.know_lot(lot)
        facts = {
            "project": batch.project_id, "programme": batch.programme, "holder": command.holder_id,
            "quantity": serials.quantity,
        }  # fmt: skip
        return Posting(position, facts, batch, tuple(opened), (movement,), (lot,), ())

    def _transfer(self, command: TransferCredits, position: int) -> Decision:
        problem = (
            check_quantity(command.serials, command.quantity)
            or self._check_holder(command.from_id, "from")
            or self._check_holder(command.to_id, "to")
        )
        if problem is not None:
            return problem
        pieces = self._held_pieces(command.serials, command.programme, command.from_id)
        if isinstance(pieces, Refusal):
            return pieces
        facts = {
            "from": command.from_id, "to": command.to_id, "programme": command.programme,
            "quantity": command.serials.quantity,
        }  # fmt: skip
        return self._move(pieces, _holding(command.to_id, command.programme), facts, position)

    def _retire(self, command: Retire, position: int) -> Decision:
        problem = self._check_beneficiary(command) or _check_retired_on(command, self.state.today)
        if problem is not None:
            return problem
        if isinstance(command, RetireSerials):
            pieces = self._pieces_of_serials(command)
        else:
            pieces = self._pieces_of_quantity(command)
        if isinstance(pieces, Refusal):
            return pieces
        holder = self.state.account_keys[pieces[0].lot.account_id].organisation_id
        facts = {
            "pilot": command.pilot_id, "accounting_period": command.period_id, "holder": holder,
            "programme": command.programme, "retired_on": str(command.retired_on),
            "reference": command.reference, "quantity": sum(piece.tonnes for piece in pieces),
        }  # fmt: skip
        target = AccountKey(
            AccountKind.RETIREMENT, pilot_id=command.pilot_id, period_id=command.period_id
        )
        return self._move(pieces, target, facts, position)

    def _pieces_of_serials(self, command: RetireSerials) -> list[Piece] | Refusal:
        problem = check_quantity(command.serials, command.quantity) or self._check_holder(
            command.holder_id, "holder"
        )
        if problem is not None:
            return problem
        pieces = self._held_pieces(command.serials, command.programme, command.holder_id)
        if isinstance(pieces, Refusal):
            return pieces
        batch = self.state.batches[pieces[0].lot.batch_id]
        return self._check_usable(batch, command) or pieces

    def _pieces_of_quantity(self, command: RetireQuantity) -> list[Piece] | Refusal:
        problem = self._check_holder(command.holder_id, "holder")
        if problem is not None:
            return problem
        account = self.state.accounts.get(_holding(command.holder_id, command.programme))
        pieces: list[Piece] = []
        missing, excluded = command.quantity, 0
        held = () if account is None else self.state.lots.held(account)
        for seen, lot in enumerate(held):
            if seen == MOST_LOTS:
                return TooFragmented(most=MOST_LOTS, path=("quantity",))
            batch = self.state.batches[lot.batch_id]
            if command.project_id not in (None, batch.project_id):
                continue
            if self._check_usable(batch, command) is not None:
                excluded += lot.tonnes
                continue
            pieces.append(Piece(lot, lot.lo, min(lot.hi, lot.lo + missing)))
            missing -= pieces[-1].tonnes
            if missing == 0:
                return pieces
        return InsufficientCredits(
            path=("quantity",),
            requested=command.quantity,
            available=command.quantity - missing,
            excluded=excluded,
        )

    def _held_pieces(
        self, serials: SerialRange, programme: str, holder_id: int | None
    ) -> list[Piece] | Refusal:
        state = self.state
        batch = self._batch_of(serials, programme)
        if isinstance(batch, Refusal):
            return batch
        lots = state.lots.covering(batch.id, serials.lo, serials.hi)
        if len(lots) > MOST_LOTS:
            return TooFragmented(most=MOST_LOTS, path=("serials",))
        problem = check_held(
            batch,
            lots,
            serials.lo,
            serials.hi,
            holder_id,
            state.account_keys,
            state.organisations,
            state.pilot_codes,
        )
        if problem is not None:
            return problem
        return [Piece(lot, max(lot.lo, serials.lo), min(lot.hi, serials.hi)) for lot in lots]

    def _batch_of(self, serials: SerialRange, programme: str) -> CreditBatch | Refusal:
        found = [b for b in self.state.batches_in(serials) if b.programme == programme]
        covered = sum(
            min(batch.serials.hi, serials.hi) - max(batch.serials.lo, serials.lo) for batch in found
        )
        if covered < serials.quantity:
            return SerialsNotIssued(path=("serials",), serials=str(serials), programme=programme)
        if len(found) > 1:
            return SerialRangeSpansBatches(
                path=("serials",),
                serials=str(serials),
                blocks=tuple(str(batch.serials) for batch in found),
                batch_ids=tuple(batch.id for batch in found),
            )
        return found[0]

    def _check_usable(self, batch: CreditBatch, command: Retire) -> Refusal | None:
        state = self.state
        project = state.projects[batch.project_id]
        around = () if project.pilot_id is None else state.around[project.pilot_id]
        return check_vintage(batch, command.retired_on) or check_outside_boundary(
            project, command.pilot_id, around, state.pilot_codes
        )

    def _check_holder(self, organisation_id: int | None, field: str) -> Refusal | None:
        if organisation_id is None or organisation_id in self.state.organisations:
            return None
        return NotFound.born_at(organisation_id, "组织", "organisation", field)

    def _check_beneficiary(self, command: Retire) -> Refusal | None:
        pilot = self.state.pilots.get(command.pilot_id)
        if pilot is None:
            return NotFound.born_at(command.pilot_id, "试点", "pilot", "pilot")
        period = self.state.periods.get(command.period_id)
        if period is not None and period.pilot_id == pilot.id:
            return None
        own = [p for p in self.state.periods.values() if p.pilot_id == pilot.id]
        return PeriodNotOfPilot(
            path=("accountingPeriod",),
            pilot_code=pilot.code,
            periods=tuple(f"{p.span.starts_on} – {p.span.ends_on}" for p in own),
        )

    def _move(
        self, pieces: Sequence[Piece], target: AccountKey, facts: dict[str, Any], position: int
    ) -> Posting:
        """Move the pieces to the target; what is left of their lots stays where it was."""
        opened: list[Account] = []
        credit = self._account(target, opened)
        made: list[Lot] = []
        movements: list[Movement] = []
        for piece in pieces:
            lot = piece.lot
            self.state.spend_lot(lot)
            for account, lo, hi in (
                (lot.account_id, lot.lo, piece.lo),
                (credit, piece.lo, piece.hi),
                (lot.account_id, piece.hi, lot.hi),
            ):
                if lo < hi:
                    made.append(Lot(LotId(position, len(made)), account, lot.batch_id, lo, hi))
            _extend(movements, position, piece, credit)
        for lot in made:
            self.state.know_lot(lot)
        spent = tuple(piece.lot for piece in pieces)
        return Posting(position, facts, None, tuple(opened), tuple(movements), tuple(made), spent)

    def _account(self, key: AccountKey, opened: list[Account]) -> int:
        known = self.state.accounts.get(key)
        if known is not None:
            return known
        account = Account(self.state.next_account, key)
        self.state.next_account += 1
        self.state.know_accounts([account])
        opened.append(account)
        return account.id


def _extend(movements: list[Movement], position: int, piece: Piece, credit: int) -> None:
    # Neighbouring lots of one account move in one movement, however they came to be cut.
    lot, last = piece.lot, movements[-1] if movements else None
    if last and (last.debit_id, last.batch_id, last.hi) == (lot.account_id, lot.batch_id, piece.lo):
        movements[-1] = Movement(
            position, last.line, last.debit_id, credit, last.batch_id, last.lo, piece.hi
        )
    else:
        movements.append(
            Movement(
                position, len(movements), lot.account_id, credit, lot.batch_id, piece.lo, piece.hi
            )
        )


def _holding(organisation_id: int, programme: str) -> AccountKey:
    return AccountKey(AccountKind.HOLDING, programme, organisation_id)


def _check_production(command: IssueCredits) -> Refusal | None:
    if EARLIEST <= command.produced_from <= command.produced_to:
        return None
    return InvalidInput(
        path=("production",),
        value=f"{command.produced_from} – {command.produced_to}",
        expected_zh=f"自{EARLIEST}起、首日不晚于末日的产生期",
        expected_en=f"a time of production from {EARLIEST} on whose first day is not after its last",
    )


def _check_tonnes(command: RetireQuantity) -> Refusal | None:
    if 1 <= command.quantity <= LARGEST_BLOCK:
        return None
    return InvalidInput(
        path=("quantity",),
        value=str(command.quantity),
        expected_zh=f"1至{LARGEST_BLOCK}吨的整数",
        expected_en=f"a whole number of tonnes from 1 to {LARGEST_BLOCK}",
    )


def _check_two_holders(command: TransferCredits) -> Refusal | None:
    if command.from_id != command.to_id:
        return None
    return InvalidInput(
        path=("to",),
        value=str(command.to_id),
        expected_zh="与转出方不同的持有者",
        expected_en="another holder than the one it comes from",
    )


def _check_retired_on(command: Retire, today: date) -> Refusal | None:
    if EARLIEST <= command.retired_on <= today:
        return None
    return InvalidInput(
        path=("retiredOn",),
        value=str(command.retired_on),
        expected_zh=f"不晚于今天（{today}）的日期",
        expected_en=f"a day that is not after today ({today})",
    )
