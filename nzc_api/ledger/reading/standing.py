"""Why tonnes that were retired or used count no more. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from nzc_api.ids import PilotId, Position, ProjectId
from nzc_api.refusal import LocalizedText


class WithdrawnReason(StrEnum):
    """Why they do not."""

    CORRECTED = "CORRECTED"
    INVALIDATED = "INVALIDATED"
    EXPORTED = "EXPORTED"
    INSIDE_BOUNDARY = "INSIDE_BOUNDARY"


class Since(NamedTuple):
    """Since which position tonnes do not count, and why."""

    position: Position
    reason: WithdrawnReason


class InsideKey(NamedTuple):
    """A project and a pilot, as of a position."""

    project_id: ProjectId
    pilot_id: PilotId
    as_of: Position


class Inside(NamedTuple):
    """That a project lies inside a pilot: since which position, and the pilot that it lies in itself."""

    since: Position
    lies_in: PilotId


WHY: Mapping[WithdrawnReason, LocalizedText] = {
    WithdrawnReason.CORRECTED: LocalizedText(
        "注销或使用系录入差错，已更正，自始不计",
        "The retirement or use was a clerical error and was corrected: it is as if it had not been",
    ),
    WithdrawnReason.INVALIDATED: LocalizedText(
        "减排量已被其签发机构注销效力，不再抵消排放",
        "Their issuer invalidated the credits: they offset nothing any more",
    ),
    WithdrawnReason.EXPORTED: LocalizedText(
        "减排量已作相应调整并出境，由别国计入，不再抵消试点的排放",
        "The credits were exported with a corresponding adjustment: another country counts them, so they "
        "offset no pilot any more",
    ),
    WithdrawnReason.INSIDE_BOUNDARY: LocalizedText(
        "产生减排量的项目现位于试点边界之内（或位于与之重叠的试点之内），边界内的减排不能抵消试点自身的排放",
        "Their project lies inside the pilot's boundary now, or in a pilot that shares ground with it: "
        "reductions from inside never offset it",
    ),
}


def withdrawn_since(*final: Since | None, inside: Position | None = None) -> Since | None:
    """Since when tonnes do not count, and why; None where they do.

    What is ``final`` comes before the boundary, which may change back: the first of it tells.
    """
    withdrawals = [since for since in final if since is not None]
    if withdrawals:
        return min(withdrawals)
    return None if inside is None else Since(inside, WithdrawnReason.INSIDE_BOUNDARY)
