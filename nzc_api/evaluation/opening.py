"""Whether an evaluation can be opened in the world as it is: what is known of the pilot and its range, held to the
rules."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from nzc_api.evaluation import store
from nzc_api.evaluation.model import OpenEvaluation
from nzc_api.evaluation.opening_rules import (
    check_apart,
    check_inside,
    check_kind,
    check_periods,
    check_stable,
    check_tries,
    check_untaken,
)
from nzc_api.evaluation.schemes import SCHEMES
from nzc_api.ids import PilotId, Position
from nzc_api.pilots import store as pilots_store
from nzc_api.pilots.errors import pilot_not_found
from nzc_api.pilots.ground_store import read_ground
from nzc_api.pilots.model import Pilot
from nzc_api.plans import store as plans_store
from nzc_api.refusal import Refused, refuse


async def check_world(connection: AsyncConnection, command: OpenEvaluation, now: Position) -> None:
    """Raise what refuses the opening, if anything does, where the log stands at ``now``."""
    scheme, wanted = SCHEMES[command.scheme], command.range
    pilots = await pilots_store.read_pilots(connection, {command.pilot_id, *wanted.pilots})
    pilot = _pilot_of(pilots, command.pilot_id, "pilot")
    named = [_pilot_of(pilots, pilot_id, "pilots", "range") for pilot_id in wanted.pilots]
    refuse(check_kind(pilot, scheme))
    key = (pilot.id, now)
    completed = await plans_store.read_completions(connection, [key])
    refuse(check_stable(pilot, scheme, completed.get(key), command.on))
    surrounding = await pilots_store.read_surrounding(connection, wanted.pilots, now)
    refuse(check_inside(pilot, named, {p for p in wanted.pilots if pilot.id in surrounding[p]}))
    ground = await read_ground(connection, wanted.pilots, now)
    refuse(check_apart(named, {(p, other) for p, others in ground.items() for other in others}))
    periods = await pilots_store.read_periods_of(connection, wanted.pilots)
    for item in named:
        refuse(check_periods(item, periods.get(item.id, ()), command.span))
    about = await store.read_evaluations_about(connection, {pilot.id, *wanted.pilots})
    refuse(check_tries(pilot, scheme, about))
    codes = {item.id: item.code for item in named}
    refuse(check_untaken(codes, wanted, command.span, about))


def _pilot_of(
    pilots: Mapping[PilotId, Pilot], pilot_id: PilotId, field: str, *parents: str
) -> Pilot:
    if pilot_id not in pilots:
        raise Refused(pilot_not_found(pilot_id, field).under(*parents))
    return pilots[pilot_id]
