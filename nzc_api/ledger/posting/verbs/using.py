"""Using credits for something else than a pilot's offset: a tonne has one purpose (rule 4)."""

from dataclasses import dataclass, field
from datetime import date

from nzc_api.ids import OrganisationId, PeriodId, PilotId, Position
from nzc_api.later import LATER
from nzc_api.ledger.model import AccountKey, AccountKind, Order, Purpose
from nzc_api.ledger.posting.kit.beneficiaries import check_beneficiary
from nzc_api.ledger.posting.kit.dates import check_past_day
from nzc_api.ledger.posting.kit.needs import CreditedAccounts, Needs
from nzc_api.ledger.posting.kit.pieces import pieces_held
from nzc_api.ledger.posting.kit.posting import Decision, move_all
from nzc_api.ledger.posting.kit.references import check_reference, refer, reference_key
from nzc_api.ledger.posting.kit.verb import Correction, Verb
from nzc_api.ledger.posting.rules.issued_by_one import check_not_doubled
from nzc_api.ledger.posting.rules.quantity import check_range
from nzc_api.ledger.posting.rules.really_issued import check_vintage
from nzc_api.ledger.posting.rules.sold_sinks import check_own_sink
from nzc_api.ledger.posting.state import State
from nzc_api.ledger.serials import SerialRange
from nzc_api.log.kinds import EntryKind
from nzc_api.refusal import InvalidInput, Refusal
from nzc_api.text import name_problem


@dataclass(frozen=True, slots=True)
class UseCredits:
    """Use exact serials for something else than a pilot's offset. ``beneficiary`` is whose use it is; of
    its own sink that is a pilot, for one of its periods, and no text."""

    serials: SerialRange
    programme: str
    holder_id: OrganisationId | None
    quantity: int | None
    purpose: Purpose
    used_on: date
    beneficiary: str | None
    reference: str | None
    pilot_id: PilotId | None = field(default=None, metadata=LATER)
    period_id: PeriodId | None = field(default=None, metadata=LATER)

    @property
    def pilot_and_period(self) -> tuple[PilotId, PeriodId] | None:
        if self.pilot_id is None or self.period_id is None:
            return None
        return self.pilot_id, self.period_id


def malformed(command: UseCredits) -> Refusal | None:
    return (
        check_range(command.serials) or check_reference(command.reference) or _check_whose(command)
    )


def needs(command: UseCredits) -> Needs:
    return Needs(
        serials=command.serials,
        organisations=(command.holder_id,),
        beneficiary=command.pilot_and_period,
        reference=reference_key(command.programme, command.reference),
        credited=CreditedAccounts.OWN,
    )


def use(state: State, command: UseCredits, position: Position) -> Decision:
    """Take exact serials, a tonne each, out for what offsets no pilot; for OWN_SINK the pilot's sink counts again.

    One holder has all of them, and nothing holds them back, as of a retirement. Refused besides: a sink that is not the
    pilot's own or not of the period's days (`NotOwnSink`), a day that is to come or before the vintage.
    """
    pieces = (
        _check_pilot(state, command)
        or check_past_day(command.used_on, state.today, "used_on")
        or pieces_held(state, command, command.holder_id)
    )
    if isinstance(pieces, Refusal):
        return pieces
    batch = state.batches[pieces[0].lot.batch_id]
    problem = (
        check_vintage(batch, command.used_on, "used_on")
        or check_not_doubled(batch, state)
        or check_own_sink(command.purpose, command.pilot_and_period, command.serials, batch, state)
    )
    if problem is not None:
        return problem
    whose = _whose(state, command)
    order = Order(
        position, command.used_on, command.pilot_id, command.period_id, command.purpose, whose
    )
    taken = refer(state, command.programme, command.reference, order)
    if taken is not None:
        return taken
    holder = state.account_keys[pieces[0].lot.account_id].organisation_id
    facts = {
        "purpose": command.purpose, "holder": holder, "programme": command.programme,
        "used_on": str(command.used_on), "beneficiary": whose, "reference": command.reference,
        "quantity": command.serials.quantity,
    }  # fmt: skip
    if command.pilot_id is not None:
        facts |= {"pilot": command.pilot_id, "accounting_period": command.period_id}
    target = AccountKey(
        AccountKind.OTHER_USE, command.programme, holder,
        command.pilot_id, command.period_id, command.purpose,
    )  # fmt: skip
    return move_all(state, position, EntryKind.CREDITS_USED, pieces, target, facts)


VERB = Verb(
    name="useCredits",
    command=UseCredits,
    malformed=malformed,
    needs=needs,
    decide=use,
    kinds={EntryKind.CREDITS_USED: Correction()},
)


def _check_whose(command: UseCredits) -> Refusal | None:
    """Whose use it is: a pilot's, for a period, where a sink is given back, and else what a text names."""
    own = command.purpose is Purpose.OWN_SINK
    if own and command.beneficiary is not None:
        return InvalidInput(
            path=("beneficiary",),
            value=command.beneficiary[:80],
            expected_zh="恢复自身碳汇的受益方只能是试点自身：不填beneficiary，填写pilot和accountingPeriod",
            expected_en="its own sink is given back to a pilot: no `beneficiary`, but its `pilot` and "
            "`accountingPeriod`",
        )
    for name, given in (("pilot", command.pilot_id), ("accounting_period", command.period_id)):
        if (given is not None) is not own:
            return InvalidInput(
                path=(name,),
                value="null" if given is None else str(given),
                position=given,
                expected_zh="恢复自身碳汇时须填写试点和核算期；其他用途不填",
                expected_en="a pilot and its period where its own sink is given back, and for nothing else",
            )
    if own:
        return None
    return name_problem(command.beneficiary or "", "beneficiary")


def _check_pilot(state: State, command: UseCredits) -> Refusal | None:
    pair = command.pilot_and_period
    return None if pair is None else check_beneficiary(state, *pair)


def _whose(state: State, command: UseCredits) -> str | None:
    """Whose use it is, in a word."""
    if command.pilot_id is None:
        return command.beneficiary
    return state.pilots[command.pilot_id].code
