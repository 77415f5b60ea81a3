"""Case 5: a credit from inside the pilot's own boundary."""

from collections.abc import Mapping, Sequence

from nzc_api.ids import PilotId
from nzc_api.ledger.errors.retiring import CreditFromInsideBoundary, CreditFromInsideSuspected
from nzc_api.ledger.model import Project
from nzc_api.pilots.model import Pilot


def check_outside_boundary(
    project: Project,
    pilot_id: PilotId,
    ground: Mapping[PilotId, Sequence[PilotId]],
    pilots: Mapping[PilotId, Pilot],
) -> CreditFromInsideBoundary | CreditFromInsideSuspected | None:
    """Refuse a credit whose project lies in the pilot, or in a pilot that lies in it or shares ground with it; or
    may do so, being at the site of such a pilot, until that is found out.

    ``ground`` are the pilots around each one, and those that share ground with it or with one of them.
    """
    for refused, lies_in in (
        (CreditFromInsideBoundary, project.inside),
        (CreditFromInsideSuspected, project.suspected_in),
    ):
        for inside_id in lies_in:
            if pilot_id in (inside_id, *ground[inside_id]):
                return refused(
                    path=("pilot",),
                    project_code=project.code,
                    project_id=project.id,
                    pilot_code=pilots[pilot_id].code,
                    inside_code=pilots[inside_id].code,
                    inside_id=inside_id,
                )
    return None
