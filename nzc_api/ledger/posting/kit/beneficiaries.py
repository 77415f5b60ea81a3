"""Whom something is for: a pilot, and one of its accounting periods."""

from nzc_api.ids import PeriodId, PilotId
from nzc_api.ledger.posting.state import State
from nzc_api.pilots.errors import PeriodNotOfPilot, pilot_not_found
from nzc_api.pilots.rules import check_open
from nzc_api.refusal import Refusal


def check_beneficiary(state: State, pilot_id: PilotId, period_id: PeriodId) -> Refusal | None:
    """Refuse a pilot that there is not, and a period that is not its own or after its last day."""
    pilot = state.pilots.get(pilot_id)
    if pilot is None:
        return pilot_not_found(pilot_id, "pilot")
    period = state.periods.get(period_id)
    if period is not None and period.pilot_id == pilot.id:
        return check_open(pilot, period.span, period.span.starts_on, "accounting_period")
    own = [p.span for p in state.periods.values() if p.pilot_id == pilot.id]
    return PeriodNotOfPilot.of(pilot.code, own, "accounting_period")
